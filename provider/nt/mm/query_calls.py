"""Calls that tell what is in a process's address space, and that give advice about it."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.kernel.mm import PageState, Region, VadKind
from provider.kernel.mm.protection import CODE_OF, OF_CODE
from provider.kernel.mm.runs import committed
from provider.kernel.mm.segment import PageFileSegment
from provider.kernel.thread import Thread
from provider.nt.contents import FILLED, GIVEN
from provider.nt.handles import mapped_process, nt_part
from provider.nt.legend import MEMORY_CLASS, VIRTUAL_MEMORY_CLASS
from provider.nt.mm.access import PROCESS_QUERY_INFORMATION, PROCESS_VM_OPERATION
from provider.nt.mm.protection import to_page
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.mm import (
    MEMORY_BASIC_INFORMATION,
    MEMORY_IMAGE_INFORMATION,
    MEMORY_REGION_INFORMATION,
    MEMORY_SHARED_COMMIT_INFORMATION,
)
from provider.nt.table import nt
from provider.nt.types import (
    ALLOCATION,
    HANDLE,
    PVOID,
    SIZE_T,
    ULONG,
    ULONG_PTR,
    UNICODE_STRING_HEADER,
    encode_utf16,
)
from provider.nt.unix.calls import unix_handle
from provider.syscall import Out

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.mm import AddressSpace, Vad
    from provider.kernel.process import Process

BASIC, WORKING_SET, MAPPED_FILE_NAME, REGION, WORKING_SET_EX = range(5)
SHARED_COMMIT, IMAGE = 5, 6
WINE_UNIX_HANDLE = 1000
MEM_FREE = 0x10000
_KINDS = {
    VadKind.PRIVATE: 0x20000,
    VadKind.PHYSICAL: 0x20000,
    VadKind.MAPPED: 0x40000,
    VadKind.IMAGE: 0x1000000,
}
"""MEM_PRIVATE, MEM_MAPPED, MEM_IMAGE."""
_LEAST_REGION = MEMORY_REGION_INFORMATION.CommitSize.offset
_EX_ENTRY = struct.Struct("<2I")
_EX_CHUNK = 512
_MOST_SHARES = 7
_SHARED_BIT, _LOCKED_BIT = 1 << 15, 1 << 22

PREFETCH, PAGE_PRIORITY = 0, 1
_RANGE = struct.Struct("<2I")
_MOST_RANGES = 0x10000
_MOST_PRIORITY = 5


@nt.syscall(partial="Classes above image information, for privileged callers, are refused.")
def NtQueryVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    BaseAddress: PVOID,
    MemoryInformationClass: MEMORY_CLASS,
    MemoryInformation: FILLED,
    MemoryInformationLength: SIZE_T,
    ReturnLength: Out[SIZE_T] | None,
) -> NTSTATUS:
    """Tell what is at an address, or in the working set."""
    process = mapped_process(thread, ProcessHandle, PROCESS_QUERY_INFORMATION)
    space, length = process.space, MemoryInformationLength
    status = NTSTATUS.SUCCESS
    if MemoryInformationClass == WORKING_SET_EX:
        size = _working_set_ex(thread.process.space, space, MemoryInformation, length)
    elif MemoryInformationClass == MAPPED_FILE_NAME:
        data = _file_name(process, BaseAddress, MemoryInformation)
        size = len(data)
        if ReturnLength is not None:  # told even where the buffer has no room for a header
            ReturnLength.value = size
        status = _store_name(thread, MemoryInformation, length, data)
    elif MemoryInformationClass == WORKING_SET:
        size = _store_working_set(thread, space, MemoryInformation, length)
    else:
        data = _fixed(process, BaseAddress, MemoryInformationClass, length)
        thread.process.space.write(MemoryInformation, data)
        size = len(data)
    if ReturnLength is not None:
        ReturnLength.value = size
    return status


@nt.syscall(partial="All pages have one priority: another is checked and does not count.")
def NtSetInformationVirtualMemory(
    thread: Thread,
    ProcessHandle: HANDLE,
    VmInformationClass: VIRTUAL_MEMORY_CLASS,
    NumberOfEntries: ULONG_PTR,
    VirtualAddresses: PVOID,
    VmInformation: GIVEN,
    VmInformationLength: ULONG,
) -> None:
    """Give advice about ranges of memory."""
    if VmInformationClass not in (PREFETCH, PAGE_PRIORITY):
        raise NtError(NTSTATUS.INVALID_PARAMETER_2)
    if not VmInformation:
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    if VmInformationLength != 4:
        raise NtError(NTSTATUS.INVALID_PARAMETER_6)
    if not 0 < NumberOfEntries <= _MOST_RANGES:
        raise NtError(NTSTATUS.INVALID_PARAMETER_3)
    memory = thread.process.space
    value = int.from_bytes(memory.read(VmInformation, 4), "little")
    ranges = list(_RANGE.iter_unpack(memory.read(VirtualAddresses, _RANGE.size * NumberOfEntries)))
    if any(not size for _, size in ranges):
        raise NtError(NTSTATUS.INVALID_PARAMETER_4)
    if value > (_MOST_PRIORITY if VmInformationClass == PAGE_PRIORITY else 0):
        raise NtError(NTSTATUS.INVALID_PARAMETER_5)
    space = mapped_process(thread, ProcessHandle, PROCESS_VM_OPERATION).space
    if VmInformationClass == PREFETCH:
        _prefetch(space, ranges)


def _prefetch(space: AddressSpace, ranges: list[tuple[int, int]]) -> None:
    """Advice is followed as far as there is memory for it: a guest may ask for any number."""
    left = space.mm.pfns.total * PAGE_SIZE
    for base, size in ranges:
        space.prefetch(base, min(size, left))
        left -= min(size, left)
        if not left:
            return


def _fixed(process: Process, va: int, information_class: int, length: int) -> bytes:
    """The answer of a class with a structure of its own.  NtError."""
    if information_class == WINE_UNIX_HANDLE:
        return unix_handle(process, va)
    known = _FIXED.get(information_class)
    if known is None:
        raise NtError(NTSTATUS.INVALID_INFO_CLASS)
    least, answer = known
    if length < least:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    return answer(process.space, process.space.query(va))[:length]


def _basic(space: AddressSpace, region: Region) -> bytes:
    information = MEMORY_BASIC_INFORMATION(BaseAddress=region.start, RegionSize=region.size)
    if region.vad is None:
        information.State, information.Protect = MEM_FREE, 1
        return bytes(information)
    information.AllocationBase = region.vad.start
    information.AllocationProtect = to_page(OF_CODE[region.vad.code])
    information.Type = _KINDS[region.vad.kind]
    information.State = ALLOCATION.MEM_COMMIT if region.committed else ALLOCATION.MEM_RESERVE
    information.Protect = to_page(region.protection) if region.committed else 0
    return bytes(information)


def _region(space: AddressSpace, region: Region) -> bytes:
    """The whole allocation; Windows leaves the flags of the region's type 0."""
    vad = _allocated(region)
    return bytes(
        MEMORY_REGION_INFORMATION(
            AllocationBase=vad.start,
            AllocationProtect=to_page(OF_CODE[vad.code]),
            RegionSize=vad.end - vad.start,
            CommitSize=committed(space, vad, vad.start, vad.end) << 12,
        )
    )


