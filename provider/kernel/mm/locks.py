"""Locks on pages: in the working set (VirtualLock, Win32 API), or in memory, or both.

They are kept apart, as in NT, since each can be undone alone.  Either keeps a page in the working
set here, where NT lets a page that is only locked in memory leave it and keep its frame.
"""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import write_watch
from provider.kernel.mm.violation import AccessViolation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provider.kernel.mm.space import AddressSpace

SPARE = 8
"""Pages of the minimum working set that cannot be locked."""


class Lock(IntFlag):
    """Where a page is locked; the numbers are NT's (MAP_PROCESS, MAP_SYSTEM)."""

    WORKING_SET = 1
    MEMORY = 2


class Locks:
    """The locked pages of one space, by address."""

    def __init__(self) -> None:
        self._kinds: dict[int, Lock] = {}

    def __len__(self) -> int:
        return len(self._kinds)

    def __contains__(self, va: int) -> bool:
        return va in self._kinds

    def has(self, va: int, kind: Lock) -> bool:
        """Whether a page has every lock of `kind`."""
        return self._kinds.get(va, Lock(0)) & kind == kind

    def kind(self, va: int) -> Lock:
        """The locks of a page."""
        return self._kinds.get(va, Lock(0))

    def add(self, va: int, kind: Lock) -> None:
        """Lock a page."""
        self._kinds[va] = self.kind(va) | kind

    def remove(self, pages: Iterable[int], kind: Lock) -> None:
        """Unlock pages; locks that they do not have do not matter."""
        for va in pages:
            left = self.kind(va) & ~kind
            if left:
                self._kinds[va] = left
            else:
                self._kinds.pop(va, None)

    def drop(self, start: int, end: int) -> None:
        """Forget the pages of a range, which go."""
        if self._kinds:
            gone = [va for va in self._kinds if start <= va < end]
            self.remove(gone, Lock.WORKING_SET | Lock.MEMORY)


def lock(space: AddressSpace, base: int, size: int, kind: Lock) -> bool:
    """Bring pages in and keep them until `unlock`; True if one was locked so before.

    Locks do not nest. Locking a page counts as a write where writes are watched (Wine's tests
    record both from Windows 10).  KernelError: WORKING_SET_QUOTA (more than the minimum working set
    allows), INVALID_PARAMETER; AccessViolation: a page that cannot be read, or that had a guard,
    which is gone then.
    """
    pages = _pages(space, base, size)
    locks = space.locked
    new = [va for va in pages if va not in locks]
    if len(locks) + len(new) > space.minimum - SPARE:
        raise KernelError(Reason.WORKING_SET_QUOTA)
    for index, va in enumerate(new):
        try:
            space.probe_read(va, 1)
        except AccessViolation:
            locks.remove(new[:index], kind)
            raise
        locks.add(va, kind)  # before the next page can push it out
    for va in new:
        write_watch.note(space, va)
    known = set(pages) - set(new)
    was_locked = any(locks.kind(va) & kind for va in known)
    for va in known:
        locks.add(va, kind)
    return was_locked


def unlock(space: AddressSpace, base: int, size: int, kind: Lock) -> None:
    """Undo `lock`. KernelError: NOT_LOCKED (one page is not), INVALID_PARAMETER."""
    pages = _pages(space, base, size)
    if not all(space.locked.has(va, kind) for va in pages):
        raise KernelError(Reason.NOT_LOCKED)
    space.locked.remove(pages, kind)


def _pages(space: AddressSpace, base: int, size: int) -> range:
    if size <= 0 or not 0 <= base < space.limit or size > space.limit - base:
        raise KernelError(Reason.INVALID_PARAMETER)
    return range(base & -PAGE_SIZE, base + size, PAGE_SIZE)
