"""Calls on the values of registry keys."""

from __future__ import annotations

from provider.kernel.cm.registry import KeyObject, Value, live
from provider.kernel.thread import Thread
from provider.nt.cm.information import describe_value
from provider.nt.cm.key_calls import KEY_QUERY_VALUE, KEY_SET_VALUE, store
from provider.nt.handles import nt_part, reference
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID, ULONG, UNICODE_STRING
from provider.syscall import Out

MOST_DATA = 1 << 20
"""Bytes of one value ("Registry element size limits": a megabyte in the standard format)."""


@nt.syscall()
def NtQueryValueKey(
    thread: Thread,
    KeyHandle: HANDLE,
    ValueName: UNICODE_STRING,
    KeyValueInformationClass: ULONG,
    KeyValueInformation: PVOID,
    Length: ULONG,
    ResultLength: Out[ULONG],
) -> NTSTATUS:
    """Tell a value's type and data."""
    key = live(reference(thread, KeyHandle, KeyObject, KEY_QUERY_VALUE).key)
    value = key.value(ValueName)
    if value is None:
        raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
    answer = describe_value(value, KeyValueInformationClass)
    return store(thread, answer, KeyValueInformation, Length, ResultLength)


@nt.syscall()
def NtEnumerateValueKey(
    thread: Thread,
    KeyHandle: HANDLE,
    Index: ULONG,
    KeyValueInformationClass: ULONG,
    KeyValueInformation: PVOID,
    Length: ULONG,
    ResultLength: Out[ULONG],
) -> NTSTATUS:
    """Tell of the value with that number."""
    values = live(reference(thread, KeyHandle, KeyObject, KEY_QUERY_VALUE).key).values()
    if Index >= len(values):
        raise NtError(NTSTATUS.NO_MORE_ENTRIES)
    answer = describe_value(values[Index], KeyValueInformationClass)
    return store(thread, answer, KeyValueInformation, Length, ResultLength)


@nt.syscall()
def NtSetValueKey(
    thread: Thread,
    KeyHandle: HANDLE,
    ValueName: UNICODE_STRING,
    TitleIndex: ULONG,
    Type: ULONG,
    Data: PVOID,
    DataSize: ULONG,
) -> None:
    """Store a value."""
    key = reference(thread, KeyHandle, KeyObject, KEY_SET_VALUE).key
    if DataSize > MOST_DATA:
        raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
    data = thread.process.space.read(Data, DataSize) if DataSize else b""
    now = thread.process.kernel.clock.system_time()
    registry = nt_part(thread.process).provider.executive.registry
    registry.set_value(key, Value(ValueName, Type, data), now)


@nt.syscall()
def NtDeleteValueKey(thread: Thread, KeyHandle: HANDLE, ValueName: UNICODE_STRING) -> None:
    """Take a value away."""
    key = reference(thread, KeyHandle, KeyObject, KEY_SET_VALUE).key
    now = thread.process.kernel.clock.system_time()
    nt_part(thread.process).provider.executive.registry.delete_value(key, ValueName, now)
