"""Attempts to reach the host outside a mount: all are refused, and a canary tree stays as it is."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from provider.kernel.io import Mount, MountMode
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import (
    CREATE,
    DELETE,
    DIRECTORY,
    OPEN,
    OPEN_IF,
    OVERWRITE_IF,
    READ,
    READ_WRITE,
    Caller,
)

PREFIX = "\\??\\C:\\work\\"
SECRET = "the canary's contents"

ESCAPES = (
    "..",
    "..\\outside\\canary",
    "inner\\..\\..\\outside\\canary",
    "../outside/canary",
    "inner/../../outside/canary",
    "inner\\../../outside\\canary",
    ".\\..\\outside\\canary",
    "...\\outside\\canary",
    ".. \\outside\\canary",
    "..\u2215outside\u2215canary",
    "link_file",
    "LINK_FILE",
    "link_directory\\canary",
    "Link_Directory\\canary",
    "link_absolute",
    "link_up\\outside\\canary",
    "link_chain\\canary",
    "link_loop",
    "link_loop\\canary",
    "link_dangling",
    "link_through",
    "inner\\link_up_deep\\canary",
    "link_device",
    "LINK_D~1\\canary",
    "LINK_A~1",
    "LINK_C~1\\canary",
    "fifo",
    "socket",
    "canary:stream",
    "plain.txt:stream",
    "plain.txt::$DATA",
    "plain.txt\\..\\..\\outside\\canary",
    "plain.txt\\canary",
    "\\outside\\canary",
    "\\\\outside\\canary",
    "*",
    "can?ry",
    "plain.txt\0canary",
    "\udcff",
    "x" * 256,
    "\u00e9" * 128,
    "inner\\" * 4000 + "canary",
)
ABSOLUTE = (
    "\\??\\C:\\outside\\canary",
    "\\??\\C:\\..\\outside\\canary",
    "\\??\\C:\\work/../outside/canary",
    "\\??\\C:work\\..\\outside\\canary",
    "\\??\\D:\\outside\\canary",
    "\\??\\UNC\\localhost\\c$\\outside\\canary",
    "\\??\\GLOBALROOT\\Device\\HarddiskVolume1\\work\\..\\outside\\canary",
    "\\Device\\HarddiskVolume1\\..\\outside\\canary",
    "\\DosDevices\\C:\\work\\..\\outside\\canary",
    "\\??\\C:\\work\\link_file",
    "\\??\\\\C:\\outside\\canary",
    "C:\\outside\\canary",
    "/outside/canary",
    "\\??\\Global\\C:\\work\\..\\outside\\canary",
    "\\??\\C:\\work\\inner\\..\\..\\outside\\canary",
)
LEGAL_NEW_NAMES = frozenset(("...", "..\u2215outside\u2215canary"))
"""Names that only look dangerous: they make a file in the mount."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Path]:
    """A mount `work` full of traps beside a tree `outside` that nothing may touch."""
    outside, work = tmp_path / "outside", tmp_path / "work"
    outside.mkdir()
    (outside / "canary").write_text(SECRET)
    (work / "inner").mkdir(parents=True)
    (work / "plain.txt").write_text("plain")
    links = {
        "link_file": "../outside/canary",
        "link_directory": "../outside",
        "link_absolute": str(outside / "canary"),
        "link_up": "..",
        "link_chain": "link_directory",
        "link_loop": "link_loop",
        "link_dangling": "nothing",
        "link_through": "inner/../../outside/canary",
        "inner/link_up_deep": "../../outside",
        "link_device": "/dev/zero",
    }
    for name, target in links.items():
        (work / name).symlink_to(target)
    os.mkfifo(work / "fifo")
    os.mknod(work / "socket", stat.S_IFSOCK | 0o600)
    before = _snapshot(tmp_path)
    yield tmp_path
    assert _snapshot(tmp_path) == before


@pytest.fixture(params=[MountMode.READ_WRITE, MountMode.COPY_ON_WRITE])
def caller(world: Path, request: pytest.FixtureRequest) -> Iterator[Caller]:
    before = _times(world)
    yield Caller(Mount("C:\\work", world / "work", request.param))
    if request.param is MountMode.COPY_ON_WRITE:
        assert _times(world) == before


