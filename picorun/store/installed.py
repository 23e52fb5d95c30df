"""The userlands that are installed: found by name, listed, put in place, removed."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from emu.named_tuple import NamedTuple
from picorun.store.error import StoreError
from picorun.store.paths import data_directory

FORMAT = 1
SYSTEM = "system32"
_DESCRIPTION = "userland.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9._+-]{0,63}", re.ASCII)
_AGAIN = "Install the userland again."
_RESERVED = ("builtin", "auto")
_LENIENT = frozenset({"wine"})
"""Kinds whose loaders start a program that lacks functions, which it may never call."""


class Description(NamedTuple):
    """The version file: `files` are names with the SHA-256 of their contents."""

    name: str
    kind: str
    """"wine", "windows" or "reactos"."""
    version: str
    source: str
    """A package with its version, or the directory that it was copied from."""
    size: int
    """Bytes of all files together."""
    files: Mapping[str, str]
    format: int = FORMAT

    @property
    def starts_incomplete(self) -> bool:
        """Whether a program starts on it that lacks functions, but no DLLs."""
        return self.kind in _LENIENT

    @classmethod
    def read(cls, file: Path) -> Self:
        """Raises StoreError for a file that says something else, OSError."""
        try:
            fields = json.loads(file.read_bytes())
            if fields["format"] != FORMAT:
                raise StoreError(f"{file}: made by another version of picorun", _AGAIN)
            if not isinstance(fields["files"], dict):
                raise TypeError
            return cls(**fields)
        except (ValueError, KeyError, TypeError):
            raise StoreError(f"{file} is damaged", _AGAIN) from None

    def text(self) -> str:
        """What `read` reads, for people too."""
        return json.dumps(self._asdict(), indent=1) + "\n"


class Installed(NamedTuple):
    """A userland that is in place."""

    directory: Path

    @property
    def name(self) -> str:
        """What --userland takes."""
        return self.directory.name

    @property
    def system(self) -> Path:
        """The directory of its DLLs."""
        return self.directory / SYSTEM

    def describe(self) -> Description:
        """Raises StoreError, OSError."""
        return Description.read(self.directory / _DESCRIPTION)

    def changes(self) -> list[str]:
        """What is not as it was installed, a line a file.  Raises StoreError, OSError."""
        recorded = self.describe().files
        there = {path.name for path in self.system.iterdir()}
        lines = [f"{name}: missing" for name in recorded if name not in there]
        lines += [f"{name}: added" for name in there if name not in recorded]
        lines += [
            f"{name}: changed"
            for name in there.intersection(recorded)
            if _digest(self.system / name) != recorded[name]
        ]
        return sorted(lines)


class Store:
    """A directory of userlands."""

    def __init__(self, directory: Path | None = None) -> None:
        """`directory` defaults to that of this user; it is made when something is installed."""
        self.directory = directory or data_directory() / "userlands"

    def installed(self) -> list[Installed]:
        """All, the newest version of each kind first."""
        if not self.directory.is_dir():
            return []
        found = [
            Installed(path)
            for path in self.directory.iterdir()
            if _NAME.fullmatch(path.name) and (path / _DESCRIPTION).is_file()
        ]
        return sorted(found, key=lambda one: _order(one.name))

    def find(self, name: str) -> Installed | None:
        """The userland of that name, or the newest whose name goes on with "-" or "." after it."""
        candidates = self.installed()
        exact = [one for one in candidates if one.name == name]
        longer = [one for one in candidates if one.name.startswith((f"{name}-", f"{name}."))]
        return next(iter(exact + longer), None)

    def remove(self, installed: Installed) -> None:
        """Raises OSError."""
        with self.locked():
            if installed.directory.is_symlink():
                installed.directory.unlink()
                return
            doomed = self.directory / f".removed-{installed.name}"
            shutil.rmtree(doomed, ignore_errors=True)
            installed.directory.rename(doomed)
            shutil.rmtree(doomed)

    def publish(self, staging: Path, description: Description) -> Installed:
        """Put the directory `staging`, which lies in this one, in its place.  Raises OSError.

        A reader finds the whole old one or the whole new one, but for the moment between two
        renamings, in which it finds none.
        """
        (staging / _DESCRIPTION).write_text(description.text(), encoding="utf-8")
        place, old = self.directory / description.name, self.directory / f".old-{description.name}"
        shutil.rmtree(old, ignore_errors=True)
        if place.is_dir():
            place.rename(old)
        staging.rename(place)
        shutil.rmtree(old, ignore_errors=True)
        return Installed(place)

    @contextmanager
    def staging(self, name: str) -> Iterator[Path]:
        """An empty directory to make a userland in; what is left in it at the end goes.

        The lock must be held.  Raises OSError.
        """
        staging = self.directory / f".staging-{name}"
        shutil.rmtree(staging, ignore_errors=True)
        (staging / SYSTEM).mkdir(parents=True)
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    @contextmanager
    def locked(self, waiting: Any = None) -> Iterator[None]:
        """One process at a time; `waiting` is called if there is another.  Raises OSError.

        The lock goes with the process, however that ends.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.directory / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if waiting is not None:
                    waiting()
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _digest(file: Path) -> str:
    """Empty for what is no regular file."""
    import hashlib  # only `changes` needs it

    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def check_name(name: str) -> str:
    """`name` if a userland can have it.  Raises StoreError."""
    if name in _RESERVED:
        raise StoreError(f"{name} is always there", "Give the userland another name.")
    if not _NAME.fullmatch(name):
        raise StoreError(
            f"{name!r} is no name for a userland", "Use small letters, digits and the signs . _ + -"
        )
    return name


def _order(name: str) -> tuple[str, list[int], str]:
    """Kinds by the alphabet, versions of each downwards."""
    kind, _, version = name.partition("-")
    return kind, [-int(number) for number in re.findall(r"\d+", version)], name
