"""Calls about the screen: sizes, colours, monitors, dots per inch, settings."""

from __future__ import annotations

import struct

from provider.kernel.thread import Thread
from provider.nt.ke.callback import call_user_mode
from provider.nt.status import NTSTATUS
from provider.nt.table import win32k
from provider.nt.types import PVOID, ULONG, encode_utf16
from provider.nt.win32k.coded import dialect_of, one_param, two_param, window_call, window_param
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.last_error import ERROR_INVALID_PARAMETER, fail
from provider.nt.win32k.metrics import (
    COLORS,
    DOTS_PER_INCH,
    SCREEN_HEIGHT,
    SCREEN_WIDTH,
    Metric,
    metric,
)
from provider.nt.win32k.position import frame

MONITOR = 0x10001
"""The handle of the one monitor."""
_SCREEN = (0, 0, SCREEN_WIDTH, SCREEN_HEIGHT)
_MONITOR_INFO, _MONITOR_INFO_EX = 40, 104
_DEVICE_NAME = "\\\\.\\DISPLAY1"
_PRIMARY = 1
_FONT_FACE = "MS Shell Dlg"
_SPI_GETBORDER, _SPI_GETKEYBOARDSPEED, _SPI_GETNONCLIENTMETRICS = 0x5, 0xA, 0x29
_SPI_GETWORKAREA, _SPI_GETWHEELSCROLLLINES = 0x30, 0x68
_SPI_GETICONTITLELOGFONT, _SPI_ICONHORIZONTALSPACING = 0x1F, 0xD
_WORDS = {
    0x1: 1, _SPI_GETBORDER: 1, _SPI_GETKEYBOARDSPEED: 31, _SPI_ICONHORIZONTALSPACING: 75,
    0xE: 600, 0x10: 0, 0x12: 1, 0x16: 1, 0x19: 0, 0x1B: 0, 0x26: 1, 0x38: 0, 0x42: 0, 0x44: 0,
    0x46: 0, 0x4A: 0, 0x53: 0, 0x54: 0, _SPI_GETWHEELSCROLLLINES: 3, 0x6A: 400, 0x6C: 3, 0x70: 10,
    0x72: 0, 0x5E: 0, 0x62: 4, 0x64: 4, 0x66: 400, 0x1000: 0, 0x1002: 0, 0x1004: 0, 0x1008: 0,
    0x100A: 0, 0x100C: 0, 0x100E: 0, 0x1012: 0, 0x1016: 0, 0x1018: 0, 0x101A: 0, 0x1022: 0,
    0x1024: 0, 0x103E: 1, 0x1042: 0, 0x2000: 0, 0x2004: 3, 0x200A: 1, 0x200C: 1400, 0x2006: 1,
}  # fmt: skip
"""SPI_GET codes that store a number: BEEP, KEYBOARDDELAY, FONTSMOOTHING, CARETWIDTH …"""


@one_param
def GetSystemMetrics(thread: Thread, index: int) -> int:
    """A size, or whether there is something."""
    return metric(index)


@two_param
def GetSystemMetricsForDpi(thread: Thread, index: int, dpi: int) -> int:
    """The same; the display has as many dots as ever."""
    return metric(index)


@one_param
def GetSysColor(thread: Thread, index: int) -> int:
    """The colour of a part of the screen."""
    return COLORS[index] if index < len(COLORS) else 0


def _store_screen(thread: Thread, va: int, kind: int = 0) -> int:
    thread.process.space.write(va, struct.pack("<4i", *_SCREEN))
    return 1


for _name in ("GetPrimaryMonitorRect", "GetVirtualScreenRect", "GetClipCursor"):
    one_param.declare(_name, _store_screen)
two_param.declare("GetVirtualScreenRectOfType", _store_screen)


@two_param
def MonitorFromRect(thread: Thread, va: int, flags: int) -> int:
    """The monitor that has most of a rectangle."""
    left, top, right, bottom = struct.unpack("<4i", thread.process.space.read(va, 16))
    inside = left < SCREEN_WIDTH and top < SCREEN_HEIGHT and right > 0 and bottom > 0
    return MONITOR if flags or inside else 0


@window_param
def MonitorFromWindow(thread: Thread, handle: int, flags: int) -> int:
    """The monitor that has most of a window."""
    window = desktop_of(thread).find(handle)
    return MONITOR if flags or window is not None else 0


@two_param
def GetMonitorInfo(thread: Thread, monitor: int, va: int) -> int:
    """MONITORINFO or MONITORINFOEXW."""
    space = thread.process.space
    size = int.from_bytes(space.read(va, 4), "little")
    if monitor != MONITOR or size not in (_MONITOR_INFO, _MONITOR_INFO_EX):
        return fail(thread, ERROR_INVALID_PARAMETER)
    data = struct.pack("<I8iI", size, *_SCREEN, *_SCREEN, _PRIMARY)
    name = encode_utf16(_DEVICE_NAME).ljust(size - len(data), b"\0")
    space.write(va, data + name[: size - len(data)])
    return 1


@win32k.syscall(partial="The region of a device context does not count.")
async def NtUserEnumDisplayMonitors(
    thread: Thread, Context: PVOID, Clip: PVOID, Procedure: PVOID, Parameter: PVOID
) -> int:
    """Call a routine for the one monitor."""
    rect = struct.pack("<4i", *_SCREEN)
    words = struct.pack("<3I", Procedure, MONITOR, 0) + rect + struct.pack("<I", Parameter)
    reply = await call_user_mode(thread, dialect_of(thread).enumerate_monitor, words)
    if reply.length == 4:
        return int.from_bytes(thread.process.space.read(reply.buffer, 4), "little")
    return reply.status


