from __future__ import annotations

import struct
from pathlib import Path

import pefile
import pytest

import guest
from loader.directory import ExportNames
from loader.image import Directory, Image, ImageError, ImageErrorKind, Protection
from loader.pe import read_pe
from tests.loader.builder import (
    EXECUTE,
    FILE_HEADER,
    READ,
    SHARED,
    WRITE,
    Part,
    PeFile,
    export_directory,
    wine_dll,
)


def load(file: PeFile) -> Image:
    return read_pe(file.build(), "test.exe")


BUILTIN = Path(guest.__file__).parent / "system32"
NE = b"MZ".ljust(0x3C, b"\0") + b"\x40\0\0\0NE\5\1"


def refused(file: PeFile | bytes) -> ImageErrorKind:
    data = file if isinstance(file, bytes) else file.build()
    with pytest.raises(ImageError) as caught:
        read_pe(data, "test.exe")
    text = str(caught.value)
    assert text
    assert "\n" not in text
    return caught.value.kind


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", ImageErrorKind.NOT_PE),
        (b"#!/bin/sh\n", ImageErrorKind.NOT_PE),
        (b"M", ImageErrorKind.NOT_PE),
        (b"MZ", ImageErrorKind.TRUNCATED_STUB),
        (b"MZ".ljust(0x18, b"\0") + b"\x1e\0", ImageErrorKind.DOS),
        (b"MZ".ljust(0x40, b"\0"), ImageErrorKind.DOS),
        (b"MZ".ljust(0x200, b"\0"), ImageErrorKind.DOS),
        (NE, ImageErrorKind.NE),
        (NE.ljust(0x76, b"\0") + b"\1", ImageErrorKind.NE),
        (NE.ljust(0x76, b"\0") + b"\2", ImageErrorKind.NE_WINDOWS),
        (NE.ljust(0x76, b"\0") + b"\5", ImageErrorKind.NE_BOSS),
        (b"MZ".ljust(0x3C, b"\0") + b"\x40\0\0\0LE\0\0", ImageErrorKind.LE),
        (b"MZ".ljust(0x3C, b"\0") + b"\x40\0\0\0LX\0\0", ImageErrorKind.LE),
        (b"MZ".ljust(0x3C, b"\0") + b"\xff\xff\xff\xff", ImageErrorKind.DOS),
    ],
)
def test_what_is_no_pe_file_has_its_own_kind(data: bytes, kind: ImageErrorKind) -> None:
    assert refused(data) is kind


@pytest.mark.parametrize("size", [0x84, 0x90, 0x98, 0xA0, 0x170, 0x178, 0x187])
def test_a_file_that_ends_in_its_headers_is_truncated(size: int) -> None:
    assert refused(PeFile().build()[:size]) is ImageErrorKind.TRUNCATED


@pytest.mark.parametrize(
    ("size", "text", "kind"),
    [
        (0x81, "truncated: .* the space before its PE header", ImageErrorKind.TRUNCATED_STUB),
        (0x3FF, r"truncated: 0x1 bytes of section '\.text'", ImageErrorKind.TRUNCATED),
        (0x201, r"truncated: 0x1ff bytes of section '\.text'", ImageErrorKind.TRUNCATED),
        (0x200, r"section '\.text' lies outside", ImageErrorKind.SECTION_OUTSIDE_FILE),
        (0x1F0, r"section '\.text' lies outside", ImageErrorKind.SECTION_OUTSIDE_FILE),
    ],
)
def test_a_file_that_ends_too_early_says_where(size: int, text: str, kind: ImageErrorKind) -> None:
    with pytest.raises(ImageError, match=text) as caught:
        read_pe(PeFile().build()[:size], "test.exe")
    assert caught.value.kind is kind


