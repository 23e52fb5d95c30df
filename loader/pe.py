"""PE32 images: from the bytes of a file to an Image, with pefile.

pefile reads the headers (fast_load) and, when somebody asks, TLS; it is itself imported with the
first image.  Imports, exports and relocations have readers of their own (loader/import_table.py,
loader/directory.py): pefile needs 16 ms for the 1,300 exports of an ntdll, a tenth of the whole
start, and makes an object of 1 KB of every relocation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from loader.address import FileOffset, Rva, Va
from loader.classify import find_pe32
from loader.directory import read_exports, read_relocations
from loader.error import ImageError, ImageErrorKind
from loader.image import (
    Directory,
    Export,
    Image,
    Import,
    Protection,
    RelocationBlock,
    Section,
    Tls,
)
from loader.import_table import read_imports
from loader.layout import check_geometry, lay_out


def read_pe(data: bytes | memoryview, name: str) -> Image:
    """The image in `data`; `name` is what messages call it.

    Raises ImageError where `data` is no PE32 image for x86 that NT would map.  Whether it can be
    started as a program is another question: `loader.runnable.check_runnable`.
    """
    data = bytes(data)
    find_pe32(data)
    headers = _parse(data)
    file, optional = headers.FILE_HEADER, headers.OPTIONAL_HEADER
    tail = _Tail(optional, file.SizeOfOptionalHeader)
    if not file.Characteristics & 0x0002:
        text = "not marked as executable: an object file, or its link failed"
        raise ImageError(ImageErrorKind.NOT_EXECUTABLE, text)
    check_geometry(
        optional.SectionAlignment,
        optional.FileAlignment,
        optional.SizeOfImage,
        optional.SizeOfHeaders,
        optional.ImageBase,
    )
    sections = tuple(_sections(headers))
    runs = lay_out(
        sections,
        optional.SectionAlignment,
        optional.SizeOfImage,
        optional.SizeOfHeaders,
        len(data),
    )
    return Image(
        name=name,
        data=data,
        machine=file.Machine,
        characteristics=file.Characteristics,
        timestamp=file.TimeDateStamp,
        image_base=Va(optional.ImageBase),
        entry_point=Rva(optional.AddressOfEntryPoint),
        section_alignment=optional.SectionAlignment,
        file_alignment=optional.FileAlignment,
        size_of_image=optional.SizeOfImage,
        size_of_headers=optional.SizeOfHeaders,
        size_of_code=optional.SizeOfCode,
        checksum=tail.field("CheckSum"),
        subsystem=tail.field("Subsystem"),
        subsystem_version=(optional.MajorSubsystemVersion, optional.MinorSubsystemVersion),
        os_version=(optional.MajorOperatingSystemVersion, optional.MinorOperatingSystemVersion),
        image_version=(optional.MajorImageVersion, optional.MinorImageVersion),
        dll_characteristics=tail.field("DllCharacteristics"),
        stack_reserve=tail.field("SizeOfStackReserve"),
        stack_commit=tail.field("SizeOfStackCommit"),
        heap_reserve=tail.field("SizeOfHeapReserve"),
        heap_commit=tail.field("SizeOfHeapCommit"),
        loader_flags=tail.field("LoaderFlags"),
        sections=sections,
        directory_table=tail.directories(),
        runs=runs,
        directories=_PeDirectories(),
    )


class _Tail:
    """The fields of an optional header from CheckSum on: 0 where SizeOfOptionalHeader ends before.

    NT reads those in front of it in any case.
    """

    def __init__(self, optional: Any, size: int) -> None:
        self._optional = optional
        self._end = optional.get_file_offset() + size

    def field(self, name: str) -> int:
        inside = self._optional.get_field_absolute_offset(name) < self._end
        return int(getattr(self._optional, name)) if inside else 0

    def directories(self) -> tuple[tuple[Rva, int], ...]:
        return tuple(
            (Rva(entry.VirtualAddress), entry.Size)
            for entry in self._optional.DATA_DIRECTORY
            if entry.get_file_offset() < self._end
        )


def _parse(data: bytes) -> Any:
    """A pefile.PE of its headers alone."""
    import pefile

    try:
        return pefile.PE(data=data, fast_load=True)
    except pefile.PEFormatError as error:
        raise ImageError(ImageErrorKind.NOT_PE, f"not a PE file: {error}") from None


def _sections(headers: Any) -> Iterator[Section]:
    """The section table in the file's order (pefile sorts it by address)."""
    rows = sorted(headers.sections, key=lambda row: row.get_file_offset())
    for row in rows:
        flags = row.Characteristics
        yield Section(
            name=row.Name.rstrip(b"\0").decode("latin-1"),
            rva=Rva(row.VirtualAddress),
            virtual_size=row.Misc_VirtualSize,
            file_offset=FileOffset(row.PointerToRawData),
            file_size=row.SizeOfRawData,
            characteristics=flags,
            protection=Protection(
                readable=bool(flags & 0x4000_0000),
                writable=bool(flags & 0x8000_0000),
                executable=bool(flags & 0x2000_0000),
                shared=bool(flags & 0x1000_0000),
            ),
        )
    if len(rows) < headers.FILE_HEADER.NumberOfSections:
        raise ImageError(
            ImageErrorKind.SECTION_OUTSIDE_FILE,
            f"section {len(rows) + 1} of {headers.FILE_HEADER.NumberOfSections} "
            "lies outside the file",
        )


class _PeDirectories:
    """The directories of a PE image, read when somebody asks."""

    def imports(self, image: Image) -> tuple[Import, ...]:
        return read_imports(image)

    def exports(self, image: Image) -> tuple[Export, ...]:
        return read_exports(image)

    def tls(self, image: Image) -> Tls | None:
        found = getattr(_parse_directory(image, Directory.TLS), "DIRECTORY_ENTRY_TLS", None)
        if found is None:
            return None
        tls = found.struct
        return Tls(
            raw_data_start=Va(tls.StartAddressOfRawData),
            raw_data_end=Va(tls.EndAddressOfRawData),
            index_va=Va(tls.AddressOfIndex),
            callbacks_va=Va(tls.AddressOfCallBacks),
            zero_fill_size=tls.SizeOfZeroFill,
            characteristics=tls.Characteristics,
        )

    def relocations(self, image: Image) -> tuple[RelocationBlock, ...]:
        return read_relocations(image)


def _parse_directory(image: Image, directory: Directory) -> Any:
    parsed = _parse(image.data)
    parsed.parse_data_directories(directories=[directory])
    return parsed
