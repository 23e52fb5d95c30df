"""Ids of processes and threads, which come from one table, in steps of 4.

An id belongs to its object until the object is deleted: a process that has ended can be found by id
for as long as anybody has a handle to it ("Process and thread ids", Windows Internals, 4th edition,
chapter 6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.ke.waitable import Waitable

T = TypeVar("T", bound="Waitable")

FIRST_ID = 4
ID_STEP = 4


class ClientIdTable:
    """All processes and threads that exist, by id."""

    def __init__(self) -> None:
        self._next = FIRST_ID
        self._objects: dict[int, Waitable] = {}

    def allocate(self) -> int:
        """A fresh id."""
        self._next += ID_STEP
        return self._next - ID_STEP

    def insert(self, client_id: int, target: Waitable) -> None:
        """Let `target` be found under an id."""
        self._objects[client_id] = target

    def remove(self, client_id: int) -> None:
        """The object is deleted."""
        self._objects.pop(client_id, None)

    def find(self, client_id: int, kind: type[T]) -> T | None:
        """The object of type `kind`, alive or not; the two low bits of an id do not count."""
        target = self._objects.get(client_id & ~(ID_STEP - 1))
        return target if isinstance(target, kind) else None

    def all(self, kind: type[T]) -> Iterator[T]:
        """The objects of type `kind` in the order of their ids."""
        return (target for target in self._objects.values() if isinstance(target, kind))
