from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from picorun.store.error import StoreError
from picorun.store.installed import Description, Store, check_name
from tests.guests import ROOT


def _install(store: Store, name: str, version: str = "1") -> None:
    with store.locked(), store.staging(name) as staging:
        store.publish(staging, Description(name, "wine", version, "a test", 0, {}))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "userlands")


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", ".hidden", "Wine", "x" * 65, "a\n"])
def test_names_that_none_can_have(name: str) -> None:
    with pytest.raises(StoreError, match="no name for a userland"):
        check_name(name)


@pytest.mark.parametrize("name", ["builtin", "auto"])
def test_names_that_are_taken(name: str) -> None:
    with pytest.raises(StoreError, match="always there"):
        check_name(name)


def test_an_empty_store_is_not_made_by_looking(store: Store) -> None:
    assert store.installed() == []
    assert store.find("wine") is None
    assert not store.directory.exists()


def test_names_find_the_newest(store: Store) -> None:
    for name in ("wine-8.0", "wine-10.0", "wine-80.1", "windows-6.1", "mine"):
        _install(store, name)
    assert [one.name for one in store.installed()] == [
        "mine", "windows-6.1", "wine-80.1", "wine-10.0", "wine-8.0",
    ]  # fmt: skip
    found = {name: store.find(name) for name in ("wine", "wine-8", "wine-8.0", "win", "wine-1")}
    assert {name: one and one.name for name, one in found.items()} == {
        "wine": "wine-80.1", "wine-8": "wine-8.0", "wine-8.0": "wine-8.0", "win": None,
        "wine-1": None,
    }  # fmt: skip


def test_what_is_not_as_it_was_installed(store: Store) -> None:
    contents = {"same.dll": b"same", "changed.dll": b"new", "directory.dll": b"", "gone.dll": b""}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    with store.locked(), store.staging("mine") as staging:
        for name in ("same.dll", "changed.dll"):
            (staging / "system32" / name).write_bytes(contents[name])
        store.publish(staging, Description("mine", "wine", "1", "a test", 0, digests))
    (one,) = store.installed()
    (one.system / "directory.dll").mkdir()
    (one.system / "changed.dll").write_bytes(b"old")
    (one.system / "added.dll").touch()
    assert one.changes() == [
        "added.dll: added", "changed.dll: changed", "directory.dll: changed", "gone.dll: missing",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 2}', "\xff"])
def test_a_version_file_that_says_nothing(store: Store, text: str) -> None:
    _install(store, "wine-8.0")
    (one,) = store.installed()
    (one.directory / "userland.json").write_text(text, encoding="latin-1")
    with pytest.raises(StoreError, match=r"userland\.json"):
        one.describe()


def test_what_replaces_an_old_one(store: Store) -> None:
    _install(store, "wine-8.0", "1")
    _install(store, "wine-8.0", "2")
    (one,) = store.installed()
    assert one.describe().version == "2"
    assert sorted(path.name for path in store.directory.iterdir()) == [".lock", "wine-8.0"]


def test_what_fails_leaves_the_old_one(store: Store) -> None:
    _install(store, "wine-8.0", "1")

    def interrupted() -> None:
        with store.locked(), store.staging("wine-8.0") as staging:
            (staging / "system32" / "half").write_bytes(b"")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    (one,) = store.installed()
    assert one.describe().version == "1"
    assert not list(store.directory.glob(".staging*"))


def test_what_an_end_without_warning_left_is_swept(store: Store) -> None:
    left = store.directory / ".staging-wine-8.0" / "system32"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"")
    with store.locked(), store.staging("wine-8.0") as staging:
        assert list((staging / "system32").iterdir()) == []


def test_removing(store: Store, tmp_path: Path) -> None:
    _install(store, "wine-8.0")
    elsewhere = tmp_path / "elsewhere"
    store.installed()[0].directory.rename(elsewhere)
    (store.directory / "wine-8.0").symlink_to(elsewhere)
    store.remove(store.installed()[0])
    assert (elsewhere / "userland.json").exists()
    assert store.installed() == []
    _install(store, "wine-8.0")
    store.remove(store.installed()[0])
    assert [path.name for path in store.directory.iterdir()] == [".lock"]


@pytest.mark.slow
def test_one_at_a_time_and_a_dead_one_does_not_count(store: Store) -> None:
    script = f"""
from pathlib import Path
from picorun.store.installed import Store
with Store(Path({str(store.directory)!r})).locked():
    print("mine", flush=True)
    input()
"""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        told = []

        def waiting() -> None:
            told.append("waiting")
            other.kill()

        with store.locked(waiting):
            assert told == ["waiting"]
