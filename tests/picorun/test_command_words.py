from __future__ import annotations

from subprocess import list2cmdline

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picorun.command_words import join_words


@pytest.mark.parametrize(
    ("word", "quoted"),
    [
        ("plain", "plain"),
        ("", '""'),
        ("two words", '"two words"'),
        ('say "so"', r'"say \"so\""'),
        (r"C:\a b\c", r'"C:\a b\c"'),
        ("C:\\a b\\", r'"C:\a b\\"'),
        (r"\"", r"\\\""),
    ],
)
def test_a_word_is_quoted_as_the_c_library_reads_it(word: str, quoted: str) -> None:
    assert join_words([word]) == quoted


@given(st.lists(st.text('a\\ \t"', max_size=8)))
def test_lines_are_those_of_the_standard_library(words: list[str]) -> None:
    assert join_words(words) == list2cmdline(words)
