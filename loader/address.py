"""The kinds of address that an image knows; they never mix.

file offset   bytes from the start of the file
rva           bytes from the image's base, once it is mapped ("relative virtual address")
va            what the program itself uses: the base at which the image was mapped, plus an rva

The preferred base stands in the file (ImageBase); where the image really is, only the machine
knows, so that an `Image` deals in rvas and leaves vas to whoever maps it.
"""

from __future__ import annotations

from typing import Final, NewType

Rva = NewType("Rva", int)
Va = NewType("Va", int)
FileOffset = NewType("FileOffset", int)

PAGE_SIZE: Final = 0x1000
SECTOR_SIZE: Final = 0x200
ALLOCATION_GRANULARITY: Final = 0x10000


def page_up(size: int) -> int:
    """`size` bytes, rounded up to whole pages."""
    return -(-size // PAGE_SIZE) * PAGE_SIZE


def round_up(size: int, alignment: int) -> int:
    """`size` bytes, rounded up to a multiple of `alignment`."""
    return -(-size // alignment) * alignment
