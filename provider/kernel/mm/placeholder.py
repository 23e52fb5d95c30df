"""Placeholders: reserved ranges that are split, joined and replaced without ever being free.

A placeholder becomes a private range or a view of exactly its size, and either becomes one again
("VirtualAlloc2", "VirtualFree", "MapViewOfFile3" and "UnmapViewOfFile2", Win32 API).
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import allocation, views
from provider.kernel.mm.protection import NO_ACCESS
from provider.kernel.mm.vad import Vad, VadKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.mm.allocation import Room
    from provider.kernel.mm.space import AddressSpace


def reserve(space: AddressSpace, base: int | None, size: int, room: Room) -> tuple[int, int]:
    """A new placeholder; returns start and size. KernelError as `allocation.reserve`."""
    start, end = allocation.place(space, base, size, room)
    _add(space, start, end)
    return start, end - start


def split(space: AddressSpace, base: int, size: int) -> tuple[int, int]:
    """Make a placeholder of its own of a part of one, or a private range a placeholder again.

    `size` 0: the whole range at `base`.  KernelError: MEMORY_NOT_ALLOCATED, CONFLICTING_ADDRESSES.
    """
    vad = space.find_vad(base) if 0 <= base < space.limit else None
    if vad is None:
        raise KernelError(Reason.MEMORY_NOT_ALLOCATED)
    start, end = base, base + (size or vad.end - base)
    whole = (start, end) == (vad.start, vad.end)
    if vad.is_placeholder and not whole and end <= vad.end and not (start | end) % PAGE_SIZE:
        bounds = sorted({vad.start, start, end, vad.end})
        space.remove_vad(vad)
        for low, high in pairwise(bounds):
            _add(space, low, high)
    elif vad.replaced and vad.segment is None and whole:
        allocation.release(space, start, end - start)
        _add(space, start, end)
    else:
        raise KernelError(Reason.CONFLICTING_ADDRESSES)
    return start, end - start


def coalesce(space: AddressSpace, base: int, size: int) -> tuple[int, int]:
    """Join placeholders that fill a range exactly. KernelError CONFLICTING_ADDRESSES."""
    end = base + size
    found = space.vads.overlapping(base, end) if 0 <= base < end <= space.limit else []
    is_filled = sum(vad.end - vad.start for vad in found) == size and len(found) > 1
    if not is_filled or not all(vad.is_placeholder for vad in found):
        raise KernelError(Reason.CONFLICTING_ADDRESSES)
    for vad in found:
        space.remove_vad(vad)
    _add(space, base, end)
    return base, size


@contextmanager
def replaced(space: AddressSpace, base: int, size: int) -> Iterator[None]:
    """While it lasts, the placeholder at `base` is free addresses; what is put there replaces it.

    KernelError CONFLICTING_ADDRESSES: there is no placeholder of exactly this range.
    """
    vad = space.find_vad(base) if 0 <= base < space.limit else None
    if vad is None or not vad.is_placeholder or (vad.start, vad.end - vad.start) != (base, size):
        raise KernelError(Reason.CONFLICTING_ADDRESSES)
    space.remove_vad(vad)
    try:
        yield
    finally:
        new = space.find_vad(base)
        if new is None:
            space.add_vad(vad)
        else:
            new.replaced = True


def unmap_view(space: AddressSpace, va: int) -> None:
    """Make a view a placeholder again.

    KernelError: NOT_MAPPED_VIEW, CONFLICTING_ADDRESSES (the view replaced none).
    """
    vad = space.find_vad(va) if 0 <= va < space.limit else None
    if vad is None or vad.segment is None:
        raise KernelError(Reason.NOT_MAPPED_VIEW)
    if not vad.replaced:
        raise KernelError(Reason.CONFLICTING_ADDRESSES)
    views.unmap(space, va)
    _add(space, vad.start, vad.end)


def _add(space: AddressSpace, start: int, end: int) -> None:
    vad = Vad(start, end, VadKind.PRIVATE, NO_ACCESS, committed=False)
    vad.is_placeholder = True
    space.add_vad(vad)
