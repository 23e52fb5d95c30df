"""Traps through the whole path: CPU, kernel, NT provider and back, with nobody listening."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

from bench.row import Row
from emu.assemble import assemble
from provider.kernel.kernel import Kernel
from provider.kernel.mm import Protection
from provider.kernel.thread import Thread  # noqa: TC001  handlers are marshalled by annotations
from provider.nt.dispatch import BoundCall
from provider.nt.process import NtProcess, NtThread
from provider.nt.provider import NtProvider
from provider.nt.types import ULONG  # noqa: TC001  likewise
from provider.syscall import Syscall

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.process import Process

CODE_VA, STACK_VA, HEAP_VA = 0x10000, 0x20000, 0x1000000
CALLS = 100_000
PAGES = 16_384
SWITCHES = 20_000
REPEAT = 3
_DATA = Protection.READ | Protection.WRITE
_CODE = Protection.READ | Protection.EXECUTE
_NOTHING: Any = None
"""No image and no ntdll: the process runs machine code alone."""
_LEAVE = "int 0x29"
_NULL_LOOP = f"again: call gate; dec edi; jnz again; {_LEAVE}; gate: mov eax,0; int 0x2e; ret"
ARGUMENTS_LOOP = f"""
    again: push 4; push 3; push 2; push 1; call gate; dec edi; jnz again; {_LEAVE}
    gate: mov eax,1; lea edx,[esp+4]; int 0x2e; ret 16
"""
_YIELD_LOOP = f"again: mov eax,2; int 0x2e; dec edi; jnz again; {_LEAVE}"
_TOUCH_LOOP = f"again: mov [edx],ecx; add edx,4096; dec ecx; jnz again; {_LEAVE}"


def rows() -> list[Row]:
    """Microseconds of each kind of trap."""
    null = _median(f"mov edi,{CALLS}; {_NULL_LOOP}") / CALLS
    four = _median(f"mov edi,{CALLS}; {ARGUMENTS_LOOP}") / CALLS
    touch = _median(f"mov ecx,{PAGES}; mov edx,{HEAP_VA}; {_TOUCH_LOOP}") / PAGES
    yields = f"mov edi,{SWITCHES // 2}; {_YIELD_LOOP}"
    return [
        Row("null system call", null * 1e6, "us", 4),
        Row("system call with four arguments", four * 1e6, "us", 4),
        Row("demand-zero fault", touch * 1e6, "us", 10),
        Row("thread switch in one process", _median(yields, threads=2) / SWITCHES * 1e6, "us", 6),
        Row("switch between processes", _median(yields, processes=2) / SWITCHES * 1e6, "us", 8),
    ]


def _median(code: str, *, processes: int = 1, threads: int = 1) -> float:
    """Seconds that the threads need, without the boot."""
    return statistics.median(_seconds(code, processes, threads) for _ in range(REPEAT))


def boot(code: str, processes: int = 1, threads: int = 1) -> NtProvider:
    """A machine whose threads are ready to run `code`."""
    provider = NtProvider(Kernel(ram_bytes=256 << 20))
    for _ in range(processes):
        process = _process(provider, assemble(code, CODE_VA))
        for index in range(threads):
            provider.routines.resume_thread(_thread(provider, process, index))
    return provider


def _seconds(code: str, processes: int, threads: int) -> float:
    provider = boot(code, processes, threads)
    start = time.perf_counter()
    provider.kernel.run()
    return time.perf_counter() - start


def _process(provider: NtProvider, code: bytes) -> Process:
    process = provider.routines.create_process(name="bench")
    for va, size in ((CODE_VA, 0x1000), (STACK_VA, 0x10000), (HEAP_VA, PAGES * 0x1000)):
        process.space.allocate(va, size, reserve=True, commit=True, protection=_DATA)
    process.space.write(CODE_VA, code)
    process.space.protect(CODE_VA, 0x1000, _CODE)
    calls: dict[int, BoundCall | None]
    calls = dict(enumerate([_bound(_null), _bound(_four), _bound(_give_way)]))
    token = provider.executive.logon_token()
    process.context = NtProcess(provider, _NOTHING, _NOTHING, calls, token)
    return process


def _thread(provider: NtProvider, process: Process, index: int) -> Thread:
    esp = STACK_VA + 0x1000 * (index + 1)
    thread = provider.routines.create_thread(process, eip=CODE_VA, esp=esp)
    thread.context = NtThread(process.space, 0)
    return thread


def _bound(handler: Callable[..., object]) -> BoundCall:
    call = Syscall(handler, None)
    return BoundCall(call.name, call, call.argument_bytes)


def _null(thread: Thread) -> None:
    """Nothing."""


def _four(thread: Thread, a: ULONG, b: ULONG, c: ULONG, d: ULONG) -> int:
    return a + b + c + d


def _give_way(thread: Thread) -> None:
    thread.process.kernel.scheduler.give_way(thread)
