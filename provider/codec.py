"""How argument words and structures become values, and values become text.

A codec belongs to an annotation: `ULONG = Annotated[int, Word(decimal=True)]`.  What is shown is
for traces: a `Viewer` knows what handles and addresses of the caller stand for.
"""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from emu.struct import Field, Struct

if TYPE_CHECKING:
    from emu.int_enum import IntEnum

T = TypeVar("T")
S = TypeVar("S", bound=Struct)


class UserMemory(Protocol):
    """The caller's address space as a handler sees it; raises for addresses that it may not use."""

    def read(self, va: int, size: int) -> bytes:
        """`size` bytes at `va`."""

    def write(self, va: int, data: bytes) -> None:
        """Store `data` at `va`."""

    def probe_write(self, va: int, size: int) -> None:
        """Raise unless `size` bytes at `va` can be written."""


class Viewer(Protocol):
    """What codecs ask for when they show a value."""

    def name_of(self, handle: int) -> str:
        """What a handle of the caller stands for; empty if for nothing."""

    def place_of(self, va: int) -> str:
        """Module and offset of an address of the caller; empty if in no image."""

    def peek(self, va: int, size: int) -> bytes:
        """What the caller has at `va`, up to the first page that is not there; changes nothing."""


class _Stranger:
    """Knows of nothing."""

    def name_of(self, handle: int) -> str:
        return ""

    def place_of(self, va: int) -> str:
        return ""

    def peek(self, va: int, size: int) -> bytes:
        return b""


STRANGER = _Stranger()


class Codec(Generic[T]):
    """How one argument word becomes a value and a value becomes text."""

    size = 4
    """Bytes of the value in memory."""
    by_pointer = False
    """Whether the argument word is a pointer to the value."""
    is_plain_word = False
    """Whether the value is the argument word, unchanged."""
    clears_output = False
    """Whether a call that is to store one stores 0 before anything else."""

    def load(self, memory: UserMemory, va: int) -> T:
        """The value at `va`."""
        raise TypeError(f"{type(self).__name__} cannot be read from memory")

    def store(self, value: T) -> bytes:
        """The value's bytes."""
        raise TypeError(f"{type(self).__name__} cannot be written")

    def from_bytes(self, data: bytes) -> T:
        """The value that `store` gives these bytes for."""
        raise TypeError(f"{type(self).__name__} is not made of bytes")

    def from_word(self, word: int) -> T:
        """The value of an argument word that is not a pointer to it."""
        raise TypeError(f"{type(self).__name__} is not passed in a word")

    def show(self, value: T, viewer: Viewer = STRANGER) -> str:
        """The value in a trace line."""
        return str(value)


class Word(Codec[int]):
    """An unsigned integer of 1, 2, 4 or 8 bytes; those of 8 are passed by pointer."""

    def __init__(
        self,
        size: int = 4,
        *,
        signed: bool = False,
        decimal: bool = False,
        by_pointer: bool = False,
    ) -> None:
        self.size, self._signed, self._decimal = size, signed, decimal
        self.by_pointer = by_pointer or size == 8
        self.is_plain_word = size == 4 and not (signed or by_pointer)
        self._mask = (1 << 8 * size) - 1

    def load(self, memory: UserMemory, va: int) -> int:
        return int.from_bytes(memory.read(va, self.size), "little", signed=self._signed)

    def store(self, value: int) -> bytes:
        return (value & self._mask).to_bytes(self.size, "little")

    def from_bytes(self, data: bytes) -> int:
        return int.from_bytes(data[: self.size], "little", signed=self._signed)

    def from_word(self, word: int) -> int:
        word &= self._mask
        sign = (self._mask + 1) >> 1
        return word - self._mask - 1 if self._signed and word & sign else word

    def show(self, value: int, viewer: Viewer = STRANGER) -> str:
        return str(value) if self._decimal else f"{value:#x}"


class Names(Word):
    """A word that is shown by the names of an enumeration's members or flags.

    Bits without a name follow as a number.
    """

    def __init__(self, values: type[IntEnum | IntFlag], size: int = 4) -> None:
        super().__init__(size)
        self._names = tuple((int(member), str(member.name)) for member in values)
        self._by_value = dict(self._names)
        self._are_flags = issubclass(values, IntFlag)

    def show(self, value: int, viewer: Viewer = STRANGER) -> str:
        if not self._are_flags:
            return self._by_value.get(value) or f"{value:#x}"
        shown = [name for bit, name in self._names if value & bit]
        rest = value & ~sum(bit for bit, _ in self._names)
        return "|".join([*shown, f"{rest:#x}"] if rest else shown) or "0"


class Record(Codec[S]):
    """A structure, passed by pointer and captured whole."""

    by_pointer = True

    def __init__(self, kind: type[S]) -> None:
        self._kind, self.size = kind, kind.SIZE

    def load(self, memory: UserMemory, va: int) -> S:
        return self._kind.from_bytes(memory.read(va, self.size))

    def store(self, value: S) -> bytes:
        return bytes(value)

    def from_bytes(self, data: bytes) -> S:
        return self._kind.from_bytes(data)

    def show(self, value: S, viewer: Viewer = STRANGER) -> str:
        return show_members(value, viewer)


_MOST_SHOWN = 16
"""Bytes of a member without a structure, and items of an array, that are shown."""


def show_members(value: Struct, viewer: Viewer = STRANGER) -> str:
    """A structure on one line."""
    return "{" + ", ".join([show_field(value, field, viewer) for field in value.FIELDS]) + "}"


def show_field(value: Struct, field: Field[Any], viewer: Viewer = STRANGER) -> str:
    """One member: its name, and its value as the member's codec has it."""
    member = field.load(value.buffer, value.base + field.offset)
    codec: Codec[Any] | None = field.codec
    shown = _show_member(member, viewer) if codec is None else codec.show(member, viewer)
    return f"{field.name}={shown}"


def _show_member(member: object, viewer: Viewer) -> str:
    if isinstance(member, int):
        return f"{member:#x}"
    if isinstance(member, Struct):
        return show_members(member, viewer)
    if isinstance(member, bytes):
        rest = "…" if len(member) > _MOST_SHOWN else ""
        return f"<{member[:_MOST_SHOWN].hex(' ')}{rest}>"
    if isinstance(member, tuple):
        shown = [_show_member(item, viewer) for item in member[:_MOST_SHOWN]]
        return "[" + ", ".join([*shown, "…"] if len(member) > _MOST_SHOWN else shown) + "]"
    return str(member)
