"""Installing from an archive and from a directory, and everything that may come between."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from pathlib import Path

import pytest

from loader.pe import read_pe
from picorun.cli import main
from picorun.commands import userland as userland_command
from picorun.store.installed import Store
from tests.guests import Finished, command, picorun
from tests.picorun.store.archive import (
    BUILTIN,
    WINE,
    ZLIB,
    Archive,
    needs_debian,
    wine_files,
)

PSAPI = (BUILTIN / "psapi.dll").read_bytes()
INSTALL = ("userland", "install")


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Debian with Wine 8.0, and a user who has nothing."""
    archive = Archive(tmp_path / "archive")
    archive.directory.mkdir()
    archive.add("libwine", "8.0~repack-4", wine_files())
    archive.add("libz-mingw-w64", "1.2", ZLIB, "all")
    monkeypatch.setattr(userland_command, "_ETC", archive.etc)
    return archive


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's files go."""
    home = tmp_path / "home"
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    return home


def _directory(place: Path, *names: str) -> Path:
    place.mkdir()
    for name in names or ("ntdll.dll", "kernel32.dll"):
        (place / name).write_bytes((BUILTIN / name).read_bytes())
    return place


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ([], "install what?\nName wine, or a directory with --from."),
        (["wine", "--from", "x"], "install what?"),
        (["windows"], "'windows': what can be installed is wine, or wine-10 and the like"),
        (["wine", "--name", "../x"], "'../x' is no name for a userland"),
        (["--from", "no-such"], "no-such: there is no ntdll.dll in it"),
    ],
)
def test_wishes_that_make_no_sense(
    words: list[str], error: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*INSTALL, *words]) == 125
    assert error in capsys.readouterr().err
    assert not list(home.rglob("*.dll"))


def test_removing_what_is_not_there(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["userland", "remove", "wine"]) == 125
    assert capsys.readouterr().err == "picorun: wine: not installed\nInstalled: none.\n"
    assert main(["userland", "list"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.slow
@needs_debian
def test_from_the_archive(archive: Archive, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*INSTALL, "wine"]) == 0
    system = home / "data/picorun/userlands/wine-8.0/system32"
    assert capsys.readouterr().out == (
        f"wine-8.0  4 files, 0 MB, {system}  libwine 8.0~repack-4, libz-mingw-w64 1.2\n"
    )
    files = ["kernel32.dll", "locale.nls", "ntdll.dll", "zlib1.dll"]
    assert sorted(path.name for path in system.iterdir()) == files
    assert not list(home.rglob("*.deb"))
    assert main([*INSTALL, "wine-8"]) == 0
    assert capsys.readouterr().out.endswith(" (was there already)\n")
    assert main(["userland", "list"]) == 0
    assert capsys.readouterr().out.startswith("wine-8.0  4 files")
    assert main(["userland", "remove", "wine-8.0"]) == 0
    assert not system.exists()


@pytest.mark.slow
@needs_debian
def test_a_newer_package_replaces_the_older(archive: Archive, home: Path) -> None:
    assert main([*INSTALL, "wine"]) == 0
    archive.add("libwine", "8.0~repack-5", wine_files() | {f"{WINE}/a.dll": PSAPI})
    assert main([*INSTALL, "wine"]) == 0
    (one,) = Store().installed()
    assert one.describe().source == "libwine 8.0~repack-5, libz-mingw-w64 1.2"
    assert (one.system / "a.dll").exists()


@pytest.mark.slow
@needs_debian
@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["wine-9"], "the suite bookworm has Wine 8.0, not 9"),
        (["wine", "--suite", "nosuch"], "apt-get cannot update: "),
        (["wine-10"], "apt-get cannot update: "),
    ],
)
def test_a_wine_that_the_archive_lacks(
    archive: Archive, home: Path, words: list[str], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*INSTALL, *words]) == 125
    first, second = capsys.readouterr().err.splitlines()
    assert error in first
    assert "--suite" in second or "same command" in second


