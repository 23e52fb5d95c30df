"""Local descriptors (psldt.c): what a process may put into its LDT, and how it is told.

PROCESS_LDT_INFORMATION is Start and Length in bytes, then descriptors; PROCESS_LDT_SIZE is Length.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.ke.ldt import DESCRIPTOR_BYTES, LDT_BYTES, Ldt
from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread

_HEADER = struct.Struct("<2I")
_HIGHEST_USER_VA = 0x7FFEFFFF
DESCRIPTOR_TABLE_ENTRY_BYTES = 4 + DESCRIPTOR_BYTES
LONGEST_LDT_INFORMATION = _HEADER.size + LDT_BYTES
_RING3 = 3
_CODE, _CONFORMING, _EXPANDS_DOWN, _SEGMENT = 8, 4, 4, 16
_LOCAL = 4
_SELECTOR_BITS = 7
"""Of a selector: RPL and table, which say nothing of the place in the table."""


def is_valid(descriptor: bytes) -> bool:
    """PspIsDescriptorValid: none at all, or a segment of ring 3 that ends below system memory.

    Conforming code and system segments are refused (KiTrap0D could not tell them from others).
    """
    limit, base, base_mid, access, limit_flags, base_high = struct.unpack("<HHBBBB", descriptor)
    kind, level, is_present = access & 31, access >> 5 & 3, access >> 7
    if not kind and not level:
        return True
    is_code = kind & _CODE
    if not kind & _SEGMENT or (is_code and kind & _CONFORMING) or level != _RING3:
        return False
    if limit_flags & 0x20:  # the bit for 64-bit code
        return False
    if not is_present:
        return True
    base |= base_mid << 16 | base_high << 24
    limit |= (limit_flags & 15) << 16
    if not is_code and kind & _EXPANDS_DOWN:
        limit = 0xFFFFFFFF if limit_flags & 0x40 else 0xFFFF
    elif limit_flags & 0x80:
        limit = limit << 12 | 0xFFF
    return bool(base + limit <= _HIGHEST_USER_VA)


def set_entries(process: Process, entries: list[tuple[int, bytes]]) -> None:
    """Set descriptors by selector; those of selector 0 are left out.

    NtError INVALID_LDT_DESCRIPTOR, KernelError; nothing is changed then.
    """
    chosen = []
    for selector, descriptor in entries:
        if selector > 0xFFFF:
            raise NtError(NTSTATUS.INVALID_LDT_DESCRIPTOR)
        if selector & ~_SELECTOR_BITS:
            chosen.append((selector & ~_SELECTOR_BITS, descriptor))
    if not all(is_valid(descriptor) for _, descriptor in chosen):
        raise NtError(NTSTATUS.INVALID_LDT_DESCRIPTOR)
    for offset, descriptor in chosen:
        _table(process).write(offset, descriptor)


def query_information(process: Process, request: bytes, length: int) -> bytes:
    """ProcessLdtInformation: the table's length, and the descriptors that are asked for.

    `request` is what the caller's buffer of `length` bytes begins with.
    """
    if length < _HEADER.size + DESCRIPTOR_BYTES:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    start, size = _range(request)
    if length - _HEADER.size < size:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    table = nt_part(process).ldt
    if table is None:
        return _HEADER.pack(start, 0)
    return _HEADER.pack(start, table.size) + table.read(start, size)


def set_information(process: Process, data: bytes) -> None:
    """ProcessLdtInformation: set a range of descriptors.  NtError as `set_entries`, and others."""
    if len(data) < _HEADER.size + DESCRIPTOR_BYTES:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    start, size = _range(data)
    if start + size > LDT_BYTES:
        raise NtError(NTSTATUS.INVALID_LDT_SIZE)
    descriptors = data[_HEADER.size : _HEADER.size + size]
    if len(descriptors) < size:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    pieces = (descriptors[at : at + DESCRIPTOR_BYTES] for at in range(0, size, DESCRIPTOR_BYTES))
    if not all(map(is_valid, pieces)):
        raise NtError(NTSTATUS.INVALID_LDT_DESCRIPTOR)
    if size:
        _table(process).write(start, descriptors)


def set_size(process: Process, data: bytes) -> None:
    """ProcessLdtSize: let the table be shorter.  NtError NO_LDT, INVALID_LDT_SIZE."""
    if len(data) != 4:
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    size = int.from_bytes(data, "little")
    table = nt_part(process).ldt
    if size % DESCRIPTOR_BYTES:
        raise NtError(NTSTATUS.INVALID_LDT_SIZE)
    if table is None:
        raise NtError(NTSTATUS.NO_LDT)
    if size > table.size:
        raise NtError(NTSTATUS.INVALID_LDT_SIZE)
    table.shrink(size)


def descriptor_table_entry(thread: Thread, selector: bytes) -> bytes:
    """ThreadDescriptorTableEntry: a selector and its descriptor, of the GDT or of the LDT.

    NtError NO_LDT, UNSUCCESSFUL beyond the end of the table (since Windows 10).
    """
    number = int.from_bytes(selector, "little")
    table = nt_part(thread.process).ldt
    if not number & _LOCAL:
        cpu = thread.process.kernel.cpu
        found = cpu.read_descriptor(thread.registers, number)
    elif table is None:
        raise NtError(NTSTATUS.NO_LDT)
    else:
        found = table.read(number & ~_SELECTOR_BITS, DESCRIPTOR_BYTES)
    if not found:
        raise NtError(NTSTATUS.UNSUCCESSFUL)
    return selector + found


def copy_table(source: Process, target: Process) -> None:
    """Give a clone of a process the same descriptors.  KernelError."""
    table = nt_part(source).ldt
    if table is not None:
        _table(target).write(0, table.read(0, table.size))


def _table(process: Process) -> Ldt:
    part = nt_part(process)
    if part.ldt is None:
        part.ldt = Ldt(process)
    return part.ldt


def _range(data: bytes) -> tuple[int, int]:
    start, size = _HEADER.unpack_from(data)
    if size % DESCRIPTOR_BYTES:
        raise NtError(NTSTATUS.INVALID_LDT_SIZE)
    if start % DESCRIPTOR_BYTES:
        raise NtError(NTSTATUS.INVALID_LDT_OFFSET)
    return start, size
