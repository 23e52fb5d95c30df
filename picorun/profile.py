r"""The user's profile and the machine's shared directories, as on every Windows; gone at the end.

C:\Users\user  ─┬─ AppData ─┬─ Local          C:\Users\Public     C:\ProgramData
                │           └─ Roaming        C:\Program Files
                └─ Desktop, Documents, Downloads
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from provider.kernel.io.mount import Mount, MountMode
from provider.nt.se.identity import USER_NAME

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


def make(host: Path) -> list[Mount]:
    """Make the directories in one of the host's and say where they are mounted.  OSError."""
    mounts = []
    for guest, below in _DIRECTORIES.items():
        root = host / guest.rpartition("\\")[2]
        for name in ("", *below):
            (root / name).mkdir(parents=True)
        mounts.append(Mount(guest, root, MountMode.READ_WRITE))
    return mounts
