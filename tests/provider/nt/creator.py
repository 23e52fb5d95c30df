"""A process that makes others from a mounted directory with NtCreateUserProcess."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.io.mount import Mount
from provider.nt.structs.process import RTL_USER_PROCESS_PARAMETERS
from tests.provider.nt.synthetic import NtMachine, program_image, start

if TYPE_CHECKING:
    from pathlib import Path

    from provider.kernel.process import Process

IMAGE_NAME, CLIENT_ID, HANDLE_LIST = 0x20005, 0x10003, 0x2000B
INHERIT, SUSPENDED = 4, 1
ALL_ACCESS = 0x1FFFFF
PATH = "\\??\\C:\\programs\\child.exe"
SIZE = RTL_USER_PROCESS_PARAMETERS.SIZE


class Creator:
    """A machine with a program in a mounted directory, and a process that starts it."""

    def __init__(self, directory: Path) -> None:
        (directory / "child.exe").write_bytes(program_image("nop").data)
        (directory / "text.exe").write_bytes(b"no program")
        (directory / "empty.exe").write_bytes(b"")
        self.machine: NtMachine = start("nop")
        self.machine.kernel.io.mount(Mount("C:\\programs", directory))
        self.buffer = self.machine.allocate(size=0x8000)
        self.out = self.buffer
        self.list = self.buffer + 0x100
        self.parameters = self.buffer + 0x1000

    def attributes(self, *rows: tuple[int, int, int]) -> int:
        data = b"".join(struct.pack("<4I", *row, 0) for row in rows)
        space = self.machine.process.space
        space.write(self.list, struct.pack("<I", 4 + len(data)) + data)
        return self.list

    def name(self, path: str = PATH) -> tuple[int, int, int]:
        va, data = self.buffer + 0x2000, path.encode("utf-16-le")
        self.machine.process.space.write(va, data)
        return IMAGE_NAME, len(data), va

    def fill(self, handles: tuple[int, int, int] = (0, 0, 0), flags: int = 1) -> int:
        """Parameters with a command line behind the structure, and an environment elsewhere."""
        header = RTL_USER_PROCESS_PARAMETERS(Flags=flags, ConsoleHandle=0xFFFFFFFF)
        header.Length = header.MaximumLength = SIZE + 8
        header.CommandLine.Length, header.CommandLine.MaximumLength = 6, 8
        header.CommandLine.Buffer = SIZE + (self.parameters if flags else 0)
        header.DllPath.Length = header.DllPath.MaximumLength = 0x1000
        header.DllPath.Buffer = 0x12345678
        header.StandardInput, header.StandardOutput, header.StandardError = handles
        header.Environment, header.EnvironmentSize = self.buffer + 0x3000, 12
        space = self.machine.process.space
        space.write(self.buffer + 0x3000, "A=1\0\0\0".encode("utf-16-le"))
        space.write(self.parameters, bytes(header) + "abc\0".encode("utf-16-le"))
        return self.parameters

    def create(
        self,
        parameters: int,
        attributes: int,
        flags: int = 0,
        thread_flags: int = SUSPENDED,
        info: int = 0,
    ) -> int:
        return self.machine.call(
            "NtCreateUserProcess", self.out, self.out + 4, ALL_ACCESS, ALL_ACCESS, 0, 0,
            flags, thread_flags, parameters, info, attributes,
        )  # fmt: skip

    def child(self) -> Process:
        return max(self.machine.kernel.processes.values(), key=lambda process: process.id)
