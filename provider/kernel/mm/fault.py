"""Page faults: what is missing, and how to get it (MmAccessFault in NT).

PTE valid           a write to a copy-on-write page gets a copy; else the guest's fault
PTE zero            the VAD tells the protection and where the page is from
demand-zero         a frame of zeros
transition          back from the standby or modified list
page file           read back
prototype           through the segment's prototype PTE
guard               the guard goes; the stack grows or the guest gets an exception
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from emu.paging import COPY_ON_WRITE, PROTOTYPE, VALID
from emu.paging import WRITE as WRITE_BIT
from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.events import PageFault
from provider.kernel.mm import clone, words
from provider.kernel.mm import protection as codes
from provider.kernel.mm.pfn import DROPPED
from provider.kernel.mm.protection import Protection
from provider.kernel.mm.pte import DROPPED_MARK, TRANSITION
from provider.kernel.mm.vad import page_up
from provider.kernel.mm.violation import EXECUTE, READ, WRITE, Violation, ViolationKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provider.kernel.events import AccessName
    from provider.kernel.mm.space import AddressSpace
    from provider.kernel.mm.vad import Vad

_FETCH = 16
ACCESS_NAMES: Mapping[int, AccessName] = {READ: "read", WRITE: "write", EXECUTE: "execute"}


def resolve(space: AddressSpace, va: int, error_code: int) -> Violation | None:
    """Resolve any fault; see `AddressSpace.handle_fault`, which takes the short way if it can."""
    access = access_of(error_code)
    vad = space.find_vad(va) if 0 <= va < space.limit else None
    if vad is None:
        return _refuse(space, ViolationKind.ACCESS, access, va)
    slot = space.tables.slot(va)
    pte = space.mm.words[slot] if slot >= 0 else 0
    try:
        if pte & VALID:
            return _protection_fault(space, vad, va, access, slot)
        code = space.entry_code(vad, va, pte)
        if codes.is_guard(code):
            return _guard_fault(space, vad, va, access)
        if not _permits(space, code, access):
            return _refuse(space, ViolationKind.ACCESS, access, va)
        _bring_in(space, vad, va, access, code)
        if access == EXECUTE and not codes.is_executable(code):
            words.allow_execution(space, space.tables.slot(va))
    except KernelError as error:
        return in_page_error(va, error_code, error.reason)
    except OSError as error:
        reason = Reason.DISK_FULL if error.errno == errno.ENOSPC else Reason.IO_DEVICE_ERROR
        return in_page_error(va, error_code, reason)
    return None


def resolve_and_tell(space: AddressSpace, va: int, error_code: int) -> Violation | None:
    """Resolve a fault, and tell who listens what it was."""
    before = space.counters.by_kind()
    violation = resolve(space, va, error_code)
    after = space.counters.by_kind()
    events = space.mm.events
    events.channel(PageFault).emit(
        PageFault(
            *events.stamp_in(space.owner_id),
            va,
            ACCESS_NAMES[access_of(error_code)],
            tuple(kind for kind, count in after.items() if count != before[kind]),
            violation is None,
            space.resident,
        )
    )
    return violation


def access_of(error_code: int) -> int:
    """The access that the CPU's error code tells."""
    return EXECUTE if error_code & _FETCH else WRITE if error_code & 2 else READ


def in_page_error(va: int, error_code: int, reason: Reason) -> Violation:
    """The violation of an access whose page cannot be had."""
    return Violation(ViolationKind.IN_PAGE_ERROR, access_of(error_code), va, reason)


def _refuse(space: AddressSpace, kind: ViolationKind, access: int, va: int) -> Violation:
    space.counters.violations += 1
    return Violation(kind, access, va)


def _permits(space: AddressSpace, code: int, access: int) -> bool:
    if not codes.is_accessible(code):
        return False
    if access == WRITE:
        return codes.is_writable(code)
    return access != EXECUTE or codes.is_executable(code) or space.execute_data


