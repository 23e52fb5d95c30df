"""Everything that one run depends on, and how its values are written on a command line."""

from __future__ import annotations

import re
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from picorun.trace import Sink
    from provider.nt.ps.shims import Shim

DEFAULT_RAM = 512 << 20
_UNITS = {"": 0, "K": 10, "M": 20, "G": 30}
_PAGE_SIZE = 4096
CLOCKS = ("virtual", "real")
PAGING_FORMATS = ("pae", "x86")
MOUNT_MODES = ("ro", "rw", "cow")
_LEAST_RAM = 1 << 20
"""The kernel's own structures do not fit into less."""
_MOST_RAM = 4 << 30
"""What a 32-bit physical address reaches."""


class MountOption(NamedTuple):
    """A directory of the host at a guest path; `mode` is one of MOUNT_MODES."""

    guest: str
    host: Path
    mode: str


class RegistryOption(NamedTuple):
    """A file that is imported into the registry; a hive with the key that it stands for."""

    key: str | None
    file: Path


class Options(NamedTuple):
    """The inputs of a run.  Equal options give equal runs."""

    image: Path
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = MappingProxyType({})
    """What is added to the environment that every guest gets."""
    ram: int = DEFAULT_RAM
    """Guest memory in bytes."""
    paging: str = "pae"
    """The page-table format: "pae", or "x86" for the classic one without NX."""
    page_file: int = 0
    """Bytes of the page file; 0 for none."""
    compress: bool = False
    """Changed pages are compressed before any goes to the page file."""
    memory_map: str | None = None
    """Where the memory map goes: a file, or "-" for stderr."""
    map_at_call: int | None = None
    """The system call after which the memory map is taken; None: at the end of the run."""
    userland: str = "auto"
    """A userland's name, or the directory of one."""
    read_write: bool = False
    """The guest may change the current directory for real."""
    mounts: tuple[MountOption, ...] = ()
    """What the guest sees besides the current directory and the image's, or instead of them."""
    registry: tuple[RegistryOption, ...] = ()
    """What is imported into the registry before the run."""
    shims: tuple[Shim, ...] = ()
    """What single programs see instead of this system."""
    net: bool = False
    """The guest may use the host's network, which makes runs that do not repeat."""
    seed: int = 0
    start_time: datetime | None = None
    """None: the start of 2024, or with the real clock the host's time."""
    clock: str = "virtual"
    """"virtual": time is counted in executed code; "real": it is the host's."""
    trace: tuple[Sink, ...] = ()
    max_virtual_time: float | None = None
    """Seconds of the guest's time after which the run ends with LimitReached."""
    max_calls: int | None = None
    """System calls that may be made; the next one ends the run with LimitReached."""
    max_output: int | None = None
    """Bytes that may go to stdout and stderr together; one more ends the run with LimitReached."""
    details: Callable[[str], None] | None = None
    """Takes lines about what the guest sees and what the run took."""
    note: Callable[[str, str], None] | None = None
    """Takes notes (`picorun.notes`) at once: words, advice.  They are collected in any case."""
    report: Callable[[str], None] | None = None
    """Takes what the user must see: the text of a message box, an option that had no effect."""


def parse_size(text: str) -> int:
    """Bytes of RAM or of a page file from "8388608", "8192K", "512M" or "1G"; ValueError."""
    size = _parse_bytes(text)
    if size % _PAGE_SIZE or not _LEAST_RAM <= size <= _MOST_RAM:
        raise ValueError(f"{text!r} is not a multiple of 4K from 1M to 4G")
    return size


def _parse_bytes(text: str) -> int:
    match = re.fullmatch(r"([0-9]{1,12})([KMG]?)", text, re.IGNORECASE | re.ASCII)
    if match is None:
        raise ValueError(f"{text!r} is not a size such as 64M or 1G")
    return int(match[1]) << _UNITS[match[2].upper()]


def parse_output_size(text: str) -> int:
    """Bytes of output from "0", "65536", "64K", "10M" or "1G"; ValueError."""
    return _parse_bytes(text)


def parse_count(text: str) -> int:
    """A whole number, from 1."""
    if not re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) or not int(text):
        raise ValueError(f"{text!r} is not a whole number from 1")
    return int(text)


def parse_paging(text: str) -> str:
    """A page-table format."""
    if text not in PAGING_FORMATS:
        raise ValueError(f"{text!r} is neither pae nor x86")
    return text


def parse_clock(text: str) -> str:
    """A kind of clock."""
    if text not in CLOCKS:
        raise ValueError(f"{text!r} is neither virtual nor real")
    return text


def parse_moment(text: str) -> int:
    """The number of a system call, from 1, from "syscall:N"."""
    match = re.fullmatch(r"syscall:([0-9]{1,12})", text, re.ASCII)
    if match is None or not int(match[1]):
        raise ValueError(f"{text!r} is not of the form syscall:N with N from 1")
    return int(match[1])


def parse_variable(text: str) -> tuple[str, str]:
    """Name and value from "NAME=VALUE"; the value may be empty, the name may not."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ValueError(f"{text!r} is not of the form NAME=VALUE")
    return name, value


def parse_mount(text: str) -> MountOption:
    r"""A mount from `C:\data=/some/directory:ro`; without a mode it is copy-on-write."""
    guest, _, place = text.partition("=")
    host, _, mode = place.rpartition(":")
    if not host or mode not in MOUNT_MODES:
        host, mode = place, "cow"
    if not host or not re.match(r"[A-Za-z]:(\\|$)", guest):
        raise ValueError(f"{text!r} is not of the form C:\\DIR=HOSTDIR[:ro|rw|cow]")
    return MountOption(guest, Path(host), mode)


def parse_registry(text: str) -> RegistryOption:
    r"""A .reg file, or a hive file with its key as `HKLM\Software=FILE`."""
    match = re.fullmatch(r"(HK[^=]*)=(.+)", text, re.IGNORECASE | re.DOTALL)
    if match is None:
        return RegistryOption(None, Path(text))
    if not re.match(r"(HKEY_[A-Z_]+|HK(LM|CU|U|CR|CC))\\.", match[1], re.IGNORECASE):
        raise ValueError(f"{match[1]!r} is not a key such as HKLM\\Software")
    return RegistryOption(match[1], Path(match[2]))


def parse_shim(text: str) -> Shim:
    """A shim from "old.exe:version=6.1.7601" or "old.exe:delay-free=100".  ValueError."""
    from provider.nt.ps.shims import parse_shim

    return parse_shim(text)


def parse_time(text: str) -> datetime:
    """An instant from ISO 8601; without an offset it is in UTC.  NT's clock begins in 1601."""
    from datetime import UTC, datetime

    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a time such as 2024-01-31T12:00:00") from None
    if moment.year < 1601:
        raise ValueError(f"{text!r} is before 1601")
    return moment


def parse_seed(text: str) -> int:
    """A seed of 64 bits, decimal."""
    if not re.fullmatch(r"[0-9]{1,20}", text, re.ASCII) or int(text) >= 1 << 64:
        raise ValueError(f"{text!r} is not a whole number from 0 to 2**64-1")
    return int(text)


def parse_seconds(text: str) -> float:
    """A positive number of seconds, up to a year."""
    match = re.fullmatch(r"[0-9]{1,8}(\.[0-9]{1,6})?", text, re.ASCII)
    if match is None or not 0 < float(text) <= 366 * 86400:
        raise ValueError(f"{text!r} is not a positive number of seconds, up to a year")
    return float(text)