def _image(space: AddressSpace, region: Region) -> bytes:
    vad = _allocated(region)
    if vad.kind is not VadKind.IMAGE:
        return bytes(MEMORY_IMAGE_INFORMATION())
    size = vad.end - vad.start
    return bytes(MEMORY_IMAGE_INFORMATION(ImageBase=vad.start, SizeOfImage=size))


def _shared_commit(space: AddressSpace, region: Region) -> bytes:
    """What the page file has to hold of sections that the process maps, wherever they are."""
    segments = {vad.segment for vad in space.vads.all() if isinstance(vad.segment, PageFileSegment)}
    pages = sum(segment.charge for segment in segments)
    return bytes(MEMORY_SHARED_COMMIT_INFORMATION(CommitSize=pages << 12))


def _allocated(region: Region) -> Vad:
    """NtError INVALID_ADDRESS where nothing is allocated."""
    if region.vad is None:
        raise NtError(NTSTATUS.INVALID_ADDRESS)
    return region.vad


_FIXED: dict[int, tuple[int, Callable[[AddressSpace, Region], bytes]]] = {
    BASIC: (MEMORY_BASIC_INFORMATION.SIZE, _basic),
    REGION: (_LEAST_REGION, _region),
    SHARED_COMMIT: (MEMORY_SHARED_COMMIT_INFORMATION.SIZE, _shared_commit),
    IMAGE: (MEMORY_IMAGE_INFORMATION.SIZE, _image),
}
"""By class: the least length of the buffer, and what answers."""


