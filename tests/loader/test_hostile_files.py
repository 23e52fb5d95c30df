"""Mutated files: the only exception is ImageError, and time and memory stay bounded."""

from __future__ import annotations

import struct
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loader.image import Directory, Image, ImageError
from loader.pe import read_pe
from loader.runnable import check_runnable
from loader.stubs import discover
from loader.version import read_version
from tests.loader.builder import Part, PeFile, export_directory

INTERESTING = (0, 1, 2, 7, 0x200, 0xFFF, 0x1000, 0x2000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF)
values = st.one_of(st.sampled_from(INTERESTING), st.integers(0, 2**32 - 1))


def seed() -> bytes:
    exports, place = export_directory(0x1000, [b"\xb8\1\0\0\0\x8d\x54\x24\4\xcd\x2e\xc3"], ["NtA"])
    thunks = struct.pack("<II", 0x2080, 0)
    imports = struct.pack("<5I", 0x2050, 0, 0, 0x2070, 0x2060).ljust(0x50, b"\0")
    imports += thunks.ljust(16, b"\0") * 2 + b"a.dll".ljust(16, b"\0") + b"\5\0Function\0"
    imports = imports.ljust(0x100, b"\0") + struct.pack("<8I", 1, *range(0x2070, 0x20E0, 16))
    relocations = struct.pack("<IIHH", 0x1000, 12, 0x3000, 0) + bytes(20)
    file = PeFile(
        parts=[
            Part(data=exports),
            Part(".idata", 0x2000, data=imports),
            Part(".reloc", 0x3000, data=relocations),
        ],
        directories={
            Directory.EXPORT: place,
            Directory.IMPORT: (0x2000, 40),
            Directory.RESOURCE: (0x2000, 0x100),
            Directory.DELAY_IMPORT: (0x2100, 64),
            Directory.BASERELOC: (0x3000, 12),
            Directory.TLS: (0x2000, 24),
            Directory.COM_DESCRIPTOR: (0x2000, 72),
        },
        size_of_image=0x4000,
    )
    return file.build()


SEED = seed()


@contextmanager
def refusals() -> Iterator[None]:
    """Allow ImageError, with one line of text."""
    try:
        yield
    except ImageError as error:
        if len(str(error).splitlines()) != 1:
            raise AssertionError(f"not one line: {error}") from error


def use(image: Image) -> None:
    """Everything that a kernel asks an image for; each question may be refused."""
    for question in (
        lambda: image.imports,
        lambda: image.exports,
        lambda: image.tls,
        lambda: image.relocations,
        lambda: check_runnable(image),
        lambda: discover(image),
        lambda: read_version(image),
        lambda: [sum(len(page) for _, page in image.pages(run)) for run in image.runs[:1]],
    ):
        with refusals():
            question()


def try_file(data: bytes) -> None:
    with refusals():
        use(read_pe(data, "hostile.exe"))


def test_the_seed_itself_is_sound() -> None:
    image = read_pe(SEED, "seed.exe")
    assert image.exports
    assert image.imports
    assert image.relocations
    assert discover(image).by_number


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SEED) // 4 - 1), values), min_size=1, max_size=4))
def test_words_replaced_anywhere(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SEED)
    for word, value in changes:
        struct.pack_into("<I", data, 4 * word, value)
    try_file(bytes(data))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0x80, 0x1F0), st.integers(0, 255)), min_size=1, max_size=3))
def test_bytes_replaced_in_the_headers(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SEED)
    for offset, value in changes:
        data[offset] = value
    try_file(bytes(data))


@pytest.mark.slow
def test_every_word_of_the_headers_with_every_interesting_value() -> None:
    for offset in range(0x3C, 0x1F0, 4):
        for value in INTERESTING:
            data = bytearray(SEED)
            struct.pack_into("<I", data, offset, value)
            try_file(bytes(data))


@pytest.mark.slow
def test_every_length() -> None:
    for size in range(0, len(SEED), 7):
        try_file(SEED[:size])


@given(st.binary(max_size=0x200))
def test_bytes_that_begin_like_an_executable(data: bytes) -> None:
    try_file(b"MZ" + data)


@pytest.mark.slow
@pytest.mark.parametrize(
    "file",
    [
        PeFile(size_of_image=0x7700_0000),
        PeFile(parts=[Part(virtual_size=0x7600_0000)], size_of_image=0x7700_0000),
        PeFile(
            parts=[Part(rva=0x200, virtual_size=0x7600_0000)],
            section_alignment=0x200,
            size_of_image=0x7700_0000,
        ),
        PeFile(directories={5: (0x1000, 0xFFFF_FFFF)}),
        PeFile(
            parts=[Part(virtual_size=0x7600_0000, data=struct.pack("<IIIII", 0, 0, 0, 0, 1) * 200)],
            size_of_image=0x7700_0000,
            directories={Directory.IMPORT: (0x1000, 0x7000_0000)},
        ),
        PeFile(
            parts=[Part(data=struct.pack("<II", 0x1000, 8) * 64)],
            directories={Directory.BASERELOC: (0x1000, 0x200)},
        ),
        PeFile(
            parts=[Part(virtual_size=0x7600_0000, data=struct.pack("<II", 0x1000, 0x7000_0000))],
            size_of_image=0x7700_0000,
            directories={Directory.BASERELOC: (0x1000, 0x7500_0000)},
        ),
        PeFile(
            parts=[Part(data=struct.pack("<5I", *[0x1000] * 5) * 100)],
            directories={Directory.IMPORT: (0x1000, 40), Directory.DELAY_IMPORT: (0x1000, 64)},
        ),
    ],
)
def test_huge_sizes_and_loops_cost_little_memory(file: PeFile) -> None:
    data = file.build()
    tracemalloc.start()
    try_file(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 << 20
