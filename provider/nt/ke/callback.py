"""User-mode callbacks: kernel code that calls a routine of PEB.KernelCallbackTable for an answer.

KiUserCallbackDispatcher finds on the thread's stack (KeUserModeCallback)

    esp + 0     nothing
    esp + 4     the routine's index
    esp + 8     the argument's address
    esp + 0xC   its length
    esp + 0x10  the argument

and comes back with NtCallbackReturn or `int 2Bh`.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.ke.user_call import UserCall
from provider.kernel.mm import AccessViolation
from provider.nt.context import make_flat
from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.nt.process import NtThread

_DEEPEST = 256
"""Callbacks of a thread that are under way at once; NT's limit is memory for kernel stacks."""
_FRAME = struct.Struct("<4I")


class Reply(NamedTuple):
    """What user mode answered: a status, and where its data is."""

    status: int
    buffer: int
    length: int


class CallbackFrame(NamedTuple):
    """What comes back when the callback returns: x87 and SSE state is left as it is then."""

    general: tuple[int, ...]
    eip: int
    exception_list: bytes


async def call_user_mode(thread: Thread, index: int, argument: bytes) -> Reply:
    """Call routine `index` of the thread's process with a copy of `argument`.

    NtError NO_MEMORY when callbacks are nested too deeply; AccessViolation without a stack.
    """
    part: NtThread = thread.context
    process, registers = thread.process, thread.registers
    entry = nt_part(process).entries.callback_dispatcher
    if len(part.callbacks) >= _DEEPEST or not entry:
        raise NtError(NTSTATUS.NO_MEMORY)
    argument_va = registers.esp - len(argument) & ~3
    esp = argument_va - _FRAME.size
    if esp < 0:
        raise NtError(NTSTATUS.STACK_OVERFLOW)
    exception_list = process.space.read(part.teb_va, 4)
    frame = _FRAME.pack(0, index, argument_va, len(argument))
    process.space.write(esp, frame + argument)
    part.callbacks.append(CallbackFrame(registers.general(), registers.eip, exception_list))
    make_flat(process.kernel.cpu, registers)
    registers.esp, registers.eip = esp, entry
    reply: Reply = await UserCall()
    return reply


def return_from_callback(thread: Thread, reply: Reply) -> None:
    """User mode is back: the kernel code that called goes on.  NtError NO_CALLBACK_ACTIVE."""
    part: NtThread = thread.context
    if not part.callbacks:
        raise NtError(NTSTATUS.NO_CALLBACK_ACTIVE)
    frame = part.callbacks.pop()
    thread.registers.set_general(frame.general)
    thread.registers.eip = frame.eip
    with suppress(AccessViolation):
        thread.process.space.write(part.teb_va, frame.exception_list)
    thread.process.kernel.end_user_call(thread, reply)
