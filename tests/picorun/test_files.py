"""Where the files go that a guest writes: nowhere, into --keep's directory, or to the host."""

from __future__ import annotations

from pathlib import Path

import pytest

import picorun
from picorun.cli import main
from picorun.folders import MountFailed
from tests import guests
from tests.guests import PROGRAMS, compile_program
from tests.pe_bytes import Pe

BEFORE = {"in.txt": "was there", "gone.txt": "gone"}
CHANGED = {"in.txt": "was there and more", "out.txt": "new", "made/inner.txt": "inner"}
SUMMARY = "picorun: 3 files changed, 1 removed"


@pytest.fixture(scope="module")
def writer() -> Path:
    return compile_program(PROGRAMS / "write_files.c")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The current directory of a run."""
    work = tmp_path / "work"
    work.mkdir()
    for name, text in BEFORE.items():
        (work / name).write_text(text)
    return work


def _files(root: Path) -> dict[str, str]:
    found = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text() for path in found}


@pytest.mark.parametrize(
    ("mount", "words"),
    [
        ("C:\\data=no-such-directory", "cannot mount no-such-directory: No such file"),
        ("C:\\a*b=.", "is not a path such as"),
        ("C:\\Windows\\System32=.", "mounted twice"),
    ],
)
def test_mounts_that_cannot_be(
    mount: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = tmp_path / "good.exe"
    image.write_bytes(Pe().build())
    assert main(["--mount", mount, str(image)]) == 125
    assert words in capsys.readouterr().err
    with pytest.raises(MountFailed):
        picorun.run(image, mounts=[mount])


@pytest.mark.slow
def test_changes_stay_in_memory_and_a_line_says_so(writer: Path, work: Path) -> None:
    done = guests.picorun(writer, cwd=work)
    assert (done.exit_code, done.stdout) == (0, b"")
    assert done.stderr.startswith(f"{SUMMARY}, in memory only; --keep DIR")
    assert len(done.stderr.splitlines()) == 1
    assert _files(work) == BEFORE
    assert guests.picorun("--quiet", writer, cwd=work).stderr == ""


@pytest.mark.slow
def test_keeping_them(writer: Path, work: Path, tmp_path: Path) -> None:
    done = guests.picorun("--keep", "../kept/here", writer, cwd=work)
    assert done.stderr == f"{SUMMARY}; kept in ../kept/here\n"
    assert _files(work) == BEFORE
    assert _files(tmp_path / "kept" / "here") == CHANGED


@pytest.mark.slow
def test_keeping_follows_no_link(writer: Path, work: Path, tmp_path: Path) -> None:
    kept, outside = tmp_path / "kept", tmp_path / "outside"
    kept.mkdir()
    outside.mkdir()
    (kept / "out.txt").symlink_to(outside / "out.txt")
    (kept / "made").symlink_to(outside)
    done = guests.picorun("--keep", kept, writer, cwd=work)
    assert done.exit_code == 125
    assert done.stderr.startswith("picorun: cannot keep made: Not a directory\n")
    (kept / "made").unlink()
    assert guests.picorun("--keep", kept, writer, cwd=work).exit_code == 0
    assert _files(kept) == CHANGED
    assert list(outside.iterdir()) == []


@pytest.mark.slow
def test_changing_them_for_real(writer: Path, work: Path) -> None:
    done = guests.picorun("--rw", writer, cwd=work)
    assert (done.exit_code, done.stderr) == (0, "")
    assert _files(work) == CHANGED


@pytest.mark.slow
def test_what_stays_in_memory_beside_them_is_only_a_note(work: Path, tmp_path: Path) -> None:
    """The program's own directory is never changed."""
    source = tmp_path / "beside.c"
    source.write_text(
        "#include <stdio.h>\nint main(void)"
        ' { FILE *file = fopen("C:\\\\app\\\\log.txt", "w"); return file == NULL; }\n'
    )
    image = compile_program(source)
    done = guests.picorun("--rw", image, cwd=work)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "1 file changed, in memory only" in guests.picorun(image, cwd=work).stderr
    assert (
        "1 file changed, in memory only"
        in guests.picorun("--rw", "--verbose", image, cwd=work).stderr
    )
    assert not (image.parent / "log.txt").exists()


@pytest.mark.slow
def test_a_mount_instead_of_the_current_directory(writer: Path, work: Path, tmp_path: Path) -> None:
    done = guests.picorun("--mount", f"c:\\WORK\\={work}:rw", writer, cwd=tmp_path)
    assert (done.exit_code, done.stderr) == (0, "")
    assert _files(work) == CHANGED
    assert guests.picorun("--mount", f"C:\\work={work}:ro", writer, cwd=tmp_path).exit_code == 2


@pytest.mark.slow
def test_the_python_api_has_them(writer: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(work)
    result = picorun.run(writer)
    assert {name: data.decode() for name, data in result.files.items()} == CHANGED
    assert result.files.removed == ("gone.txt",)
    assert _files(work) == BEFORE
    assert not picorun.run(writer, rw=True).files
    assert _files(work) == CHANGED


@pytest.mark.slow
def test_the_runs_own_folders_are_as_old_as_the_guests_time() -> None:
    image = compile_program(PROGRAMS / "own_folders.c")
    done = guests.picorun("--start-time", "2020-01-01T00:00:00Z", image)
    start = 132_223_104_000_000_000  # in 100 ns since 1601
    *found, made = [line.split()[-2:] for line in sorted(done.stdout.decode().splitlines())]
    assert found == [[f"{start:016x}"] * 2] * 4
    assert start < int(made[0], 16) == int(made[1], 16) < start + 10_000_000
