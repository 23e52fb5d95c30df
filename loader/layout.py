"""Where the parts of an image go in memory, by the rules of NT's section objects.

The rules are those that Windows applies when it makes an image section (NtCreateSection with
SEC_IMAGE fails with STATUS_INVALID_IMAGE_FORMAT otherwise): sections ascend without a gap, each
rounded up to SectionAlignment; raw data are whole sectors of 512 bytes of the file; an image
aligned to less than a page is mapped as it lies in the file, every page writable and executable.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from loader.address import (
    ALLOCATION_GRANULARITY,
    PAGE_SIZE,
    SECTOR_SIZE,
    FileOffset,
    Rva,
    page_up,
    round_up,
)
from loader.error import ImageError, ImageErrorKind
from loader.image import PageRun, Protection, Section

LARGEST_IMAGE: Final = 0x7700_0000
"""NT's MM_SIZE_OF_LARGEST_IMAGE on x86, in bytes."""

HEADERS: Final = Protection(readable=True)
FLAT: Final = Protection(readable=True, writable=True, executable=True)


def check_geometry(
    section_alignment: int, file_alignment: int, size_of_image: int, size_of_headers: int, base: int
) -> None:
    """Raise ImageError where a header's sizes and alignments contradict each other."""
    for name, value in (("SectionAlignment", section_alignment), ("FileAlignment", file_alignment)):
        if value <= 0 or value & (value - 1):
            raise _alignment(f"{name} {value:#x} is no power of two")
    if section_alignment < file_alignment:
        raise _alignment(
            f"SectionAlignment {section_alignment:#x} is below FileAlignment {file_alignment:#x}"
        )
    if file_alignment < SECTOR_SIZE and file_alignment != section_alignment:
        raise _alignment(f"FileAlignment {file_alignment:#x} is below {SECTOR_SIZE}")
    if base % ALLOCATION_GRANULARITY:
        raise _alignment(f"ImageBase {base:#x} is no multiple of 64 KB")
    if not 0 < size_of_image <= LARGEST_IMAGE:
        raise _size(f"SizeOfImage {size_of_image:#x} is not between 1 and {LARGEST_IMAGE:#x}")
    if base + size_of_image > 1 << 32:
        raise _size(f"SizeOfImage {size_of_image:#x} at ImageBase {base:#x} passes 4 GB")
    if size_of_headers > size_of_image:
        raise _size(f"SizeOfHeaders {size_of_headers:#x} exceeds SizeOfImage {size_of_image:#x}")


def lay_out(
    sections: Iterable[Section],
    section_alignment: int,
    size_of_image: int,
    size_of_headers: int,
    file_size: int,
) -> tuple[PageRun, ...]:
    """The page runs of an image whose geometry was checked; raises ImageError."""
    if section_alignment < PAGE_SIZE:
        return _lay_out_flat(sections, size_of_image, file_size)
    next_rva = round_up(size_of_headers, section_alignment)
    runs = []
    if size_of_headers:
        headers = min(size_of_headers, file_size)
        size = page_up(size_of_headers)
        runs.append(PageRun(Rva(0), size, FileOffset(0), headers, HEADERS, "headers"))
    for section in sections:
        _check_place(section, next_rva, size_of_image)
        size = page_up(section.size)
        if size:
            runs.append(_run(section, size, file_size))
        next_rva = section.rva + round_up(section.size, section_alignment)
    return tuple(runs)


def _run(section: Section, size: int, file_size: int) -> PageRun:
    if not section.file_offset or not section.file_size:
        return PageRun(section.rva, size, FileOffset(0), 0, section.protection, section.name)
    if section.file_offset + min(section.file_size, size) > file_size:
        raise _outside_file(section, file_size)
    offset = section.file_offset // SECTOR_SIZE * SECTOR_SIZE
    end = round_up(section.file_offset + section.file_size, SECTOR_SIZE)
    used = min(end, offset + size, file_size) - offset
    return PageRun(section.rva, size, FileOffset(offset), used, section.protection, section.name)


def _check_place(section: Section, next_rva: int, size_of_image: int) -> None:
    if section.rva != next_rva:
        relation = "overlaps what is before it" if section.rva < next_rva else "follows a gap"
        raise ImageError(
            ImageErrorKind.SECTION_ORDER,
            f"section {section.name!r} at rva {section.rva:#x} {relation} "
            f"({next_rva:#x} was expected)",
        )
    if section.rva + section.size > page_up(size_of_image):
        raise _size(
            f"section {section.name!r} ends at rva {section.rva + section.size:#x}, "
            f"SizeOfImage is {size_of_image:#x}"
        )


def _lay_out_flat(
    sections: Iterable[Section], size_of_image: int, file_size: int
) -> tuple[PageRun, ...]:
    end = 0
    for section in sections:
        if section.rva < end:
            raise ImageError(
                ImageErrorKind.SECTION_ORDER,
                f"section {section.name!r} at rva {section.rva:#x} overlaps what is before it",
            )
        end = section.rva + section.size
        if end > page_up(size_of_image):
            raise _size(f"section {section.name!r} ends at rva {end:#x}, beyond SizeOfImage")
        if section.file_size and section.file_offset:
            if int(section.file_offset) != int(section.rva):
                raise _alignment(
                    f"section {section.name!r} is at rva {section.rva:#x} and file offset "
                    f"{section.file_offset:#x}; in an image aligned to less than a page they agree"
                )
            if section.file_offset + section.file_size > file_size:
                raise _outside_file(section, file_size)
    size = page_up(size_of_image)
    used = min(size, file_size)
    return (PageRun(Rva(0), size, FileOffset(0), used, FLAT, "image"),)


def _outside_file(section: Section, file_size: int) -> ImageError:
    if section.file_offset >= file_size:
        return ImageError(
            ImageErrorKind.SECTION_OUTSIDE_FILE,
            f"section {section.name!r} lies outside the file: "
            f"{section.file_size:#x} bytes at {section.file_offset:#x} of {file_size:#x}",
        )
    missing = section.file_offset + section.file_size - file_size
    return ImageError(
        ImageErrorKind.TRUNCATED,
        f"truncated: {missing:#x} bytes of section {section.name!r} lie outside the file",
    )


def _alignment(text: str) -> ImageError:
    return ImageError(ImageErrorKind.ALIGNMENT, text)


def _size(text: str) -> ImageError:
    return ImageError(ImageErrorKind.SIZE, text)
