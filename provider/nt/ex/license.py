"""NtQueryLicenseValue: what the system's licence allows."""

from __future__ import annotations

from emu.named_tuple import NamedTuple
from provider.kernel.ob.casing import upcase
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED
from provider.nt.legend import REG_TYPE
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import ULONG, UNICODE_STRING, encode_utf16
from provider.syscall import Out

_REG_SZ, _REG_DWORD = 1, 4


class LicenseValue(NamedTuple):
    """A value with its registry type."""

    kind: int
    data: bytes


def _text(text: str) -> LicenseValue:
    return LicenseValue(_REG_SZ, encode_utf16(text + "\0"))


def _number(value: int) -> LicenseValue:
    return LicenseValue(_REG_DWORD, value.to_bytes(4, "little"))


LICENSE_VALUES = {
    upcase(name): value
    for name, value in {
        "Kernel-MUI-Language-Allowed": _text("EMPTY"),
        "Kernel-MUI-Language-Disallowed": _text("EMPTY"),
        "Kernel-MUI-Number-Allowed": _number(1000),
        "Kernel-ProductInfo": _number(48),  # PRODUCT_PROFESSIONAL
        "Kernel-RegisteredProcessors": _number(2),
        "Kernel-MaxPhysicalPage": _number(0x100000),
        "Kernel-PhysicalMemoryAddressLimit": _number(4096),
    }.items()
}
"""Those of a Windows 10 Pro that ordinary programs have been seen to ask for."""


@nt.syscall(partial="Only a few values are known.")
def NtQueryLicenseValue(
    thread: Thread,
    ValueName: UNICODE_STRING | None,
    Type: Out[REG_TYPE] | None,
    Data: FILLED,
    DataSize: ULONG,
    ResultDataSize: Out[ULONG] | None,
) -> None:
    """Tell a value of the system's licence."""
    if not ValueName or ResultDataSize is None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    value = LICENSE_VALUES.get(upcase(ValueName))
    if value is None:
        raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
    ResultDataSize.value = len(value.data)
    if Type is not None:
        Type.value = value.kind
    if DataSize < len(value.data):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    thread.process.space.write(Data, value.data)
