"""Mounts of several host directories: what the first lacks, the next may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.kernel.io import Mount, MountMode
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import CREATE, OPEN, READ, Caller

if TYPE_CHECKING:
    from pathlib import Path

PREFIX = "\\??\\C:\\system\\"


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    for name, files in (("first", ("both", "one")), ("second", ("BOTH", "two"))):
        directory = tmp_path / name
        directory.mkdir()
        for file in files:
            (directory / file).write_text(name)
    (tmp_path / "outside").write_text("secret")
    (tmp_path / "second" / "link").symlink_to("../outside")
    beneath = (tmp_path / "second",)
    return Caller(Mount("C:\\system", tmp_path / "first", MountMode.READ_WRITE, beneath=beneath))


def contents(caller: Caller, name: str) -> bytes:
    opened = caller.create(PREFIX + name, READ, disposition=OPEN)
    assert opened.status == NTSTATUS.SUCCESS
    return caller.read(opened.value, 100)[1]


@pytest.mark.parametrize("name", ["link", "none", "two\\x", "..\\outside", "two."])
def test_what_is_in_none_of_them(caller: Caller, name: str) -> None:
    assert caller.create(PREFIX + name, READ, disposition=OPEN).status >= 0xC0000000


def test_who_is_asked_for_names_that_are_missing(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for directory in (first / "below", second):
        directory.mkdir(parents=True)
    (first / "there").touch()
    (second / "Lent.exe").write_text("lent")
    asked: list[str] = []

    def find(name: str) -> Path | None:
        asked.append(name)
        return second if name != "none" else None

    caller = Caller(
        Mount(
            "C:\\system",
            first,
            MountMode.READ_WRITE,
            find_missing=find,
            missing_names=lambda: ["lent.exe", "THERE", "gone.exe"],
        )
    )
    for name in ("there", "none", "below", "below\\none", "..\\none"):
        caller.create(PREFIX + name, READ, disposition=OPEN)
    assert asked == ["none"]
    assert contents(caller, "lent.EXE") == b"lent"
    assert caller.create(PREFIX + "lent.exe", disposition=OPEN).status == NTSTATUS.ACCESS_DENIED
    opened = caller.create("\\??\\C:\\system", READ, disposition=OPEN).value
    assert caller.listing(opened) == [".", "..", "below", "lent.exe", "there"]
    missing = caller.create(PREFIX + "not there either", READ, disposition=OPEN)
    assert missing.status == NTSTATUS.OBJECT_NAME_NOT_FOUND


def test_a_file_beneath_is_never_changed(caller: Caller) -> None:
    opened = caller.create(PREFIX + "two", disposition=OPEN)
    assert opened.status == NTSTATUS.ACCESS_DENIED
    assert caller.create(PREFIX + "two", disposition=CREATE).status >= 0xC0000000


def test_the_first_directory_counts(caller: Caller) -> None:
    assert contents(caller, "both") == contents(caller, "BOTH") == b"first"
    assert contents(caller, "one") == b"first"
    assert contents(caller, "TWO") == b"second"
