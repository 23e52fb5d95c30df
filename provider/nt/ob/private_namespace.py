"""Private namespaces: directories that are found by who may enter them, not by a path.

    OBJECT_BOUNDARY_DESCRIPTOR (ntifs.h)      an entry, at a multiple of 8
    0 Version  4 Items  8 TotalSize  12 Flags     0 EntryType  4 EntrySize  8 a name or a SID

Two descriptors with the same entries mean the same namespace.  A caller must be all of the SIDs.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.ob.namespace import Directory
from provider.kernel.ob.object import KernelObject
from provider.kernel.thread import Thread
from provider.nt.handles import nt_part, reference
from provider.nt.legend import ACCESS_MASK
from provider.nt.ob.create import insert_object
from provider.nt.se.identity import level_sid
from provider.nt.se.subject import effective_token, open_access
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.ob import OBJECT_ATTRIBUTES
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID
from provider.syscall import Out

if TYPE_CHECKING:
    from provider.nt.ex.executive import Executive

_HEADER, _ENTRY = struct.Struct("<4I"), struct.Struct("<2I")
_VERSION = 1
_NAME, _SID, _INTEGRITY = 1, 2, 3
_LARGEST = 0x10000
_MOST_NAMESPACES = 1 << 12
_DELETE = 0x10000

Boundary = tuple[tuple[int, bytes], ...]


class PrivateNamespace(Directory):
    """A directory without a path; it can be found as long as somebody has a handle of it."""

    __slots__ = ("_all", "boundary")

    def __init__(self, boundary: Boundary, namespaces: dict[Boundary, PrivateNamespace]) -> None:
        super().__init__()
        self.boundary, self._all = boundary, namespaces

    def forget(self) -> None:
        """Let nobody find it any more."""
        if self._all.get(self.boundary) is self:
            del self._all[self.boundary]

    def on_last_handle(self) -> None:
        self.forget()


@nt.syscall()
def NtCreatePrivateNamespace(
    thread: Thread,
    NamespaceHandle: Out[HANDLE],
    DesiredAccess: ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    BoundaryDescriptor: PVOID,
) -> None:
    """Create a directory that is found by its boundary."""
    namespaces = _executive(thread).private_namespaces
    boundary = capture_boundary(thread, BoundaryDescriptor)
    if boundary in namespaces:
        raise NtError(NTSTATUS.OBJECT_NAME_COLLISION)
    if len(namespaces) >= _MOST_NAMESPACES:
        raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
    made = PrivateNamespace(boundary, namespaces)
    attributes = ObjectAttributes
    if attributes is not None:
        attributes = attributes._replace(name="", root=0)
    _, NamespaceHandle.value = insert_object(thread, made, DesiredAccess, attributes)
    namespaces[boundary] = made


@nt.syscall()
def NtOpenPrivateNamespace(
    thread: Thread,
    NamespaceHandle: Out[HANDLE],
    DesiredAccess: ACCESS_MASK,
    ObjectAttributes: OBJECT_ATTRIBUTES | None,
    BoundaryDescriptor: PVOID,
) -> None:
    """Open a directory that is found by its boundary."""
    boundary = capture_boundary(thread, BoundaryDescriptor)
    found = _executive(thread).private_namespaces.get(boundary)
    if found is None:
        raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
    inherit = ObjectAttributes is not None and ObjectAttributes.inherit
    NamespaceHandle.value = thread.process.handles.insert(
        found, open_access(thread, found, DesiredAccess), inherit=inherit
    )


@nt.syscall()
def NtDeletePrivateNamespace(thread: Thread, NamespaceHandle: HANDLE) -> None:
    """Let a private namespace be found no more; handles of it go on to work."""
    target = reference(thread, NamespaceHandle, KernelObject, _DELETE)
    if not isinstance(target, PrivateNamespace):
        raise NtError(NTSTATUS.OBJECT_TYPE_MISMATCH)
    target.forget()


def capture_boundary(thread: Thread, va: int) -> Boundary:
    """The entries of the descriptor at `va`.

    NtError INVALID_PARAMETER for a damaged one, ACCESS_DENIED for a SID that the caller is not;
    AccessViolation.
    """
    space = thread.process.space
    version, items, size, _ = _HEADER.unpack(space.read(va, _HEADER.size))
    if version != _VERSION or not _HEADER.size <= size <= _LARGEST:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    data = space.read(va, size)
    entries, at = [], _HEADER.size
    for _ in range(items):
        if at + _ENTRY.size > size:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        kind, length = _ENTRY.unpack_from(data, at)
        if length < _ENTRY.size or at + length > size:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        entries.append((kind, data[at + _ENTRY.size : at + length]))
        at += -(-length // 8) * 8
    return _checked(thread, entries)


def _checked(thread: Thread, entries: list[tuple[int, bytes]]) -> Boundary:
    names = [content for kind, content in entries if kind == _NAME]
    if (
        len(names) != 1
        or not names[0]
        or any(kind not in (_NAME, _SID, _INTEGRITY) for kind, _ in entries)
    ):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    token = effective_token(thread)
    if token is None:
        raise NtError(NTSTATUS.NOT_SUPPORTED)
    own = {_SID: token.subject.allowing, _INTEGRITY: (level_sid(token.integrity),)}
    for kind, content in entries:
        if kind in own and not any(content.startswith(sid) for sid in own[kind]):
            raise NtError(NTSTATUS.ACCESS_DENIED)
    return tuple(sorted(entries))


def _executive(thread: Thread) -> Executive:
    return nt_part(thread.process).provider.executive
