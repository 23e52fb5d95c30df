"""The memory manager as a guest meets it: through the CPU, the traps and the NT calls."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bench.row import Row
from emu.assemble import assemble
from provider.kernel.kernel import Kernel
from provider.kernel.mm import Protection
from provider.nt import syscalls_table
from provider.nt.dispatch import BoundCall
from provider.nt.process import NtProcess, NtThread
from provider.nt.provider import NtProvider

if TYPE_CHECKING:
    from provider.kernel.process import Process

CODE_VA, STACK_VA, CELLS_VA, HEAP_VA = 0x10000, 0x20000, 0x30000, 0x1000000
TOUCHED = 64 << 20
CYCLES = 10_000
REPEAT = 3
_CALLS = ("NtAllocateVirtualMemory", "NtFreeVirtualMemory")
_DATA = Protection.READ | Protection.WRITE
_NOTHING: Any = None
_BASE, _SIZE = CELLS_VA, CELLS_VA + 4
_TOUCH = f"""
    mov ecx,{TOUCHED >> 12}; mov edx,{HEAP_VA}
    again: mov [edx],ecx; add edx,4096; dec ecx; jnz again; int 0x29
"""
_ALLOCATE = f"push {_SIZE}; push 0; push {_BASE}; push -1; mov edx,esp; xor eax,eax; int 0x2e"
_CYCLE = f"""
    mov edi,{CYCLES}
    again: mov dword ptr [{_BASE}],0; mov dword ptr [{_SIZE}],0x10000
    push 4; push 0x2000; {_ALLOCATE}; add esp,24; or esi,eax
    push 4; push 0x1000; {_ALLOCATE}; add esp,24; or esi,eax
    mov dword ptr [{_SIZE}],0
    push 0x8000; push {_SIZE}; push {_BASE}; push -1; mov edx,esp; mov eax,1; int 0x2e
    add esp,16; or esi,eax; dec edi; jnz again
    mov [{CELLS_VA + 8}],esi; int 0x29
"""


def rows() -> list[Row]:
    """Seconds of the two loops that the memory manager is judged by."""
    return [
        Row("64 MB touched for the first time", _best(_TOUCH), "s", 0.35),
        Row("10,000 reserve/commit/release of a guest", _best(_CYCLE), "s", 0.5),
    ]


def _best(code: str) -> float:
    """The median of the runs, without the boot."""
    return sorted(_seconds(code) for _ in range(REPEAT))[REPEAT // 2]


def _seconds(code: str) -> float:
    provider = NtProvider(Kernel(ram_bytes=256 << 20))
    process = _process(provider, assemble(code, CODE_VA))
    thread = provider.routines.create_thread(process, eip=CODE_VA, esp=STACK_VA + 0x1000)
    thread.context = NtThread(process.space, 0)
    provider.routines.resume_thread(thread)
    start = time.perf_counter()
    provider.kernel.run()
    seconds = time.perf_counter() - start
    failed = int.from_bytes(process.space.read(CELLS_VA + 8, 4), "little")
    if failed:
        raise RuntimeError(f"a call failed: {failed:#x}")
    return seconds


def _process(provider: NtProvider, code: bytes) -> Process:
    process = provider.routines.create_process(name="bench")
    for va, size in (
        (CODE_VA, 0x1000),
        (STACK_VA, 0x1000),
        (CELLS_VA, 0x1000),
        (HEAP_VA, TOUCHED),
    ):
        process.space.allocate(va, size, reserve=True, commit=True, protection=_DATA)
    process.space.write(CODE_VA, code)
    process.space.protect(CODE_VA, 0x1000, Protection.READ | Protection.EXECUTE)
    table = syscalls_table()
    calls: dict[int, BoundCall | None] = {}
    for number, name in enumerate(_CALLS):
        call = table.get(name)
        assert call is not None
        calls[number] = BoundCall(name, call, call.argument_bytes)
    token = provider.executive.logon_token()
    process.context = NtProcess(provider, _NOTHING, _NOTHING, calls, token)
    return process
