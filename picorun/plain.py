"""Text that a file or a guest made up, as a terminal may show it."""

from __future__ import annotations


def plain(text: str) -> str:
    r"""`text` with what is not printable as escapes, such as \x1b and \u202e."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
