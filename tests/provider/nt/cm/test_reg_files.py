from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provider.kernel.cm.key import LINK_KIND, LINK_VALUE, Key, Value
from provider.kernel.cm.registry import Registry
from provider.nt.cm.reg_reader import RegFileError, import_reg, read_reg
from provider.nt.cm.reg_writer import differences
from provider.nt.cm.seed import USER, seed_registry
from provider.nt.types import encode_utf16

HEADER = "Windows Registry Editor Version 5.00\r\n\r\n"
KEY = "[HKEY_CURRENT_USER\\Software\\x]\r\n"


def seeded() -> Registry:
    registry = Registry()
    seed_registry(registry)
    return registry


def imported(text: str, encoding: str = "utf-8") -> Registry:
    registry = seeded()
    import_reg(registry, text.encode(encoding), 0)
    return registry


def key_of(registry: Registry, path: str = f"{USER}\\Software\\x") -> Key:
    return registry.find(registry.root, path)


def value_of(line: str) -> tuple[int, bytes]:
    (value,) = key_of(imported(HEADER + KEY + line)).values()
    return value.kind, value.data


def moved(before: Registry, after: Registry) -> Registry:
    """What importing the differences makes of `before`."""
    import_reg(before, b"\xff\xfe" + encode_utf16(differences(before, after)), 0)
    return before


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "does not begin"),
        ("REGEDIT5\r\n", 1, "does not begin"),
        (HEADER + '"a"="b"', 3, "below no key"),
        (HEADER + "[HKEY_NOWHERE\\x]", 3, "names no key"),
        (HEADER + "[HKLM\\x", 3, "names no key"),
        (HEADER + KEY + "name=1", 4, "neither a key nor a value"),
        (HEADER + KEY + '"a"', 4, "no '='"),
        (HEADER + KEY + '"a"="b', 4, "does not end"),
        (HEADER + KEY + '\r\n"a"=dword:123456789', 5, "hexadecimal digits"),
        (HEADER + KEY + '"a"=dword:', 4, "hexadecimal digits"),
        (HEADER + KEY + '"a"=hex:1,2,xx', 4, "byte"),
        (HEADER + KEY + '"a"=hex(:1', 4, "content of a value"),
        (HEADER + KEY + '"a"=word:1', 4, "content of a value"),
        (HEADER + KEY + '"a"="b" c', 4, "follows a string"),
        (HEADER + "[-HKCU\\Software]\r\n" + '"a"="b"', 4, "below no key"),
        (HEADER + f"[HKLM\\Software\\{'x' * 300}]", 3, "INVALID_PARAMETER"),
    ],
)
def test_damaged_files_name_the_line(text: str, line: int, words: str) -> None:
    with pytest.raises(RegFileError) as caught:
        imported(text)
    assert caught.value.line == line
    assert words in caught.value.words


def test_what_is_no_text_names_the_line() -> None:
    with pytest.raises(RegFileError) as caught:
        list(read_reg(HEADER.encode() + b"\xff\xff"))
    assert caught.value.line == 3


