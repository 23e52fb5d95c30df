"""Guest structures, declared once.

A structure is a class with one field per line; offsets follow from the declaration with the
alignment rules of 32-bit Windows (each field aligned to its own size, 64-bit fields to 8).  An
instance is a view of a buffer: reading a field reads the bytes, assigning writes them.

    class CLIENT_ID(Struct):
        UniqueProcess = u32()
        UniqueThread = u32()
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

Buffer = bytearray | memoryview
T = TypeVar("T")


class Field(Generic[T]):
    """One member: `size` and `alignment` in bytes; `offset` is set when the class is made.

    `code` is the format of its bytes (module struct).  `codec` belongs to those who show the value;
    nothing here asks it.
    """

    __slots__ = ("alignment", "code", "codec", "name", "offset", "placed_at", "size")

    def __init__(self, size: int, alignment: int, at: int | None = None) -> None:
        self.size, self.alignment, self.placed_at = size, alignment, at
        self.offset = 0
        self.name, self.code = "", f"{size}s"
        self.codec: Any = None

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Struct, owner: type) -> T: ...
    def __get__(self, instance: Struct | None, owner: type) -> Self | T:
        return self if instance is None else self.load(instance.buffer, instance.base + self.offset)

    def __set__(self, instance: Struct, value: T) -> None:
        self.store(instance.buffer, instance.base + self.offset, value)

    def load(self, buffer: Buffer, offset: int) -> T:
        """The value whose bytes begin at `offset`."""
        raise TypeError(f"{type(self).__name__} has no value of its own")

    def store(self, buffer: Buffer, offset: int, value: T) -> None:
        """Write `value` at `offset`."""
        raise TypeError(f"{type(self).__name__} has no value of its own")


class Integer(Field[int]):
    """A little-endian integer; a stored value is reduced to the field's width."""

    __slots__ = ("_codec", "_mask", "_sign")

    def __init__(self, code: str, at: int | None = None) -> None:
        self._codec = struct.Struct("<" + code)
        super().__init__(self._codec.size, self._codec.size, at)
        self.code = code
        self._mask = (1 << 8 * self.size) - 1
        self._sign = (self._mask + 1) >> 1 if code.islower() else 0

    def load(self, buffer: Buffer, offset: int) -> int:
        value: int = self._codec.unpack_from(buffer, offset)[0]
        return value

    def store(self, buffer: Buffer, offset: int, value: int) -> None:
        value &= self._mask
        if self._sign and value & self._sign:
            value -= self._mask + 1
        self._codec.pack_into(buffer, offset, value)


class Bytes(Field[bytes]):
    """A fixed number of bytes; a shorter stored value is filled with zeros."""

    __slots__ = ()

    def load(self, buffer: Buffer, offset: int) -> bytes:
        return bytes(buffer[offset : offset + self.size])

    def store(self, buffer: Buffer, offset: int, value: bytes) -> None:
        if len(value) > self.size:
            raise ValueError(f"{len(value)} bytes do not fit into {self.name}[{self.size}]")
        buffer[offset : offset + self.size] = value.ljust(self.size, b"\0")


