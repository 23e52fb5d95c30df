"""Threads and waits as a guest meets them: through the CPU, the traps and the NT calls.

What is measured is processor time, which other load on the host does not touch.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.row import Row
from emu.assemble import assemble
from provider.kernel.ke.event import Event
from provider.kernel.kernel import Kernel
from provider.kernel.mm import Protection
from provider.nt import syscalls_table
from provider.nt.dispatch import BoundCall
from provider.nt.process import NtProcess, NtThread
from provider.nt.provider import NtProvider

if TYPE_CHECKING:
    from provider.kernel.process import Process

CODE_VA, STACK_VA, CELLS_VA = 0x10000, 0x20000, 0x30000
POLLS, ROUNDS = 50_000, 20_000
THREADS = 1000
REPEAT = 3
_CALLS = ("NtWaitForSingleObject", "NtSetEvent")
_DATA = Protection.READ | Protection.WRITE
_NOTHING: Any = None
_LEAVE = "int 0x29"
_WAIT = "mov edx,esp; xor eax,eax; int 0x2e; add esp,12"
_POLL = f"""
    mov edi,{POLLS}
    again: push {CELLS_VA}; push 0; push ebx; {_WAIT}; dec edi; jnz again; {_LEAVE}
"""
_PING_PONG = f"""
    mov edi,{ROUNDS}; test ecx,ecx; jnz answer
    again: push 0; push ebx; mov edx,esp; mov eax,1; int 0x2e; add esp,8
    push 0; push 0; push esi; {_WAIT}; dec edi; jnz again; {_LEAVE}
    answer: push 0; push 0; push ebx; {_WAIT}
    push 0; push esi; mov edx,esp; mov eax,1; int 0x2e; add esp,8
    dec edi; jnz answer; here: jmp here
"""
_PROGRAM = Path(__file__).parent / "ke_threads.c"


def rows() -> list[Row]:
    """What issue 4 promises of waits, and a thousand threads of a C program."""
    return [
        Row("wait with a time-out of zero", _median(_POLL, 1) / POLLS * 1e6, "us", 5),
        Row("SetEvent and wait, there and back", _median(_PING_PONG, 2) / ROUNDS * 1e6, "us", 33),
        Row(f"{THREADS} threads created, run, joined", _threads(), "s", 3),
    ]


def _median(code: str, threads: int) -> float:
    """Seconds that the threads need, without the boot."""
    return statistics.median(_seconds(code, threads) for _ in range(REPEAT))


def _seconds(code: str, threads: int) -> float:
    provider = NtProvider(Kernel(ram_bytes=64 << 20))
    process = _process(provider, assemble(code, CODE_VA))
    events = [Event(is_notification=False) for _ in range(2)]
    first, second = (process.handles.insert(event, event.grant(0x1F0003)) for event in events)
    for index in range(threads):
        thread = provider.routines.create_thread(
            process, eip=CODE_VA, esp=STACK_VA + 0x1000 * (index + 1)
        )
        thread.context = NtThread(process.space, 0)
        registers = thread.registers
        registers.ecx, registers.ebx, registers.esi = index, first, second
        provider.routines.resume_thread(thread)
    start = time.process_time()
    provider.kernel.run()
    return time.process_time() - start


def _process(provider: NtProvider, code: bytes) -> Process:
    process = provider.routines.create_process(name="bench")
    for va, size in ((CODE_VA, 0x1000), (STACK_VA, 0x2000), (CELLS_VA, 0x1000)):
        process.space.allocate(va, size, reserve=True, commit=True, protection=_DATA)
    process.space.write(CODE_VA, code)
    process.space.write(CELLS_VA, bytes(8))
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


def _threads() -> float:
    """The program's whole run on our own DLLs, start included."""
    from picorun import run
    from tests.guests import compile_program

    image = compile_program(_PROGRAM)
    seconds = []
    for _ in range(REPEAT):
        start = time.process_time()
        result = run(image, args=[str(THREADS)], trace=False)
        seconds.append(time.process_time() - start)
        if result.exit_code:
            raise RuntimeError(f"{_PROGRAM.name} failed: {result.exit_code}")
    return statistics.median(seconds)
