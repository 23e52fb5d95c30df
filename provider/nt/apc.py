"""User APCs: how a thread is sent to KiUserApcDispatcher, its context saved on its stack.

esp + 0     NormalRoutine      esp + 8     SystemArgument1
esp + 4     NormalContext      esp + 0xC   SystemArgument2
esp + 0x10  CONTEXT, to be given to NtContinue
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.structs.context import CONTEXT

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.nt.process import UserApc

FRAME_SIZE = 16 + CONTEXT.SIZE
CONTEXT_OFFSET = 16


def push_frame(space: AddressSpace, esp: int, apc: UserApc, context: CONTEXT) -> int:
    """Build the frame below `esp`; returns the new stack pointer.  AccessViolation."""
    esp = (esp & ~3) - FRAME_SIZE
    words = struct.pack("<4I", apc.routine, apc.context, apc.argument1, apc.argument2)
    space.write(esp, words + bytes(context))
    return esp
