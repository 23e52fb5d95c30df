"""Calls that reserve, commit, protect and free private memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.kernel.mm import placeholder
from provider.kernel.mm.allocation import Room
from provider.kernel.thread import Thread
from provider.nt.handles import mapped_process
from provider.nt.mm import extended
from provider.nt.mm.access import PROCESS_VM_OPERATION
from provider.nt.mm.protection import from_private_page, to_page
from provider.nt.se.privilege import SE_LOCK_MEMORY
from provider.nt.se.subject import require_privilege
from provider.nt.status import NTSTATUS, NtError
from provider.nt.table import nt
from provider.nt.types import (
    ALLOCATION,
    HANDLE,
    MEM,
    MEM_COALESCE_PLACEHOLDERS,
    MEM_PRESERVE_PLACEHOLDER,
    MEM_REPLACE_PLACEHOLDER,
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

# Plain integers: operators of flag types cost a microsecond each.
MEM_COMMIT, MEM_RESERVE = int(ALLOCATION.MEM_COMMIT), int(ALLOCATION.MEM_RESERVE)
MEM_DECOMMIT, MEM_RELEASE = int(ALLOCATION.MEM_DECOMMIT), int(ALLOCATION.MEM_RELEASE)
MEM_RESET, MEM_RESET_UNDO = int(ALLOCATION.MEM_RESET), int(ALLOCATION.MEM_RESET_UNDO)
MEM_TOP_DOWN = int(ALLOCATION.MEM_TOP_DOWN)
MEM_WRITE_WATCH = int(ALLOCATION.MEM_WRITE_WATCH)
MEM_PHYSICAL = int(ALLOCATION.MEM_PHYSICAL)
MEM_LARGE_PAGES = int(ALLOCATION.MEM_LARGE_PAGES)
MEM_RESERVE_PLACEHOLDER = int(ALLOCATION.MEM_RESERVE_PLACEHOLDER)
PAGE_NOACCESS = int(PAGE_PROTECTION.PAGE_NOACCESS)
PAGE_READWRITE = int(PAGE_PROTECTION.PAGE_READWRITE)
_COMMIT_OR_RESERVE = MEM_COMMIT | MEM_RESERVE
_PLAIN = (MEM_COMMIT, MEM_RESERVE, _COMMIT_OR_RESERVE)
_RESETS = (MEM_RESET, MEM_RESET_UNDO)
_SUPPORTED = (
    _COMMIT_OR_RESERVE
    | MEM_TOP_DOWN
    | MEM_RESET
    | MEM_RESET_UNDO
    | MEM_WRITE_WATCH
    | MEM_PHYSICAL
    | MEM_LARGE_PAGES
)
_WINDOW = MEM_RESERVE | MEM_PHYSICAL
_ANYWHERE = extended.Requirements()
_BY_PAGE = extended.Requirements(alignment=PAGE_SIZE)


@nt.syscall(partial="There are never enough frames for large pages.")
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
    if AllocationType & MEM_LARGE_PAGES:
        require_privilege(thread, SE_LOCK_MEMORY)
    space = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    BaseAddress.value, RegionSize.value = _allocate(
        space, start, size, AllocationType, Protect, _ANYWHERE, zero_bits=ZeroBits
    )


@nt.syscall(partial="As NtAllocateVirtualMemory; partitions are refused.")
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
    kind = AllocationType & ~MEM_REPLACE_PLACEHOLDER
    if kind & MEM_RESERVE_PLACEHOLDER:
        _check_placeholder(AllocationType, PageProtection, size)
    else:
        _check_type(kind, PageProtection)
    if kind & MEM_LARGE_PAGES:
        require_privilege(thread, SE_LOCK_MEMORY)
    space = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    extended.check_base(start, requirements)
    if kind & MEM_RESERVE_PLACEHOLDER:
        room = _room(requirements, kind)
        found = placeholder.reserve(space, start or None, size, room)
    elif AllocationType & MEM_REPLACE_PLACEHOLDER:
        if not kind & MEM_RESERVE or not start:
            raise NtError(NTSTATUS.INVALID_PARAMETER)
        with placeholder.replaced(space, start, size):
            found = _allocate(space, start, size, kind, PageProtection, _BY_PAGE)
    else:
        found = _allocate(space, start, size, kind, PageProtection, requirements)
    BaseAddress.value, RegionSize.value = found


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
    space = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    if FreeType == MEM_RELEASE:
        BaseAddress.value, RegionSize.value = space.release(start, size)
    elif FreeType == MEM_DECOMMIT:
        BaseAddress.value, length = space.decommit(start, size)
        RegionSize.value = length if size else 0  # as Windows 10 since version 1803
    elif FreeType == MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER:
        BaseAddress.value, RegionSize.value = placeholder.split(space, start, size)
    elif FreeType == MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS:
        BaseAddress.value, RegionSize.value = placeholder.coalesce(space, start, size)
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
    space = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    protection = from_private_page(NewProtect)
    start, size, before = space.protect(BaseAddress.value, RegionSize.value, protection)
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
    protection = from_private_page(protect)
    if kind == MEM_RESET:
        return space.reset(start, size)
    if kind == MEM_RESET_UNDO:
        return space.undo_reset(start, size)
    if kind & MEM_LARGE_PAGES:
        raise NtError(NTSTATUS.INSUFFICIENT_RESOURCES)
    return space.allocate(
        start or None,
        size,
        reserve=bool(kind & MEM_RESERVE) or not start,
        commit=bool(kind & MEM_COMMIT),
        protection=protection,
        top_down=bool(kind & MEM_TOP_DOWN),
        zero_bits=zero_bits,
        lowest=requirements.lowest,
        highest=requirements.highest or 0xFFFFFFFF,
        alignment=requirements.alignment,
        write_watch=bool(kind & MEM_WRITE_WATCH),
        window=bool(kind & MEM_PHYSICAL),
    )


def _room(requirements: extended.Requirements, kind: int) -> Room:
    return Room(
        top_down=bool(kind & MEM_TOP_DOWN),
        lowest=requirements.lowest,
        highest=requirements.highest or 0xFFFFFFFF,
        zero_bits=0,
        alignment=requirements.alignment,
    )


def _check_placeholder(kind: int, protect: int, size: int) -> None:
    """NtError INVALID_PARAMETER: more than whole pages of reserved addresses without access."""
    is_plain = kind & ~MEM_TOP_DOWN == MEM_RESERVE | MEM_RESERVE_PLACEHOLDER
    if not is_plain or protect != PAGE_NOACCESS or size % PAGE_SIZE:
        raise NtError(NTSTATUS.INVALID_PARAMETER)


def _check_type(kind: int, protect: int) -> None:
    """Refuse what does not go together.

    NtError INVALID_PARAMETER_5 and 6 (the protection of a window for physical pages);
    INVALID_PARAMETER for placeholders.
    """
    if kind in _PLAIN:
        return
    commit_or_reserve = kind & _COMMIT_OR_RESERVE
    if kind & ~(_SUPPORTED | MEM_RESERVE_PLACEHOLDER) or (
        not commit_or_reserve and kind not in _RESETS
    ):
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    if kind & MEM_RESERVE_PLACEHOLDER:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    if commit_or_reserve and any(kind & reset for reset in _RESETS):
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    if kind & MEM_WRITE_WATCH and not kind & MEM_RESERVE:
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    if kind & MEM_LARGE_PAGES and not kind & MEM_COMMIT:
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    if kind & MEM_PHYSICAL:
        if kind & ~MEM_TOP_DOWN != _WINDOW:
            raise NtError(NTSTATUS.INVALID_PARAMETER_5)
        if protect != PAGE_READWRITE:
            raise NtError(NTSTATUS.INVALID_PARAMETER_6)
