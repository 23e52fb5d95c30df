"""Errors of the window manager's calls: they return 0, and the error is in the TEB."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from provider.kernel.mm import AccessViolation
from provider.nt.dispatch import BoundCall, status_of
from provider.nt.status import NTSTATUS
from provider.nt.structs.process import TEB

if TYPE_CHECKING:
    from provider.kernel.thread import Thread

ERROR_ACCESS_DENIED = 5
ERROR_INVALID_HANDLE = 6
ERROR_NOT_ENOUGH_MEMORY = 8
ERROR_INVALID_PARAMETER = 87
ERROR_INSUFFICIENT_BUFFER = 122
ERROR_MOD_NOT_FOUND = 126
ERROR_NOACCESS = 998
ERROR_MESSAGE_SYNC_ONLY = 1159
ERROR_INVALID_WINDOW_HANDLE = 1400
ERROR_INVALID_CURSOR_HANDLE = 1402
ERROR_TLW_WITH_WSCHILD = 1406
ERROR_CANNOT_FIND_WND_CLASS = 1407
ERROR_CLASS_ALREADY_EXISTS = 1410
ERROR_CLASS_DOES_NOT_EXIST = 1411
ERROR_CLASS_HAS_WINDOWS = 1412
ERROR_INVALID_INDEX = 1413
ERROR_CLIPBOARD_NOT_OPEN = 1418
ERROR_INVALID_THREAD_ID = 1444
ERROR_TIMEOUT = 1460
ERROR_NOT_ENOUGH_QUOTA = 1816
"""Those of winerror.h that the calls set."""
_BY_STATUS: dict[int, int] = {
    NTSTATUS.ACCESS_VIOLATION: ERROR_NOACCESS,
    NTSTATUS.ACCESS_DENIED: ERROR_ACCESS_DENIED,
    NTSTATUS.INVALID_HANDLE: ERROR_INVALID_HANDLE,
    NTSTATUS.OBJECT_TYPE_MISMATCH: ERROR_INVALID_HANDLE,
    NTSTATUS.NO_MEMORY: ERROR_NOT_ENOUGH_MEMORY,
}


def set_last_error(thread: Thread, error: int) -> None:
    """What GetLastError is to say; a TEB that the guest has spoilt stays as it is."""
    with suppress(AccessViolation):
        va = thread.context.teb_va + TEB.LastErrorValue.offset
        thread.process.space.write(va, error.to_bytes(4, "little"))


def fail(thread: Thread, error: int) -> int:
    """The result of a call that failed."""
    set_last_error(thread, error)
    return 0


class BoundUserCall(BoundCall):
    """A call that returns 0 when it fails, not a status."""

    __slots__ = ()

    def fail(self, thread: Thread, error: Exception) -> int:
        return fail(thread, _BY_STATUS.get(status_of(error), ERROR_INVALID_PARAMETER))
