"""The console's controls: the protocol that kernel32 speaks to its console handles.

    0x500000 | access << 14 | function << 2      access: 1 read, 2 write

Numbers and layouts are those of Wine's console driver, so that its kernel32 works as well as ours.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import CONSOLE_OUTPUT_INFO
from provider.nt.types import decode_utf16, encode_utf16

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io.console import ConsoleFile, ScreenBuffer
    from provider.kernel.process import Process

MAX_TEXT = 1 << 16
GET_PROCESS_LIST = 0x50005C
COLOURS = (
    0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0xC0C0C0,
    0x808080, 0xFF0000, 0x00FF00, 0xFFFF00, 0x0000FF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
)  # fmt: skip
"""The sixteen colours as 0x00BBGGRR."""
SET_CURSOR_GEOMETRY, SET_CURSOR_POSITION, SET_SIZE = 0x1, 0x2, 0x4
SET_ATTRIBUTES, SET_WINDOW, SET_POPUP_ATTRIBUTES = 0x8, 0x10, 0x40
SET_INPUT_CODE_PAGE, SET_OUTPUT_CODE_PAGE = 0x1, 0x2
MAX_SIDE = 0x7FFE


def control(process: Process, file: ConsoleFile, code: int, data: bytes, room: int) -> bytes:
    """Carry a control out; the answer has at most `room` bytes.

    NtError INVALID_DEVICE_REQUEST for a control that the console does not have, INVALID_PARAMETER,
    BUFFER_TOO_SMALL; KernelError of the terminal.
    """
    if code == GET_PROCESS_LIST:
        return _fitting(struct.pack("<I", process.id), room)
    routine = _CONTROLS.get(code)
    if routine is None:
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    return routine(file, data, room)


def _get_mode(file: ConsoleFile, data: bytes, room: int) -> bytes:
    mode = file.console.input_mode if file.is_input else file.console.output_mode
    return _fitting(struct.pack("<I", mode), room)


def _set_mode(file: ConsoleFile, data: bytes, room: int) -> bytes:
    (mode,) = _unpack("<I", data)
    if file.is_input:
        file.console.input_mode = mode
    else:
        file.console.output_mode = mode
    return b""


def _read_console(file: ConsoleFile, data: bytes, room: int) -> bytes:
    _need_input(file)
    text = file.console.read_text(min(room // 2, MAX_TEXT))
    return encode_utf16(text)[: room & ~1]


def _write_console(file: ConsoleFile, data: bytes, room: int) -> bytes:
    _need_output(file)
    file.console.write_text(data[: len(data) & ~1].decode("utf-16-le", "replace"))
    return b""


def _no_events(file: ConsoleFile, data: bytes, room: int) -> bytes:
    """Nothing is ever waiting: the terminal gives whole lines, to those who read."""
    _need_input(file)
    return b""


def _flush(file: ConsoleFile, data: bytes, room: int) -> bytes:
    file.console.forget_input()
    return b""


def _get_input_info(file: ConsoleFile, data: bytes, room: int) -> bytes:
    console = file.console
    return _fitting(struct.pack("<2I", console.input_code_page, console.output_code_page), room)


def _set_input_info(file: ConsoleFile, data: bytes, room: int) -> bytes:
    mask, input_code_page, output_code_page = _unpack("<3I", data)
    if mask & SET_INPUT_CODE_PAGE:
        file.console.input_code_page = input_code_page
    if mask & SET_OUTPUT_CODE_PAGE:
        file.console.output_code_page = output_code_page
    return b""


def _get_title(file: ConsoleFile, data: bytes, room: int) -> bytes:
    title = encode_utf16(file.console.title)
    return _fitting(struct.pack("<I", len(title) // 2), room) + title[: (room - 4) & ~1]


def _set_title(file: ConsoleFile, data: bytes, room: int) -> bytes:
    if len(data) > MAX_TEXT:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    file.console.title = decode_utf16(data[: len(data) & ~1])
    return b""


def _ignored(file: ConsoleFile, data: bytes, room: int) -> bytes:
    """Accepted without effect."""
    return b""


def _get_output_info(file: ConsoleFile, data: bytes, room: int) -> bytes:
    _need_output(file)
    screen = file.console.screen
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


def _set_output_info(file: ConsoleFile, data: bytes, room: int) -> bytes:
    _need_output(file)
    if len(data) < 4 + CONSOLE_OUTPUT_INFO.color_map.offset:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    (mask,) = _unpack("<I", data)
    padded = data[4:].ljust(CONSOLE_OUTPUT_INFO.SIZE, b"\0")
    _change_screen(file.console.screen, mask, CONSOLE_OUTPUT_INFO.from_bytes(padded))
    return b""


def _change_screen(screen: ScreenBuffer, mask: int, wanted: CONSOLE_OUTPUT_INFO) -> None:
    """Take over what `mask` says.  NtError INVALID_PARAMETER for what lies outside."""
    if mask & SET_SIZE:
        if not (0 < wanted.width <= MAX_SIDE and 0 < wanted.height <= MAX_SIDE):
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        screen.width, screen.height = wanted.width, wanted.height
    if mask & SET_CURSOR_GEOMETRY:
        if not 0 < wanted.cursor_size <= 100:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        screen.cursor_size = wanted.cursor_size
        screen.cursor_visible = bool(wanted.cursor_visible)
    if mask & SET_CURSOR_POSITION:
        if wanted.cursor_x >= screen.width or wanted.cursor_y >= screen.height:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        screen.cursor_x, screen.cursor_y = wanted.cursor_x, wanted.cursor_y
    if mask & SET_ATTRIBUTES:
        screen.attributes = wanted.attr
    if mask & SET_POPUP_ATTRIBUTES:
        screen.popup_attributes = wanted.popup_attr
    if mask & SET_WINDOW:
        window = (wanted.win_left, wanted.win_top, wanted.win_right, wanted.win_bottom)
        if not (window[0] <= window[2] < screen.width and window[1] <= window[3] < screen.height):
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        screen.window = window


def _need_input(file: ConsoleFile) -> None:
    if not file.is_input:
        raise NtError(NTSTATUS.INVALID_HANDLE)


def _need_output(file: ConsoleFile) -> None:
    if file.is_input:
        raise NtError(NTSTATUS.INVALID_HANDLE)


def _unpack(layout: str, data: bytes) -> tuple[int, ...]:
    if len(data) < struct.calcsize(layout):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return struct.unpack_from(layout, data)


def _fitting(data: bytes, room: int) -> bytes:
    if room < len(data):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    return data


_CONTROLS: dict[int, Callable[[ConsoleFile, bytes, int], bytes]] = {
    0x504000: _get_mode,
    0x508004: _set_mode,
    0x504028: _read_console,
    0x504030: _no_events,
    0x504038: _no_events,
    0x50403C: _get_input_info,
    0x508040: _set_input_info,
    0x504044: _get_title,
    0x508048: _set_title,
    0x500054: _flush,
    0x508078: _write_console,
    0x504088: _get_output_info,
    0x50808C: _set_output_info,
    0x508090: _ignored,
}
