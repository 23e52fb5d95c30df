"""Ntdlls with the stubs and entry points of other systems, made of assembly."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from emu.assemble import assemble
from loader.pe import read_pe
from loader.stubs import Gate
from tests.provider.nt.synthetic import (
    NTDLL_BASE,
    SLOT,
    _export_directory,
    pe_bytes,
)

if TYPE_CHECKING:
    from loader.image import Image

TEXT_RVA = 0x1000
CALLS = {"NtClose": (0x31, 4), "NtContinue": (0x32, 8), "NtTerminateProcess": (0x33, 8)}
"""Numbers and argument bytes; no other ntdll of the tests has these numbers."""
_R, _W, _X = 0x40000000, 0x80000000, 0x20000000
_NT_DISPATCHER = "lea ebx,[esp+16]; pop eax; call eax; push 1; push ebx; call {NtContinue}"
_LATE_DISPATCHER = "lea ebx,[esp+20]; pop eax; call eax; push [ebx-4]; push ebx; call {NtContinue}"
_WINE_DISPATCHER = "mov ebx,[esp+4]; call dword ptr [esp+20]; push 1; push ebx; call {NtContinue}"
_ENTRIES = {
    "KiUserExceptionDispatcher": "hlt",
    "LdrInitializeThunk": "ret",
    "RtlUserThreadStart": "mov [esp+8],ebx; mov [esp+4],eax; jmp eax",
}


class Foreign(NamedTuple):
    """An ntdll and the addresses of its exports."""

    image: Image
    addresses: dict[str, int]


def foreign_ntdll(gate: Gate, *, wine: int = 0) -> Foreign:
    """An ntdll whose three calls go through `gate`, with the entry points of NT or of Wine 8 or 10.

    NtClose of Wine 10 goes through the TEB, as another call does there.
    """
    data_names = ["__wine_syscall_dispatcher", "__wine_unix_call_dispatcher"] if wine else []
    data_names += ["__wine_unixlib_handle"] if wine >= 10 else []
    if gate is Gate.POINTER:
        data_names += ["the_thunk"]
        data_names += [] if wine else ["the_cell"]
    names = sorted([*_ENTRIES, "KiUserApcDispatcher", *CALLS, *data_names])
    addresses = {name: NTDLL_BASE + TEXT_RVA + SLOT * index for index, name in enumerate(names)}
    code = {name: assemble(text, addresses[name]) for name, text in _ENTRIES.items()}
    dispatcher = {0: _NT_DISPATCHER, 8: _WINE_DISPATCHER, 10: _LATE_DISPATCHER}[wine]
    code["KiUserApcDispatcher"] = assemble(
        dispatcher.format(**addresses), addresses["KiUserApcDispatcher"]
    )
    for name, (number, size) in CALLS.items():
        code[name] = _stub(gate, number, size, addresses.get("the_thunk", 0))
    if wine >= 10:
        code["NtClose"] = b"\xb8\x31\0\0\0\x64\xff\x15\xc0\0\0\0\xc2\4\0"
    if gate is Gate.POINTER:
        cell = addresses["__wine_syscall_dispatcher" if wine else "the_cell"]
        code["the_thunk"] = b"\xff\x25" + struct.pack("<I", cell)
    text = b"".join(code.get(name, bytes(SLOT)).ljust(SLOT, b"\0") for name in names)
    directory = _export_directory(0x2000, names, TEXT_RVA)
    sections = [
        (b".text", TEXT_RVA, text, _R | _W | _X | 0x20),
        (b".edata", 0x2000, directory, _R | 0x40),
    ]
    data = pe_bytes(NTDLL_BASE, sections, export=(0x2000, len(directory)))
    return Foreign(read_pe(data, "ntdll.dll"), addresses)


def _stub(gate: Gate, number: int, size: int, thunk: int) -> bytes:
    ret = b"\xc2" + struct.pack("<H", size)
    load = b"\xb8" + struct.pack("<I", number)
    return (
        load
        + {
            Gate.INT_2E: b"\x8d\x54\x24\x04\xcd\x2e" + ret,
            Gate.SHARED: b"\xba\x00\x03\xfe\x7f\xff\x12" + ret,
            Gate.SYSENTER: b"\xe8\x03\0\0\0" + ret + b"\x8b\xd4\x0f\x34\xc3",
            Gate.POINTER: b"\xba" + struct.pack("<I", thunk) + b"\xff\xd2" + ret,
        }[gate]
    )
