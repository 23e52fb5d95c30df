"""An executable image: what the file says, before any machine has mapped it.

`Image.runs` is the image as a memory manager sees it, an ascending list of page runs:

    rva 0             SizeOfHeaders                                  SizeOfImage
     | headers, R     | section 1     | section 2 …        | (no access) |
     | file bytes |0 0| file bytes|0 0| file bytes|0 0 0 0 |

A run's pages begin with `file_size` bytes of the file; the rest of them is zero.

Rows are named tuples: as frozen data classes they took 5 ms of the start to define, and reading
the exports of an ntdll took twice as long.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Protocol

from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple
from loader.address import PAGE_SIZE, FileOffset, Rva, Va
from loader.error import ImageError, ImageErrorKind

__all__ = [
    "Directories",
    "Directory",
    "Export",
    "Image",
    "ImageError",
    "ImageErrorKind",
    "Import",
    "PageRun",
    "Protection",
    "Relocation",
    "RelocationBlock",
    "Section",
    "Tls",
]


class Directory(IntEnum):
    """Indexes of data directories, with the names of IMAGE_DIRECTORY_ENTRY_…."""

    EXPORT = 0
    IMPORT = 1
    RESOURCE = 2
    EXCEPTION = 3
    SECURITY = 4
    BASERELOC = 5
    DEBUG = 6
    ARCHITECTURE = 7
    GLOBALPTR = 8
    TLS = 9
    LOAD_CONFIG = 10
    BOUND_IMPORT = 11
    IAT = 12
    DELAY_IMPORT = 13
    COM_DESCRIPTOR = 14


class Protection(NamedTuple):
    """What a section's IMAGE_SCN_MEM flags allow; `shared` pages are not copied on a write."""

    readable: bool = False
    writable: bool = False
    executable: bool = False
    shared: bool = False

    def __str__(self) -> str:
        flags = zip("rwxs", self, strict=True)
        return "".join(letter if allowed else "-" for letter, allowed in flags)


class Section(NamedTuple):
    """One row of the section table; sizes in bytes, as in the file."""

    name: str
    rva: Rva
    virtual_size: int
    file_offset: FileOffset
    file_size: int
    characteristics: int
    protection: Protection

    @property
    def size(self) -> int:
        """Bytes of address space; without a VirtualSize, NT takes SizeOfRawData."""
        return self.virtual_size or self.file_size


class PageRun(NamedTuple):
    """Whole pages with one protection; `file_size` bytes of the file, then zeros."""

    rva: Rva
    size: int
    file_offset: FileOffset
    file_size: int
    protection: Protection
    name: str


class Import(NamedTuple):
    """A function that the image wants: by `name`, or by `ordinal` where `name` is None."""

    dll: str
    name: str | None
    ordinal: int | None
    hint: int
    iat_rva: Rva
    delay: bool = False


class Export(NamedTuple):
    """A function that the image gives; `forwarder` ("DLL.name" or "DLL.#1") replaces its rva."""

    name: str | None
    ordinal: int
    rva: Rva
    forwarder: str | None = None


class Tls(NamedTuple):
    """IMAGE_TLS_DIRECTORY32; the addresses are vas at the preferred base."""

    raw_data_start: Va
    raw_data_end: Va
    index_va: Va
    callbacks_va: Va
    zero_fill_size: int
    characteristics: int


class Relocation(NamedTuple):
    """One fix-up; `kind` is IMAGE_REL_BASED_…, 3 being HIGHLOW."""

    rva: Rva
    kind: int


class RelocationBlock(NamedTuple):
    """The fix-ups of one page."""

    page_rva: Rva
    relocations: tuple[Relocation, ...]


class Directories(Protocol):
    """The parts of an image that are read only when somebody asks.

    Each raises ImageError (DIRECTORY) where the file's tables leave the image.
    """

    def imports(self, image: Image) -> tuple[Import, ...]:
        """The functions of the import and the delay-import directory."""

    def exports(self, image: Image) -> tuple[Export, ...]:
        """Every export, in the order of ordinals, names that share one in theirs."""

    def tls(self, image: Image) -> Tls | None:
        """The TLS directory."""

    def relocations(self, image: Image) -> tuple[RelocationBlock, ...]:
        """The base relocations."""


class _Fields(NamedTuple):
    """What `Image` is made of."""

    name: str
    data: bytes
    machine: int
    characteristics: int
    timestamp: int
    image_base: Va
    entry_point: Rva
    section_alignment: int
    file_alignment: int
    size_of_image: int
    size_of_headers: int
    size_of_code: int
    checksum: int
    subsystem: int
    subsystem_version: tuple[int, int]
    os_version: tuple[int, int]
    image_version: tuple[int, int]
    dll_characteristics: int
    stack_reserve: int
    stack_commit: int
    heap_reserve: int
    heap_commit: int
    loader_flags: int
    sections: tuple[Section, ...]
    directory_table: tuple[tuple[Rva, int], ...]
    runs: tuple[PageRun, ...]
    directories: Directories


