"""Packages that nobody should trust."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path, PurePosixPath

import pytest

from picorun.store import deb
from picorun.store.error import StoreError
from tests.picorun.store.archive import build, needs_debian

pytestmark = needs_debian

CONTROL = "Package: x\nVersion: 1\nArchitecture: all\nMaintainer: m <m@x>\nDescription: d\n"


def _package(place: Path, data: bytes, sums: bytes = b"") -> Path:
    """A package whose data archive is `data`, whatever that is."""
    control = io.BytesIO()
    with tarfile.open(fileobj=control, mode="w:gz") as archive:
        for name, text in (("./control", CONTROL.encode()), ("./md5sums", sums)):
            _add(archive, name, text)
    members = {"debian-binary": b"2.0\n", "control.tar.gz": control.getvalue(), "data.tar": data}
    package = place / "x.deb"
    with package.open("wb") as file:
        file.write(b"!<arch>\n")
        for name, content in members.items():
            file.write(f"{name:16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode())
            file.write(content + b"\n" * (len(content) % 2))
    return package


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def _link(archive: tarfile.TarFile, name: str, target: str, kind: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    archive.addfile(member)


def test_links_devices_and_ways_out_are_only_names(tmp_path: Path) -> None:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        _link(archive, "./usr/lib", str(tmp_path / "outside"), tarfile.SYMTYPE)
        _link(archive, "./hard", "/etc/passwd", tarfile.LNKTYPE)
        _link(archive, "./null", "", tarfile.CHRTYPE)
        _add(archive, "./usr/lib/a.dll", b"in")
        _add(archive, "../../../evil.dll", b"out")
        _add(archive, "/absolute.dll", b"abs")
    found = dict(deb.files(_package(tmp_path, data.getvalue())))
    assert found == {
        PurePosixPath("usr/lib/a.dll"): b"in",
        PurePosixPath("../../../evil.dll"): b"out",
        PurePosixPath("/absolute.dll"): b"abs",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.deb"]


def test_a_file_that_is_larger_than_any(tmp_path: Path) -> None:
    member = tarfile.TarInfo("./huge.dll")
    member.size = deb.LARGEST_FILE + 1
    with pytest.raises(StoreError, match=r"x\.deb is damaged: a file of 536870913 bytes"):
        list(deb.files(_package(tmp_path, member.tobuf() + bytes(2 * tarfile.BLOCKSIZE))))


def test_a_digest_that_does_not_match(tmp_path: Path) -> None:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        _add(archive, "./a.dll", b"other")
    package = _package(tmp_path, data.getvalue(), b"0" * 32 + b"  a.dll\n")
    with pytest.raises(StoreError, match=r"a\.dll has another digest"):
        list(deb.files(package))


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.9])
def test_a_package_that_ends_early(tmp_path: Path, keep: float) -> None:
    whole = tmp_path / "x.deb"
    build(tmp_path / "tree", CONTROL, {f"{n}.dll": bytes(100_000) for n in range(9)}, whole)
    data = whole.read_bytes()
    whole.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(StoreError, match=r"x\.deb is damaged"):
        list(deb.files(whole))


def test_no_package_at_all(tmp_path: Path) -> None:
    (tmp_path / "x.deb").write_bytes(b"<html>Log in to this network</html>")
    with pytest.raises(StoreError, match="damaged"):
        list(deb.files(tmp_path / "x.deb"))


def test_without_dpkg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreError, match="needs dpkg-deb"):
        list(deb.files(tmp_path / "x.deb"))


def test_who_stops_reading_leaves_no_process(tmp_path: Path) -> None:
    whole = tmp_path / "x.deb"
    build(tmp_path / "tree", CONTROL, {f"{n}.dll": bytes(4 << 20) for n in range(9)}, whole)
    reader = deb.files(whole)
    next(reader)
    reader.close()
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert str(whole) not in listed.stdout
