"""Fill the store: from the distribution's Wine packages, or from a directory of DLLs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from loader.image import Image, ImageError
from loader.pe import read_pe
from loader.strip import strip_debug
from picorun.store import deb
from picorun.store.apt import Package, PrivateApt
from picorun.store.error import StoreError
from picorun.store.installed import SYSTEM, Description, Installed, Store, check_name
from picorun.store.paths import cache_directory
from picorun.store.sources import distribution, sources_text
from picorun.userland import NTDLL, nls_directory
from provider.nt.userland import Userland, recognise

if TYPE_CHECKING:
    from picorun.store.progress import Progress

NLS = ".nls"
_IMAGES = re.compile(r"\.(acm|ax|com|cpl|dll|drv|ds|exe|mui|msstyles|ocx|sys|tlb)")
"""What a system directory has of images that programs load; not Wine's 16-bit ones."""
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+()& -]{0,126}", re.ASCII)
_DIRECTORY = "Name the directory that has one system's 32-bit DLLs, such as a system32."
_MOST_BYTES = 4 << 30
_WINE = "libwine"
_ZLIB = "libz-mingw-w64"
"""libwine depends on it: its postinst makes Wine's zlib1.dll, which user32 imports, of this one."""
_WANTED = re.compile(r"wine(?:-(?P<version>[0-9]+(?:\.[0-9]+)*))?")
_UPSTREAM = re.compile(r"[0-9]+(?:\.[0-9]+)*")
SUITES = {
    ("debian", "8"): "bookworm",
    ("debian", "10"): "trixie",
    ("ubuntu", "9"): "noble",
    ("ubuntu", "10"): "questing",
}
"""Which suite of a distribution has which Wine, by its first number."""
_WINE_EXPORT = "wine_get_version"
_REACTOS = "ReactOS".encode("utf-16-le")


class Wish(NamedTuple):
    """What is asked for: "wine" or "wine-10"; a suite, a name of the user's own."""

    what: str
    suite: str | None = None
    name: str | None = None
    again: bool = False
    """Also if it is installed already."""


def from_packages(
    store: Store, wish: Wish, progress: Progress, etc: Path
) -> tuple[Installed, bool]:
    """Install Wine from the archives that this machine uses; False if it was there already.

    `etc` is /etc.  The store must be locked.  Raises StoreError, OSError.
    """
    wanted = _WANTED.fullmatch(wish.what)
    if wanted is None:
        words = f"{wish.what!r}: what can be installed is wine, or wine-10 and the like"
        raise StoreError(words, "A directory of DLLs is installed with --from DIR.")
    own = distribution(etc)
    major = (wanted["version"] or "").partition(".")[0]
    suite = wish.suite or SUITES.get((own.id, major), own.suite)
    apt = PrivateApt(cache_directory() / "apt" / suite, sources_text(etc, own.suite, suite))
    apt.update(progress)
    packages = apt.find((_WINE, _ZLIB))
    version = _version(packages[_WINE], wanted["version"], suite)
    name = wish.name or f"wine-{version}"
    source = ", ".join(f"{package.name} {package.version}" for package in packages.values())
    old = store.find(name)
    if old is not None and old.name == name and not wish.again and _is_from(old, source):
        return old, False
    paths = [apt.download(package, progress) for package in packages.values()]
    label = Description(name, "wine", version, source, 0, {})
    count = sum(package.size for package in packages.values())
    progress.step("unpacking", count)
    installed = _install(store, label, _of_packages(paths, progress))
    for path in paths:
        apt.forget(path)
    return installed, True


def from_directory(store: Store, source: Path, name: str | None, progress: Progress) -> Installed:
    """Copy the DLLs, programs and NLS files in a directory.

    The store must be locked.  Raises StoreError, OSError.
    """
    ntdll = _check_ntdll(source / NTDLL)
    version = ".".join(map(str, ntdll.version[:2]))
    kind = _kind(ntdll.ntdll)
    name = name or (kind if kind == "wine" else f"{kind}-{version}")
    paths = [*source.iterdir(), *(p for d in nls_directory(source.resolve()) for p in d.iterdir())]
    chosen = sorted(path for path in paths if path.is_file() and _is_wanted(path.name))
    progress.step("copying", len(chosen))
    label = Description(name, kind, "" if kind == "wine" else version, str(source.resolve()), 0, {})
    return _install(store, label, _of_directory(chosen, progress))


