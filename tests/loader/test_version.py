"""The version resource, built byte by byte; it is data of a file, so anything may be in it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.image import Directory
from loader.pe import read_pe
from loader.version import Version, read_version
from tests.loader.builder import Part, PeFile

RVA = 0x1000
DATA = 88
"""Where the resource's bytes begin in the section, behind the tree."""


def node(key: str, value: bytes = b"", children: bytes = b"", kind: int = 0) -> bytes:
    """One structure of a version resource, padded to 4 bytes."""
    name = key.encode("utf-16-le") + b"\0\0"
    head = name + bytes(-(6 + len(name)) % 4)
    body = value + (bytes(-len(value) % 4) if children else b"") + children
    size = len(value) // 2 if kind else len(value)
    whole = struct.pack("<3H", 6 + len(head) + len(body), size, kind) + head + body
    return whole + bytes(-len(whole) % 4)


def text(key: str, value: str) -> bytes:
    return node(key, value.encode("utf-16-le") + b"\0\0", kind=1)


def tree(size: int, *, kind: int = 16, leaf: int = 72) -> bytes:
    """Type, name and language, one of each, then the entry of the data."""
    rows = [(kind, 0x80000018), (1, 0x80000030), (0x409, leaf)]
    levels = b"".join(struct.pack("<12x2H2I", 0, 1, *row) for row in rows)
    return levels + struct.pack("<4I", RVA + DATA, size, 0, 0)


def read(resource: bytes, top: bytes | None = None) -> Version | None:
    section = (tree(len(resource)) if top is None else top).ljust(DATA, b"\0") + resource
    directories = {int(Directory.RESOURCE): (RVA, len(section))}
    file = PeFile(parts=[Part(data=section, virtual_size=0x4000)], size_of_image=0x5000)
    file.directories = directories
    return read_version(read_pe(file.build(), "versioned.exe"))


FIXED = struct.pack("<2I8H", 0xFEEF04BD, 0x10000, 2, 1, 4, 3, 6, 5, 8, 7)
STRINGS = node("040904b0", children=text("FileVersion", "1.2 beta") + text("Odd", "x"))
WHOLE = node("VS_VERSION_INFO", FIXED, node("StringFileInfo", children=STRINGS))


@pytest.mark.parametrize(
    "resource",
    [
        b"",
        b"\0" * 64,
        b"\xff" * 64,
        WHOLE[:5],
        node("VS_VERSION_INFX", FIXED),
        struct.pack("<3H", 6, 0, 0),
    ],
)
def test_what_is_no_version_is_none(resource: bytes) -> None:
    assert read(resource) is None


@pytest.mark.parametrize(
    "top",
    [
        tree(64, kind=17),
        tree(64, leaf=0x80000048),
        tree(64, leaf=0x7FFFFFF0),
        b"",
        b"\xff" * 88,
        struct.pack("<12x2H2I", 0, 1, 16, 0x80000000),
    ],
)
def test_a_tree_without_a_version(top: bytes) -> None:
    assert read(WHOLE, top) is None


def test_a_cut_resource_gives_what_is_there() -> None:
    for size in range(len(WHOLE)):
        found = read(WHOLE[:size])
        assert found is None or found.strings.keys() <= {"FileVersion", "Odd"}


def test_a_whole_one() -> None:
    strings = {"FileVersion": "1.2 beta", "Odd": "x"}
    assert read(WHOLE) == Version((1, 2, 3, 4), (5, 6, 7, 8), strings)


def test_no_more_strings_than_anybody_wants() -> None:
    many = node("040904b0", children=b"".join(text(f"k{index}", "v") for index in range(600)))
    found = read(node("VS_VERSION_INFO", b"", node("StringFileInfo", children=many)))
    assert found is not None
    assert len(found.strings) == 256


@given(st.binary(max_size=400))
def test_any_bytes_behind_the_magic_words(data: bytes) -> None:
    found = read(node("VS_VERSION_INFO", FIXED, data))
    assert found is not None
    assert found.file == (1, 2, 3, 4)
