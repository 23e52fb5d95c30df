"""Mounts: bad paths, then how several of them make one tree."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io import IoManager, Mount, MountMode, OpenRequest
from provider.kernel.io.directory_file import DirectoryFile
from provider.kernel.io.request import Access, Disposition
from provider.kernel.ob.namespace import Namespace


@pytest.fixture
def io() -> IoManager:
    return IoManager(Namespace(), lambda: 0)


def _names(io: IoManager, path: str) -> list[str]:
    file, _ = io.open(OpenRequest(path))
    assert isinstance(file, DirectoryFile)
    file.listing.begin("", restart=True)
    names = []
    while (name := _next_name(file)) is not None:
        names.append(name)
    return names


def _next_name(directory: DirectoryFile) -> str | None:
    try:
        return directory.listing.next_entry().name
    except KernelError as error:
        if error.reason not in (Reason.NO_MORE_FILES, Reason.NO_SUCH_FILE):
            raise
        return None


@pytest.mark.parametrize(
    "guest",
    ["", "work", "C", "\\work", "CC:\\x", "C:work", "C:\\..", "C:\\a\\.\\b", "C:\\a/b", "C:\\a*"],
)
def test_a_mount_needs_a_plain_path(guest: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a path"):
        Mount(guest, tmp_path)


def test_a_place_is_taken_once(io: IoManager, tmp_path: Path) -> None:
    io.mount(Mount("C:\\x", tmp_path))
    with pytest.raises(ValueError, match="twice"):
        io.mount(Mount("c:\\X", tmp_path))
    with pytest.raises(FileNotFoundError):
        io.mount(Mount("C:\\y", tmp_path / "none"))


def test_mounts_make_one_tree(io: IoManager, tmp_path: Path) -> None:
    for name in ("top/Windows/fonts", "top/other", "system"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "top/Windows/win.ini").touch()
    (tmp_path / "system/ntdll.dll").touch()
    io.mount(Mount("C:\\Windows\\System32", tmp_path / "system"))
    assert _names(io, "\\??\\C:\\") == ["Windows"]
    assert _names(io, "\\??\\C:\\windows") == [".", "..", "System32"]
    io.mount(Mount("C:\\", tmp_path / "top", MountMode.READ_WRITE))
    assert _names(io, "\\??\\C:\\") == ["other", "Windows"]
    assert _names(io, "\\??\\C:\\WINDOWS\\") == [".", "..", "fonts", "System32", "win.ini"]
    assert _names(io, "\\??\\c:\\windows\\system32") == [".", "..", "ntdll.dll"]
    writing = OpenRequest(
        "\\??\\C:\\Windows\\System32\\new",
        access=Access.WRITE_DATA,
        disposition=Disposition.CREATE,
    )
    with pytest.raises(KernelError) as caught:
        io.open(writing)
    assert caught.value.reason is Reason.ACCESS_DENIED
    writing.path = "\\??\\C:\\Windows\\new"
    file, _ = io.open(writing)
    assert file.full_name() == "\\Device\\HarddiskVolume1\\Windows\\new"
    assert (tmp_path / "top/Windows/new").exists()


def test_the_path_decides_what_may_change(io: IoManager, tmp_path: Path) -> None:
    (tmp_path / "f").touch()
    io.mount(Mount("C:\\ro", tmp_path))
    io.mount(Mount("C:\\rw", tmp_path, MountMode.READ_WRITE))
    reading, _ = io.open(OpenRequest("\\??\\C:\\ro\\f"))
    writing, _ = io.open(OpenRequest("\\??\\C:\\rw\\f", access=Access.WRITE_DATA))
    assert reading.backing() is writing.backing()
    with pytest.raises(KernelError) as caught:
        io.open(OpenRequest("\\??\\C:\\ro\\f", access=Access.WRITE_DATA))
    assert caught.value.reason is Reason.ACCESS_DENIED
    with pytest.raises(KernelError):
        reading.grant(Access.WRITE_DATA)
    assert writing.grant(Access.WRITE_DATA | Access.DELETE)


def test_the_exact_name_comes_first(io: IoManager, tmp_path: Path) -> None:
    for name in ("File", "FILE", "file"):
        (tmp_path / name).write_text(name)
    io.mount(Mount("C:\\w", tmp_path))
    for wanted, found in (("File", "File"), ("file", "file"), ("fILE", "FILE")):
        file, _ = io.open(OpenRequest(f"\\??\\C:\\w\\{wanted}"))
        assert file.backing().read(0, 9).decode() == found
    (tmp_path / "FILE").unlink()
    file, _ = io.open(OpenRequest("\\??\\C:\\w\\fILE"))
    assert file.backing().read(0, 9).decode() == "File"


def test_links_beneath_the_mount_are_followed(io: IoManager, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "file").write_text("contents")
    (tmp_path / "a" / "b" / "up").symlink_to("../file")
    (tmp_path / "direct").symlink_to("a/b")
    io.mount(Mount("C:\\w", tmp_path, MountMode.READ_WRITE))
    file, _ = io.open(OpenRequest("\\??\\C:\\w\\DIRECT\\up"))
    assert file.backing().read(0, 99) == b"contents"
    file.close()
    assert _names(io, "\\??\\C:\\w\\direct") == [".", "..", "up"]
    request = OpenRequest("\\??\\C:\\w\\direct\\up", access=Access.DELETE, options=0x1000)
    io.open(request)[0].close()
    assert not (tmp_path / "a" / "b" / "up").is_symlink()
    assert (tmp_path / "a" / "file").read_text() == "contents"


def test_files_of_one_directory_share_its_descriptor(io: IoManager, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    for number in range(20):
        (tmp_path / "d" / str(number)).touch()
    io.mount(Mount("C:\\w", tmp_path))
    gc.collect()
    before = len(list(Path("/proc/self/fd").iterdir()))
    files = [io.open(OpenRequest(f"\\??\\C:\\w\\d\\{n}"))[0] for n in range(20)]
    assert len(list(Path("/proc/self/fd").iterdir())) == before + 21
    for file in files:
        file.close()
    del file
    files.clear()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