@pytest.mark.slow
@needs_debian
def test_offline(archive: Archive, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive.use("http://127.0.0.1:9/debian")
    assert main([*INSTALL, "wine"]) == 125
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("picorun: apt-get cannot update: Failed to fetch http://127.0.0.1:9")
    assert second.startswith("Run the same command again when the archive can be reached")
    assert Store().installed() == []


@needs_debian
def test_without_apt(
    archive: Archive,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", str(home))
    assert main([*INSTALL, "wine"]) == 125
    assert "needs apt-get" in capsys.readouterr().err


@pytest.mark.slow
@needs_debian
def test_a_download_with_other_bytes_is_got_again(archive: Archive, home: Path) -> None:
    packages = home / "cache/picorun/apt/bookworm/packages"
    packages.mkdir(parents=True)
    (deb,) = archive.directory.glob("libwine_*.deb")
    (packages / deb.name).write_bytes(bytes(deb.stat().st_size))
    assert main([*INSTALL, "wine"]) == 0
    assert [one.name for one in Store().installed()] == ["wine-8.0"]


@pytest.mark.slow
@needs_debian
def test_an_archive_with_other_bytes(
    archive: Archive, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (deb,) = archive.directory.glob("libwine_*.deb")
    deb.write_bytes(bytes(deb.stat().st_size))
    assert main([*INSTALL, "wine"]) == 125
    assert "picorun: " in (error := capsys.readouterr().err)
    assert "damaged" in error or "cannot download" in error
    assert Store().installed() == []


@pytest.mark.slow
@needs_debian
@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({}, "there is no ntdll.dll in it"),
        ({f"{WINE}/ntdll.dll": b"MZ"}, "ntdll.dll: "),
        ({f"{WINE}/ntdll.dll": PSAPI}, "ntdll.dll: "),
        (wine_files() | {f"{WINE}/NTDLL.dll": PSAPI}, "two files are called"),
        (wine_files() | {f"{WINE}/x:y.dll": PSAPI}, "two files are called"),
        (wine_files() | {f"{WINE}/broken.dll": b"MZ"}, "broken.dll: "),
    ],
)
def test_packages_of_something_else(
    archive: Archive,
    home: Path,
    files: dict[str, bytes],
    error: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    archive.add("libwine", "8.1", files)
    assert main([*INSTALL, "wine"]) == 125
    assert error in capsys.readouterr().err
    assert Store().installed() == []
    assert not list(home.rglob(".staging*"))


def test_from_a_directory(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = _directory(tmp_path / "system32")
    (source / "readme.txt").write_text("words")
    (source / "64bit.dll").write_bytes(b"MZ")
    (source / "NLS").mkdir()
    (source / "loop.dll").symlink_to("loop.dll")
    (source / "Locale.NLS").write_bytes(b"locales")
    assert main([*INSTALL, "--from", str(source), "--name", "mine"]) == 0
    (one,) = Store().installed()
    assert one.name == "mine"
    assert sorted(one.describe().files) == ["kernel32.dll", "locale.nls", "ntdll.dll"]
    assert read_pe((one.system / "ntdll.dll").read_bytes(), "ntdll").exports


def test_a_directory_without_a_usable_ntdll(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = _directory(tmp_path / "system32")
    (source / "ntdll.dll").write_bytes(b"MZ")
    assert main([*INSTALL, "--from", str(source)]) == 125
    assert "system32/ntdll.dll: truncated" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["/proc/picorun", "/dev/null/picorun"])
def test_a_data_directory_that_takes_nothing(
    place: str,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", place)
    source = _directory(tmp_path / "system32")
    assert main([*INSTALL, "--from", str(source), "--name", "mine"]) == 125
    assert capsys.readouterr().err.startswith(f"picorun: {place}")


@pytest.mark.slow
def test_a_disk_that_takes_only_a_part(home: Path, tmp_path: Path) -> None:
    """A limit on the size of files: the error of a write in the middle, as of a full disk."""
    source = _directory(tmp_path / "system32")
    words = command(*INSTALL, "--from", source, "--name", "mine")
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert (done.returncode, done.stdout) == (125, "")
    assert ": File too large\n" in done.stderr
    assert Store().installed() == []
    assert not list(home.rglob(".staging*"))


@pytest.mark.slow
def test_two_at_once(home: Path, tmp_path: Path) -> None:
    source = _directory(tmp_path / "system32")
    words = command(*INSTALL, "--from", source, "--name", "mine")
    running = [subprocess.Popen(words, stdout=subprocess.PIPE) for _ in range(3)]
    outputs = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(set(outputs)) == 1
    (one,) = Store().installed()
    assert sorted(path.name for path in one.system.iterdir()) == ["kernel32.dll", "ntdll.dll"]


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -15)])
def test_a_signal_while_apt_works(home: Path, tmp_path: Path, number: int, code: int) -> None:
    """It ends, with apt, and leaves no half of a userland."""
    tools, pid = tmp_path / "tools", tmp_path / "pid"
    tools.mkdir()
    (tools / "apt-get").write_text(
        f"#!/bin/sh\nsleep 1\necho $$ >{pid}.new; mv {pid}.new {pid}\nsleep 60\n"
    )
    (tools / "apt-get").chmod(0o755)
    variables = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    words = command(*INSTALL, "wine")
    with subprocess.Popen(words, env=variables, stderr=subprocess.PIPE) as process:
        while not pid.exists():
            assert process.poll() is None, process.communicate()
        process.send_signal(number)
        assert process.wait(30) == code
    assert not Path(f"/proc/{pid.read_text().strip()}").exists()
    assert not list(home.rglob(".staging*"))


@pytest.mark.slow
def test_a_program_runs_on_what_was_installed(home: Path, tmp_path: Path, hello: Path) -> None:
    source = _directory(tmp_path / "system32", *(path.name for path in BUILTIN.glob("*.dll")))
    assert main([*INSTALL, "--from", str(source), "--name", "mine-1"]) == 0
    done: Finished = picorun("--userland", "mine", hello, cwd=tmp_path)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith(b"hello, world")
