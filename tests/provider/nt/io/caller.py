"""A thread that makes system calls without guest code: words in, status out."""

from __future__ import annotations

import struct
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from provider.kernel.errors import KernelError
from provider.kernel.io import Mount, MountMode
from provider.kernel.kernel import Kernel
from provider.kernel.mm import AccessViolation, Protection
from provider.kernel.thread import Thread
from provider.nt import syscalls_table
from provider.nt.dispatch import status_of
from provider.nt.status import NTSTATUS, NtError
from provider.syscall import Syscall

if TYPE_CHECKING:
    from provider.kernel.process import Process

RAM = 16 << 20
MEMORY_VA = 0x100000
IO_VA, HANDLE_VA, NAME_VA, DATA_VA = (MEMORY_VA + 0x10000 * n for n in range(4))
MEMORY_BYTES = 0x200000
CURRENT_PROCESS = 0xFFFFFFFF
CASE_INSENSITIVE = 0x40
READ, WRITE, DELETE, SYNCHRONIZE = 0x80000000, 0x40000000, 0x10000, 0x100000
READ_WRITE = READ | WRITE
SHARE_ALL = 7
_NAMED = frozenset(NTSTATUS)
OPEN, CREATE, OPEN_IF, OVERWRITE_IF = 1, 2, 3, 5
DIRECTORY, SYNCHRONOUS, NOT_DIRECTORY, DELETE_ON_CLOSE = 0x1, 0x20, 0x40, 0x1000


class Result(NamedTuple):
    """A status, and the number that the call was made for: a handle, or bytes."""

    status: NTSTATUS
    value: int = 0


