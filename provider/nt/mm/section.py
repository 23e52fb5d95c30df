"""Section objects: what a section handle refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import Protection
from provider.kernel.mm.segment import ImageSegment
from provider.kernel.ob.access import READ_CONTROL, STANDARD_REQUIRED, GenericMapping
from provider.kernel.ob.object import KernelObject
from provider.nt.types import PAGE_PROTECTION as P

if TYPE_CHECKING:
    from loader.image import Image
    from provider.kernel.mm import Section

SECTION_QUERY = 0x0001
SECTION_MAP_WRITE = 0x0002
SECTION_MAP_READ = 0x0004
SECTION_MAP_EXECUTE = 0x0008
SECTION_EXTEND_SIZE = 0x0010

SEC_BASED = 0x00200000
SEC_NO_CHANGE = 0x00400000
SEC_FILE = 0x00800000
SEC_IMAGE = 0x01000000
SEC_RESERVE = 0x04000000
SEC_COMMIT = 0x08000000
SEC_NOCACHE = 0x10000000
SEC_WRITECOMBINE = 0x40000000
SEC_LARGE_PAGES = 0x80000000
_KEPT = SEC_BASED | SEC_NOCACHE | SEC_WRITECOMBINE

MAP_ACCESS: dict[int, int] = {
    P.PAGE_NOACCESS: SECTION_MAP_READ,
    P.PAGE_READONLY: SECTION_MAP_READ,
    P.PAGE_READWRITE: SECTION_MAP_WRITE,
    P.PAGE_WRITECOPY: SECTION_MAP_READ,
    P.PAGE_EXECUTE: SECTION_MAP_EXECUTE,
    P.PAGE_EXECUTE_READ: SECTION_MAP_EXECUTE | SECTION_MAP_READ,
    P.PAGE_EXECUTE_READWRITE: SECTION_MAP_EXECUTE | SECTION_MAP_WRITE,
    P.PAGE_EXECUTE_WRITECOPY: SECTION_MAP_EXECUTE | SECTION_MAP_READ,
}
"""What a view of that protection takes of the section's handle (MapViewOfFile, Win32 API)."""


class SectionObject(KernelObject):
    """A section with the file name that views of it are reported under."""

    type_name = "Section"
    generic = GenericMapping(
        read=READ_CONTROL | SECTION_QUERY | SECTION_MAP_READ,
        write=READ_CONTROL | SECTION_MAP_WRITE,
        execute=READ_CONTROL | SECTION_MAP_EXECUTE,
        all=STANDARD_REQUIRED | 0x1F,
    )

    def __init__(self, section: Section, attributes: int, file_name: str) -> None:
        super().__init__()
        self.section = section
        self._attributes = attributes
        self.file_name = file_name

    @property
    def is_image(self) -> bool:
        """Whether views of the section are images."""
        return isinstance(self.section.segment, ImageSegment)

    @property
    def image(self) -> Image:
        """The image behind the section.  KernelError SECTION_NOT_IMAGE."""
        segment = self.section.segment
        if not isinstance(segment, ImageSegment):
            raise KernelError(Reason.SECTION_NOT_IMAGE)
        return segment.image

    @property
    def caching(self) -> Protection:
        """How every page of a view is cached."""
        if self.is_image:
            return Protection.NONE
        if self._attributes & SEC_NOCACHE:
            return Protection.NO_CACHE
        combines = self._attributes & SEC_WRITECOMBINE
        return Protection.WRITE_COMBINE if combines else Protection.NONE

    @property
    def attributes(self) -> int:
        """SEC_… bits as a query tells them: those of a file leave out how it is committed."""
        kept = self._attributes & _KEPT
        if self.is_image:
            return kept & SEC_BASED | SEC_FILE | SEC_IMAGE
        if self.file_name:
            return kept | SEC_FILE
        return kept | self._attributes & (SEC_RESERVE | SEC_COMMIT)

    def on_delete(self) -> None:
        """Views keep the pages."""
        self.section.close()