class Image(_Fields):
    """A PE32 image.  Sizes are in bytes; enumerations keep the numbers of the specification.

    The fields have the meaning of the fields of the same name in "PE Format" (Microsoft).
    An image is itself alone, whatever others say.
    """

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<Image {self.name}>"

    @property
    def is_dll(self) -> bool:
        """IMAGE_FILE_DLL."""
        return bool(self.characteristics & 0x2000)

    @property
    def relocations_stripped(self) -> bool:
        """IMAGE_FILE_RELOCS_STRIPPED: the image runs at its preferred base or not at all."""
        return bool(self.characteristics & 0x0001)

    @property
    def dynamic_base(self) -> bool:
        """IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE."""
        return bool(self.dll_characteristics & 0x0040)

    @property
    def nx_compatible(self) -> bool:
        """IMAGE_DLLCHARACTERISTICS_NX_COMPAT."""
        return bool(self.dll_characteristics & 0x0100)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """The functions that the image wants, delayed ones last."""
        return self.directories.imports(self)

    @cached_property
    def exports(self) -> tuple[Export, ...]:
        """The functions that the image gives."""
        return self.directories.exports(self)

    @cached_property
    def exports_by_name(self) -> Mapping[str, Export]:
        """The exports that have a name."""
        return {export.name: export for export in self.exports if export.name is not None}

    @cached_property
    def tls(self) -> Tls | None:
        """The TLS directory, None without one."""
        return self.directories.tls(self)

    @cached_property
    def relocations(self) -> tuple[RelocationBlock, ...]:
        """The base relocations, empty where they were stripped."""
        return self.directories.relocations(self)

    def directory(self, index: int) -> tuple[Rva, int]:
        """The rva and size of a data directory (`Directory`); zeros where the file has none."""
        table = self.directory_table
        return table[index] if index < len(table) else (Rva(0), 0)

    def contents(self, run: PageRun) -> memoryview:
        """The file's bytes of `run`, `run.file_size` of them."""
        return memoryview(self.data)[run.file_offset : run.file_offset + run.file_size]

    def pages(self, run: PageRun) -> Iterator[tuple[Rva, bytes | memoryview]]:
        """Each page of `run` with the file's bytes in it; what is missing to 4 KB is zero."""
        contents = self.contents(run)
        for offset in range(0, run.size, PAGE_SIZE):
            yield Rva(run.rva + offset), contents[offset : offset + PAGE_SIZE]

    def read(self, rva: int, size: int) -> bytes:
        """`size` bytes of the mapped image; ImageError (DIRECTORY) where no run holds them all."""
        run = self._run_at(rva)
        offset = rva - run.rva
        if not 0 <= size <= run.size - offset:
            raise _outside(f"{size} bytes", rva)
        start = run.file_offset + offset
        end = min(start + size, run.file_offset + run.file_size)
        return self.data[start:end].ljust(size, b"\0")

    def peek(self, rva: int, size: int) -> bytes:
        """As `read`, but fewer bytes where the run ends before them, none outside the image."""
        run = self._find_run(rva)
        return b"" if run is None else self.read(rva, min(size, run.rva + run.size - rva))

    def file_bytes(self, rva: int) -> tuple[int, memoryview]:
        """The file's bytes of the run that holds `rva`, and where the run starts."""
        run = self._find_run(rva)
        return (rva, memoryview(b"")) if run is None else (run.rva, self.contents(run))

    def read_string(self, rva: int, limit: int = 512) -> str:
        """The zero-terminated string at `rva`, its bytes as Latin-1.

        ImageError (DIRECTORY) where it does not end within `limit` bytes and its run.
        """
        run = self._run_at(rva)
        start = run.file_offset + rva - run.rva
        file_end = run.file_offset + run.file_size
        end = self.data.find(b"\0", start, min(start + limit, file_end))
        if end < 0:
            if file_end - start >= limit or run.file_size == run.size:
                raise _outside("a string", rva)
            end = file_end
        return self.data[start:end].decode("latin-1")

    @cached_property
    def _run_starts(self) -> list[int]:
        return [run.rva for run in self.runs]

    def _find_run(self, rva: int) -> PageRun | None:
        index = bisect_right(self._run_starts, rva) - 1
        if index < 0 or rva >= self.runs[index].rva + self.runs[index].size:
            return None
        return self.runs[index]

    def _run_at(self, rva: int) -> PageRun:
        run = self._find_run(rva)
        if run is None:
            raise _outside("something", rva)
        return run


def _outside(what: str, rva: int) -> ImageError:
    return ImageError(ImageErrorKind.DIRECTORY, f"{what} at rva {rva:#x} leaves the image")
