"""The console's controls of screen buffers: cursor, colours, size, and cells read and written."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.io.console_screen import Cell, Rect
from provider.kernel.io.request import Access
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import CONSOLE_OUTPUT_INFO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from provider.kernel.io.console import ConsoleFile
    from provider.kernel.io.console_screen import ScreenBuffer

COLOURS = (
    0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0xC0C0C0,
    0x808080, 0xFF0000, 0x00FF00, 0xFFFF00, 0x0000FF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
)  # fmt: skip
"""The sixteen colours as 0x00BBGGRR."""
SET_CURSOR_GEOMETRY, SET_CURSOR_POSITION, SET_SIZE = 0x1, 0x2, 0x4
SET_ATTRIBUTES, SET_WINDOW, SET_POPUP_ATTRIBUTES = 0x8, 0x10, 0x40
MAX_SIDE = 0x7FFE
TEXT, ATTRIBUTES, BOTH = 0, 1, 2
_OUTPUT = struct.Struct("<4I")
_FILL = struct.Struct("<5i2H")
_SCROLL = struct.Struct("<4h2h4h2H")
_RECT = struct.Struct("<4h")
_CELL = struct.Struct("<2H")


def output_info(file: ConsoleFile, data: bytes, room: int) -> bytes:
    """All that one can ask about a screen buffer."""
    screen = file.screen
    left, top, right, bottom = screen.window
    information = CONSOLE_OUTPUT_INFO(
        cursor_size=screen.cursor_size,
        cursor_visible=screen.cursor_visible,
        cursor_x=screen.cursor_x,
        cursor_y=screen.cursor_y,
        width=screen.width,
        height=screen.height,
        attr=screen.attributes,
        popup_attr=screen.popup_attributes,
        win_left=left,
        win_top=top,
        win_right=right,
        win_bottom=bottom,
        max_width=right - left + 1,
        max_height=bottom - top + 1,
        font_width=8,
        font_height=16,
        font_weight=400,
        font_pitch_family=0x36,
        color_map=struct.pack("<16I", *COLOURS),
    )
    return bytes(information)[:room]


def set_output_info(file: ConsoleFile, data: bytes, room: int) -> bytes:
    """Take over what the mask says.  NtError and KernelError INVALID_PARAMETER."""
    if len(data) < 4 + CONSOLE_OUTPUT_INFO.color_map.offset:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    mask = int.from_bytes(data[:4], "little")
    padded = data[4:].ljust(CONSOLE_OUTPUT_INFO.SIZE, b"\0")
    _change(file, file.screen, mask, CONSOLE_OUTPUT_INFO.from_bytes(padded))
    return b""


def _change(file: ConsoleFile, screen: ScreenBuffer, mask: int, to: CONSOLE_OUTPUT_INFO) -> None:
    terminal = file.console.terminal
    is_shown = screen is file.console.active
    if mask & SET_SIZE:
        if max(to.width, to.height) > MAX_SIDE:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        screen.resize(to.width, to.height)
    if mask & SET_CURSOR_GEOMETRY:
        if not 0 < to.cursor_size <= 100:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        screen.cursor_size, screen.cursor_visible = to.cursor_size, bool(to.cursor_visible)
        if is_shown:
            terminal.cursor(visible=screen.cursor_visible)
    if mask & SET_CURSOR_POSITION and is_shown:
        terminal.move(screen, to.cursor_x, to.cursor_y)
    elif mask & SET_CURSOR_POSITION:
        screen.move(to.cursor_x, to.cursor_y)
    if mask & SET_ATTRIBUTES:
        screen.attributes = to.attr
    if mask & SET_POPUP_ATTRIBUTES:
        screen.popup_attributes = to.popup_attr
    if mask & SET_WINDOW:
        screen.show(Rect(to.win_left, to.win_top, to.win_right, to.win_bottom))
        if is_shown:
            terminal.redraw(screen)


def activate(file: ConsoleFile, data: bytes, room: int) -> bytes:
    """Show the screen buffer.  NtError INVALID_HANDLE for a handle that only reads."""
    if not file.access & Access.WRITE_DATA:
        raise NtError(NTSTATUS.INVALID_HANDLE)
    file.console.activate(file.screen)
    return b""


def read_output(file: ConsoleFile, data: bytes, room: int) -> bytes:
    """Cells from a place on, or those of a rectangle after its coordinates."""
    x, y, mode, width = _unpack(_OUTPUT, data)
    size, encode = _codec(mode)
    screen = file.screen
    if not (x < screen.width and y < screen.height):
        if width:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        return b""
    if not width:
        return b"".join(map(encode, screen.run(x, y, room // size)))
    count = max(room - _RECT.size, 0) // size
    right, bottom = x + width - 1, y + count // width - 1
    area = Rect(x, y, right, bottom).within(screen.area)
    if area.is_empty:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    cells = (cell for row in screen.cells(area) for cell in row)
    return _RECT.pack(*area) + b"".join(map(encode, cells))


def write_output(file: ConsoleFile, data: bytes, room: int) -> bytes:
    """Store cells; the answer is their count, or the rectangle that was written."""
    x, y, mode, width = _unpack(_OUTPUT, data)
    cells = _decode(mode, data[_OUTPUT.size :])
    screen = file.screen
    if not (x < screen.width and y < screen.height):
        return b"" if width else _fitting(bytes(4), room)
    if not width:
        done = screen.set_run(x, y, cells)
        _draw_run(file, screen, y, x, done)
        return _fitting(done.to_bytes(4, "little"), room)
    rows = len(cells) // width
    area = Rect(x, y, x + width - 1, y + rows - 1).within(screen.area)
    if area.is_empty:
        return b""
    shown = area.right - area.left + 1
    for row in range(area.bottom - area.top + 1):
        start = row * width
        screen.set_run(x, y + row, cells[start : start + shown], wrap=False)
    _draw(file, screen, area)
    return _RECT.pack(*area)[:room]


def fill_output(file: ConsoleFile, data: bytes, room: int) -> bytes:
    """Store one character, one attribute or both again and again; the answer is how often."""
    x, y, mode, count, wrap, char, attributes = _unpack(_FILL, data)
    screen = file.screen
    if not (0 <= x < screen.width and 0 <= y < screen.height and count > 0):
        return _fitting(bytes(4), room)
    _codec(mode)
    cell = (None if mode == ATTRIBUTES else char, None if mode == TEXT else attributes)
    left = screen.width * screen.height - y * screen.width - x
    done = screen.set_run(x, y, (cell for _ in range(min(count, left))), wrap=bool(wrap))
    _draw_run(file, screen, y, x, done)
    return _fitting(done.to_bytes(4, "little"), room)


def scroll(file: ConsoleFile, data: bytes, room: int) -> bytes:
    """Move cells and fill what they leave."""
    words = _unpack(_SCROLL, data)
    screen = file.screen
    source, clip = Rect(*words[:4]), Rect(*words[6:10])
    screen.scroll(source, words[4], words[5], clip, Cell(words[10], words[11]))
    _draw(file, screen, screen.area)
    return b""


def _draw_run(file: ConsoleFile, screen: ScreenBuffer, y: int, x: int, count: int) -> None:
    if count:
        last = y + (x + count - 1) // screen.width
        right = x + count - 1 if last == y else screen.width - 1
        _draw(file, screen, Rect(x if last == y else 0, y, right, last))


def _draw(file: ConsoleFile, screen: ScreenBuffer, area: Rect) -> None:
    if screen is file.console.active:
        file.console.terminal.draw(screen, area)


def _codec(mode: int) -> tuple[int, Callable[[Cell], bytes]]:
    """Bytes of a cell in a mode, and what makes them.  NtError INVALID_PARAMETER."""
    if mode == TEXT:
        return 2, lambda cell: cell.char.to_bytes(2, "little")
    if mode == ATTRIBUTES:
        return 2, lambda cell: cell.attributes.to_bytes(2, "little")
    if mode == BOTH:
        return 4, lambda cell: _CELL.pack(*cell)
    raise NtError(NTSTATUS.INVALID_PARAMETER)


def _decode(mode: int, data: bytes) -> Sequence[tuple[int | None, int | None]]:
    size, _ = _codec(mode)
    data = data[: len(data) // size * size]
    if mode == BOTH:
        return list(_CELL.iter_unpack(data))
    values = memoryview(data).cast("H")
    return [(None, value) if mode == ATTRIBUTES else (value, None) for value in values]


def _unpack(layout: struct.Struct, data: bytes) -> tuple[int, ...]:
    if len(data) < layout.size:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return layout.unpack_from(data)


def _fitting(data: bytes, room: int) -> bytes:
    return data if room >= len(data) else b""
