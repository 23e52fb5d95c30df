"""What user32 asks while it attaches to a process; calls that codes tell apart; hooks."""

from __future__ import annotations

import inspect
import struct
from contextlib import suppress
from typing import Any

from provider.kernel.thread import Thread
from provider.nt.ke.callback import call_user_mode
from provider.nt.status import NtError
from provider.nt.table import win32k
from provider.nt.types import PVOID, ULONG, encode_utf16
from provider.nt.win32k.coded import (
    dialect_of,
    no_param,
    one_param,
    two_param,
    window_call,
    window_param,
)
from provider.nt.win32k.desktop import desktop_of
from provider.nt.win32k.procedure import Procedure

_KEPT = ("user32.dll", "gdi32.dll")


@win32k.syscall()
async def NtUserInitializeClientPfnArrays(
    thread: Thread, ClientProcsA: PVOID, ClientProcsW: PVOID, Workers: PVOID, Module: PVOID
) -> None:
    """Take note of user32's own window procedures; the result is a status."""
    dialect, space = dialect_of(thread), thread.process.space
    names, size = dialect.procedures, dialect.procedure_size
    tables = [space.read(va, size * len(names)) for va in (ClientProcsA, ClientProcsW)]
    ansi, wide = (
        [each[0] for each in struct.iter_unpack(f"<I{size - 4}x", table)] for table in tables
    )
    part = desktop_of(thread).process(thread.process)
    part.module = Module
    if not part.classes:
        part.procedures.set_own(names, [Procedure(*each) for each in zip(ansi, wide, strict=True)])
        desktop_of(thread).add_builtin_classes(part)
        await _keep_libraries(thread)


async def _keep_libraries(thread: Thread) -> None:
    """Let user32 load itself and gdi32: they stay until the process ends.

    They need each other, and Wine's loader would unload one before the other; where there is a
    display, what user32 loads for that keeps both.
    """
    routine = dialect_of(thread).load_driver
    with suppress(NtError):  # too deep in callbacks, or no place for them
        for name in _KEPT:
            await call_user_mode(thread, routine, encode_utf16(name + "\0"))


@win32k.syscall(partial="Codes whose functions are not there do nothing; a note tells of them.")
def NtUserCallNoParam(thread: Thread, Code: ULONG) -> int:
    """Make one of user32's calls without parameters."""
    return int(no_param.find(thread, Code)(thread))


@win32k.syscall(partial="Codes whose functions are not there do nothing; a note tells of them.")
def NtUserCallOneParam(thread: Thread, Parameter: PVOID, Code: ULONG) -> int:
    """Make one of user32's calls with one parameter."""
    return int(one_param.find(thread, Code)(thread, Parameter))


@win32k.syscall(partial="Codes whose functions are not there do nothing; a note tells of them.")
def NtUserCallTwoParam(thread: Thread, First: PVOID, Second: PVOID, Code: ULONG) -> int:
    """Make one of user32's calls with two parameters."""
    return int(two_param.find(thread, Code)(thread, First, Second))


@win32k.syscall(partial="Codes whose functions are not there do nothing; a note tells of them.")
async def NtUserCallHwnd(thread: Thread, Window: PVOID, Code: ULONG) -> int:
    """Make one of user32's calls about a window."""
    return await _result(window_call.find(thread, Code)(thread, Window))


@win32k.syscall(partial="Codes whose functions are not there do nothing; a note tells of them.")
async def NtUserCallHwndParam(thread: Thread, Window: PVOID, Parameter: PVOID, Code: ULONG) -> int:
    """Make one of user32's calls about a window and something else."""
    return await _result(window_param.find(thread, Code)(thread, Window, Parameter))


async def _result(answer: Any) -> int:
    return int(await answer if inspect.isawaitable(answer) else answer)


def _nothing(thread: Thread, *arguments: int) -> int:
    return 0


for _name in ("ExitingThread", "ThreadDetach", "GetDialogBaseUnits", "DisplayModeChanged"):
    no_param.declare(_name, _nothing)
for _name in ("EnableThunkLock", "GetDeskPattern"):
    one_param.declare(_name, _nothing)


@no_param
def GetProcessDefaultLayout(thread: Thread) -> int:
    """Whether new windows are laid out from right to left."""
    return desktop_of(thread).process(thread.process).layout


@one_param
def SetProcessDefaultLayout(thread: Thread, layout: int) -> int:
    """The same for windows to come."""
    desktop_of(thread).process(thread.process).layout = layout
    return 1


@two_param
def AllocWinProc(thread: Thread, address: int, ansi: int) -> int:
    """A handle for a window procedure."""
    table = desktop_of(thread).process(thread.process).procedures
    return table.handle(address, ansi=bool(ansi))


@two_param
def GetDialogProc(thread: Thread, handle: int, ansi: int) -> int:
    """The address behind a handle; 0 where it has none for the character set."""
    procedure = desktop_of(thread).process(thread.process).procedures.find(handle)
    if procedure is None:
        return handle
    return procedure.ansi if ansi else procedure.wide


@win32k.syscall(partial="No hook is ever called: there is no input, and nobody else to look on.")
def NtUserSetWindowsHookEx(
    thread: Thread,
    Module: PVOID,
    Name: PVOID,
    ThreadId: ULONG,
    Id: ULONG,
    Procedure: PVOID,
    Ansi: ULONG,
) -> int:
    """Refuse a hook."""
    return 0


@win32k.syscall(partial="Refused: nobody tells of events.")
def NtUserSetWinEventHook(
    thread: Thread,
    First: ULONG,
    Last: ULONG,
    Module: PVOID,
    Name: PVOID,
    Procedure: PVOID,
    ProcessId: ULONG,
    ThreadId: ULONG,
    Flags: ULONG,
) -> int:
    """Refuse a hook on events."""
    return 0


@win32k.syscall(partial="Nobody listens.")
def NtUserNotifyWinEvent(
    thread: Thread, Event: ULONG, Window: PVOID, Object: ULONG, Child: ULONG
) -> None:
    """Take note of an event."""


@two_param
def UnhookWindowsHook(thread: Thread, kind: int, procedure: int) -> int:
    """Take a hook away: there are none."""
    return 0


@win32k.syscall()
def NtUserCallMsgFilter(thread: Thread, Message: PVOID, Code: ULONG) -> int:
    """Ask the hooks about a message: there are none."""
    return 0
