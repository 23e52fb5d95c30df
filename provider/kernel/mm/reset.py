"""MEM_RESET: the contents of a range do not matter any more (VirtualAlloc, Win32 API)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.mm.ranges import within

if TYPE_CHECKING:
    from provider.kernel.mm.space import AddressSpace


def reset(space: AddressSpace, base: int, size: int) -> tuple[int, int]:
    """The contents of a range do not matter any more; here they are kept, which is allowed.

    KernelError: CONFLICTING_ADDRESSES, INVALID_PARAMETER_n.
    """
    _, start, end = within(space, base, size)
    return start, end - start
