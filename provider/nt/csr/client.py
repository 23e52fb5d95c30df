"""A Win32 process as the subsystem knows it (CSR_PROCESS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.csr.dialect import dialect_of

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread
    from provider.nt.csr.dialect import Dialect
    from provider.nt.process import NtProcess

DEFAULT_SHUTDOWN_LEVEL = 0x280
"""SetProcessShutdownParameters, Win32 API."""


class Client:
    """A process of the list; handles are those of the server."""

    __slots__ = (
        *("group_id", "handle", "port_handle", "process"),
        *("shutdown_flags", "shutdown_level", "threads", "view"),
    )

    def __init__(self, process: Process, handle: int, group_id: int) -> None:
        self.process, self.handle = process, handle
        self.group_id = group_id
        """The process group's, that of the process that leads it."""
        self.port_handle = 0
        """Of the server's port for it; 0: it has not connected."""
        self.view = range(0)
        """Where the server sees the memory that the client shares with it."""
        self.shutdown_level, self.shutdown_flags = DEFAULT_SHUTDOWN_LEVEL, 0
        self.threads: dict[int, Thread] = {}
        """Those that somebody told of, or that have called, by id."""

    @property
    def dialect(self) -> Dialect:
        """How its DLLs speak."""
        part: NtProcess = self.process.context
        return dialect_of(part.userland.version)
