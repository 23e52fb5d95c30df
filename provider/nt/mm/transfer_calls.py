"""Calls that copy memory between processes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from provider.kernel.mm import AccessViolation
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import mapped_process, userland_of
from provider.nt.mm.access import HIGHEST_USER_ADDRESS, PROCESS_VM_READ, PROCESS_VM_WRITE
from provider.nt.mm.protected import write_protected
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID, SIZE_T
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.mm import AddressSpace

_PAGE = 0x1000
_THROUGH_POOL = 511
"""Bytes at most that go through a buffer of the kernel; of more, the source's pages are locked."""
_LOCKED_AT_ONCE = 14 * _PAGE


@nt.syscall()
def NtReadVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: PVOID,
    Buffer: FILLED,
    NumberOfBytesToRead: SIZE_T,
    NumberOfBytesRead: Out[SIZE_T] | None,
) -> NTSTATUS:
    """Copy memory of a process into the caller's."""
    _check_ranges(BaseAddress, Buffer, NumberOfBytesToRead)
    if NumberOfBytesRead is not None:
        NumberOfBytesRead.value = 0
    if not NumberOfBytesToRead:
        return NTSTATUS.SUCCESS
    source = mapped_process(thread, ProcessHandle, PROCESS_VM_READ)
    write = thread.process.space.write
    status, done = _copy(source.space, BaseAddress, write, Buffer, NumberOfBytesToRead)
    if NumberOfBytesRead is not None:
        NumberOfBytesRead.value = done
    return status


@nt.syscall()
def NtWriteVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: PVOID,
    Buffer: GIVEN,
    NumberOfBytesToWrite: SIZE_T,
    NumberOfBytesWritten: Out[SIZE_T] | None,
) -> NTSTATUS:
    """Copy the caller's memory into a process."""
    _check_ranges(BaseAddress, Buffer, NumberOfBytesToWrite)
    if NumberOfBytesWritten is not None:
        NumberOfBytesWritten.value = 0
    if not NumberOfBytesToWrite:
        return NTSTATUS.SUCCESS
    target = mapped_process(thread, ProcessHandle, PROCESS_VM_WRITE)
    userland = userland_of(thread.process)
    write = target.space.write
    if userland is not None and userland.writes_protected:
        write = partial(write_protected, target.space)
    status, done = _copy(thread.process.space, Buffer, write, BaseAddress, NumberOfBytesToWrite)
    if NumberOfBytesWritten is not None:
        NumberOfBytesWritten.value = done
    return status


@nt.syscall()
def NtFlushInstructionCache(
    thread: Thread, ProcessHandle: HANDLE, BaseAddress: PVOID, Length: SIZE_T
) -> None:
    """Nothing to do: writes to code are noticed when they happen."""
    mapped_process(thread, ProcessHandle, PROCESS_VM_WRITE)


def _check_ranges(first: int, second: int, size: int) -> None:
    """NtError ACCESS_VIOLATION: a range goes beyond the user's addresses."""
    if max(first, second) + size > HIGHEST_USER_ADDRESS + 1:
        raise NtError(NTSTATUS.ACCESS_VIOLATION)


def _copy(
    source: AddressSpace,
    source_va: int,
    write: Callable[[int, bytes], None],
    target_va: int,
    size: int,
) -> tuple[NTSTATUS, int]:
    """Copy page by page, up to the first page that cannot be; tells how many bytes were.

    A larger copy goes piece by piece, and of a piece whose source is not all there nothing is
    copied: WriteProcessMemory of a buffer with a hole in its first 56 KB writes nothing (Wine's
    tests of VirtualAllocEx record it from Windows).
    """
    done = 0
    while done < size:
        here, there = source_va + done, target_va + done
        piece = min(size, _LOCKED_AT_ONCE - done % _LOCKED_AT_ONCE + done) - done
        count = min(piece, _PAGE - here % _PAGE, _PAGE - there % _PAGE)
        try:
            if size > _THROUGH_POOL and not done % _LOCKED_AT_ONCE:
                source.probe_read(here, piece)
            write(there, source.read(here, count))
        except AccessViolation:
            return NTSTATUS.PARTIAL_COPY, done
        done += count
    return NTSTATUS.SUCCESS, done
