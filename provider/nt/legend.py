"""What NT's numbers are called: codecs that show them by name, for traces only.

The names are data, `legend.txt`, which is read when the first of them is shown: an enumeration of
a thousand members would cost every run 5 ms of its start.
"""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import Annotated

from emu.named_tuple import NamedTuple
from provider.codec import STRANGER, Viewer, Word

FILE = Path(__file__).with_suffix(".txt")
_MOST_REMEMBERED = 512
"""Values of a kind whose texts are kept; the guest chooses the values."""


class Kind(NamedTuple):
    """The names of an enumeration's numbers, or of flags."""

    are_flags: bool
    names: tuple[tuple[int, str], ...]
    contents: dict[int, str]
    """What a buffer of a class holds, by the number of the class; see the file's head."""

    def name_of(self, value: int) -> str:
        """The value by name; what has none is a number."""
        return self._flags(value) if self.are_flags else self._one(value)

    def _one(self, value: int) -> str:
        return next((name for number, name in self.names if number == value), f"{value:#x}")

    def _flags(self, value: int) -> str:
        shown, rest = [], value
        for bits, name in self.names:
            if value & bits == bits and rest & bits:
                shown.append(name)
                rest &= ~bits
        return "|".join([*shown, f"{rest:#x}"] if rest else shown) or "0"


@cache
def kinds() -> dict[str, Kind]:
    """All of the file by name."""
    found: dict[str, Kind] = {}
    for block in FILE.read_text(encoding="ascii").split("\n\n")[1:]:
        head, *lines = block.splitlines()
        form, name = head.split()
        rows = [line.split() for line in lines]
        names = tuple((int(row[0], 0), row[1]) for row in rows)
        contents = {int(row[0], 0): row[2] for row in rows if len(row) > 2}
        found[name] = Kind(form == "flags", names, contents)
    return found


class Named(Word):
    """A word that is shown by the names of one kind, or of several kinds of flags."""

    def __init__(self, *kinds_of: str, size: int = 4, by_pointer: bool = False) -> None:
        super().__init__(size, by_pointer=by_pointer)
        self.kinds = kinds_of
        self._shown: dict[int, str] = {}

    def show(self, value: int, viewer: Viewer = STRANGER) -> str:
        text = self._shown.get(value)
        if text is None:
            if len(self._shown) >= _MOST_REMEMBERED:
                self._shown.clear()
            text = self._shown[value] = self._kind.name_of(value)
        return text

    def contents(self, value: int) -> str:
        """What a buffer of the class `value` holds; empty where that is not known."""
        return self._kind.contents.get(value, "")

    @cached_property
    def _kind(self) -> Kind:
        first, *others = (kinds()[name] for name in self.kinds)
        return first._replace(names=sum((kind.names for kind in others), first.names))


def _access(kind: str) -> Named:
    return Named(kind, "STANDARD_ACCESS")


ACCESS_MASK = Annotated[int, Named("STANDARD_ACCESS")]
DEBUG_OBJECT_ACCESS = Annotated[int, _access("DEBUG_OBJECT_ACCESS")]
DIRECTORY_ACCESS = Annotated[int, _access("DIRECTORY_ACCESS")]
EVENT_ACCESS = Annotated[int, _access("EVENT_ACCESS")]
FILE_ACCESS_MASK = Annotated[int, _access("FILE_ACCESS")]
IO_COMPLETION_ACCESS = Annotated[int, _access("IO_COMPLETION_ACCESS")]
JOB_ACCESS = Annotated[int, _access("JOB_ACCESS")]
KEYED_EVENT_ACCESS = Annotated[int, _access("KEYED_EVENT_ACCESS")]
KEY_ACCESS = Annotated[int, _access("KEY_ACCESS")]
MUTANT_ACCESS = Annotated[int, _access("MUTANT_ACCESS")]
PROCESS_ACCESS = Annotated[int, _access("PROCESS_ACCESS")]
SECTION_ACCESS = Annotated[int, _access("SECTION_ACCESS")]
SEMAPHORE_ACCESS = Annotated[int, _access("SEMAPHORE_ACCESS")]
SYMBOLIC_LINK_ACCESS = Annotated[int, _access("SYMBOLIC_LINK_ACCESS")]
THREAD_ACCESS = Annotated[int, _access("THREAD_ACCESS")]
TIMER_ACCESS = Annotated[int, _access("TIMER_ACCESS")]
TOKEN_ACCESS = Annotated[int, _access("TOKEN_ACCESS")]

