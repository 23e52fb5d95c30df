"""Names without case, as NT compares them: by the upper-case form of each character alone.

A character is folded only if its upper-case form is one character that folds back to it.  This
gives the table that systems ship for file and object names (l_intl.nls).
"""

from __future__ import annotations


def _fold(char: str) -> str:
    if char > "\uffff":  # two UTF-16 characters, neither of which has another case
        return char
    for upper in (char.upper(), char.title()):
        if len(upper) == 1 and upper.lower() == char:
            return upper
    return char


def upcase(name: str) -> str:
    """`name` with every character folded; of the same length."""
    if name.isascii():
        return name.upper()
    return "".join(map(_fold, name))
