"""What is in the registry when a machine starts: what ordinary programs look up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.cm.registry import Value
from provider.nt.se.identity import USER_SID_TEXT
from provider.nt.types import encode_utf16
from provider.nt.version import BUILD, MAJOR, MINOR

if TYPE_CHECKING:
    from provider.kernel.cm.registry import Registry

REG_SZ, REG_DWORD = 1, 4
COMPUTER_NAME = "PICORUN"

_SOFTWARE = "Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion"
_CONTROL = "Machine\\System\\CurrentControlSet\\Control"
_PROCESSOR = "Machine\\Hardware\\Description\\System\\CentralProcessor\\0"
_USER = f"User\\{USER_SID_TEXT}"
_SEED: dict[str, dict[str, str | int]] = {
    _SOFTWARE: {
        "CurrentBuild": str(BUILD),
        "CurrentBuildNumber": str(BUILD),
        "CurrentMajorVersionNumber": MAJOR,
        "CurrentMinorVersionNumber": MINOR,
        "CurrentVersion": "6.3",
        "EditionID": "Professional",
        "InstallationType": "Client",
        "ProductName": "Windows 10 Pro",
        "SystemRoot": "C:\\Windows",
    },
    "Machine\\Software\\Microsoft\\Windows\\CurrentVersion": {
        "CommonFilesDir": "C:\\Program Files\\Common Files",
        "ProgramFilesDir": "C:\\Program Files",
    },
    f"{_CONTROL}\\ComputerName\\ActiveComputerName": {"ComputerName": COMPUTER_NAME},
    f"{_CONTROL}\\ComputerName\\ComputerName": {"ComputerName": COMPUTER_NAME},
    f"{_CONTROL}\\Nls\\CodePage": {"ACP": "1252", "MACCP": "10000", "OEMCP": "437"},
    f"{_CONTROL}\\Nls\\Language": {"Default": "0409", "InstallLanguage": "0409"},
    f"{_CONTROL}\\Nls\\Locale": {"00000409": "1"},
    f"{_CONTROL}\\ProductOptions": {"ProductType": "WinNT"},
    f"{_CONTROL}\\Session Manager": {"CriticalSectionTimeout": 2_592_000, "SafeDllSearchMode": 1},
    f"{_CONTROL}\\Session Manager\\Environment": {
        "ComSpec": "C:\\Windows\\System32\\cmd.exe",
        "OS": "Windows_NT",
        "Path": "C:\\Windows\\System32;C:\\Windows",
    },
    f"{_CONTROL}\\Session Manager\\KnownDLLs": {},
    f"{_CONTROL}\\TimeZoneInformation": {
        "Bias": 0,
        "StandardName": "UTC",
        "TimeZoneKeyName": "UTC",
    },
    _PROCESSOR: {"Identifier": "x86 Family 6 Model 15 Stepping 11", "~MHz": 100},
    "User\\.Default": {},
    f"{_USER}\\Control Panel\\International": {
        "Locale": "00000409",
        "LocaleName": "en-US",
        "sDecimal": ".",
        "sLanguage": "ENU",
        "sList": ",",
        "sLongDate": "dddd, MMMM d, yyyy",
        "sShortDate": "M/d/yyyy",
        "sThousand": ",",
        "sTimeFormat": "h:mm:ss tt",
    },
    f"{_USER}\\Environment": {"TEMP": "C:\\Temp", "TMP": "C:\\Temp"},
    f"{_USER}\\Software": {},
}


def seed_registry(registry: Registry) -> None:
    """Fill an empty registry."""
    for path, values in _SEED.items():
        key = registry.ensure(path)
        for name, content in values.items():
            if isinstance(content, int):
                value = Value(name, REG_DWORD, content.to_bytes(4, "little"))
            else:
                value = Value(name, REG_SZ, encode_utf16(content + "\0"))
            registry.set_value(key, value, 0)
