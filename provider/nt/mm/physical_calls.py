"""Address windowing: calls on pages of physical memory that a process owns."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.thread import Thread
from provider.nt.handles import mapped_process
from provider.nt.mm.access import HIGHEST_USER_ADDRESS, PROCESS_VM_OPERATION
from provider.nt.se.privilege import SE_LOCK_MEMORY
from provider.nt.se.subject import require_privilege
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import HANDLE, PVOID, ULONG_PTR
from provider.syscall import Ref

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE_SIZE = 0x1000


@nt.syscall()
def NtAllocateUserPhysicalPages(
    thread: Thread,
    ProcessHandle: HANDLE,
    NumberOfPages: Ref[ULONG_PTR],
    UserPfnArray: PVOID,
) -> None:
    """Take frames; as many as there are, if that is fewer than asked for."""
    memory = thread.process.space
    require_privilege(thread, SE_LOCK_MEMORY)
    process = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION)
    wanted = min(NumberOfPages.value, process.kernel.memory.pfns.total)
    memory.probe_write(UserPfnArray, 4 * wanted)
    frames = process.space.allocate_frames(wanted)
    if wanted and not frames:
        raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
    memory.write(UserPfnArray, struct.pack(f"<{len(frames)}I", *frames))
    NumberOfPages.value = len(frames)


@nt.syscall()
def NtFreeUserPhysicalPages(
    thread: Thread,
    ProcessHandle: HANDLE,
    NumberOfPages: Ref[ULONG_PTR],
    UserPfnArray: PVOID,
) -> None:
    """Give frames back."""
    process = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION)
    count = NumberOfPages.value
    if count > process.kernel.memory.pfns.total:
        raise NtError(NTSTATUS.INVALID_PARAMETER_2)
    process.space.free_frames(_words(thread, UserPfnArray, count))


@nt.syscall()
def NtMapUserPhysicalPages(
    thread: Thread, VirtualAddress: PVOID, NumberOfPages: ULONG_PTR, UserPfnArray: PVOID
) -> None:
    """Show frames in a window, or nothing if there is no array."""
    if VirtualAddress > HIGHEST_USER_ADDRESS:
        raise NtError(NTSTATUS.INVALID_PARAMETER_1)
    start = VirtualAddress & -PAGE_SIZE
    if not 0 < NumberOfPages <= (HIGHEST_USER_ADDRESS + 1 - start) // PAGE_SIZE:
        raise NtError(NTSTATUS.INVALID_PARAMETER_2)
    pages = range(start, start + NumberOfPages * PAGE_SIZE, PAGE_SIZE)
    _map(thread, pages, UserPfnArray)


@nt.syscall()
def NtMapUserPhysicalPagesScatter(
    thread: Thread, VirtualAddresses: PVOID, NumberOfPages: ULONG_PTR, UserPfnArray: PVOID
) -> None:
    """Show frames at addresses of windows, or nothing there if there is no array of frames."""
    if not 0 < NumberOfPages <= (HIGHEST_USER_ADDRESS + 1) // PAGE_SIZE:
        raise NtError(NTSTATUS.INVALID_PARAMETER_2)
    pages = [va & -PAGE_SIZE for va in _words(thread, VirtualAddresses, NumberOfPages)]
    _map(thread, pages, UserPfnArray)


def _map(thread: Thread, pages: Sequence[int], frames_va: int) -> None:
    """NtError CONFLICTING_ADDRESSES for frames of others; KernelError INVALID_PARAMETER."""
    space = thread.process.space
    frames = _words(thread, frames_va, len(pages)) if frames_va else None
    if frames is not None and not all(pfn in space.physical for pfn in frames):
        raise KernelError(Reason.CONFLICTING_ADDRESSES)
    space.map_frames(pages, frames)


def _words(thread: Thread, va: int, count: int) -> tuple[int, ...]:
    return struct.unpack(f"<{count}I", thread.process.space.read(va, 4 * count))
