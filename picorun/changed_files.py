"""The files that a run has changed in memory only: reading them, and writing them to the host."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from typing import TYPE_CHECKING

from picorun.exit_code import RunFailed
from provider.kernel.errors import KernelError
from provider.kernel.io.changed import changed, chunks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from provider.kernel.io.changed import Path as GuestPath
    from provider.kernel.io.layer import Layer, LayerFile

_DIRECTORY = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


LAYER_LOST = "What the guest wrote is stored in $TMPDIR or /tmp: see that there is room."
"""What to do when changed files cannot be read back."""


class KeepFailed(RunFailed):
    """Changed files cannot be written where the user wants them; the text says which and why."""


class ChangedFiles(Mapping[str, bytes]):
    """Contents by name; they are read from the layer when asked for.

    A name in the current directory is relative to it (`out/log.txt`), any other begins with the
    guest's drive (`C:/app/log.txt`).
    """

    def __init__(self, layer: Layer, current: str) -> None:
        """`current` is the guest's path of the current directory.  KernelError, OSError."""
        self._layer = layer
        listed = changed(layer)
        self._files: dict[str, LayerFile] = {
            _name(path, current): file for path, file in listed.files.items()
        }
        self._directories = [_name(path, current) for path in listed.directories]
        self.removed = tuple(_name(path, current) for path in listed.removed)
        """What the guest has removed, or moved elsewhere."""

    def __getitem__(self, name: str) -> bytes:
        return b"".join(chunks(self._layer, self._files[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __repr__(self) -> str:
        return f"<ChangedFiles {list(self._files)}>"

    def summary(self) -> str:
        """How many files changed and how many went, such as "2 files changed, 1 removed"."""
        files = len(self._files)
        words = [f"{files} file{'' if files == 1 else 's'} changed"] if files else []
        made = len(self._directories)
        if made and not files:
            words.append(f"{made} director{'y' if made == 1 else 'ies'} made")
        if self.removed:
            words.append(f"{len(self.removed)} removed")
        return ", ".join(words)

    def keep(self, target: Path) -> None:
        """Write the files beneath a directory of the host, which is made if need be.

        Links found there are not followed.  Raises KeepFailed.
        """
        name = str(target)
        try:
            target.mkdir(parents=True, exist_ok=True)
            root = os.open(target, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                for name in self._directories:
                    os.close(_enter(root, name.split("/")))
                for name, file in self._files.items():
                    self._write(root, name, file)
            finally:
                os.close(root)
        except OSError as error:
            raise KeepFailed.by_host(f"cannot keep {name}", error) from None
        except KernelError as error:
            raise KeepFailed(f"cannot keep {name}: {error}", LAYER_LOST) from None

    def _write(self, root: int, name: str, file: LayerFile) -> None:
        """Write one file beside its place, then put it there."""
        *above, last = name.split("/")
        directory, fresh = _enter(root, above), f".picorun-{os.getpid()}"
        try:
            with os.fdopen(os.open(fresh, _NEW, 0o600, dir_fd=directory), "wb") as stream:
                for data in chunks(self._layer, file):
                    stream.write(data)
                os.fchmod(stream.fileno(), stat.S_IMODE(file.mode))
            os.replace(fresh, last, src_dir_fd=directory, dst_dir_fd=directory)
        except BaseException:
            if os.access(fresh, os.F_OK, dir_fd=directory):
                os.unlink(fresh, dir_fd=directory)
            raise
        finally:
            os.close(directory)


def _name(path: GuestPath, current: str) -> str:
    mount, *names = path
    return "/".join(names if mount == current else [*mount.rstrip("\\").split("\\"), *names])


def _enter(root: int, names: list[str]) -> int:
    """A descriptor of a directory beneath another, made if need be.  OSError."""
    fd = os.dup(root)
    for name in names:
        above = fd
        try:
            if not os.access(name, os.F_OK, dir_fd=above, follow_symlinks=False):
                os.mkdir(name, dir_fd=above)
            fd = os.open(name, _DIRECTORY, dir_fd=above)
        finally:
            os.close(above)
    return fd