class Caller:
    """A thread of a process with `MEMORY_BYTES` of memory at `MEMORY_VA`."""

    def __init__(self, *mounts: Mount, process: Process | None = None) -> None:
        """The process is the only one of a new machine, or `process`."""
        self.table = syscalls_table()
        self.while_waiting: list[Callable[[], object]] = []
        """What happens at each wait of a call; it has to end the wait."""
        if process is None:
            process = Kernel(ram_bytes=RAM).create_minimal_process("caller")
        self.kernel = process.kernel
        for mount in mounts:
            self.kernel.io.mount(mount)
        process.space.allocate(
            MEMORY_VA,
            MEMORY_BYTES,
            reserve=True,
            commit=True,
            protection=Protection.READ | Protection.WRITE,
        )
        self.space = process.space
        self.thread = Thread(
            self.kernel.allocate_id(), process, self.kernel.cpu.create_registers(0, 0, 0)
        )

    def __call__(self, name: str, *words: int) -> NTSTATUS:
        """Make a call as the dispatcher does."""
        call = self.table.get(name)
        assert isinstance(call, Syscall)
        try:
            values = [
                word if parameter.decode is None else parameter.decode(self.space, word)
                for parameter, word in zip(call.parameters, words, strict=True)
            ]
            result = call.handler(self.thread, *values)
            if call.is_async:
                result = self._finish(result)
        except (NtError, KernelError, AccessViolation) as error:
            result = status_of(error)
        if result and result not in _NAMED:  # an error of Win32, or whatever a guest has made up
            return cast("NTSTATUS", result)
        return NTSTATUS(result or 0)

    def attributes(self, name: str, root: int = 0, flags: int = CASE_INSENSITIVE) -> int:
        """The address of an OBJECT_ATTRIBUTES."""
        text = name.encode("utf-16-le", "surrogatepass")
        text_va = NAME_VA + 64
        self.space.write(NAME_VA, struct.pack("<6I", 24, root, NAME_VA + 32, flags, 0, 0))
        self.space.write(NAME_VA + 32, struct.pack("<2HI", len(text), len(text), text_va))
        self.space.write(text_va, text)
        return NAME_VA

    def word(self, va: int) -> int:
        """The 32-bit word at `va`."""
        return int.from_bytes(self.space.read(va, 4), "little")

    def create(
        self,
        name: str,
        access: int = READ_WRITE | SYNCHRONIZE,
        *,
        disposition: int = OPEN_IF,
        options: int = SYNCHRONOUS,
        share: int = SHARE_ALL,
        root: int = 0,
        attributes: int = 0,
    ) -> Result:
        """NtCreateFile; the value is the handle."""
        status = self(
            "NtCreateFile",
            HANDLE_VA,
            access | SYNCHRONIZE,
            self.attributes(name, root),
            IO_VA,
            0,
            attributes,
            share,
            disposition,
            options,
            0,
            0,
        )
        return Result(status, self.word(HANDLE_VA) if status == 0 else 0)

    def open(self, name: str, access: int = READ, **more: Any) -> Result:
        """NtCreateFile of what exists."""
        return self.create(name, access, disposition=OPEN, **more)

    def must_create(self, name: str, access: int = READ_WRITE, **more: Any) -> int:
        """A handle of a file that can be opened or created."""
        result = self.create(name, access, **more)
        assert result.status == 0, f"{name}: {result.status.name}"
        return result.value

    def close(self, handle: int) -> None:
        """NtClose."""
        assert self("NtClose", handle) == 0

    def write(self, handle: int, data: bytes, offset: int | None = None) -> NTSTATUS:
        """NtWriteFile."""
        self.space.write(DATA_VA, data)
        return self(
            "NtWriteFile", handle, 0, 0, 0, IO_VA, DATA_VA, len(data), self._offset(offset), 0
        )

    def read(self, handle: int, size: int, offset: int | None = None) -> tuple[NTSTATUS, bytes]:
        """NtReadFile."""
        at = self._offset(offset)
        status = self("NtReadFile", handle, 0, 0, 0, IO_VA, DATA_VA, size, at, 0)
        done = self.word(IO_VA + 4) if status == 0 else 0
        return status, self.space.read(DATA_VA, done) if done else b""

    def query(self, handle: int, information_class: int, size: int = 0x1000) -> Any:
        """NtQueryInformationFile; status and bytes."""
        status = self("NtQueryInformationFile", handle, IO_VA, DATA_VA, size, information_class)
        if status not in (NTSTATUS.SUCCESS, NTSTATUS.BUFFER_OVERFLOW):
            return status, b""
        return status, self.space.read(DATA_VA, self.word(IO_VA + 4))

    def set(self, handle: int, information_class: int, data: bytes) -> NTSTATUS:
        """NtSetInformationFile."""
        self.space.write(DATA_VA, data)
        return self("NtSetInformationFile", handle, IO_VA, DATA_VA, len(data), information_class)

    def rename(self, handle: int, name: str, *, replace: bool = False, link: bool = False) -> Any:
        """FileRenameInformation, or FileLinkInformation."""
        text = name.encode("utf-16-le")
        data = struct.pack("<3I", replace, 0, len(text)) + text
        return self.set(handle, 11 if link else 10, data)

    def listing(self, handle: int, pattern: str | None = None, size: int = 0x1000) -> list[str]:
        """The names of a directory, by NtQueryDirectoryFile."""
        names: list[str] = []
        restart = 1
        while True:
            text = 0
            if pattern is not None:
                encoded = pattern.encode("utf-16-le")
                text = NAME_VA
                header = struct.pack("<2HI", len(encoded), len(encoded), NAME_VA + 8)
                self.space.write(NAME_VA, header + encoded)
            status = self(
                "NtQueryDirectoryFile",
                handle, 0, 0, 0, IO_VA, DATA_VA, size, 12, 0, text, restart,
            )  # fmt: skip
            if status in (NTSTATUS.NO_MORE_FILES, NTSTATUS.NO_SUCH_FILE):
                return names
            assert not status, status.name
            names += _names(self.space.read(DATA_VA, self.word(IO_VA + 4)))
            restart = 0

    def _finish(self, call: Coroutine[None, Any, Any]) -> Any:
        """The result of a handler; where it waits, `while_waiting` has to end the wait."""
        outcome = None
        while True:
            try:
                call.send(outcome)
            except StopIteration as end:
                return end.value
            assert self.while_waiting, "the call waits, and nobody ends that"
            self.while_waiting.pop(0)()
            outcome, self.thread.result = self.thread.result, None

    def _offset(self, offset: int | None) -> int:
        if offset is None:
            return 0
        self.space.write(IO_VA + 16, offset.to_bytes(8, "little", signed=True))
        return IO_VA + 16


def work_caller(path: Path, mode: MountMode = MountMode.READ_WRITE) -> Caller:
    """A caller that has `path` as C:\\work."""
    return Caller(Mount("C:\\work", path, mode))


def _names(data: bytes) -> list[str]:
    names, at = [], 0
    while True:
        following, _, size = struct.unpack_from("<3I", data, at)
        names.append(data[at + 12 : at + 12 + size].decode("utf-16-le"))
        if not following:
            return names
        at += following