def _snapshot(path: Path) -> list[tuple[str, int, bytes]]:
    return [
        (str(p), p.lstat().st_mode, p.read_bytes() if p.is_file() else b"")
        for p in sorted(path.rglob("*"))
    ]


def _times(path: Path) -> list[tuple[str, int]]:
    return [(str(p), p.lstat().st_mtime_ns) for p in [path, *sorted(path.rglob("*"))]]


@pytest.mark.parametrize("name", ESCAPES)
def test_no_name_leads_outside(caller: Caller, name: str) -> None:
    creating = () if name in LEGAL_NEW_NAMES else (CREATE, OPEN_IF, OVERWRITE_IF)
    for disposition in (OPEN, *creating):
        for options in (0x20, 0x20 | DIRECTORY) if disposition < OVERWRITE_IF else (0x20,):
            result = caller.create(PREFIX + name, disposition=disposition, options=options)
            assert result.status >= 0xC0000000


@pytest.mark.parametrize("name", ABSOLUTE)
def test_no_path_leads_outside(caller: Caller, name: str) -> None:
    for disposition in (OPEN, CREATE, OPEN_IF, OVERWRITE_IF):
        assert caller.create(name, disposition=disposition).status >= 0xC0000000
    assert caller("NtDeleteFile", caller.attributes(name)) >= 0xC0000000
    assert caller("NtQueryAttributesFile", caller.attributes(name), 0x130000) >= 0xC0000000


@pytest.mark.parametrize("name", [*ESCAPES, "\\??\\C:\\outside\\x", PREFIX + "..\\x"])
def test_no_directory_handle_leads_outside(caller: Caller, name: str) -> None:
    root = caller.open(PREFIX[:-1], options=DIRECTORY | 0x20).value
    if name not in LEGAL_NEW_NAMES:
        assert caller.create(name, root=root, disposition=CREATE).status >= 0xC0000000
    assert caller.create(name, root=root, disposition=OPEN).status >= 0xC0000000


@pytest.mark.parametrize("name", [*ABSOLUTE, "..\\x", "link_directory\\x", "a/b", "a:b"])
@pytest.mark.parametrize("link", [False, True])
def test_renaming_leads_nowhere(caller: Caller, world: Path, name: str, link: bool) -> None:
    handle = caller.open(PREFIX + "plain.txt", READ | DELETE).value
    full = name if name.startswith(("\\", "C", "/")) else PREFIX + name
    for replace in (False, True):
        assert caller.rename(handle, full, replace=replace, link=link) >= 0xC0000000


def test_a_mount_point_stays_where_it_is(caller: Caller) -> None:
    assert caller.open("\\??\\C:\\work", READ_WRITE | DELETE, options=0x21).status == 0
    handle = caller.open("\\??\\C:\\work", DELETE, options=0x21).value
    assert caller.rename(handle, "\\??\\C:\\other") == NTSTATUS.ACCESS_DENIED
    assert caller.set(handle, 13, b"\x01") == NTSTATUS.CANNOT_DELETE
    assert caller.create("\\??\\C:\\new", disposition=CREATE).status == NTSTATUS.ACCESS_DENIED


def test_listing_hides_what_cannot_be_reached(caller: Caller) -> None:
    handle = caller.open(PREFIX[:-1], options=0x21).value
    assert caller.listing(handle) == [".", "..", "inner", "plain.txt"]


def test_a_replaced_directory_is_not_followed(caller: Caller, tmp_path: Path) -> None:
    """Between two calls the host turns a directory into a link to the outside."""
    inner = tmp_path / "work" / "inner"
    moved = tmp_path / "work" / "moved"
    times = 0, (tmp_path / "work").stat().st_mtime_ns
    root = caller.open(PREFIX + "inner", options=0x21).value
    inner.rename(moved)
    inner.symlink_to("../outside")
    try:
        assert caller.open("canary", root=root).status == NTSTATUS.OBJECT_NAME_NOT_FOUND
        assert caller.open(PREFIX + "inner\\canary").status == NTSTATUS.ACCESS_DENIED
    finally:
        inner.unlink()
        moved.rename(inner)
        os.utime(tmp_path / "work", ns=times)
