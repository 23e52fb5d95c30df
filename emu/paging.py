"""x86 page tables in guest RAM: the PAE format with NX, and the classic two-level format.

A page-table entry that maps a 4-KB page (Intel SDM volume 3, section 4.4 for PAE, 4.3 for classic):

    63   62........36 35................12 11 10 9  8 7   6 5 4   3   2   1   0
    +----+-----------+--------------------+--------+-+---+-+-+---+---+---+---+---+
    | NX | reserved  | page frame number  | soft   |G|PAT|D|A|PCD|PWT|U/S|R/W| V |    PAE, 8 bytes
    +----+-----------+--------------------+--------+-+---+-+-+---+---+---+---+---+
                       31..............12   the same bits without 32 to 63        classic, 4 bytes

The CPU ignores the soft bits; NT puts copy-on-write into bit 9 and prototype into bit 10 (Windows
Internals, 4th edition, figure 7-17).  An entry with V clear is wholly the operating system's.

How a virtual address picks its entry:

    PAE       31 30 | 29..21 | 20..12 | 11..0        classic    31..22 | 21..12 | 11..0
              PDPTE |  PDE   |  PTE   | offset                    PDE  |  PTE   | offset

Page tables map themselves: the directories are also entered as page tables for 0xC0000000 and up,
so that the entry of every address is found at `pte_va`, and directory entries at 0xC0600000 (PAE)
or 0xC0300000 (classic).  These mappings are supervisor's: ring 3 faults on them.

Tables are addressed by *slot*: the index of an entry in `words`, all of RAM seen as entries.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from emu.ram import PAGE_SIZE, Ram

VALID = 1 << 0
WRITE = 1 << 1
USER = 1 << 2
WRITE_THROUGH = 1 << 3
CACHE_DISABLE = 1 << 4
ACCESSED = 1 << 5
DIRTY = 1 << 6
GLOBAL = 1 << 8
COPY_ON_WRITE = 1 << 9
PROTOTYPE = 1 << 10
SOFTWARE = 1 << 11
"""The third soft bit; its meaning is the operating system's."""

PTE_BASE = 0xC0000000
"""Where the page tables are seen by the kernel."""
SYSTEM_BASE = 0x80000000
"""Mappings from here up to `PTE_BASE` belong to all address spaces."""

_TABLE = VALID | WRITE | USER
_SELF = VALID | WRITE | ACCESSED | DIRTY


class Paging(ABC):
    """One page-table format over one RAM; makes the `PageTables` of address spaces.

    The attributes describe the format.  With them a hot path can walk without a call:
    `pde = words[directories[va >> 30] + (va >> directory_shift & directory_mask)]`, and if it is
    valid, `slot = (pde >> 12 << entries_shift) + (va >> 12 & entries_mask)`.
    """

    name: str
    word_format: str
    entry_size: int
    directory_shift: int
    directory_mask: int
    entries_shift: int
    entries_mask: int
    no_execute: int
    pfn_mask: int
    pde_base: int
    frames_per_space: int

    def __init__(self, ram: Ram) -> None:
        self.words = ram.view.cast("B").cast(self.word_format)  # type: ignore[call-overload]  # a format known at run time
        self._live: list[PageTables] = []
        self._system_pfn = 0

    @property
    def table_span(self) -> int:
        """Bytes of virtual address space that one page table maps."""
        return 1 << self.directory_shift

    def pte_va(self, va: int) -> int:
        """Where the kernel sees the entry of `va` through the self-map."""
        return PTE_BASE + (va >> 12) * self.entry_size

    def pde_va(self, va: int) -> int:
        """Where the kernel sees the directory entry of `va` through the self-map."""
        return self.pte_va(self.pte_va(va))

    def set_system_directory(self, pfn: int) -> None:
        """Name the zeroed frame that holds the system directory entries; needed before `create`."""
        self._system_pfn = pfn

    def system_slot(self, va: int) -> int:
        """The slot of the entry of system address `va`, or −1."""
        pde: int = self.words[self._system_pde(self._system_pfn, va)]
        if not pde & VALID:
            return -1
        return (pde >> 12 << self.entries_shift) + (va >> 12 & self.entries_mask)

    @abstractmethod
    def create(self, pfns: list[int]) -> PageTables:
        """Page tables of a new space in `frames_per_space` zeroed frames.

        System mappings that exist already are part of it.
        """

    @abstractmethod
    def install_system_table(self, va: int, pfn: int) -> None:
        """Enter the zeroed frame `pfn` as page table of system address `va` in every space."""

    @abstractmethod
    def _system_pde(self, directory: int, va: int) -> int:
        """Where the directory entry of a system address is."""

    def release(self, tables: PageTables) -> list[int]:
        """Take `tables` out of use and return the frames given to `create`."""
        self._live.remove(tables)
        return tables.root_pfns


