"""The version of Windows that guests are told, unless their own DLLs are of another."""

from __future__ import annotations

from emu.named_tuple import NamedTuple

MAJOR = 10
MINOR = 0
BUILD = 19045
PLATFORM_NT = 2


class Version(NamedTuple):
    """A version of Windows."""

    major: int
    minor: int
    build: int


DEFAULT_VERSION = Version(MAJOR, MINOR, BUILD)
"""Windows 10 22H2, 32-bit."""

LAST_BUILDS = {
    (5, 1): 2600,
    (5, 2): 3790,
    (6, 0): 6002,
    (6, 1): 7601,
    (6, 2): 9200,
    (6, 3): 9600,
}
"""The builds of the last service packs, by the versions that their DLLs' headers name."""
