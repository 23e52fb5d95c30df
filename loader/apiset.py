"""API set maps: which DLL serves a name such as api-ms-win-crt-stdio-l1-1-0.

Such a name is a contract, not a file.  PEB.ApiSetMap points at an API_SET_NAMESPACE, version 6 as
in Windows 10; offsets count from its start, lengths are in bytes, strings are UTF-16:

    header  Version Size Flags Count EntryOffset HashOffset HashFactor
    entry   Flags NameOffset NameLength HashedLength ValueOffset ValueCount       Count of them
    value   Flags NameOffset NameLength ValueOffset ValueLength
    hash    Hash Index                                       Count of them, in the order of Hash

The hash covers a name up to its last hyphen (HashedLength): every minor version of a contract
finds the same entry.  A value with a NameLength serves only the importer of that name.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

VERSION: Final = 6
HASH_FACTOR: Final = 31

_HEADER: Final = struct.Struct("<7I")
_ENTRY: Final = struct.Struct("<6I")
_VALUE: Final = struct.Struct("<5I")
_HASH: Final = struct.Struct("<2I")
_SEALED: Final = 1
_PREFIX: Final = "api-ms-win-"

_CONTRACTS: Final = {
    ("ucrtbase.dll", "crt-"): (
        "conio-l1-1 convert-l1-1 environment-l1-1 filesystem-l1-1 heap-l1-1 locale-l1-1 "
        "math-l1-1 multibyte-l1-1 private-l1-1 process-l1-1 runtime-l1-1 stdio-l1-1 "
        "string-l1-1 time-l1-1 utility-l1-1"
    ),
    ("ntdll.dll", "core-"): "rtlsupport-l1-1 rtlsupport-l1-2 apiquery-l1-1 xstate-l1-1 xstate-l2-1",
    ("kernel32.dll", "core-"): (
        "appcompat-l1-1 apiquery-l2-1 atoms-l1-1 backgroundtask-l1-1 calendar-l1-1 comm-l1-1 "
        "console-l1-1 console-l1-2 console-l2-1 console-l2-2 console-l3-1 console-l3-2 "
        "console-ansi-l2-1 datetime-l1-1 debug-l1-1 debug-minidump-l1-1 delayload-l1-1 "
        "enclave-l1-1 errorhandling-l1-1 fibers-l1-1 fibers-l2-1 file-l1-1 file-l1-2 file-l2-1 "
        "file-ansi-l1-1 file-ansi-l2-1 file-fromapp-l1-1 firmware-l1-1 handle-l1-1 heap-l1-1 "
        "heap-l1-2 heap-l2-1 heap-obsolete-l1-1 interlocked-l1-1 interlocked-l1-2 io-l1-1 "
        "job-l1-1 job-l2-1 kernel32-legacy-l1-1 kernel32-legacy-ansi-l1-1 largeinteger-l1-1 "
        "libraryloader-l1-1 libraryloader-l1-2 libraryloader-l2-1 localization-l1-1 "
        "localization-l1-2 localization-l2-1 localization-ansi-l1-1 localization-obsolete-l1-1 "
        "localization-obsolete-l1-2 localization-obsolete-l1-3 memory-l1-1 misc-l1-1 "
        "namedpipe-l1-1 namedpipe-l1-2 namedpipe-ansi-l1-1 namespace-l1-1 namespace-ansi-l1-1 "
        "normalization-l1-1 path-l1-1 perfcounters-l1-1 privateprofile-l1-1 "
        "processenvironment-l1-1 processenvironment-l1-2 processenvironment-ansi-l1-1 "
        "processsecurity-l1-1 processsnapshot-l1-1 processthreads-l1-1 processtopology-l1-1 "
        "processtopology-l1-2 processtopology-obsolete-l1-1 profile-l1-1 psapi-l1-1 "
        "psapi-ansi-l1-1 psapi-obsolete-l1-1 quirks-l1-1 realtime-l1-1 sidebyside-l1-1 "
        "sidebyside-ansi-l1-1 state-helpers-l1-1 string-l1-1 string-l2-1 string-obsolete-l1-1 "
        "stringansi-l1-1 stringloader-l1-1 synch-l1-1 synch-l1-2 synch-ansi-l1-1 sysinfo-l1-1 "
        "sysinfo-l1-2 systemtopology-l1-1 threadpool-l1-1 threadpool-l1-2 threadpool-legacy-l1-1 "
        "timezone-l1-1 toolhelp-l1-1 url-l1-1 util-l1-1 version-l1-1 versionansi-l1-1 "
        "windowsceip-l1-1 windowserrorreporting-l1-1 wow64-l1-1"
    ),
    ("advapi32.dll", ""): (
        "core-registry-l1-1 core-registry-l2-1 core-registry-l2-2 core-registry-l2-3 "
        "core-localregistry-l1-1 core-shutdown-l1-1 core-shutdown-ansi-l1-1 core-sysinfo-l2-1 "
        "downlevel-advapi32-l1-1 downlevel-advapi32-l2-1 eventing-classicprovider-l1-1 "
        "eventing-consumer-l1-1 eventing-controller-l1-1 eventing-legacy-l1-1 "
        "eventing-obsolete-l1-1 eventing-provider-l1-1 eventlog-legacy-l1-1 perf-legacy-l1-1 "
        "security-appcontainer-l1-1 security-base-l1-1 security-base-l1-2 security-base-ansi-l1-1 "
        "security-cpwl-l1-1 security-credentials-l1-1 security-cryptoapi-l1-1 "
        "security-lsalookup-l1-1 security-lsalookup-l2-1 security-lsalookup-ansi-l2-1 "
        "security-lsapolicy-l1-1 security-provider-l1-1 security-provider-ansi-l1-1 "
        "security-sddl-l1-1 security-sddl-ansi-l1-1 security-systemfunctions-l1-1 "
        "service-core-l1-1 service-core-ansi-l1-1 service-management-l1-1 service-management-l2-1 "
        "service-winsvc-l1-1"
    ),
}
"""By host and how names go on after the prefix, the rest of each without its minor version."""


class ApiSetError(ValueError):
    """The bytes are no API_SET_NAMESPACE of version 6."""


def _builtin() -> dict[str, str]:
    return {
        f"{_PREFIX}{area}{name}-0": host
        for (host, area), names in _CONTRACTS.items()
        for name in names.split()
    }


BUILTIN: Final[Mapping[str, str]] = _builtin()
"""The contracts of Windows 10 that the built-in userland serves, and the DLL that does."""


def contract_hash(name: str) -> int:
    """The 32-bit hash of `name`, from which its last hyphen and what follows must be gone."""
    value = 0
    for character in name.lower():
        value = (value * HASH_FACTOR + ord(character)) & 0xFFFF_FFFF
    return value


def build(contracts: Mapping[str, str]) -> bytes:
    """An API_SET_NAMESPACE of `contracts`, from names with a minor version to host DLLs."""
    names = sorted(contracts)
    values_offset = _HEADER.size + _ENTRY.size * len(names)
    hashes_offset = values_offset + _VALUE.size * len(names)
    strings = _Strings(hashes_offset + _HASH.size * len(names))
    entries, values, hashes = bytearray(), bytearray(), []
    for index, name in enumerate(names):
        hashed = name.rpartition("-")[0]
        value_offset = values_offset + len(values)
        entries += _ENTRY.pack(_SEALED, *strings.add(name), 2 * len(hashed), value_offset, 1)
        values += _VALUE.pack(0, 0, 0, *strings.add(contracts[name]))
        hashes.append((contract_hash(hashed), index))
    table = b"".join(_HASH.pack(*row) for row in sorted(hashes))
    size = hashes_offset + len(table) + len(strings.data)
    header = _HEADER.pack(VERSION, size, 0, len(names), _HEADER.size, hashes_offset, HASH_FACTOR)
    return header + entries + values + table + bytes(strings.data)


class _Strings:
    """The pool of UTF-16 strings behind the tables, each stored once."""

    def __init__(self, base: int) -> None:
        self.data = bytearray()
        self._base = base
        self._places: dict[str, tuple[int, int]] = {}

    def add(self, text: str) -> tuple[int, int]:
        """The offset of `text` from the map's start and its length, in bytes."""
        if text not in self._places:
            encoded = text.encode("utf-16-le")
            self._places[text] = (self._base + len(self.data), len(encoded))
            self.data += encoded
        return self._places[text]


