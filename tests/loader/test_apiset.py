from __future__ import annotations

import re
import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader import apiset
from loader.apiset import ApiSetError
from loader.pe import read_pe
from tests.loader.builder import wine_dll

HEADER = struct.Struct("<7I")


def look_up(data: bytes, name: str) -> str | None:
    """The host of `name`, found the way ntdll does: a binary search in the hash table."""
    _, _, _, count, entries, hashes, factor = HEADER.unpack_from(data)
    hashed = name.lower().removesuffix(".dll").rpartition("-")[0]
    wanted = 0
    for character in hashed:
        wanted = (wanted * factor + ord(character)) % 2**32
    low, high = 0, count - 1
    while low <= high:
        middle = (low + high) // 2
        value, index = struct.unpack_from("<2I", data, hashes + 8 * middle)
        if value == wanted:
            _, name_at, _, length, values, _ = struct.unpack_from("<6I", data, entries + 24 * index)
            assert data[name_at : name_at + length].decode("utf-16-le") == hashed
            *_, host_at, size = struct.unpack_from("<5I", data, values)
            return data[host_at : host_at + size].decode("utf-16-le")
        low, high = (middle + 1, high) if value < wanted else (low, middle - 1)
    return None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x06",
        HEADER.pack(4, 28, 0, 0, 28, 28, 31),
        HEADER.pack(6, 28, 0, 1, 28, 28, 31),
        HEADER.pack(6, 28, 0, 0xFFFF_FFFF, 28, 28, 31),
        HEADER.pack(6, 28, 0, 1, 0xFFFF_FFFF, 28, 31),
        HEADER.pack(6, 52, 0, 1, 28, 52, 31) + struct.pack("<6I", 0, 0xFFFF, 4, 2, 0, 0),
        HEADER.pack(6, 52, 0, 1, 28, 52, 31) + struct.pack("<6I", 0, 0, 0xFFFF_FFFF, 2, 0, 0),
        HEADER.pack(6, 52, 0, 1, 28, 52, 31) + struct.pack("<6I", 0, 0, 4, 2, 50, 1),
    ],
)
def test_a_malformed_map_is_refused(data: bytes) -> None:
    with pytest.raises(ApiSetError):
        apiset.read(data)


@given(st.data())
def test_a_mutated_map_is_read_or_refused(data: st.DataObject) -> None:
    image = bytearray(apiset.build({"api-a-l1-1-0": "a.dll", "api-b-l1-1-0": "b.dll"}))
    for _ in range(data.draw(st.integers(1, 4))):
        image[data.draw(st.integers(0, len(image) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ApiSetError):
        apiset.read(bytes(image))


def test_every_contract_has_a_name_with_a_level_and_two_versions() -> None:
    pattern = re.compile(r"api-ms-win(-[a-z0-9]+)+-l\d-\d-0")
    assert [name for name in apiset.BUILTIN if not pattern.fullmatch(name)] == []


def test_a_built_map_reads_back() -> None:
    assert apiset.read(apiset.build({})) == {}
    assert apiset.read(apiset.build(apiset.BUILTIN)) == dict(apiset.BUILTIN)


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("api-ms-win-crt-stdio-l1-1-0.dll", "ucrtbase.dll"),
        ("API-MS-WIN-CRT-Runtime-L1-1-0", "ucrtbase.dll"),
        ("api-ms-win-core-synch-l1-2-0.dll", "kernel32.dll"),
        ("api-ms-win-core-synch-l1-2-1", "kernel32.dll"),
        ("api-ms-win-core-file-l1-2-4", "kernel32.dll"),
        ("api-ms-win-core-rtlsupport-l1-1-0", "ntdll.dll"),
        ("api-ms-win-security-base-l1-1-0", "advapi32.dll"),
        ("api-ms-win-eventing-provider-l1-1-0", "advapi32.dll"),
        ("api-ms-win-core-file-l9-1-0", None),
        ("api-ms-win-core-file", None),
        ("kernel32.dll", None),
        ("", None),
    ],
)
def test_ntdlls_search_finds_the_host(name: str, host: str | None) -> None:
    assert look_up(apiset.build(apiset.BUILTIN), name) == host


def test_wines_map() -> None:
    image = read_pe(wine_dll("apisetschema.dll"), "apisetschema.dll")
    run = next(run for run in image.runs if run.name == ".apiset")
    data = bytes(image.contents(run))
    contracts = apiset.read(data)
    assert contracts["api-ms-win-crt-math-l1-1-0"] == "ucrtbase.dll"
    assert look_up(data, "api-ms-win-core-synch-l1-2-0.dll") == "kernelbase.dll"
    assert look_up(apiset.build(contracts), "api-ms-win-core-synch-l1-2-0.dll") == "kernelbase.dll"
