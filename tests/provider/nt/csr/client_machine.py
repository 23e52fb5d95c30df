"""A process that speaks with the Windows subsystem's server in words, without guest code."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.status import status_name
from tests.provider.nt.synthetic import NtMachine, ntdll_image, program_image, start

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread
    from provider.nt.csr.server import Server

PORT_NAME = "\\Sessions\\1\\Windows\\ApiPort"
DELTA_OF_DATA = 0x28
"""From the start of a message to its data."""
SHARED_SIZE = 0x10000


class ClientMachine:
    """The machine's first process, which is a client from the beginning."""

    def __init__(self) -> None:
        self.machine: NtMachine = start("nop")
        self.buffer = self.machine.allocate()
        self.message = self.buffer + 0x400
        self.port = self.shared = self.remote = 0

    @property
    def server(self) -> Server:
        return self.machine.provider.subsystem

    def status(self, name: str, *arguments: int) -> str:
        return status_name(self.machine.call(name, *arguments)).removeprefix("STATUS_")

    def connect(self, name: str = PORT_NAME, *, share: bool = True) -> str:
        """Connect, with a section of which all is committed."""
        space, at, view = self.machine.process.space, self.buffer, self.buffer + 0x100
        text = name.encode("utf-16-le")
        space.write(at + 0x300, text)
        self.machine.write(at, len(text) << 16 | len(text), at + 0x300)
        self.machine.write(at + 0x20, 12, 2, 0x0101)
        if share:
            self.machine.write(at + 0x40, SHARED_SIZE, 0)
            create = at + 0x60, 0xF001F, 0, at + 0x40, 4, 0x08000000, 0
            assert self.status("NtCreateSection", *create) == "SUCCESS"
            self.machine.write(view, 24, self.machine.read(at + 0x60), 0, SHARED_SIZE, 0, 0)
        self.machine.write(at + 0x80, 0x1C)
        views = view if share else 0, 0, 0
        information = 0, at + 0x90, at + 0x80
        result = self.status("NtSecureConnectPort", at + 0x70, at, at + 0x20, *views, *information)
        if result == "SUCCESS":
            self.port = self.machine.read(at + 0x70)
            self.shared, self.remote = self.machine.read(view + 16), self.machine.read(view + 20)
        return result

    def call(self, number: int, data: bytes = b"", capture: int = 0) -> tuple[str, bytes]:
        """Call a routine; returns its status and the message's new data."""
        space = self.machine.process.space
        length = 16 + len(data)
        header = struct.pack("<4H4I", length, 24 + length, 0, 0, 0, 0, 0, 0)
        space.write(self.message, header + struct.pack("<4I", capture, number, 0, 0) + data)
        sent = self.status("NtRequestWaitReplyPort", self.port, self.message, self.message)
        assert sent == "SUCCESS", sent
        status = self.machine.read(self.message + 32)
        name = status_name(status).removeprefix("STATUS_")
        return name, space.read(self.message + DELTA_OF_DATA, len(data))

    def capture(self, offsets: tuple[int, ...], data: bytes, *, length: int | None = None) -> int:
        """A capture buffer at the start of the shared memory; returns the server's address."""
        size = 16 + 4 * len(offsets) + len(data)
        header = struct.pack("<4I", size if length is None else length, 0, len(offsets), 0)
        words = struct.pack(f"<{len(offsets)}I", *offsets)
        self.machine.process.space.write(self.shared, header + words + data)
        return self.remote

    def other(self, name: str = "other.exe") -> tuple[Process, Thread, int, int]:
        """Another process with a thread, and the client's handles for them."""
        from provider.nt import startup

        provider, own = self.machine.provider, self.machine.process
        process = startup.create_process(
            provider, program_image("nop"), ntdll_image(), b"", name, own
        )
        thread = startup.create_initial_thread(provider, process)
        handles = own.handles.insert(process, 0x1FFFFF), own.handles.insert(thread, 0x1FFFFF)
        return process, thread, *handles
