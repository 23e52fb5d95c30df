"""Copy-on-write mounts: the guest sees what a plain mount shows, and the host's files stay."""

from __future__ import annotations

import os
import random
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from provider.kernel.io import Access, Mount, MountMode, OpenRequest
from provider.kernel.io.changed import changed, chunks
from provider.kernel.mm import Protection
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import (
    CREATE,
    DELETE,
    DELETE_ON_CLOSE,
    DIRECTORY,
    OPEN,
    OPEN_IF,
    OVERWRITE_IF,
    READ,
    READ_WRITE,
    SYNCHRONOUS,
    WRITE,
    Caller,
    Result,
    work_caller,
)

P = "\\??\\C:\\work\\"
BASIC, STANDARD, DISPOSITION, END_OF_FILE, NAME = 4, 5, 13, 20, 9
NAMES = ("a", "B", "File.txt", "FILE.TXT", "new", "New", "d", "D2", "link", "deep", "x.y")
COW = MountMode.COPY_ON_WRITE


def _make_tree(root: Path) -> None:
    (root / "d" / "deep" / "d").mkdir(parents=True)
    (root / "empty").mkdir()
    for name in ("a", "File.txt", "d/a", "d/B", "d/deep/x.y", "d/deep/d/a"):
        (root / name).write_text(f"contents of {name}")
    os.link(root / "a", root / "B")
    (root / "d" / "File.txt").write_bytes(bytes(range(256)) * 40)
    (root / "d" / "File.txt").chmod(0o444)
    (root / "link").symlink_to("d/deep")
    (root / "d" / "link").symlink_to("../File.txt")
    (root / "out").symlink_to("/etc")
    for path in sorted(root.rglob("*")):
        os.utime(path, ns=(10**18, 10**18), follow_symlinks=False)
    os.utime(root, ns=(10**18, 10**18))


def _snapshot(root: Path) -> list[tuple[str, int, int, int, int, bytes]]:
    return [
        (
            str(path.relative_to(root)),
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.lstat().st_ino,
            path.lstat().st_nlink,
            path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else b"",
        )
        for path in [root, *sorted(root.rglob("*"))]
    ]


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    """A tree of the host's that no test may change."""
    root = tmp_path / "tree"
    root.mkdir()
    _make_tree(root)
    before = _snapshot(tmp_path)
    yield root
    assert _snapshot(tmp_path) == before


