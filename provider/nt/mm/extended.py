"""MEM_EXTENDED_PARAMETER arrays of the Ex calls (winnt.h; "VirtualAlloc2", Win32 API)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple
from provider.nt.mm.access import HIGHEST_USER_ADDRESS
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace

_PARAMETER = struct.Struct("<QQ")
_REQUIREMENTS = struct.Struct("<3I")
_GRANULARITY = 0x10000
_PAGE_MASK = 0xFFF
_MACHINE_I386 = 0x14C


class ParameterType(IntEnum):
    """MEM_EXTENDED_PARAMETER_TYPE."""

    ADDRESS_REQUIREMENTS = 1
    NUMA_NODE = 2
    PARTITION_HANDLE = 3
    USER_PHYSICAL_HANDLE = 4
    ATTRIBUTE_FLAGS = 5
    IMAGE_MACHINE = 6


class Requirements(NamedTuple):
    """Where a new range may go; 0 is no requirement."""

    lowest: int = 0
    highest: int = 0
    alignment: int = 0


def read(space: AddressSpace, va: int, count: int, *, view: bool) -> Requirements:
    """The address requirements in the `count` parameters at `va`; for a `view` or an allocation.

    NtError INVALID_PARAMETER for a type that is unknown, given twice or not for this call;
    NOT_SUPPORTED for an image of another machine.
    """
    if not count:
        return Requirements()
    if not va or count > len(ParameterType):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    parameters = list(_PARAMETER.iter_unpack(space.read(va, _PARAMETER.size * count)))
    types = [kind & 0xFF for kind, _ in parameters]
    if len(set(types)) != count:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    found = Requirements()
    for kind, value in zip(types, (value for _, value in parameters), strict=True):
        if kind == ParameterType.ADDRESS_REQUIREMENTS:
            found = _requirements(space, value & 0xFFFFFFFF, view=view)
        elif kind == ParameterType.IMAGE_MACHINE and view:
            if value not in (0, _MACHINE_I386):
                raise NtError(NTSTATUS.NOT_SUPPORTED)
        elif kind != ParameterType.NUMA_NODE or value:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
    return found


def _requirements(space: AddressSpace, va: int, *, view: bool) -> Requirements:
    found = Requirements(*_REQUIREMENTS.unpack(space.read(va, _REQUIREMENTS.size)))
    lowest, highest, alignment = found
    if alignment and (view or alignment & (alignment - 1) or alignment < _GRANULARITY):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if lowest % _GRANULARITY or highest > HIGHEST_USER_ADDRESS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if highest and (highest & _PAGE_MASK != _PAGE_MASK or lowest >= highest):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return found


def check_base(base: int, requirements: Requirements) -> None:
    """NtError INVALID_PARAMETER: an address was given and requirements as well."""
    if base and any(requirements):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
