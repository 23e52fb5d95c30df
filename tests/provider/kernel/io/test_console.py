"""Screen buffers, what a terminal is sent for them, keys, and reads that wait for keys."""

from __future__ import annotations

import os
import pty
import termios

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider.kernel.errors import KernelError, Reason
from provider.kernel.event_stream import EventStream
from provider.kernel.io import CallbackOutput, DescriptorStream, HostStream
from provider.kernel.io.console import Console
from provider.kernel.io.console_input import LINE_INPUT, Event, OtherEvent
from provider.kernel.io.console_keys import CONTROL, ENHANCED, SHIFT, Key, decode
from provider.kernel.io.console_screen import MAX_CELLS, Cell, Rect, ScreenBuffer
from provider.kernel.io.host_input import HostInput
from provider.kernel.io.irp import Irp


class Shown:
    """A console whose terminal is ten cells wide and three high; notes what it is sent."""

    def __init__(self, source: HostStream | None = None) -> None:
        self._sent = bytearray()
        sink = CallbackOutput(self._sent.extend)
        self.console = Console(source or HostStream(), sink, EventStream())
        self.screen = self.console.active = ScreenBuffer(10, 5, 3)

    def sent(self) -> str:
        """What was sent since the last time."""
        text = self._sent.decode()
        self._sent.clear()
        return text


def _text(screen: ScreenBuffer, y: int) -> str:
    row = next(screen.cells(Rect(0, y, screen.width - 1, y)))
    return "".join(chr(cell.char) for cell in row).rstrip()


@pytest.mark.parametrize(("width", "height"), [(0, 1), (1, 0), (MAX_CELLS + 1, 1), (30000, 30000)])
def test_sizes_are_bounded(width: int, height: int) -> None:
    with pytest.raises(KernelError) as caught:
        ScreenBuffer().resize(width, height)
    assert caught.value.reason is Reason.INVALID_PARAMETER


def test_writing_wraps_and_scrolls() -> None:
    screen = ScreenBuffer(10, 3, 2)
    screen.write("0123456789\r\nab\tc\b\bd\r\n")
    assert [_text(screen, y) for y in range(3)] == ["0123456789", "ab     dc", ""]
    assert (screen.cursor_x, screen.cursor_y, screen.window.top) == (0, 2, 1)
    screen.write("x" * 11)
    assert [_text(screen, y) for y in range(3)] == ["ab     dc", "x" * 10, "x"]
    assert screen.window == Rect(0, 1, 9, 2)


def test_modes_of_output() -> None:
    shown = Shown()
    shown.screen.mode = 0x2
    shown.console.write_text(shown.screen, "a\n\tb")
    assert [cell.char for cell in shown.screen.run(0, 0, 4)] == [0x61, 0x0A, 0x09, 0x62]
    assert shown.sent().endswith("\x1b[1;1Ha  b\x1b[1;5H")
    shown.screen.mode = 0x1
    shown.console.write_text(shown.screen, "0123456789")
    assert (_text(shown.screen, 0)[4:], shown.screen.cursor_x) == ("678945", 8)
    shown.console.write_text(shown.screen, "\r\nx\ty")
    assert _text(shown.screen, 1) == "x       y"


def test_cells_are_moved_within_a_clip() -> None:
    screen = ScreenBuffer(10, 3, 3)
    screen.write("abcdefghi")
    screen.scroll(Rect(0, 0, 3, 0), 2, 1, Rect(0, 0, 3, 9), Cell(ord("."), 1))
    assert [_text(screen, y) for y in range(2)] == ["....efghi", "  ab"]


@given(
    st.lists(st.text(max_size=30) | st.tuples(st.integers(-2, 12), st.integers(-2, 6)), max_size=20)
)
def test_the_cursor_stays_inside(steps: list[str | tuple[int, int]]) -> None:
    screen = ScreenBuffer(10, 5, 3)
    for step in steps:
        if isinstance(step, str):
            screen.write(step)
        elif 0 <= step[0] < 10 and 0 <= step[1] < 5:
            screen.move(*step)
        else:
            with pytest.raises(KernelError):
                screen.move(*step)
        assert 0 <= screen.cursor_x < 10
        window = screen.window
        assert 0 <= window.top <= screen.cursor_y <= window.bottom < 5


def test_colours_become_sequences_when_they_are_used() -> None:
    shown = Shown()
    shown.console.write_text(shown.screen, "a")
    shown.screen.attributes = 0x1C
    assert shown.sent() == "a"
    shown.console.write_text(shown.screen, "b")
    shown.console.write_text(shown.screen, "c")
    assert shown.sent() == "\x1b[0;91;44mbc"
    shown.console.restore()
    assert shown.sent() == "\x1b[0m"


