"""SystemFirmwareTableInformation: the tables that firmware leaves, here only those of SMBIOS.

A structure of SMBIOS is a type, a length, a handle and the fixed part, then strings, closed by an
empty one ("System Management BIOS Reference Specification", DMTF DSP0134).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.syscall import Out

_REQUEST = struct.Struct("<4I")
ENUMERATE, GET = 0, 1
_PROVIDERS = {provider: int.from_bytes(provider, "big") for provider in (b"RSMB", b"ACPI", b"FIRM")}
_SMBIOS_MAJOR, _SMBIOS_MINOR = 2, 4


def query_firmware(thread: Thread, va: int, length: int, returned: Out[int] | None) -> None:
    """Answer the request at `va`, whose answer takes its place.

    NtError INFO_LENGTH_MISMATCH, BUFFER_TOO_SMALL, NOT_IMPLEMENTED for an unknown provider,
    INVALID_PARAMETER, NOT_FOUND.
    """
    if returned is not None:
        returned.value = _REQUEST.size if length < _REQUEST.size else 0
    if length < _REQUEST.size:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    space = thread.process.space
    provider, action, table, _ = _REQUEST.unpack(space.read(va, _REQUEST.size))
    data = _answer(provider, action, table)
    if returned is not None:
        returned.value = _REQUEST.size + len(data)
    space.write(va + 12, len(data).to_bytes(4, "little"))
    if length < _REQUEST.size + len(data):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    space.write(va + _REQUEST.size, data)


def _answer(provider: int, action: int, table: int) -> bytes:
    if provider not in _PROVIDERS.values():
        raise NtError(NTSTATUS.NOT_IMPLEMENTED)
    if action not in (ENUMERATE, GET):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    has_tables = provider == _PROVIDERS[b"RSMB"]
    if action == ENUMERATE:
        return bytes(4) if has_tables else b""
    if not has_tables or table:
        raise NtError(NTSTATUS.NOT_FOUND)
    return smbios()


def smbios() -> bytes:
    """RawSMBIOSData: calling method, version, revision, length, the structures."""
    tables = b"".join(
        (
            _structure(0, 0, bytes((1, 2, 0, 0xF0, 3, 0)) + bytes(12), "picorun", "1"),
            _structure(1, 1, bytes((1, 2, 3, 0)) + bytes(16) + b"\6\0\0", "picorun", "PC", "1"),
            _structure(127, 2, b""),
        )
    )
    return struct.pack("<4BI", 0, _SMBIOS_MAJOR, _SMBIOS_MINOR, 0, len(tables)) + tables


def _structure(kind: int, handle: int, fixed: bytes, *texts: str) -> bytes:
    strings = b"".join(text.encode() + b"\0" for text in texts) or b"\0"
    return struct.pack("<BBH", kind, 4 + len(fixed), handle) + fixed + strings + b"\0"
