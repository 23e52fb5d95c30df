"""The options of a run by what they are for: the one list for parsing, --help and completion."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from emu.named_tuple import NamedTuple
from picorun.options import (
    DEFAULT_RAM,
    parse_clock,
    parse_count,
    parse_moment,
    parse_mount,
    parse_output_size,
    parse_paging,
    parse_registry,
    parse_seconds,
    parse_seed,
    parse_shim,
    parse_size,
    parse_time,
    parse_variable,
)
from picorun.trace import Shown, parse_filter, parse_shown, parse_target

if TYPE_CHECKING:
    from collections.abc import Callable


class Takes(Enum):
    """How an option takes its value."""

    NOTHING = auto()
    ONE = auto()
    """The next word, or what follows "="."""
    MANY = auto()
    """As ONE, and the option may be repeated."""
    ATTACHED = auto()
    """Only what follows "="; without it the value is "-"."""
    TARGET = auto()
    """As ATTACHED, but the option may be repeated, and a next word FORMAT:FILE belongs to it."""


class Option(NamedTuple):
    """One option.  `first` are those that the short help explains, where it names the others."""

    flag: str
    metavar: str
    help: str
    takes: Takes = Takes.ONE
    parse: Callable[[str], Any] = str
    default: Any = None
    first: bool = False

    @property
    def words(self) -> str:
        """The option with its value, as help shows it."""
        between = " " if self.takes in (Takes.ONE, Takes.MANY) else ""
        return f"{self.flag}{between}{self.metavar}"

    @property
    def name(self) -> str:
        """What a parsed command line has it as."""
        return self.flag.removeprefix("--").replace("-", "_")

    @property
    def unset(self) -> Any:
        """Its value where the command line has none."""
        if self.takes is Takes.NOTHING:
            return False
        return [] if self.takes in (Takes.MANY, Takes.TARGET) else self.default


class Group(NamedTuple):
    """Options that belong together; `title` is one short word."""

    title: str
    options: tuple[Option, ...]


GROUPS = (
    Group(
        "look",
        (
            Option("--trace", "[=[FORMAT:]FILE]", "log system calls (default: text to stderr)",
                   Takes.TARGET, parse_target, first=True),
            Option("--trace-filter", "FILTER", "such as nt/io,-NtClose,status=error (see README)",
                   parse=parse_filter),
            Option("--trace-show", "LIST", "relative,duration,caller,strings=N: in text traces",
                   parse=parse_shown, default=Shown()),
            Option("--report", "[=FILE]", "calls that were missing or partial, at exit",
                   Takes.ATTACHED),
            Option("--memory-map", "[=FILE]", "page tables and frames at exit; FILE.json: as data",
                   Takes.ATTACHED, first=True),
            Option("--at", "syscall:N", "take the memory map after the Nth call",
                   parse=parse_moment),
        ),
    ),
    Group(
        "guest",
        (
            Option("--userland", "NAME|DIR", "whose DLLs: builtin, wine, a directory, auto",
                   default="auto", first=True),
            Option("--env", "NAME=VALUE", "give the guest a variable; repeatable",
                   Takes.MANY, parse_variable, first=True),
            Option("--registry", "FILE", "import a .reg file; KEY=FILE: a hive; repeatable",
                   Takes.MANY, parse_registry),
            Option("--net", "", "the guest uses the host's network, too",
                   Takes.NOTHING, first=True),
            Option("--save-registry", "FILE", "write the registry's changes as a .reg file"),
            Option("--shim", "IMAGE:SHIM", "version=6.1.7601 or delay-free=N for one program",
                   Takes.MANY, parse_shim),
        ),
    ),
    Group(
        "files",
        (
            Option("--mount", "GUEST=HOST", "a directory as GUEST; :ro, :rw or :cow (default)",
                   Takes.MANY, parse_mount, first=True),
            Option("--keep", "DIR", "write the files that the guest changed to DIR", first=True),
            Option("--rw", "", "the guest changes the current directory for real",
                   Takes.NOTHING, first=True),
        ),
    ),
    Group(
        "machine",
        (
            Option("--ram", "SIZE", "guest memory, such as 64M (default 512M)",
                   parse=parse_size, default=DEFAULT_RAM, first=True),
            Option("--page-file", "SIZE", "a page file beside it (default: none)",
                   parse=parse_size, default=0),
            Option("--compress", "", "compress pages before writing them out", Takes.NOTHING),
            Option("--paging", "pae|x86", "page tables: PAE with NX, or classic",
                   parse=parse_paging, default="pae"),
            Option("--seed", "N", "where the guest's random numbers begin (default 0)",
                   parse=parse_seed, default=0),
            Option("--start-time", "TIME", "the guest's clock at start, such as 2024-01-31T12:00",
                   parse=parse_time),
            Option("--clock", "virtual|real", "time counted in executed code, or the host's",
                   parse=parse_clock, default="virtual"),
        ),
    ),
    Group(
        "limits",
        (
            Option("--max-time", "SECONDS", "stop after that much real time, with code 124",
                   parse=parse_seconds, first=True),
            Option("--max-virtual-time", "SECONDS", "stop after that much of the guest's own time",
                   parse=parse_seconds),
            Option("--max-calls", "N", "stop before the system call after the Nth",
                   parse=parse_count),
            Option("--max-output", "SIZE", "stop when stdout and stderr had SIZE bytes, such as 1M",
                   parse=parse_output_size),
        ),
    ),
    Group(
        "notes",
        (
            Option("--quiet", "", "no notes on stderr, such as on changed files",
                   Takes.NOTHING, first=True),
            Option("--verbose", "", "more: what the guest sees and what the run took",
                   Takes.NOTHING, first=True),
            Option("--debug", "", "show a Python traceback when picorun itself fails",
                   Takes.NOTHING),
        ),
    ),
)  # fmt: skip

WORDS_OF_HELP = ("-h", "--help", "--help-all", "--version")


def all_options() -> list[Option]:
    """Every option, in the order of the help."""
    return [option for group in GROUPS for option in group.options]