class PageTables:
    """The page tables of one address space; knows the walk, not where frames come from."""

    __slots__ = ("cr3", "directories", "format", "root_pfns", "words")

    def __init__(
        self, paging: Paging, cr3: int, directories: tuple[int, int, int, int], pfns: list[int]
    ) -> None:
        self.format = paging
        self.words = paging.words
        self.cr3 = cr3
        self.directories = directories
        self.root_pfns = pfns

    def pde_slot(self, va: int) -> int:
        """The slot of the directory entry of `va`."""
        paging = self.format
        return self.directories[va >> 30] + (va >> paging.directory_shift & paging.directory_mask)

    def slot(self, va: int) -> int:
        """The slot of the entry of `va`, or −1 where no page table is installed."""
        paging = self.format
        pde: int = self.words[
            self.directories[va >> 30] + (va >> paging.directory_shift & paging.directory_mask)
        ]
        if not pde & VALID:
            return -1
        return (pde >> 12 << paging.entries_shift) + (va >> 12 & paging.entries_mask)

    def entry(self, va: int) -> int:
        """The entry of `va`; 0 where no page table is installed."""
        slot = self.slot(va)
        return 0 if slot < 0 else self.words[slot]

    def read_user(self, ram: Ram, va: int, size: int) -> bytes:
        """Up to `size` bytes at `va`, ending where ring 3 has no page; sets no bit of an entry."""
        data = bytearray()
        while size > 0:
            entry = self.entry(va)
            if entry & (VALID | USER) != VALID | USER:
                break
            pa = (entry >> 12 & self.format.pfn_mask) * PAGE_SIZE + (va & 0xFFF)
            part = ram.read(pa, min(size, PAGE_SIZE - (va & 0xFFF)))
            data += part
            va, size = va + len(part) & 0xFFFFFFFF, size - len(part)
        return bytes(data)

    def install_table(self, va: int, pfn: int) -> int:
        """Enter the zeroed frame `pfn` as page table of user address `va`; returns its slot."""
        self.words[self.pde_slot(va)] = pfn << 12 | _TABLE
        return self.slot(va)

    def remove_table(self, va: int) -> int:
        """Take the page table of `va` out and return its frame."""
        at = self.pde_slot(va)
        pde: int = self.words[at]
        self.words[at] = 0
        return pde >> 12

    def tables(self, start: int, end: int) -> list[int]:
        """The addresses, one per installed page table, whose tables cover `start` to `end` - 1."""
        words, directories = self.words, self.directories
        shift, mask = self.format.directory_shift, self.format.directory_mask
        return [
            va
            for va in range(start >> shift << shift, end, 1 << shift)
            if words[directories[va >> 30] + (va >> shift & mask)] & VALID
        ]


class PaePaging(Paging):
    """Three levels, 64-bit entries, NX. Directory 2 (0x80000000 to 0xBFFFFFFF) is shared by all."""

    name = "pae"
    word_format = "Q"
    entry_size = 8
    directory_shift = 21
    directory_mask = 511
    entries_shift = 9
    entries_mask = 511
    no_execute = 1 << 63
    pfn_mask = 0xFFFFFF
    pde_base = 0xC0600000
    frames_per_space = 4

    def create(self, pfns: list[int]) -> PageTables:
        """See `Paging.create`."""
        pointers, *rest = pfns
        directory_pfns = (rest[0], rest[1], self._system_pfn, rest[2])
        words = self.words
        for index, pfn in enumerate(directory_pfns):
            words[(pointers << 9) + index] = pfn << 12 | VALID
            words[(rest[2] << 9) + index] = pfn << 12 | _SELF
        first, second, third, fourth = (pfn << 9 for pfn in directory_pfns)
        tables = PageTables(self, pointers * PAGE_SIZE, (first, second, third, fourth), pfns)
        self._live.append(tables)
        return tables

    def install_system_table(self, va: int, pfn: int) -> None:
        """See `Paging.install_system_table`."""
        self.words[self._system_pde(self._system_pfn, va)] = pfn << 12 | _TABLE

    def _system_pde(self, directory: int, va: int) -> int:
        return (directory << 9) + (va >> 21 & 511)


class ClassicPaging(Paging):
    """Two levels, 32-bit entries, no NX. The system half of a template is copied to every space."""

    name = "x86"
    word_format = "I"
    entry_size = 4
    directory_shift = 22
    directory_mask = 255
    entries_shift = 10
    entries_mask = 1023
    no_execute = 0
    pfn_mask = 0xFFFFF
    pde_base = 0xC0300000
    frames_per_space = 1

    def create(self, pfns: list[int]) -> PageTables:
        """See `Paging.create`."""
        (pfn,) = pfns
        words = self.words
        base, template = pfn << 10, self._system_pfn << 10
        words[base + 512 : base + 768] = words[template + 512 : template + 768]
        words[base + (PTE_BASE >> 22)] = pfn << 12 | _SELF
        tables = PageTables(self, pfn * PAGE_SIZE, (base, base + 256, base + 512, base + 768), pfns)
        self._live.append(tables)
        return tables

    def install_system_table(self, va: int, pfn: int) -> None:
        """See `Paging.install_system_table`."""
        for directory in (self._system_pfn, *(tables.root_pfns[0] for tables in self._live)):
            self.words[self._system_pde(directory, va)] = pfn << 12 | _TABLE

    def _system_pde(self, directory: int, va: int) -> int:
        return (directory << 10) + (va >> 22)


FORMATS: dict[str, type[Paging]] = {"pae": PaePaging, "x86": ClassicPaging}
