"""User APCs: how a thread is sent to KiUserApcDispatcher, its context saved on its stack.

                    NT's frame           Wine 8's frame             Wine 10's frame
esp + 0             NormalRoutine        a return address, 0        NormalRoutine
esp + 4             NormalContext        the CONTEXT's address      NormalContext
esp + 8             SystemArgument1      NormalContext              SystemArgument1
esp + 0xC           SystemArgument2      SystemArgument1            SystemArgument2
esp + 0x10          CONTEXT              SystemArgument2            NtContinue's TestAlert
esp + 0x14                               NormalRoutine              CONTEXT
esp + 0x18                               CONTEXT

The CONTEXT is what the dispatcher gives to NtContinue.  Which frame it is, `ApcFrame` says.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.structs.context import CONTEXT

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.nt.process import UserApc
    from provider.nt.userland import ApcFrame


def frame_start(esp: int, frame: ApcFrame) -> int:
    """Where a frame below `esp` begins."""
    return (esp & ~3) - frame.context_offset - CONTEXT.SIZE


def push_frame(
    space: AddressSpace, esp: int, frame: ApcFrame, apc: UserApc, context: CONTEXT
) -> int:
    """Build a frame below `esp`; returns the new stack pointer.  AccessViolation."""
    esp = frame_start(esp, frame)
    record = esp + frame.context_offset
    values = {"zero": 0, "alertable": 1, "record": record, **apc._asdict()}
    words = struct.pack(f"<{len(frame.words)}I", *(values[word] for word in frame.words))
    space.write(esp, words + bytes(context))
    return esp
