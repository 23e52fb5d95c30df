"""What file operations ask the memory manager about files that are mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from provider.kernel.mm import Backing
    from provider.kernel.mm.segment import FileSegment


class Mappings(Protocol):
    """The files that sections or views exist of."""

    def file_segment(self, backing: Backing) -> FileSegment | None:
        """The data segment over a file."""

    def has_image(self, backing: Backing) -> bool:
        """Whether a file is mapped as an image."""


class NoMappings:
    """Of a machine without memory: no file is mapped."""

    def file_segment(self, backing: Backing) -> FileSegment | None:
        """None."""
        return None

    def has_image(self, backing: Backing) -> bool:
        """False."""
        return False
