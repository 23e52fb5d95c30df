"""Every declared call with arguments that no sane program passes: each must end in a status.

What must never happen is a Python exception, which would be a bug of ours that a guest can cause.
"""

from __future__ import annotations

import random
import resource
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

import pytest

from provider.nt import syscalls_table
from provider.nt.structs.ob import ObjectAttributesCodec
from provider.nt.types import HANDLE, PVOID, UnicodeString
from tests.provider.nt.hostile import BUFFER_BYTES, MOST_BOOTS, NUMBERS, Hostile

if TYPE_CHECKING:
    from provider.codec import Codec
    from provider.syscall import Parameter

CALLS = [call.name for call in syscalls_table().implemented()]
TRACED = (pytest.param(False, id="plain"), pytest.param(True, id="traced", marks=pytest.mark.slow))
RANDOM_ROUNDS = 60
SANE_ROUNDS = 400
LENGTHS = (
    0,
    1,
    2,
    4,
    5,
    6,
    8,
    12,
    16,
    20,
    24,
    28,
    32,
    40,
    44,
    48,
    52,
    56,
    64,
    72,
    104,
    0x200,
    0x800,
)
WORDS: tuple[int, ...] = (*range(12), 0x10, 0x20, 0x40, 0x80, 0x104, 0x1000, 0x3000, 0x100000)
NAMES = (
    "",
    "\\??\\NUL",
    "\\??\\C:\\none",
    "\\BaseNamedObjects\\one",
    "\\BaseNamedObjects\\two",
    "\\Registry\\Machine\\Software",
    "\\Registry\\Machine\\Software\\New",
    "\\",
    "no root",
    "\\??\\" + "long" * 100,
)
CONTROLS = (
    *(0x110000 | access << 14 | function << 2 for function in range(20) for access in range(4)),
    *(0x500000 | access << 14 | function << 2 for function in range(60) for access in range(4)),
    0x11C017,
    0xC4003,
)
"""Codes of the controls of pipes, of the console, and of mailslots."""
MOST_GROWTH = 400 << 10
"""KB that the calls of one test may add to the peak of this process's memory."""
_HANDLE, _POINTER = get_args(HANDLE)[1], get_args(PVOID)[1]
_NAMES_AT, _STRINGS_AT, _SLOTS_AT, _SLOT = 0x1800, 0x1000, 0x400, 0x40
_FILLED = 0x880


def vectors(hostile: Hostile, count: int, chooser: random.Random) -> Iterator[tuple[int, ...]]:
    """Argument lists: one bad value everywhere, one at each place, and mixtures."""
    bad = (*NUMBERS, *hostile.pointers)
    yield from ((value,) * count for value in bad)
    bases = [(hostile.buffer,) * count]
    bases += [(handle, *(hostile.buffer,) * (count - 1)) for handle in hostile.handles if count]
    bases.append(tuple(hostile.buffer if index % 2 else 4 for index in range(count)))
    for base in bases:
        for place in range(count):
            for value in bad:
                yield (*base[:place], value, *base[place + 1 :])
    for _ in range(RANDOM_ROUNDS if count else 0):
        yield tuple(chooser.choice((*bad, *hostile.handles)) for _ in range(count))


def write_sane_memory(hostile: Hostile, chooser: random.Random) -> tuple[int, int]:
    """Fill the buffer with plausible words; returns a UNICODE_STRING and OBJECT_ATTRIBUTES."""
    words = (*WORDS, *LENGTHS, *hostile.handles, hostile.buffer, hostile.buffer + 0x800, 0xFFFFFFFF)
    values = [chooser.choice(words) for _ in range(_FILLED // 4)]
    name = chooser.choice(NAMES)
    text = name.encode("utf-16-le")
    space, string = hostile.machine.process.space, hostile.buffer + _STRINGS_AT
    space.write(hostile.buffer, struct.pack(f"<{len(values)}I", *values))
    space.write(string, struct.pack("<2HI", len(text), len(text), string + 8) + text)
    return string, hostile.attributes(hostile.buffer + _NAMES_AT, name)


def sane(
    parameter: Parameter,
    place: int,
    hostile: Hostile,
    chooser: random.Random,
    names: tuple[int, int],
) -> int:
    """A word that such a parameter may well be."""
    codec: Codec[Any] = parameter.codec
    slot: int = hostile.buffer + _SLOTS_AT + _SLOT * place
    if parameter.optional and chooser.random() < 0.3:
        return 0
    if parameter.direction is not None:
        return slot
    if isinstance(codec, ObjectAttributesCodec):
        return names[1]
    if isinstance(codec, UnicodeString):
        return names[0]
    if codec.by_pointer:
        return slot
    if codec is _HANDLE:
        chosen = hostile.handles_for(parameter.name)
        return chooser.choice(chosen if chooser.random() < 0.8 else hostile.handles)
    if parameter.name.endswith("ControlCode"):
        return chooser.choice(CONTROLS)
    if parameter.name.endswith("Class"):
        return chooser.randrange(chooser.choice((6, 80)))
    if "Length" in parameter.name or "Size" in parameter.name:
        return chooser.choice(LENGTHS)
    if codec is _POINTER:
        return chooser.choice((slot, slot, hostile.buffer + 0x800, 0, 0x1000))
    return chooser.choice(WORDS if chooser.random() < 0.5 else (0, 1, 2))


@pytest.fixture(autouse=True)
def bounded_memory() -> Iterator[None]:
    """No call makes the host's memory grow beyond what a machine has anyway."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWTH


@pytest.mark.parametrize("traced", TRACED)
@pytest.mark.parametrize("name", CALLS)
def test_any_argument_gives_a_status(name: str, traced: bool) -> None:
    call = syscalls_table().get(name)
    assert call is not None
    chooser = random.Random(name)
    hostile = Hostile(traced=traced)
    fills = (bytes(BUFFER_BYTES), b"\xff" * BUFFER_BYTES, chooser.randbytes(BUFFER_BYTES))
    for arguments in vectors(hostile, len(call.parameters), chooser):
        hostile.machine.process.space.write(hostile.buffer, chooser.choice(fills))
        hostile.call(name, arguments)
        if hostile.boots > MOST_BOOTS:
            break


@pytest.mark.parametrize("traced", TRACED)
@pytest.mark.parametrize("name", CALLS)
def test_one_bad_argument_among_good_ones_gives_a_status(name: str, traced: bool) -> None:
    call = syscalls_table().get(name)
    assert call is not None
    chooser = random.Random(name)
    hostile = Hostile(traced=traced)
    for _ in range(SANE_ROUNDS if call.parameters else 1):
        names = write_sane_memory(hostile, chooser)
        arguments = [
            sane(parameter, place, hostile, chooser, names)
            for place, parameter in enumerate(call.parameters)
        ]
        if arguments and chooser.random() < 0.3:
            bad = chooser.choice((*NUMBERS, *hostile.pointers))
            arguments[chooser.randrange(len(arguments))] = bad
        hostile.call(name, tuple(arguments))
        if hostile.boots > MOST_BOOTS:
            break
