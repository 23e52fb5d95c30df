"""Calls that report the next change of registry keys."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from provider.kernel.cm.key import KeyObject, live
from provider.kernel.cm.notify import NotifyEnd, Request
from provider.kernel.errors import KernelError
from provider.kernel.ke.event import Event as KernelEvent
from provider.kernel.ke.wait import wait_for
from provider.kernel.mm import AccessViolation
from provider.kernel.thread import Thread
from provider.nt.cm.access import KEY_NOTIFY, find_key, registry_of
from provider.nt.handles import reference
from provider.nt.io.operation import Operation
from provider.nt.legend import KEY_CHANGES
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import IO_STATUS_BLOCK
from provider.nt.structs.ob import ObjectAttributesCodec
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, CODE, HANDLE, PVOID, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.kernel.cm.notify import KeyWatch

NOTIFY_THREAD_AGNOSTIC = 0x10000000
_FILTER = 0x0F
_END_STATUS = {
    NotifyEnd.CHANGED: NTSTATUS.NOTIFY_ENUM_DIR,
    NotifyEnd.CLOSED: NTSTATUS.NOTIFY_CLEANUP,
}
_MOST_SUBORDINATES = 1


@nt.syscall(partial="The buffer is not used, as in NT.")
async def NtNotifyChangeKey(
    thread: Thread,
    KeyHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    CompletionFilter: KEY_CHANGES,
    WatchTree: BOOLEAN,
    Buffer: PVOID,
    BufferSize: ULONG,
    Asynchronous: BOOLEAN,
) -> NTSTATUS:
    """Report the next change of a key."""
    watch = _watch(thread, KeyHandle, CompletionFilter, subtree=bool(WatchTree))
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext, kind=None)
    owner = None if CompletionFilter & NOTIFY_THREAD_AGNOSTIC else thread
    return await _notify(thread, watch, operation, owner, asynchronous=bool(Asynchronous))


@nt.syscall(partial="A second key is checked, but its changes are not reported.")
async def NtNotifyChangeMultipleKeys(
    thread: Thread,
    MasterKeyHandle: HANDLE,
    Count: ULONG,
    SubordinateObjects: PVOID,
    Event: HANDLE,
    ApcRoutine: CODE,
    ApcContext: PVOID,
    IoStatusBlock: Out[IO_STATUS_BLOCK],
    CompletionFilter: KEY_CHANGES,
    WatchTree: BOOLEAN,
    Buffer: PVOID,
    BufferSize: ULONG,
    Asynchronous: BOOLEAN,
) -> NTSTATUS:
    """Report the next change of a key or of another one."""
    if Count > _MOST_SUBORDINATES:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if Count:
        attributes = ObjectAttributesCodec().load(thread.process.space, SubordinateObjects)
        above, path = find_key(thread, attributes)
        registry_of(thread).find(above, path)
    watch = _watch(thread, MasterKeyHandle, CompletionFilter, subtree=bool(WatchTree))
    operation = Operation(thread, IoStatusBlock, Event, ApcRoutine, ApcContext, kind=None)
    owner = None if CompletionFilter & NOTIFY_THREAD_AGNOSTIC else thread
    return await _notify(thread, watch, operation, owner, asynchronous=bool(Asynchronous))


def _watch(thread: Thread, handle: int, completion_filter: int, *, subtree: bool) -> KeyWatch:
    if completion_filter & ~(_FILTER | NOTIFY_THREAD_AGNOSTIC):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    target = reference(thread, handle, KeyObject, KEY_NOTIFY)
    live(target.key)
    if target.watch is None:
        changes = completion_filter & _FILTER
        target.watch = registry_of(thread).watch(target.key, changes, subtree=subtree)
    return target.watch


async def _notify(
    thread: Thread,
    watch: KeyWatch,
    operation: Operation,
    owner: Thread | None,
    *,
    asynchronous: bool,
) -> NTSTATUS:
    ended = KernelEvent(is_notification=True)
    ends: list[NotifyEnd] = []

    def on_end(end: NotifyEnd) -> None:
        ends.append(end)
        ended.set()
        with suppress(AccessViolation, KernelError):  # nobody is left to be told
            operation.complete(0, _END_STATUS[end])

    request = Request(owner, on_end)
    if not watch.wait(request):
        on_end(NotifyEnd.CHANGED)
        return NTSTATUS.SUCCESS if asynchronous else NTSTATUS.NOTIFY_ENUM_DIR
    if asynchronous:
        return NTSTATUS.PENDING
    try:
        await wait_for(thread, (ended,))
    finally:
        watch.forget(request)
    return _END_STATUS[ends[0]]