def _protection_fault(
    space: AddressSpace, vad: Vad, va: int, access: int, slot: int
) -> Violation | None:
    """A valid entry refused the access, or the CPU had not seen that it allows it by now."""
    mm = space.mm
    pte = mm.words[slot]
    if access == WRITE and not pte & WRITE_BIT:
        if not pte & COPY_ON_WRITE or vad.fixed:
            return _refuse(space, ViolationKind.ACCESS, access, va)
        words.separate(space, slot)
    elif access == EXECUTE and pte & mm.format.no_execute:
        if not space.execute_data:
            return _refuse(space, ViolationKind.ACCESS, access, va)
        words.allow_execution(space, slot)
    return None


def _bring_in(space: AddressSpace, vad: Vad, va: int, access: int, code: int) -> None:
    """Make the invalid entry of `va` valid with protection `code`. KernelError, OSError."""
    mm = space.mm
    slot = space.make_slot(va)
    pte = mm.words[slot]
    if pte & PROTOTYPE or (vad.segment is not None and not pte):
        before = mm.counters.found()
        cloned = clone.find(mm, pte) if vad.clones else None
        if cloned is not None:
            pfn, code = cloned[0].acquire(cloned[1]), codes.with_copy(code)
        else:
            assert vad.segment is not None
            pfn = vad.segment.acquire(vad.page(va))
        words.map_frame(space, slot, pfn, code, PROTOTYPE)
        space.counters.add_found(before, mm.counters.found())
        if access == WRITE and codes.is_copy(code):
            words.separate(space, slot)
        return
    if pte & TRANSITION:
        pfn = (pte & mm.format.frame_mask) >> 12
        mm.pager.revive(pfn)
        space.counters.transition_faults += 1
    elif mm.format.page_file_offset(pte):
        pfn = mm.pager.page_in(pte)
        space.counters.hard_faults += 1
    else:
        pfn = mm.pfns.take_zeroed()
        if pte & DROPPED_MARK:
            mm.pfns.reset[pfn] = DROPPED
        space.counters.demand_zero_faults += 1
    words.map_frame(space, slot, pfn, code, 0)


def _guard_fault(space: AddressSpace, vad: Vad, va: int, access: int) -> Violation | None:
    """Take the guard off; the guest hears of it unless its stack can grow."""
    space.counters.guard_faults += 1
    slot = space.make_slot(va)
    code = space.entry_code(vad, va, space.mm.words[slot])
    words.set_code(space, vad, va, slot, code & ~codes.GUARD)
    bounds = space.stack.bounds() if space.stack is not None else None
    if bounds is None or not bounds[0] <= va < bounds[1]:
        return Violation(ViolationKind.GUARD_PAGE, access, va)
    return _grow_stack(space, va, access, bounds[0])


def _grow_stack(space: AddressSpace, va: int, access: int, lowest: int) -> Violation | None:
    """Move the guard one page down, or give what is left of the stack and report the overflow.

    The last page of a stack stays reserved for good.  Above it as much as the thread asked for, a
    page at least, is kept for the handler of the overflow and given without a guard (Windows
    Internals, 4th edition, chapter 7, "User stacks"; SetThreadStackGuarantee, Win32 API).
    """
    assert space.stack is not None
    page, end = va & -PAGE_SIZE, page_up(lowest) + PAGE_SIZE
    kept = max(page_up(space.stack.guarantee()), PAGE_SIZE)
    overflow = Violation(ViolationKind.STACK_OVERFLOW, access, va)
    is_overflow = page - kept <= end
    wanted = Protection.READ | Protection.WRITE
    start = end if is_overflow else page - PAGE_SIZE
    try:
        if start < page:
            space.allocate(
                start,
                page - start,
                reserve=False,
                commit=True,
                protection=wanted if is_overflow else wanted | Protection.GUARD,
            )
    except KernelError:
        return overflow
    space.stack.set_limit(min(start, page) if is_overflow else page)
    return overflow if is_overflow else None
