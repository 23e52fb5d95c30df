"""User memory as the kernel touches it for a guest, and the short way of a page fault.

These are the paths that every system call and every first touch of a page takes.  Like the CPU they
cache translations that the page tables gave, and forget them when the CPU must
(`MemoryManager.flush_tlb`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from emu.paging import ACCESSED, DIRTY, USER, VALID, WRITE, PageTables
from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError
from provider.kernel.events import PageFault
from provider.kernel.mm import fault
from provider.kernel.mm.counters import Counters
from provider.kernel.mm.vad import Vad, VadKind, VadMap
from provider.kernel.mm.violation import READ as READ_ACCESS
from provider.kernel.mm.violation import WRITE as WRITE_ACCESS
from provider.kernel.mm.violation import AccessViolation, Violation, ViolationKind

if TYPE_CHECKING:
    from provider.kernel.mm.manager import MemoryManager
    from provider.kernel.mm.space import AddressSpace

USER_LIMIT = 0x7FFF0000
"""User mode's addresses end here, the last 64 KB below the system's being kept free."""
NO_VAD = Vad(0, 0, VadKind.PRIVATE, 0, committed=False)
"""Contains no address."""

MOST_TRANSLATIONS = 512
"""Translations that a space caches of each kind; then it starts afresh."""
_FAULT_WRITE = 2
_FAULT_USER = 4
_READ = VALID | USER | ACCESSED
_WRITTEN = VALID | WRITE | USER | ACCESSED | DIRTY


class UserMemory:
    """The part of an address space that reads, writes and faults."""

    def __init__(self, mm: MemoryManager, tables: PageTables, vads: VadMap) -> None:
        self.mm = mm
        self.tables = tables
        self.limit = USER_LIMIT
        self.vads = vads
        self.counters = Counters()
        self._faults = mm.events.channel(PageFault)
        self.resident = 0
        """Valid pages: the working set."""
        self.hint = NO_VAD
        """The VAD that was found last."""
        paging = tables.format
        self._directories = tables.directories
        self._pde_shift, self._pde_mask = paging.directory_shift, paging.directory_mask
        self._pte_shift, self._pte_mask = paging.entries_shift, paging.entries_mask
        self._words = mm.words
        self._view = mm.ram.view
        self._take_zeroed = mm.pfns.take_zeroed
        self._executable = mm.ram.executable
        self._frame_mask = mm.format.frame_mask
        self.readable_pages: dict[int, int] = {}
        """The pa of pages, by page number, whose entries let user mode read and are Accessed."""
        self.writable_pages: dict[int, int] = {}
        """The same of those that it may write and whose entries are Dirty."""

    def forget_translations(self) -> None:
        """See `MemoryManager.flush_tlb`, which calls this for every space."""
        self.readable_pages.clear()
        self.writable_pages.clear()

    def read(self, va: int, size: int) -> bytes:
        """`size` bytes that user mode could read at `va`, faulted in. AccessViolation."""
        offset = va & 0xFFF
        pa = self.readable_pages.get(va >> 12)
        if pa is not None and offset + size <= PAGE_SIZE:
            at = pa | offset
            return bytes(self._view[at : at + size])
        return self._read_pages(va, size)

    def peek(self, va: int, size: int) -> bytes | None:
        """`size` bytes of one page if that is valid, without leaving a trace of having looked."""
        pte = self.tables.entry(va) if 0 <= va < self.limit else 0
        offset = va & 0xFFF
        if not pte & VALID or offset + size > PAGE_SIZE:
            return None
        return self.mm.ram.read((pte & self._frame_mask) + offset, size)

    def write(self, va: int, data: bytes | bytearray | memoryview) -> None:
        """Store bytes where user mode could, faulting and copying as it would. AccessViolation.

        Nothing is written unless all of it can be.
        """
        offset = va & 0xFFF
        size = len(data)
        if not size:
            return
        pa = self.writable_pages.get(va >> 12)
        if pa is not None and offset + size <= PAGE_SIZE and not self._executable[pa >> 12]:
            at = pa | offset
            self._view[at : at + size] = data
            return
        self.probe_write(va, size)
        known = self._known(self.writable_pages, va, size)
        if known is not None and not any(self._executable[pa >> 12] for pa in known):
            self._scatter(known, offset, data)
            return
        at = 0
        while at < size:
            pa = self._resolve(va + at, _FAULT_WRITE | _FAULT_USER) | (va + at & 0xFFF)
            count = min(PAGE_SIZE - (pa & 0xFFF), size - at)
            self.mm.ram.write(pa, data[at : at + count])
            at += count

    def probe_write(self, va: int, size: int) -> None:
        """Make sure that `write` to the range will succeed now. AccessViolation."""
        if va >> 12 in self.writable_pages and (va & 0xFFF) + size <= PAGE_SIZE:
            return
        if self._known(self.writable_pages, va, size) is None:
            self._probe(va, size, _FAULT_WRITE | _FAULT_USER)

    def probe_read(self, va: int, size: int) -> None:
        """Make sure that `read` of the range will succeed now. AccessViolation."""
        self._probe(va, size, _FAULT_USER)

    def _known(self, pages: dict[int, int], va: int, size: int) -> list[int] | None:
        """The physical pages of a range, if all of them are among the cached ones."""
        first, stop = va >> 12, (va + size + 0xFFF) >> 12
        if first not in pages or stop - first > len(pages):
            return None
        found = [pages[page] for page in range(first, stop) if page in pages]
        return found if len(found) == stop - first else None

    def _scatter(self, pages: list[int], offset: int, data: bytes | bytearray | memoryview) -> None:
        """Store bytes in pages one after the other, from an offset in the first one on."""
        view, rest = self._view, memoryview(data)
        for pa in pages:
            piece = rest[: PAGE_SIZE - offset]
            view[pa + offset : pa + offset + len(piece)] = piece
            rest, offset = rest[len(piece) :], 0

    def handle_fault(self, va: int, error_code: int) -> Violation | None:
        """Resolve a page fault of user mode; None: restart the instruction.

        `error_code` is the CPU's (present 1, write 2, fetch 16).
        """
        counters = self.counters
        counters.faults += 1
        self.mm.faulting = self
        if self._faults.listeners:
            return fault.resolve_and_tell(cast("AddressSpace", self), va, error_code)
        vad = self.hint
        if not vad.start <= va < vad.end:
            vad = self.find_vad(va) or NO_VAD
        if vad.demand and not error_code & vad.denied:
            words = self._words
            pde = words[self._directories[va >> 30] + (va >> self._pde_shift & self._pde_mask)]
            if pde & VALID:
                slot = (pde >> 12 << self._pte_shift) + (va >> 12 & self._pte_mask)
                if not words[slot]:
                    try:
                        words[slot] = self._take_zeroed() << 12 | vad.demand
                    except KernelError as error:
                        return fault.in_page_error(va, error_code, error.reason)
                    counters.demand_zero_faults += 1
                    self.resident += 1
                    return None
        return fault.resolve(cast("AddressSpace", self), va, error_code)

    def find_vad(self, va: int) -> Vad | None:
        """The VAD that contains `va`."""
        if self.hint.start <= va < self.hint.end:
            return self.hint
        vad = self.vads.find(va)
        if vad is not None:
            self.hint = vad
        return vad

    def _resolve(self, va: int, error_code: int) -> int:
        """The pa of the page of `va`, faulted in and marked as the CPU would. AccessViolation."""
        writes = error_code & _FAULT_WRITE
        need = VALID | USER | WRITE if writes else VALID | USER
        mark = _WRITTEN if writes else _READ
        while True:
            slot = self.tables.slot(va)
            pte = self._words[slot] if slot >= 0 else 0
            if pte & need == need:
                if pte & mark != mark:
                    self._words[slot] = pte | mark
                pa: int = pte & self._frame_mask
                known = self.writable_pages if writes else self.readable_pages
                if len(known) == MOST_TRANSLATIONS:
                    known.clear()
                known[va >> 12] = pa
                return pa
            violation = self.handle_fault(va, error_code | (pte & VALID))
            if violation is not None:
                raise AccessViolation(violation)

    def _probe(self, va: int, size: int, error_code: int) -> None:
        self._check_range(va, size, WRITE_ACCESS if error_code & _FAULT_WRITE else READ_ACCESS)
        for page in range(va & -PAGE_SIZE, va + size, PAGE_SIZE) if size else ():
            self._resolve(max(page, va), error_code)

    def _check_range(self, va: int, size: int, access: int) -> None:
        if size and (va < 0 or va + size > self.limit):
            outside = va if va < 0 else max(va, self.limit)
            raise AccessViolation(Violation(ViolationKind.ACCESS, access, outside & 0xFFFFFFFF))

    def _read_pages(self, va: int, size: int) -> bytes:
        known = self._known(self.readable_pages, va, size)
        if known is not None:
            start, view = va & 0xFFF, self._view
            whole = b"".join([view[pa : pa + PAGE_SIZE] for pa in known])
            return whole[start : start + size]
        self._check_range(va, size, READ_ACCESS)
        result = bytearray()
        while len(result) < size:
            at = va + len(result)
            # A later page may push an earlier one out, so each piece is taken while it is there.
            pa = self._resolve(at, _FAULT_USER) | at & 0xFFF
            count = min(PAGE_SIZE - (at & 0xFFF), size - len(result))
            result += self._view[pa : pa + count]
        return bytes(result)
