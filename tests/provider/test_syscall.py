"""Declared system calls: codecs, parameters, and the whole table against a real one."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emu.struct import Struct, u16, u32
from provider.codec import Codec, Names, Record, Word
from provider.nt import syscalls_table
from provider.syscall import MissingSyscall, Out, Parameter, Ref, Syscall, SyscallTable
from tests.guests import ROOT

KNOWN = ROOT / "picorun" / "data" / "known_calls.txt"
ADDRESS = 0x1000

words = st.integers(0, 0xFFFFFFFF)


class BadAddress(Exception):
    """What this file's memory raises."""


class FakeMemory:
    """A page at ADDRESS; everything else is a bad address."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = bytearray(data.ljust(0x100, b"\0"))
        self.read_only = False
        self.reads = 0

    def read(self, va: int, size: int) -> bytes:
        self.reads += 1
        self._check(va, size)
        return bytes(self.data[va - ADDRESS : va - ADDRESS + size])

    def write(self, va: int, data: bytes) -> None:
        self.probe_write(va, len(data))
        self.data[va - ADDRESS : va - ADDRESS + len(data)] = data

    def probe_write(self, va: int, size: int) -> None:
        self._check(va, size)
        if self.read_only:
            raise BadAddress(va)

    def _check(self, va: int, size: int) -> None:
        if not ADDRESS <= va <= ADDRESS + len(self.data) - size:
            raise BadAddress(va)


class PAIR(Struct):
    First = u16()
    Second = u32()


class COLOUR(IntFlag):
    RED = 1
    BLUE = 4


class KIND(IntEnum):
    FIRST = 1
    SECOND = 3


ULONG = Annotated[int, Word(decimal=True)]
LONG = Annotated[int, Word(signed=True, decimal=True)]
USHORT = Annotated[int, Word(2)]
INT64 = Annotated[int, Word(8, signed=True, decimal=True)]
COLOURS = Annotated[int, Names(COLOUR)]


def decode(annotation: Any, word: int, memory: FakeMemory | None = None) -> Any:
    """What a handler gets for an argument word."""
    parameter = Parameter("p", annotation)
    if parameter.decode is None:
        return word
    return parameter.decode(FakeMemory() if memory is None else memory, word)


@pytest.mark.parametrize("annotation", [Out[ULONG], Ref[ULONG], Out[PAIR], Ref[INT64], PAIR, INT64])
@pytest.mark.parametrize("va", [0, 1, ADDRESS - 1, ADDRESS + 0xFE, 0x80000000, 0xFFFFFFFF])
def test_a_bad_pointer_is_found_before_the_handler_runs(annotation: Any, va: int) -> None:
    with pytest.raises(BadAddress):
        decode(annotation, va)


@pytest.mark.parametrize("annotation", [Out[ULONG], Ref[ULONG], Ref[PAIR]])
def test_what_will_be_written_must_be_writable(annotation: Any) -> None:
    memory = FakeMemory()
    memory.read_only = True
    with pytest.raises(BadAddress):
        decode(annotation, ADDRESS, memory)


@pytest.mark.parametrize(
    "annotation", [Out[ULONG] | None, Ref[ULONG] | None, PAIR | None, INT64 | None, ULONG | None]
)
def test_null_is_none_where_it_may_be(annotation: Any) -> None:
    assert decode(annotation, 0) is None
    assert decode(annotation, ADDRESS) is not None
    assert Parameter("p", annotation).show(None) == "NULL"


def test_an_output_has_no_value_before_it_is_set() -> None:
    memory = FakeMemory(b"\xff" * 8)
    out = decode(Out[ULONG], ADDRESS, memory)
    with pytest.raises(LookupError):
        assert out.value
    assert out.show() == "0x1000"
    out.value = 7
    assert (out.value, out.show()) == (7, "0x1000 [7]")
    assert memory.data[:5] == b"\x07\0\0\0\xff"
    assert memory.reads == 0


def test_a_reference_is_captured_once() -> None:
    """A thread of the guest may change the memory while the handler looks at it."""
    memory = FakeMemory(b"\x05")
    reference = decode(Ref[ULONG], ADDRESS, memory)
    memory.data[0] = 9
    assert reference.value == reference.value == 5
    assert memory.reads == 1
    reference.value = 6
    assert memory.data[0] == 6


@given(words)
def test_words_are_themselves(word: int) -> None:
    assert decode(ULONG, word) == word
    assert decode(COLOURS, word) == word
    assert decode(LONG, word) & 0xFFFFFFFF == word
    assert -(1 << 31) <= decode(LONG, word) < 1 << 31
    assert decode(USHORT, word) == word & 0xFFFF


@given(st.sampled_from([1, 2, 4, 8]), st.booleans(), st.integers())
def test_a_stored_word_is_what_is_loaded(size: int, signed: bool, value: int) -> None:
    codec = Word(size, signed=signed)
    memory = FakeMemory(codec.store(value))
    loaded = codec.load(memory, ADDRESS)
    bits = 8 * size
    assert (loaded - value) % (1 << bits) == 0
    low = -(1 << bits - 1) if signed else 0
    assert low <= loaded < low + (1 << bits)


def test_a_word_of_eight_bytes_is_passed_by_pointer() -> None:
    memory = FakeMemory((-5).to_bytes(8, "little", signed=True))
    assert decode(INT64, ADDRESS, memory) == -5


def test_a_structure_is_captured_whole() -> None:
    memory = FakeMemory(bytes(PAIR(First=1, Second=2)))
    pair = decode(PAIR, ADDRESS, memory)
    memory.data[0] = 9
    assert (pair.First, pair.Second, memory.reads) == (1, 2, 1)
    assert Record(PAIR).store(pair) == bytes(pair)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1, "RED"), (5, "RED|BLUE"), (2, "0x2"), (7, "RED|BLUE|0x2")],
)
def test_flags_are_shown_by_name(value: int, text: str) -> None:
    assert Names(COLOUR).show(value) == text


@given(words)
def test_every_value_of_flags_can_be_shown(value: int) -> None:
    total = 0
    for part in Names(COLOUR).show(value).split("|"):
        total |= int(COLOUR[part]) if part in COLOUR.__members__ else int(part, 16)
    assert total == value


def test_an_enumeration_is_shown_by_the_one_name() -> None:
    codec = Names(KIND)
    assert [codec.show(value) for value in (0, 1, 2, 3)] == ["0x0", "FIRST", "0x2", "SECOND"]


def test_a_codec_says_what_it_cannot_do() -> None:
    codec = Codec[int]()
    for attempt in (
        lambda: codec.load(FakeMemory(), ADDRESS),
        lambda: codec.store(1),
        lambda: codec.from_word(1),
    ):
        with pytest.raises(TypeError):
            attempt()


@pytest.mark.parametrize("annotation", [int, str, Annotated[int, "no codec"], ULONG | LONG])
def test_a_parameter_without_a_codec_is_an_error_of_its_declaration(annotation: Any) -> None:
    with pytest.raises(TypeError, match="p"):
        Parameter("p", annotation)


def test_a_call_is_declared_once() -> None:
    table = SyscallTable()

    def NtThing(thread: object, A: ULONG, B: ULONG) -> None:
        """Do a thing.

        More about it.
        """

    table.syscall(partial="Half of it.")(NtThing)
    with pytest.raises(ValueError, match="NtThing"):
        table.syscall()(NtThing)
    call = table.get("NtThing")
    assert call is not None
    assert (call.name, call.partial, call.summary) == ("NtThing", "Half of it.", "Do a thing.")
    assert (call.argument_bytes, call.words.size, call.is_async) == (8, 8, False)
    assert table.get("NtOther") is None


def test_a_table_lists_what_is_missing_too_in_the_order_of_names() -> None:
    table = SyscallTable()
    table.declare_missing("NtC", 4)
    table.declare_missing("NtA", 8)

    async def NtB(thread: object) -> None:
        pass

    table.syscall()(NtB)
    assert [call.name for call in table] == ["NtA", "NtB", "NtC"]
    assert [call.name for call in table.implemented()] == ["NtB"]
    assert table.implemented()[0].is_async


def test_a_call_of_plain_words_has_nothing_to_decode() -> None:
    def NtPlain(thread: object, A: ULONG, B: COLOURS) -> None:
        pass

    assert Syscall(NtPlain, None).decoders == ()


CALLS = syscalls_table()


@pytest.mark.parametrize("call", CALLS.implemented(), ids=lambda call: call.name)
def test_a_call_of_nt_resolves_its_parameters(call: Syscall) -> None:
    assert len(call.parameters) == len(call.words.unpack(bytes(call.argument_bytes)))
    assert call.name.startswith(("Nt", "__wine_", "wine_"))
    assert call.summary.endswith((".", ":", ";")), "the first line says what the call does"
    assert call.partial is None or call.partial.endswith(".")


def test_no_call_of_nt_is_both_missing_and_declared() -> None:
    declared = {call.name for call in CALLS.implemented()}
    assert sorted(declared & {call.name for call in CALLS.missing()}) == []


def test_the_calls_take_as_many_arguments_as_in_wine() -> None:
    """Sizes from the stubs of an independent ntdll; Windows' own for calls that it has."""
    rows = [line.split() for line in KNOWN.read_text().splitlines() if line[0] != "#"]
    sizes = {name: int(size) for name, size, *systems in rows if "wine8" in systems}
    assert len(sizes) > 500
    wrong = [
        (call.name, call.argument_bytes, sizes[call.name])
        for call in CALLS
        if call.name in sizes and call.argument_bytes != sizes[call.name]
    ]
    assert wrong == []


def test_no_missing_call_has_an_odd_size() -> None:
    for call in CALLS:
        if isinstance(call, MissingSyscall):
            assert call.argument_bytes % 4 == 0
