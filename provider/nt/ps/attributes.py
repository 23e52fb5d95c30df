"""Attribute lists of NtCreateUserProcess and NtCreateThreadEx: what the creator wants and asks."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ke import PS_ATTRIBUTE
from provider.nt.types import decode_utf16

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace

PARENT_PROCESS = 0x60000
DEBUG_OBJECT = 0x60001
TOKEN = 0x60002
CLIENT_ID = 0x10003
TEB_ADDRESS = 0x10004
IMAGE_NAME = 0x20005
IMAGE_INFORMATION = 0x6
HANDLE_LIST = 0x2000B
JOB_LIST = 0x20013
_OUTPUTS = (CLIENT_ID, TEB_ADDRESS, IMAGE_INFORMATION)
_HEADER = 4
_MOST_ATTRIBUTES = 32
_MOST_NAME_BYTES = 0xFFFE
_MOST_HANDLES = 0x10000


@dataclass
class ProcessAttributes:
    """The attributes that this kernel knows; others are passed over."""

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
    outputs: dict[int, PS_ATTRIBUTE] = field(default_factory=dict)

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
    if rest or not 0 <= count <= _MOST_ATTRIBUTES:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    data = space.read(va + _HEADER, count * PS_ATTRIBUTE.SIZE)
    return [PS_ATTRIBUTE.from_bytes(data[at:]) for at in range(0, len(data), PS_ATTRIBUTE.SIZE)]


def tell(space: AddressSpace, attribute: PS_ATTRIBUTE, data: bytes) -> None:
    """Store what an output attribute asks for, as much as has room.  AccessViolation."""
    data = data[: attribute.Size]
    space.write(attribute.Value, data)
    if attribute.ReturnLength:
        space.write(attribute.ReturnLength, len(data).to_bytes(4, "little"))


def _read_handles(space: AddressSpace, va: int, size: int) -> tuple[int, ...]:
    if size // 4 > _MOST_HANDLES:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return struct.unpack(f"<{size // 4}I", space.read(va, size & ~3))


def _take(space: AddressSpace, found: ProcessAttributes, attribute: PS_ATTRIBUTE) -> None:
    kind, size, value = attribute.Attribute, attribute.Size, attribute.Value
    if kind == IMAGE_NAME:
        if size > _MOST_NAME_BYTES:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        found.image_name = decode_utf16(space.read(value, size & ~1))
    elif kind == PARENT_PROCESS:
        found.parent = value
    elif kind == DEBUG_OBJECT:
        found.debug_object = value
    elif kind == TOKEN:
        found.token = value
    elif kind == HANDLE_LIST:
        found.handles = _read_handles(space, value, size)
    elif kind == JOB_LIST:
        found.jobs = _read_handles(space, value, size)
    elif kind in _OUTPUTS:
        space.probe_write(value, size)
        found.outputs[kind] = attribute
