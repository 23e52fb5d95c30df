"""Calls that give out numbers which are never given out again."""

from __future__ import annotations

from provider.kernel.thread import Thread
from provider.nt.handles import nt_part
from provider.nt.table import nt
from provider.nt.types import PVOID, ULARGE_INTEGER, ULONG
from provider.syscall import Out

_UUIDS_AT_ONCE = 0x1000
_UUID_EPOCH = 5_748_192_000_000_000
"""1582-10-15, where UUIDs count from, in 100 ns before 1601."""
_SEED = b"\x02\x00\x5e\x10\x00\x01"
"""The node: a locally administered address."""
_SEQUENCE = 0x2A01


@nt.syscall()
def NtAllocateLocallyUniqueId(thread: Thread, Luid: Out[ULARGE_INTEGER]) -> None:
    """A number that is unique until the machine restarts."""
    Luid.value = nt_part(thread.process).provider.executive.take_luid()


@nt.syscall()
def NtAllocateUuids(
    thread: Thread,
    Time: Out[ULARGE_INTEGER],
    Range: Out[ULONG],
    Sequence: Out[ULONG],
    Seed: PVOID,
) -> None:
    """A range of times that nobody else makes UUIDs of."""
    thread.process.space.write(Seed, _SEED)
    taken = nt_part(thread.process).provider.executive.take_uuids(_UUIDS_AT_ONCE)
    Time.value = thread.process.kernel.clock.boot_time + _UUID_EPOCH + taken
    Range.value = _UUIDS_AT_ONCE
    Sequence.value = _SEQUENCE
