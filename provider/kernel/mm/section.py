"""Sections: what a section handle refers to, a segment with a size and the most it allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import protection as codes
from provider.kernel.mm.segment import (
    Backing,
    FileSegment,
    ImageSegment,
    PageFileSegment,
    Segment,
)
from provider.kernel.mm.vad import page_up

if TYPE_CHECKING:
    from loader.image import Image
    from provider.kernel.mm.manager import MemoryManager
    from provider.kernel.mm.protection import Protection

MOST_BYTES = (1 << 44) - PAGE_SIZE
"""The largest section: that many pages have numbers of 32 bits."""
MOST_PROTOTYPES = 1 << 29
"""Pages of the largest section over the page file: its prototype PTEs are one array of 4 GB."""


class Section:
    """What a section handle refers to: a segment, a size in bytes, and the most it allows."""

    def __init__(
        self,
        segment: Segment,
        size: int,
        code: int,
        *,
        based: bool,
        no_change: bool,
        no_execute: bool = False,
    ) -> None:
        self.segment = segment
        self.size = size
        self.code = code
        segment.hold(writes=self.is_writable)
        self.no_change = no_change
        self.no_execute = no_execute
        """Whether views of an image are only looked at."""
        self.base: int | None = None
        """Where every view goes, of a section that is at one address in all processes."""
        if based:
            try:
                self.base = segment.mm.take_based_address(size)
            except KernelError:
                segment.drop(writes=self.is_writable)
                raise

    @classmethod
    def create(
        cls,
        mm: MemoryManager,
        *,
        size: int,
        protection: Protection,
        reserve: bool,
        backing: Backing | None,
        image: Image | None,
        based: bool,
        no_change: bool,
        no_execute: bool,
    ) -> Section:
        """See `MemoryManager.create_section`.

        `size` counts as unsigned, so that none below 0 is small enough.
        KernelError: INVALID_PAGE_PROTECTION, INVALID_PARAMETER (page-file section of size 0),
        MAPPED_FILE_SIZE_ZERO, SECTION_TOO_BIG (larger than the file and not writable, than the
        image, or than any section), COMMITMENT_LIMIT; OSError when the file cannot be extended.
        """
        code = codes.to_code(protection)
        if not codes.is_accessible(code):
            raise KernelError(Reason.INVALID_PAGE_PROTECTION)
        if not 0 <= size <= MOST_BYTES:
            raise KernelError(Reason.SECTION_TOO_BIG)
        if image is not None:
            whole = page_up(image.size_of_image)
            if size > whole:
                raise KernelError(Reason.SECTION_TOO_BIG)
            shared = mm.segment_of(image)
            segment: Segment = shared or ImageSegment(mm, image, backing)
            return cls(
                segment,
                size or whole,
                code,
                based=based,
                no_change=no_change,
                no_execute=no_execute,
            )
        if backing is not None:
            size = _file_size(backing, size, code)
            segment = mm.segment_of(backing) or FileSegment(mm, backing, _pages(size))
            if _pages(size) > segment.pages:
                segment.grow(_pages(size))
            return cls(segment, size, code, based=based, no_change=no_change)
        if not size:
            raise KernelError(Reason.INVALID_PARAMETER, "a page-file section needs a size")
        if _pages(size) > MOST_PROTOTYPES:
            raise KernelError(Reason.SECTION_TOO_BIG)
        segment = PageFileSegment(mm, _pages(size), reserve=reserve)
        return cls(segment, page_up(size), code, based=based, no_change=no_change)

    def extend(self, size: int) -> int:
        """Make a file section, and its file, at least `size` bytes long; returns its size.

        KernelError: SECTION_NOT_EXTENDED (no file, or not writable), SECTION_TOO_BIG; OSError.
        """
        segment = self.segment
        if not isinstance(segment, FileSegment) or not self.is_writable:
            raise KernelError(Reason.SECTION_NOT_EXTENDED)
        if not 0 <= size <= MOST_BYTES:
            raise KernelError(Reason.SECTION_TOO_BIG)
        if size > self.size:
            pages = _pages(size)
            if size > segment.backing.size:
                segment.backing.extend(size)
            segment.grow(max(pages, segment.pages))
            self.size = size
        return self.size

    def close(self) -> None:
        """Drop the reference of the section object; views keep the segment alive."""
        self.segment.drop(writes=self.is_writable)

    @property
    def is_writable(self) -> bool:
        """Whether views of the section may change its pages for all."""
        return codes.is_writable(self.code) and not codes.is_copy(self.code)


def _pages(size: int) -> int:
    return -(-size // PAGE_SIZE)


def _file_size(backing: Backing, size: int, code: int) -> int:
    length = backing.size
    if not size and not length:
        raise KernelError(Reason.MAPPED_FILE_SIZE_ZERO)
    if length > MOST_BYTES:
        raise KernelError(Reason.SECTION_TOO_BIG)
    if size > length:
        if not codes.is_writable(code) or codes.is_copy(code):
            raise KernelError(Reason.SECTION_TOO_BIG)
        backing.extend(size)
    return size or length
