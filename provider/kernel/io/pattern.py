"""Patterns of file names, as the documentation of FsRtlIsNameInExpression has them.

*  any characters          <  (DOS_STAR) any characters but the last dot
?  one character           >  (DOS_QM) one character but a dot; nothing at a dot or the end
                           "  (DOS_DOT) a dot; nothing at the end
"""

from __future__ import annotations

from provider.kernel.ob.casing import upcase

_SKIPPED = {"": '*<>"', ".": "*<>"}
"""What matches nothing before a character, "" being the end."""


def from_dos(pattern: str) -> str:
    """A pattern of Win32, as FindFirstFile passes it on.

    A `?` may match nothing at a dot or the end, `*.` at the end is any name without an extension,
    and `*.*` is everything.
    """
    if pattern == "*.*":
        return "*"
    changed: list[str] = []
    for position, char in enumerate(pattern):
        following = pattern[position + 1 : position + 2]
        if char == "?":
            char = ">"
        elif char == "." and following and following in "?*":
            char = '"'
        elif char == "." and not following and pattern[position - 1 : position] == "*":
            changed[-1:], char = "<", '"'
        changed.append(char)
    return "".join(changed)


def is_literal(pattern: str) -> bool:
    """Whether only one name matches, case aside."""
    return not any(wild in pattern for wild in '*?<>"')


def matches(pattern: str, name: str) -> bool:
    """Whether `name` matches, case aside.  Time grows with the product of the lengths."""
    pattern, name = upcase(pattern), upcase(name)
    last_dot = name.rfind(".")
    places = {0}
    for position, char in enumerate(name):
        places = {
            place + (pattern[place] not in "*<")
            for place in _skip(pattern, places, char)
            if place < len(pattern) and _takes(pattern[place], char, position == last_dot)
        }
        if not places:
            return False
    return len(pattern) in _skip(pattern, places, "")


def _skip(pattern: str, places: set[int], char: str) -> set[int]:
    """`places` in the pattern, and those after what may match nothing before `char`."""
    skipped = _SKIPPED.get(char, "*<")
    reached = set(places)
    for place in places:
        while place < len(pattern) and pattern[place] in skipped:
            place += 1
            if place in reached:
                break
            reached.add(place)
    return reached


def _takes(wild: str, char: str, is_last_dot: bool) -> bool:
    """Whether a character of the pattern matches one of the name."""
    if wild in "*?":
        return True
    if wild == "<":
        return not is_last_dot
    if wild == ">":
        return char != "."
    return (wild == '"' and char == ".") or wild == char
