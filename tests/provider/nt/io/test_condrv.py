"""The console protocol: hostile controls, then what they do."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provider.kernel.io import HostStream, StreamKind
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import DATA_VA, IO_VA, Caller, work_caller

OUT_VA = DATA_VA + 0x10000


class Terminal(HostStream):
    """A terminal with lines to be read; notes what is shown."""

    kind = StreamKind.CONSOLE

    def __init__(self) -> None:
        self.lines = [b"first\n", "zwölf\n".encode()]
        self.shown = b""

    def read(self, size: int) -> bytes:
        return self.lines.pop(0) if self.lines else b""

    def write(self, data: bytes) -> None:
        self.shown += data


class Guest:
    """A caller with its two console handles."""

    def __init__(self, path: Path) -> None:
        self.terminal = Terminal()
        self.caller: Caller = work_caller(path)
        files = self.caller.kernel.io.connect(self.terminal, self.terminal, self.terminal)
        handles = self.caller.thread.process.handles
        self.stdin, self.stdout, _ = (handles.insert(file, file.access) for file in files)

    def control(
        self, handle: int, code: int, data: bytes = b"", room: int = 0
    ) -> tuple[NTSTATUS, bytes]:
        self.caller.space.write(DATA_VA, data)
        status = self.caller(
            "NtDeviceIoControlFile",
            handle, 0, 0, 0, IO_VA, code, DATA_VA, len(data), OUT_VA, room,
        )  # fmt: skip
        size = self.caller.word(IO_VA + 4) if not status else 0
        return status, self.caller.space.read(OUT_VA, size) if size else b""


@pytest.fixture
def guest(tmp_path: Path) -> Guest:
    return Guest(tmp_path)


@pytest.mark.parametrize("room", [0, 1, 3, 99, 100, 5000])
@pytest.mark.parametrize("data", [b"", b"\xff", b"\xff" * 103, b"\xff" * 104, b"\xff" * 1000])
def test_ridiculous_controls(guest: Guest, data: bytes, room: int) -> None:
    guest.terminal.lines = []
    for handle in (guest.stdin, guest.stdout):
        for function in range(64):
            for access in range(4):
                code = 0x500000 | access << 14 | function << 2
                _, answer = guest.control(handle, code, data, room)
                assert len(answer) <= room


def test_a_plain_file_has_no_controls(guest: Guest) -> None:
    handle = guest.caller.must_create("\\??\\C:\\work\\f")
    assert guest.control(handle, 0x504000, b"", 4)[0] == NTSTATUS.INVALID_DEVICE_REQUEST


def test_modes_and_code_pages(guest: Guest) -> None:
    assert guest.control(guest.stdin, 0x504000, b"", 4) == (0, struct.pack("<I", 0x1F7))
    assert guest.control(guest.stdout, 0x504000, b"", 4) == (0, struct.pack("<I", 3))
    assert guest.control(guest.stdout, 0x508004, struct.pack("<I", 7)) == (0, b"")
    assert guest.control(guest.stdout, 0x504000, b"", 4) == (0, struct.pack("<I", 7))
    assert guest.control(guest.stdin, 0x508040, struct.pack("<3I", 2, 1, 65001))[0] == 0
    assert guest.control(guest.stdin, 0x50403C, b"", 8) == (0, struct.pack("<2I", 437, 65001))


def test_text_both_ways(guest: Guest) -> None:
    assert guest.control(guest.stdout, 0x508078, "Grüße \U0001f600".encode("utf-16-le"))[0] == 0
    assert guest.terminal.shown.decode() == "Grüße \U0001f600"
    assert guest.control(guest.stdin, 0x508078, b"x\0")[0] == NTSTATUS.INVALID_HANDLE
    status, text = guest.control(guest.stdin, 0x504028, b"", 8)
    assert (status, text.decode("utf-16-le")) == (0, "firs")
    assert guest.control(guest.stdin, 0x504028, b"", 100)[1].decode("utf-16-le") == "t\r\n"
    assert guest.control(guest.stdin, 0x504028, b"", 100)[1].decode("utf-16-le") == "zwölf\r\n"
    assert guest.control(guest.stdin, 0x504028, b"", 100) == (0, b"")


def test_the_screen(guest: Guest) -> None:
    guest.control(guest.stdout, 0x508078, "ab\ncd".encode("utf-16-le"))
    status, data = guest.control(guest.stdout, 0x504088, b"", 100)
    assert status == 0
    words = struct.unpack("<18h", data[:36])
    assert words[2:7] == (2, 1, 80, 300, 7)
    moved = struct.pack("<I18h", 2, 0, 0, 10, 20, *(0,) * 14) + bytes(64)
    assert guest.control(guest.stdout, 0x50808C, moved)[0] == 0
    _, data = guest.control(guest.stdout, 0x504088, b"", 100)
    assert struct.unpack("<2h", data[4:8]) == (10, 20)


def test_the_title(guest: Guest) -> None:
    assert guest.control(guest.stdout, 0x508048, "name".encode("utf-16-le"))[0] == 0
    assert guest.control(guest.stdout, 0x504044, b"", 12) == (0, b"\4\0\0\0n\0a\0\0\0\0\0")


def test_cells_are_written_read_filled_and_scrolled(guest: Guest) -> None:
    text = "cells".encode("utf-16-le")
    run = struct.pack("<4I", 2, 1, 0, 0)
    assert guest.control(guest.stdout, 0x508084, run + text, 4) == (0, struct.pack("<I", 5))
    assert guest.control(guest.stdout, 0x504080, run, 10) == (0, text)
    assert b"\x1b[2;1H  cells" in guest.terminal.shown
    fill = struct.pack("<5i2H", 3, 1, 1, 2, 1, 0, 0x1E)
    assert guest.control(guest.stdout, 0x508094, fill, 4) == (0, struct.pack("<I", 2))
    both = struct.pack("<4I", 3, 1, 2, 2)
    status, answer = guest.control(guest.stdout, 0x504080, both, 16)
    assert (status, answer[:8]) == (0, struct.pack("<4h", 3, 1, 4, 1))
    assert answer[8:] == struct.pack("<4H", ord("e"), 0x1E, ord("l"), 0x1E)
    scroll = struct.pack("<4h2h4h2H", 2, 1, 6, 1, 0, 0, 0, 0, 79, 24, ord("."), 7)
    assert guest.control(guest.stdout, 0x508098, scroll) == (0, b"")
    assert guest.control(guest.stdout, 0x504080, struct.pack("<4I", 0, 0, 0, 0), 10)[1] == text
    assert guest.control(guest.stdin, 0x504080, run, 10)[0] == NTSTATUS.INVALID_HANDLE
    outside = struct.pack("<4I", 500, 1, 0, 0)
    assert guest.control(guest.stdout, 0x504080, outside, 10) == (0, b"")
    assert guest.control(guest.stdout, 0x508084, outside + text, 4) == (0, bytes(4))


def test_events_of_the_guest_come_back(guest: Guest) -> None:
    guest.terminal.lines = []
    key = struct.pack("<HxxiHHHHI", 1, 1, 1, 0x41, 0x1E, 0x61, 0)
    menu = struct.pack("<HxxI12x", 8, 77)
    assert guest.control(guest.stdin, 0x508034, key + menu + b"short") == (0, b"")
    assert guest.control(guest.stdin, 0x50403C, b"", 12)[1][8:] == struct.pack("<I", 2)
    assert guest.control(guest.stdin, 0x504038, b"", 25) == (0, key)
    assert guest.control(guest.stdin, 0x504030, b"", 100) == (0, key + menu)
    assert guest.control(guest.stdout, 0x504030, b"", 100)[0] == NTSTATUS.INVALID_HANDLE


def test_con_is_not_both(guest: Guest) -> None:
    assert guest.caller.open("\\??\\CON", 0xC0100000).status == NTSTATUS.OBJECT_NAME_NOT_FOUND
    assert guest.caller.open("\\??\\CONIN$", 0xC0100000).status == 0


def test_another_screen_buffer(guest: Guest) -> None:
    other = guest.caller.open("\\Device\\ConDrv\\ScreenBuffer", 0xC0100000).value
    assert guest.control(other, 0x508078, "hidden".encode("utf-16-le"))[0] == 0
    assert b"hidden" not in guest.terminal.shown
    assert guest.control(other, 0x508090) == (0, b"")
    assert guest.terminal.shown.endswith(b"\x1b[1;1Hhidden\x1b[1;7H")
    assert guest.control(guest.stdout, 0x508090) == (0, b"")
    assert b"hidden" not in guest.terminal.shown.rpartition(b"\x1b[2J")[2]


@pytest.mark.parametrize("data", [b"", struct.pack("<iI", 2, 0), struct.pack("<iI", 0, 99)])
def test_control_events_that_nobody_gets(guest: Guest, data: bytes) -> None:
    assert guest.control(guest.stdin, 0x50004C, data)[0] == NTSTATUS.INVALID_PARAMETER
