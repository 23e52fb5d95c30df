"""What is at an address: the answers to NtQueryVirtualMemory, in the kernel's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from emu.paging import PROTOTYPE, VALID
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm.protection import OF_CODE, Protection
from provider.kernel.mm.runs import entries, runs
from provider.kernel.mm.vad import page_down

if TYPE_CHECKING:
    from provider.kernel.mm.space import AddressSpace
    from provider.kernel.mm.vad import Vad


class Region(NamedTuple):
    """A run of pages alike in state, protection and kind; `vad` is None in a free range."""

    start: int
    size: int
    committed: bool
    protection: Protection
    vad: Vad | None


def region(space: AddressSpace, va: int) -> Region:
    """The run from the page of `va` on, up to where something differs or the allocation ends.

    KernelError INVALID_PARAMETER above the user's addresses.
    """
    if not 0 <= va < space.limit:
        raise KernelError(Reason.INVALID_PARAMETER)
    start = page_down(va)
    vad = space.find_vad(start)
    if vad is None:
        following = space.vads.after(start)
        end = following.start if following is not None else space.limit
        return Region(start, end - start, False, Protection.NONE, None)
    _, end, code = next(runs(space, vad, start, vad.end))
    return Region(start, end - start, code != 0, OF_CODE[code], vad)


class PageState(NamedTuple):
    """One page, as NtQueryVirtualMemory's working-set classes tell it."""

    va: int
    valid: bool
    protection: Protection
    shared: bool
    """It comes from a section."""
    share_count: int
    """Valid PTEs that map its frame, in all processes."""
    locked: bool


def page(space: AddressSpace, va: int) -> PageState:
    """The state of the page of `va`. KernelError INVALID_PARAMETER above the user's addresses."""
    if not 0 <= va < space.limit:
        raise KernelError(Reason.INVALID_PARAMETER)
    start = page_down(va)
    vad = space.find_vad(start)
    pte = space.tables.entry(start)
    if vad is None or not pte & VALID:
        return PageState(start, False, Protection.NONE, False, 0, start in space.locked)
    mm = space.mm
    count = mm.pfns.share[(pte & mm.format.frame_mask) >> 12]
    code = OF_CODE[space.entry_code(vad, start, pte)]
    return PageState(start, True, code, bool(pte & PROTOTYPE), count, start in space.locked)


def working_set(space: AddressSpace) -> list[PageState]:
    """Every valid page, in address order."""
    return [
        page(space, va)
        for vad in space.vads.all()
        for va, pte in entries(space, vad.start, vad.end)
        if pte & VALID
    ]
