"""Calls of window procedures, which user32 makes for the kernel.

User32 gets a structure with all that the procedure wants, and converts texts between ANSI and
Unicode where sender and window differ.
"""

from __future__ import annotations

import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple
from provider.nt.ke.callback import call_user_mode
from provider.nt.win32k.coded import dialect_of
from provider.nt.win32k.desktop import desktop_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.thread import Thread
    from provider.nt.win32k.procedure import ProcedureTable
    from provider.nt.win32k.window import Window

_RESULT_BYTES = 4
_STACK_ALIGNMENT = 8


class Mapping(IntEnum):
    """Why user32 converts a character of WM_CHAR (enum wm_char_mapping)."""

    SEND = 1
    RECEIVE = 3
    DISPATCH = 4
    CALL = 5


class Call(NamedTuple):
    """A message for a procedure."""

    window: int
    number: int
    wparam: int
    lparam: int
    ansi: bool
    """Whether texts in it are ANSI."""
    mapping: Mapping


def words_of(thread: Thread, call: Call, function: int, *, ansi_target: bool, fix: bool) -> bytes:
    """What user32 gets; `fix`: the procedure's own character set counts before the window's."""
    dialect = dialect_of(thread)
    table = desktop_of(thread).process(thread.process).procedures
    values = {
        "function": function,
        "window": call.window,
        "message": call.number,
        "wparam": call.wparam,
        "lparam": call.lparam,
        "ansi": call.ansi,
        "ansi_target": ansi_target,
        "mapping": call.mapping,
        "dpi": dialect.window_dpi,
        **_procedures(table, function, call, fix=fix),
    }
    fields = dialect.call_fields
    return struct.pack(f"<{len(fields)}I", *(values.get(name, 0) for name in fields))


def _procedures(table: ProcedureTable, function: int, call: Call, *, fix: bool) -> dict[str, int]:
    procedure = table.find(function)
    if procedure is None:
        return {"ansi_procedure": function, "wide_procedure": function}
    values = {
        "ansi_procedure": procedure.ansi or function,
        "wide_procedure": procedure.wide or function,
    }
    if fix:
        same = procedure.ansi if call.ansi else procedure.wide
        values["ansi_target"] = bool(call.ansi if same else not call.ansi)
    return values


def window_words(thread: Thread, window: Window, call: Call) -> bytes:
    """The same for a window's procedure; a dialog's converts for itself."""
    return words_of(
        thread,
        call,
        window.procedure,
        ansi_target=not window.is_unicode,
        fix=not window.dialog_info,
    )


async def call_procedure(
    thread: Thread,
    window: Window,
    number: int,
    wparam: int = 0,
    lparam: int = 0,
    *,
    ansi: bool = False,
    mapping: Mapping = Mapping.SEND,
) -> int:
    """Let one of the thread's own windows answer a message.  NtError, AccessViolation."""
    call = Call(window.handle, number, wparam & 0xFFFFFFFF, lparam & 0xFFFFFFFF, ansi, mapping)
    words = window_words(thread, window, call)
    reply = await call_user_mode(thread, dialect_of(thread).call_procedure, words)
    if reply.length != _RESULT_BYTES:
        return 0
    return int.from_bytes(thread.process.space.read(reply.buffer, _RESULT_BYTES), "little")


@contextmanager
def on_stack(thread: Thread, data: bytes) -> Iterator[int]:
    """A copy of `data` on the thread's stack, for procedures to see.  AccessViolation."""
    registers = thread.registers
    before = registers.esp
    va = before - len(data) & ~(_STACK_ALIGNMENT - 1)
    thread.process.space.write(va, data)
    registers.esp = va
    try:
        yield va
    finally:
        thread.registers.esp = before