class Integers(Field[tuple[int, ...]]):
    """An array of integers."""

    __slots__ = ("_codec", "_count")

    def __init__(self, code: str, count: int, at: int | None = None) -> None:
        self._codec, self._count = struct.Struct(f"<{count}{code}"), count
        super().__init__(self._codec.size, self._codec.size // count, at)

    def load(self, buffer: Buffer, offset: int) -> tuple[int, ...]:
        return self._codec.unpack_from(buffer, offset)

    def store(self, buffer: Buffer, offset: int, value: tuple[int, ...]) -> None:
        self._codec.pack_into(buffer, offset, *value)


S = TypeVar("S", bound="Struct")


class Nested(Field[S]):
    """A structure inside a structure; its value is a view of the same buffer."""

    __slots__ = ("_kind",)

    def __init__(self, kind: type[S], at: int | None = None) -> None:
        super().__init__(kind.SIZE, kind.ALIGNMENT, at)
        self._kind = kind

    def load(self, buffer: Buffer, offset: int) -> S:
        return self._kind(buffer, offset)

    def store(self, buffer: Buffer, offset: int, value: S) -> None:
        buffer[offset : offset + self.size] = bytes(value)


class Struct:
    """A view of `SIZE` bytes of a buffer; without a buffer, of fresh zeros."""

    __slots__ = ("base", "buffer")
    SIZE: ClassVar[int] = 0
    ALIGNMENT: ClassVar[int] = 1
    FIELDS: ClassVar[tuple[Field[Any], ...]] = ()

    def __init__(self, buffer: Buffer | None = None, base: int = 0, /, **values: object) -> None:
        self.buffer: Buffer = bytearray(self.SIZE) if buffer is None else buffer
        self.base = base
        for name, value in values.items():
            setattr(self, name, value)

    def __init_subclass__(cls, size: int | None = None) -> None:
        """Lay the fields out; `size` pads the structure to what its header says."""
        offset, alignment = cls.SIZE, cls.ALIGNMENT
        fields = [field for field in vars(cls).values() if isinstance(field, Field)]
        for field in fields:
            aligned = -(-offset // field.alignment) * field.alignment
            field.offset = aligned if field.placed_at is None else field.placed_at
            if field.offset < offset:
                raise TypeError(f"{cls.__name__}.{field.name} overlaps the field before it")
            offset, alignment = field.offset + field.size, max(alignment, field.alignment)
        end = -(-offset // alignment) * alignment
        if size is not None and size < offset:
            raise TypeError(f"{cls.__name__} is larger than {size} bytes")
        cls.SIZE, cls.ALIGNMENT = end if size is None else size, alignment
        cls.FIELDS = (*cls.FIELDS, *fields)

    def __bytes__(self) -> bytes:
        return bytes(self.buffer[self.base : self.base + self.SIZE])

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """The members' names and values, in order."""
        return ((field.name, getattr(self, field.name)) for field in self.FIELDS)

    def __repr__(self) -> str:
        members = ", ".join(
            f"{name}={value:#x}" if isinstance(value, int) else f"{name}={value!r}"
            for name, value in self
        )
        return f"{type(self).__name__}({members})"

    @classmethod
    def whole_codec(cls) -> struct.Struct:
        """Packs and unpacks all members at once: integers, and of all other fields the bytes."""
        code, end = "<", 0
        for field in cls.FIELDS:
            code += f"{field.offset - end}x{field.code}"
            end = field.offset + field.size
        return struct.Struct(f"{code}{cls.SIZE - end}x")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """A structure of its own, from at least `SIZE` bytes."""
        if len(data) < cls.SIZE:
            raise ValueError(f"{cls.__name__} needs {cls.SIZE} bytes, got {len(data)}")
        return cls(bytearray(data[: cls.SIZE]))


def u8(at: int | None = None) -> Integer:
    """An unsigned byte, at offset `at` or after the field before it."""
    return Integer("B", at)


def u16(at: int | None = None) -> Integer:
    """An unsigned 16-bit integer."""
    return Integer("H", at)


def u32(at: int | None = None) -> Integer:
    """An unsigned 32-bit integer."""
    return Integer("I", at)


def u64(at: int | None = None) -> Integer:
    """An unsigned 64-bit integer."""
    return Integer("Q", at)


def i32(at: int | None = None) -> Integer:
    """A signed 32-bit integer."""
    return Integer("i", at)


def i64(at: int | None = None) -> Integer:
    """A signed 64-bit integer."""
    return Integer("q", at)


def pointer(at: int | None = None) -> Integer:
    """A 32-bit guest address."""
    return Integer("I", at)


def raw(size: int, at: int | None = None) -> Bytes:
    """`size` bytes without a structure."""
    return Bytes(size, 1, at)


def words(count: int, at: int | None = None) -> Integers:
    """`count` unsigned 32-bit integers."""
    return Integers("I", count, at)


def struct_of(kind: type[S], at: int | None = None) -> Nested[S]:
    """A structure of type `kind`."""
    return Nested(kind, at)