@pytest.mark.parametrize(
    ("machine", "magic", "kind", "text"),
    [
        (0x8664, 0x20B, ImageErrorKind.PE64, "x86-64"),
        (0x014C, 0x20B, ImageErrorKind.PE64, "PE32"),
        (0xAA64, 0x20B, ImageErrorKind.PE64, "ARM64"),
        (0x01C4, 0x10B, ImageErrorKind.MACHINE, "ARM"),
        (0x0200, 0x20B, ImageErrorKind.PE64, "IA-64"),
        (0x8664, 0x10B, ImageErrorKind.MACHINE, "x86-64"),
        (0x7777, 0x10B, ImageErrorKind.MACHINE, "0x7777"),
        (0x014C, 0x107, ImageErrorKind.HEADER, "0x107"),
    ],
)
def test_another_machine_is_named(
    machine: int, magic: int, kind: ImageErrorKind, text: str
) -> None:
    with pytest.raises(ImageError, match=text) as caught:
        load(PeFile(machine=machine, magic=magic))
    assert caught.value.kind is kind


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (PeFile(characteristics=0x0100), ImageErrorKind.NOT_EXECUTABLE),
        (PeFile(section_count=0xFFFF), ImageErrorKind.SIZE),
        (PeFile(section_count=96), ImageErrorKind.TRUNCATED),
        (PeFile(optional_size=0), ImageErrorKind.SIZE),
        (PeFile(size_of_image=0), ImageErrorKind.SIZE),
        (PeFile(size_of_image=0xFFFF_FFFF), ImageErrorKind.SIZE),
        (PeFile(size_of_image=0x1000), ImageErrorKind.SIZE),
        (PeFile(image_base=0xFFFF_0000, size_of_image=0x1_1000), ImageErrorKind.SIZE),
        (PeFile(image_base=0x40_1000), ImageErrorKind.ALIGNMENT),
        (PeFile(section_alignment=0), ImageErrorKind.ALIGNMENT),
        (PeFile(section_alignment=0x3000), ImageErrorKind.ALIGNMENT),
        (PeFile(section_alignment=0x100), ImageErrorKind.ALIGNMENT),
        (PeFile(file_alignment=0), ImageErrorKind.ALIGNMENT),
        (PeFile(file_alignment=0x100), ImageErrorKind.ALIGNMENT),
        (PeFile(file_alignment=0x8000_0000), ImageErrorKind.ALIGNMENT),
        (PeFile(parts=[Part(rva=0)]), ImageErrorKind.SECTION_ORDER),
        (PeFile(parts=[Part(rva=0x1010)]), ImageErrorKind.SECTION_ORDER),
        (PeFile(parts=[Part(rva=0x2000)]), ImageErrorKind.SECTION_ORDER),
        (PeFile(parts=[Part(), Part()]), ImageErrorKind.SECTION_ORDER),
        (PeFile(parts=[Part(virtual_size=0xFFFF_FFFF)]), ImageErrorKind.SIZE),
        (PeFile(parts=[Part(file_offset=0xFFFF_FE00)]), ImageErrorKind.SECTION_OUTSIDE_FILE),
        (PeFile(parts=[Part(file_size=0xFFFF_FFFF)]), ImageErrorKind.TRUNCATED),
    ],
)
def test_a_malformed_header_has_its_own_kind(file: PeFile, kind: ImageErrorKind) -> None:
    assert refused(file) is kind


def test_an_unsorted_section_table_is_refused() -> None:
    parts = [Part(name=".data", rva=0x2000), Part(name=".text", rva=0x1000)]
    assert refused(PeFile(parts=parts, size_of_image=0x3000)) is ImageErrorKind.SECTION_ORDER


def test_the_header_fields_arrive() -> None:
    image = load(PeFile(dll_characteristics=0x140))
    assert (image.machine, image.characteristics) == (0x14C, 0x102)
    assert (image.image_base, image.entry_point, image.size_of_image) == (0x40_0000, 0x1000, 0x2000)
    assert (image.stack_reserve, image.stack_commit) == (0x100000, 0x1000)
    assert (image.heap_reserve, image.heap_commit) == (0x200000, 0x2000)
    assert (image.os_version, image.image_version, image.subsystem_version) == (
        (6, 0),
        (1, 2),
        (6, 1),
    )
    assert (image.subsystem, image.checksum, image.timestamp) == (3, 0xABCD, 0x5F5E100)
    assert image.dynamic_base
    assert image.nx_compatible
    assert not image.is_dll
    assert not image.relocations_stripped


