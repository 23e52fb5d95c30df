"""Calls that open, make, query and end registry keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.cm.key import Key, KeyObject, live
from provider.kernel.ob.access import DELETE
from provider.kernel.thread import Thread
from provider.nt.cm.access import (
    KEY_CREATE_LINK,
    KEY_CREATE_SUB_KEY,
    KEY_ENUMERATE_SUB_KEYS,
    KEY_QUERY_VALUE,
    KEY_SET_VALUE,
    KEY_WRITE,
    check_key,
    find_key,
    initial_security,
    insert_key,
    registry_of,
    store,
)
from provider.nt.cm.information import ENUMERATED, KEY_CLASS, describe_key
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import reference
from provider.nt.legend import (
    KEY_ACCESS,
    KEY_DISPOSITION,
    KEY_INFORMATION_CLASS,
    KEY_OPTIONS,
    KEY_SET_CLASS,
)
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJ, OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import BOOLEAN, HANDLE, PVOID, ULONG, UNICODE_STRING
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.nt.structs.ob import ObjectAttributes as Attributes

CREATED_NEW_KEY, OPENED_EXISTING_KEY = 1, 2
OPTION_VOLATILE, OPTION_CREATE_LINK, OPTION_BACKUP_RESTORE = 1, 2, 4
OPTION_OPEN_LINK, OPTION_DONT_VIRTUALIZE = 8, 0x10
_CREATE_OPTIONS = 0x1F
_OPEN_OPTIONS = OPTION_BACKUP_RESTORE | OPTION_OPEN_LINK | OPTION_DONT_VIRTUALIZE
KEY_WRITE_TIME, KEY_USER_FLAGS = 0, 1
_NO_ACCESS = {KEY_CLASS.NAME: 0, KEY_CLASS.HANDLE_TAGS: 0}
"""Classes that any handle of a key may ask for."""


@nt.syscall()
def NtOpenKey(
    thread: Thread,
    KeyHandle: Out[HANDLE],
    DesiredAccess: KEY_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES,
) -> None:
    """Open a registry key."""
    _open(thread, KeyHandle, DesiredAccess, ObjectAttributes)


@nt.syscall(partial="REG_OPTION_BACKUP_RESTORE asks for no privilege.")
def NtOpenKeyEx(
    thread: Thread,
    KeyHandle: Out[HANDLE],
    DesiredAccess: KEY_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES,
    OpenOptions: KEY_OPTIONS,
) -> None:
    """Open a registry key; only OBJ_OPENLINK opens a symbolic link itself, not OpenOptions."""
    if OpenOptions & ~_OPEN_OPTIONS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    _open(thread, KeyHandle, DesiredAccess, ObjectAttributes)


@nt.syscall(partial="REG_OPTION_BACKUP_RESTORE asks for no privilege.")
def NtCreateKey(
    thread: Thread,
    KeyHandle: Out[HANDLE],
    DesiredAccess: KEY_ACCESS,
    ObjectAttributes: OBJECT_ATTRIBUTES,
    TitleIndex: ULONG,
    Class: UNICODE_STRING | None,
    CreateOptions: KEY_OPTIONS,
    Disposition: Out[KEY_DISPOSITION] | None,
) -> None:
    """Open a registry key, which is made if it does not exist."""
    if CreateOptions & ~_CREATE_OPTIONS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    above, path = find_key(thread, ObjectAttributes)
    registry = registry_of(thread)
    is_link = bool(CreateOptions & OPTION_CREATE_LINK)
    right = KEY_CREATE_LINK if is_link else KEY_CREATE_SUB_KEY
    key, is_new = registry.create(
        above,
        path,
        thread.process.kernel.clock.system_time(),
        is_volatile=bool(CreateOptions & OPTION_VOLATILE),
        is_link=is_link,
        open_link=bool(ObjectAttributes.attributes & OBJ.OBJ_OPENLINK),
        admit=lambda parent: check_key(thread, parent, right),
    )
    if is_new:
        key.key_class = Class or ""
        registry.set_security(key, initial_security(thread, key, ObjectAttributes))
    KeyHandle.value = insert_key(thread, key, DesiredAccess, ObjectAttributes)
    if Disposition is not None:
        Disposition.value = CREATED_NEW_KEY if is_new else OPENED_EXISTING_KEY


@nt.syscall()
def NtDeleteKey(thread: Thread, KeyHandle: HANDLE) -> None:
    """Take a key away that has no subkeys."""
    key = reference(thread, KeyHandle, KeyObject, DELETE).key
    registry_of(thread).delete(key, thread.process.kernel.clock.system_time())


@nt.syscall()
def NtRenameKey(thread: Thread, KeyHandle: HANDLE, NewName: UNICODE_STRING) -> None:
    """Give a key another name."""
    if not NewName:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    key = reference(thread, KeyHandle, KeyObject, KEY_WRITE).key
    registry_of(thread).rename(key, NewName, thread.process.kernel.clock.system_time())


@nt.syscall()
def NtQueryKey(
    thread: Thread,
    KeyHandle: HANDLE,
    KeyInformationClass: KEY_INFORMATION_CLASS,
    KeyInformation: FILLED,
    Length: ULONG,
    ResultLength: Out[ULONG],
) -> NTSTATUS:
    """Tell a key's name, class and numbers of subkeys and values."""
    if KeyInformationClass not in set(KEY_CLASS):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    access = _NO_ACCESS.get(KEY_CLASS(KeyInformationClass), KEY_QUERY_VALUE)
    key = live(reference(thread, KeyHandle, KeyObject, access).key)
    answer = describe_key(key, KeyInformationClass)
    return store(thread, answer, KeyInformation, Length, ResultLength)