@given(st.binary(max_size=200))
def test_no_file_breaks_the_reader(data: bytes) -> None:
    for start in (b"", HEADER.encode(), (HEADER + KEY).encode()):
        with suppress(RegFileError):
            list(read_reg(start + data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    registry = imported(HEADER + KEY + '"ä€"="ö"\r\n', encoding)
    assert key_of(registry).values() == [Value("ä€", 1, encode_utf16("ö\0"))]


@pytest.mark.parametrize(
    ("line", "kind", "data"),
    [
        ('@="a\\\\b\\"c"', 1, encode_utf16('a\\b"c\0')),
        ('"n" = "two\r\nlines" ; why', 1, encode_utf16("two\nlines\0")),
        ('"n"=dword:0000002A', 4, b"\x2a\0\0\0"),
        ('"n"=hex:', 3, b""),
        ('"n"=hex:01,2,\\\r\n  ; between\r\n  ff', 3, b"\x01\x02\xff"),
        ('"n"=hex(b):01,00,00,00,00,00,00,00', 11, b"\x01" + bytes(7)),
        ('"n"=hex(7):61,00,00,00,00,00', 7, encode_utf16("a\0\0")),
        ('"n"=hex(ffff0001):00', 0xFFFF0001, b"\0"),
    ],
)
def test_contents(line: str, kind: int, data: bytes) -> None:
    assert value_of(line) == (kind, data)


def test_the_old_format_has_ansi_strings() -> None:
    text = "REGEDIT4\n\n" + KEY.replace("\r\n", "\n") + '"a"="\xe4"\n"b"=hex(2):25,e4,00\n'
    registry = seeded()
    import_reg(registry, text.encode("cp1252"), 0)
    assert [value.data for value in key_of(registry).values()] == [
        encode_utf16("ä\0"),
        encode_utf16("%ä\0"),
    ]


def test_deleting() -> None:
    registry = imported(HEADER + KEY + '"a"="1"\r\n"b"="2"\r\n[HKCU\\Software\\x\\y]\r\n')
    import_reg(registry, (HEADER + KEY + '"a"=-\r\n"missing"=-\r\n').encode(), 0)
    assert [value.name for value in key_of(registry).values()] == ["b"]
    import_reg(registry, (HEADER + "[-HKCU\\SOFTWARE\\X]\r\n[-HKCU\\gone]\r\n").encode(), 0)
    assert key_of(registry, f"{USER}\\Software").subkey("x") is None


def test_nothing_changed_is_just_a_header() -> None:
    assert differences(seeded(), seeded()).split() == HEADER.split()


def test_changes_of_every_kind_come_back() -> None:
    after = seeded()
    software = after.find(after.root, "machine\\software")
    key, _ = after.create(software, "New ]key[", 0)
    after.set_value(key, Value("", 1, encode_utf16('a "b" \\c\0')), 0)
    after.set_value(key, Value("x\ny\\", 1, encode_utf16("line\nbreak\0")), 0)
    after.set_value(key, Value("no end", 1, b"a\0b"), 0)
    after.set_value(key, Value("half", 1, b"\0\xd8\0\0"), 0)
    after.set_value(key, Value("binary", 3, bytes(range(200))), 0)
    after.set_value(key, Value("short", 4, b"\1"), 0)
    link, _ = after.create(key, "link", 0, is_link=True)
    after.set_value(link, Value(LINK_VALUE, LINK_KIND, encode_utf16("\\Registry\\User")), 0)
    after.create(key, "volatile", 0, is_volatile=True)
    current = after.find(after.root, "machine\\software\\microsoft\\windows nt\\currentversion")
    after.delete_value(current, "ProductName", 0)
    after.set_value(current, Value("CurrentVersion", 1, encode_utf16("6.1\0")), 0)
    after.discard(after.find(after.root, f"{USER}\\Console"), 0)
    back = moved(seeded(), after)
    assert differences(back, after).split() == HEADER.split()
    assert differences(after, back).split() == HEADER.split()
    again = back.find(back.root, "machine\\software\\new ]key[")
    assert again.values() == key.values()
    assert [(below.name, below.is_link) for below in again.subkeys()] == [("link", True)]


_NAMES = st.text(st.characters(blacklist_characters="\\\0\r\n"), min_size=1, max_size=8)
_VALUES = st.tuples(st.text(max_size=8), st.integers(0, 12), st.binary(max_size=40))


@given(st.dictionaries(_NAMES, st.lists(_VALUES, max_size=4), max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_change_comes_back(keys: dict[str, list[tuple[str, int, bytes]]]) -> None:
    after = Registry()
    above = after.ensure("USER\\x")
    for name, values in keys.items():
        key, _ = after.create(above, name, 0)
        for value in values:
            after.set_value(key, Value(*value), 0)
    back = moved(Registry(), after)
    assert differences(back, after).split() == HEADER.split()
