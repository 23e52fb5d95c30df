"""Lines of Wine's debug channels: what keeps a program from starting is remembered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.thread import Thread

MOST_TEXT_BYTES = 0x10000
_LONGEST = 300
_MISSING_DLL = re.compile(r'Library (\S+) \(which is needed by L"(.*)"\) not found')
_LOADER_GAVE_UP = re.compile(r":LdrInitializeThunk |^wine: could not load ")


def write_line(thread: Thread, va: int, length: int) -> int:
    """Take a line of `length` bytes of UTF-8; returns how many.  NtError, AccessViolation."""
    if length > MOST_TEXT_BYTES:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    text = thread.process.space.read(va, length).decode("utf-8", "replace").strip()
    context = nt_part(thread.process)
    if found := _MISSING_DLL.search(text):
        context.loader_complaint = _printable(f"{found[1]} is missing (needed by {found[2]})")
    elif _LOADER_GAVE_UP.search(text) and not thread.process.parent_id:
        context.provider.load_failure = context.loader_complaint or _printable(text)
    return length


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:_LONGEST])
