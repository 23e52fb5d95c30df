"""Calls from the kernel into user mode: a system call's coroutine that stands aside for user code.

A provider sets the thread's registers to where user mode is to go on and awaits a `UserCall`; what
it gets is what `Kernel.end_user_call` is given when user mode comes back.  In between the thread
runs as any other, waits, and makes system calls, also such that call user mode themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator


class _Request:
    """The type of `TO_USER_MODE`."""


TO_USER_MODE = _Request()
"""What a call yields that does not wait for anything but user mode."""


class UserCall:
    """Awaiting one lets the thread run user code; returns what that came back with."""

    __slots__ = ()

    def __await__(self) -> Generator[_Request, Any, Any]:
        result: Any = yield TO_USER_MODE
        return result
