from __future__ import annotations

import random

import pytest

from provider.kernel.cm.hive import BASE_BLOCK, checksum
from provider.kernel.cm.hive_reader import read_hive
from provider.kernel.cm.hive_writer import hive_bytes
from provider.kernel.cm.key import Key, Value
from provider.kernel.cm.registry import Registry
from provider.kernel.errors import KernelError

Contents = tuple[str, str, bool, int, bytes | None, list[Value], list[object]]


def contents(key: Key) -> Contents:
    subkeys: list[object] = [contents(below) for below in key.subkeys() if not below.is_volatile]
    return (
        key.name, key.key_class, key.is_link, key.written, key.security, key.values(), subkeys
    )  # fmt: skip


def hive(keys: int = 5) -> Key:
    registry = Registry()
    root = registry.ensure("MACHINE\\ROOT")
    registry.set_security(root, b"descriptor")
    for number in range(keys):
        key, _ = registry.create(root, f"key {number}", number)
        registry.set_security(key, b"another")
    registry.set_value(root, Value("", 1, b"a\0\0\0"), 7)
    registry.set_value(root, Value("short", 4, b"1234"), 7)
    registry.set_value(root, Value("none", 0, b""), 7)
    registry.set_value(root, Value("wide \u1234", 0xABCDEF01, bytes(range(100))), 7)
    registry.set_value(root, Value("large", 3, random.Random(1).randbytes(40_000)), 7)
    deep, _ = registry.create(root, "key 0\\deep \u20ac", 9)
    deep.key_class, deep.is_link = "class", True
    registry.set_security(deep, b"another")
    registry.create(root, "volatile", 9, is_volatile=True)
    return root


@pytest.mark.parametrize("keys", [1, 5, 1200])
def test_what_is_written_is_read(keys: int) -> None:
    root = hive(keys)
    assert contents(read_hive(hive_bytes(root, 1))) == contents(root)


def test_the_same_key_gives_the_same_file() -> None:
    assert hive_bytes(hive(), 1) == hive_bytes(hive(), 1)


@pytest.mark.parametrize("data", [b"", b"regf", b"MZ" + bytes(8000)])
def test_other_files(data: bytes) -> None:
    with pytest.raises(KernelError, match="NOT_REGISTRY_FILE"):
        read_hive(data)


@pytest.mark.parametrize("end", [BASE_BLOCK, BASE_BLOCK + 100, -1])
def test_files_that_end_early(end: int) -> None:
    with pytest.raises(KernelError, match="REGISTRY_CORRUPT"):
        read_hive(hive_bytes(hive(), 1)[:end])


def test_damaged_files_are_refused_or_read() -> None:
    good = hive_bytes(hive(), 1)
    chance = random.Random(2)
    outcomes = set()
    for _ in range(1500):
        bad = bytearray(good)
        for _ in range(chance.randrange(1, 4)):
            place = chance.choice((chance.randrange(BASE_BLOCK, len(bad)), chance.randrange(64)))
            bad[place] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        bad[508:512] = checksum(bytes(bad)).to_bytes(4, "little")
        try:
            read_hive(bytes(bad))
            outcomes.add("read")
        except KernelError as error:
            outcomes.add(error.reason.name)
    assert outcomes == {"read", "REGISTRY_CORRUPT", "NOT_REGISTRY_FILE"}


def test_a_key_below_itself() -> None:
    data = bytearray(hive_bytes(hive(1), 1))
    (root,) = (int.from_bytes(data[36:40], "little"),)
    subkeys = int.from_bytes(data[BASE_BLOCK + root + 4 + 28 :][:4], "little")
    entry = BASE_BLOCK + subkeys + 4 + 4
    data[entry : entry + 4] = root.to_bytes(4, "little")
    with pytest.raises(KernelError, match="below itself"):
        read_hive(bytes(data))