@win32k.syscall()
def NtUserGetDpiForMonitor(thread: Thread, Monitor: PVOID, Kind: ULONG, X: PVOID, Y: PVOID) -> int:
    """Dots per inch of a monitor."""
    if Monitor != MONITOR or not (X and Y):
        return fail(thread, ERROR_INVALID_PARAMETER)
    for va in (X, Y):
        thread.process.space.write(va, DOTS_PER_INCH.to_bytes(4, "little"))
    return 1


@win32k.syscall()
def NtUserGetSystemDpiForProcess(thread: Thread, Process: PVOID) -> int:
    """Dots per inch that a process believes the display to have."""
    return DOTS_PER_INCH


@window_call
def GetDpiForWindow(thread: Thread, handle: int) -> int:
    """The same for a window."""
    return DOTS_PER_INCH if desktop_of(thread).find(handle) is not None else 0


@window_call
def GetWindowDpiAwarenessContext(thread: Thread, handle: int) -> int:
    """What a window knows of dots per inch."""
    return dialect_of(thread).window_dpi if desktop_of(thread).find(handle) is not None else 0


@win32k.syscall()
def NtUserSetProcessDpiAwarenessContext(thread: Thread, Awareness: ULONG, Flags: ULONG) -> int:
    """A process says once what it knows of dots per inch."""
    part = desktop_of(thread).process(thread.process)
    if part.dpi_awareness:
        return 0
    part.dpi_awareness = Awareness
    return 1


@win32k.syscall(partial="Of the calling process.")
def NtUserGetProcessDpiAwarenessContext(thread: Thread, Process: PVOID) -> int:
    """What a process knows of dots per inch."""
    part = desktop_of(thread).process(thread.process)
    return part.dpi_awareness or dialect_of(thread).unaware


@one_param
def SetThreadDpiAwarenessContext(thread: Thread, context: int) -> int:
    """A thread says what it knows of dots per inch; returns what its process does."""
    part = desktop_of(thread).process(thread.process)
    return (part.dpi_awareness or dialect_of(thread).unaware) | 1 << 31


@two_param
def AdjustWindowRect(thread: Thread, rect_va: int, va: int) -> int:
    """Grow a client area to the window around it; by a structure: style, extended one, menu."""
    space = thread.process.space
    style, extended, menu = struct.unpack("<3I", space.read(va, 12))
    left, top, right, bottom = struct.unpack("<4i", space.read(rect_va, 16))
    edges = frame(style, extended, has_menu=bool(menu))
    grown = (left - edges.left, top - edges.top, right + edges.right, bottom + edges.bottom)
    limits = [max(min(edge, 0x7FFFFFFF), -0x80000000) for edge in grown]
    space.write(rect_va, struct.pack("<4i", *limits))
    return 1


def _font() -> bytes:
    """LOGFONTW of the texts in windows."""
    head = struct.pack("<5i8B", -11, 0, 0, 0, 400, 0, 0, 0, 0, 0, 0, 0, 0)
    return head + encode_utf16(_FONT_FACE).ljust(64, b"\0")


def _non_client_metrics() -> bytes:
    caption, small, menu = 18, 15, 18
    font = _font()
    scroll = metric(Metric.CXVSCROLL)
    return b"".join((
        struct.pack("<5i", 1, scroll, scroll, caption, caption), font,
        struct.pack("<2i", small, small), font,
        struct.pack("<2i", menu, menu), font, font, font,
    ))  # fmt: skip


def _parameter(action: int) -> bytes | None:
    """What SystemParametersInfo stores; None for what is not known."""
    if action == _SPI_GETNONCLIENTMETRICS:
        data = _non_client_metrics()
        return struct.pack("<I", len(data) + 4) + data
    if action == _SPI_GETWORKAREA:
        return struct.pack("<4i", *_SCREEN)
    if action == _SPI_GETICONTITLELOGFONT:
        return _font()
    return _WORDS[action].to_bytes(4, "little") if action in _WORDS else None


@win32k.syscall(partial="The settings that programs ask for most; none can be changed.")
def NtUserSystemParametersInfo(
    thread: Thread, Action: ULONG, Value: ULONG, Data: PVOID, Update: ULONG
) -> int:
    """Ask for a setting of the desktop."""
    answer = _parameter(Action)
    if answer is None:
        return fail(thread, ERROR_INVALID_PARAMETER)
    if Action == _SPI_GETNONCLIENTMETRICS:
        size = int.from_bytes(thread.process.space.read(Data, 4), "little")
        answer = size.to_bytes(4, "little") + answer[4 : max(4, min(size, len(answer)))]
    thread.process.space.write(Data, answer)
    return 1


@win32k.syscall(partial="As NtUserSystemParametersInfo, whatever the dots per inch.")
def NtUserSystemParametersInfoForDpi(
    thread: Thread, Action: ULONG, Value: ULONG, Data: PVOID, Update: ULONG, Dpi: ULONG
) -> int:
    """Ask for a setting as it is on another display."""
    return int(NtUserSystemParametersInfo(thread, Action, Value, Data, Update))


@win32k.syscall(partial="There is no device behind the monitor.")
def NtUserEnumDisplayDevices(
    thread: Thread, Device: PVOID, Index: ULONG, Information: PVOID, Flags: ULONG
) -> int:
    """Tell of a display device; the result is a status."""
    return NTSTATUS.UNSUCCESSFUL


@win32k.syscall(partial="There are no modes to choose from.")
def NtUserEnumDisplaySettings(
    thread: Thread, Device: PVOID, Mode: ULONG, DeviceMode: PVOID, Flags: ULONG
) -> int:
    """Tell of a mode of a display device."""
    return 0