@pytest.mark.parametrize(("size", "subsystem", "directories"), [(8, 0, 0), (72, 3, 0), (112, 3, 2)])
def test_a_short_optional_header_ends_where_it_says(
    size: int, subsystem: int, directories: int
) -> None:
    data = bytearray(PeFile(directories={1: (0x1000, 40)}, section_count=0).build())
    data[FILE_HEADER + 16 : FILE_HEADER + 18] = size.to_bytes(2, "little")
    image = read_pe(bytes(data), "test.dll")
    assert (image.image_base, image.entry_point) == (0x400000, 0x1000)
    assert image.subsystem == subsystem
    assert len(image.directory_table) == directories


def test_pages_follow_the_headers_and_sections() -> None:
    parts = [
        Part(virtual_size=0x1234),
        Part(".data", 0x3000, 0, b"d" * 0x201, READ | WRITE),
        Part(".bss", 0x4000, 0x800, b"", WRITE, file_offset=0),
        Part(".share", 0x5000, 1, b"s" * 0x2000, READ | WRITE | SHARED),
    ]
    image = load(PeFile(parts=parts, size_of_image=0x8000, size_of_headers=0x400))
    assert [(run.rva, run.size, run.file_size, str(run.protection)) for run in image.runs] == [
        (0x0000, 0x1000, 0x400, "r---"),
        (0x1000, 0x2000, 0x200, "r-x-"),
        (0x3000, 0x1000, 0x400, "rw--"),  # whole sectors
        (0x4000, 0x1000, 0x000, "-w--"),
        (0x5000, 0x1000, 0x1000, "rw-s"),
    ]
    assert bytes(image.contents(image.runs[2])) == b"d" * 0x201 + bytes(0x1FF)
    assert [rva for rva, _ in image.pages(image.runs[1])] == [0x1000, 0x2000]
    assert [len(page) for _, page in image.pages(image.runs[1])] == [0x200, 0]


def test_raw_data_begin_at_a_sector() -> None:
    data = PeFile(parts=[Part(file_offset=0x2FF)]).build() + bytes(0x100)
    image = read_pe(data, "test.exe")
    assert image.runs[1].file_offset == 0x200
    assert bytes(image.contents(image.runs[1])[:1]) == b"\xc3"


def test_an_image_aligned_to_less_than_a_page_is_mapped_as_it_lies_in_the_file() -> None:
    file = PeFile(
        parts=[Part(rva=0x200, virtual_size=0x200)],
        section_alignment=0x200,
        size_of_image=0x400,
        entry_point=0x200,
    )
    image = load(file)
    assert len(image.runs) == 1
    assert (image.runs[0].size, image.runs[0].file_size) == (0x1000, 0x400)
    assert image.runs[0].protection == Protection(readable=True, writable=True, executable=True)
    assert image.read(0x200, 1) == b"\xc3"
    file.parts[0].file_offset = 0x210
    assert refused(file) is ImageErrorKind.ALIGNMENT


@pytest.mark.parametrize(("rva", "size"), [(-1, 1), (0x2000, 1), (0x1000, 0x1001), (0x1000, -1)])
def test_reading_outside_the_image_is_an_error(rva: int, size: int) -> None:
    with pytest.raises(ImageError):
        load(PeFile()).read(rva, size)


def test_reading_goes_on_with_zeros_after_the_file() -> None:
    image = load(PeFile())
    assert image.read(0x11FE, 4) == b"\xcc\xcc\0\0"
    assert image.peek(0x1FFF, 100) == b"\0"
    assert image.peek(0x9000, 100) == b""


