"""Calls that save keys into hive files, load and unload hives, and restore keys from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.cm.hive_reader import read_hive
from provider.kernel.cm.hive_writer import hive_bytes
from provider.kernel.cm.key import Key, KeyObject, live
from provider.kernel.cm.registry import APPLICATION_HIVES
from provider.kernel.io.file import FileObject
from provider.kernel.io.request import Access, Disposition, OpenRequest
from provider.kernel.thread import Thread
from provider.nt.cm.access import find_key, insert_key, registry_of
from provider.nt.cm.hives import Hives, read_all, write_all
from provider.nt.handles import nt_part, reference
from provider.nt.legend import HIVE_FLAGS, KEY_ACCESS
from provider.nt.se.privilege import SE_BACKUP, SE_RESTORE
from provider.nt.se.subject import require_privilege
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID, ULONG
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.nt.structs.ob import ObjectAttributes as Attributes

FORCE_UNLOAD = 1
RESTORE_FORCED = 8
_RESTORE_FLAGS = 0xF
APP_HIVE = 0x10
_LOAD_FLAGS = 0x7FF
_SAVE_FORMATS = (1, 2, 4)
"""REG_STANDARD_FORMAT, REG_LATEST_FORMAT, REG_NO_COMPRESSION."""


@nt.syscall()
def NtSaveKey(thread: Thread, KeyHandle: HANDLE, FileHandle: HANDLE) -> None:
    """Write a key and all below it into a file."""
    _save(thread, KeyHandle, FileHandle)


@nt.syscall(partial="All formats are written as the latest.")
def NtSaveKeyEx(thread: Thread, KeyHandle: HANDLE, FileHandle: HANDLE, Format: ULONG) -> None:
    """Write a key and all below it into a file."""
    if Format not in _SAVE_FORMATS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    _save(thread, KeyHandle, FileHandle)


@nt.syscall(partial="Open keys below the key become deleted ones even without REG_FORCE_RESTORE.")
def NtRestoreKey(thread: Thread, KeyHandle: HANDLE, FileHandle: HANDLE, Flags: HIVE_FLAGS) -> None:
    """Replace what a key has by the contents of a hive file."""
    if Flags & ~_RESTORE_FLAGS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    require_privilege(thread, SE_RESTORE)
    key = live(reference(thread, KeyHandle, KeyObject).key)
    file = reference(thread, FileHandle, FileObject, Access.READ_DATA)
    source = read_hive(read_all(file))
    registry_of(thread).replace_contents(key, source, thread.process.kernel.clock.system_time())


@nt.syscall()
def NtLoadKey(thread: Thread, TargetKey: OBJECT_ATTRIBUTES, SourceFile: OBJECT_ATTRIBUTES) -> None:
    """Make a hive file a part of the registry."""
    require_privilege(thread, SE_RESTORE)
    _load(thread, TargetKey, SourceFile, 0)


@nt.syscall(partial="Of the flags only REG_APP_HIVE changes anything.")
def NtLoadKey2(
    thread: Thread, TargetKey: OBJECT_ATTRIBUTES, SourceFile: OBJECT_ATTRIBUTES, Flags: HIVE_FLAGS
) -> None:
    """Make a hive file a part of the registry."""
    if Flags & ~_LOAD_FLAGS or Flags & APP_HIVE:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    require_privilege(thread, SE_RESTORE)
    _load(thread, TargetKey, SourceFile, Flags)


@nt.syscall(partial="Of the flags only REG_APP_HIVE changes anything; the event is not signalled.")
def NtLoadKeyEx(
    thread: Thread,
    TargetKey: OBJECT_ATTRIBUTES,
    SourceFile: OBJECT_ATTRIBUTES,
    Flags: HIVE_FLAGS,
    TrustClassKey: HANDLE,
    Event: HANDLE,
    DesiredAccess: KEY_ACCESS,
    RootHandle: Out[HANDLE] | None,
    Reserved: PVOID,
) -> None:
    """Make a hive file a part of the registry; with REG_APP_HIVE only until its keys are closed."""
    if Flags & ~_LOAD_FLAGS:
        raise NtError(NTSTATUS.INVALID_PARAMETER_3)
    is_application = bool(Flags & APP_HIVE)
    if is_application == (RootHandle is None):
        raise NtError(NTSTATUS.INVALID_PARAMETER_7)
    if not is_application:
        require_privilege(thread, SE_RESTORE)
    hive = _load(thread, TargetKey, SourceFile, Flags)
    if RootHandle is not None:
        RootHandle.value = insert_key(thread, hive, DesiredAccess, TargetKey)


@nt.syscall()
def NtUnloadKey(thread: Thread, TargetKey: OBJECT_ATTRIBUTES) -> None:
    """Take a loaded hive out of the registry."""
    _unload(thread, TargetKey, force=False)


@nt.syscall()
def NtUnloadKey2(thread: Thread, TargetKey: OBJECT_ATTRIBUTES, Flags: ULONG) -> None:
    """Take a loaded hive out of the registry, even with keys of it open if that is asked for."""
    if Flags & ~FORCE_UNLOAD:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    _unload(thread, TargetKey, force=bool(Flags & FORCE_UNLOAD))


@nt.syscall(partial="Does not wait for open keys to be closed, and the event is not signalled.")
def NtUnloadKeyEx(thread: Thread, TargetKey: OBJECT_ATTRIBUTES, Event: HANDLE) -> None:
    """Take a loaded hive out of the registry."""
    _unload(thread, TargetKey, force=False)


@nt.syscall(partial="The new file would be used after a restart, which never comes.")
def NtReplaceKey(
    thread: Thread, NewFile: OBJECT_ATTRIBUTES, TargetHandle: HANDLE, OldFile: OBJECT_ATTRIBUTES
) -> None:
    """Let a hive have another file from the next start on, and save it as it is into a third."""
    require_privilege(thread, SE_RESTORE)
    key = live(reference(thread, TargetHandle, KeyObject).key)
    if not key.is_hive:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    kernel = thread.process.kernel
    new, _ = kernel.io.open(OpenRequest(NewFile.name, Access.READ_DATA))
    try:
        read_hive(read_all(new))
    finally:
        new.close()
    request = OpenRequest(OldFile.name, Access.WRITE_DATA, disposition=Disposition.CREATE)
    old, _ = kernel.io.open(request)
    try:
        write_all(old, hive_bytes(key, kernel.clock.system_time()))
    finally:
        old.close()


def _save(thread: Thread, key_handle: int, file_handle: int) -> None:
    require_privilege(thread, SE_BACKUP)
    key = live(reference(thread, key_handle, KeyObject).key)
    file = reference(thread, file_handle, FileObject, Access.WRITE_DATA)
    write_all(file, hive_bytes(key, thread.process.kernel.clock.system_time()))


def _hives(thread: Thread) -> Hives:
    return nt_part(thread.process).provider.executive.hives


def _load(thread: Thread, target: Attributes, source: Attributes, flags: int) -> Key:
    above, path = find_key(thread, target)
    folder, _, name = path.rstrip("\\").rpartition("\\")
    above = registry_of(thread).find(above, folder)
    is_application = bool(flags & APP_HIVE)
    if is_application != (above.name == APPLICATION_HIVES and above.depth == 1):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    file_path = source.name
    if source.root:
        folder_of = reference(thread, source.root, FileObject)
        file_path = f"{folder_of.full_name()}\\{source.name}"
    return _hives(thread).load(above, name, file_path, for_application=is_application)


def _unload(thread: Thread, target: Attributes, *, force: bool) -> None:
    require_privilege(thread, SE_RESTORE)
    above, path = find_key(thread, target)
    _hives(thread).unload(registry_of(thread).find(above, path), force=force)
