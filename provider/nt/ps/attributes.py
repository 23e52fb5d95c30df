"""Attribute lists of NtCreateUserProcess and NtCreateThreadEx: what the creator wants and asks."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple
from provider.nt.ps.priority_class import is_priority_class
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ke import PS_ATTRIBUTE
from provider.nt.structs.mm import SECTION_IMAGE_INFORMATION
from provider.nt.types import decode_utf16

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.mm import AddressSpace

    _Reader = Callable[[AddressSpace, "ProcessAttributes", int, int], None]

PARENT_PROCESS = 0x60000
DEBUG_OBJECT = 0x60001
TOKEN = 0x60002
CLIENT_ID = 0x10003
TEB_ADDRESS = 0x10004
IMAGE_NAME = 0x20005
IMAGE_INFORMATION = 0x6
MEMORY_RESERVE = 0x20007
PRIORITY_CLASS = 0x20008
ERROR_MODE = 0x20009
STANDARD_HANDLES = 0x2000A
HANDLE_LIST = 0x2000B
GROUP_AFFINITY = 0x3000C
PREFERRED_NODE = 0x2000D
IDEAL_PROCESSOR = 0x3000E
MITIGATION_OPTIONS = 0x20010
JOB_LIST = 0x20013
CHILD_PROCESS_POLICY = 0x20014
"""PS_ATTRIBUTE_… (phnt, ntpsapi.h): a number, and whether it is of a thread, an input, additive."""
_NUMBER = 0xFFFF
_NUMBERS = 27
_OUTPUT_SIZES = {CLIENT_ID: 8, TEB_ADDRESS: 4, IMAGE_INFORMATION: SECTION_IMAGE_INFORMATION.SIZE}
_HEADER = 4
_MOST_ATTRIBUTES = 32
_MOST_NAME_BYTES = 0xFFFE
_MOST_HANDLES = 0x10000
_MOST_RESERVATIONS = 16
_HANDLE = 4
_RESERVATION = struct.Struct("<2I")
_MITIGATION_SIZES = (4, 8, 16, 24)
_CHILDREN_RESTRICTED, _CHILDREN_OVERRIDE = 0x1, 0x2


class Duplicate(IntEnum):
    """PS_STD_HANDLE_STATE: which standard handles a process without inheritance gets."""

    NEVER = 0
    REQUESTED = 1
    ALWAYS = 2


class StandardHandles(NamedTuple):
    """PS_STD_HANDLE_INFO."""

    duplicate: Duplicate
    pseudo: int
    """Bits of those that are no handles, and stay as they are: input, output, error."""
    subsystem: int
    """With REQUESTED: of what images."""


class ProcessAttributes:
    """The attributes that this kernel acts on; others that NT has are passed over."""

    image_name: str = ""
    parent: int = 0
    """A handle; 0: the caller is the parent."""
    debug_object: int = 0
    """A handle; 0: the creator's own debugger, if it has one."""
    token: int = 0
    """A handle; 0: the process gets the parent's token."""
    handles: tuple[int, ...] | None = None
    """The only handles to inherit."""
    jobs: tuple[int, ...] = ()
    """Handles of jobs that the process joins, one after another."""
    standard: StandardHandles | None = None
    reservations: tuple[tuple[int, int], ...] = ()
    """Addresses and sizes of memory to reserve."""
    priority_class: int | None = None
    error_mode: int | None = None
    mitigation: int = 0
    """PROCESS_CREATION_MITIGATION_POLICY_… bits."""
    may_create_children: bool = True

    def __init__(self) -> None:
        self.outputs: dict[int, PS_ATTRIBUTE] = {}

    def store(self, space: AddressSpace, attribute: int, data: bytes) -> None:
        """Tell the caller `data` if it asks for `attribute`.  AccessViolation."""
        if (wanted := self.outputs.get(attribute)) is not None:
            tell(space, wanted, data)


def read_process_attributes(space: AddressSpace, va: int) -> ProcessAttributes:
    """The PS_ATTRIBUTE_LIST at `va`.  NtError INVALID_PARAMETER, AccessViolation."""
    found = ProcessAttributes()
    for attribute in read_list(space, va):
        _take(space, found, attribute)
    return found


def read_list(space: AddressSpace, va: int) -> list[PS_ATTRIBUTE]:
    """The attributes of the PS_ATTRIBUTE_LIST at `va`; 0: there is none.

    NtError INVALID_PARAMETER, AccessViolation.
    """
    if not va:
        return []
    total = int.from_bytes(space.read(va, _HEADER), "little")
    count, rest = divmod(total - _HEADER, PS_ATTRIBUTE.SIZE)
    _check(not rest and 0 <= count <= _MOST_ATTRIBUTES)
    data = space.read(va + _HEADER, count * PS_ATTRIBUTE.SIZE)
    found = [PS_ATTRIBUTE.from_bytes(data[at:]) for at in range(0, len(data), PS_ATTRIBUTE.SIZE)]
    numbers = {attribute.Attribute & _NUMBER for attribute in found}
    _check(len(numbers) == count and all(number < _NUMBERS for number in numbers))
    return found


