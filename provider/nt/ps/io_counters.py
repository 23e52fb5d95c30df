"""IO_COUNTERS of what the I/O manager counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.structs.ps import IO_COUNTERS

if TYPE_CHECKING:
    from provider.kernel.io.counters import IoCounters


def io_counters(counters: IoCounters) -> IO_COUNTERS:
    """The structure."""
    reads, writes, others = counters.operations
    read, written, other = counters.bytes
    return IO_COUNTERS(
        ReadOperationCount=reads,
        WriteOperationCount=writes,
        OtherOperationCount=others,
        ReadTransferCount=read,
        WriteTransferCount=written,
        OtherTransferCount=other,
    )
