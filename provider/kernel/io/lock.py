"""Byte-range locks of one file.

The rules are those of LockFileEx: shared locks may overlap shared ones and their owner's exclusive
ones, an exclusive lock may overlap nothing.  A shared lock bars every write, its owner's too; an
exclusive one bars every access but its owner's.  Zero bytes are a valid range that conflicts only
inside another.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from sortedcontainers import SortedKeyList

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.io.irp import Irp

MAX_LOCKS = 1 << 16
_END = 1 << 64


class RangeLock(NamedTuple):
    """A locked range in bytes; `owner` is the file object."""

    start: int
    length: int
    exclusive: bool
    owner: object
    key: int


class RangeLocks:
    """The locks of a file."""

    __slots__ = ("_by_size", "_count", "_waiting")

    def __init__(self) -> None:
        self._by_size: dict[int, SortedKeyList[RangeLock]] = {}
        """In the order of their starts, apart by the bits of their lengths.

        So those that may overlap a range are found without a look at the others.
        """
        self._count = 0
        self._waiting: list[tuple[Irp, RangeLock]] = []

    def __bool__(self) -> bool:
        return bool(self._count)

    def lock(self, lock: RangeLock) -> bool:
        """Take a lock; False where another stands against it.

        KernelError INVALID_LOCK_RANGE for a range past the last byte, INSUFFICIENT_RESOURCES.
        """
        if lock.start + lock.length > _END:
            raise KernelError(Reason.INVALID_LOCK_RANGE)
        if self._count >= MAX_LOCKS:
            raise KernelError(Reason.INSUFFICIENT_RESOURCES, "byte-range locks")
        for other in self._overlapping(lock):
            own = other.owner is lock.owner and other.key == lock.key
            if lock.exclusive or (other.exclusive and not own):
                return False
        alike = self._by_size.get(lock.length.bit_length())
        if alike is None:
            alike = SortedKeyList(key=attrgetter("start"))
            self._by_size[lock.length.bit_length()] = alike
        alike.add(lock)
        self._count += 1
        return True

    def request(self, irp: Irp, lock: RangeLock) -> None:
        """Take a lock as soon as nothing stands against it.  KernelError as `lock`."""
        if self.lock(lock):
            irp.complete()
        else:
            self._waiting.append((irp, lock))
            irp.pend(self._withdraw)

    def unlock(self, start: int, length: int, owner: object, key: int) -> None:
        """Give up just one lock, an exclusive one first.  KernelError RANGE_NOT_LOCKED."""
        alike = self._by_size.get(length.bit_length(), ())
        for exclusive in (True, False):
            lock = RangeLock(start, length, exclusive, owner, key)
            if lock in alike:
                self._remove(lock)
                self._grant()
                return
        raise KernelError(Reason.RANGE_NOT_LOCKED)

    def release(self, owner: object) -> None:
        """Give up every lock of a file object, and what it waits for."""
        if not self._count:
            return
        for lock in [lock for alike in self._by_size.values() for lock in alike]:
            if lock.owner is owner:
                self._remove(lock)
        for irp in [irp for irp, lock in self._waiting if lock.owner is owner]:
            self._withdraw(irp)
            irp.fail(Reason.RANGE_NOT_LOCKED)
        self._grant()

    def _grant(self) -> None:
        """Give those who wait, in the order of their coming, what is free now."""
        waiting, self._waiting = self._waiting, []
        for irp, lock in waiting:
            if not self.lock(lock):
                self._waiting.append((irp, lock))
            else:
                irp.complete()

    def _withdraw(self, irp: Irp) -> None:
        self._waiting = [entry for entry in self._waiting if entry[0] is not irp]

    def check(self, start: int, length: int, owner: object, key: int, *, write: bool) -> None:
        """Raise KernelError FILE_LOCK_CONFLICT where the access is barred."""
        if not length:
            return
        access = RangeLock(start, length, write, owner, key)
        for lock in self._overlapping(access):
            mine = lock.owner is owner and lock.key == key
            if write if not lock.exclusive else not mine:
                raise KernelError(Reason.FILE_LOCK_CONFLICT)

    def _overlapping(self, wanted: RangeLock) -> Iterator[RangeLock]:
        for bits, alike in self._by_size.items():
            first, last = wanted.start - (1 << bits), wanted.start + wanted.length
            for lock in alike.irange_key(first, last):
                if _overlap(wanted, lock):
                    yield lock

    def _remove(self, lock: RangeLock) -> None:
        self._by_size[lock.length.bit_length()].remove(lock)
        self._count -= 1


def _overlap(first: RangeLock, second: RangeLock) -> bool:
    if not first.length or not second.length:
        empty, other = (first, second) if not first.length else (second, first)
        return other.start < empty.start < other.start + other.length
    return first.start < second.start + second.length and second.start < first.start + first.length