def _contents(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def caller(tree: Path) -> Caller:
    return work_caller(tree, COW)


def _changes(caller: Caller) -> dict[str, bytes]:
    layer = caller.kernel.io.layer
    return {
        "/".join(path[1:]): b"".join(chunks(layer, file))
        for path, file in changed(layer).files.items()
    }


class _Actor:
    """Makes random calls; two with the same seed make the same ones."""

    def __init__(self, caller: Caller, seed: int) -> None:
        self.caller = caller
        self.random = random.Random(seed)
        self.handles: list[int] = []

    def step(self) -> object:
        """One call, and everything that it answers."""
        actions: list[Callable[[], object]] = [*[self.open] * 3, *[self.rename] * 2]
        actions += [self.write, self.read, self.size, self.set]
        actions += [self.delete, self.close, self.list, self.query]
        action = self.random.choice(actions)
        answer = action()
        return action.__name__, self.last, answer

    last = ""

    def path(self) -> str:
        depth = self.random.choice((1, 1, 2, 2, 3))
        self.last = self._path(depth)
        return self.last

    def _path(self, depth: int) -> str:
        return P + "\\".join(self.random.choice(NAMES) for _ in range(depth))

    def handle(self) -> int:
        return self.random.choice(self.handles) if self.handles else 0

    def open(self) -> Result:
        options = SYNCHRONOUS | self.random.choice((0, 0, 0, DIRECTORY, DELETE_ON_CLOSE))
        result = self.caller.create(
            self.path(),
            self.random.choice((READ, READ_WRITE, READ | DELETE, READ_WRITE | DELETE)),
            disposition=self.random.choice((OPEN, OPEN, CREATE, OPEN_IF, OVERWRITE_IF, 0, 4)),
            options=options,
            attributes=self.random.choice((0, 0, 0, 1, 2)),
        )
        if result.status == 0:
            self.handles.append(result.value)
        return result

    def write(self) -> NTSTATUS:
        data = bytes([self.random.randrange(256)]) * self.random.randrange(1, 9000)
        return self.caller.write(self.handle(), data, self.random.randrange(20000))

    def read(self) -> object:
        return self.caller.read(self.handle(), 30000, self.random.randrange(100))

    def size(self) -> NTSTATUS:
        size = self.random.randrange(12000).to_bytes(8, "little")
        return self.caller.set(self.handle(), END_OF_FILE, size)

    def set(self) -> NTSTATUS:
        moment = self.random.choice((0, 0, 132 * 10**15 + self.random.randrange(10**6) * 10**7))
        attributes = self.random.choice((0, 1, 2, 0x20, 0x80))
        data = bytes(16) + moment.to_bytes(8, "little") + bytes(8) + bytes([attributes] + [0] * 7)
        return self.caller.set(self.handle(), BASIC, data)

    def rename(self) -> object:
        link, replace = self.random.random() < 0.4, self.random.random() < 0.6
        return self.caller.rename(self.handle(), self.path(), replace=replace, link=link)

    def delete(self) -> NTSTATUS:
        return self.caller.set(self.handle(), DISPOSITION, b"\x01")

    def close(self) -> None:
        if self.handles:
            number = self.random.randrange(len(self.handles))
            self.caller.close(self.handles.pop(number))

    def list(self) -> object:
        path = self.path().rpartition("\\")[0]
        result = self.caller.open(path, options=DIRECTORY | SYNCHRONOUS)
        if result.status:
            return result
        names = self.caller.listing(result.value)
        self.caller.close(result.value)
        return names

    def query(self) -> object:
        handle = self.handle()
        return [self.caller.query(handle, number) for number in (BASIC, STANDARD, NAME, 6)]

    def everything(self) -> object:
        """All that can be seen, depth first."""
        while self.handles:
            self.caller.close(self.handles.pop())
        return list(self._walk(P[:-1], 0))

    def _walk(self, path: str, depth: int) -> Iterator[object]:
        result = self.caller.open(path)
        yield path, result.status
        if result.status:
            return
        yield [self.caller.query(result.value, number) for number in (BASIC, STANDARD, 6)]
        yield self.caller.read(result.value, 30000, 0)
        self.caller.close(result.value)
        result = self.caller.open(path, options=DIRECTORY | SYNCHRONOUS)
        if result.status or depth == 6:
            return
        names = self.caller.listing(result.value)
        self.caller.close(result.value)
        yield names
        for name in names:
            if name not in (".", ".."):
                yield from self._walk(f"{path}\\{name}", depth + 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_a_guest_cannot_tell_it_from_a_plain_mount(
    tree: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    plain = tmp_path_factory.mktemp("plain")
    _make_tree(plain)
    pair = _Actor(work_caller(plain), seed), _Actor(work_caller(tree, COW), seed)
    for step in range(600):
        expected, found = (actor.step() for actor in pair)
        assert found == expected, f"step {step}"
    expected, found = (actor.everything() for actor in pair)
    assert found == expected


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12, 18))
def test_what_changed_is_what_a_plain_mount_would_have(
    tree: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    plain = tmp_path_factory.mktemp("plain")
    _make_tree(plain)
    actor, twin = _Actor(work_caller(tree, COW), seed), _Actor(work_caller(plain), seed)
    for _ in range(400):
        actor.step()
        twin.step()
    actor.everything()
    twin.everything()
    listed = changed(actor.caller.kernel.io.layer)
    left = _contents(tree)
    for removed in ("/".join(path[1:]) for path in listed.removed):
        left = {n: d for n, d in left.items() if n != removed and not n.startswith(f"{removed}/")}
    found, expected = left | _changes(actor.caller), _contents(plain)
    for files in (found, expected):  # names of one file: changes are listed by those touched
        for name in ("a", "B"):
            files.pop(name, None)
    assert found == expected


def test_what_is_only_opened_is_not_changed(caller: Caller) -> None:
    for name in ("a", "d\\B"):
        handle = caller.open(P + name, READ_WRITE | DELETE).value
        assert caller.read(handle, 4)[1] == b"cont"
        caller.close(handle)
    assert _changes(caller) == {}
    assert not caller.kernel.io.layer.hidden, "nothing was stored"


def test_hard_links_of_the_host_stay_one_file(caller: Caller) -> None:
    handle = caller.open(P + "a", READ_WRITE).value
    other = caller.open(P + "B").value
    caller.write(handle, b"CONTENTS", 0)
    assert caller.read(other, 99)[1] == b"CONTENTS of a"
    caller.close(handle)
    caller.close(other)
    assert caller.read(caller.open(P + "b").value, 99)[1] == b"CONTENTS of a"
    assert _changes(caller) == {"a": b"CONTENTS of a"}


def test_a_section_is_written_to_the_layer(caller: Caller) -> None:
    request = OpenRequest(P + "File.txt", access=Access.READ_DATA | Access.WRITE_DATA)
    file, _ = caller.kernel.io.open(request)
    section = caller.kernel.memory.create_section(backing=file.backing())
    file.close()
    view = caller.space.map_view(section, None, protection=Protection.READ | Protection.WRITE)
    caller.space.write(view.start, b"CONTENTS")
    assert _changes(caller) == {}
    caller.space.unmap_view(view.start)
    section.close()
    assert _changes(caller) == {"File.txt": b"CONTENTS of File.txt"}


def test_a_moved_directory_takes_its_files_along(caller: Caller) -> None:
    handle = caller.open(P + "d", READ | DELETE, options=DIRECTORY | SYNCHRONOUS).value
    assert caller.rename(handle, P + "moved") == 0
    caller.close(handle)
    caller.must_create(P + "moved\\deep\\new", WRITE)
    listed = changed(caller.kernel.io.layer)
    assert ["/".join(path[1:]) for path in listed.removed] == ["d"]
    assert {"moved/B", "moved/deep/x.y", "moved/deep/new", "moved/deep/d/a"} < {*_changes(caller)}


def test_mounts_of_one_directory_show_the_same_changes(tree: Path) -> None:
    caller = Caller(Mount("C:\\app", tree, COW), Mount("C:\\work", tree / "d", COW))
    caller.close(caller.must_create(P + "new", WRITE))
    assert caller.open("\\??\\C:\\app\\d\\new").status == 0
    assert list(changed(caller.kernel.io.layer).files) == [("C:\\work", "new")]


def test_a_plain_mount_of_the_same_files_stays_apart(tree: Path) -> None:
    caller = Caller(Mount("C:\\real", tree), Mount("C:\\work", tree, COW))
    real = caller.open("\\??\\C:\\real\\a").value
    caller.write(caller.open(P + "a", WRITE).value, b"CONTENTS", 0)
    assert caller.read(real, 99)[1] == b"contents of a"


def test_the_layer_has_an_end(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provider.kernel.io.layer.MAX_NAMES", 2)
    for name in ("one", "two"):
        caller.close(caller.must_create(P + name))
    assert caller.create(P + "three").status == NTSTATUS.DISK_FULL
    assert caller.write(caller.open(P + "a", WRITE).value, b"x") == NTSTATUS.DISK_FULL
    options = DELETE_ON_CLOSE | SYNCHRONOUS
    caller.close(caller.open(P + "two", DELETE, options=options).value)
    caller.must_create(P + "three")


def test_deep_directories_are_no_harm(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    root = caller.open(P[:-1], options=DIRECTORY | SYNCHRONOUS).value
    for _ in range(1500):
        inner = caller.must_create("n", root=root, options=DIRECTORY | SYNCHRONOUS)
        caller.close(root)
        root = inner
    assert caller.query(root, NAME)[0] in (0, NTSTATUS.BUFFER_OVERFLOW)
    assert len(changed(caller.kernel.io.layer).directories) == 1500
    monkeypatch.setattr("provider.kernel.io.changed.MAX_PARTS", 1000)
    with pytest.raises(OSError, match="too deep"):
        changed(caller.kernel.io.layer)


def test_the_store_goes_with_the_machine(tree: Path, tmp_path: Path) -> None:
    caller = work_caller(tree, COW)
    caller.must_create(P + "new")
    ((_, name),) = caller.kernel.io.layer.hidden
    store = Path(tempfile.gettempdir(), name)
    assert store.is_dir()
    caller.kernel.io.layer.close()
    assert not store.exists()


def test_the_store_is_not_seen(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = tree.parent.parent / f"{tree.parent.name}-temporary"
    outside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(outside))
    caller = Caller(Mount("C:\\work", outside, COW))
    caller.must_create(P + "new")
    handle = caller.open(P[:-1], options=DIRECTORY | SYNCHRONOUS).value
    assert caller.listing(handle) == [".", "..", "new"]
    assert changed(caller.kernel.io.layer).removed == []
