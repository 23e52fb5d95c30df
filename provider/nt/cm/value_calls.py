"""Calls on the values of registry keys."""

from __future__ import annotations

from provider.kernel.cm.key import KeyObject, Value, live
from provider.kernel.thread import Thread
from provider.nt.cm.access import KEY_QUERY_VALUE, KEY_SET_VALUE, registry_of, store
from provider.nt.cm.information import VALUE_CLASS, describe_value
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import reference
from provider.nt.legend import KEY_VALUE_CLASS, REG_TYPE
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.cm import KEY_VALUE_ENTRY
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID, ULONG, UNICODE_STRING, UnicodeString
from provider.syscall import Out, Ref

MOST_DATA = 16 << 20
"""Bytes of one value: those above a megabyte are possible since hives have big-data cells."""
MOST_QUERIED = 0x10000
"""Values of one NtQueryMultipleValueKey."""


@nt.syscall()
def NtQueryValueKey(
    thread: Thread,
    KeyHandle: HANDLE,
    ValueName: UNICODE_STRING,
    KeyValueInformationClass: KEY_VALUE_CLASS,
    KeyValueInformation: FILLED,
    Length: ULONG,
    ResultLength: Out[ULONG],
) -> NTSTATUS:
    """Tell a value's type and data."""
    _check_class(KeyValueInformationClass)
    key = live(reference(thread, KeyHandle, KeyObject, KEY_QUERY_VALUE).key)
    name = _trimmed(ValueName)
    value = key.value(name)
    registry_of(thread).note("query_value", key, name, succeeded=value is not None)
    if value is None:
        raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
    answer = describe_value(value, KeyValueInformationClass)
    return store(thread, answer, KeyValueInformation, Length, ResultLength)


@nt.syscall()
def NtEnumerateValueKey(
    thread: Thread,
    KeyHandle: HANDLE,
    Index: ULONG,
    KeyValueInformationClass: KEY_VALUE_CLASS,
    KeyValueInformation: FILLED,
    Length: ULONG,
    ResultLength: Out[ULONG],
) -> NTSTATUS:
    """Tell of the value with that number."""
    _check_class(KeyValueInformationClass)
    values = live(reference(thread, KeyHandle, KeyObject, KEY_QUERY_VALUE).key).values()
    if Index >= len(values):
        raise NtError(NTSTATUS.NO_MORE_ENTRIES)
    answer = describe_value(values[Index], KeyValueInformationClass)
    return store(thread, answer, KeyValueInformation, Length, ResultLength)


@nt.syscall()
def NtQueryMultipleValueKey(
    thread: Thread,
    KeyHandle: HANDLE,
    ValueEntries: PVOID,
    EntryCount: ULONG,
    ValueBuffer: FILLED,
    BufferLength: Ref[ULONG],
    RequiredBufferLength: Out[ULONG] | None,
) -> NTSTATUS:
    """Tell the types and data of several values at once.

    Data begins at multiples of 4.  BUFFER_OVERFLOW, a warning, says that some did not fit: their
    entries are filled in, and the buffer has the values before them.
    """
    if EntryCount > MOST_QUERIED:
        raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
    key = live(reference(thread, KeyHandle, KeyObject, KEY_QUERY_VALUE).key)
    space, room = thread.process.space, BufferLength.value
    used = required = 0
    status = NTSTATUS.SUCCESS
    for at in range(ValueEntries, ValueEntries + EntryCount * KEY_VALUE_ENTRY.SIZE, 16):
        entry = KEY_VALUE_ENTRY.from_bytes(space.read(at, KEY_VALUE_ENTRY.SIZE))
        name = _trimmed(UnicodeString().load(space, entry.ValueName))
        value = key.value(name)
        registry_of(thread).note("query_value", key, name, succeeded=value is not None)
        if value is None:
            raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
        start = -(-required // 4) * 4
        required = start + len(value.data)
        if status == NTSTATUS.SUCCESS and required <= room:
            space.write(ValueBuffer + start, value.data)
            used = required
        else:
            status = NTSTATUS.BUFFER_OVERFLOW
        entry.DataOffset, entry.DataLength, entry.Type = start, len(value.data), value.kind
        space.write(at, bytes(entry))
    BufferLength.value = used
    if RequiredBufferLength is not None:
        RequiredBufferLength.value = required
    return status


@nt.syscall()
def NtSetValueKey(
    thread: Thread,
    KeyHandle: HANDLE,
    ValueName: UNICODE_STRING,
    TitleIndex: ULONG,
    Type: REG_TYPE,
    Data: GIVEN,
    DataSize: ULONG,
) -> None:
    """Store a value."""
    key = reference(thread, KeyHandle, KeyObject, KEY_SET_VALUE).key
    if DataSize > MOST_DATA:
        raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
    data = thread.process.space.read(Data, DataSize) if DataSize else b""
    now = thread.process.kernel.clock.system_time()
    registry_of(thread).set_value(key, Value(_trimmed(ValueName), Type, data), now)


@nt.syscall()
def NtDeleteValueKey(thread: Thread, KeyHandle: HANDLE, ValueName: UNICODE_STRING) -> None:
    """Take a value away."""
    key = reference(thread, KeyHandle, KeyObject, KEY_SET_VALUE).key
    now = thread.process.kernel.clock.system_time()
    registry_of(thread).delete_value(key, _trimmed(ValueName), now)


def _check_class(information_class: int) -> None:
    if information_class not in set(VALUE_CLASS):
        raise NtError(NTSTATUS.INVALID_PARAMETER)


def _trimmed(name: str) -> str:
    """A value's name without the zeros at its end, which callers tend to count."""
    return name.rstrip("\0")
