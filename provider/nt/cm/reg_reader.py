"""Reads .reg files: what they would have changed, in their order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.cm.key import LINK_KIND, LINK_VALUE, Value
from provider.kernel.errors import KernelError
from provider.nt.cm.reg_format import ANSI_HEADER, HEADER, registry_path
from provider.nt.cm.seed import REG_BINARY, REG_DWORD, REG_EXPAND_SZ, REG_MULTI_SZ, REG_SZ
from provider.nt.types import encode_utf16

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.cm.registry import Registry

_STRING_TYPES = (REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ)
_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
_HEX = re.compile(r"hex(?:\(([0-9a-f]{1,8})\))?:(.*)", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "0": "\0"}


class RegFileError(Exception):
    """A .reg file is damaged: `line` counts from 1."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(f"line {line}: {words}")
        self.line, self.words = line, words


class Change(NamedTuple):
    r"""One thing that a file asks for, on its line; `path` is below \REGISTRY.

    Without `name` it is the key that is made or, if `delete`, deleted.
    """

    line: int
    path: str
    name: str | None = None
    value: Value | None = None
    delete: bool = False


def import_reg(registry: Registry, data: bytes, now: int) -> None:
    """Make the changes that the .reg file `data` asks for.  RegFileError, with those before made.

    A key whose link value is set becomes a symbolic link if it is new and empty.
    """
    for change in read_reg(data):
        try:
            _apply(registry, change, now)
        except KernelError as error:
            raise RegFileError(change.line, f"{change.path}: {error}") from None


def read_reg(data: bytes) -> Iterator[Change]:
    """The changes in a .reg file.  RegFileError."""
    lines = _Lines(_decoded(data))
    header = lines.next_content()
    if header not in (HEADER, ANSI_HEADER):
        raise RegFileError(lines.number or 1, f"the file does not begin with {HEADER!r}")
    path: str | None = None
    while (line := lines.next_content()) is not None:
        number = lines.number
        if line.startswith("["):
            change = _key(line, number)
            path = None if change.delete else change.path
            yield change
        elif path is None:
            raise RegFileError(number, "a value stands below no key")
        else:
            name, content = _split(line, lines)
            if content == "-":
                yield Change(number, path, name, delete=True)
            else:
                value = _value(name, content, lines, ansi=header == ANSI_HEADER)
                yield Change(number, path, name, value)


class _Lines:
    """The lines of a file, one after another; `number` is that of the last one taken."""

    def __init__(self, text: str) -> None:
        self._lines = text.replace("\r\n", "\n").split("\n")
        self.number = 0

    def next(self) -> str | None:
        """The next line; None at the end."""
        if self.number >= len(self._lines):
            return None
        self.number += 1
        return self._lines[self.number - 1]

    def next_content(self) -> str | None:
        """The next line that is neither empty nor a comment."""
        while (line := self.next()) is not None:
            line = line.strip()
            if line and not line.startswith(";"):
                return line
        return None


def _decoded(data: bytes) -> str:
    found = (marked for marked in _MARKS if data.startswith(marked[0]))
    mark, encoding = next(found, (b"", "utf-8"))
    errors = "surrogatepass" if encoding.startswith("utf-16") else "strict"
    try:
        return data[len(mark) :].decode(encoding, errors)
    except UnicodeDecodeError as error:
        if data.startswith(ANSI_HEADER.encode()):
            return data.decode("cp1252", "replace")
        before = data[len(mark) : len(mark) + error.start].decode(encoding, "replace")
        raise RegFileError(before.count("\n") + 1, f"this is not {encoding.upper()}") from None


def _key(line: str, number: int) -> Change:
    end = line.rfind("]")
    name = line[1:end]
    delete = name.startswith("-")
    path = registry_path(name[delete:])
    if end < 0 or path is None:
        raise RegFileError(number, f"{line!r} names no key of the registry")
    return Change(number, path, delete=delete)