@nt.syscall()
def NtEnumerateKey(
    thread: Thread,
    KeyHandle: HANDLE,
    Index: ULONG,
    KeyInformationClass: KEY_INFORMATION_CLASS,
    KeyInformation: FILLED,
    Length: ULONG,
    ResultLength: Out[ULONG],
) -> NTSTATUS:
    """Tell of the subkey with that number, in the order of their names."""
    if KeyInformationClass not in ENUMERATED:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    key = live(reference(thread, KeyHandle, KeyObject, KEY_ENUMERATE_SUB_KEYS).key)
    subkey = key.subkey_at(Index)
    if subkey is None:
        raise NtError(NTSTATUS.NO_MORE_ENTRIES)
    answer = describe_key(subkey, KeyInformationClass)
    return store(thread, answer, KeyInformation, Length, ResultLength)


@nt.syscall(partial="Only the time of the last change and the user flags can be set.")
def NtSetInformationKey(
    thread: Thread,
    KeyHandle: HANDLE,
    KeySetInformationClass: KEY_SET_CLASS,
    KeySetInformation: GIVEN,
    KeySetInformationLength: ULONG,
) -> None:
    """Set when a key was last changed, or the user flags."""
    size = {KEY_WRITE_TIME: 8, KEY_USER_FLAGS: 4}.get(KeySetInformationClass)
    if size is None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if KeySetInformationLength != size:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    key = live(reference(thread, KeyHandle, KeyObject, KEY_SET_VALUE).key)
    data = thread.process.space.read(KeySetInformation, size)
    if KeySetInformationClass == KEY_WRITE_TIME:
        key.written = int.from_bytes(data, "little", signed=True)
    else:
        key.flags = int.from_bytes(data, "little")


@nt.syscall()
def NtFlushKey(thread: Thread, KeyHandle: HANDLE) -> None:
    """Nothing to do: the registry is not on a disk."""
    live(reference(thread, KeyHandle, KeyObject).key)


@nt.syscall()
def NtQueryOpenSubKeys(
    thread: Thread, TargetKey: OBJECT_ATTRIBUTES, HandleCount: Out[ULONG]
) -> None:
    """Tell how many keys of a hive below its root are open."""
    above, path = find_key(thread, TargetKey)
    hive = registry_of(thread).find(above, path)
    if not hive.is_hive:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    HandleCount.value = sum(1 for key in hive.tree() if key is not hive and key.open_count)


@nt.syscall()
def NtCompactKeys(thread: Thread, Count: ULONG, KeyArray: PVOID) -> None:
    """Refused: it takes a privilege that no guest holds."""
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtCompressKey(thread: Thread, Key: HANDLE) -> None:
    """Refused: it takes a privilege that no guest holds."""
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtLockRegistryKey(thread: Thread, KeyHandle: HANDLE) -> None:
    """Refused: it takes a privilege that no guest holds."""
    raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)


@nt.syscall()
def NtInitializeRegistry(thread: Thread, BootCondition: BOOLEAN) -> None:
    """Refused: the system has done it when it started."""
    raise NtError(NTSTATUS.ACCESS_DENIED)


def _open(thread: Thread, handle: Out[int], access: int, attributes: Attributes) -> None:
    above, path = find_key(thread, attributes)
    open_link = bool(attributes.attributes & OBJ.OBJ_OPENLINK)
    key: Key = registry_of(thread).find(above, path, open_link=open_link)
    handle.value = insert_key(thread, key, access, attributes)
