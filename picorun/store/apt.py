"""A private apt: lists and packages of another architecture or suite, for any user.

It takes keys, proxies and the like from the machine's own configuration, but has lists, cache and
status of its own.  Nothing counts as installed in it and nothing is installed.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from picorun.store.error import StoreError
from picorun.store.sources import OTHER_WAY

if TYPE_CHECKING:
    from picorun.store.progress import Progress

_CONFIGURATION = """\
APT::Architecture "i386";
APT::Architectures { "i386"; };
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "3";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""
"""Of the machine's own, what it does to the machine after an update is left out."""
_URI_LINE = re.compile(r"'(?P<uri>[^']+)' (?P<file>[^ /]+) (?P<size>\d+) SHA256:(?P<digest>\w{64})")
_VERSION = re.compile(r"_(?:\d+%3a)?([^_]+)_")
_NO_APT = "this needs apt-get and dpkg-deb, as Debian and Ubuntu have them"
_AGAIN = "Run the same command again when the archive can be reached; it goes on where it stopped."
_CHUNK = 1 << 20


class Package(NamedTuple):
    """A package that the archive has: what it is called there, its size in bytes, its SHA-256."""

    name: str
    version: str
    file: str
    size: int
    digest: str


class PrivateApt:
    """An apt whose files are all in one directory."""

    def __init__(self, directory: Path, sources: str) -> None:
        """`sources` is the text of a .sources file.  OSError."""
        self._directory = directory
        for name in ("sources", "lists/partial", "cache/archives/partial", "packages"):
            (directory / name).mkdir(parents=True, exist_ok=True)
        (directory / "sources" / "archive.sources").write_text(sources, encoding="utf-8")
        (directory / "apt.conf").write_text(_CONFIGURATION, encoding="utf-8")
        (directory / "status").touch()

    def update(self, progress: Progress) -> None:
        """Get the lists of packages, or what is new in them.  Raises StoreError."""
        progress.step("package lists", 100)
        self._run(progress, "update")

    def find(self, names: Sequence[str]) -> dict[str, Package]:
        """The packages that a `download` would get, in that order.  Raises StoreError."""
        # Elsewhere: apt is silent about a package whose file is in its current directory.
        here = self._directory
        lines = self._run(None, "--print-uris", "download", *names, here=here).splitlines()
        packages = {}
        for match in filter(None, map(_URI_LINE.match, lines)):
            file = match["file"]
            version = _VERSION.search(file)
            name = file.partition("_")[0]
            if version is not None:
                package = Package(name, version[1], file, int(match["size"]), match["digest"])
                packages[name] = package
        if missing := [name for name in names if name not in packages]:
            raise StoreError(f"the archive has no package {', '.join(missing)}", OTHER_WAY)
        return {name: packages[name] for name in names}

    def download(self, package: Package, progress: Progress) -> Path:
        """The package's file, got unless it is there and whole.  Raises StoreError, OSError."""
        path = self._directory / "packages" / package.file
        if path.is_file():
            if _digest(path) == package.digest:
                return path
            if path.stat().st_size >= package.size:
                # apt would take it for the right one, whatever is in it.
                path.unlink()
        progress.step(f"{package.name} {package.version}, {package.size / 1e6:.0f} MB", 100)
        self._run(progress, "download", f"{package.name}={package.version}")
        if _digest(path) != package.digest:
            path.unlink(missing_ok=True)
            raise StoreError(f"{package.file}: the download is damaged", _AGAIN)
        return path

    def forget(self, path: Path) -> None:
        """Remove the file of a package that is no longer needed.  OSError."""
        path.unlink(missing_ok=True)

    def _run(self, progress: Progress | None, *words: str, here: Path | None = None) -> str:
        """What `apt-get WORDS` prints.  Raises StoreError with apt's own reason."""
        reading, writing = os.pipe()
        with TemporaryFile() as output, TemporaryFile() as errors, os.fdopen(reading) as status:
            try:
                process = subprocess.Popen(
                    [*self._command(writing), *words],
                    cwd=here or self._directory / "packages",
                    env={**os.environ, "LC_ALL": "C.UTF-8"},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=errors,
                    pass_fds=[writing],
                )
            except FileNotFoundError:
                raise StoreError(_NO_APT, OTHER_WAY) from None
            finally:
                os.close(writing)
            code = _end_of(process, status, progress)
            output.seek(0)
            errors.seek(0)
            if code:
                raise StoreError(f"apt-get cannot {words[0]}: {_reason(errors.read())}", _AGAIN)
            return output.read().decode(errors="replace")

    def _command(self, status: int) -> list[str]:
        """apt-get with its own directories; it writes its progress to the descriptor `status`."""
        options = (f"APT::Status-Fd={status}", *self._places())
        words = (word for option in options for word in ("-o", option))
        return ["apt-get", "-q", "-c", str(self._directory / "apt.conf"), *words]

    def _places(self) -> tuple[str, ...]:
        here = self._directory
        return (
            "Dir::Etc::sourcelist=/dev/null",
            f"Dir::Etc::sourceparts={here / 'sources'}",
            f"Dir::State={here}",
            f"Dir::State::status={here / 'status'}",
            f"Dir::Cache={here / 'cache'}",
        )


def _end_of(
    process: subprocess.Popen[bytes], status: Iterable[str], progress: Progress | None
) -> int:
    """The code of the process, which ends also if this one is interrupted."""
    try:
        for line in status:
            _show(progress, line)
        return process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise


def _show(progress: Progress | None, line: str) -> None:
    """A line of APT::Status-Fd: "dlstatus:1:54.3:Retrieving file 1 of 1"."""
    kind, _, rest = line.partition(":")
    if progress is not None and kind == "dlstatus":
        progress.done(float(rest.split(":")[1]))


def _reason(errors: bytes) -> str:
    lines = errors.decode(errors="replace").splitlines()
    reasons = [line[3:] for line in lines if line.startswith("E: ")]
    return (reasons or lines or ["it says no reason"])[0]


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()
