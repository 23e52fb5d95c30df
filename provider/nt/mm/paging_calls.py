"""Calls on working sets, dirty pages and page files."""

from __future__ import annotations

import struct

from provider.kernel.io.host_error import host_errors
from provider.kernel.mm.locks import Lock
from provider.kernel.thread import Thread
from provider.nt.handles import mapped_process
from provider.nt.legend import MAP_TYPE, WRITE_WATCH_FLAGS
from provider.nt.mm.access import HIGHEST_USER_ADDRESS, PROCESS_VM_OPERATION
from provider.nt.se.privilege import SE_LOCK_MEMORY
from provider.nt.se.subject import require_privilege
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.io import IO_STATUS_BLOCK
from provider.nt.table import nt
from provider.nt.types import (
    HANDLE,
    LARGE_INTEGER,
    PVOID,
    SIZE_T,
    ULONG,
    ULONG_PTR,
    UNICODE_STRING,
)
from provider.syscall import Out, Ref

_LOCKS = int(Lock.WORKING_SET | Lock.MEMORY)
WRITE_WATCH_FLAG_RESET = 1
PAGE_SIZE = 0x1000
LEAST_PAGE_FILE = 1 << 20
MOST_PAGE_FILE = 1 << 32
LONGEST_PAGE_FILE_NAME = 128
"""UTF-16 units of a page file's name."""


@nt.syscall()
def NtLockVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: Ref[PVOID],
    RegionSize: Ref[SIZE_T],
    MapType: MAP_TYPE,
) -> NTSTATUS:
    """Keep pages in the working set, or in memory."""
    base, size = BaseAddress.value, RegionSize.value
    kind = _lock_kind(thread, MapType)
    space = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    was_locked = space.lock(base, size, kind)
    BaseAddress.value, RegionSize.value = _pages(base, size)
    return NTSTATUS.WAS_LOCKED if was_locked else NTSTATUS.SUCCESS


@nt.syscall()
def NtUnlockVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: Ref[PVOID],
    RegionSize: Ref[SIZE_T],
    MapType: MAP_TYPE,
) -> None:
    """Let pages leave the working set, or memory, again."""
    base, size = BaseAddress.value, RegionSize.value
    kind = _lock_kind(thread, MapType)
    mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space.unlock(base, size, kind)
    BaseAddress.value, RegionSize.value = _pages(base, size)


@nt.syscall()
def NtFlushVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: Ref[PVOID],
    RegionSize: Ref[SIZE_T],
    IoStatus: Out[IO_STATUS_BLOCK],
) -> None:
    """Write the changed pages of a file view to the file."""
    base, size = BaseAddress.value, RegionSize.value
    space = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    with host_errors():
        start, length = space.flush_view(base, size)
    IoStatus.value = IO_STATUS_BLOCK(bytearray(struct.pack("<2I", NTSTATUS.SUCCESS, 0)))
    BaseAddress.value, RegionSize.value = start, length


@nt.syscall()
def NtGetWriteWatch(
    thread: Thread,
    ProcessHandle: HANDLE,
    Flags: WRITE_WATCH_FLAGS,
    BaseAddress: PVOID,
    RegionSize: SIZE_T,
    UserAddressArray: PVOID,
    EntriesInUserAddressArray: Ref[ULONG_PTR],
    Granularity: Out[ULONG],
) -> None:
    """Tell which pages of a range were written."""
    if Flags & ~WRITE_WATCH_FLAG_RESET:
        raise NtError(NTSTATUS.INVALID_PARAMETER_2)
    _check_range(BaseAddress, RegionSize)
    entries = EntriesInUserAddressArray.value
    if not entries:
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    limit = min(entries, RegionSize // PAGE_SIZE + 2)
    space = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    memory = thread.process.space
    memory.probe_write(UserAddressArray, 4 * limit)
    reset = bool(Flags & WRITE_WATCH_FLAG_RESET)
    pages = space.watch_writes(BaseAddress, RegionSize, limit=limit, reset=reset)
    memory.write(UserAddressArray, struct.pack(f"<{len(pages)}I", *pages))
    EntriesInUserAddressArray.value, Granularity.value = len(pages), PAGE_SIZE


@nt.syscall()
def NtResetWriteWatch(
    thread: Thread, ProcessHandle: HANDLE, BaseAddress: PVOID, RegionSize: SIZE_T
) -> None:
    """Forget which pages of a range were written."""
    _check_range(BaseAddress, RegionSize)
    space = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    space.watch_writes(BaseAddress, RegionSize, limit=RegionSize // PAGE_SIZE + 2, reset=True)


@nt.syscall(partial="The file is the host's, of MaximumSize, and has no name for guests.")
def NtCreatePagingFile(
    thread: Thread,
    PageFileName: UNICODE_STRING,
    MinimumSize: LARGE_INTEGER,
    MaximumSize: LARGE_INTEGER,
    Priority: ULONG,
) -> None:
    """Let more be committed, and pages be written to one more file."""
    if not 0 < len(PageFileName) <= LONGEST_PAGE_FILE_NAME:
        raise NtError(NTSTATUS.OBJECT_NAME_INVALID)
    if not LEAST_PAGE_FILE <= MinimumSize <= MOST_PAGE_FILE:
        raise NtError(NTSTATUS.INVALID_PARAMETER_2)
    if not MinimumSize <= MaximumSize <= MOST_PAGE_FILE:
        raise NtError(NTSTATUS.INVALID_PARAMETER_3)
    with host_errors():
        thread.process.kernel.memory.add_page_file(MaximumSize)


def _lock_kind(thread: Thread, map_type: int) -> Lock:
    """NtError INVALID_PARAMETER; PRIVILEGE_NOT_HELD for locks in memory."""
    if not map_type or map_type & ~_LOCKS:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if map_type & Lock.MEMORY:
        require_privilege(thread, SE_LOCK_MEMORY)
    return Lock(map_type)


def _check_range(base: int, size: int) -> None:
    """NtError INVALID_PARAMETER_2 or 3 for addresses that are not the user's."""
    if base > HIGHEST_USER_ADDRESS:
        raise NtError(NTSTATUS.INVALID_PARAMETER_2)
    if size > HIGHEST_USER_ADDRESS - base:
        raise NtError(NTSTATUS.INVALID_PARAMETER_3)


def _pages(base: int, size: int) -> tuple[int, int]:
    """The start and size of the pages around a range."""
    start = base & -PAGE_SIZE
    return start, -(-(base + size) // PAGE_SIZE) * PAGE_SIZE - start
