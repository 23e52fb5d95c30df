"""Which pages of an allocation a call means: the checks of its address and size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm.vad import page_down, page_up

if TYPE_CHECKING:
    from provider.kernel.mm.space import AddressSpace
    from provider.kernel.mm.vad import Vad


def within(space: AddressSpace, base: int, size: int) -> tuple[Vad, int, int]:
    """The VAD that holds a whole range, and the range in pages. KernelError."""
    start, end = whole_pages(space, base, size, Reason.INVALID_PARAMETER_4)
    vad = space.find_vad(start)
    if vad is None or end > vad.end or vad.fixed:
        raise KernelError(Reason.CONFLICTING_ADDRESSES)
    return vad, start, end


def whole_pages(space: AddressSpace, base: int, size: int, bad_size: Reason) -> tuple[int, int]:
    """Whole pages around `base` and `size`. KernelError INVALID_PARAMETER_2 or `bad_size`."""
    if not 0 <= base < space.limit:
        raise KernelError(Reason.INVALID_PARAMETER_2)
    if not 0 < size <= space.limit - base:
        raise KernelError(bad_size)
    return page_down(base), page_up(base + size)


def private_range(space: AddressSpace, base: int, size: int) -> tuple[Vad, int, int]:
    """The private VAD that holds a range to free, and the range in pages; size 0: all of it.

    KernelError as `allocation.release`.
    """
    if not 0 <= base < space.limit:
        raise KernelError(Reason.INVALID_PARAMETER_2)
    if not 0 <= size <= space.limit - base:
        raise KernelError(Reason.INVALID_PARAMETER_3)
    start = page_down(base)
    vad = space.find_vad(start)
    if vad is None:
        raise KernelError(Reason.MEMORY_NOT_ALLOCATED)
    if vad.segment is not None:
        raise KernelError(Reason.UNABLE_TO_DELETE_SECTION)
    if vad.fixed:
        raise KernelError(Reason.INVALID_PAGE_PROTECTION)
    if not size:
        if start != vad.start:
            raise KernelError(Reason.FREE_VM_NOT_AT_BASE)
        return vad, vad.start, vad.end
    end = page_up(base + size)
    if end > vad.end:
        raise KernelError(Reason.UNABLE_TO_FREE_VM)
    return vad, start, end
