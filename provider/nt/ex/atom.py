"""The table of global atoms: strings with a number from 0xC000 up, counted, compared without case.

Numbers below 0xC000 are atoms by themselves, also written `#number` ("About Atom Tables", Windows
documentation).
"""

from __future__ import annotations

from provider.kernel.ob.casing import upcase
from provider.nt.status import NTSTATUS, NtError

FIRST_STRING_ATOM = 0xC000
LAST_ATOM = 0xFFFF
LONGEST_NAME = 255
"""Characters."""


class Atom:
    """A string atom; `count` is how often it was added."""

    __slots__ = ("count", "name", "value")

    def __init__(self, value: int, name: str) -> None:
        self.value, self.name, self.count = value, name, 0


class AtomTable:
    """String atoms by value and by name."""

    def __init__(self) -> None:
        self._by_value: dict[int, Atom] = {}
        self._by_name: dict[str, Atom] = {}
        self._free: list[int] = []

    def values(self) -> list[int]:
        """The values of all string atoms, in order."""
        return sorted(self._by_value)

    def add(self, name: str) -> int:
        """The atom of `name`, new or counted once more.

        NtError OBJECT_NAME_INVALID, INSUFFICIENT_RESOURCES.
        """
        if (value := integer_atom(name)) is not None:
            return value
        atom = self._by_name.get(upcase(name))
        if atom is None:
            atom = Atom(self._free_value(), name)
            self._by_value[atom.value] = self._by_name[upcase(name)] = atom
        atom.count += 1
        return atom.value

    def find(self, name: str) -> int:
        """The atom of `name`.  NtError OBJECT_NAME_INVALID, OBJECT_NAME_NOT_FOUND."""
        if (value := integer_atom(name)) is not None:
            return value
        atom = self._by_name.get(upcase(name))
        if atom is None:
            raise NtError(NTSTATUS.OBJECT_NAME_NOT_FOUND)
        return atom.value

    def get(self, value: int) -> Atom:
        """The atom with that value.  NtError INVALID_HANDLE, INVALID_PARAMETER for 0."""
        if not value:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        if 0 < value < FIRST_STRING_ATOM:
            return Atom(value, f"#{value}")
        atom = self._by_value.get(value)
        if atom is None:
            raise NtError(NTSTATUS.INVALID_HANDLE)
        return atom

    def delete(self, value: int) -> None:
        """Undo one `add`.  NtError INVALID_HANDLE."""
        if 0 < value < FIRST_STRING_ATOM:
            return
        atom = self.get(value)
        atom.count -= 1
        if not atom.count:
            del self._by_value[value], self._by_name[upcase(atom.name)]
            self._free.append(value)

    def _free_value(self) -> int:
        if self._free:
            return self._free.pop()
        value = FIRST_STRING_ATOM + len(self._by_value)
        if value > LAST_ATOM:
            raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
        return value


def integer_atom(name: str) -> int | None:
    """The value that `#number` stands for; None for another name.  NtError OBJECT_NAME_INVALID."""
    if not name:
        raise NtError(NTSTATUS.OBJECT_NAME_INVALID)
    digits = name[1:]
    if name[0] != "#" or not (digits.isascii() and digits.isdigit()):
        return None
    value = int(digits)
    if not 0 < value < FIRST_STRING_ATOM:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return value
