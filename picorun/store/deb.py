"""The files in a Debian package (deb(5)), as they come, without a directory to unpack them to.

Whoever made the package chose the names in it, so no name is ever used as a path: the caller picks
regular files by their path and gets their contents.
"""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from picorun.store.error import StoreError
from picorun.store.sources import OTHER_WAY

LARGEST_FILE = 512 << 20
"""In bytes; nothing in a userland comes near."""


def files(package: Path) -> Generator[tuple[PurePosixPath, bytes]]:
    """The path and contents of every regular file, in the package's order.

    Raises StoreError for a damaged package, also one whose files are not those of its own list of
    digests.
    """
    digests = _digests(package)
    with _members(package, "--fsys-tarfile") as members:
        for member, data in members:
            path = PurePosixPath(member.name.removeprefix("./"))
            expected = digests.get(str(path))
            if expected is not None and hashlib.md5(data).hexdigest() != expected:
                raise _damaged(package, f"{path} has another digest than the package says")
            yield path, data


def _digests(package: Path) -> dict[str, str]:
    """MD5 digests by path, from the package's control archive (deb-md5sums(5))."""
    with _members(package, "--ctrl-tarfile") as members:
        for member, data in members:
            if member.name.removeprefix("./") == "md5sums":
                lines = data.decode(errors="replace").splitlines()
                rows = (line.split("  ", 1) for line in lines if "  " in line)
                return {path: digest for digest, path in rows}
    return {}


@contextmanager
def _members(package: Path, what: str) -> Iterator[Iterator[tuple[tarfile.TarInfo, bytes]]]:
    """The regular files of one of the package's two archives.  Raises StoreError."""
    try:
        process = subprocess.Popen(
            ["dpkg-deb", what, str(package)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except FileNotFoundError:
        raise StoreError("this needs dpkg-deb, as Debian and Ubuntu have it", OTHER_WAY) from None
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                yield _regular(package, archive)
        except tarfile.TarError as error:
            words = process.stderr.read().decode(errors="replace").strip().splitlines()
            raise _damaged(package, words[-1] if words else str(error)) from None
        finally:
            process.stdout.close()


def _regular(package: Path, archive: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    for member in archive:
        if not member.isreg():
            continue
        if member.size > LARGEST_FILE:
            raise _damaged(package, f"a file of {member.size} bytes")
        file = archive.extractfile(member)
        assert file is not None
        yield member, file.read()


def _damaged(package: Path, words: str) -> StoreError:
    return StoreError(f"{package.name} is damaged: {words}", "Install it again, or from elsewhere.")
