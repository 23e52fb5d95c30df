r"""The user's profile and the machine's shared directories, as on every Windows; gone at the end.

C:\Users\user  ─┬─ AppData ─┬─ Local          C:\Users\Public     C:\ProgramData
                │           └─ Roaming        C:\Program Files
                └─ Desktop, Documents, Downloads
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from provider.kernel.io.mount import Mount, MountMode
from provider.nt.se.identity import USER_NAME

if TYPE_CHECKING:
    from picorun.scratch import Scratch

PROFILE: Final = f"C:\\Users\\{USER_NAME}"
PUBLIC: Final = "C:\\Users\\Public"
PROGRAM_DATA: Final = "C:\\ProgramData"
PROGRAM_FILES: Final = "C:\\Program Files"

ENVIRONMENT: Final = {
    "ALLUSERSPROFILE": PROGRAM_DATA,
    "APPDATA": f"{PROFILE}\\AppData\\Roaming",
    "CommonProgramFiles": f"{PROGRAM_FILES}\\Common Files",
    "HOMEDRIVE": PROFILE[:2],
    "HOMEPATH": PROFILE[2:],
    "LOCALAPPDATA": f"{PROFILE}\\AppData\\Local",
    "ProgramData": PROGRAM_DATA,
    "ProgramFiles": PROGRAM_FILES,
    "PUBLIC": PUBLIC,
    "USERNAME": USER_NAME,
    "USERPROFILE": PROFILE,
}
"""The variables that say where all that is."""

_DIRECTORIES: Final = {
    PROFILE: ("AppData/Local", "AppData/Roaming", "Desktop", "Documents", "Downloads"),
    PUBLIC: ("Documents",),
    PROGRAM_DATA: (),
    PROGRAM_FILES: ("Common Files",),
}


def mounts(scratch: Scratch) -> list[Mount]:
    """The directories, which `scratch` makes."""
    return [
        Mount(guest, partial(scratch.make, guest.rpartition("\\")[2], below), MountMode.READ_WRITE)
        for guest, below in _DIRECTORIES.items()
    ]