def test_a_string_without_an_end_is_an_error() -> None:
    image = load(PeFile(parts=[Part(data=b"a" * 0x1000)]))
    with pytest.raises(ImageError):
        image.read_string(0x1FF0)
    with pytest.raises(ImageError):
        image.read_string(0x1000)
    assert load(PeFile(parts=[Part(data=b"a" * 4)])).read_string(0x1000) == "aaaa"


def with_exports(patch: bytes = b"", at: int = 0) -> Image:
    data, place = export_directory(
        0x1000, [b"\xc3", b"\xc3"], ["beta", "alpha"], ("NTDLL.RtlFoo", "B.#7")
    )
    data = data[:at] + patch + data[at + len(patch) :]
    return load(PeFile(parts=[Part(data=data)], directories={Directory.EXPORT: place}))


def test_exports_by_name_by_ordinal_and_forwarded() -> None:
    image = with_exports()
    assert [(e.name, e.ordinal, e.forwarder) for e in image.exports] == [
        ("beta", 1, None),
        ("alpha", 2, None),
        (None, 3, "NTDLL.RtlFoo"),
        (None, 4, "B.#7"),
    ]
    assert image.exports_by_name["alpha"].ordinal == 2


@pytest.mark.parametrize("offset", [20, 24, 28, 32, 36])
@pytest.mark.parametrize("value", [0xFFFF, 0xFFFF_FFFF])
def test_an_export_directory_that_leaves_the_image(offset: int, value: int) -> None:
    image = with_exports(struct.pack("<I", value), offset)
    with pytest.raises(ImageError) as caught:
        _ = image.exports
    assert caught.value.kind is ImageErrorKind.DIRECTORY


def with_relocations(blocks: bytes) -> Image:
    part = Part(".reloc", data=blocks, characteristics=READ)
    return load(PeFile(parts=[part], directories={5: (0x1000, len(blocks))}))


@pytest.mark.parametrize(("page", "size"), [(0, 7), (0, 9), (0, 14), (0x2000, 8)])
def test_a_malformed_relocation_block(page: int, size: int) -> None:
    with pytest.raises(ImageError):
        _ = with_relocations(struct.pack("<IIHH", page, size, 0, 0)).relocations


def test_relocations_are_grouped_by_page() -> None:
    blocks = struct.pack("<IIHHIIHH", 0x1000, 12, 0x3004, 0, 0, 12, 0x3FFF, 0xA008)
    image = with_relocations(blocks)
    assert [
        (block.page_rva, [(fixup.rva, fixup.kind) for fixup in block.relocations])
        for block in image.relocations
    ] == [(0x1000, [(0x1004, 3), (0x1000, 0)]), (0, [(0xFFF, 3), (8, 10)])]


def test_imports_by_name_and_by_ordinal() -> None:
    thunks = struct.pack("<III", 0x1080, 0x8000_0007, 0)
    data = struct.pack("<5I", 0x1050, 0, 0, 0x1070, 0x1060).ljust(0x50, b"\0")
    data += thunks.ljust(16, b"\0") + thunks.ljust(16, b"\0")
    data += b"a.dll".ljust(16, b"\0") + b"\x05\0Function\0"
    image = load(PeFile(parts=[Part(data=data)], directories={Directory.IMPORT: (0x1000, 40)}))
    assert [(i.dll, i.name, i.ordinal, i.hint, i.iat_rva, i.delay) for i in image.imports] == [
        ("a.dll", "Function", None, 5, 0x1060, False),
        ("a.dll", None, 7, 0, 0x1064, False),
    ]


def test_the_tls_directory() -> None:
    data = struct.pack("<6I", 0x401000, 0x401010, 0x401020, 0x401030, 0x100, 0x300000)
    tls = load(PeFile(parts=[Part(data=data)], directories={Directory.TLS: (0x1000, 24)})).tls
    assert tls is not None
    assert (tls.raw_data_start, tls.raw_data_end, tls.index_va) == (0x401000, 0x401010, 0x401020)
    assert (tls.callbacks_va, tls.zero_fill_size, tls.characteristics) == (
        0x401030,
        0x100,
        0x300000,
    )
    assert load(PeFile()).tls is None


