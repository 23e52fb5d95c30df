"""Programs of Windows that a run's userland lacks, and where another one's are instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from picorun.choice import AUTO, find_for_builtin, names_for_builtin
from picorun.notes import MISSING_PROGRAM
from picorun.userland import BUILTIN

if TYPE_CHECKING:
    from pathlib import Path

    from picorun.notes import Notes
    from picorun.userland import Userland

COMMAND_PROCESSOR: Final = "cmd.exe"
_LACKS_IT = f"the program looks for {COMMAND_PROCESSOR}, which its userland lacks"
_GET_IT = "'picorun userland install wine' gets one that has it, '--userland wine' uses it."


class MissingPrograms:
    """What a look at the system's directory finds that is not there."""

    def __init__(self, wanted: str, userland: Userland, notes: Notes) -> None:
        """`wanted` is what the user says of userlands; only `AUTO` lets one take from another."""
        self._userland, self._notes = userland, notes
        self._borrows = wanted == AUTO and userland.name == BUILTIN
        self._borrowed: dict[str, Path | None] = {}
        self._names: list[str] | None = None

    def find(self, name: str) -> Path | None:
        """The directory of a program that the userland lacks, if another's may take its place.

        Else a note tells where the command processor can be had, which system() needs.
        """
        if self._borrows:
            key = name.lower()
            if key not in self._borrowed:
                self._borrowed[key] = find_for_builtin(key, self._userland)
            if (found := self._borrowed[key]) is not None:
                return found
        if name.upper() == COMMAND_PROCESSOR.upper():
            self._notes.once_of_guest(MISSING_PROGRAM, _LACKS_IT, _GET_IT)
        return None

    def names(self) -> list[str]:
        """The programs that listings show for `find`."""
        if self._borrows and self._names is None:
            self._names = names_for_builtin(self._userland)
        return self._names or []
