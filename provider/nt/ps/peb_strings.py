"""What is read for others from a process's own parameters, which the guest may have spoilt."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.process import PEB, RTL_USER_PROCESS_PARAMETERS
from provider.nt.types import UNICODE_STRING_HEADER, decode_utf16, encode_utf16

if TYPE_CHECKING:
    from provider.kernel.process import Process


def command_line(process: Process) -> str:
    """The command line.

    NtError PROCESS_IS_TERMINATING without memory, NOT_FOUND without a PEB; AccessViolation.
    """
    return _text(process, _parameters(process).CommandLine)


def window_information(process: Process) -> bytes:
    """PROCESS_WINDOW_INFORMATION: flags, the title's length, and the title.

    NtError and AccessViolation as `command_line`.
    """
    parameters = _parameters(process)
    title = encode_utf16(_text(process, parameters.WindowTitle))
    return struct.pack("<IH", parameters.WindowFlags, len(title)) + title


def _parameters(process: Process) -> RTL_USER_PROCESS_PARAMETERS:
    part = nt_part(process)
    if process.is_gone:
        raise NtError(NTSTATUS.PROCESS_IS_TERMINATING)
    if not part.peb_va:
        raise NtError(NTSTATUS.NOT_FOUND)
    space = process.space
    where = space.read(part.peb_va + PEB.ProcessParameters.offset, 4)
    size = RTL_USER_PROCESS_PARAMETERS.SIZE
    return RTL_USER_PROCESS_PARAMETERS.from_bytes(space.read(int.from_bytes(where, "little"), size))


def _text(process: Process, string: UNICODE_STRING_HEADER) -> str:
    return decode_utf16(process.space.read(string.Buffer, string.Length & ~1))
