"""What every NtCreate… and NtOpen… call of a named object shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from provider.kernel.ob.namespace import Directory, SymbolicLink
from provider.kernel.ob.object import KernelObject
from provider.nt.handles import reference
from provider.nt.se.descriptor import capture
from provider.nt.se.privilege import SE_CREATE_PERMANENT
from provider.nt.se.subject import (
    create_access,
    new_security,
    open_access,
    require_privilege,
)
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJ, ObjectAttributes, Uncaptured

if TYPE_CHECKING:
    from provider.kernel.ob.namespace import Found
    from provider.kernel.thread import Thread
    from provider.nt.se.descriptor import Descriptor

T = TypeVar("T", bound=KernelObject)

DIRECTORY_CREATE_OBJECT, DIRECTORY_CREATE_SUBDIRECTORY = 4, 8
_CASELESS = (Directory, SymbolicLink)
"""Types whose names are found in any case, whatever the attributes say (obcaseinsensitive)."""


def insert_object(
    thread: Thread, target: KernelObject, access: int, attributes: ObjectAttributes | None
) -> tuple[NTSTATUS, int]:
    """Name a new object as `attributes` say and make a handle for it.

    With OBJ_OPENIF an existing object of the same type is opened instead: OBJECT_NAME_EXISTS.
    `target` is deleted where it ends up unused.  NtError OBJECT_NAME_COLLISION,
    OBJECT_TYPE_MISMATCH, PRIVILEGE_NOT_HELD; KernelError of the namespace and the handle table.
    """
    target.reference()
    try:
        return _insert(thread, target, access, attributes)
    finally:
        target.dereference()


def open_object(
    thread: Thread,
    kind: type[T],
    access: int,
    attributes: ObjectAttributes | None,
    *,
    link: bool = False,
) -> int:
    """A handle for the existing object of type `kind` that `attributes` name.

    `link`: a symbolic link at the end of the path is what is opened.  NtError
    OBJECT_TYPE_MISMATCH, INVALID_PARAMETER without `attributes`; KernelError of the namespace and
    the handle table.
    """
    if attributes is None:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if issubclass(kind, _CASELESS):
        attributes = attributes._replace(
            attributes=attributes.attributes | OBJ.OBJ_CASE_INSENSITIVE
        )
    found = find_name(thread, attributes, open_link=link)
    if found.object is None:
        raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
    if found.rest or not isinstance(found.object, kind):
        raise NtError(NTSTATUS.OBJECT_TYPE_MISMATCH)
    return _open(thread, found.object, access, attributes)


def find_name(thread: Thread, attributes: ObjectAttributes, *, open_link: bool = False) -> Found:
    """Where the name in `attributes` leads.

    NtError OBJECT_NAME_INVALID for a root without a name; KernelError of the namespace and the
    handle table.
    """
    if attributes.root and not attributes.has_name:
        raise NtError(NTSTATUS.OBJECT_NAME_INVALID)
    root = reference(thread, attributes.root, KernelObject) if attributes.root else None
    namespace = thread.process.kernel.namespace
    return namespace.find(
        attributes.name, root, ignore_case=attributes.ignore_case, open_link=open_link
    )


def late(attributes: Uncaptured | None) -> ObjectAttributes | None:
    """The attributes of an object whose other arguments are good.  NtError; AccessViolation."""
    return attributes.capture() if attributes is not None else None


def explicit_security(thread: Thread, attributes: ObjectAttributes | None) -> Descriptor | None:
    """The security descriptor that a creator wants an object to have.  NtError for a bad one."""
    if attributes is None or not attributes.security:
        return None
    return capture(thread.process.space, attributes.security)


def set_new_security(
    thread: Thread, target: KernelObject, attributes: ObjectAttributes | None
) -> None:
    """Give a new object the descriptor that its creator wants, or the default one.  NtError."""
    security = new_security(thread, type(target), explicit_security(thread, attributes))
    if security is not None:
        target.set_security(security)


def _insert(
    thread: Thread, target: KernelObject, access: int, attributes: ObjectAttributes | None
) -> tuple[NTSTATUS, int]:
    handles = thread.process.handles
    if attributes is not None and attributes.attributes & OBJ.OBJ_PERMANENT:
        require_privilege(thread, SE_CREATE_PERMANENT)
    granted = create_access(thread, target, access)
    is_nameless = attributes is None or (
        not attributes.name and (attributes.has_name or not attributes.root)
    )
    has_security = attributes is not None and attributes.security
    if has_security or target.security_required or not is_nameless:
        set_new_security(thread, target, attributes)
    if attributes is None or is_nameless:
        inherit = attributes is not None and attributes.inherit
        return NTSTATUS.SUCCESS, handles.insert(target, granted, inherit=inherit)
    found = find_name(thread, attributes, open_link=True)
    if found.object is None and found.directory is not None:
        right = DIRECTORY_CREATE_SUBDIRECTORY if isinstance(target, Directory) else 0
        open_access(thread, found.directory, right or DIRECTORY_CREATE_OBJECT)
        handle = handles.insert(target, granted, inherit=attributes.inherit)
        found.directory.insert(found.name, target)
        target.permanent = bool(attributes.attributes & OBJ.OBJ_PERMANENT)
        return NTSTATUS.SUCCESS, handle
    if found.rest:
        raise NtError(NTSTATUS.OBJECT_TYPE_MISMATCH)
    if not attributes.attributes & OBJ.OBJ_OPENIF:
        raise NtError(NTSTATUS.OBJECT_NAME_COLLISION)
    if type(found.object) is not type(target):
        raise NtError(NTSTATUS.OBJECT_TYPE_MISMATCH)
    return NTSTATUS.OBJECT_NAME_EXISTS, _open(thread, found.object, access, attributes)


def _open(thread: Thread, target: KernelObject, access: int, attributes: ObjectAttributes) -> int:
    granted = open_access(thread, target, access)
    return thread.process.handles.insert(target, granted, inherit=attributes.inherit)
