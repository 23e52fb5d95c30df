"""Section objects: what a section handle refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ob.access import READ_CONTROL, STANDARD_REQUIRED, GenericMapping
from provider.kernel.ob.object import KernelObject

if TYPE_CHECKING:
    from provider.kernel.mm import Section

SECTION_QUERY = 0x0001
SECTION_MAP_WRITE = 0x0002
SECTION_MAP_READ = 0x0004
SECTION_MAP_EXECUTE = 0x0008
SECTION_EXTEND_SIZE = 0x0010

SEC_IMAGE = 0x01000000
SEC_RESERVE = 0x04000000
SEC_COMMIT = 0x08000000


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
        self.attributes = attributes
        self.file_name = file_name

    def on_delete(self) -> None:
        """Views keep the pages."""
        self.section.close()