def _split(line: str, lines: _Lines) -> tuple[str, str]:
    """Name and content of a value's line."""
    if line.startswith("@"):
        name, rest = "", line[1:]
    elif line.startswith('"'):
        name, rest = _quoted(line, lines)
    else:
        raise RegFileError(lines.number, f"{line!r} is neither a key nor a value")
    rest = rest.lstrip()
    if not rest.startswith("="):
        raise RegFileError(lines.number, "there is no '=' after the name of a value")
    return name, rest[1:].strip()


def _quoted(text: str, lines: _Lines) -> tuple[str, str]:
    """The string that `text` begins with, over as many lines as it takes, and what follows it."""
    start = lines.number
    at = 1
    while True:
        while at < len(text) and text[at] != '"':
            at += 2 if text[at] == "\\" else 1
        if at < len(text):
            body = _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), text[1:at])
            return body, text[at + 1 :]
        more = lines.next()
        if more is None:
            raise RegFileError(start, "a string does not end")
        text += "\n" + more


def _value(name: str, content: str, lines: _Lines, *, ansi: bool) -> Value:
    number = lines.number
    if content.startswith('"'):
        text, rest = _quoted(content, lines)
        _expect_end(rest, number)
        return Value(name, REG_SZ, encode_utf16(text + "\0"))
    if content.lower().startswith("dword:"):
        digits = content[6:].partition(";")[0].strip()
        if not re.fullmatch(r"[0-9a-fA-F]{1,8}", digits):
            raise RegFileError(number, f"{digits!r} is not a number of up to 8 hexadecimal digits")
        return Value(name, REG_DWORD, int(digits, 16).to_bytes(4, "little"))
    match = _HEX.fullmatch(_joined(content, lines))
    if match is None:
        raise RegFileError(number, f"{content!r} is not the content of a value")
    kind = REG_BINARY if match[1] is None else int(match[1], 16)
    data = _hex_bytes(match[2], number)
    if ansi and kind in _STRING_TYPES:
        data = encode_utf16(data.decode("cp1252", "replace"))
    return Value(name, kind, data)


def _joined(content: str, lines: _Lines) -> str:
    """The content with the lines that follow each backslash at an end."""
    parts = []
    content = content.partition(";")[0].rstrip()
    while content.endswith("\\"):
        parts.append(content[:-1])
        content = (lines.next_content() or "").partition(";")[0].rstrip()
    return "".join([*parts, content])


def _hex_bytes(text: str, number: int) -> bytes:
    digits = [part.strip() for part in text.strip().rstrip(",").split(",")]
    if digits == [""]:
        return b""
    for part in digits:
        if not re.fullmatch(r"[0-9a-fA-F]{1,2}", part):
            raise RegFileError(number, f"{part!r} is not a byte of two hexadecimal digits")
    return bytes(int(part, 16) for part in digits)


def _expect_end(rest: str, number: int) -> None:
    if rest.strip() and not rest.lstrip().startswith(";"):
        raise RegFileError(number, f"{rest.strip()!r} follows a string")


def _apply(registry: Registry, change: Change, now: int) -> None:
    if change.name is None and not change.delete:
        registry.ensure(change.path)
        return
    if change.name is None:
        _delete_tree(registry, change.path, now)
        return
    key = registry.ensure(change.path)
    if change.value is not None:
        is_target = (change.value.name, change.value.kind) == (LINK_VALUE, LINK_KIND)
        if is_target and not (key.values() or key.subkeys() or key.is_hive):
            key.is_link = True
        registry.set_value(key, change.value, now)
    elif key.value(change.name) is not None:
        registry.delete_value(key, change.name, now)


def _delete_tree(registry: Registry, path: str, now: int) -> None:
    try:
        key = registry.find(registry.root, path, open_link=True)
    except KernelError:
        return  # it is gone already
    if not key.is_hive and key.depth > 1:
        registry.discard(key, now)
        return
    for below in key.subkeys():
        if not below.is_hive:
            registry.discard(below, now)
