"""What is at an address: the answers to NtQueryVirtualMemory, in the kernel's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm.protection import OF_CODE, Protection
from provider.kernel.mm.runs import runs
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
