"""A Win32 process as the subsystem knows it (CSR_PROCESS)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provider.nt.csr.dialect import dialect_of

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread
    from provider.nt.csr.dialect import Dialect
    from provider.nt.process import NtProcess

DEFAULT_SHUTDOWN_LEVEL = 0x280
"""SetProcessShutdownParameters, Win32 API."""


@dataclass(eq=False, slots=True)
class Client:
    """A process of the list; handles are those of the server."""

    process: Process
    handle: int
    group_id: int
    """The process group's, that of the process that leads it."""
    port_handle: int = 0
    """Of the server's port for it; 0: it has not connected."""
    view: range = range(0)
    """Where the server sees the memory that the client shares with it."""
    shutdown_level: int = DEFAULT_SHUTDOWN_LEVEL
    shutdown_flags: int = 0
    threads: dict[int, Thread] = field(default_factory=dict)
    """Those that somebody told of, or that have called, by id."""

    @property
    def dialect(self) -> Dialect:
        """How its DLLs speak."""
        part: NtProcess = self.process.context
        return dialect_of(part.userland.version)
