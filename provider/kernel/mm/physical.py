"""Address windowing: frames that a process owns by number and maps where it likes (AWE, Win32 API).

The frames are pinned: they are in no working set and are never paged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import working_set
from provider.kernel.mm.protection import READ_WRITE
from provider.kernel.mm.vad import Vad, VadKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provider.kernel.mm.space import AddressSpace


def allocate(space: AddressSpace, count: int) -> list[int]:
    """Up to `count` zeroed frames for `space`, as many as commit and RAM can give.

    Some frames are left for everybody else's pages; see `working_set.can_keep`.
    """
    pfns = space.mm.pfns
    found: list[int] = []
    try:
        while len(found) < count and working_set.can_keep(space.mm, 1):
            space.charge(1)
            try:
                pfn = pfns.take_zeroed()
            except KernelError:
                space.uncharge(1)
                raise
            pfns.pin(pfn)
            found.append(pfn)
    except KernelError:
        pass  # fewer than asked for is an answer, not an error
    space.physical.update(dict.fromkeys(found, -1))
    return found


def free(space: AddressSpace, frames: Sequence[int]) -> None:
    """Give frames back, unmapping them. KernelError CONFLICTING_ADDRESSES: not all are its own."""
    if len(set(frames)) != len(frames) or not all(pfn in space.physical for pfn in frames):
        raise KernelError(Reason.CONFLICTING_ADDRESSES)
    for pfn in frames:
        _unmap(space, pfn)
        del space.physical[pfn]
        space.mm.pager.release(pfn)
        space.mm.pager.unpin(pfn)
        space.uncharge(1)
    space.mm.flush_tlb()


def map_frames(space: AddressSpace, pages: Sequence[int], frames: Sequence[int] | None) -> None:
    """Show each of `frames` at the address of `pages` beside it; None: show nothing there.

    KernelError INVALID_PARAMETER: an address outside every window, a frame that is not the space's
    own, is mapped elsewhere or is named twice.
    """
    for va in pages:
        vad = space.find_vad(va) if 0 <= va < space.limit else None
        if vad is None or vad.kind is not VadKind.PHYSICAL or va % PAGE_SIZE:
            raise KernelError(Reason.INVALID_PARAMETER)
    if frames is not None:
        _check_frames(space, pages, frames)
    slots = [space.make_slot(va) for va in pages]
    for va in pages:
        clear(space, va)
    bits = space.mm.format.hardware[READ_WRITE]
    for va, slot, pfn in zip(pages, slots, frames or (), strict=frames is not None):
        _unmap(space, pfn)
        space.mm.ram.mark_executable(pfn)
        space.mm.words[slot] = pfn << 12 | bits
        space.physical[pfn] = va
    space.mm.flush_tlb()


def _check_frames(space: AddressSpace, pages: Sequence[int], frames: Sequence[int]) -> None:
    """Each frame is the space's, and is mapped nowhere or where it is replaced. KernelError."""
    places = {*pages, -1}
    once = len(set(frames)) == len(frames) == len(pages) == len(places) - 1
    if not once or any(space.physical.get(pfn, 0) not in places for pfn in frames):
        raise KernelError(Reason.INVALID_PARAMETER)


def reserve_window(space: AddressSpace, start: int, end: int) -> None:
    """A range of addresses in which frames can be shown."""
    space.add_vad(Vad(start, end, VadKind.PHYSICAL, READ_WRITE, committed=False))


def remove_window(space: AddressSpace, vad: Vad) -> None:
    """Free a window; the frames stay the process's."""
    for pfn, va in space.physical.items():
        if vad.start <= va < vad.end:
            _unmap(space, pfn)
    space.remove_vad(vad)
    space.mm.flush_tlb()


def clear(space: AddressSpace, va: int) -> None:
    """Show nothing at the page of `va`."""
    mm = space.mm
    slot = space.tables.slot(va)
    pte = mm.words[slot] if slot >= 0 else 0
    if pte:
        mm.words[slot] = 0
        space.physical[(pte & mm.format.frame_mask) >> 12] = -1


def _unmap(space: AddressSpace, pfn: int) -> None:
    va = space.physical[pfn]
    if va >= 0:
        clear(space, va)
