"""The handles of one process, as NtQueryInformationProcess tells them (Windows 8)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.structs.ob import OBJ
from provider.nt.structs.ps import PROCESS_HANDLE_TABLE_ENTRY_INFO

if TYPE_CHECKING:
    from provider.kernel.process import Process


def handle_snapshot(process: Process) -> bytes:
    """PROCESS_HANDLE_SNAPSHOT_INFORMATION."""
    from provider.nt.ob.type_table import INDEX  # which imports every kind of object

    rows = [
        bytes(
            PROCESS_HANDLE_TABLE_ENTRY_INFO(
                HandleValue=handle,
                HandleCount=entry.object.handle_count,
                PointerCount=entry.object.reference_count,
                GrantedAccess=entry.access,
                ObjectTypeIndex=INDEX.get(entry.object.type_name, 0),
                HandleAttributes=entry.inherit * OBJ.OBJ_INHERIT
                | entry.protect * OBJ.OBJ_PROTECT_CLOSE,
            )
        )
        for handle, entry in process.handles
    ]
    return struct.pack("<2I", len(rows), 0) + b"".join(rows)


def handle_values(process: Process) -> bytes:
    """The handles alone, a word each (ProcessHandleTable)."""
    values = [handle for handle, _ in process.handles]
    return struct.pack(f"<{len(values)}I", *values)
