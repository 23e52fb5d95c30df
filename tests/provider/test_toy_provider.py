"""A personality that is nothing like NT, in processes without PEB, TEB or ntdll.

It proves that the kernel, and everything below it, knows no NT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emu.assemble import assemble
from provider.kernel.ke.deadlock import Deadlock
from provider.kernel.kernel import Kernel, RegistrationClosed
from provider.kernel.mm import AccessViolation, Protection
from provider.kernel.thread import Thread, ThreadState, Wait

if TYPE_CHECKING:
    from provider.kernel.process import Process
    from provider.pico import ExceptionTrap

CODE_VA, DATA_VA = 0x10000, 0x20000
EXIT, PUT, YIELD, SLEEP = 1, 2, 3, 4


class ToyProvider:
    """System calls by `int 80h`: number in EBX, argument in ECX, result in EAX."""

    name = "toy"

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.routines = kernel.register_provider(self)
        self.log: list[object] = []

    def dispatch_system_call(self, thread: Thread, vector: int) -> None:
        number, argument = thread.registers.ebx, thread.registers.ecx
        if vector != 0x80:
            self.log.append(("vector", vector))
        elif number == EXIT:
            self.routines.terminate_process(thread.process, argument)
        elif number == PUT:
            thread.registers.set_result(self._put(thread, argument))
        elif number == YIELD:
            self.kernel.scheduler.give_way(thread)
        elif number == SLEEP:
            self.kernel.begin_call(thread, self._sleep(thread, argument))

    def _put(self, thread: Thread, va: int) -> int:
        try:
            self.log.append((thread.process.name, thread.process.space.read(va, 4)))
        except AccessViolation:
            return 1
        return 0

    async def _sleep(self, thread: Thread, duration: int) -> None:
        due = self.kernel.clock.interrupt_time() + duration
        self.kernel.timers.set(due, lambda: self.kernel.scheduler.wake(thread, "rested"))
        self.kernel.scheduler.block(thread)
        self.log.append((await Wait(), self.kernel.clock.interrupt_time() >= due))

    def dispatch_exception(self, thread: Thread, trap: ExceptionTrap) -> None:
        self.log.append(("exception", trap.vector))
        self.routines.terminate_process(thread.process, 99)

    def exit_thread(self, thread: Thread) -> None:
        self.log.append("thread gone")

    def postpones_end(self, process: Process) -> bool:
        return False

    def exit_process(self, process: Process) -> None:
        self.log.append(("exit", process.exit_status))

    def terminate_process(self, process: Process, status: int) -> None:
        self.routines.terminate_process(process, status)


@pytest.fixture
def provider() -> ToyProvider:
    return ToyProvider(Kernel(ram_bytes=16 << 20))


def start(provider: ToyProvider, code: str, name: str = "toy") -> Thread:
    """A running process with a page of code and a page of data, and no stack."""
    process = provider.routines.create_process(name=name, granularity=0x1000)
    machine_code = assemble(code, CODE_VA)
    for va, protection in (
        (CODE_VA, Protection.READ | Protection.WRITE | Protection.EXECUTE),
        (DATA_VA, Protection.READ | Protection.WRITE),
    ):
        process.space.allocate(va, 0x1000, reserve=True, commit=True, protection=protection)
    process.space.write(CODE_VA, machine_code)
    process.space.write(DATA_VA, name.encode().ljust(4)[:4])
    thread = provider.routines.create_thread(process, eip=CODE_VA, esp=0)
    provider.routines.resume_thread(thread)
    return thread


def test_a_bad_pointer_is_the_guests_problem(provider: ToyProvider) -> None:
    start(provider, "mov ebx,2; mov ecx,0x80000000; int 0x80; mov ecx,eax; mov ebx,1; int 0x80")
    provider.kernel.run()
    assert provider.log == ["thread gone", ("exit", 1)]


def test_every_exception_reaches_the_provider_and_nobody_else(provider: ToyProvider) -> None:
    start(provider, "mov eax,[0x500000]")
    provider.kernel.run()
    assert provider.log == [("exception", 14), "thread gone", ("exit", 99)]


def test_other_vectors_are_the_providers_to_judge(provider: ToyProvider) -> None:
    start(provider, "int 0x2e; mov ebx,1; mov ecx,7; int 0x80")
    provider.kernel.run()
    assert provider.log == [("vector", 0x2E), "thread gone", ("exit", 7)]


def test_two_processes_take_turns(provider: ToyProvider) -> None:
    program = """
        mov edi,2; again: mov ebx,2; mov ecx,0x20000; int 0x80; mov ebx,3; int 0x80
        dec edi; jnz again; mov ebx,1; mov ecx,0; int 0x80
    """
    for name in ("a", "b"):
        start(provider, program, name)
    provider.kernel.run()
    puts = [entry for entry in provider.log if isinstance(entry, tuple) and entry[0] in ("a", "b")]
    assert puts == [("a", b"a   "), ("b", b"b   ")] * 2


def test_sleep_suspends_the_call_and_costs_no_host_time(provider: ToyProvider) -> None:
    thread = start(provider, "mov ebx,4; mov ecx,0x70000000; int 0x80; mov ebx,1; int 0x80")
    provider.kernel.run()
    assert provider.log[0] == ("rested", True)
    assert thread.state is ThreadState.TERMINATED


def test_a_wait_without_end_is_a_deadlock(provider: ToyProvider) -> None:
    thread = start(provider, "nop")
    provider.kernel.scheduler.terminate(thread)
    with pytest.raises(Deadlock):
        provider.kernel.run()


def test_registration_closes_with_the_first_process(provider: ToyProvider) -> None:
    provider.kernel.create_minimal_process("empty")
    second = ToyProvider(provider.kernel)
    second.routines.create_process(name="first")
    with pytest.raises(RegistrationClosed):
        ToyProvider(provider.kernel)


def test_a_minimal_process_has_nothing_in_it() -> None:
    kernel = Kernel(ram_bytes=16 << 20)
    process = kernel.create_minimal_process("MemCompression")
    assert process.is_minimal
    assert not process.threads
    assert not len(process.handles)
    for va in (0x10000, 0x7FFDF000, 0x7FFE0000):
        with pytest.raises(AccessViolation):
            process.space.read(va, 1)
    assert process.id in kernel.processes


def test_a_loop_is_interrupted_by_its_equals_and_by_timers(provider: ToyProvider) -> None:
    loop = start(provider, "again: jmp again", "loop").process
    start(provider, "mov ebx,1; mov ecx,5; int 0x80", "exit")
    provider.kernel.timers.set(10_000_000, lambda: provider.routines.terminate_process(loop, 3))
    provider.kernel.run()
    assert provider.log == ["thread gone", ("exit", 5), "thread gone", ("exit", 3)]