def _install(store: Store, label: Description, files: Iterable[tuple[str, bytes]]) -> Installed:
    """Write the files and put them in place under what `label` says."""
    check_name(label.name)
    with store.staging(label.name) as staging:
        size, digests = _write(staging / SYSTEM, files)
        _check_ntdll(staging / SYSTEM / NTDLL)
        return store.publish(
            staging,
            Description(label.name, label.kind, label.version, label.source, size, digests),
        )


def _check_ntdll(path: Path) -> Userland:
    """The ntdll in that file, if guests can run on it.  Raises StoreError, OSError."""
    try:
        found = recognise(read_pe(path.read_bytes(), NTDLL))
    except FileNotFoundError:
        raise StoreError(f"{path.parent}: there is no {NTDLL} in it", _DIRECTORY) from None
    except ImageError as error:
        raise StoreError(f"{path}: {error}", _DIRECTORY) from None
    if not found.stubs.by_number:
        raise StoreError(f"{path}: it makes no system calls", _DIRECTORY)
    return found


def _write(directory: Path, files: Iterable[tuple[str, bytes]]) -> tuple[int, dict[str, str]]:
    """Write each file, stripped, and read it again; returns all their bytes and their digests."""
    size, digests = 0, {}
    for name, data in files:
        small = name.lower()
        if not _FILE_NAME.fullmatch(name) or small in digests:
            raise StoreError(f"two files are called {name!r}, or none can be", _DIRECTORY)
        try:
            kept = data if small.endswith(NLS) else strip_debug(data)
        except ImageError as error:
            raise StoreError(f"{name}: {error}", _DIRECTORY) from None
        size += len(kept)
        if size > _MOST_BYTES:
            raise StoreError(f"more than {_MOST_BYTES >> 30} GB of files", _DIRECTORY)
        (directory / small).write_bytes(kept)
        digests[small] = hashlib.sha256(kept).hexdigest()
        if hashlib.sha256((directory / small).read_bytes()).hexdigest() != digests[small]:
            words = f"{directory / small}: the disk gives back something else"
            raise StoreError(words, "Look after the disk, then install again.")
    return size, dict(sorted(digests.items()))


def _of_packages(paths: Iterable[Path], progress: Progress) -> Iterator[tuple[str, bytes]]:
    """The wanted files of Wine's packages; `progress` counts bytes of the packages."""
    before = 0
    for package in paths:
        unpacked = 0
        for path, data in deb.files(package):
            unpacked += len(data)
            # A package becomes seven times as large.
            progress.done(before + min(unpacked // 7, package.stat().st_size))
            if _is_of_wine(path) and _is_wanted(path.name):
                yield path.name, data
        before += package.stat().st_size


def _of_directory(paths: Iterable[Path], progress: Progress) -> Iterator[tuple[str, bytes]]:
    """The files that a 32-bit guest can use: a Windows has also 64-bit ones and others."""
    for count, path in enumerate(paths):
        progress.done(count)
        data = path.read_bytes()
        if path.name.lower().endswith(NLS) or _is_image(data):
            yield path.name, data


def _is_of_wine(path: PurePosixPath) -> bool:
    """Debian's and Ubuntu's paths."""
    return any(
        path.match(pattern)
        for pattern in (
            "usr/lib/*/wine/i386-windows/*",
            "usr/share/wine/nls/*",
            "usr/i686-w64-mingw32/lib/zlib1.dll",
        )
    )


def _is_wanted(name: str) -> bool:
    suffix = PurePosixPath(name.lower()).suffix
    return suffix == NLS or _IMAGES.fullmatch(suffix) is not None


def _is_image(data: bytes) -> bool:
    try:
        read_pe(data, "")
    except ImageError:
        return False
    return True


def _kind(ntdll: Image) -> str:
    if _WINE_EXPORT in ntdll.exports_by_name:
        return "wine"
    return "reactos" if _REACTOS in ntdll.data else "windows"


def _version(package: Package, wanted: str | None, suite: str) -> str:
    """Upstream's version of the package.  Raises StoreError where another one is wanted."""
    upstream = _UPSTREAM.match(package.version)
    version = upstream[0] if upstream else package.version
    if wanted is not None and not f"{version}.".startswith(f"{wanted}."):
        words = f"the suite {suite} has Wine {version}, not {wanted}"
        raise StoreError(words, "Name one that has it, such as --suite trixie.")
    return version


def _is_from(installed: Installed, source: str) -> bool:
    try:
        return installed.describe().source == source
    except StoreError:
        return False
