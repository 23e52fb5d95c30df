"""What buffers hold, in the events of calls: bad addresses first, then good ones."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from provider.codec import STRANGER
from provider.nt.buffer import _shower, quoted_bytes
from provider.nt.event import SystemCall
from provider.nt.legend import kinds
from provider.nt.structs.member import SidPointer
from provider.nt.types import Code, ExitStatus, Time, Timeout, date_of
from tests.provider.nt.synthetic import DATA_VA, NtMachine, start

HOLDS = sorted(
    {holds.lstrip("<>") for kind in kinds().values() for holds in kind.contents.values()}
)
CURRENT = 0xFFFFFFFF
WRITE_AT = DATA_VA + 0x100


@pytest.fixture
def machine() -> NtMachine:
    return start("nop")


def shown(machine: NtMachine, name: str, *words: int) -> dict[str, str]:
    """The arguments of a call, as its event has them."""
    events: list[SystemCall] = []
    cancel = machine.kernel.events.subscribe(SystemCall, events.append)
    machine.call(name, *words)
    cancel()
    return dict(events[-1].arguments)


def test_a_bad_address_is_shown_alone(machine: NtMachine) -> None:
    for va in (0, 1, 0x7FFF0000, 0x80000000, 0xFFFFFFFF):
        arguments = shown(machine, "NtQueryInformationProcess", CURRENT, 0, va, 24, 0)
        assert arguments["ProcessInformation"] == f"{va:#x}"


def test_a_length_without_end_is_no_harm(machine: NtMachine) -> None:
    machine.process.space.write(DATA_VA, b"x" * 0x10)
    arguments = shown(machine, "NtWriteVirtualMemory", CURRENT, 8, DATA_VA, 0xFFFFFFFF, 0)
    assert arguments["Buffer"].startswith(f'{DATA_VA:#x} ["xxxxxxxxxxxxxxxx\\0\\0')
    assert len(arguments["Buffer"]) < 1000


def test_looking_brings_no_page_in(machine: NtMachine) -> None:
    va = machine.allocate(size=0x1000)
    shown(machine, "NtWriteVirtualMemory", 0x7777, 8, 0, 4, 0)
    faults = machine.process.space.counters.faults
    arguments = shown(machine, "NtWriteVirtualMemory", 0x7777, 8, va, 4, 0)
    assert arguments["Buffer"] == f"{va:#x}"
    assert machine.process.space.counters.faults == faults


def test_what_a_call_did_not_store_is_not_shown(machine: NtMachine) -> None:
    arguments = shown(machine, "NtQueryInformationProcess", CURRENT, 0, DATA_VA, 4, 0)
    assert arguments["ProcessInformation"] == f"{DATA_VA:#x}"
    arguments = shown(machine, "NtQueryInformationProcess", 0x7777, 0, DATA_VA, 24, 0)
    assert arguments["ProcessInformation"] == f"{DATA_VA:#x}"


def test_a_structure_is_shown_by_the_class(machine: NtMachine) -> None:
    arguments = shown(machine, "NtQueryInformationProcess", CURRENT, 0, DATA_VA, 24, 0)
    assert arguments["ProcessInformationClass"] == "ProcessBasicInformation"
    assert "[{ExitStatus=STATUS_PENDING, PebBaseAddress=0x" in arguments["ProcessInformation"]
    arguments = shown(machine, "NtQueryVirtualMemory", CURRENT, DATA_VA, 0, WRITE_AT, 28, 0)
    assert "State=MEM_COMMIT, Protect=PAGE_" in arguments["MemoryInformation"]


def test_an_unknown_class_is_bytes(machine: NtMachine) -> None:
    machine.process.space.write(DATA_VA, b'a"\\\x00\xff\n')
    arguments = shown(machine, "NtSetInformationProcess", CURRENT, 0x7777, DATA_VA, 6)
    assert arguments["ProcessInformation"] == f'{DATA_VA:#x} ["a\\"\\\\\\0\\xff\\n"]'
    assert arguments["ProcessInformationClass"] == "0x7777"


def test_bytes_are_cut_to_the_limit(machine: NtMachine) -> None:
    machine.process.space.write(DATA_VA, b"123456789")
    words = (0x7777, 8, DATA_VA, 9, 0)
    machine.kernel.events.shown_bytes = 4
    assert shown(machine, "NtWriteVirtualMemory", *words)["Buffer"].endswith('["1234"...]')
    machine.kernel.events.shown_bytes = 0
    assert shown(machine, "NtWriteVirtualMemory", *words)["Buffer"].endswith('["123456789"]')


def test_a_buffer_is_shown_as_it_was_before_the_call(machine: NtMachine) -> None:
    machine.process.space.write(DATA_VA, b"old")
    machine.process.space.write(WRITE_AT, b"new")
    arguments = shown(machine, "NtWriteVirtualMemory", CURRENT, DATA_VA, WRITE_AT, 3, 0)
    assert arguments["Buffer"].endswith('["new"]')
    arguments = shown(machine, "NtReadVirtualMemory", CURRENT, DATA_VA, WRITE_AT, 3, 0)
    assert arguments["Buffer"].endswith('["new"]')


def test_handles_in_an_array_have_names(machine: NtMachine) -> None:
    machine.call("NtCreateEvent", DATA_VA, 0x1F0003, 0, 0, 1)
    handle = machine.read(DATA_VA)
    arguments = shown(machine, "NtWaitForMultipleObjects", 1, DATA_VA, 1, 0, 0)
    assert arguments["Handles"] == f"{DATA_VA:#x} [{handle:#x}<Event>]"
    assert arguments["WaitType"] == "WaitAny"


@pytest.mark.parametrize("holds", HOLDS)
@given(data=st.binary(max_size=300))
def test_whatever_bytes_a_structure_has(holds: str, data: bytes) -> None:
    if holds != "TEXT":
        assert isinstance(_shower(holds)(data, STRANGER), str)


@pytest.mark.parametrize("holds", HOLDS)
def test_the_worst_bytes(holds: str) -> None:
    if holds != "TEXT":
        for data in (bytes(0x1000), b"\xff" * 0x1000, b"\x01\0\0\0" * 0x400):
            assert len(_shower(holds)(data, STRANGER)) < 20_000


@given(st.binary())
@example(b"\x001")
def test_bytes_are_a_literal(data: bytes) -> None:
    literal = quoted_bytes(data)
    assert literal.isascii()
    assert literal.isprintable()
    assert eval(f"b{literal}") == data


def test_a_directory_is_a_chain() -> None:
    name = "a".encode("utf-16-le")
    last = bytes(8) + len(name).to_bytes(4, "little") + name
    entry = (16).to_bytes(4, "little") + last[4:] + bytes(2)
    text = _shower("FILE_NAMES_INFORMATION*")(entry * 9 + last, STRANGER)
    assert text.count('FileName="a"') == 4
    assert text.endswith(", … 6 more")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-(1 << 63), f"{-(1 << 63)}<for ever>"),
        (-1, "-1<0.0000001 s>"),
        (-10_000_000, "-10000000<1 s>"),
        (0, "0"),
        (133485408000012239, "133485408000012239<2024-01-01 00:00:00.0012239>"),
        ((1 << 63) - 1, str((1 << 63) - 1)),
    ],
)
def test_times_to_wait(value: int, text: str) -> None:
    assert Timeout().show(value) == text


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_every_time_has_a_text(value: int) -> None:
    assert Time().show(value).startswith(str(value))


def test_the_first_and_the_last_day() -> None:
    assert date_of(864_000_000_000) == "1601-01-02 00:00:00.0000000"
    assert date_of(2650467743999999999) == "9999-12-31 23:59:59.9999999"
    assert date_of(2650467744000000000) == ""


def test_exit_codes_that_are_statuses_have_names() -> None:
    assert ExitStatus().show(-0x3FFFFFFB) == "STATUS_ACCESS_VIOLATION"
    assert [ExitStatus().show(value) for value in (-1, 0, 3)] == ["-1", "0", "3"]


class Memory:
    """One SID at 0x1000, an image at 0x2000."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def name_of(self, handle: int) -> str:
        pytest.fail(f"nothing here is a handle, but {handle:#x} was taken for one")

    def place_of(self, va: int) -> str:
        return "a\x1b.dll+0x10" if va == 0x2010 else ""

    def peek(self, va: int, size: int) -> bytes:
        return self.data[va - 0x1000 :][:size] if va >= 0x1000 else b""


@pytest.mark.parametrize(
    "data", [b"", b"\1", b"\1\x10" + bytes(100), b"\1\2\0\0\0\0\0\5" + bytes(7)]
)
def test_what_is_no_sid(data: bytes) -> None:
    assert SidPointer().show(0x1000, Memory(data)) == "0x1000"


def test_sids_and_code() -> None:
    system = Memory(b"\1\1\0\0\0\0\0\5\x12\0\0\0")
    assert SidPointer().show(0x1000, system) == "0x1000<S-1-5-18>"
    assert Code().show(0x2010, system) == "0x2010<a\\x1b.dll+0x10>"
    assert Code().show(0, system) == "0x0"
