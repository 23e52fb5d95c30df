"""What the ranges of a process are for, found as a debugger does (`!address` of WinDbg).

Only pages that are valid at that moment are looked at, so that looking changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.kernel.mm import VadKind
from provider.nt.structs.process import PEB, SHARED_USER_DATA_VA, TEB

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.nt.process import NtProcess

TEB_RANGE = 2 * PAGE_SIZE
"""The most that a TEB's allocation has."""


def labels(space: AddressSpace, context: NtProcess) -> dict[int, str]:
    """Words for ranges, by any address in them; the more telling of two come last."""
    found = {SHARED_USER_DATA_VA: "shared user data", context.peb_va: "PEB"}
    data = space.peek(context.peb_va, PEB.SIZE)
    if data is not None:
        peb = PEB.from_bytes(data)
        found[peb.ProcessHeap] = "process heap"
        found[peb.ProcessParameters] = "process parameters"
    for vad in space.vads.all():
        if vad.kind is VadKind.PRIVATE and vad.end - vad.start <= TEB_RANGE:
            found |= _thread(space, vad.start)
    found |= context.file_names
    return found | {module.base: module.name for module in context.modules}


def _thread(space: AddressSpace, va: int) -> dict[int, str]:
    """The labels that a TEB at `va` gives, if one is there: it points to itself."""
    data = space.peek(va, TEB.SIZE)
    if data is None:
        return {}
    teb = TEB.from_bytes(data)
    if teb.NtTib.Self != va:
        return {}
    thread = f"of thread {teb.ClientId.UniqueThread}"
    return {teb.DeallocationStack: f"stack {thread}", va: f"TEB {thread}"}
