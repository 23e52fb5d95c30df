"""The list of processes and threads that NtQuerySystemInformation gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.kernel.ke.clock import BLOCKS_PER_UNIT
from provider.kernel.ke.wait import WaitReason
from provider.kernel.thread import ThreadState
from provider.nt.process import NtThread
from provider.nt.ps.io_counters import io_counters
from provider.nt.structs.ex import (
    SYSTEM_EXTENDED_THREAD_INFORMATION,
    SYSTEM_PROCESS_INFORMATION,
    SYSTEM_THREAD_INFORMATION,
)
from provider.nt.structs.process import CLIENT_ID
from provider.nt.structs.ps import VM_COUNTERS
from provider.nt.types import UNICODE_STRING_HEADER, encode_utf16

if TYPE_CHECKING:
    from collections.abc import Callable

    from emu.struct import Struct
    from provider.kernel.kernel import Kernel
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread

    Describe = Callable[[Kernel, Thread], Struct]

_ALIGNMENT = 8
_LONGEST_NAME = 0xFFFC


def process_list(kernel: Kernel, va: int) -> bytes:
    """All processes in the order of their ids, for a buffer at `va`.

    Minimal ones are among them, and those that have ended are not, though handles may remain.
    """
    return _list(kernel, va, thread_information)


def extended_process_list(kernel: Kernel, va: int) -> bytes:
    """The same with where each thread began and has its TEB."""
    return _list(kernel, va, _extended_thread)


def _list(kernel: Kernel, va: int, describe: Describe) -> bytes:
    processes = [process for _, process in sorted(kernel.processes.items())]
    result = bytearray()
    for index, process in enumerate(processes):
        entry = _entry(kernel, process, va + len(result), describe)
        if index < len(processes) - 1:
            entry[:4] = len(entry).to_bytes(4, "little")
        result += entry
    return bytes(result)


def memory_counters(process: Process) -> VM_COUNTERS:
    """What a process uses of memory, in bytes."""
    space = process.space
    return VM_COUNTERS(
        PeakVirtualSize=space.peak_virtual_size,
        VirtualSize=space.virtual_size,
        PageFaultCount=space.counters.faults,
        PeakWorkingSetSize=space.peak_resident * PAGE_SIZE,
        WorkingSetSize=space.resident * PAGE_SIZE,
        PagefileUsage=space.committed * PAGE_SIZE,
        PeakPagefileUsage=space.peak_committed * PAGE_SIZE,
    )


def _entry(kernel: Kernel, process: Process, va: int, describe: Describe) -> bytearray:
    """One process, its threads, and its name, padded for the next one to be aligned."""
    header = SYSTEM_PROCESS_INFORMATION(
        NumberOfThreads=len(process.threads),
        NumberOfThreadsHighWatermark=len(process.threads),
        HardFaultCount=process.space.counters.hard_faults,
        BasePriority=process.base_priority,
        UniqueProcessId=process.id,
        InheritedFromUniqueProcessId=process.parent_id,
        HandleCount=len(process.handles),
        SessionId=0 if process.is_minimal else 1,
        PrivatePageCount=process.space.committed * PAGE_SIZE,
        VirtualMemory=memory_counters(process),
    )
    header.UserTime = kernel.user_time(process)
    header.CycleTime = header.UserTime * BLOCKS_PER_UNIT
    header.CreateTime = process.create_time
    header.Io = io_counters(process.io_counters)
    threads = b"".join(bytes(describe(kernel, thread)) for thread in process.threads)
    name = encode_utf16(process.name)[:_LONGEST_NAME]
    header.ImageName = UNICODE_STRING_HEADER(
        Length=len(name),
        MaximumLength=len(name) + 2,
        Buffer=va + header.SIZE + len(threads),
    )
    entry = bytearray(bytes(header) + threads + name + b"\0\0")
    return entry + bytes(-len(entry) % _ALIGNMENT)


def _extended_thread(kernel: Kernel, thread: Thread) -> SYSTEM_EXTENDED_THREAD_INFORMATION:
    extended = SYSTEM_EXTENDED_THREAD_INFORMATION(ThreadInfo=thread_information(kernel, thread))
    if isinstance(thread.context, NtThread):
        extended.Win32StartAddress = thread.context.start_va
        extended.TebBase = thread.context.teb_va
    return extended


def thread_information(kernel: Kernel, thread: Thread) -> SYSTEM_THREAD_INFORMATION:
    """One thread as lists tell of it."""
    information = SYSTEM_THREAD_INFORMATION(
        UserTime=kernel.blocks_of(thread) // BLOCKS_PER_UNIT,
        Priority=thread.priority,
        BasePriority=thread.base_priority,
        ThreadState=thread.state.value,
        ClientId=CLIENT_ID(UniqueProcess=thread.process.id, UniqueThread=thread.id),
    )
    if thread.state is ThreadState.WAITING:
        block = thread.wait_state.block
        information.WaitReason = WaitReason.EXECUTIVE if block is None else block.kind
    if isinstance(thread.context, NtThread):
        information.StartAddress = thread.context.start_va
        information.CreateTime = thread.context.create_time
    return information