def read(data: bytes) -> dict[str, str]:
    """Contracts and their hosts, "" for a contract without one; raises ApiSetError."""
    version, _, _, count, entries_offset, _, _ = _unpack(_HEADER, data, 0)
    if version != VERSION:
        raise ApiSetError(f"an API set map of version {version}; {VERSION} is needed")
    if entries_offset + count * _ENTRY.size > len(data):
        raise ApiSetError(f"an API set map of {len(data)} bytes counts {count} contracts")
    contracts = {}
    for index in range(count):
        entry = _unpack(_ENTRY, data, entries_offset + index * _ENTRY.size)
        _, name_offset, name_length, _, value_offset, value_count = entry
        host = ""
        if value_count:
            *_, host_offset, host_length = _unpack(_VALUE, data, value_offset)
            host = _text(data, host_offset, host_length)
        contracts[_text(data, name_offset, name_length)] = host
    return contracts


def _unpack(layout: struct.Struct, data: bytes, offset: int) -> tuple[int, ...]:
    if offset + layout.size > len(data):
        raise ApiSetError(f"an API set map leaves its {len(data)} bytes at {offset:#x}")
    return layout.unpack_from(data, offset)


def _text(data: bytes, offset: int, length: int) -> str:
    if offset + length > len(data) or length > 0x200:
        raise ApiSetError(f"a name at {offset:#x} of an API set map is {length} bytes long")
    return data[offset : offset + length].decode("utf-16-le", "replace")
