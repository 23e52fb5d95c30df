"""Suspension: a normal kernel APC that waits until suspend count and freeze count are zero.

So a thread that is suspended within a wait leaves the wait: what is signalled meanwhile stays for
others, and the wait begins anew when the thread is resumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ke.apc import KernelApc, queue_kernel_apc
from provider.kernel.ke.wait import SATISFIED, WaitBlock, WaitReason, suspend
from provider.kernel.thread import ThreadState

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


class _Suspension(WaitBlock):
    """The wait of a suspended thread."""

    __slots__ = ()


def suspend_thread(thread: Thread) -> int:
    """Raise the suspend count; returns what it was."""
    before = thread.suspend_count
    thread.suspend_count += 1
    if not before and not thread.freeze_count:
        queue_kernel_apc(thread, _APC)
    return before


def resume_thread(thread: Thread) -> int:
    """Lower the suspend count, and let the thread run if it is zero; returns what it was."""
    before = thread.suspend_count
    if not before:
        return 0
    thread.suspend_count -= 1
    _let_go(thread)
    return before


def freeze_thread(thread: Thread) -> None:
    """Raise the freeze count, which only `thaw_thread` lowers (KeFreezeAllThreads)."""
    thread.freeze_count += 1
    if thread.freeze_count == 1 and not thread.suspend_count:
        queue_kernel_apc(thread, _APC)


def thaw_thread(thread: Thread) -> None:
    """Undo one `freeze_thread`."""
    thread.freeze_count -= 1
    _let_go(thread)


def start_suspended(thread: Thread) -> None:
    """Let a new thread begin, only to wait in the kernel until it is resumed."""
    queue_kernel_apc(thread, _APC)
    thread.process.kernel.scheduler.start(thread)


def _let_go(thread: Thread) -> None:
    if thread.suspend_count or thread.freeze_count:
        return
    block = thread.wait_state.block
    if thread.state is ThreadState.INITIALIZED:
        thread.process.kernel.scheduler.start(thread)
    elif isinstance(block, _Suspension):
        block.end(SATISFIED)


async def _stay(thread: Thread) -> None:
    while thread.suspend_count or thread.freeze_count:
        await suspend(_Suspension(thread, kind=WaitReason.SUSPENDED), None)


def _nothing(thread: Thread) -> None:
    """All is done by the normal routine."""


_APC = KernelApc(_nothing, _stay)
