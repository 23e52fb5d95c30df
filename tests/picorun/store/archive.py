"""A Debian archive of a few files, made with the machine's tools, and a machine that uses it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import guest

WINE = "usr/lib/i386-linux-gnu/wine/i386-windows"
BUILTIN = Path(guest.__file__).parent / "system32"
needs_debian = pytest.mark.skipif(
    not all(map(shutil.which, ("apt-get", "dpkg-deb"))), reason="there is no apt-get or dpkg-deb"
)


def wine_files() -> dict[str, bytes]:
    """What a package of Wine has, in small."""
    return {
        f"{WINE}/ntdll.dll": (BUILTIN / "ntdll.dll").read_bytes(),
        f"{WINE}/KERNEL32.dll": (BUILTIN / "kernel32.dll").read_bytes(),
        f"{WINE}/krnl386.exe16": b"for 16-bit programs",
        "usr/lib/i386-linux-gnu/wine/i386-unix/ntdll.so": b"\x7fELF",
        "usr/share/wine/nls/locale.nls": b"locales",
        "usr/share/doc/libwine/copyright": b"words",
    }


ZLIB = {"usr/i686-w64-mingw32/lib/zlib1.dll": (BUILTIN / "psapi.dll").read_bytes()}


@dataclass
class Archive:
    """Packages in a directory; `etc` is that of a machine with the archive as its source."""

    directory: Path
    suite: str = "bookworm"
    rows: list[str] = field(default_factory=list)

    @property
    def etc(self) -> Path:
        return self.directory / "etc"

    def add(self, name: str, version: str, files: dict[str, bytes], arch: str = "i386") -> Path:
        """Make a package and list it."""
        control = f"Package: {name}\nVersion: {version}\nArchitecture: {arch}\n"
        control += "Maintainer: nobody <nobody@localhost>\nDescription: a test\n"
        deb = self.directory / f"{name}_{version}_{arch}.deb"
        build(self.directory / "tree", control, files, deb)
        data = deb.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        row = f"{control}Filename: {deb.name}\nSize: {len(data)}\nSHA256: {digest}\n"
        self.rows.append(row)
        self._write()
        return deb

    def _write(self) -> None:
        lists = self.directory / "dists" / self.suite / "main" / "binary-i386"
        lists.mkdir(parents=True, exist_ok=True)
        packages = "\n".join(self.rows).encode()
        (lists / "Packages").write_bytes(packages)
        digest = hashlib.sha256(packages).hexdigest()
        release = f"Suite: {self.suite}\nCodename: {self.suite}\nArchitectures: i386\n"
        release += "Components: main\nDate: Sat, 29 Nov 2025 00:00:00 UTC\nSHA256:\n"
        release += f" {digest} {len(packages)} main/binary-i386/Packages\n"
        (lists.parent.parent / "Release").write_text(release)
        self.use(f"copy:{self.directory}")

    def use(self, uri: str) -> None:
        """Make `uri` the machine's source."""
        parts = self.etc / "apt" / "sources.list.d"
        parts.mkdir(parents=True, exist_ok=True)
        stanza = f"Types: deb\nURIs: {uri}\nSuites: {self.suite}\nComponents: main\nTrusted: yes\n"
        (parts / "here.sources").write_text(stanza)
        (self.etc / "os-release").write_text(f"ID=debian\nVERSION_CODENAME={self.suite}\n")


def build(tree: Path, control: str, files: dict[str, bytes], deb: Path) -> None:
    """A package of `files`, with the list of their digests."""
    shutil.rmtree(tree, ignore_errors=True)
    for name, data in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(data)
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(control)
    sums = (f"{hashlib.md5(data).hexdigest()}  {name}\n" for name, data in files.items())
    (tree / "DEBIAN" / "md5sums").write_text("".join(sums))
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zgzip", "--build", tree, deb],
        check=True,
        capture_output=True,
    )
