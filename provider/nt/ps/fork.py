"""Fork: a process with the memory of another, and a thread that goes on where the caller is.

What NtCreateProcess without a section and NtCreateUserProcess without an image make ("Fork",
Windows Internals, 4th edition, chapter 7; RtlCloneUserProcess).  Private pages are shared until
either process writes to them; views follow their inherit disposition.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError
from provider.nt.handles import nt_part
from provider.nt.mm.labels import labels
from provider.nt.process import NtThread
from provider.nt.ps.creation import Step, tell
from provider.nt.ps.local_descriptors import copy_table
from provider.nt.se.subject import token_of_child
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.process import CLIENT_ID, TEB

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.process import Process
    from provider.kernel.thread import Thread


def clone_process(parent: Process, inherit: Callable[[Process], None] | None) -> Process:
    """A process with a copy of the parent's memory, and no thread; it is to be inserted.

    `inherit` fills its handle table.  KernelError; NtError, those of `inherit` too.
    """
    part = nt_part(parent)
    provider = part.provider
    child = provider.routines.clone_process(parent)
    tell(provider, Step.PROCESS_OBJECT, child, detail=child.name)
    child.context = context = part.clone(token_of_child(provider, parent))
    child.set_security(context.token.default_security(type(child)))
    child.space.labels = partial(labels, child.space, context)
    tell(provider, Step.ADDRESS_SPACE, child, detail=f"a copy of that of process {parent.id}")
    try:
        if inherit is not None:
            inherit(child)
    except (KernelError, NtError):
        provider.routines.terminate_process(child, NTSTATUS.UNSUCCESSFUL)
        raise
    tell(provider, Step.HANDLE_TABLE, child, detail=f"{len(child.handles)} handles")
    return child


def clone_thread(caller: Thread, child: Process) -> Thread:
    """A suspended thread that returns from the caller's system call, in a clone of its process.

    The call's status in the child is PROCESS_CLONED.  AccessViolation if the TEB cannot be written.
    """
    part: NtThread = caller.context
    registers = caller.registers
    thread = nt_part(child).provider.routines.create_thread(
        child, eip=registers.eip, esp=registers.esp, descriptor_base=part.teb_va
    )
    for step in (Step.CLIENT_IDS, Step.THREAD_OBJECT):
        tell(nt_part(child).provider, step, child, thread)
    thread.registers.copy_from(registers)
    nt_part(child).token_is_fixed = True
    thread.set_security(nt_part(child).token.default_security(type(thread)))
    copy_table(caller.process, child)
    thread.registers.eax = NTSTATUS.PROCESS_CLONED
    thread.context = thread.user_stack = made = NtThread(child.space, part.teb_va)
    made.stack_va, made.start_va = part.stack_va, part.start_va
    made.create_time = child.create_time
    ids = bytes(CLIENT_ID(UniqueProcess=child.id, UniqueThread=thread.id))
    for field in (TEB.ClientId, TEB.RealClientId):
        child.space.write(part.teb_va + field.offset, ids)
    return thread
