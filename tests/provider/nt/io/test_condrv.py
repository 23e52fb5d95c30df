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
    assert guest.control(guest.stdout, 0x504044, b"", 8) == (0, b"\4\0\0\0n\0a\0")
