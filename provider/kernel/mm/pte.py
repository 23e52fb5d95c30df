"""What a PTE says in NT: the hardware bits of a protection, and the formats of invalid entries.

    63........32 31..............12  11 10  9.......5  4......1  0
    +-----------+------------------+---+---+---------+---------+---+
    |  offset   |                  | 0 | 0 |  code   |  file   | 0 |  page file; offset 0: zeros
    |           |  frame           | 1 | 0 |  code   |         | 0 |  transition
    | all ones  |                  | 0 | 1 |  code   |         | 0 |  shared, with its own code
    | slot of the prototype PTE    | 0 | 1 |         |         | 0 |  prototype
    +-----------+------------------+---+---+---------+---------+---+
    0                                                                "ask the VADs"

That is PAE; in the classic format the offset is in bits 12 to 31, and the prototype pointer in bits
1 to 9 and 11 to 31 (symbols MMPTE_SOFTWARE, MMPTE_TRANSITION and MMPTE_PROTOTYPE of NT's kernel).
The pointer is the slot of the prototype PTE in RAM, where NT has its address in paged pool, which
needs two bits less.
"""

from __future__ import annotations

from emu.paging import (
    CACHE_DISABLE,
    COPY_ON_WRITE,
    PROTOTYPE,
    SOFTWARE,
    USER,
    VALID,
    WRITE,
    WRITE_THROUGH,
    Paging,
)
from provider.kernel.mm import protection

CODE_SHIFT = 5
CODE_MASK = 0x1F << CODE_SHIFT
FILE_SHIFT = 1
FILE_MASK = 0xF << FILE_SHIFT
TRANSITION = 1 << 11
DROPPED_MARK = 1 << FILE_SHIFT
"""Of a demand-zero entry: the page had contents that were not wanted (`reset`)."""
DECOMMITTED = protection.DECOMMITTED << CODE_SHIFT

_CACHE = {0: 0, 1: CACHE_DISABLE, 3: WRITE_THROUGH}


class PteFormat:
    """Packs and unpacks entries of one page-table format.

    `hardware[code]` is the low part and NX of a valid entry, 0 where a code allows no valid entry.
    Bit 11 of a valid entry tells what the CPU cannot: execute-only (PAE), executable (classic).
    """

    def __init__(self, paging: Paging) -> None:
        self.no_execute = paging.no_execute
        self.frame_mask = paging.pfn_mask << 12
        self.offset_shift = 32 if paging.entry_size == 8 else 12
        self.offset_limit = 1 << (32 if paging.entry_size == 8 else 20)
        self._lookup = (self.offset_limit - 1) << self.offset_shift
        self.hardware = [self._bits(code) for code in range(32)]
        self._code_bits = (
            VALID | WRITE | USER | WRITE_THROUGH | CACHE_DISABLE | COPY_ON_WRITE | SOFTWARE
        ) | self.no_execute
        self._codes: dict[int, int] = {}
        for code in (*range(8, 32), *range(8)):
            if self.hardware[code]:
                self._codes[self.hardware[code]] = code
        if self.no_execute:
            for code in range(8):
                if self.hardware[code] & self.no_execute:
                    self._codes[self.executable_data(self.hardware[code])] = code

    def code(self, pte: int) -> int:
        """The protection code of a valid entry."""
        return self._codes[pte & self._code_bits]

    def executable_data(self, pte: int) -> int:
        """A valid entry that the CPU executes although its protection does not say so."""
        return pte & ~self.no_execute | SOFTWARE | WRITE_THROUGH | CACHE_DISABLE

    def lookup(self, code: int) -> int:
        """The entry of a shared page that is not valid and whose code differs from its view's."""
        return self._lookup | PROTOTYPE | code << CODE_SHIFT

    def is_lookup(self, pte: int) -> bool:
        """Whether an entry with the prototype bit has a code instead of a pointer."""
        return pte & self._lookup == self._lookup

    def prototype(self, slot: int) -> int:
        """The entry that points to the prototype PTE at `slot`."""
        if self.offset_shift == 32:
            return slot << 32 | PROTOTYPE
        return (slot & 0x1FF) << 1 | PROTOTYPE | slot >> 9 << 11

    def prototype_slot(self, pte: int) -> int:
        """The slot that a prototype entry points to."""
        return pte >> 32 if self.offset_shift == 32 else (pte >> 1 & 0x1FF) | pte >> 11 << 9

    def page_file(self, file: int, offset: int, code: int) -> int:
        """The entry of a page at page number `offset` (from 1) of page file `file`."""
        return offset << self.offset_shift | code << CODE_SHIFT | file << FILE_SHIFT

    def page_file_offset(self, pte: int) -> int:
        """The page number in a page-file entry; 0 means demand-zero."""
        return pte >> self.offset_shift

    def _bits(self, code: int) -> int:
        if not protection.is_accessible(code):
            return 0
        bits = VALID | USER | _CACHE[code >> 3]
        if protection.is_copy(code):
            bits |= COPY_ON_WRITE
        elif protection.is_writable(code):
            bits |= WRITE
        executable, only = protection.is_executable(code), code & 7 == 2
        if self.no_execute:
            bits |= 0 if executable else self.no_execute
            bits |= SOFTWARE if only else 0
        elif executable:
            bits |= SOFTWARE | (WRITE_THROUGH | CACHE_DISABLE if only and code < 8 else 0)
        return bits


def demand_zero(code: int) -> int:
    """The entry of a committed page that was never touched."""
    return code << CODE_SHIFT


def transition(pfn: int, code: int) -> int:
    """The entry of a page that left the working set and is still in its frame."""
    return pfn << 12 | TRANSITION | code << CODE_SHIFT


def soft_code(pte: int) -> int:
    """The protection code of an invalid, non-zero entry that is not a prototype pointer."""
    return pte >> CODE_SHIFT & 0x1F
