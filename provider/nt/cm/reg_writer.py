"""Writes .reg files: what has to be changed to make one registry of another.

Keys that are volatile, classes and security descriptors are left out: the format cannot tell them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.ob.casing import upcase
from provider.nt.cm.reg_format import HEADER, ROOTS
from provider.nt.cm.seed import REG_BINARY, REG_DWORD, REG_SZ
from provider.nt.types import decode_utf16

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.cm.key import Key, Value
    from provider.kernel.cm.registry import Registry

_LINE = 80
_NAMING_ROOTS = ("HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER", "HKEY_USERS")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\0": "\\0"})


def differences(before: Registry, after: Registry) -> str:
    """The text of a .reg file that makes `after` of `before`, with carriage returns.

    A key whose name has a line break cannot be written; a comment stands for it.
    """
    sections: list[str] = []
    for name in ("MACHINE", "USER"):
        old, new = before.root.subkey(name), after.root.subkey(name)
        assert new is not None, "these keys cannot be deleted"
        sections += _below(old, new)
    return "\r\n".join([HEADER, "", *sections, ""])


def _below(before: Key | None, after: Key) -> Iterator[str]:
    """Sections about all that is below two keys of one name."""
    if before is not None:
        for gone in before.subkeys():
            kept = after.subkey(gone.name)
            if not gone.is_volatile and (kept is None or kept.is_volatile):
                yield f"[-{_name(gone)}]\r\n"
    for key in after.subkeys():
        if key.is_volatile:
            continue
        if "\n" in key.name or "\r" in key.name:
            yield f"; not written: {key.name!r} below [{_name(after)}]\r\n"
            continue
        old = before.subkey(key.name) if before is not None else None
        yield from _section(None if old is not None and old.is_volatile else old, key)


def _section(before: Key | None, after: Key) -> Iterator[str]:
    old = {upcase(value.name): value for value in before.values()} if before is not None else {}
    new = {upcase(value.name): value for value in after.values()}
    lines = [f"{_quoted_name(value.name)}=-" for name, value in old.items() if name not in new]
    for name, value in new.items():
        known = old.get(name)
        if known is None or (known.kind, known.data) != (value.kind, value.data):
            lines.append(_value(value))
    if lines or before is None:
        yield "\r\n".join([f"[{_name(after)}]", *lines, ""])
    yield from _below(before, after)


def _name(key: Key) -> str:
    """The key's path as .reg files spell it."""
    path = key.path.removeprefix("\\REGISTRY\\")
    for name in _NAMING_ROOTS:
        above = ROOTS[name]
        if path == above or path.startswith(above + "\\"):
            return name + path[len(above) :]
    raise ValueError(f"{path} is below no root")


def _quoted_name(name: str) -> str:
    return _quoted(name) if name else "@"


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def _value(value: Value) -> str:
    name = _quoted_name(value.name)
    if value.kind == REG_DWORD and len(value.data) == 4:
        return f"{name}=dword:{int.from_bytes(value.data, 'little'):08x}"
    if value.kind == REG_SZ and (text := _plain_text(value.data)) is not None:
        return f"{name}={_quoted(text)}"
    start = f"{name}=hex:" if value.kind == REG_BINARY else f"{name}=hex({value.kind:x}):"
    return _folded(start, [f"{byte:02x}" for byte in value.data])


def _plain_text(data: bytes) -> str | None:
    """The text of a string that can stand between quotes; None for any other."""
    if len(data) % 2 or data[-2:] != b"\0\0":
        return None
    text = decode_utf16(data[:-2])
    return text if all(char.isprintable() for char in text) else None


def _folded(start: str, parts: list[str]) -> str:
    """Bytes in lines of up to 80 characters, as the registry editor writes them."""
    lines, line = [], start
    for index, part in enumerate(parts):
        piece = part + ("," if index + 1 < len(parts) else "")
        if len(line) + len(piece) + 1 >= _LINE and line.strip():
            lines.append(line + "\\")
            line = "  "
        line += piece
    return "\r\n".join([*lines, line])
