"""What the memory holds that a call points to, for traces: imported when the first call is told.

In NT's calls the size of a buffer is the parameter after it, and what it holds is said by a
parameter whose name ends with `Class`, by a control code or by a `Type`.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, get_args

from emu.named_tuple import NamedTuple
from emu.struct import Struct
from provider.codec import Codec, Viewer, show_field, show_members
from provider.nt import legend, types
from provider.nt.contents import Contents
from provider.nt.legend import Named
from provider.nt.structs.io import IO_STATUS_BLOCK
from provider.nt.structs.member import CountedText, SidPointer, Tail
from provider.nt.types import decode_utf16, quoted
from provider.syscall import Ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from provider.syscall import Syscall

    Shower = Callable[[bytes, Viewer], str]

_MOST_READ = 0x1000
"""Bytes of a structure, or of a chain of them, that are looked at."""
_MOST_IN_CHAIN = 4
_STORED = ("ReturnLength", "ResultLength", "IoStatusBlock", "NumberOfBytesRead", "LengthNeeded")
"""Parameters that say how much a call has stored."""
_STRUCTURES = ("io", "ps", "ke", "ex", "mm", "ob", "cm", "se", "job", "lpc", "process", "dbg")
"""The modules of `provider.nt.structs` that are searched by the names in the legend."""
_MATTER = {"RTL_USER_PROCESS_PARAMETERS": ("CurrentDirectory", "ImagePathName", "CommandLine")}
"""The members of large structures that are shown."""
_LONG_ZERO = 0x100
"""Stands for a zero byte that cannot be written as one octal digit."""
_ESCAPES = {code: f"\\x{code:02x}" for code in range(256) if not 0x20 <= code < 0x7F} | {
    0: "\\0",
    9: "\\t",
    10: "\\n",
    13: "\\r",
    34: '\\"',
    92: "\\\\",
    _LONG_ZERO: "\\x00",
}
_ZERO_BEFORE_DIGIT = re.compile("\0(?=[0-9])")


class Place(NamedTuple):
    """Where a call has a buffer, and what is known of it, by the places of the parameters."""

    at: int
    fills: bool
    size: int | None
    stored: int | None
    what: int | None
    """The parameter that says what is in it."""
    legend: Named | None
    """The names of that."""
    holds: str

    def describe(self, values: Sequence[Any], viewer: Viewer, limit: int) -> str:
        """What is there, in brackets; empty for nothing.  `limit` is for bytes and text."""
        va, size = values[self.at], self._size(values)
        if not va or not size:
            return ""
        shown = self._show(va, size, self._holds(values), viewer, limit)
        return f" [{shown}]" if shown else ""

    def _size(self, values: Sequence[Any]) -> int:
        """Bytes of the buffer, of which a call may have stored fewer."""
        if self.size is None:
            return _MOST_READ
        size = _number(values[self.size])
        stored = values[self.stored] if self.stored is not None and self.fills else None
        return size if stored is None else min(size, _number(stored))

    def _holds(self, values: Sequence[Any]) -> str:
        if self.what is None or self.legend is None:
            return self.holds
        holds = self.legend.contents(_number(values[self.what]))
        if holds[:1] in ("<", ">"):
            return holds[1:] if (holds[0] == ">") is self.fills else ""
        return holds

    def _show(self, va: int, size: int, holds: str, viewer: Viewer, limit: int) -> str:
        if holds and holds != "TEXT":
            if self.holds and self.size is not None:
                return _show_many(viewer.peek(va, min(4 * size, _MOST_READ)), holds, viewer)
            data = viewer.peek(va, min(size, _MOST_READ))
            shown = _shower(holds)(data, viewer)
            if shown:
                return shown
        cut = min(size, limit) if limit else size
        data = viewer.peek(va, cut)
        rest = "..." if len(data) < size else ""
        if not data:
            return ""
        return (_text(data) if holds == "TEXT" else quoted_bytes(data)) + rest


@cache
def places(call: Syscall) -> tuple[Place, ...]:
    """The buffers of a call."""
    return tuple(
        _place(call, index, parameter.codec)
        for index, parameter in enumerate(call.parameters)
        if isinstance(parameter.codec, Contents) and parameter.direction is None
    )


def _place(call: Syscall, index: int, codec: Contents) -> Place:
    names = list(call.names)
    size: int | None = names.index(codec.size_name) if codec.size_name else index + 1
    if codec.holds and not codec.size_name:
        size = None
    stored = next((names.index(name) for name in _STORED if name in names), None)
    what = next(_that_say(call), None) if not codec.holds else None
    named = call.parameters[what].codec if what is not None else None
    assert named is None or isinstance(named, Named)
    return Place(index, codec.fills, size, stored, what, named, codec.holds)


def _that_say(call: Syscall) -> Iterator[int]:
    """The parameters that say what a buffer holds."""
    for index, parameter in enumerate(call.parameters):
        is_one = parameter.name.endswith(("Class", "ControlCode")) or parameter.name == "Type"
        if is_one and isinstance(parameter.codec, Named) and parameter.direction is None:
            yield index


def _number(value: Any) -> int:
    """A parameter's value, be it an output, or what an IO_STATUS_BLOCK says of one."""
    if isinstance(value, Ref):
        if not value.has_value:
            return 0
        value = value.value
    found = value.Information if isinstance(value, IO_STATUS_BLOCK) else value
    return int(found or 0)


