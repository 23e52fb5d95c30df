"""Calls that reserve, commit, protect and free private memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.thread import Thread
from provider.nt.handles import live_process
from provider.nt.mm import extended
from provider.nt.mm.access import PROCESS_VM_OPERATION
from provider.nt.mm.protection import from_page, to_page
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import (
    ALLOCATION,
    HANDLE,
    MEM,
    PAGE,
    PAGE_PROTECTION,
    PVOID,
    SIZE_T,
    ULONG,
    ULONG_PTR,
)
from provider.syscall import Out, Ref

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace

_COMMIT_OR_RESERVE = ALLOCATION.MEM_COMMIT | ALLOCATION.MEM_RESERVE
_RESETS = (ALLOCATION.MEM_RESET, ALLOCATION.MEM_RESET_UNDO)
_SUPPORTED = (
    _COMMIT_OR_RESERVE
    | ALLOCATION.MEM_TOP_DOWN
    | ALLOCATION.MEM_RESET
    | ALLOCATION.MEM_RESET_UNDO
    | ALLOCATION.MEM_WRITE_WATCH
    | ALLOCATION.MEM_PHYSICAL
    | ALLOCATION.MEM_LARGE_PAGES
)
_WINDOW = ALLOCATION.MEM_RESERVE | ALLOCATION.MEM_PHYSICAL


@nt.syscall(partial="MEM_RESET keeps the contents; nobody holds the privilege for large pages.")
def NtAllocateVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: Ref[PVOID],
    ZeroBits: ULONG_PTR,
    RegionSize: Ref[SIZE_T],
    AllocationType: MEM,
    Protect: PAGE,
) -> None:
    """Reserve or commit pages of a process."""
    start, size = BaseAddress.value, RegionSize.value
    _check_type(AllocationType, Protect)
    space = live_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    BaseAddress.value, RegionSize.value = _allocate(
        space, start, size, AllocationType, Protect, extended.Requirements(), zero_bits=ZeroBits
    )


@nt.syscall(partial="As NtAllocateVirtualMemory; placeholders and partitions are refused.")
def NtAllocateVirtualMemoryEx(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: Ref[PVOID],
    RegionSize: Ref[SIZE_T],
    AllocationType: MEM,
    PageProtection: PAGE,
    ExtendedParameters: PVOID,
    ExtendedParameterCount: ULONG,
) -> None:
    """Reserve or commit pages of a process within bounds and with an alignment."""
    start, size = BaseAddress.value, RegionSize.value
    requirements = extended.read(
        thread.process.space, ExtendedParameters, ExtendedParameterCount, view=False
    )
    _check_type(AllocationType, PageProtection)
    space = live_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    extended.check_base(start, requirements)
    BaseAddress.value, RegionSize.value = _allocate(
        space, start, size, AllocationType, PageProtection, requirements
    )


@nt.syscall()
def NtFreeVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: Ref[PVOID],
    RegionSize: Ref[SIZE_T],
    FreeType: MEM,
) -> None:
    """Decommit pages, or release a range."""
    start, size = BaseAddress.value, RegionSize.value
    space = live_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    if FreeType == ALLOCATION.MEM_RELEASE:
        BaseAddress.value, RegionSize.value = space.release(start, size)
    elif FreeType == ALLOCATION.MEM_DECOMMIT:
        BaseAddress.value, RegionSize.value = space.decommit(start, size)
    else:
        raise NtError(NTSTATUS.INVALID_PARAMETER_4)


@nt.syscall()
def NtProtectVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: Ref[PVOID],
    RegionSize: Ref[SIZE_T],
    NewProtect: PAGE,
    OldProtect: Out[PAGE],
) -> None:
    """Change the protection of committed pages."""
    space = live_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    start, size, before = space.protect(BaseAddress.value, RegionSize.value, from_page(NewProtect))
    BaseAddress.value, RegionSize.value, OldProtect.value = start, size, to_page(before)


def _allocate(
    space: AddressSpace,
    start: int,
    size: int,
    kind: int,
    protect: int,
    requirements: extended.Requirements,
    *,
    zero_bits: int = 0,
) -> tuple[int, int]:
    protection = from_page(protect)
    if kind in _RESETS:
        return space.reset(start, size)
    if kind & ALLOCATION.MEM_LARGE_PAGES:
        raise NtError(NTSTATUS.PRIVILEGE_NOT_HELD)
    return space.allocate(
        start or None,
        size,
        reserve=bool(kind & ALLOCATION.MEM_RESERVE) or not start,
        commit=bool(kind & ALLOCATION.MEM_COMMIT),
        protection=protection,
        top_down=bool(kind & ALLOCATION.MEM_TOP_DOWN),
        zero_bits=zero_bits,
        lowest=requirements.lowest,
        highest=requirements.highest or 0xFFFFFFFF,
        alignment=requirements.alignment,
        write_watch=bool(kind & ALLOCATION.MEM_WRITE_WATCH),
        window=bool(kind & ALLOCATION.MEM_PHYSICAL),
    )


def _check_type(kind: int, protect: int) -> None:
    """Refuse what does not go together.

    NtError INVALID_PARAMETER_5 and 6 (the protection of a window for physical pages);
    INVALID_PARAMETER for placeholders.
    """
    commit_or_reserve = kind & _COMMIT_OR_RESERVE
    if kind & ~(_SUPPORTED | ALLOCATION.MEM_RESERVE_PLACEHOLDER) or (
        not commit_or_reserve and kind not in _RESETS
    ):
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    if kind & ALLOCATION.MEM_RESERVE_PLACEHOLDER:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if commit_or_reserve and any(kind & reset for reset in _RESETS):
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    if kind & ALLOCATION.MEM_WRITE_WATCH and not kind & ALLOCATION.MEM_RESERVE:
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    if kind & ALLOCATION.MEM_LARGE_PAGES and not kind & ALLOCATION.MEM_COMMIT:
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    if kind & ALLOCATION.MEM_PHYSICAL:
        if kind & ~ALLOCATION.MEM_TOP_DOWN != _WINDOW:
            raise NtError(NTSTATUS.INVALID_PARAMETER_5)
        if protect != PAGE_PROTECTION.PAGE_READWRITE:
            raise NtError(NTSTATUS.INVALID_PARAMETER_6)
