"""Hives that guests load from files: their keys are in the registry until they are unloaded.

While a hive is loaded nobody else can open its file; when it is unloaded its changes go back into
the file.  The hive of an application goes with the last handle of a key in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.cm.hive_reader import MAX_FILE, read_hive
from provider.kernel.cm.hive_writer import hive_bytes
from provider.kernel.cm.key import Key
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.disk_file import DiskFile
from provider.kernel.io.request import Access, Disposition, OpenOptions, OpenRequest

if TYPE_CHECKING:
    from provider.kernel.cm.registry import Registry
    from provider.kernel.io import FileObject
    from provider.kernel.kernel import Kernel


class Hives:
    """The loaded ones of a machine."""

    def __init__(self, registry: Registry, kernel: Kernel) -> None:
        self._registry, self._kernel = registry, kernel
        self._files: dict[Key, DiskFile] = {}
        self._applications: dict[Key, None] = {}
        registry.on_released = self._release

    def load(self, above: Key, name: str, path: str, *, for_application: bool) -> Key:
        """Load the file at `path`, made if there is none, as the hive `name` below `above`.

        KernelError of opening the file, of `read_hive` and of `Registry.graft`.
        """
        file = self._open(path)
        try:
            data = read_all(file)
            hive = read_hive(data) if data else Key(name, None, self._now())
            self._registry.graft(above, name, hive)
        except KernelError:
            file.close()
            raise
        self._files[hive] = file
        if for_application:
            self._applications[hive] = None
        return hive

    def unload(self, hive: Key, *, force: bool) -> None:
        """Take a hive away.

        KernelError INVALID_PARAMETER for one that was not loaded; CANNOT_DELETE unless `force`
        where a key of it is open.
        """
        if hive not in self._files:
            raise KernelError(Reason.INVALID_PARAMETER, f"{hive.path} was not loaded")
        if not force and any(key.open_count for key in hive.tree()):
            raise KernelError(Reason.CANNOT_DELETE, f"{hive.path} is open")
        file = self._files.pop(hive)
        self._applications.pop(hive, None)
        try:
            write_all(file, hive_bytes(hive, self._now()))
        finally:
            file.close()
            self._registry.discard(hive, self._now())

    def _release(self, key: Key) -> None:
        """A key was closed: if it was the last of an application's hive, that goes."""
        hive: Key | None = key
        while hive is not None and hive not in self._applications:
            hive = hive.parent
        if hive is not None and not any(below.open_count for below in hive.tree()):
            self.unload(hive, force=True)

    def _open(self, path: str) -> DiskFile:
        request = OpenRequest(
            path,
            Access.READ_DATA | Access.WRITE_DATA,
            share=0,
            disposition=Disposition.OPEN_IF,
            options=OpenOptions.SYNCHRONOUS | OpenOptions.NOT_DIRECTORY,
        )
        file, _ = self._kernel.io.open(request)
        if not isinstance(file, DiskFile):
            file.close()
            raise KernelError(Reason.OBJECT_TYPE_MISMATCH, path)
        return file

    def _now(self) -> int:
        return self._kernel.clock.system_time()


def read_all(file: FileObject) -> bytes:
    """The contents of a file.  KernelError REGISTRY_CORRUPT for one that no hive needs."""
    if file.status().size > MAX_FILE:
        raise KernelError(Reason.REGISTRY_CORRUPT, "the file is too large")
    size = file.status().size
    return file.read(size, 0) if size else b""


def write_all(file: FileObject, data: bytes) -> None:
    """Replace the contents of a file.  KernelError."""
    if isinstance(file, DiskFile):
        file.set_size(len(data))
    done = 0
    while done < len(data):
        done += file.write(data[done:], done)
