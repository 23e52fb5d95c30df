"""What the registry's query calls answer, by information class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.cm import (
    KEY_BASIC_INFORMATION,
    KEY_CACHED_INFORMATION,
    KEY_FLAGS_INFORMATION,
    KEY_FULL_INFORMATION,
    KEY_NAME_INFORMATION,
    KEY_NODE_INFORMATION,
    KEY_VALUE_BASIC_INFORMATION,
    KEY_VALUE_FULL_INFORMATION,
    KEY_VALUE_PARTIAL_INFORMATION,
    KEY_VALUE_PARTIAL_INFORMATION_ALIGN64,
)
from provider.nt.types import encode_utf16

if TYPE_CHECKING:
    from emu.struct import Struct
    from provider.kernel.cm.key import Key, Value


class KEY_CLASS(IntEnum):
    """KEY_INFORMATION_CLASS."""

    BASIC, NODE, FULL, NAME, CACHED, FLAGS, VIRTUALIZATION, HANDLE_TAGS, TRUST, LAYER = range(10)


ENUMERATED = (KEY_CLASS.BASIC, KEY_CLASS.NODE, KEY_CLASS.FULL)
"""What can be asked of a subkey by its number."""
_FLAG_VOLATILE, _FLAG_LINK = 1, 2


class VALUE_CLASS(IntEnum):
    """KEY_VALUE_INFORMATION_CLASS."""

    BASIC, FULL, PARTIAL, FULL_ALIGN64, PARTIAL_ALIGN64 = range(5)


class Answer(NamedTuple):
    """An answer; a buffer of less than `fixed` bytes gets nothing of it."""

    data: bytes
    fixed: int


def describe_key(key: Key, information_class: int) -> Answer:
    """What NtQueryKey and NtEnumerateKey tell.  NtError INVALID_PARAMETER."""
    name, key_class = encode_utf16(key.name), encode_utf16(key.key_class)
    match information_class:
        case KEY_CLASS.BASIC:
            basic = KEY_BASIC_INFORMATION(LastWriteTime=key.written, NameLength=len(name))
            return _answer(basic, name)
        case KEY_CLASS.NODE:
            node = KEY_NODE_INFORMATION(LastWriteTime=key.written, NameLength=len(name))
            node.ClassOffset = node.SIZE + len(name) if key_class else 0xFFFFFFFF
            node.ClassLength = len(key_class)
            return _answer(node, name + key_class)
        case KEY_CLASS.FULL:
            return _answer(_full(key, key_class), key_class)
        case KEY_CLASS.NAME:
            path = encode_utf16(key.path)
            return _answer(KEY_NAME_INFORMATION(NameLength=len(path)), path)
        case KEY_CLASS.CACHED:
            return _answer(_cached(key, name), b"")
        case KEY_CLASS.FLAGS:
            flags = key.is_volatile * _FLAG_VOLATILE | key.is_link * _FLAG_LINK
            return _answer(KEY_FLAGS_INFORMATION(UserFlags=key.flags, KeyFlags=flags), b"")
        case KEY_CLASS.VIRTUALIZATION | KEY_CLASS.HANDLE_TAGS | KEY_CLASS.TRUST | KEY_CLASS.LAYER:
            return Answer(bytes(4), 4)  # no virtualization, tags, trust or layers
    raise NtError(NTSTATUS.INVALID_PARAMETER)


def describe_value(value: Value, information_class: int) -> Answer:
    """What NtQueryValueKey and NtEnumerateValueKey tell.  NtError INVALID_PARAMETER."""
    name, data = encode_utf16(value.name), value.data
    match information_class:
        case VALUE_CLASS.BASIC:
            basic = KEY_VALUE_BASIC_INFORMATION(Type=value.kind, NameLength=len(name))
            return _answer(basic, name)
        case VALUE_CLASS.FULL | VALUE_CLASS.FULL_ALIGN64:
            full = KEY_VALUE_FULL_INFORMATION(
                Type=value.kind, DataLength=len(data), NameLength=len(name)
            )
            alignment = 8 if information_class == VALUE_CLASS.FULL_ALIGN64 else 4
            full.DataOffset = -(-(full.SIZE + len(name)) // alignment) * alignment
            return _answer(full, name.ljust(full.DataOffset - full.SIZE, b"\0") + data)
        case VALUE_CLASS.PARTIAL:
            partial = KEY_VALUE_PARTIAL_INFORMATION(Type=value.kind, DataLength=len(data))
            return _answer(partial, data)
        case VALUE_CLASS.PARTIAL_ALIGN64:
            aligned = KEY_VALUE_PARTIAL_INFORMATION_ALIGN64(Type=value.kind, DataLength=len(data))
            return _answer(aligned, data)
    raise NtError(NTSTATUS.INVALID_PARAMETER)


def _answer(header: Struct, rest: bytes) -> Answer:
    return Answer(bytes(header) + rest, header.SIZE)


def _full(key: Key, key_class: bytes) -> KEY_FULL_INFORMATION:
    subkeys, values = key.subkeys(), key.values()
    information = KEY_FULL_INFORMATION(LastWriteTime=key.written, ClassLength=len(key_class))
    information.ClassOffset = information.SIZE if key_class else 0xFFFFFFFF
    information.SubKeys, information.Values = len(subkeys), len(values)
    information.MaxNameLen = max((2 * len(below.name) for below in subkeys), default=0)
    information.MaxClassLen = max((2 * len(below.key_class) for below in subkeys), default=0)
    information.MaxValueNameLen = max((2 * len(value.name) for value in values), default=0)
    information.MaxValueDataLen = max((len(value.data) for value in values), default=0)
    return information


def _cached(key: Key, name: bytes) -> KEY_CACHED_INFORMATION:
    full = _full(key, b"")
    return KEY_CACHED_INFORMATION(
        LastWriteTime=key.written,
        SubKeys=full.SubKeys,
        MaxNameLen=full.MaxNameLen,
        Values=full.Values,
        MaxValueNameLen=full.MaxValueNameLen,
        MaxValueDataLen=full.MaxValueDataLen,
        NameLength=len(name),
    )
