"""NtQuerySystemInformationEx: how processors belong together (winnt.h).

8 bytes   Relationship, Size
24 bytes  what the relation says, its last two bytes the number of affinities
12 bytes  GROUP_AFFINITY: Mask, Group, 6 reserved bytes     (44 bytes for a group's information)
"""

from __future__ import annotations

import struct

from provider.kernel.process import Process
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import reference
from provider.nt.legend import SYSTEM_CLASS
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import ULONG
from provider.syscall import Out

LOGICAL_PROCESSOR_AND_GROUP = 107
CPU_SETS = 175
RELATION_CORE, RELATION_NUMA_NODE, RELATION_CACHE = range(3)
RELATION_PACKAGE, RELATION_GROUP = 3, 4
RELATION_ALL = 0xFFFF
_AFFINITY = struct.pack("<IH6x", 1, 0)
_ONE_AFFINITY = struct.pack("<22xH", 1) + _AFFINITY
_ONE_GROUP = struct.pack("<2H20x", 1, 1) + struct.pack("<2B38xI", 1, 1, 1)
CACHE_LINE = 64
CACHE = struct.pack("<BBHII", 1, 8, CACHE_LINE, 32 << 10, 2)
"""CACHE_DESCRIPTOR: level, associativity, line, size, and that it is for data."""
_ONE_CACHE = CACHE + struct.pack("<18xH", 1) + _AFFINITY
_FIRST_CPU_SET = 0x100
_CPU_SET = struct.pack("<3I", 32, 0, _FIRST_CPU_SET).ljust(32, b"\0")
_RELATIONS = {
    RELATION_CORE: _ONE_AFFINITY,
    RELATION_NUMA_NODE: _ONE_AFFINITY,
    RELATION_CACHE: _ONE_CACHE,
    RELATION_PACKAGE: _ONE_AFFINITY,
    RELATION_GROUP: _ONE_GROUP,
}


@nt.syscall(partial="Only the relations and sets of processors, of which there is one.")
def NtQuerySystemInformationEx(
    thread: Thread,
    SystemInformationClass: SYSTEM_CLASS,
    InputBuffer: GIVEN,
    InputBufferLength: ULONG,
    SystemInformation: FILLED,
    SystemInformationLength: ULONG,
    ReturnLength: Out[ULONG] | None,
) -> None:
    """Tell something about the machine that takes a parameter."""
    if SystemInformationClass not in (LOGICAL_PROCESSOR_AND_GROUP, CPU_SETS):
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    if not InputBuffer or InputBufferLength < 4:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    space = thread.process.space
    asked = int.from_bytes(space.read(InputBuffer, 4), "little")
    is_set = SystemInformationClass == CPU_SETS
    if is_set and asked:
        reference(thread, asked, Process)
    if SystemInformationLength:
        space.probe_write(SystemInformation, 1)
    data = _CPU_SET if is_set else describe(asked)
    if ReturnLength is not None:
        ReturnLength.value = len(data)
    if SystemInformationLength < len(data):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL if is_set else NTSTATUS.INFO_LENGTH_MISMATCH)
    space.write(SystemInformation, data)


def describe(relation: int) -> bytes:
    """The records of a relation, or of all of them; none of a relation that there is not."""
    return b"".join(
        struct.pack("<2I", kind, 8 + len(record)) + record
        for kind, record in _RELATIONS.items()
        if relation in (kind, RELATION_ALL)
    )