def quoted_bytes(data: bytes) -> str:
    """Bytes as a literal in C; a zero byte before a digit is no octal number."""
    text = _ZERO_BEFORE_DIGIT.sub(chr(_LONG_ZERO), data.decode("latin-1"))
    return f'"{text.translate(_ESCAPES)}"'


def _text(data: bytes) -> str:
    return quoted(decode_utf16(data[: len(data) & ~1]).removesuffix("\0"))


@cache
def _shower(holds: str) -> Shower:
    """What shows bytes that hold that; it gives nothing if they are too few."""
    name = holds.removesuffix("*")
    if name == "UNICODE_STRING":
        return _by_codec(CountedText())
    if name == "SID_POINTER":
        return _by_codec(SidPointer())
    annotation = getattr(types, name, None) or getattr(legend, name, None)
    if annotation is not None:
        return _by_codec(get_args(annotation)[1])
    kind = _structure(name)
    if holds.endswith("*"):
        return lambda data, viewer: _show_chain(data, kind, viewer)
    return lambda data, viewer: _show_structure(data, kind, viewer)


def _by_codec(codec: Codec[Any]) -> Shower:
    def show(data: bytes, viewer: Viewer) -> str:
        enough = len(data) >= codec.size
        return codec.show(codec.from_bytes(data), viewer) if enough else ""

    return show


def _structure(name: str) -> type[Struct]:
    for module in _STRUCTURES:
        found = getattr(import_module(f"provider.nt.structs.{module}"), name, None)
        if isinstance(found, type) and issubclass(found, Struct):
            return found
    raise LookupError(f"the legend names {name}, which is no structure")


def _show_many(data: bytes, holds: str, viewer: Viewer) -> str:
    show = _shower(holds)
    return ", ".join(show(data[at : at + 4], viewer) for at in range(0, len(data) & ~3, 4))


def _show_structure(data: bytes, kind: type[Struct], viewer: Viewer) -> str:
    if len(data) < _end(kind):
        return ""
    value = kind.from_bytes(data.ljust(kind.SIZE, b"\0"))
    matter = _MATTER.get(kind.__name__)
    shown = show_members(value, viewer) if matter is None else _show_some(value, matter, viewer)
    tails = [f"{name}={_show_tail(tail, value, data, viewer)}" for name, tail in _tails(kind)]
    return f"{shown[:-1]}, {', '.join(tails)}}}" if tails else shown


def _show_some(value: Struct, names: Sequence[str], viewer: Viewer) -> str:
    fields = [field for field in value.FIELDS if field.name in names]
    return f"{{{', '.join(show_field(value, field, viewer) for field in fields)}}}"


def _end(kind: type[Struct]) -> int:
    """Where the last member ends; SIZE has padding, in which text may begin."""
    last = kind.FIELDS[-1]
    return last.offset + last.size


def _tails(kind: type[Struct]) -> Iterator[tuple[str, Tail]]:
    for base in reversed(kind.__mro__):
        yield from ((name, tail) for name, tail in vars(base).items() if isinstance(tail, Tail))


def _show_tail(tail: Tail, value: Struct, data: bytes, viewer: Viewer) -> str:
    length = min(int(getattr(value, tail.length)), _MOST_READ)
    start = int(getattr(value, tail.at)) if tail.at else _end(type(value)) + 1 & ~1
    held = data[start : start + length]
    if not tail.kind:
        return _text(held) if held or not length else "?"
    holds = legend.kinds()["REG_TYPE"].contents.get(int(getattr(value, tail.kind)), "")
    if holds == "TEXT":
        return _text(held)
    return (_shower(holds)(held, viewer) if holds else "") or quoted_bytes(held)


def _show_chain(data: bytes, kind: type[Struct], viewer: Viewer) -> str:
    """Structures that begin with the offset to the next one, 0 in the last."""
    shown: list[str] = []
    at, count = 0, 0
    while len(data) - at >= _end(kind):
        count += 1
        if count <= _MOST_IN_CHAIN:
            shown.append(_show_structure(data[at:], kind, viewer))
        step = int.from_bytes(data[at : at + 4], "little")
        if not step:
            break
        at += step
    rest = [f"… {count - _MOST_IN_CHAIN} more"] if count > _MOST_IN_CHAIN else []
    return ", ".join([*shown, *rest])
