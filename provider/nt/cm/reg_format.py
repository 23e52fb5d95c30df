r"""The text format of .reg files, in facts that reading and writing share.

Windows Registry Editor Version 5.00        or REGEDIT4, whose hexadecimal strings are ANSI

[HKEY_CURRENT_USER\Key]                     [-HKEY_…] deletes a key with all below it
@="the default value"
"name"="text with \\ and \""
"name"=dword:0000002a
"name"=hex(7):61,00,\                       hex is REG_BINARY, hex(n) another type
00,00
"name"=-                                    deletes a value
"""

from __future__ import annotations

from provider.nt.cm.seed import USER

HEADER = "Windows Registry Editor Version 5.00"
ANSI_HEADER = "REGEDIT4"
ROOTS = {
    "HKEY_LOCAL_MACHINE": "MACHINE",
    "HKEY_CURRENT_USER": USER,
    "HKEY_USERS": "USER",
    "HKEY_CLASSES_ROOT": "MACHINE\\SOFTWARE\\Classes",
    "HKEY_CURRENT_CONFIG": "MACHINE\\SYSTEM\\CurrentControlSet\\Hardware Profiles\\Current",
}
"""Paths below \\REGISTRY; the first that is above a key names it in what is written."""
SHORT_ROOTS = {
    "HKLM": "HKEY_LOCAL_MACHINE",
    "HKCU": "HKEY_CURRENT_USER",
    "HKU": "HKEY_USERS",
    "HKCR": "HKEY_CLASSES_ROOT",
    "HKCC": "HKEY_CURRENT_CONFIG",
}


def registry_path(name: str) -> str | None:
    r"""The path below \REGISTRY of a key such as HKLM\Software; None without such a root."""
    root, _, rest = name.partition("\\")
    root = root.upper()
    path = ROOTS.get(SHORT_ROOTS.get(root, root))
    return None if path is None else f"{path}\\{rest}".rstrip("\\")
