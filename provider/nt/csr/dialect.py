"""What versions of Windows call the routines of the base server, and how clients connect.

Numbers and sizes: "BASESRV API Routines", "CSR_API_CONNECTINFO" (Geoff Chappell); ReactOS,
basemsg.h, for Windows Server 2003.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from provider.nt.structs.csr import (
    CSR_API_CONNECTINFO,
    CSR_API_CONNECTINFO_5_1,
    CSR_API_CONNECTINFO_5_2,
    CSR_API_CONNECTINFO_6_0,
)

if TYPE_CHECKING:
    from provider.nt.version import Version

    ConnectInfo = (
        CSR_API_CONNECTINFO
        | CSR_API_CONNECTINFO_5_1
        | CSR_API_CONNECTINFO_5_2
        | CSR_API_CONNECTINFO_6_0
    )

DEAD = "DeadEntry"
"""A number that has lost its routine."""
_VDM = (
    "CheckVDM", "UpdateVDMEntry", "GetNextVDMCommand", "ExitVDM", "IsFirstVDM", "GetVDMExitCode",
    "SetReenterCount", "SetProcessShutdownParam", "GetProcessShutdownParam",
)  # fmt: skip
_MORE_VDM = ("SetVDMCurDirs", "GetVDMCurDirs", "BatNotification", "RegisterWowExec")
_NAMES = (*_MORE_VDM, "SoundSentryNotification", "RefreshIniFileMapping", "DefineDosDevice")
_XP = (
    "CreateProcess", "CreateThread", "GetTempFile", "ExitProcess", "DebugProcess", *_VDM,
    "NlsSetUserInfo", "NlsSetMultipleUserInfo", "NlsCreateSection", *_NAMES,
    "SetTermsrvAppInstallMode", "NlsUpdateCacheCount", "SetTermsrvClientTimeZone",
    "SxsCreateActivationContext", "DebugProcessStop", "RegisterThread", "NlsGetUserInfo",
)  # fmt: skip
_MIDDLE = (
    *_VDM, *_NAMES, "SetTermsrvAppInstallMode", "SetTermsrvClientTimeZone",
    "CreateActivationContext", DEAD, "RegisterThread", "DeferredCreateProcess", "NlsGetUserInfo",
)  # fmt: skip
_VISTA = (
    "CreateProcess", "CreateThread", DEAD, "ExitProcess", DEAD, *_MIDDLE, "NlsSetUserInfo",
    "NlsUpdateCacheCount",
)  # fmt: skip
_WINDOWS_7 = (
    "CreateProcess", "CreateThread", DEAD, "ExitProcess", DEAD, *_MIDDLE, "NlsUpdateCacheCount",
)  # fmt: skip
_WINDOWS_8 = ("CreateProcess", DEAD, DEAD, DEAD, DEAD, *_MIDDLE, "NlsUpdateCacheCount")


class Dialect(NamedTuple):
    """How a version's clients speak."""

    connect_info: type[ConnectInfo]
    routines: tuple[str, ...]
    """The names of the base server's routines, without `BaseSrv`, by number."""


_DIALECTS = (
    ((6, 2), Dialect(CSR_API_CONNECTINFO, _WINDOWS_8)),
    ((6, 1), Dialect(CSR_API_CONNECTINFO_6_0, _WINDOWS_7)),
    ((6, 0), Dialect(CSR_API_CONNECTINFO_6_0, _VISTA)),
    ((5, 2), Dialect(CSR_API_CONNECTINFO_5_2, _XP)),
)
_OLDEST = Dialect(CSR_API_CONNECTINFO_5_1, _XP)


def dialect_of(version: Version) -> Dialect:
    """What clients of that version speak."""
    wanted = version.major, version.minor
    return next((dialect for first, dialect in _DIALECTS if wanted >= first), _OLDEST)
