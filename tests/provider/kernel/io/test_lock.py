"""The locks of a file against a plain list of them, by the rules of LockFileEx."""

from __future__ import annotations

import random

import pytest

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.lock import RangeLock, RangeLocks

OWNERS = (object(), object())
END = 1 << 64
LENGTHS = (0, 1, 3, 8, 60, END)


class Plain:
    """The rules, one lock after the other."""

    def __init__(self) -> None:
        self.locks: list[RangeLock] = []

    def bars(self, wanted: RangeLock, *, is_access: bool) -> bool:
        return any(
            shares_a_byte(wanted, lock) and self._excludes(lock, wanted, is_access)
            for lock in self.locks
        )

    @staticmethod
    def _excludes(lock: RangeLock, wanted: RangeLock, is_access: bool) -> bool:
        own = (lock.owner, lock.key) == (wanted.owner, wanted.key)
        if is_access:
            return wanted.exclusive if not lock.exclusive else not own
        return wanted.exclusive or (lock.exclusive and not own)


def shares_a_byte(one: RangeLock, other: RangeLock) -> bool:
    if not one.length or not other.length:
        empty, range_ = (one, other) if not one.length else (other, one)
        return range_.start < empty.start < range_.start + range_.length
    return one.start < other.start + other.length and other.start < one.start + one.length


def some_lock(rng: random.Random) -> RangeLock:
    length = rng.choice(LENGTHS)
    start = 0 if length == END else rng.choice((rng.randrange(80), END - 64))
    exclusive = bool(rng.getrandbits(1))
    return RangeLock(start, length, exclusive, rng.choice(OWNERS), rng.randrange(2))


@pytest.mark.parametrize("seed", range(6))
def test_locks_are_those_of_a_list(seed: int) -> None:
    rng = random.Random(seed)
    locks, plain = RangeLocks(), Plain()
    for _ in range(600):
        wanted = some_lock(rng)
        if plain.locks and rng.random() < 0.4:
            unlock(locks, plain, rng.choice(plain.locks))
        elif rng.random() < 0.02:
            locks.release(wanted.owner)
            plain.locks = [lock for lock in plain.locks if lock.owner is not wanted.owner]
        else:
            assert locks.lock(wanted) is not plain.bars(wanted, is_access=False)
            if not plain.bars(wanted, is_access=False):
                plain.locks.append(wanted)
        assert bool(locks) is bool(plain.locks)
        check(locks, plain, some_lock(rng))


def unlock(locks: RangeLocks, plain: Plain, lock: RangeLock) -> None:
    locks.unlock(lock.start, lock.length, lock.owner, lock.key)
    exclusive = lock._replace(exclusive=True)
    plain.locks.remove(exclusive if exclusive in plain.locks else lock)


def check(locks: RangeLocks, plain: Plain, access: RangeLock) -> None:
    start, length, writes, owner, key = access
    if length and plain.bars(access, is_access=True):
        with pytest.raises(KernelError) as raised:
            locks.check(start, length, owner, key, write=writes)
        assert raised.value.reason is Reason.FILE_LOCK_CONFLICT
    else:
        locks.check(start, length, owner, key, write=writes)


def test_what_is_not_locked_cannot_be_unlocked() -> None:
    locks = RangeLocks()
    locks.lock(RangeLock(0, 8, True, OWNERS[0], 0))
    for start, length, owner, key in (
        (0, 9, OWNERS[0], 0),
        (1, 8, OWNERS[0], 0),
        (0, 8, OWNERS[1], 0),
        (0, 8, OWNERS[0], 1),
        (0, 0, OWNERS[0], 0),
    ):
        with pytest.raises(KernelError) as raised:
            locks.unlock(start, length, owner, key)
        assert raised.value.reason is Reason.RANGE_NOT_LOCKED
