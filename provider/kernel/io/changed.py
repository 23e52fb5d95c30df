"""What differs from the host's files at the end of a run."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from provider.kernel.io.layer import Layer, LayerDirectory, LayerFile
from provider.kernel.io.layered_directory import LayeredDirectory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.io.directory import FileKey
    from provider.kernel.io.layer import Item

MAX_PARTS = 1 << 24
"""Names in all paths together: what a guest nests deeper than makes sense is not listed."""

Path = tuple[str, ...]
"""The guest's path of a mount, then names of directories, then the name."""


class Changed:
    """Everything that the guest made, changed, moved or removed, in the order of the paths."""

    __slots__ = ("_parts", "directories", "files", "removed")

    def __init__(self) -> None:
        self.files: dict[Path, LayerFile] = {}
        self.directories: list[Path] = []
        """New ones and moved ones."""
        self.removed: list[Path] = []
        """Names that the host has and the guest does not."""
        self._parts = 0

    def count(self, path: Path) -> Path:
        """Returns a path that is added.  OSError ENAMETOOLONG for too much of them."""
        self._parts += len(path)
        if self._parts > MAX_PARTS:
            raise OSError(errno.ENAMETOOLONG, "directories are nested too deep")
        return path


def changed(layer: Layer) -> Changed:
    """List what a layer holds.  KernelError, OSError."""
    result = Changed()
    for key, changes in layer.changes.items():
        if key not in layer.places and key not in layer.roots:
            continue
        above = _path(layer, key)
        for name, item in changes.entries.items():
            if item is not None:
                _add(layer, result, result.count((*above, name)), item)
            elif (key, name) not in layer.hidden:
                result.removed.append(result.count((*above, name)))
    result.files = dict(sorted(result.files.items()))
    result.directories = sorted(set(result.directories))
    result.removed.sort()
    return result


def chunks(layer: Layer, file: LayerFile) -> Iterator[bytes]:
    """The contents of a changed file.  KernelError, OSError."""
    with os.fdopen(layer.open(file), "rb") as stream:
        while data := stream.read(1 << 20):
            yield data


def _path(layer: Layer, key: FileKey) -> Path:
    names = []
    while key not in layer.roots:
        key, name = layer.places[key]
        names.append(name)
    return (layer.roots[key], *reversed(names))


def _add(layer: Layer, result: Changed, path: Path, item: Item) -> None:
    if isinstance(item, LayerFile):
        if stat.S_ISREG(item.mode):
            result.files[path] = item
        return
    result.directories.append(path)
    if item.lower is not None:
        _add_moved(layer, result, path, item)


def _add_moved(layer: Layer, result: Changed, path: Path, item: LayerDirectory) -> None:
    """Everything in a directory that the guest has moved."""
    top = LayeredDirectory(layer, item.key, item.lower, None, path[-1])
    left, seen = [(path, top)], {item.key}
    while left:
        above, directory = left.pop()
        for name in directory.names():
            status = directory.status(name)
            if status is None:
                continue
            inner = result.count((*above, name))
            if stat.S_ISREG(status.mode):
                result.files[inner] = directory.file(name)
            elif stat.S_ISDIR(status.mode) and status.key not in seen:
                seen.add(status.key)
                result.directories.append(inner)
                left.append((inner, directory.child(name, status.key)))
