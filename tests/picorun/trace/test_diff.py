"""`picorun trace diff`: broken files, then what counts as a difference."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picorun.cli import main
from picorun.trace.diff import compare
from picorun.trace.reader import TraceUnreadable, read_trace
from tests.guests import picorun

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
"""Whatever a line of a file may say."""
Capture = pytest.CaptureFixture[str]
START = '{"type":"TraceStart","version":1}\n'


STAMP = {"type": "SystemCall", "sequence": 1, "time": 0, "process_id": 8, "thread_id": 12}


def call(name: str = "NtClose", *, tid: int = 12, **fields: Any) -> dict[str, Any]:
    record = {**STAMP, "thread_id": tid, "name": name}
    return {**record, "status_name": "STATUS_SUCCESS", "arguments": {}, **fields}


def parts(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> tuple[str, ...]:
    """What differs first; nothing if nothing does."""
    found = compare(iter(ours), iter(theirs)).difference
    return () if found is None else found.parts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no trace"),
        ("hello\n", "1: this line is no event"),
        ("[1]\n", "1: this line is no event"),
        ("[" * 100_000 + "\n", "1: this line is no event"),
        ('{"type":"SystemCall"}\n', "no trace"),
        ('{"type":"TraceStart","version":99}\n', "version 99"),
        (START + "\xff\n", "2: this line is no event"),
        (START + "{}\n", "2: this line is no event"),
        (START + json.dumps({**STAMP, "type": []}) + "\n", "2: this line is no event"),
        (START + json.dumps({**STAMP, "time": 10**400}) + "\n", "2: this line is no event"),
    ],
)
def test_files_that_are_no_traces(text: str, words: str, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(text, encoding="latin-1")
    assert main(["trace", "diff", str(file), str(file)]) == 125
    captured = capsys.readouterr()
    assert captured.out == ""
    line, advice = captured.err.splitlines()
    assert line.startswith(f"picorun: {file}:")
    assert words in line
    assert advice


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TraceUnreadable, match="No such file"):
        read_trace(str(tmp_path / "none"))


@given(st.sampled_from(sorted(call())), JSON, st.sampled_from(sorted(call())), JSON)
def test_any_json_is_compared_or_refused(one: str, value: Any, other: str, second: Any) -> None:
    ours, theirs = ({**call(), name: found} for name, found in ((one, value), (other, second)))
    with TemporaryDirectory() as folder:
        files = [str(Path(folder, name)) for name in "ab"]
        for file, record in zip(files, (ours, theirs), strict=True):
            Path(file).write_text(START + json.dumps(record) + "\n")
        assert main(["trace", "diff", *files]) in (0, 1, 125)


def test_a_cut_line_at_the_end_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(START + json.dumps(call()) + "\n" + json.dumps(call())[:20])
    assert len(list(read_trace(str(file)))) == 1


def test_a_status_a_name_and_an_end() -> None:
    assert parts([call()], [call(status_name="STATUS_INVALID_HANDLE")]) == ("status_name",)
    assert parts([call()], [call("NtYieldExecution")]) == ("name",)
    assert parts([call()], [call(), call()]) == ("the thread ends",)
    exception = {**call(), "type": "GuestException"}
    assert parts([call()], [exception]) == ("type",)


def test_sizes_flags_and_texts_count() -> None:
    for ours, theirs in (("16", "32"), ("MEM_COMMIT", "MEM_RESERVE"), ('"a 1"', '"a 2"')):
        left, right = (
            call("NtAllocateVirtualMemory", arguments={"AllocationType": text, "ZeroBits": "0x0"})
            for text in (ours, theirs)
        )
        assert parts([left], [right]) == ("AllocationType",)


def test_a_handle_may_have_another_number_but_always_the_same() -> None:
    def close(*handles: str) -> list[dict[str, Any]]:
        return [call(arguments={"Handle": handle}) for handle in handles]

    assert parts(close("0x10", "0x14", "0x10"), close("0x20", "0x10", "0x20")) == ()
    assert parts(close("0x10", "0x14"), close("0x20", "0x20")) == ("Handle",)
    assert parts(close("0x10", "0x10"), close("0x20", "0x24")) == ("Handle",)
    assert parts(close("0x10<a.txt>"), close("0x20<b.txt>")) == ("Handle",)


def test_addresses_behind_pointers_and_in_structures() -> None:
    def allocate(base: str, size: str) -> dict[str, Any]:
        arguments = {"BaseAddress": f"0x7000 [{base}]", "RegionSize": f"0x7004 [{size}]"}
        return call("NtAllocateVirtualMemory", arguments=arguments)

    assert parts([allocate("0x10000", "0x1000")], [allocate("0x20000", "0x1000")]) == ()
    assert parts([allocate("0x10000", "0x1000")], [allocate("0x10000", "0x2000")]) == (
        "RegionSize",
    )


def test_dates_do_not_count_but_what_stands_beside_them() -> None:
    def query(time: str, size: str) -> dict[str, Any]:
        times = f"{{CreationTime={time}, EndOfFile={size}}}"
        return call("NtQueryFullAttributesFile", arguments={"FileInformation": f"0x70 [{times}]"})

    first = "133485408000012801<2024-01-01 00:00:00.0012801>"
    later = "134404149205661866<2026-11-29 08:35:20.5661866>"
    assert parts([query(first, "16")], [query(later, "16")]) == ()
    assert parts([query(first, "16")], [query(later, "17")]) == ("FileInformation",)


def test_scheduling_does_not_count_and_threads_are_told_by_their_order() -> None:
    ours = [call("NtClose", tid=12), call("NtOpenKey", tid=16), call("NtFlushKey", tid=12)]
    theirs = [call("NtClose", tid=20), call("NtFlushKey", tid=20), call("NtOpenKey", tid=24)]
    noise = {**call(), "type": "ContextSwitch"}
    assert parts(ours, [noise, *theirs]) == ()
    found = compare(iter(ours), iter([*theirs[:2], call("NtSaveKey", tid=24)])).difference
    assert found is not None
    assert (found.thread, found.equal) == ((1, 2), 0)


def test_what_is_shown(tmp_path: Path, capsys: Capture) -> None:
    names = ["NtClose", "NtFlushKey", "NtOpenKey", "NtSaveKey", "NtYieldExecution", "NtTestAlert"]
    files = []
    for letter, last in (("a", "STATUS_SUCCESS"), ("b", "STATUS_\x1b[2J")):
        records = [*map(call, names), call("NtLoadKey", status_name=last), call()]
        file = tmp_path / letter
        file.write_text(START + "".join(json.dumps(record) + "\n" for record in records))
        files.append(str(file))
    assert main(["trace", "diff", *files]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [f"--- {files[0]}", f"+++ {files[1]}"]
    assert "after 6 equal events" in lines[2]
    assert [line.split("(")[0].split()[-1] for line in lines[3:7]] == names[2:]
    assert lines[7] == "- 0.000000 8.12 NtLoadKey() = STATUS_SUCCESS"
    assert lines[9] == "+ 0.000000 8.12 NtLoadKey() = STATUS_\\x1b[2J"
    assert lines[-1] == "  differs: status_name"


@pytest.mark.slow
def test_runs_of_a_program(hello: Path, tmp_path: Path) -> None:
    """Another seed moves what is random; another argument is a difference."""
    for name, words in (("a", ()), ("b", ("--seed", "7")), ("c", ())):
        arguments = ("x",) if name == "c" else ()
        picorun("--trace", f"jsonl:{tmp_path / name}", *words, hello, *arguments, cwd=tmp_path)
    files = [str(tmp_path / name) for name in "abc"]
    codes = [picorun("trace", "diff", *pair).exit_code for pair in pairwise(files)]
    assert codes == [0, 1]