def tell(space: AddressSpace, attribute: PS_ATTRIBUTE, data: bytes) -> None:
    """Store what an output attribute asks for, as much as has room.  AccessViolation."""
    data = data[: attribute.Size]
    space.write(attribute.Value, data)
    if attribute.ReturnLength:
        space.write(attribute.ReturnLength, len(data).to_bytes(4, "little"))


def _take(space: AddressSpace, found: ProcessAttributes, attribute: PS_ATTRIBUTE) -> None:
    kind, size, value = attribute.Attribute, attribute.Size, attribute.Value
    if kind in _HANDLE_FIELDS:
        _check(size == _HANDLE)
        setattr(found, _HANDLE_FIELDS[kind], value)
    elif kind in _OUTPUT_SIZES:
        _check(size == _OUTPUT_SIZES[kind])
        space.probe_write(value, size)
        found.outputs[kind] = attribute
    elif kind in _READERS:
        _READERS[kind](space, found, value, size)


def _check(condition: bool) -> None:
    if not condition:
        raise NtError(NTSTATUS.INVALID_PARAMETER)


def _number(space: AddressSpace, va: int, size: int, *sizes: int) -> int:
    _check(size in sizes)
    return int.from_bytes(space.read(va, size), "little")


def _handles(space: AddressSpace, va: int, size: int) -> tuple[int, ...]:
    count, rest = divmod(size, _HANDLE)
    _check(not rest and count <= _MOST_HANDLES)
    return struct.unpack(f"<{count}I", space.read(va, size))


def _image_name(space: AddressSpace, found: ProcessAttributes, va: int, size: int) -> None:
    _check(size <= _MOST_NAME_BYTES and not size % 2)
    found.image_name = decode_utf16(space.read(va, size))


def _handle_list(space: AddressSpace, found: ProcessAttributes, va: int, size: int) -> None:
    found.handles = _handles(space, va, size)


def _job_list(space: AddressSpace, found: ProcessAttributes, va: int, size: int) -> None:
    found.jobs = _handles(space, va, size)


def _standard(space: AddressSpace, found: ProcessAttributes, va: int, size: int) -> None:
    word = _number(space, va, size, 8)
    _check(word & 3 in tuple(Duplicate))
    found.standard = StandardHandles(Duplicate(word & 3), word >> 2 & 7, word >> 32)


def _reservations(space: AddressSpace, found: ProcessAttributes, va: int, size: int) -> None:
    count, rest = divmod(size, _RESERVATION.size)
    _check(not rest and count <= _MOST_RESERVATIONS)
    found.reservations = tuple(_RESERVATION.iter_unpack(space.read(va, size)))


def _priority_class(space: AddressSpace, found: ProcessAttributes, va: int, size: int) -> None:
    found.priority_class = _number(space, va, size, 1)
    _check(is_priority_class(found.priority_class))


def _error_mode(space: AddressSpace, found: ProcessAttributes, va: int, size: int) -> None:
    found.error_mode = _number(space, va, size, 4)


def _mitigation(space: AddressSpace, found: ProcessAttributes, va: int, size: int) -> None:
    found.mitigation = _number(space, va, size, *_MITIGATION_SIZES)


def _affinity(space: AddressSpace, found: ProcessAttributes, va: int, size: int) -> None:
    """A GROUP_AFFINITY: the one processor of the one group."""
    _check(_number(space, va, size, 12) == 1)


def _zero(sizes: int) -> _Reader:
    """Numbers of processors and nodes, of which there is one."""

    def read(space: AddressSpace, found: ProcessAttributes, va: int, size: int) -> None:
        _check(_number(space, va, size, sizes) == 0)

    return read


def _child_policy(space: AddressSpace, found: ProcessAttributes, va: int, size: int) -> None:
    policy = _number(space, va, size, 4, 8)
    _check(not policy & ~(_CHILDREN_RESTRICTED | _CHILDREN_OVERRIDE))
    found.may_create_children = not policy & _CHILDREN_RESTRICTED


_HANDLE_FIELDS = {PARENT_PROCESS: "parent", DEBUG_OBJECT: "debug_object", TOKEN: "token"}
_READERS: dict[int, _Reader] = {
    IMAGE_NAME: _image_name,
    MEMORY_RESERVE: _reservations,
    PRIORITY_CLASS: _priority_class,
    ERROR_MODE: _error_mode,
    STANDARD_HANDLES: _standard,
    HANDLE_LIST: _handle_list,
    GROUP_AFFINITY: _affinity,
    PREFERRED_NODE: _zero(2),
    IDEAL_PROCESSOR: _zero(4),
    MITIGATION_OPTIONS: _mitigation,
    MITIGATION_OPTIONS | 0x40000: _mitigation,  # additive in older headers
    JOB_LIST: _job_list,
    CHILD_PROCESS_POLICY: _child_policy,
}