def test_the_cursor_moves_within_its_row() -> None:
    shown = Shown()
    shown.console.write_text(shown.screen, "12%")
    shown.console.terminal.move(shown.screen, 0, 0)
    assert shown.sent() == "12%\x1b[1G"


def test_another_row_takes_the_terminal_over() -> None:
    shown = Shown()
    shown.console.write_text(shown.screen, "one\r\ntwo")
    shown.sent()
    shown.console.terminal.move(shown.screen, 4, 0)
    assert shown.sent() == "\n\n\n\x1b[2J\x1b[1;1Hone\x1b[2;1Htwo\x1b[1;5H"
    shown.console.terminal.move(shown.screen, 0, 2)
    assert shown.sent() == "\x1b[3;1H"


def test_a_cleared_window_clears_the_terminal() -> None:
    shown = Shown()
    shown.console.write_text(shown.screen, "text")
    shown.sent()
    shown.screen.set_run(0, 0, [(0x20, 7)] * 50)
    shown.console.terminal.draw(shown.screen, shown.screen.area)
    assert shown.sent() == "\x1b[2J\x1b[1;5H"


def test_titles_and_cursors() -> None:
    terminal = (shown := Shown()).console.terminal
    terminal.title("a\x07\x1bb")
    terminal.cursor(visible=True)
    terminal.cursor(visible=False)
    assert shown.sent() == "\x1b]0;ab\x07\x1b[?25l"


def test_another_screen_is_shown_when_it_is_active() -> None:
    shown = Shown()
    other = ScreenBuffer(10, 5, 3)
    shown.console.write_text(other, "other")
    assert shown.sent() == ""
    shown.console.activate(other)
    assert shown.sent().endswith("\x1b[1;1Hother\x1b[1;6H")


def test_keys() -> None:
    pressed = [key for key in decode("aA1\r\x7f\x01ü\x1b[A\x1b[3~\x1b[1;5C\x1bOP\x1b") if key.down]
    assert [(key.code, key.char, key.state) for key in pressed] == [
        (0x41, 0x61, 0),
        (0x41, 0x41, SHIFT),
        (0x31, 0x31, 0),
        (0x0D, 0x0D, 0),
        (0x08, 0x08, 0),
        (0x41, 0x01, CONTROL),
        (0, 0xFC, 0),
        (0x26, 0, ENHANCED),
        (0x2E, 0, ENHANCED),
        (0x27, 0, ENHANCED | CONTROL),
        (0x70, 0, 0),
        (0x1B, 0x1B, 0),
    ]


@given(st.text())
def test_any_text_gives_keys(text: str) -> None:
    for key in decode(text):
        assert 0 <= key.char <= 0xFFFF
        assert 0 <= key.code <= 0xFF


def _encode(event: Event) -> bytes:
    return bytes([event.char & 0xFF]) if isinstance(event, Key) else event.data


def test_reads_wait_for_keys_and_lines() -> None:
    ours, theirs = pty.openpty()
    console = Shown(DescriptorStream(theirs)).console
    host = HostInput()
    host.add(console.input)
    before = termios.tcgetattr(theirs)
    keys = Irp()
    console.input.read_events(keys, 4, _encode)
    assert not keys.is_done
    assert host.poll(0) is False
    os.write(ours, b"k")
    assert host.poll(5)
    assert keys.data == b"kk"
    line = Irp()
    console.input.read_text(line, 100, str.encode)
    os.write(ours, b"lin\x7fne\r")
    assert host.poll(5)
    assert line.data == b"line\r\n"
    assert not host.poll(None)
    console.restore()
    assert termios.tcgetattr(theirs) == before
    os.close(ours)
    gone = Irp()
    console.input.read_text(gone, 1, str.encode)
    assert (gone.is_done, gone.data) == (True, b"")
    os.close(theirs)


def test_keys_of_a_guest_make_a_line() -> None:
    console = Shown(Endless()).console
    line, chars = Irp(), Irp()
    console.input.read_text(line, 100, str.encode)
    console.input.read_text(chars, 100, str.encode)
    console.input.add([*decode("abx\x7fc"), OtherEvent(16, bytes(16))])
    assert not line.is_done
    console.input.add(decode("\r"))
    assert line.data == b"abc\r\n"
    console.input.mode &= ~LINE_INPUT
    console.input.add(decode("z"))
    assert chars.data == b"z"
    console.input.add(decode("left"))
    assert len(console.input.events()) == 8
    console.input.flush()
    assert not console.input.has_events


class Endless(HostStream):
    """A terminal on which nobody types."""

    def fileno(self) -> int:
        """A descriptor that is never ready."""
        return self._read_end

    def __init__(self) -> None:
        self._read_end, self._write_end = os.pipe()

    def __del__(self) -> None:
        os.close(self._read_end)
        os.close(self._write_end)