ATOM_CLASS = Annotated[int, Named("ATOM_INFORMATION_CLASS")]
DEBUG_OBJECT_CLASS = Annotated[int, Named("DEBUGOBJECTINFOCLASS")]
DIRECTORY_NOTIFY_CLASS = Annotated[int, Named("DIRECTORY_NOTIFY_INFORMATION_CLASS")]
EVENT_CLASS = Annotated[int, Named("EVENT_INFORMATION_CLASS")]
FILE_INFORMATION_CLASS = Annotated[int, Named("FILE_INFORMATION_CLASS")]
FS_INFORMATION_CLASS = Annotated[int, Named("FS_INFORMATION_CLASS")]
IO_COMPLETION_CLASS = Annotated[int, Named("IO_COMPLETION_INFORMATION_CLASS")]
JOB_CLASS = Annotated[int, Named("JOBOBJECTINFOCLASS")]
KEY_INFORMATION_CLASS = Annotated[int, Named("KEY_INFORMATION_CLASS")]
KEY_SET_CLASS = Annotated[int, Named("KEY_SET_INFORMATION_CLASS")]
KEY_VALUE_CLASS = Annotated[int, Named("KEY_VALUE_INFORMATION_CLASS")]
MEMORY_CLASS = Annotated[int, Named("MEMORY_INFORMATION_CLASS")]
MUTANT_CLASS = Annotated[int, Named("MUTANT_INFORMATION_CLASS")]
OBJECT_CLASS = Annotated[int, Named("OBJECT_INFORMATION_CLASS")]
PORT_CLASS = Annotated[int, Named("PORT_INFORMATION_CLASS")]
PROCESS_CLASS = Annotated[int, Named("PROCESSINFOCLASS")]
SECTION_CLASS = Annotated[int, Named("SECTION_INFORMATION_CLASS")]
SEMAPHORE_CLASS = Annotated[int, Named("SEMAPHORE_INFORMATION_CLASS")]
SYSTEM_CLASS = Annotated[int, Named("SYSTEM_INFORMATION_CLASS")]
THREAD_CLASS = Annotated[int, Named("THREADINFOCLASS")]
TIMER_CLASS = Annotated[int, Named("TIMER_INFORMATION_CLASS")]
TOKEN_CLASS = Annotated[int, Named("TOKEN_INFORMATION_CLASS")]
VIRTUAL_MEMORY_CLASS = Annotated[int, Named("VIRTUAL_MEMORY_INFORMATION_CLASS")]

DEBUG_OBJECT_FLAGS = Annotated[int, Named("DEBUG_OBJECT_FLAGS")]
DEVICE_CONTROL = Annotated[int, Named("DEVICE_CONTROL")]
DIRECTORY_QUERY_FLAGS = Annotated[int, Named("DIRECTORY_QUERY_FLAGS")]
DUPLICATE_OPTIONS = Annotated[int, Named("DUPLICATE_OPTIONS")]
EVENT_TYPE = Annotated[int, Named("EVENT_TYPE")]
EXECUTION_STATE = Annotated[int, Named("EXECUTION_STATE")]
FILE_ATTRIBUTES = Annotated[int, Named("FILE_ATTRIBUTES")]
FILE_DISPOSITION = Annotated[int, Named("FILE_DISPOSITION")]
FILE_DISPOSITION_FLAGS = Annotated[int, Named("FILE_DISPOSITION_FLAGS")]
FILE_NOTIFY = Annotated[int, Named("FILE_NOTIFY")]
FILE_OPTIONS = Annotated[int, Named("FILE_OPTIONS")]
FILE_SHARE = Annotated[int, Named("FILE_SHARE")]
FLUSH_FLAGS = Annotated[int, Named("FLUSH_FLAGS")]
FS_CONTROL = Annotated[int, Named("FS_CONTROL")]
HARD_ERROR_OPTION = Annotated[int, Named("HARD_ERROR_OPTION")]
HARD_ERROR_RESPONSE = Annotated[int, Named("HARD_ERROR_RESPONSE")]
HIVE_FLAGS = Annotated[int, Named("HIVE_FLAGS")]
KEY_DISPOSITION = Annotated[int, Named("KEY_DISPOSITION")]
KEY_CHANGES = Annotated[int, Named("KEY_NOTIFY")]
KEY_OPTIONS = Annotated[int, Named("KEY_OPTIONS")]
MAP_TYPE = Annotated[int, Named("MAP_TYPE")]
NLS_SECTION_TYPE = Annotated[int, Named("NLS_SECTION_TYPE")]
OBJ_ATTRIBUTES = Annotated[int, Named("OBJ_ATTRIBUTES")]
PIPE_COMPLETION_MODE = Annotated[int, Named("PIPE_COMPLETION_MODE")]
PIPE_READ_MODE = Annotated[int, Named("PIPE_READ_MODE")]
PIPE_TYPE = Annotated[int, Named("PIPE_TYPE")]
PROCESS_CREATE_FLAGS = Annotated[int, Named("PROCESS_CREATE_FLAGS")]
REG_TYPE = Annotated[int, Named("REG_TYPE")]
SECTION_ATTRIBUTES = Annotated[int, Named("SECTION_ATTRIBUTES")]
SECTION_INHERIT = Annotated[int, Named("SECTION_INHERIT")]
SECURITY_INFORMATION = Annotated[int, Named("SECURITY_INFORMATION")]
SHUTDOWN_ACTION = Annotated[int, Named("SHUTDOWN_ACTION")]
THREAD_CREATE_FLAGS = Annotated[int, Named("THREAD_CREATE_FLAGS")]
TIMER_TYPE = Annotated[int, Named("TIMER_TYPE")]
TOKEN_FILTER = Annotated[int, Named("TOKEN_FILTER")]
TOKEN_TYPE = Annotated[int, Named("TOKEN_TYPE")]
WAIT_TYPE = Annotated[int, Named("WAIT_TYPE")]
WRITE_WATCH_FLAGS = Annotated[int, Named("WRITE_WATCH_FLAGS")]

MEM_EXECUTE_OPTIONS = Annotated[int, Named("MEM_EXECUTE_OPTIONS")]
HARD_ERROR_MODE = Annotated[int, Named("HARD_ERROR_MODE")]
SECURITY_IMPERSONATION_LEVEL = Annotated[int, Named("SECURITY_IMPERSONATION_LEVEL")]
TOKEN_ELEVATION_TYPE = Annotated[int, Named("TOKEN_ELEVATION_TYPE")]
"""Those of this group are what buffers hold."""
