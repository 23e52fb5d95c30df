r"""What is in the registry when a machine starts: what ordinary programs look up.

The names of hives and of the keys in them are spelt as Windows 10 spells them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from provider.kernel.cm.key import LINK_KIND, LINK_VALUE, KeyObject, Value
from provider.nt.cm.cryptography import CRYPTOGRAPHY
from provider.nt.se.acl import acl
from provider.nt.se.descriptor import Descriptor
from provider.nt.se.identity import (
    ADMINISTRATORS_SID,
    SYSTEM_SID,
    USER_NAME,
    USER_SID,
    USER_SID_TEXT,
    USERS_SID,
)
from provider.nt.types import encode_utf16
from provider.nt.version import BUILD, MAJOR, MINOR

if TYPE_CHECKING:
    from provider.kernel.cm.registry import Registry

REG_SZ, REG_EXPAND_SZ, REG_BINARY, REG_DWORD, REG_MULTI_SZ = 1, 2, 3, 4, 7
COMPUTER_NAME = "PICORUN"


class Expand(str):
    """The text of a REG_EXPAND_SZ."""

    __slots__ = ()


Content = str | int | bytes | list[str] | Expand
"""REG_SZ or REG_EXPAND_SZ, REG_DWORD, REG_BINARY, REG_MULTI_SZ."""
Keys = Mapping[str, Mapping[str, Content]]
"""Values by their names, by the paths of their keys."""

USER = f"USER\\{USER_SID_TEXT}"
_CLASSES = "MACHINE\\SOFTWARE\\Classes"
_MICROSOFT = "MACHINE\\SOFTWARE\\Microsoft"
NT_VERSION = f"{_MICROSOFT}\\Windows NT\\CurrentVersion"
_WINDOWS = f"{_MICROSOFT}\\Windows\\CurrentVersion"
_SYSTEM = "MACHINE\\SYSTEM"
_SET = f"{_SYSTEM}\\ControlSet001"
_CONTROL = f"{_SET}\\Control"
_SESSION_MANAGER = f"{_CONTROL}\\Session Manager"
_CPU = "MACHINE\\HARDWARE\\DESCRIPTION\\System"

_HARDWARE: dict[str, dict[str, Content]] = {
    _CPU: {"Identifier": "AT/AT COMPATIBLE", "SystemBiosVersion": ["PICORUN - 1"]},
    f"{_CPU}\\CentralProcessor\\0": {
        "Identifier": "x86 Family 6 Model 15 Stepping 11",
        "ProcessorNameString": "picorun virtual processor",
        "VendorIdentifier": "GenuineIntel",
        "~MHz": 100,
    },
    "MACHINE\\HARDWARE\\DEVICEMAP": {},
}
"""Volatile: found anew at each start."""

_SOFTWARE: dict[str, dict[str, Content]] = {
    _CLASSES: {},
    f"{_CLASSES}\\CLSID": {},
    f"{_CLASSES}\\Interface": {},
    NT_VERSION: {
        "CurrentBuild": str(BUILD),
        "CurrentBuildNumber": str(BUILD),
        "CurrentMajorVersionNumber": MAJOR,
        "CurrentMinorVersionNumber": MINOR,
        "CurrentType": "Uniprocessor Free",
        "CurrentVersion": "6.3",
        "EditionID": "Professional",
        "InstallationType": "Client",
        "PathName": "C:\\Windows",
        "ProductName": "Windows 10 Pro",
        "RegisteredOrganization": "",
        "RegisteredOwner": USER_NAME,
        "SystemRoot": "C:\\Windows",
        "UBR": 0,
    },
    f"{NT_VERSION}\\Fonts": {},
    f"{NT_VERSION}\\Image File Execution Options": {},
    f"{NT_VERSION}\\ProfileList": {"ProfilesDirectory": Expand("%SystemDrive%\\Users")},
    f"{NT_VERSION}\\ProfileList\\{USER_SID_TEXT}": {"ProfileImagePath": Expand("C:\\Users\\user")},
    f"{NT_VERSION}\\Time Zones\\UTC": {
        "Display": "(UTC) Coordinated Universal Time",
        "Dlt": "Coordinated Universal Time",
        "MUI_Display": "@tzres.dll,-22002",
        "MUI_Dlt": "@tzres.dll,-22001",
        "MUI_Std": "@tzres.dll,-22000",
        "Std": "Coordinated Universal Time",
        "TZI": bytes(44),
    },
    f"{NT_VERSION}\\Windows": {"AppInit_DLLs": "", "LoadAppInit_DLLs": 0},
    f"{NT_VERSION}\\Winlogon": {"Shell": "explorer.exe"},
    _WINDOWS: {
        "CommonFilesDir": "C:\\Program Files\\Common Files",
        "ProgramFilesDir": "C:\\Program Files",
        "ProgramFilesPath": Expand("%ProgramFiles%"),
    },
    f"{_WINDOWS}\\App Paths": {},
    f"{_WINDOWS}\\Explorer\\Shell Folders": {"Common AppData": "C:\\ProgramData"},
    f"{_WINDOWS}\\Policies\\System": {"EnableLUA": 1},
    f"{_WINDOWS}\\Run": {},
    f"{_WINDOWS}\\Uninstall": {},
}

_SYSTEM_HIVE: dict[str, dict[str, Content]] = {
    f"{_SYSTEM}\\Select": {"Current": 1, "Default": 1, "Failed": 0, "LastKnownGood": 1},
    f"{_SYSTEM}\\Setup": {"SetupType": 0, "SystemSetupInProgress": 0},
    _CONTROL: {"SystemStartOptions": ""},
    f"{_CONTROL}\\ComputerName\\ActiveComputerName": {"ComputerName": COMPUTER_NAME},
    f"{_CONTROL}\\ComputerName\\ComputerName": {"ComputerName": COMPUTER_NAME},
    f"{_CONTROL}\\FileSystem": {"LongPathsEnabled": 0, "NtfsDisable8dot3NameCreation": 2},
    f"{_CONTROL}\\Lsa": {},
    f"{_CONTROL}\\Nls\\CodePage": {
        "1252": "c_1252.nls",
        "437": "c_437.nls",
        "ACP": "1252",
        "MACCP": "10000",
        "OEMCP": "437",
        "OEMHAL": "vgaoem.fon",
    },
    f"{_CONTROL}\\Nls\\Language": {
        "0409": "l_intl.nls",
        "Default": "0409",
        "InstallLanguage": "0409",
    },
    f"{_CONTROL}\\Nls\\Language Groups": {"1": "1"},
    f"{_CONTROL}\\Nls\\Locale": {"(Default)": "00000409", "00000409": "1"},
    f"{_CONTROL}\\Nls\\Sorting\\Versions": {"": "00060305"},
    f"{_CONTROL}\\ProductOptions": {"ProductSuite": ["Terminal Server"], "ProductType": "WinNT"},
    _SESSION_MANAGER: {
        "CriticalSectionTimeout": 2_592_000,
        "GlobalFlag": 0,
        "HeapDeCommitFreeBlockThreshold": 0,
        "HeapDeCommitTotalFreeThreshold": 0,
        "HeapSegmentCommit": 0,
        "HeapSegmentReserve": 0,
        "ObjectDirectories": ["\\Windows", "\\RPC Control"],
        "ProcessorControl": 2,
        "ProtectionMode": 1,
        "ResourceTimeoutCount": 648_000,
        "SafeDllSearchMode": 1,
    },
    f"{_SESSION_MANAGER}\\DOS Devices": {
        "AUX": "\\DosDevices\\COM1",
        "MAILSLOT": "\\Device\\MailSlot",
        "NUL": "\\Device\\Null",
        "PIPE": "\\Device\\NamedPipe",
        "PRN": "\\DosDevices\\LPT1",
        "UNC": "\\Device\\Mup",
    },
    f"{_SESSION_MANAGER}\\Environment": {
        "ComSpec": Expand("%SystemRoot%\\system32\\cmd.exe"),
        "NUMBER_OF_PROCESSORS": "1",
        "OS": "Windows_NT",
        "PATHEXT": ".COM;.EXE;.BAT;.CMD",
        "PROCESSOR_ARCHITECTURE": "x86",
        "PROCESSOR_IDENTIFIER": "x86 Family 6 Model 15 Stepping 11, GenuineIntel",
        "PROCESSOR_LEVEL": "6",
        "PROCESSOR_REVISION": "0f0b",
        "Path": Expand("%SystemRoot%\\system32;%SystemRoot%"),
        "TEMP": Expand("C:\\Temp"),
        "TMP": Expand("C:\\Temp"),
        "windir": Expand("%SystemRoot%"),
    },
    f"{_SESSION_MANAGER}\\KnownDLLs": {},
    f"{_SESSION_MANAGER}\\Memory Management": {"ClearPageFileAtShutdown": 0, "PagingFiles": []},
    f"{_CONTROL}\\TimeZoneInformation": {
        "ActiveTimeBias": 0,
        "Bias": 0,
        "DaylightBias": 0,
        "DaylightName": "UTC",
        "DaylightStart": bytes(16),
        "StandardBias": 0,
        "StandardName": "UTC",
        "StandardStart": bytes(16),
        "TimeZoneKeyName": "UTC",
    },
    f"{_CONTROL}\\Windows": {"CSDVersion": 0, "Directory": Expand("%SystemRoot%")},
    f"{_SET}\\Enum": {},
    f"{_SET}\\Hardware Profiles\\0001\\Software": {},
    f"{_SET}\\Services\\Tcpip\\Parameters": {"Domain": "", "Hostname": COMPUTER_NAME},
}

_USERS: dict[str, dict[str, Content]] = {
    "USER\\.DEFAULT\\Control Panel\\International": {"Locale": "00000409"},
    f"{USER}\\Console": {},
    f"{USER}\\Control Panel\\Desktop": {"MultiUILanguageId": "00000409"},
    f"{USER}\\Control Panel\\International": {
        "Locale": "00000409",
        "LocaleName": "en-US",
        "NumShape": "1",
        "iCalendarType": "1",
        "iCountry": "1",
        "iCurrDigits": "2",
        "iCurrency": "0",
        "iDate": "0",
        "iDigits": "2",
        "iFirstDayOfWeek": "6",
        "iFirstWeekOfYear": "0",
        "iLZero": "1",
        "iMeasure": "1",
        "iNegCurr": "0",
        "iNegNumber": "1",
        "iPaperSize": "1",
        "iTLZero": "0",
        "iTime": "0",
        "iTimePrefix": "0",
        "s1159": "AM",
        "s2359": "PM",
        "sCountry": "United States",
        "sCurrency": "$",
        "sDate": "/",
        "sDecimal": ".",
        "sGrouping": "3;0",
        "sLanguage": "ENU",
        "sList": ",",
        "sLongDate": "dddd, MMMM d, yyyy",
        "sMonDecimalSep": ".",
        "sMonGrouping": "3;0",
        "sMonThousandSep": ",",
        "sNativeDigits": "0123456789",
        "sNegativeSign": "-",
        "sPositiveSign": "",
        "sShortDate": "M/d/yyyy",
        "sShortTime": "h:mm tt",
        "sThousand": ",",
        "sTime": ":",
        "sTimeFormat": "h:mm:ss tt",
        "sYearMonth": "MMMM yyyy",
    },
    f"{USER}\\Environment": {"TEMP": Expand("C:\\Temp"), "TMP": Expand("C:\\Temp")},
    f"{USER}\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\Shell Folders": {
        "AppData": "C:\\Users\\user\\AppData\\Roaming",
        "Desktop": "C:\\Users\\user\\Desktop",
        "Local AppData": "C:\\Users\\user\\AppData\\Local",
        "Personal": "C:\\Users\\user\\Documents",
        "{374DE290-123F-4565-9164-39C4925E467B}": "C:\\Users\\user\\Downloads",
    },
    f"{USER}_Classes": {},
}
_VOLATILE_USER: dict[str, dict[str, Content]] = {
    f"{USER}\\Volatile Environment": {
        "HOMEDRIVE": "C:",
        "HOMEPATH": "\\Users\\user",
        "USERDOMAIN": COMPUTER_NAME,
        "USERNAME": USER_NAME,
        "USERPROFILE": "C:\\Users\\user",
    },
}

_LINKS = {
    f"{_SYSTEM}\\CurrentControlSet": _SET,
    f"{_SET}\\Hardware Profiles\\Current": f"{_SET}\\Hardware Profiles\\0001",
    f"{USER}\\Software\\Classes": f"{USER}_Classes",
    "USER\\S-1-5-18": "USER\\.DEFAULT",
}
"""Symbolic links, which are volatile as in Windows."""

_OWN, _READ = KeyObject.generic.all, KeyObject.generic.read
_INHERIT = 2
_MACHINE_SECURITY = bytes(
    Descriptor(
        owner=ADMINISTRATORS_SID,
        group=ADMINISTRATORS_SID,
        dacl=acl(
            (_INHERIT, _READ, USERS_SID),
            (_INHERIT, _OWN, USER_SID),
            (_INHERIT, _OWN, ADMINISTRATORS_SID),
            (_INHERIT, _OWN, SYSTEM_SID),
        ),
    )
)
_USER_SECURITY = bytes(
    Descriptor(
        owner=ADMINISTRATORS_SID,
        group=ADMINISTRATORS_SID,
        dacl=acl(
            (_INHERIT, _OWN, USER_SID),
            (_INHERIT, _OWN, SYSTEM_SID),
            (_INHERIT, _OWN, ADMINISTRATORS_SID),
        ),
    )
)


def seed_registry(registry: Registry) -> None:
    """Fill an empty registry."""
    for table, is_volatile in (
        (_HARDWARE, True),
        ({"MACHINE\\SAM": {}, "MACHINE\\SECURITY": {}}, False),
        (_SOFTWARE, False),
        (CRYPTOGRAPHY, False),
        (_SYSTEM_HIVE, False),
        (_USERS, False),
        (_VOLATILE_USER, True),
    ):
        store(registry, table, is_volatile=is_volatile)
    for path, target in _LINKS.items():
        link = registry.ensure(path, is_volatile=True)
        link.is_link, link.is_hive = True, False
        registry.set_value(
            link, Value(LINK_VALUE, LINK_KIND, encode_utf16(f"\\Registry\\{target}")), 0
        )
    registry.root.security = _MACHINE_SECURITY
    for name in (USER_SID_TEXT, f"{USER_SID_TEXT}_Classes"):
        registry.ensure(f"USER\\{name}").security = _USER_SECURITY


def store(registry: Registry, keys: Keys, *, is_volatile: bool = False) -> None:
    """Make keys and set their values."""
    for path, values in keys.items():
        key = registry.ensure(path, is_volatile=is_volatile)
        for name, content in values.items():
            registry.set_value(key, Value(name, *_encoded(content)), 0)


def _encoded(content: Content) -> tuple[int, bytes]:
    """The type and the data of a value."""
    match content:
        case int():
            return REG_DWORD, content.to_bytes(4, "little")
        case bytes():
            return REG_BINARY, content
        case list():
            return REG_MULTI_SZ, encode_utf16("".join(f"{text}\0" for text in content) + "\0")
    return REG_EXPAND_SZ if isinstance(content, Expand) else REG_SZ, encode_utf16(content + "\0")
