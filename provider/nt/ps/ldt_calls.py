"""NtSetLdtEntries."""

from __future__ import annotations

import struct

from provider.kernel.thread import Thread
from provider.nt.ps.local_descriptors import set_entries
from provider.nt.table import nt
from provider.nt.types import ULONG


@nt.syscall()
def NtSetLdtEntries(
    thread: Thread,
    Selector0: ULONG,
    Entry0Low: ULONG,
    Entry0Hi: ULONG,
    Selector1: ULONG,
    Entry1Low: ULONG,
    Entry1Hi: ULONG,
) -> None:
    """Set one or two descriptors of the caller's LDT; selector 0: none."""
    first = Selector0, struct.pack("<2I", Entry0Low, Entry0Hi)
    second = Selector1, struct.pack("<2I", Entry1Low, Entry1Hi)
    set_entries(thread.process, [first, second])
