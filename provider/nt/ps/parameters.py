"""Process parameters: from the creator's memory into the new process's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.kernel.mm import AccessViolation, Protection
from provider.nt.ps.creation import Step, tell
from provider.nt.startup import attach_console
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.process import (
    PEB,
    RTL_USER_PROC_PARAMS_NORMALIZED,
    RTL_USER_PROCESS_PARAMETERS,
)
from provider.nt.types import decode_utf16

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.kernel.process import Process
    from provider.nt.process import NtProcess
    from provider.nt.types import UNICODE_STRING_HEADER

MOST_BYTES = 1 << 20
_STANDARD = ("StandardInput", "StandardOutput", "StandardError")
_READ_WRITE = Protection.READ | Protection.WRITE


class Block:
    """Captured parameters and environment of a process that is to be."""

    def __init__(self, space: AddressSpace, va: int) -> None:
        """Capture what is at `va`.  NtError INVALID_PARAMETER, AccessViolation."""
        size = RTL_USER_PROCESS_PARAMETERS.SIZE
        length = RTL_USER_PROCESS_PARAMETERS.from_bytes(space.read(va, size)).Length
        if not size <= length <= MOST_BYTES:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        data = bytearray(space.read(va, length))
        header = RTL_USER_PROCESS_PARAMETERS(data)
        self._base = va if header.Flags & RTL_USER_PROC_PARAMS_NORMALIZED else 0
        self.va = 0
        """Where it is in the new process, once it is there."""
        tail = _strings_elsewhere(space, header, va) if self._base else b""
        self._data = bytearray(bytes(data) + tail)
        self.header = header = RTL_USER_PROCESS_PARAMETERS(self._data)
        self._environment = b"\0\0\0\0"
        if header.Environment and header.EnvironmentSize:
            if header.EnvironmentSize > MOST_BYTES:
                raise NtError(NTSTATUS.INVALID_PARAMETER)
            self._environment = space.read(header.Environment, header.EnvironmentSize)

    @property
    def image_path(self) -> str:
        """The image's path as the creator writes it, cut where it leaves the block."""
        field = self.header.ImagePathName
        start = field.Buffer - self._base
        text = bytes(self._data[start : start + field.Length]) if start >= 0 else b""
        return decode_utf16(text[: len(text) & ~1])

    def duplicate_standard_handles(self, parent: Process, child: Process, skipped: int = 0) -> None:
        """Give the child handles of its own for the standard handles; 0 for what is none.

        `skipped` has a bit for each that stays as it is, input first.
        """
        for index, name in enumerate(_STANDARD):
            if skipped >> index & 1:
                continue
            handle = getattr(self.header, name)
            try:
                new = parent.handles.duplicate(handle, child.handles, inherit=True)
            except KernelError:
                new = 0
            setattr(self.header, name, new)

    def store(self, process: Process) -> None:
        """Put everything into the process's memory.  KernelError."""
        space, header = process.space, self.header
        va, _ = space.allocate(
            None, len(self._data), reserve=True, commit=True, protection=_READ_WRITE
        )
        self.va = va
        self._move_strings(va)
        environment = self._environment
        header.Environment, _ = space.allocate(
            None, len(environment), reserve=True, commit=True, protection=_READ_WRITE
        )
        space.write(header.Environment, environment)
        header.EnvironmentSize = len(environment)
        header.MaximumLength = header.Length = len(self._data)
        header.Flags |= RTL_USER_PROC_PARAMS_NORMALIZED
        header.CurrentDirectory.Handle = 0
        if header.ConsoleHandle:  # a new one is asked for like the creator's: there is but one
            header.ConsoleHandle = attach_console(process)
        space.write(va, bytes(self._data))
        part: NtProcess = process.context
        space.write(part.peb_va + PEB.ProcessParameters.offset, va.to_bytes(4, "little"))
        tell(part.provider, Step.PARAMETERS, process, detail=self.image_path)

    def _move_strings(self, va: int) -> None:
        for field in _strings(self.header):
            start = field.Buffer - self._base
            if field.Buffer and 0 <= start <= len(self._data) - field.MaximumLength:
                field.Buffer = va + start
            else:
                field.Buffer = field.Length = field.MaximumLength = 0


def _strings(header: RTL_USER_PROCESS_PARAMETERS) -> list[UNICODE_STRING_HEADER]:
    return [
        header.CurrentDirectory.DosPath,
        header.DllPath,
        header.ImagePathName,
        header.CommandLine,
        header.WindowTitle,
        header.DesktopInfo,
        header.ShellInfo,
        header.RuntimeData,
    ]


def _strings_elsewhere(space: AddressSpace, header: RTL_USER_PROCESS_PARAMETERS, va: int) -> bytes:
    """What follows the block at `va` when the strings that lie elsewhere are moved there.

    Wine's CreateProcess changes the path and the command line so for a batch file.  A string that
    cannot be read is none.
    """
    tail = bytearray()
    for field in _strings(header):
        start, length = field.Buffer, field.Length & ~1
        if not start or va <= start <= va + header.Length - length:
            continue
        try:
            text = space.read(start, length)
        except AccessViolation:
            continue
        field.Buffer = va + header.Length + len(tail)
        field.Length, field.MaximumLength = length, length + 2
        tail += text + b"\0\0"
    return bytes(tail)
