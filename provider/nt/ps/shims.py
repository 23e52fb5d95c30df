"""Shims: what makes single programs see an older system, a table that is empty by default.

Windows looks a program up in its application-compatibility database when the process is made, and
leaves what it finds in the PEB for user mode (Windows Internals, 4th edition, chapter 6;
AppCompatFlags and pShimData, public symbols of ntdll).  Here too the kernel only writes the PEB.
Versions are read there by every ntdll; delayed frees are the work of our own, which finds their
number behind pShimData.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.kernel.mm import Protection
from provider.nt.ps.creation import Step, tell
from provider.nt.structs.process import PEB, SHIM_DATA
from provider.nt.version import Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provider.kernel.process import Process
    from provider.nt.process import NtProcess

MOST_DELAYED = 0x10000
_READ_WRITE = Protection.READ | Protection.WRITE


class Shim(NamedTuple):
    """One entry of the table: `image` is a file's name, without a path."""

    image: str
    version: Version | None = None
    """The version of Windows that the program is told."""
    delayed_frees: int = 0
    """How many blocks stay as they are after a program has freed them, the latest ones."""


def parse_shim(text: str) -> Shim:
    """An entry from "old.exe:version=5.1.2600" or "old.exe:delay-free=100".  ValueError."""
    image, _, rest = text.rpartition(":")
    name, _, value = rest.partition("=")
    if not image or "\\" in image or "/" in image:
        raise ValueError(f"{text!r} is not of the form IMAGE:SHIM=VALUE, without a path")
    if name == "version":
        return Shim(image, version=_version(value))
    if name == "delay-free":
        if not re.fullmatch(r"[0-9]{1,6}", value, re.ASCII) or not 0 < int(value) <= MOST_DELAYED:
            raise ValueError(f"{value!r} is not a number of blocks from 1 to {MOST_DELAYED}")
        return Shim(image, delayed_frees=int(value))
    raise ValueError(f"{name!r} is no shim: there are version and delay-free")


class ShimTable:
    """The shims of a machine, by image; names do not differ by case."""

    def __init__(self) -> None:
        self._shims: dict[str, Shim] = {}

    def add(self, shims: Iterable[Shim]) -> None:
        """Add entries; what a later one sets replaces what an earlier one of its image has."""
        for shim in shims:
            key = shim.image.casefold()
            before = self._shims.get(key, Shim(shim.image))
            self._shims[key] = Shim(
                shim.image,
                shim.version or before.version,
                shim.delayed_frees or before.delayed_frees,
            )

    def apply(self, process: Process) -> None:
        """Do to a new process what the table says of its image.  KernelError, AccessViolation."""
        part: NtProcess = process.context
        shim = self._shims.get(process.name.casefold()) if self._shims else None
        if shim is not None and shim.version is not None:
            _tell_version(process, part.peb_va, shim.version)
        if shim is not None and shim.delayed_frees:
            _store_data(process, part.peb_va, shim.delayed_frees)
        tell(part.provider, Step.SHIMS, process, detail="none" if shim is None else _words(shim))


def _version(text: str) -> Version:
    match = re.fullmatch(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,5})", text, re.ASCII)
    if match is None or int(match[3]) > 0xFFFF:
        raise ValueError(f"{text!r} is not a version such as 6.1.7601")
    return Version(*map(int, match.groups()))


def _tell_version(process: Process, peb_va: int, version: Version) -> None:
    words = (
        (PEB.OSMajorVersion, version.major, 4),
        (PEB.OSMinorVersion, version.minor, 4),
        (PEB.OSBuildNumber, version.build, 2),
    )
    for field, value, size in words:
        process.space.write(peb_va + field.offset, value.to_bytes(size, "little"))


def _store_data(process: Process, peb_va: int, delayed_frees: int) -> None:
    data = bytes(SHIM_DATA(Size=SHIM_DATA.SIZE, DelayedFrees=delayed_frees))
    va, _ = process.space.allocate(
        None, len(data), reserve=True, commit=True, protection=_READ_WRITE
    )
    process.space.write(va, data)
    process.space.write(peb_va + PEB.pShimData.offset, va.to_bytes(4, "little"))


def _words(shim: Shim) -> str:
    words = [] if shim.version is None else [f"version {'.'.join(map(str, shim.version))}"]
    if shim.delayed_frees:
        words.append(f"{shim.delayed_frees} frees delayed")
    return ", ".join(words)
