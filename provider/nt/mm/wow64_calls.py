"""Calls that 32-bit programs make with 64-bit addresses (wow64 of ntdll; Wine has them everywhere).

An address is two words of arguments.  Nothing is above 4 GB here: what is there is not mapped.
"""

from __future__ import annotations

from provider.kernel.thread import Thread
from provider.nt.mm.allocation_calls import NtAllocateVirtualMemory
from provider.nt.mm.transfer_calls import NtReadVirtualMemory, NtWriteVirtualMemory
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.process import (
    KUSER_SHARED_DATA,
    PROCESSOR_FEATURES,
    SHARED_USER_DATA_VA,
)
from provider.nt.table import nt, wine
from provider.nt.types import HANDLE, MEM, PAGE, PVOID, ULONG, ULONGLONG
from provider.syscall import Out, Ref

_WORD = 0xFFFFFFFF


@nt.syscall(partial="As NtAllocateVirtualMemory.")
def NtWow64AllocateVirtualMemory64(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: Ref[ULONGLONG],
    ZeroBits: ULONG,
    ZeroBitsHigh: ULONG,
    RegionSize: Ref[ULONGLONG],
    AllocationType: MEM,
    Protect: PAGE,
) -> None:
    """Reserve or commit pages of a process."""
    if ZeroBitsHigh:
        raise NtError(NTSTATUS.INVALID_PARAMETER_3)
    if RegionSize.value > _WORD:
        raise NtError(NTSTATUS.INVALID_PARAMETER_4)
    if BaseAddress.value > _WORD:
        raise NtError(NTSTATUS.CONFLICTING_ADDRESSES)
    NtAllocateVirtualMemory(
        thread, ProcessHandle, BaseAddress, ZeroBits, RegionSize, AllocationType, Protect
    )


@nt.syscall()
def NtWow64ReadVirtualMemory64(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: ULONG,
    BaseAddressHigh: ULONG,
    Buffer: PVOID,
    NumberOfBytesToRead: ULONG,
    NumberOfBytesToReadHigh: ULONG,
    NumberOfBytesRead: Out[ULONGLONG] | None,
) -> NTSTATUS:
    """Copy memory of a process into the caller's."""
    _check(BaseAddressHigh, NumberOfBytesToReadHigh)
    return NtReadVirtualMemory(
        thread, ProcessHandle, BaseAddress, Buffer, NumberOfBytesToRead, NumberOfBytesRead
    )


@nt.syscall()
def NtWow64WriteVirtualMemory64(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: ULONG,
    BaseAddressHigh: ULONG,
    Buffer: PVOID,
    NumberOfBytesToWrite: ULONG,
    NumberOfBytesToWriteHigh: ULONG,
    NumberOfBytesWritten: Out[ULONGLONG] | None,
) -> NTSTATUS:
    """Copy the caller's memory into a process."""
    _check(BaseAddressHigh, NumberOfBytesToWriteHigh)
    return NtWriteVirtualMemory(
        thread, ProcessHandle, BaseAddress, Buffer, NumberOfBytesToWrite, NumberOfBytesWritten
    )


@wine.syscall()
def NtWow64IsProcessorFeaturePresent(thread: Thread, Feature: ULONG) -> int:
    """Whether KUSER_SHARED_DATA says that the processor has a feature, as a BOOLEAN."""
    if Feature >= PROCESSOR_FEATURES:
        return False
    va = SHARED_USER_DATA_VA + KUSER_SHARED_DATA.ProcessorFeatures.offset + Feature
    return thread.process.space.read(va, 1) != b"\0"


def _check(*high: int) -> None:
    """NtError PARTIAL_COPY: there is nothing above 4 GB."""
    if any(high):
        raise NtError(NTSTATUS.PARTIAL_COPY)
