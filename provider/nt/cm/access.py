"""What the registry's calls share: rights, finding keys, making handles, storing answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.cm.key import Key, KeyObject, live
from provider.nt.handles import nt_part
from provider.nt.ob.create import explicit_security, find_name
from provider.nt.se.descriptor import parse
from provider.nt.se.subject import new_security, open_access
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJ

if TYPE_CHECKING:
    from provider.kernel.cm.registry import Registry
    from provider.kernel.thread import Thread
    from provider.nt.cm.information import Answer
    from provider.nt.structs.ob import ObjectAttributes
    from provider.syscall import Out

KEY_QUERY_VALUE = 0x01
KEY_SET_VALUE = 0x02
KEY_CREATE_SUB_KEY = 0x04
KEY_ENUMERATE_SUB_KEYS = 0x08
KEY_NOTIFY = 0x10
KEY_CREATE_LINK = 0x20
KEY_WRITE = 0x20006


def registry_of(thread: Thread) -> Registry:
    """The machine's registry."""
    return nt_part(thread.process).provider.executive.registry


def find_key(thread: Thread, attributes: ObjectAttributes) -> tuple[Key, str]:
    """A key, and the path below it that `attributes` name, in any case.

    NtError OBJECT_NAME_NOT_FOUND, OBJECT_PATH_SYNTAX_BAD, OBJECT_TYPE_MISMATCH; KernelError of
    the namespace.
    """
    if not attributes.has_name:
        raise NtError(NTSTATUS.ACCESS_VIOLATION)
    if attributes.root and attributes.name.startswith("\\"):
        raise NtError(NTSTATUS.OBJECT_PATH_SYNTAX_BAD)
    caseless = attributes.attributes | OBJ.OBJ_CASE_INSENSITIVE
    found = find_name(thread, attributes._replace(attributes=caseless))
    if found.object is None:
        raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
    if not isinstance(found.object, KeyObject):
        raise NtError(NTSTATUS.OBJECT_TYPE_MISMATCH)
    return live(found.object.key), found.rest


def initial_security(thread: Thread, key: Key, attributes: ObjectAttributes) -> bytes:
    """The security descriptor of a new key.  NtError of a bad one in `attributes`."""
    above = key.parent.effective_security() if key.parent is not None else None
    security = new_security(
        thread,
        KeyObject,
        explicit_security(thread, attributes),
        parse(above) if above is not None else None,
    )
    assert security is not None, "an NT process makes the key"
    return security


def check_key(thread: Thread, key: Key, access: int) -> None:
    """NtError ACCESS_DENIED unless the caller may open a key for `access`."""
    target = KeyObject(key, registry_of(thread))
    target.reference()
    try:
        open_access(thread, target, access)
    finally:
        target.dereference()


def insert_key(thread: Thread, key: Key, access: int, attributes: ObjectAttributes) -> int:
    """A handle for a key.  KernelError of the access mask and the handle table."""
    target = KeyObject(key, registry_of(thread))
    target.reference()
    try:
        granted = open_access(thread, target, access)
        return thread.process.handles.insert(target, granted, inherit=attributes.inherit)
    finally:
        target.dereference()


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
