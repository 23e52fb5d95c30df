"""A command line of its words, as programs of Windows take it apart again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


_BLANKS = frozenset(" \t")
_SPECIAL = _BLANKS | {'"'}


def join_words(words: Iterable[str]) -> str:
    r"""The words in a line, quoted where they have to be.

    A quote is written \", and what backslashes stand before a quote are doubled: "Parsing C
    command-line arguments" in Microsoft's documentation.
    """
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    if word and _SPECIAL.isdisjoint(word):
        return word
    escaped = re.sub(r'(\\*)"', r'\1\1\\"', word)
    if word and _BLANKS.isdisjoint(word):
        return escaped
    return '"' + re.sub(r"(\\+)$", r"\1\1", escaped) + '"'
