from datetime import UTC, datetime
from pathlib import Path

import pytest

from picorun.command_line import UsageError, parse
from picorun.commands import COMMANDS
from picorun.option_table import all_options
from picorun.options import parse_size
from picorun.trace import Target


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "which program"),
        (["--"], "which program"),
        (["--ram"], "--ram: expected one argument"),
        (["--ram", "a.exe"], "'a.exe' is not a size"),
        (["--ram", "-1", "a.exe"], "--ram"),
        (["--ram", "0", "a.exe"], "from 1M to 4G"),
        (["--ram", "4097K", "a.exe"], "multiple of 4K"),
        (["--ram", "5G", "a.exe"], "from 1M to 4G"),
        (["--ram", "1" * 5000, "a.exe"], "is not a size"),
        (["--ram", "\u0661M", "a.exe"], "is not a size"),
        (["--page-file", "1", "a.exe"], "from 1M to 4G"),
        (["--paging", "pse", "a.exe"], "neither pae nor x86"),
        (["--at", "syscall:0", "a.exe"], "not of the form syscall:N"),
        (["--at", "call:5", "a.exe"], "not of the form syscall:N"),
        (["--compress=9", "a.exe"], "--compress"),
        (["--seed", "-5", "a.exe"], "--seed"),
        (["--seed", str(1 << 64), "a.exe"], "whole number"),
        (["--env", "=x", "a.exe"], "NAME=VALUE"),
        (["--env", "novalue", "a.exe"], "NAME=VALUE"),
        (["--start-time", "yesterday", "a.exe"], "is not a time"),
        (["--start-time", "1600-12-31", "a.exe"], "before 1601"),
        (["--start-time", "0001-01-01T00:00:00+14:00", "a.exe"], "is not a time"),
        (["--max-time", "nan", "a.exe"], "positive number of seconds"),
        (["--max-time", "0", "a.exe"], "positive number of seconds"),
        (["--no-such-option", "a.exe"], "no such option: --no-such-option"),
        (["--tra", "a.exe"], "no such option: --tra"),
        (["--rw=yes", "a.exe"], "--rw"),
        (["--mount", "a.exe"], "is not of the form"),
        (["--mount", "C:\\x=", "a.exe"], "is not of the form"),
        (["--mount", "C=/x", "a.exe"], "is not of the form"),
        (["--mount", "\\x=/x", "a.exe"], "is not of the form"),
        (["--mount", "CC:\\x=/x", "a.exe"], "is not of the form"),
        (["--keep"], "--keep: expected one argument"),
        (["--max-calls", "0", "a.exe"], "whole number from 1"),
        (["--max-calls", "-1", "a.exe"], "whole number from 1"),
        (["--max-output", "much", "a.exe"], "is not a size"),
        (["--max-virtual-time", "1e9", "a.exe"], "positive number of seconds"),
        (["--quiet", "--verbose", "a.exe"], "contradict"),
    ],
)
def test_senseless_lines_are_refused_with_words(words: list[str], complaint: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse(words)
    assert complaint in str(refusal.value)


def test_words_after_the_program_are_the_guests() -> None:
    line = parse(["--rw", "a.exe", "--trace", "--", "-h", "--env", "X"])
    assert (line.program, line.arguments) == ("a.exe", ["--trace", "--", "-h", "--env", "X"])
    assert line.options.rw
    assert line.options.trace == []


def test_two_dashes_end_our_options() -> None:
    line = parse(["--", "--odd.exe", "--", "x"])
    assert (line.program, line.arguments) == ("--odd.exe", ["--", "x"])


def test_trace_takes_a_file_only_after_an_equals_sign() -> None:
    assert parse(["--trace", "a.exe"]).options.trace == [Target("text", "-")]
    assert parse(["--trace=out.txt", "a.exe"]).options.trace == [Target("text", "out.txt")]
    assert parse(["--trace", "--", "text:a"]).program == "text:a"


def test_trace_takes_the_next_word_if_that_is_a_format_with_a_file() -> None:
    line = parse(["--trace", "jsonl:a.jsonl", "--trace", "--trace=b", "text.exe", "--trace"])
    targets = [Target("jsonl", "a.jsonl"), Target("text", "-"), Target("text", "b")]
    assert line.options.trace == targets
    assert (line.program, line.arguments) == ("text.exe", ["--trace"])
    assert parse(["--trace", "jsonl"]).program == "jsonl"


def test_options_of_paging() -> None:
    words = ["--page-file", "64M", "--paging", "x86", "--at", "syscall:7", "--compress"]
    options = parse([*words, "--memory-map=map.json", "a.exe"]).options
    assert (options.page_file, options.paging, options.at) == (64 << 20, "x86", 7)
    assert options.compress
    assert options.memory_map == "map.json"
    assert parse(["--memory-map", "a.exe"]).options.memory_map == "-"


def test_variables_repeat_and_may_be_empty() -> None:
    line = parse(["--env", "A=1=2", "--env", "B=", "a.exe"])
    assert line.options.env == [("A", "1=2"), ("B", "")]


@pytest.mark.parametrize(
    ("text", "host", "mode"),
    [
        ("C:\\x=/y", "/y", "cow"),
        ("C:\\x=/y:ro", "/y", "ro"),
        ("d:=a:b=c:rw", "a:b=c", "rw"),
        ("C:\\x=/y:no", "/y:no", "cow"),
        ("C:\\x=:rw", ":rw", "cow"),
    ],
)
def test_mounts(text: str, host: str, mode: str) -> None:
    line = parse(["--mount", text, "a.exe"])
    assert line.options.mount == [(text.partition("=")[0], Path(host), mode)]


def test_times_are_utc_unless_they_say_otherwise() -> None:
    line = parse(["--start-time", "2001-02-03T04:05:06+02:00", "a.exe"])
    assert line.options.start_time == datetime(2001, 2, 3, 2, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "size"), [("64m", 64 << 20), ("4G", 1 << 32), ("8388608", 1 << 23)]
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_fits_a_screen_and_names_everything(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as leaving:
        parse([word])
    text = capsys.readouterr().out
    lines = text.splitlines()
    assert leaving.value.code == 0
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    words = text.replace("[", " ").replace(",", " ").split()
    assert [option.flag for option in all_options() if option.flag not in words] == []
    assert [name for name in COMMANDS if name not in words] == []


def test_all_of_the_help_explains_each_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help-all"])
    lines = capsys.readouterr().out.splitlines()
    for option in all_options():
        assert any(option.words in line and option.help in line for line in lines)
    assert max(map(len, lines)) <= 100
