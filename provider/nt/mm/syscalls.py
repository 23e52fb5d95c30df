"""Calls on virtual memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.mm import AccessViolation, Region, VadKind
from provider.kernel.mm.protection import OF_CODE
from provider.kernel.thread import Thread
from provider.nt.handles import live_process, nt_part
from provider.nt.mm.protection import from_page, to_page
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.mm import MEMORY_BASIC_INFORMATION
from provider.nt.table import nt
from provider.nt.types import (
    ALLOCATION,
    HANDLE,
    MEM,
    PAGE,
    PVOID,
    SIZE_T,
    ULONG,
    ULONG_PTR,
    UNICODE_STRING_HEADER,
    encode_utf16,
)
from provider.syscall import Out, Ref

if TYPE_CHECKING:
    from provider.kernel.process import Process

PROCESS_VM_OPERATION = 0x0008
PROCESS_VM_READ = 0x0010
PROCESS_VM_WRITE = 0x0020
PROCESS_QUERY_INFORMATION = 0x0400

MEM_PRIVATE, MEM_MAPPED, MEM_IMAGE = 0x20000, 0x40000, 0x1000000
MEM_FREE = 0x10000
_KINDS = {
    VadKind.PRIVATE: MEM_PRIVATE,
    VadKind.MAPPED: MEM_MAPPED,
    VadKind.IMAGE: MEM_IMAGE,
}
_SUPPORTED = (
    ALLOCATION.MEM_COMMIT
    | ALLOCATION.MEM_RESERVE
    | ALLOCATION.MEM_TOP_DOWN
    | ALLOCATION.MEM_RESET
    | ALLOCATION.MEM_WRITE_WATCH
)
_TRANSFER_CHUNK = 0x10000

MEMORY_BASIC = 0
MEMORY_MAPPED_FILE_NAME = 2


@nt.syscall(partial="Physical (AWE) and large pages are refused; MEM_RESET keeps the contents.")
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
    _check_allocation_type(AllocationType)
    space = live_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    protection = from_page(Protect)
    if AllocationType == ALLOCATION.MEM_RESET:
        BaseAddress.value, RegionSize.value = space.reset(start, size)
        return
    BaseAddress.value, RegionSize.value = space.allocate(
        start or None,
        size,
        reserve=bool(AllocationType & ALLOCATION.MEM_RESERVE) or not start,
        commit=bool(AllocationType & ALLOCATION.MEM_COMMIT),
        protection=protection,
        top_down=bool(AllocationType & ALLOCATION.MEM_TOP_DOWN),
        zero_bits=ZeroBits,
        write_watch=bool(AllocationType & ALLOCATION.MEM_WRITE_WATCH),
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


@nt.syscall(partial="Classes other than basic information and the mapped file's name.")
def NtQueryVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: PVOID,
    MemoryInformationClass: ULONG,
    MemoryInformation: PVOID,
    MemoryInformationLength: SIZE_T,
    ReturnLength: Out[SIZE_T] | None,
) -> None:
    """Tell what is at an address."""
    process = live_process(thread, ProcessHandle, PROCESS_QUERY_INFORMATION)
    if MemoryInformationClass == MEMORY_BASIC:
        if MemoryInformationLength < MEMORY_BASIC_INFORMATION.SIZE:
            raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
        data = bytes(_basic(process.space.query(BaseAddress)))
    elif MemoryInformationClass == MEMORY_MAPPED_FILE_NAME:
        data = _file_name(process, BaseAddress, MemoryInformation, MemoryInformationLength)
    else:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    thread.process.space.write(MemoryInformation, data)
    if ReturnLength is not None:
        ReturnLength.value = len(data)


@nt.syscall()
def NtReadVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: PVOID,
    Buffer: PVOID,
    NumberOfBytesToRead: SIZE_T,
    NumberOfBytesRead: Out[SIZE_T] | None,
) -> NTSTATUS:
    """Copy memory of a process into the caller's."""
    source = live_process(thread, ProcessHandle, PROCESS_VM_READ)
    status, done = _copy(source, BaseAddress, thread.process, Buffer, NumberOfBytesToRead)
    if NumberOfBytesRead is not None:
        NumberOfBytesRead.value = done
    return status


@nt.syscall()
def NtWriteVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: PVOID,
    Buffer: PVOID,
    NumberOfBytesToWrite: SIZE_T,
    NumberOfBytesWritten: Out[SIZE_T] | None,
) -> NTSTATUS:
    """Copy the caller's memory into a process."""
    target = live_process(thread, ProcessHandle, PROCESS_VM_WRITE)
    status, done = _copy(thread.process, Buffer, target, BaseAddress, NumberOfBytesToWrite)
    if NumberOfBytesWritten is not None:
        NumberOfBytesWritten.value = done
    return status


@nt.syscall()
def NtFlushInstructionCache(
    thread: Thread, ProcessHandle: HANDLE, BaseAddress: PVOID, Length: SIZE_T
) -> None:
    """Nothing to do: writes to code are noticed when they happen."""
    live_process(thread, ProcessHandle, PROCESS_VM_WRITE)


def _check_allocation_type(kind: int) -> None:
    """NtError INVALID_PARAMETER_5: nothing asked for, or what does not go together."""
    commit_or_reserve = kind & (ALLOCATION.MEM_COMMIT | ALLOCATION.MEM_RESERVE)
    if not commit_or_reserve and kind != ALLOCATION.MEM_RESET:
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    if kind & ~_SUPPORTED or (commit_or_reserve and kind & ALLOCATION.MEM_RESET):
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    if kind & ALLOCATION.MEM_WRITE_WATCH and not kind & ALLOCATION.MEM_RESERVE:
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)


def _basic(region: Region) -> MEMORY_BASIC_INFORMATION:
    information = MEMORY_BASIC_INFORMATION(BaseAddress=region.start, RegionSize=region.size)
    if region.vad is None:
        information.State, information.Protect = MEM_FREE, 1
        return information
    information.AllocationBase = region.vad.start
    information.AllocationProtect = to_page(OF_CODE[region.vad.code])
    information.Type = _KINDS[region.vad.kind]
    information.State = ALLOCATION.MEM_COMMIT if region.committed else ALLOCATION.MEM_RESERVE
    information.Protect = to_page(region.protection) if region.committed else 0
    return information


def _file_name(process: Process, va: int, buffer: int, length: int) -> bytes:
    """A UNICODE_STRING followed by its text.  NtError INVALID_ADDRESS outside file views."""
    vad = process.space.query(va).vad
    name = nt_part(process).file_names.get(vad.start, "") if vad is not None else ""
    if not name:
        raise NtError(NTSTATUS.INVALID_ADDRESS)
    text = encode_utf16(name)
    header = UNICODE_STRING_HEADER(
        Length=len(text), MaximumLength=len(text) + 2, Buffer=buffer + UNICODE_STRING_HEADER.SIZE
    )
    data = bytes(header) + text + b"\0\0"
    if length < len(data):
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    return data


def _copy(
    source: Process, source_va: int, target: Process, target_va: int, size: int
) -> tuple[NTSTATUS, int]:
    """Copy in chunks, up to the first page that cannot be; returns how many bytes were."""
    done = 0
    while done < size:
        count = min(size - done, _TRANSFER_CHUNK, 0x1000 - (source_va + done & 0xFFF))
        try:
            data = source.space.read(source_va + done, count)
            target.space.write(target_va + done, data)
        except AccessViolation:
            return NTSTATUS.PARTIAL_COPY, done
        done += count
    return NTSTATUS.SUCCESS, done
