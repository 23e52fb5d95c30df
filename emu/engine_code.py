"""What the engine's own machine code tells of it, where its interface is silent."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re

_SEARCHED = 0x200
"""Bytes of a function in which what is wanted is."""


class Finding:
    """A place in a function of the engine, the groups of a pattern."""

    def __init__(self, address: int, match: re.Match[bytes]) -> None:
        self._address, self._match = address, match

    def place(self, group: str) -> int:
        """Where a group is."""
        return self._address + self._match.start(group)

    def bytes(self, group: str) -> bytes:
        """What a group has matched."""
        return self._match[group]

    def number(self, group: str) -> int:
        """The offset that a group encodes."""
        return int.from_bytes(self._match[group], "little", signed=True)

    def target(self, group: str) -> int:
        """Where a call or a jump leads whose operand a group is."""
        return self._address + self._match.end(group) + self.number(group)


def address_of(library: ctypes.CDLL, name: str) -> int:
    """Where the function `name` is; 0 if the library has none."""
    try:
        return ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0
    except AttributeError:
        return 0


def word_at(address: int) -> int:
    """The pointer that is at `address`."""
    return ctypes.c_void_p.from_address(address).value or 0


def search(library: ctypes.CDLL, name: str, pattern: re.Pattern[bytes]) -> Finding | None:
    """The first match at the start of the function `name`.

    None: the code is not as it is known (another processor, another version).
    """
    address = address_of(library, name)
    match = pattern.search(ctypes.string_at(address, _SEARCHED)) if address else None
    return None if match is None else Finding(address, match)