def _file_name(process: Process, va: int, buffer: int) -> bytes:
    """A UNICODE_STRING followed by its text.  NtError INVALID_ADDRESS outside file views."""
    vad = process.space.query(va).vad
    name = nt_part(process).file_names.get(vad.start, "") if vad is not None else ""
    if not name:
        raise NtError(NTSTATUS.INVALID_ADDRESS)
    text = encode_utf16(name)
    header = UNICODE_STRING_HEADER(
        Length=len(text), MaximumLength=len(text) + 2, Buffer=buffer + UNICODE_STRING_HEADER.SIZE
    )
    return bytes(header) + text + b"\0\0"


def _store_name(thread: Thread, buffer: int, length: int, data: bytes) -> NTSTATUS:
    """BUFFER_OVERFLOW, and nothing stored, where only the header fits."""
    if length < UNICODE_STRING_HEADER.SIZE:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    if length < len(data):
        return NTSTATUS.BUFFER_OVERFLOW
    thread.process.space.write(buffer, data)
    return NTSTATUS.SUCCESS


def _store_working_set(thread: Thread, space: AddressSpace, buffer: int, length: int) -> int:
    """MEMORY_WORKING_SET_INFORMATION; a short buffer gets the number of pages.  NtError."""
    memory = thread.process.space
    if length < 4:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    memory.probe_write(buffer, 4)
    blocks = [_block(state) for state in space.query_working_set()]
    data = struct.pack(f"<{len(blocks) + 1}I", len(blocks), *blocks)
    if length < len(data):
        memory.write(buffer, data[:4])
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    memory.write(buffer, data)
    return len(data)


def _block(state: PageState) -> int:
    """PSAPI_WORKING_SET_BLOCK: its protections are the numbers that PTEs hold too."""
    code = CODE_OF[state.protection]
    shares = min(state.share_count, _MOST_SHARES) if state.shared else 0
    return state.va | state.shared << 8 | shares << 5 | code


def _working_set_ex(memory: AddressSpace, space: AddressSpace, buffer: int, length: int) -> int:
    """Fill in the second words of an array of addresses; returns its bytes.  NtError."""
    size = _EX_ENTRY.size
    if length < size or length % size:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    memory.probe_write(buffer + length - size, size)
    for at in range(buffer, buffer + length, size * _EX_CHUNK):
        count = min(_EX_CHUNK, (buffer + length - at) // size)
        entries = _EX_ENTRY.iter_unpack(memory.read(at, size * count))
        memory.write(at, b"".join(_EX_ENTRY.pack(va, _attributes(space, va)) for va, _ in entries))
    return length


def _attributes(space: AddressSpace, va: int) -> int:
    """PSAPI_WORKING_SET_EX_BLOCK; 0 for the system's addresses."""
    if va >= space.limit:
        return 0
    state = space.query_page(va)
    if not state.valid:
        vad = space.find_vad(va)
        return _SHARED_BIT if vad is not None and vad.segment is not None else 0
    shares = min(state.share_count, _MOST_SHARES) if state.shared else 0
    flags = (state.shared and _SHARED_BIT) | (state.locked and _LOCKED_BIT)
    return 1 | shares << 1 | to_page(state.protection) << 4 | flags
