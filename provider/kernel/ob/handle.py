"""Handle tables: small numbers that a process uses for objects.

    31 .. 2  index, from 1      1 .. 0  ignored: a guest may keep tags there

A freed handle is the next one to be given out, as in NT (Windows Internals, part 2, "Handles").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from provider.kernel.errors import KernelError, Reason
from provider.kernel.event_stream import EventStream
from provider.kernel.events import HandleClose, HandleOpen
from provider.kernel.ob.object import KernelObject

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T", bound=KernelObject)

MAX_HANDLES = 1 << 20
"""NT allows 2**24; this keeps one guest from taking gigabytes of the host's memory."""


class HandleEntry:
    """What a handle stands for."""

    __slots__ = ("access", "inherit", "object", "protect")

    def __init__(self, target: KernelObject, access: int, inherit: bool, protect: bool) -> None:
        self.object = target
        self.access = access
        self.inherit = inherit
        """A child process may get the handle."""
        self.protect = protect
        """The handle cannot be closed."""


class HandleTable:
    """The handles of one process."""

    def __init__(
        self,
        limit: int = MAX_HANDLES,
        *,
        events: EventStream | None = None,
        owner_id: int = 0,
    ) -> None:
        """`owner_id`: the process whose table it is, for `events`."""
        self._events, self._owner_id = events or EventStream(), owner_id
        self._opened = self._events.channel(HandleOpen)
        self._closed = self._events.channel(HandleClose)
        self._entries: list[HandleEntry | None] = [None]
        self._free: list[int] = []
        self._limit = limit
        self.peak = 0
        """The most handles that there were at once."""

    def __len__(self) -> int:
        return len(self._entries) - 1 - len(self._free)

    def __iter__(self) -> Iterator[tuple[int, HandleEntry]]:
        """Handles and entries, in the order of the handles."""
        return ((i << 2, entry) for i, entry in enumerate(self._entries) if entry is not None)

    def insert(
        self, target: KernelObject, access: int, *, inherit: bool = False, protect: bool = False
    ) -> int:
        """A new handle with just the rights `access`. KernelError INSUFFICIENT_RESOURCES."""
        entry = HandleEntry(target, access, inherit, protect)
        if self._free:
            index = self._free.pop()
            self._entries[index] = entry
        else:
            index = len(self._entries)
            if index > self._limit:
                raise KernelError(Reason.INSUFFICIENT_RESOURCES, "handles")
            self._entries.append(entry)
        self.peak = max(self.peak, len(self))
        target.open_handle()
        if self._opened.listeners:
            self._tell_opened(index << 2, entry)
        return index << 2

    def entry(self, handle: int) -> HandleEntry:
        """What `handle` stands for. KernelError INVALID_HANDLE."""
        index = handle >> 2
        if 0 < index < len(self._entries):
            entry = self._entries[index]
            if entry is not None:
                return entry
        raise KernelError(Reason.INVALID_HANDLE, f"{handle:#x}")

    def reference(self, handle: int, kind: type[T], access: int = 0) -> T:
        """The object behind `handle`, which must carry all of `access`; counts are not changed.

        KernelError INVALID_HANDLE, OBJECT_TYPE_MISMATCH, ACCESS_DENIED, in this order.
        """
        entry = self.entry(handle)
        target = entry.object
        if not isinstance(target, kind):
            raise KernelError(Reason.OBJECT_TYPE_MISMATCH, f"{handle:#x} is a {target.type_name}")
        if access & ~entry.access:
            raise KernelError(Reason.ACCESS_DENIED, f"{handle:#x} lacks {access:#x}")
        return target

    def close(self, handle: int) -> None:
        """Give the handle up. KernelError INVALID_HANDLE, HANDLE_NOT_CLOSABLE."""
        entry = self.entry(handle)
        if entry.protect:
            raise KernelError(Reason.HANDLE_NOT_CLOSABLE, f"{handle:#x}")
        self._entries[handle >> 2] = None
        self._free.append(handle >> 2)
        if self._closed.listeners:
            self._tell_closed(handle & -4, entry)
        entry.object.close_handle()

    def duplicate(
        self,
        handle: int,
        target: HandleTable,
        *,
        access: int | None = None,
        inherit: bool | None = None,
        protect: bool | None = None,
    ) -> int:
        """A handle in `target` for the object of `handle`; None: as the source has it.

        KernelError INVALID_HANDLE, INSUFFICIENT_RESOURCES or what the object's `grant` raises.
        """
        entry = self.entry(handle)
        granted = entry.access if access is None else entry.object.grant(access)
        return target.insert(
            entry.object,
            granted,
            inherit=entry.inherit if inherit is None else inherit,
            protect=entry.protect if protect is None else protect,
        )

    def inherit_into(self, child: HandleTable) -> None:
        """Give an empty table every inheritable handle, with the same values."""
        child._entries = [None] * len(self._entries)
        for handle, entry in self:
            if entry.inherit:
                copy = HandleEntry(entry.object, entry.access, True, entry.protect)
                child._entries[handle >> 2] = copy
                entry.object.open_handle()
                if child._opened.listeners:
                    child._tell_opened(handle, copy)
        free = [i for i, entry in enumerate(child._entries) if i and entry is None]
        child._free = free[::-1]

    def close_all(self) -> None:
        """Close every handle, protected ones too; the process is gone."""
        entries, self._entries, self._free = self._entries, [None], []
        for index, entry in enumerate(entries):
            if entry is not None:
                if self._closed.listeners:
                    self._tell_closed(index << 2, entry)
                entry.object.close_handle()

    def _tell_opened(self, handle: int, entry: HandleEntry) -> None:
        target = entry.object
        stamp = self._events.stamp_in(self._owner_id)
        name = target.description()
        self._opened.emit(HandleOpen(*stamp, handle, target.type_name, name, entry.access))

    def _tell_closed(self, handle: int, entry: HandleEntry) -> None:
        target = entry.object
        stamp = self._events.stamp_in(self._owner_id)
        self._closed.emit(HandleClose(*stamp, handle, target.type_name, target.description()))
