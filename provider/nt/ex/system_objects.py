"""System information about handles and about what is loaded in system space.

An object's address is one that nothing lies at, the same for all handles of the object in one
answer.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple
from emu.paging import SYSTEM_BASE
from provider.nt.ob.type_table import INDEX
from provider.nt.structs.ob import OBJ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.kernel import Kernel
    from provider.kernel.ob.handle import HandleEntry

_HANDLE = struct.Struct("<HHBBHII")
_HANDLE_EX = struct.Struct("<IIIIHHI4x")
_MODULE = struct.Struct("<8xIII4H256s")
_FIRST_OBJECT_VA, _OBJECT_SIZE = 0x85000000, 0x40
_DIRECTORY = "\\SystemRoot\\system32\\"


class _Module(NamedTuple):
    name: str
    base: int
    size: int


_MODULES = (
    _Module("ntoskrnl.exe", SYSTEM_BASE, 0x400000),
    _Module("hal.dll", SYSTEM_BASE + 0x400000, 0x40000),
)
"""The kernel and what stands for the machine below it."""


def handle_list(kernel: Kernel, va: int) -> bytes:
    """SYSTEM_HANDLE_INFORMATION: a count, then ids and handles in 16 bits."""
    rows = [
        _HANDLE.pack(
            process & 0xFFFF,
            0,
            INDEX[entry.object.type_name],
            _attributes(entry),
            handle & 0xFFFF,
            address,
            entry.access,
        )
        for process, handle, entry, address in _handles(kernel)
    ]
    return struct.pack("<I", len(rows)) + b"".join(rows)


def handle_list_ex(kernel: Kernel, va: int) -> bytes:
    """SYSTEM_HANDLE_INFORMATION_EX: the same with whole numbers."""
    rows = [
        _HANDLE_EX.pack(
            address,
            process,
            handle,
            entry.access,
            0,
            INDEX[entry.object.type_name],
            _attributes(entry),
        )
        for process, handle, entry, address in _handles(kernel)
    ]
    return struct.pack("<2I", len(rows), 0) + b"".join(rows)


def module_list(kernel: Kernel, va: int) -> bytes:
    """RTL_PROCESS_MODULES: a count, then what is loaded."""
    return struct.pack("<I", len(_MODULES)) + b"".join(map(_module, range(len(_MODULES))))


def module_list_ex(kernel: Kernel, va: int) -> bytes:
    """RTL_PROCESS_MODULE_INFORMATION_EX, each with the offset of the next; one of 0 ends them."""
    size = 2 + 2 + _MODULE.size + 12
    rows = [
        struct.pack("<HH", size, 0) + _module(index) + struct.pack("<3I", 0, 0, module.base)
        for index, module in enumerate(_MODULES)
    ]
    return b"".join(rows) + bytes(2)


def _handles(kernel: Kernel) -> Iterator[tuple[int, int, HandleEntry, int]]:
    """Process id, handle, entry and the object's address."""
    known: dict[int, int] = {}
    for process in sorted(kernel.processes.values(), key=lambda process: process.id):
        for handle, entry in process.handles:
            number = known.setdefault(id(entry.object), len(known))
            yield process.id, handle, entry, _FIRST_OBJECT_VA + number * _OBJECT_SIZE


def _attributes(entry: HandleEntry) -> int:
    return entry.inherit * OBJ.OBJ_INHERIT | entry.protect * OBJ.OBJ_PROTECT_CLOSE


def _module(index: int) -> bytes:
    module = _MODULES[index]
    path = (_DIRECTORY + module.name).encode()
    flags, load_count, name_offset = 0, 1, len(_DIRECTORY)
    return _MODULE.pack(module.base, module.size, flags, index, 0, load_count, name_offset, path)
