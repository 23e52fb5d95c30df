"""Extended attributes of a file: named values beside its contents, kept in the machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason

MAX_PACKED = 0xFFFF
"""Bytes of all attributes of one file, as NTFS has it."""
_PACKED_HEADER, _PACKED_ENTRY = 4, 5


class ExtendedAttribute(NamedTuple):
    """One attribute; the name is in upper case, as file systems store it."""

    name: bytes
    value: bytes
    flags: int = 0


class ExtendedAttributes:
    """The attributes of one file, in the order of their making."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: dict[bytes, ExtendedAttribute] = {}

    @classmethod
    def of(cls, entries: Sequence[ExtendedAttribute]) -> ExtendedAttributes | None:
        """Those of a new file; None for none.  KernelError EA_TOO_LARGE."""
        if not entries:
            return None
        made = cls()
        made.update(entries)
        return made

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[ExtendedAttribute]:
        return iter(self._entries.values())

    def get(self, name: bytes) -> ExtendedAttribute | None:
        """The attribute of a name in any case."""
        return self._entries.get(name.upper())

    @property
    def packed_size(self) -> int:
        """Bytes that the attributes take in the OS/2 form that sizes are told in; 0 for none."""
        if not self._entries:
            return 0
        return _PACKED_HEADER + sum(map(_packed, self._entries.values()))

    def update(self, changes: Sequence[ExtendedAttribute]) -> None:
        """Set attributes; an empty value takes one away.  KernelError EA_TOO_LARGE."""
        entries = dict(self._entries)
        for change in changes:
            name = change.name.upper()
            entries.pop(name, None)
            if change.value:
                entries[name] = change._replace(name=name)
        if sum(map(_packed, entries.values())) + _PACKED_HEADER > MAX_PACKED:
            raise KernelError(Reason.EA_TOO_LARGE)
        self._entries = entries


def _packed(entry: ExtendedAttribute) -> int:
    return _PACKED_ENTRY + len(entry.name) + len(entry.value)
