"""The console's controls: the protocol that kernel32 speaks to its console handles.

    0x500000 | access << 14 | function << 2      access: 1 read, 2 write

Numbers and layouts are those of Wine's console driver, so that its kernel32 works as well as ours.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.io.console import is_code_page
from provider.kernel.io.console_input import OtherEvent
from provider.kernel.io.console_keys import Key
from provider.nt.io import condrv_screen
from provider.nt.process import NtProcess
from provider.nt.ps.console import CTRL_BREAK_EVENT, CTRL_C_EVENT, send_control_event
from provider.nt.status import NTSTATUS, NtError
from provider.nt.types import decode_utf16, encode_utf16

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io.console import ConsoleFile
    from provider.kernel.io.console_input import Event
    from provider.kernel.io.irp import Irp
    from provider.kernel.process import Process

MAX_TEXT = 1 << 16
MAX_EVENTS = 1 << 12
GET_PROCESS_LIST = 0x50005C
CONTROL_EVENT = 0x50004C
SET_INPUT_CODE_PAGE, SET_OUTPUT_CODE_PAGE = 0x1, 0x2
KEY_EVENT = 1
EVENT_BYTES = 20
_TITLE_HEADER = 4
_KEY = struct.Struct("<HxxiHHHHI")
_OTHER = struct.Struct("<Hxx16s")


def start_control(
    process: Process, file: ConsoleFile, code: int, data: bytes, room: int
) -> Callable[[Irp], None]:
    """The request that a control stands for; its answer has at most `room` bytes.

    NtError INVALID_DEVICE_REQUEST for a control that the console does not have.
    """
    start = _STARTS.get(code)
    if start is not None:
        return lambda irp: start(file, irp, data, room)
    if code in _OF_PROCESSES:
        found = _OF_PROCESSES[code](process, data, room)
    elif code in _CONTROLS:
        found = _CONTROLS[code](file, data, room)
    else:
        raise NtError(NTSTATUS.INVALID_DEVICE_REQUEST)
    return lambda irp: irp.complete(len(found), found)


def _process_list(process: Process, data: bytes, room: int) -> bytes:
    """The processes of the console, all there are; as many as fit."""
    numbers = [
        other.id
        for other in process.kernel.processes.values()
        if isinstance(other.context, NtProcess)
    ]
    return _fitting(struct.pack(f"<{len(numbers)}I", *numbers), room)


def _control_event(process: Process, data: bytes, room: int) -> bytes:
    event, group = _unpack("<iI", data)
    if event not in (CTRL_C_EVENT, CTRL_BREAK_EVENT):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if not send_control_event(process.kernel, event, group):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return b""


def _get_mode(file: ConsoleFile, data: bytes, room: int) -> bytes:
    mode = file.console.input.mode if file.is_input else file.screen.mode
    return _fitting(struct.pack("<I", mode), room)


def _set_mode(file: ConsoleFile, data: bytes, room: int) -> bytes:
    (mode,) = _unpack("<I", data)
    if file.is_input:
        file.console.input.mode = mode
    else:
        file.screen.mode = mode
    return b""


def _read_console(file: ConsoleFile, irp: Irp, data: bytes, room: int) -> None:
    _need_input(file)
    size = min(room // 2, MAX_TEXT)
    file.console.input.read_text(irp, size, lambda text: encode_utf16(text)[: size * 2])


def _read_console_control(file: ConsoleFile, irp: Irp, data: bytes, room: int) -> None:
    """Like READ_CONSOLE, with the state of the control keys before the text: none is known."""
    _need_input(file)
    if room < 4:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    size = min((room - 4) // 2, MAX_TEXT)
    file.console.input.read_text(irp, size, lambda text: bytes(4) + encode_utf16(text)[: size * 2])


def _read_file(file: ConsoleFile, irp: Irp, data: bytes, room: int) -> None:
    _need_input(file)
    file.start_read(irp, room)


def _read_input(file: ConsoleFile, irp: Irp, data: bytes, room: int) -> None:
    _need_input(file)
    count = min(room // EVENT_BYTES, MAX_EVENTS)
    if count:
        file.console.input.read_events(irp, count, _encode)
    else:
        irp.complete()


def _peek(file: ConsoleFile, data: bytes, room: int) -> bytes:
    _need_input(file)
    events = file.console.input.events()[: room // EVENT_BYTES]
    return b"".join(map(_encode, events))


def _write_input(file: ConsoleFile, data: bytes, room: int) -> bytes:
    _need_input(file)
    events = (data[at : at + EVENT_BYTES] for at in range(0, len(data), EVENT_BYTES))
    file.console.input.add([_decode(event) for event in events if len(event) == EVENT_BYTES])
    return b""


def _write_console(file: ConsoleFile, data: bytes, room: int) -> bytes:
    text = data[: len(data) & ~1].decode("utf-16-le", "replace")
    file.console.write_text(file.screen, text)
    return b""


def _write_file(file: ConsoleFile, data: bytes, room: int) -> bytes:
    file.console.write_bytes(file.screen, data)
    return b""


def _flush(file: ConsoleFile, data: bytes, room: int) -> bytes:
    _need_input(file)
    file.console.input.flush()
    return b""


def _get_input_info(file: ConsoleFile, data: bytes, room: int) -> bytes:
    """The code pages, and for who wants it the number of events."""
    console = file.console
    pages = struct.pack("<2I", console.input_code_page, console.output_code_page)
    if room < len(pages) + 4:
        return _fitting(pages, room)
    return pages + len(console.input.events()).to_bytes(4, "little")


def _set_input_info(file: ConsoleFile, data: bytes, room: int) -> bytes:
    mask, input_code_page, output_code_page = _unpack("<3I", data)
    for flag, code_page in (
        (SET_INPUT_CODE_PAGE, input_code_page),
        (SET_OUTPUT_CODE_PAGE, output_code_page),
    ):
        if mask & flag and not is_code_page(code_page):
            raise NtError(NTSTATUS.INVALID_PARAMETER)
    if mask & SET_INPUT_CODE_PAGE:
        file.console.input_code_page = input_code_page
    if mask & SET_OUTPUT_CODE_PAGE:
        file.console.output_code_page = output_code_page
    return b""


def _get_title(file: ConsoleFile, data: bytes, room: int) -> bytes:
    """The count of characters, the title, and as many bytes as the header has (condrv.h)."""
    title = encode_utf16(file.console.title)
    shown = title[: max(room - 2 * _TITLE_HEADER, 0) & ~1]
    return _fitting(struct.pack("<I", len(title) // 2), room) + (shown + bytes(4))[: room - 4]


def _set_title(file: ConsoleFile, data: bytes, room: int) -> bytes:
    if len(data) > MAX_TEXT:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    file.console.title = decode_utf16(data[: len(data) & ~1])
    file.console.terminal.title(file.console.title)
    return b""


def _beep(file: ConsoleFile, data: bytes, room: int) -> bytes:
    file.console.terminal.beep()
    return b""


def _nothing(file: ConsoleFile, data: bytes, room: int) -> bytes:
    """Accepted: every process is bound to the one console."""
    return b""


def _encode(event: Event) -> bytes:
    """An INPUT_RECORD."""
    if isinstance(event, OtherEvent):
        return _OTHER.pack(event.kind, event.data)
    return _KEY.pack(
        KEY_EVENT, event.down, event.repeat, event.code, event.scan, event.char, event.state
    )


def _decode(record: bytes) -> Event:
    kind = int.from_bytes(record[:2], "little")
    if kind != KEY_EVENT:
        return OtherEvent(kind, record[4:])
    _, down, repeat, code, scan, char, state = _KEY.unpack(record)
    return Key(bool(down), code, scan, char, state, repeat)


def _need_input(file: ConsoleFile) -> None:
    if not file.is_input:
        raise NtError(NTSTATUS.INVALID_HANDLE)


def _unpack(layout: str, data: bytes) -> tuple[int, ...]:
    if len(data) < struct.calcsize(layout):
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return struct.unpack_from(layout, data)


def _fitting(data: bytes, room: int) -> bytes:
    if room < len(data):
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    return data


_OF_PROCESSES: dict[int, Callable[[Process, bytes, int], bytes]] = {
    GET_PROCESS_LIST: _process_list,
    CONTROL_EVENT: _control_event,
}
_STARTS: dict[int, Callable[[ConsoleFile, Irp, bytes, int], None]] = {
    0x504028: _read_console,
    0x50402C: _read_file,
    0x504030: _read_input,
    0x504060: _read_console_control,
}
"""Controls that may have to wait."""
_CONTROLS: dict[int, Callable[[ConsoleFile, bytes, int], bytes]] = {
    0x504000: _get_mode,
    0x508004: _set_mode,
    0x508034: _write_input,
    0x504038: _peek,
    0x50403C: _get_input_info,
    0x508040: _set_input_info,
    0x504044: _get_title,
    0x508048: _set_title,
    0x500050: _beep,
    0x500054: _flush,
    0x508078: _write_console,
    0x50807C: _write_file,
    0x504080: condrv_screen.read_output,
    0x508084: condrv_screen.write_output,
    0x504088: condrv_screen.output_info,
    0x50808C: condrv_screen.set_output_info,
    0x508090: condrv_screen.activate,
    0x508094: condrv_screen.fill_output,
    0x508098: condrv_screen.scroll,
    0x5000CC: _nothing,
}
