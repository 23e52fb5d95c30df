"""Where traces go: formats, files that cannot be written, files that are cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from picorun.trace import FORMATS, STDERR, Target, TraceFailed, open_sinks, parse_target
from picorun.trace.writer import Writer
from tests.guests import picorun


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("-", Target("text", STDERR)),
        ("out.txt", Target("text", "out.txt")),
        ("jsonl", Target("jsonl", STDERR)),
        ("jsonl:a:b", Target("jsonl", "a:b")),
        ("text:jsonl", Target("text", "jsonl")),
        ("C:\\trace", Target("text", "C:\\trace")),
    ],
)
def test_targets(text: str, target: Target) -> None:
    assert parse_target(text) == target


def test_two_traces_do_not_share_a_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "trace")
    targets = [Target("text", str(tmp_path / name)) for name in ("trace", "link")]
    with pytest.raises(TraceFailed, match="two traces cannot go to"), open_sinks(targets):
        pass
    targets = [Target("text", STDERR), Target("jsonl", "/dev/stderr")]
    with pytest.raises(TraceFailed, match="two traces"), open_sinks(targets):
        pass
    assert not (tmp_path / "trace").exists()


def test_a_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    for target in (str(tmp_path), str(tmp_path / "no" / "trace")):
        with pytest.raises(TraceFailed, match="cannot write the trace to"):
            Writer(target)


def test_a_full_disk_loses_lines_but_says_so_once() -> None:
    writer = Writer("/dev/full")
    with pytest.raises(TraceFailed, match="to /dev/full: No space left"):
        writer.write_text("line\n")
    writer.close()


def test_a_file_gets_whole_lines_only(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    writer = Writer(str(path))
    line = "0123456789" * 10 + "\n"
    for _ in range(2000):
        writer.write_text(line)
        data = path.read_bytes()
        assert not data or data.endswith(b"\n")
    writer.close()
    assert path.read_text() == line * 2000


def test_what_a_signal_interrupts_is_written_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception that comes after the host has written, and before we know."""
    import os

    path = tmp_path / "trace"
    writer = Writer(str(path))
    writer.write_text("one\n")
    real = os.pwrite

    def interrupted(fd: int, data: memoryview, offset: int) -> int:
        real(fd, data, offset)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "pwrite", interrupted)
    with pytest.raises(KeyboardInterrupt):
        writer.flush()
    monkeypatch.setattr(os, "pwrite", real)
    writer.write_text("two\n")
    writer.close()
    assert path.read_text() == "one\ntwo\n"


@pytest.mark.slow
def test_two_runs_give_the_same_files(hello: Path, tmp_path: Path) -> None:
    """Byte for byte, in every format, with several at once."""
    for name in ("one", "two"):
        targets = [f"--trace={each}:{tmp_path / f'{name}.{each}'}" for each in FORMATS]
        assert picorun("--quiet", *targets, hello, cwd=tmp_path).exit_code == 0
    for each in FORMATS:
        one, two = ((tmp_path / f"{name}.{each}").read_bytes() for name in ("one", "two"))
        assert one == two, each
        assert one


@pytest.mark.slow
@pytest.mark.parametrize("target", ["/dev/full", "/no/such/place/x", "/"])
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_what_cannot_be_written(form: str, target: str, hello: Path, tmp_path: Path) -> None:
    """The first line says what and where."""
    done = picorun("--quiet", f"--trace={form}:{target}", hello, cwd=tmp_path)
    assert done.exit_code == 125
    lines = done.stderr.splitlines()
    assert lines[0].startswith(f"picorun: cannot write the trace to {target}: "), done.stderr
    assert "Traceback" not in done.stderr