def test_wines_ntdll() -> None:
    image = read_pe(wine_dll("ntdll.dll"), "ntdll.dll")
    assert image.is_dll
    assert image.exports_by_name["LdrInitializeThunk"].rva
    assert image.imports == ()
    section = next(section for section in image.sections if section.name == ".text")
    assert section.protection == Protection(readable=True, executable=True)
    assert section.characteristics & EXECUTE


@pytest.mark.parametrize("path", sorted(BUILTIN.glob("*.dll")), ids=lambda path: path.stem)
def test_headers_imports_and_tls_are_those_that_pefile_finds(path: Path) -> None:
    _compare_with_pefile(path.read_bytes())


@pytest.mark.parametrize("name", ["ntdll.dll", "kernel32.dll", "ws2_32.dll"])
def test_wines_headers_imports_and_tls_too(name: str) -> None:
    _compare_with_pefile(wine_dll(name))


def _compare_with_pefile(data: bytes) -> None:
    image, other = read_pe(data, "x"), pefile.PE(data=data, fast_load=True)
    directories = [Directory.IMPORT, Directory.DELAY_IMPORT, Directory.TLS]
    other.parse_data_directories(directories)
    optional = other.OPTIONAL_HEADER
    assert (image.machine, image.timestamp) == (
        other.FILE_HEADER.Machine, other.FILE_HEADER.TimeDateStamp,
    )  # fmt: skip
    assert (image.entry_point, image.image_base, image.size_of_image, image.subsystem) == (
        optional.AddressOfEntryPoint, optional.ImageBase, optional.SizeOfImage, optional.Subsystem,
    )  # fmt: skip
    assert list(image.directory_table) == [
        (row.VirtualAddress, row.Size) for row in optional.DATA_DIRECTORY
    ]
    assert [
        (row.rva, row.virtual_size, row.file_offset, row.file_size) for row in image.sections
    ] == [
        (row.VirtualAddress, row.Misc_VirtualSize, row.PointerToRawData, row.SizeOfRawData)
        for row in other.sections
    ]
    tables = ("DIRECTORY_ENTRY_IMPORT", "DIRECTORY_ENTRY_DELAY_IMPORT")
    assert [(want.dll, want.name, want.iat_rva) for want in image.imports] == [
        (dll.dll.decode(), want.name and want.name.decode(), want.address - image.image_base)
        for table in tables
        for dll in getattr(other, table, ())
        for want in dll.imports
    ]
    assert (image.tls is None) == (not hasattr(other, "DIRECTORY_ENTRY_TLS"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ntdll.dll", "kernel32.dll", "ws2_32.dll"])
def test_exports_and_relocations_are_those_that_pefile_finds(name: str) -> None:
    data = wine_dll(name)
    image, other = read_pe(data, name), pefile.PE(data=data, fast_load=True)
    other.parse_data_directories([Directory.EXPORT, Directory.BASERELOC])
    found = [(e.name or "", e.ordinal, e.rva, e.forwarder or "") for e in image.exports]
    assert sorted(found) == sorted(
        ((e.name or b"").decode(), e.ordinal, e.address, (e.forwarder or b"").decode())
        for e in other.DIRECTORY_ENTRY_EXPORT.symbols
        if e.address
    )
    blocks = other.DIRECTORY_ENTRY_BASERELOC
    assert [fixup for block in image.relocations for fixup in block.relocations] == [
        (fixup.rva, fixup.type) for block in blocks for fixup in block.entries
    ]


def test_export_names_are_looked_up_in_their_order() -> None:
    names = ["B", "a", "AA", "A", "zz"]
    data, place = export_directory(0x1000, [b"\xc3"] * len(names), names)
    found = ExportNames(load(PeFile(parts=[Part(data=data)], directories={0: place})))
    assert all(name in found for name in names)
    assert not any(name in found for name in ("", "AAA", "b", "z", "zzz", "\xff"))
    assert "A" not in ExportNames(load(PeFile()))
