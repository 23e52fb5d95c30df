"""Calls on registry keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.cm.registry import Key, KeyObject, Registry, live
from provider.kernel.ob.access import DELETE
from provider.kernel.thread import Thread
from provider.nt.cm.information import Answer, describe_key
from provider.nt.handles import nt_part, reference
from provider.nt.ob.create import find_name
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import ACCESS_MASK, BOOLEAN, HANDLE, PVOID, ULONG, UNICODE_STRING
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.nt.structs.ob import ObjectAttributes as Attributes

KEY_QUERY_VALUE = 0x01
KEY_SET_VALUE = 0x02
KEY_ENUMERATE_SUB_KEYS = 0x08
KEY_NOTIFY = 0x10
CREATED_NEW_KEY, OPENED_EXISTING_KEY = 1, 2


@nt.syscall()
def NtOpenKey(
    thread: Thread,
    KeyHandle: Out[HANDLE],
    DesiredAccess: ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES,
) -> None:
    """Open a registry key."""
    KeyHandle.value = _open(thread, DesiredAccess, ObjectAttributes)


@nt.syscall(partial="Options are ignored: there are no symbolic links between keys.")
def NtOpenKeyEx(
    thread: Thread,
    KeyHandle: Out[HANDLE],
    DesiredAccess: ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES,
    OpenOptions: ULONG,
) -> None:
    """Open a registry key."""
    KeyHandle.value = _open(thread, DesiredAccess, ObjectAttributes)


@nt.syscall(partial="All keys are volatile; symbolic links between keys are refused.")
def NtCreateKey(
    thread: Thread,
    KeyHandle: Out[HANDLE],
    DesiredAccess: ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES,
    TitleIndex: ULONG,
    Class: UNICODE_STRING | None,
    CreateOptions: ULONG,
    Disposition: Out[ULONG] | None,
) -> None:
    """Open a registry key, which is made if it does not exist."""
    if CreateOptions & ~0xF:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if CreateOptions & 2:  # REG_OPTION_CREATE_LINK
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    above, path = _find(thread, ObjectAttributes)
    now = thread.process.kernel.clock.system_time()
    key, is_new = _registry(thread).create(above, path, now)
    if is_new:
        key.key_class = Class or ""
    KeyHandle.value = _insert(thread, key, DesiredAccess, ObjectAttributes)
    if Disposition is not None:
        Disposition.value = CREATED_NEW_KEY if is_new else OPENED_EXISTING_KEY


@nt.syscall()
def NtDeleteKey(thread: Thread, KeyHandle: HANDLE) -> None:
    """Take a key away that has no subkeys."""
    key = reference(thread, KeyHandle, KeyObject, DELETE).key
    _registry(thread).delete(key, thread.process.kernel.clock.system_time())


@nt.syscall(partial="No user flags, virtualization, handle tags, trust or layer information.")
def NtQueryKey(
    thread: Thread,
    KeyHandle: HANDLE,
    KeyInformationClass: ULONG,
    KeyInformation: PVOID,
    Length: ULONG,
    ResultLength: Out[ULONG],
) -> NTSTATUS:
    """Tell a key's name, class and numbers of subkeys and values."""
    key = live(reference(thread, KeyHandle, KeyObject, KEY_QUERY_VALUE).key)
    answer = describe_key(key, KeyInformationClass)
    return store(thread, answer, KeyInformation, Length, ResultLength)


@nt.syscall(partial="No user flags, virtualization, handle tags, trust or layer information.")
def NtEnumerateKey(
    thread: Thread,
    KeyHandle: HANDLE,
    Index: ULONG,
    KeyInformationClass: ULONG,
    KeyInformation: PVOID,
    Length: ULONG,
    ResultLength: Out[ULONG],
) -> NTSTATUS:
    """Tell of the subkey with that number, in the order of their names."""
    key = live(reference(thread, KeyHandle, KeyObject, KEY_ENUMERATE_SUB_KEYS).key)
    subkeys = key.subkeys()
    if Index >= len(subkeys):
        raise NtError(NTSTATUS.NO_MORE_ENTRIES)
    answer = describe_key(subkeys[Index], KeyInformationClass)
    return store(thread, answer, KeyInformation, Length, ResultLength)


@nt.syscall()
def NtFlushKey(thread: Thread, KeyHandle: HANDLE) -> None:
    """Nothing to do: the registry is not on a disk."""
    live(reference(thread, KeyHandle, KeyObject).key)


@nt.syscall(partial="No change is ever reported.")
def NtNotifyChangeKey(
    thread: Thread,
    KeyHandle: HANDLE,
    Event: HANDLE,
    ApcRoutine: PVOID,
    ApcContext: PVOID,
    IoStatusBlock: PVOID,
    CompletionFilter: ULONG,
    WatchTree: BOOLEAN,
    Buffer: PVOID,
    BufferSize: ULONG,
    Asynchronous: BOOLEAN,
) -> NTSTATUS:
    """Report the next change of a key."""
    live(reference(thread, KeyHandle, KeyObject, KEY_NOTIFY).key)
    if not Asynchronous:
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    return NTSTATUS.PENDING


def store(
    thread: Thread, answer: Answer, va: int, length: int, result_length: Out[int]
) -> NTSTATUS:
    """Store as much of an answer as fits.  NtError BUFFER_TOO_SMALL for less than its fixed part.

    BUFFER_OVERFLOW, a warning, says that the rest did not fit.
    """
    result_length.value = len(answer.data)
    if length < answer.fixed:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    thread.process.space.write(va, answer.data[:length])
    return NTSTATUS.BUFFER_OVERFLOW if length < len(answer.data) else NTSTATUS.SUCCESS


def _registry(thread: Thread) -> Registry:
    return nt_part(thread.process).provider.executive.registry


def _find(thread: Thread, attributes: Attributes) -> tuple[Key, str]:
    """A key, and the path below it that `attributes` name."""
    found = find_name(thread, attributes)
    if found.object is None:
        raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
    if not isinstance(found.object, KeyObject):
        raise NtError(NTSTATUS.OBJECT_TYPE_MISMATCH)
    return live(found.object.key), found.rest


def _open(thread: Thread, access: int, attributes: Attributes) -> int:
    above, path = _find(thread, attributes)
    return _insert(thread, _registry(thread).find(above, path), access, attributes)


def _insert(thread: Thread, key: Key, access: int, attributes: Attributes) -> int:
    target = KeyObject(key)
    granted = target.grant(access)
    return thread.process.handles.insert(target, granted, inherit=attributes.inherit)
