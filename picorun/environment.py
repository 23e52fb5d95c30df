"""The variables that every guest finds; nothing of the host's environment is added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from picorun import profile
from picorun.folders import SYSTEM_DIRECTORY, TEMPORARY_DIRECTORY
from picorun.missing_programs import COMMAND_PROCESSOR

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENT: Final = {
    **profile.ENVIRONMENT,
    "COMPUTERNAME": "PICORUN",
    "ComSpec": f"{SYSTEM_DIRECTORY}\\{COMMAND_PROCESSOR}",
    "NUMBER_OF_PROCESSORS": "1",
    "OS": "Windows_NT",
    "PATHEXT": ".COM;.EXE;.BAT;.CMD",
    "PROCESSOR_ARCHITECTURE": "x86",
    "Path": f"{SYSTEM_DIRECTORY};C:\\Windows",
    "SystemDrive": "C:",
    "SystemRoot": "C:\\Windows",
    "TEMP": TEMPORARY_DIRECTORY,
    "TMP": TEMPORARY_DIRECTORY,
    "windir": "C:\\Windows",
}


def merge_environment(base: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """`base` with the variables of `added`, whose names replace those that differ only in case."""
    replaced = {name.upper() for name in added}
    kept = {name: value for name, value in base.items() if name.upper() not in replaced}
    return {**kept, **added}
