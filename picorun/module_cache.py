"""The code of the modules that runs import, in one file: a sixth of a start is looking for them.

    $XDG_CACHE_HOME/picorun/modules-…     head ─ index ─ the code of each module, as marshal has it

For each of 280 modules Python searches directories, then opens, reads and checks a .pyc file.  Here
one file is mapped, and one stat(2) is left for each module: its code counts while the source has
the time and the size that the .pyc file noted, which is Python's own rule.  A module that has
changed or is not in it, or all of them if the file is damaged or someone else's, are imported as
ever.  The file may be deleted at any time.
"""

from __future__ import annotations

import marshal
import mmap
import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import CodeType, ModuleType

_WORD = 8
_HEAD_BYTES = 2 * _WORD
_PYC_HEADER_BYTES = 16
_AFTER_FROZEN = 2
"""The place of the finder: what is built into Python comes first, as ever."""
_OTHERS_MAY_WRITE = 0o022


class _Entry(NamedTuple):
    source: str
    cached: str
    """The .pyc file."""
    modified: int
    """Seconds."""
    size: int
    """Bytes of the source."""
    package: str | None
    """The directory of a package."""
    start: int = 0
    end: int = 0
    """Where its code is in the file."""

    def is_fresh(self) -> bool:
        """Whether the source is still the one that the code was made of."""
        try:
            status = os.stat(self.source)
        except OSError:
            return False
        return (int(status.st_mtime), status.st_size) == (self.modified, self.size)


class ModuleCache:
    """A finder of modules, for `sys.meta_path`."""

    def __init__(self, path: str, key: Sequence[object]) -> None:
        """`key` is what the code depends on beside the sources; for another one there is none."""
        self._path, self._key = path, tuple(map(str, key))
        self._data = memoryview(b"")
        self._index: dict[str, _Entry] = {}
        self._read()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """How to import a module; None if it is not here, or has changed."""
        entry = self._index.get(name)
        if entry is None or not entry.is_fresh():
            return None
        loader = _Loader(name, entry.source, self._code_of(entry))
        is_package = entry.package is not None
        spec = ModuleSpec(name, loader, origin=entry.source, is_package=is_package)
        spec.cached, spec.has_location = entry.cached, True
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(entry.package or "")
        return spec

    def update(self, modules: Mapping[str, ModuleType]) -> None:
        """Write the file again if these modules were not all in it.  OSError."""
        found = {}
        for name, module in tuple(modules.items()):
            entry = self._index.get(name)
            if entry is None or not entry.is_fresh():
                found[name] = _compiled(module)
        new = {name: stored for name, stored in found.items() if stored is not None}
        if new:
            stored = {name: (entry, self._code_of(entry)) for name, entry in self._index.items()}
            self._write(stored | new)

    def _code_of(self, entry: _Entry) -> memoryview:
        return self._data[entry.start : entry.end]

    def _read(self) -> None:
        try:
            with open(self._path, "rb") as file:
                status = os.fstat(file.fileno())
                if status.st_uid != os.geteuid() or status.st_mode & _OTHERS_MAY_WRITE:
                    return
                data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except (OSError, ValueError):  # no file, or an empty one
            return
        size, end = (int.from_bytes(data[at : at + _WORD], "little") for at in (0, _WORD))
        if size != len(data) or not _HEAD_BYTES < end <= size:
            return
        key, index = marshal.loads(data[_HEAD_BYTES:end])
        if key == self._key:
            self._data = data[end:]
            self._index = {name: _Entry(*row) for name, row in index.items()}

    def _write(self, found: Mapping[str, tuple[_Entry, bytes | memoryview]]) -> None:
        index, at = {}, 0
        for name, (entry, code) in found.items():
            index[name] = (*entry[:-2], at, at + len(code))
            at += len(code)
        head = marshal.dumps((self._key, index))
        end = _HEAD_BYTES + len(head)
        os.makedirs(os.path.dirname(self._path), exist_ok=True)
        whole = f"{self._path}.{os.getpid()}"
        fd = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with open(fd, "wb") as file:
                file.write((end + at).to_bytes(_WORD, "little") + end.to_bytes(_WORD, "little"))
                file.write(head)
                file.writelines(code for _, code in found.values())
            os.replace(whole, self._path)
        except OSError:
            os.unlink(whole)
            raise


class _Loader(SourceFileLoader):
    """Python's own, but for where the code comes from."""

    def __init__(self, name: str, path: str, code: memoryview) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        code: CodeType = marshal.loads(self._code)
        return code


def install() -> ModuleCache:
    """Import from here on through the cache of this Python and these sources."""
    from picorun.store.paths import cache_directory

    here = os.stat(__file__)
    name = f"modules-{sys.implementation.cache_tag}-{here.st_dev:x}-{here.st_ino:x}"
    cache = ModuleCache(str(cache_directory() / name), (sys.version, sys.flags.optimize, *sys.path))
    sys.meta_path.insert(_AFTER_FROZEN, cache)
    return cache


def _compiled(module: ModuleType) -> tuple[_Entry, bytes | memoryview] | None:
    """The code of a module that Python has imported from a .pyc file which is up to date."""
    spec = getattr(module, "__spec__", None)
    if spec is None or type(spec.loader) is not SourceFileLoader or not spec.cached:
        return None
    from importlib.util import MAGIC_NUMBER

    try:
        with open(spec.cached, "rb") as file:
            data = file.read()
    except OSError:
        return None
    flags, modified, size = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))
    package = next(iter(spec.submodule_search_locations or ()), None)
    entry = _Entry(spec.origin, spec.cached, modified, size, package)
    if flags or not data.startswith(MAGIC_NUMBER) or not entry.is_fresh():
        return None
    return entry, data[_PYC_HEADER_BYTES:]
