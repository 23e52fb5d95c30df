"""The kernel's routines, driven by a personality that does nothing of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emu.assemble import assemble
from provider.kernel.client_id import FIRST_ID, ID_STEP
from provider.kernel.errors import KernelError
from provider.kernel.ke.clock import UNITS_PER_SECOND
from provider.kernel.ke.deadlock import Deadlock
from provider.kernel.kernel import Kernel, RegistrationClosed
from provider.kernel.mm import AccessViolation, Protection
from provider.kernel.ob.object import KernelObject
from provider.kernel.thread import Thread, ThreadState, Wait

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.process import Process
    from provider.pico import ExceptionTrap

CODE_VA, DATA_VA = 0x10000, 0x20000
ALL = Protection.READ | Protection.WRITE | Protection.EXECUTE
DO, EXIT, WAIT = "int 0x80", "int 0x81", "int 0x82"
_DO, _EXIT, _WAIT = 0x80, 0x81, 0x82


class Plain:
    """Vector 80h calls `actions`, in turn; 81h ends the thread with EAX; 82h waits for ever."""

    name = "plain"

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.routines = kernel.register_provider(self)
        self.actions: list[Callable[[Thread], None]] = []
        self.log: list[object] = []

    def dispatch_system_call(self, thread: Thread, vector: int) -> None:
        if vector == _DO:
            self.actions.pop(0)(thread)
        elif vector == _EXIT:
            self.routines.terminate_thread(thread, thread.registers.eax)
        else:
            self.kernel.begin_call(thread, self._wait(thread))

    async def _wait(self, thread: Thread) -> None:
        self.kernel.scheduler.block(thread)
        try:
            thread.registers.set_result(await Wait())
        except GeneratorExit:
            self.log.append("wait dropped")
            raise

    def dispatch_exception(self, thread: Thread, trap: ExceptionTrap) -> None:
        self.log.append((trap.vector, trap.error_code, thread.registers.eip))
        self.routines.terminate_process(thread.process, 99)

    def exit_thread(self, thread: Thread) -> None:
        self.log.append(("thread", thread.id, thread.exit_status))

    def postpones_end(self, process: Process) -> bool:
        return False

    def exit_process(self, process: Process) -> None:
        self.log.append(("process", process.id, process.exit_status))

    def terminate_process(self, process: Process, status: int) -> None:
        self.routines.terminate_process(process, status)

    def start(self, code: str, process: Process | None = None, *, va: int = CODE_VA) -> Thread:
        """A thread at `code`; it runs when it is resumed."""
        home = process or self.routines.create_process(name="p", granularity=0x1000)
        home.space.allocate(va, 0x1000, reserve=True, commit=True, protection=ALL)
        home.space.write(va, assemble(code, va))
        return self.routines.create_thread(home, eip=va, esp=0)

    def run(self, *threads: Thread) -> list[object]:
        """Resume the threads and run until all processes have ended."""
        for thread in threads:
            self.routines.resume_thread(thread)
        self.kernel.run()
        return self.log


@pytest.fixture
def plain() -> Plain:
    return Plain(Kernel(ram_bytes=16 << 20))


def test_a_machine_without_memory_is_refused() -> None:
    with pytest.raises((KernelError, MemoryError, ValueError)):
        Kernel(ram_bytes=0x1000)


def test_ids_come_from_one_table(plain: Plain) -> None:
    thread = plain.start(EXIT)
    assert plain.kernel.system_process.id == FIRST_ID
    assert [thread.process.id, thread.id] == [FIRST_ID + ID_STEP, FIRST_ID + 2 * ID_STEP]


def test_a_minimal_process_does_not_close_registration(plain: Plain) -> None:
    plain.kernel.create_minimal_process("store")
    second = Plain(plain.kernel)
    second.routines.create_process(name="p")
    with pytest.raises(RegistrationClosed, match="plain"):
        Plain(plain.kernel)


def test_each_process_goes_to_its_own_provider(plain: Plain) -> None:
    second = Plain(plain.kernel)
    one = plain.start("mov eax,1; int 0x81")
    two = second.start("mov eax,2; int 0x81")
    second.routines.resume_thread(two)
    plain.run(one)
    assert [entry[2] for entry in plain.log if isinstance(entry, tuple)] == [1, 1]
    assert [entry[2] for entry in second.log if isinstance(entry, tuple)] == [2, 2]


def test_a_process_ends_with_its_last_thread(plain: Plain) -> None:
    first = plain.start("mov eax,1; int 0x81")
    process = first.process
    second = plain.start("mov eax,2; int 0x81", process, va=0x30000)
    assert plain.run(first, second) == [
        ("thread", first.id, 1),
        ("thread", second.id, 2),
        ("process", process.id, 2),
    ]
    assert process.id not in plain.kernel.processes
    assert not process.threads


def test_terminating_a_thread_twice_changes_nothing(plain: Plain) -> None:
    thread = plain.start(EXIT)
    plain.routines.terminate_thread(thread, 5)
    plain.routines.terminate_thread(thread, 6)
    plain.routines.terminate_process(thread.process, 7)
    assert plain.log == [("thread", thread.id, 5), ("process", thread.process.id, 5)]


def test_terminating_a_process_ends_the_running_thread_last(plain: Plain) -> None:
    caller = plain.start(f"{DO}; {EXIT}")
    waiting = plain.start(WAIT, caller.process, va=0x30000)
    never = plain.start(EXIT, caller.process, va=0x40000)
    plain.actions.append(lambda thread: plain.routines.terminate_process(thread.process, 3))
    assert plain.run(waiting, caller) == [
        "wait dropped",
        ("thread", waiting.id, 3),
        ("thread", never.id, 3),
        ("thread", caller.id, 3),
        ("process", caller.process.id, 3),
    ]


def test_a_process_without_threads_can_be_terminated(plain: Plain) -> None:
    process = plain.routines.create_process(name="p")
    plain.routines.terminate_process(process, 4)
    assert plain.log == [("process", process.id, 4)]
    plain.kernel.run()


def test_a_thread_terminated_from_outside_does_not_run_again(plain: Plain) -> None:
    victim = plain.start("again: jmp again")
    killer = plain.start(f"{DO}; {EXIT}")
    plain.actions.append(lambda thread: plain.routines.terminate_process(victim.process, 8))
    plain.run(victim, killer)
    assert victim.state is ThreadState.TERMINATED
    assert plain.log[0] == ("thread", victim.id, 8)


def test_the_handles_of_a_process_go_with_it(plain: Plain) -> None:
    thread = plain.start(EXIT)
    target = KernelObject()
    thread.process.handles.insert(target, 0, protect=True)
    plain.run(thread)
    assert (target.handle_count, target.reference_count) == (0, 0)


def test_the_memory_of_a_process_goes_with_it(plain: Plain) -> None:
    last = plain.start(f"{DO}; {EXIT}")
    memory = plain.kernel.memory
    before = memory.pfns.available, memory.committed, len(memory.spaces)
    thread = plain.start(f"mov dword ptr [{CODE_VA + 0x800}],1; {EXIT}")
    space = thread.process.space
    during = memory.pfns.available, memory.committed
    after: list[tuple[int, ...]] = []

    def look(_: Thread) -> None:
        after.append((memory.pfns.available, memory.committed, len(memory.spaces)))

    plain.actions.append(look)
    plain.run(thread, last)
    assert during[0] < before[0]
    assert during[1] > before[1]
    assert after == [before]
    for attempt in (lambda: space.read(CODE_VA, 1), lambda: space.write(CODE_VA, b"x")):
        with pytest.raises(AccessViolation):
            attempt()


def test_many_processes_one_after_the_other_fit_into_little_memory(plain: Plain) -> None:
    left = 90

    def again(thread: Thread) -> None:
        nonlocal left
        left -= 1
        if left:
            following = plain.start(f"mov byte ptr [{CODE_VA + 0x800}],1; {DO}; {EXIT}")
            following.process.space.allocate(
                DATA_VA, 0x40000, reserve=True, commit=True, protection=ALL
            )
            following.process.space.write(DATA_VA, bytes(0x40000))
            plain.actions.append(again)
            plain.routines.resume_thread(following)

    plain.actions.append(again)
    plain.run(plain.start(f"{DO}; {EXIT}"))
    assert left == 0


def test_suspension_is_counted(plain: Plain) -> None:
    thread = plain.start(EXIT)
    routines = plain.routines
    assert routines.suspend_thread(thread) == 1
    assert [routines.resume_thread(thread) for _ in range(3)] == [2, 1, 0]
    assert thread.state is ThreadState.READY
    assert routines.suspend_thread(thread) == 0
    with pytest.raises(Deadlock):
        plain.kernel.run()
    assert plain.run(thread)


def test_a_thread_that_suspends_itself_goes_on_where_it_was(plain: Plain) -> None:
    sleeper = plain.start(f"mov eax,7; {DO}; {EXIT}")
    other = plain.start(f"{DO}; mov eax,1; {EXIT}")
    plain.actions.append(lambda thread: (plain.routines.suspend_thread(thread), None)[1])
    plain.actions.append(lambda thread: (plain.routines.resume_thread(sleeper), None)[1])
    plain.run(sleeper, other)
    assert ("thread", sleeper.id, 7) in plain.log


def test_a_thread_that_is_woken_while_suspended_runs_when_it_is_resumed(plain: Plain) -> None:
    waiting = plain.start(f"{WAIT}; {EXIT}")
    other = plain.start(f"{DO}; {DO}; {EXIT}")

    def suspend_and_wake(_: Thread) -> None:
        plain.routines.suspend_thread(waiting)
        plain.kernel.scheduler.wake(waiting, 6)

    plain.actions.append(suspend_and_wake)
    plain.actions.append(lambda thread: (plain.routines.resume_thread(waiting), None)[1])
    plain.run(waiting, other)
    assert ("thread", waiting.id, 6) in plain.log


def test_a_start_routine_runs_in_the_kernel_before_user_code(plain: Plain) -> None:
    async def prepare() -> None:
        plain.log.append("prepared")
        thread.registers.eax = 12

    home = plain.start(EXIT).process
    thread = plain.routines.create_thread(home, eip=CODE_VA, esp=0, start=prepare())
    plain.routines.resume_thread(thread)
    for other in list(home.threads):
        if other is not thread:
            plain.routines.terminate_thread(other, 0)
    plain.log.clear()
    assert plain.run()[:2] == ["prepared", ("thread", thread.id, 12)]


def test_a_thread_ended_before_its_start_routine_drops_it(plain: Plain) -> None:
    async def prepare() -> None:
        plain.log.append("prepared")

    home = plain.start(EXIT).process
    thread = plain.routines.create_thread(home, eip=CODE_VA, esp=0, start=prepare())
    plain.routines.terminate_process(home, 2)
    assert thread.is_terminated
    assert "prepared" not in plain.log


def test_the_context_of_a_thread_can_be_replaced(plain: Plain) -> None:
    source = plain.start(EXIT)
    target = plain.start("ud2", source.process, va=0x30000)
    registers = plain.routines.get_context_thread(source)
    registers.eax = 21
    plain.routines.set_context_thread(target, registers)
    registers.eax = 22
    plain.run(source, target)
    assert ("thread", target.id, 21) in plain.log
    assert ("thread", source.id, 22) in plain.log


@pytest.mark.parametrize("reload", ["nop", "mov bx,fs; mov fs,bx"])
def test_the_descriptor_base_can_be_moved_by_the_thread_itself(plain: Plain, reload: str) -> None:
    thread = plain.start(f"{DO}; {reload}; mov eax,fs:[0]; {EXIT}")
    space = thread.process.space
    space.allocate(DATA_VA, 0x2000, reserve=True, commit=True, protection=ALL)
    space.write(DATA_VA + 0x1000, b"\x2a\0\0\0")

    def move(running: Thread) -> None:
        plain.routines.set_thread_descriptor_base(running, DATA_VA + 0x1000)

    plain.actions.append(move)
    plain.run(thread)
    assert plain.log[0] == ("thread", thread.id, 0x2A)


def test_descriptor_bases_belong_to_threads(plain: Plain) -> None:
    code = f"{DO}; mov bx,fs; mov fs,bx; mov eax,fs:[0]; {EXIT}"
    one = plain.start(code)
    space = one.process.space
    space.allocate(DATA_VA, 0x2000, reserve=True, commit=True, protection=ALL)
    two = plain.start(code, one.process, va=0x40000)
    for index, thread in enumerate((one, two)):
        space.write(DATA_VA + 0x1000 * index, bytes([index + 1]))
        plain.routines.set_thread_descriptor_base(thread, DATA_VA + 0x1000 * index)
        plain.actions.append(lambda thread: (plain.kernel.scheduler.give_way(thread), None)[1])
    plain.run(one, two)
    assert ("thread", one.id, 1) in plain.log
    assert ("thread", two.id, 2) in plain.log


def test_an_error_of_ours_stops_the_machine_and_comes_out(plain: Plain) -> None:
    def fail(_: Thread) -> None:
        raise ZeroDivisionError

    plain.actions.append(fail)
    with pytest.raises(ZeroDivisionError):
        plain.run(plain.start(DO))


def test_an_exception_has_its_vector_and_its_address(plain: Plain) -> None:
    thread = plain.start("nop; ud2")
    assert plain.run(thread)[0] == (6, 0, CODE_VA + 1)


def test_nobody_ready_and_something_to_wait_for_outside(plain: Plain) -> None:
    thread = plain.start(f"{WAIT}; {EXIT}")

    def wake() -> bool:
        plain.kernel.scheduler.wake(thread, 11)
        return True

    plain.kernel.on_idle = wake
    assert plain.run(thread)[0] == ("thread", thread.id, 11)


def test_time_jumps_to_the_next_timer_and_ticks(plain: Plain) -> None:
    ticks: list[int] = []
    kernel = plain.kernel
    thread = plain.start(f"{WAIT}; {EXIT}")
    kernel.on_tick = lambda: ticks.append(kernel.clock.interrupt_time())
    kernel.timers.set(50_000_000, lambda: kernel.scheduler.wake(thread, 1))
    plain.run(thread)
    assert ticks[0] == 50_000_000


def test_a_tick_comes_when_it_is_wanted_in_the_middle_of_a_slice(plain: Plain) -> None:
    ticks: list[int] = []
    kernel = plain.kernel
    kernel.on_tick = lambda: ticks.append(kernel.clock.interrupt_time())
    kernel.tick_at(1_000)
    plain.run(plain.start(f"mov ecx,30000; again: dec ecx; jnz again; {EXIT}"))
    assert ticks[0] == 1_000


def test_a_wanted_tick_wakes_nobody(plain: Plain) -> None:
    plain.start(WAIT)
    plain.kernel.tick_at(1_000)
    with pytest.raises(Deadlock):
        plain.kernel.run()


def test_the_balance_set_manager_runs_once_a_second_of_virtual_time(
    plain: Plain, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = plain.kernel
    now = kernel.clock.interrupt_time
    times: list[int] = []
    monkeypatch.setattr(kernel.memory, "balance", lambda: times.append(now()))
    thread = plain.start(f"{WAIT}; {EXIT}")
    for half in range(1, 8):
        kernel.timers.set(half * UNITS_PER_SECOND // 2, lambda: None)
    kernel.timers.set(4 * UNITS_PER_SECOND, lambda: kernel.scheduler.wake(thread, 1))
    plain.run(thread)
    assert [time // UNITS_PER_SECOND for time in times] == [1, 2, 3, 4]


def test_two_runs_are_alike() -> None:
    def once() -> tuple[list[object], int]:
        plain = Plain(Kernel(ram_bytes=16 << 20))
        loop = "mov ecx,30000; again: dec ecx; jnz again"
        threads = [plain.start(f"{loop}; mov eax,{index}; {EXIT}") for index in range(3)]
        return plain.run(*threads), plain.kernel.cpu.executed_blocks()

    assert once() == once()
