"""Patterns: the wildcards of FsRtlIsNameInExpression."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider.kernel.io.pattern import matches


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("", "", True),
        ("", "a", False),
        ("*" * 200 + "b", "a" * 200, False),
        ("<" * 200 + "b", "a." * 100, False),
        ("*", "", True),
        ("*", ".", True),
        ("*.txt", "A.TXT", True),
        ("*.txt", "a.txt.bak", False),
        ("*.*", "noext", False),
        ("?", "", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("<.txt", "a.b.txt", True),
        ("<", "noext", True),
        ("<", "with.ext", False),
        ("<.", "noext", False),
        ('<"', "noext", True),
        ('<"*', "noext", True),
        ('<"*', "a.b", True),
        (">>>.c", "ab.c", True),
        (">>>.c", "abcd.c", False),
        ("a>>", "a", True),
        ('a"', "a", True),
        ('a"', "a.", True),
        ('a"b', "a.b", True),
        ('a"b', "ab", False),
        ("Ä*", "äx", True),
        ("file?.txt", "file1.txt", True),
    ],
)
def test_wildcards(pattern: str, name: str, expected: bool) -> None:
    assert matches(pattern, name) is expected


@given(st.text("ab.*?", max_size=8), st.text("ab.", max_size=8))
def test_stars_and_question_marks_are_those_of_fnmatch(pattern: str, name: str) -> None:
    assert matches(pattern, name) is fnmatch.fnmatchcase(name, pattern)
