"""From the bytes of a terminal to keys: what was pressed, by virtual-key codes (winuser.h)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIFT, CONTROL, ALT, ENHANCED = 0x10, 0x8, 0x2, 0x100
BACKSPACE, TAB, RETURN, ESCAPE, SPACE = 0x08, 0x09, 0x0D, 0x1B, 0x20
_LETTERS = {"A": 0x26, "B": 0x28, "C": 0x27, "D": 0x25, "H": 0x24, "F": 0x23}
_FIRST_FUNCTIONS = {"P": 0x70, "Q": 0x71, "R": 0x72, "S": 0x73}
_NUMBERS = {1: 0x24, 2: 0x2D, 3: 0x2E, 4: 0x23, 5: 0x21, 6: 0x22, 7: 0x24, 8: 0x23} | {
    number: 0x70 + index
    for index, number in enumerate((11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24))
}
"""Home, Insert, Delete, End, the page keys, and F1 to F12."""
_SCAN_CODES = {
    key: scan
    for row, start in (
        ("1234567890", 0x02),
        ("QWERTYUIOP", 0x10),
        ("ASDFGHJKL", 0x1E),
        ("ZXCVBNM", 0x2C),
    )
    for scan, key in enumerate(map(ord, row), start)
} | {BACKSPACE: 0x0E, TAB: 0x0F, RETURN: 0x1C, ESCAPE: 0x01, SPACE: 0x39}
_SCAN_CODES |= dict(
    zip(
        (0x24, 0x26, 0x21, 0x25, 0x27, 0x23, 0x28, 0x22, 0x2D, 0x2E),
        range(0x47, 0x54),
        strict=False,
    )
)
_SEQUENCE = r"\x1b(?:\[|O)(?:(\d+)(?:;(\d+))?)?([A-Za-z~])"


class Key(NamedTuple):
    """A key that is pressed or released, with the UTF-16 unit that it means."""

    down: bool
    code: int
    scan: int
    char: int
    state: int
    repeat: int = 1


def decode(text: str) -> Iterator[Key]:
    """The keys that make a terminal send `text`, each pressed and released."""
    at = 0
    while at < len(text):
        found = re.compile(_SEQUENCE).match(text, at)
        if found is not None:
            yield from _special(found)
            at = found.end()
        elif text[at] == "\x1b" and at + 1 < len(text) and text[at + 1] != "\x1b":
            yield from _press(text[at + 1], ALT)
            at += 2
        else:
            yield from _press(text[at], 0)
            at += 1


def _special(found: re.Match[str]) -> Iterator[Key]:
    number, modifiers, letter = found.groups()
    if letter == "Z":
        yield from _both(TAB, 9, SHIFT)
        return
    if letter == "~":
        code = _NUMBERS.get(int(number or 0))
    else:
        code = _LETTERS.get(letter) or _FIRST_FUNCTIONS.get(letter)
    if code is None:
        return
    bits = int(modifiers or 1) - 1
    state = (bits & 1 and SHIFT) | (bits & 2 and ALT) | (bits & 4 and CONTROL)
    yield from _both(code, 0, state | (ENHANCED if code < 0x70 else 0))


def _press(char: str, state: int) -> Iterator[Key]:
    code, unit = ord(char), ord(char)
    if char in "\r\n":
        code = unit = RETURN
    elif char in "\x7f\b":
        code = unit = BACKSPACE
    elif char in "\t\x1b ":
        pass
    elif code < SPACE:
        code, state = code + 0x40, state | CONTROL
    elif char.isascii() and char.isalnum():
        code, state = ord(char.upper()), state | (SHIFT if char.isupper() else 0)
    else:
        code = 0
    for part in _units(unit):
        yield from _both(code, part, state)


def _both(code: int, char: int, state: int) -> Iterator[Key]:
    scan = _SCAN_CODES.get(code, 0)
    yield Key(True, code, scan, char, state)
    yield Key(False, code, scan, char, state)


def _units(code: int) -> tuple[int, ...]:
    """A character as UTF-16 units."""
    if code < 0x10000:
        return (code,)
    code -= 0x10000
    return 0xD800 | code >> 10, 0xDC00 | code & 0x3FF
