"""The kernel: boots the machine, runs threads, and hands traps to the provider of their process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emu.breakpoints import NO_DEBUG_REGISTERS
from emu.cpu import SLICE_BLOCKS, Cpu
from emu.descriptors import SystemPages
from emu.paging import SYSTEM_BASE
from emu.ram import PAGE_SIZE, Ram
from emu.trap import Vector
from provider.kernel.client_id import ClientIdTable
from provider.kernel.coverage import Coverage
from provider.kernel.event_stream import EventStream
from provider.kernel.events import ProcessCreate, ProcessExit, ThreadExit
from provider.kernel.io import IoManager
from provider.kernel.io.irp import cancel_all
from provider.kernel.io.net.device import SocketDevice
from provider.kernel.ke.apc import run_kernel_apcs
from provider.kernel.ke.clock import (
    BLOCKS_PER_UNIT,
    DEFAULT_START,
    UNITS_PER_SECOND,
    Clock,
    HostTime,
    RealClock,
)
from provider.kernel.ke.deadlock import Deadlock
from provider.kernel.ke.event import Event
from provider.kernel.ke.ldt import LdtPlaces
from provider.kernel.ke.scheduler import Scheduler
from provider.kernel.ke.timer import TimerQueue
from provider.kernel.ke.user_call import TO_USER_MODE
from provider.kernel.ke.wait import signal
from provider.kernel.mm import MemoryManager
from provider.kernel.ob.namespace import Namespace
from provider.kernel.process import Process
from provider.kernel.routines import Routines
from provider.pico import ExceptionTrap, PicoProvider, PicoRoutines

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from provider.kernel.mm import AddressSpace
    from provider.kernel.thread import Thread

BALANCE_UNITS = UNITS_PER_SECOND
"""How often the balance-set manager runs, in virtual time."""
_PAGE_FAULT = int(Vector.PAGE_FAULT)
_FIRST_FREE_VECTOR = 0x20


class RegistrationClosed(RuntimeError):
    """A provider came after the first process."""


class Kernel:
    """One machine with its processes."""

    def __init__(
        self,
        *,
        ram_bytes: int,
        paging: str = "pae",
        start_time: int = DEFAULT_START,
        host_time: HostTime | None = None,
    ) -> None:
        """Boot; `start_time` is in 100 ns since 1601; with `host_time` that counts.

        Raises EngineMismatch, MemoryError.
        """
        self.events = EventStream()
        self.ram = Ram(ram_bytes)
        self.memory = MemoryManager(
            self.ram, paging=paging, flush_cpu=self._flush_tlb, events=self.events
        )
        self.ldt_places = LdtPlaces(self.memory, self.ram)
        self.scheduler = Scheduler(self.events)
        self.events.running = lambda: self.scheduler.running
        self.timers = TimerQueue()
        self.namespace = Namespace()
        self.default_object = Event(is_notification=True, signaled=True)
        """What waits for objects of types without a signal wait for (ObpDefaultObject)."""
        self.client_ids = ClientIdTable()
        self.processes: dict[int, Process] = {}
        """Those that have not ended, by id."""
        self.on_idle: Callable[[], bool] = lambda: False
        """Called when nobody is ready and no timer is set; True if that made somebody ready."""
        self.on_interrupt: Callable[[], None] = lambda: None
        """Called between two instructions, or while nobody is ready, for `HostInput.interrupt`."""
        self.on_tick: Callable[[], None] = lambda: None
        """Called when virtual time may have moved: after a slice and after an idle jump."""
        self._tick_due: int | None = None
        self._sealed = False
        self._accounted = 0
        self._next_balance = BALANCE_UNITS
        self._providers: list[PicoProvider] = []
        self.system_process = self._create_process(
            "System", None, self.memory.create_space(granularity=0x10000), created=start_time
        )
        self.insert_process(self.system_process)
        table, entry, stack = self.memory.map_system(SYSTEM_BASE, 3 * PAGE_SIZE, executable=True)
        pages = SystemPages(SYSTEM_BASE, (table, entry, stack))
        self.cpu = Cpu(self.ram, self.system_process.space.tables, pages)
        self.clock = Clock(self.cpu.executed_blocks, start_time)
        if host_time is not None:
            self.clock = RealClock(self.cpu.executed_blocks, host_time, start_time)
        self.events.clock = self.clock.interrupt_time
        self._coverage = Coverage(self.cpu, self.events)
        self.cpu.read_tsc = self.clock.cycles
        self.cpu.on_trap = self._trap
        self.cpu.on_slice_end = self._slice_end
        sockets = SocketDevice(self.clock, self.timers)
        self.io = IoManager(
            self.namespace, self.clock.system_time, self.memory, sockets, self.events
        )
        self._running_space = self.system_process.space

    def register_provider(self, provider: PicoProvider) -> PicoRoutines:
        """Make `provider` able to create processes (PsRegisterPicoProvider).

        Raises RegistrationClosed once any pico process exists.
        """
        if self._sealed:
            raise RegistrationClosed(f"{provider.name}: a process was created already")
        self._providers.append(provider)
        return Routines(self, provider)

    def create_minimal_process(self, name: str) -> Process:
        """A process with an address space and a handle table, and nothing in them."""
        space = self.memory.create_space(granularity=PAGE_SIZE)
        process = self._create_process(name, None, space, created=self.clock.system_time())
        self._tell_of_process(process)
        self.insert_process(process)
        return process

    def create_pico_process(
        self, provider: PicoProvider, name: str, parent: Process | None, space: AddressSpace
    ) -> Process:
        """A minimal process whose system calls and exceptions go to `provider`, not inserted."""
        self._sealed = True
        now = self.clock.system_time()
        process = self._create_process(name, provider, space, created=now)
        process.parent_id = parent.id if parent is not None else 0
        self._tell_of_process(process)
        return process

    def insert_process(self, process: Process) -> None:
        """Let a new process be found: by its id, and in the lists."""
        self.client_ids.insert(process.id, process)
        self.processes[process.id] = process

    def allocate_id(self) -> int:
        """A fresh process or thread id; both come from one table, in steps of 4."""
        return self.client_ids.allocate()

    def blocks_of(self, thread: Thread) -> int:
        """Basic blocks that `thread` has executed, up to now."""
        if thread is self.scheduler.running:
            self._account()
        return thread.blocks

    def blocks_of_process(self, process: Process) -> int:
        """Basic blocks that all threads of `process` have executed, those that ended too."""
        return process.ended_blocks + sum(map(self.blocks_of, process.threads))

    def user_time(self, process: Process) -> int:
        """What all threads of `process` have run, those that ended too, in 100 ns."""
        return self.blocks_of_process(process) // BLOCKS_PER_UNIT

    def tick_at(self, time: int) -> None:
        """Let `on_tick` be called at virtual `time` too, however long a thread runs.

        No timer is set: a machine in which everybody waits for ever does not wait for this.
        """
        self._tick_due = time
        self._limit_slice()

    def run(self) -> None:
        """Run until every process of a provider has ended; raises Deadlock."""
        self._dispatch()
        if self.scheduler.running is not None:
            self.cpu.run()

    def begin_call(self, thread: Thread, call: Coroutine[Any, Any, None]) -> None:
        """Run a system call of the running thread until it ends or waits."""
        self._step(thread, call, None)

    def keep_call(self, thread: Thread, call: Coroutine[Any, Any, None], request: object) -> bool:
        """A call has yielded `request`: it waits (True), or stands aside for user mode."""
        if request is TO_USER_MODE:
            thread.user_calls.append(call)
            return False
        thread.call = call
        return True

    def end_user_call(self, thread: Thread, result: object) -> None:
        """User mode is back from the latest `UserCall` of the running thread, with `result`."""
        self._step(thread, thread.user_calls.pop(), result)

    def terminate_thread(self, thread: Thread, status: int) -> None:
        """End a thread; its process ends with its last one."""
        if thread.is_terminated:
            return
        thread.exit_status = status
        exits = self.events.channel(ThreadExit)
        if exits.listeners:
            exits.emit(ThreadExit(*self.events.stamp(thread.process.id, thread.id), status))
        thread.process.ended_blocks += self.blocks_of(thread)
        self.scheduler.terminate(thread)
        thread.apc_state.clear()
        thread.suspend_count = 0
        call, thread.call = thread.call, None
        if call is not None and thread is not self.scheduler.running:
            call.close()
        while thread.user_calls:
            thread.user_calls.pop().close()
        if thread.registers.breakpoints:
            tables = thread.process.space.tables
            self.cpu.write_debug(thread.registers, tables, NO_DEBUG_REGISTERS)
        for mutant in tuple(thread.wait_state.mutants):
            mutant.abandon()
        cancel_all(thread.irps)
        signal(thread)
        process = thread.process
        process.threads.remove(thread)
        if process.provider is not None:
            process.provider.exit_thread(thread)
        thread.dereference()
        if not process.threads:
            self._end_process(process, status)

    def terminate_process(self, process: Process, status: int) -> None:
        """End all threads of a process, the running one last."""
        if process.exit_status is None:
            process.exit_status = status
        running = self.scheduler.running
        for thread in sorted(process.threads, key=lambda thread: thread is running):
            self.terminate_thread(thread, status)
        if not process.threads and not process.is_gone:
            self._end_process(process, status)

    def _create_process(
        self, name: str, provider: PicoProvider | None, space: AddressSpace, *, created: int
    ) -> Process:
        process = Process(self, self.allocate_id(), name, space, provider, created)
        process.reference()
        space.label, space.owner_id = f"{name} (process {process.id})", process.id
        return process

    def _tell_of_process(self, process: Process) -> None:
        created = self.events.channel(ProcessCreate)
        if created.listeners:
            stamp = self.events.stamp(process.id)
            created.emit(ProcessCreate(*stamp, process.name, process.parent_id))

    def _end_process(self, process: Process, status: int) -> None:
        """The last thread has ended; a provider may want to see memory and handles once more."""
        if process.exit_status is None:
            process.exit_status = status
        process.exit_time = self.clock.system_time()
        if process.provider is None or not process.provider.postpones_end(process):
            self.end_process(process)

    def end_process(self, process: Process) -> None:
        """Give back the memory and the handles of a process without threads, and signal it."""
        self.processes.pop(process.id, None)  # one that could not be completed is not there
        if process.provider is not None:
            process.provider.exit_process(process)
        exits = self.events.channel(ProcessExit)
        if exits.listeners:
            exits.emit(ProcessExit(*self.events.stamp(process.id), process.exit_status or 0))
        process.handles.close_all()
        process.is_gone = True
        signal(process)
        if all(process.is_minimal for process in self.processes.values()):
            self.scheduler.switch_wanted = True
            process.space.flush_views()
        else:  # nobody needs the last one's memory, which can be looked at after the run
            process.space.delete()
        process.dereference()

    def _trap(self, vector: int, error_code: int, fault_va: int) -> None:
        thread = self.scheduler.running
        assert thread is not None, "only a thread can cause a trap"
        provider = thread.process.provider
        assert provider is not None, "a minimal process runs no code"
        violation = None
        if vector == _PAGE_FAULT:
            violation = self._running_space.handle_fault(fault_va, error_code)
            if violation is None:
                return
        if vector >= _FIRST_FREE_VECTOR:
            provider.dispatch_system_call(thread, vector)
        else:
            provider.dispatch_exception(thread, ExceptionTrap(vector, error_code, violation))
        if self.scheduler.switch_wanted:
            self._dispatch()

    def _slice_end(self) -> None:
        self._account()
        self.scheduler.tick_time = now = self.clock.interrupt_time()
        self.timers.expire(now)
        self._tick()
        self.io.host_input.poll()
        self._take_interrupt()
        self.scheduler.end_slice()
        if self.scheduler.switch_wanted:
            self._dispatch()
        self._limit_slice()

    def _tick(self) -> None:
        """Virtual time may have moved."""
        self.on_tick()
        now = self.clock.interrupt_time()
        if now >= self._next_balance:
            self._next_balance = now + BALANCE_UNITS
            self.memory.balance()
            self.scheduler.lift_starved()

    def _limit_slice(self) -> None:
        """End the next slice with the quantum, or when a timer or a tick that is wanted is due."""
        due, wanted = self.timers.next_due(), self._tick_due
        if wanted is not None and (due is None or wanted < due):
            due = wanted
        running = self.scheduler.running
        blocks = SLICE_BLOCKS if running is None else running.quantum
        if due is not None:
            blocks = min(blocks, (due - self.clock.interrupt_time()) * BLOCKS_PER_UNIT)
        self.cpu.slice_blocks = min(max(blocks, 1), SLICE_BLOCKS)

    def _dispatch(self) -> None:
        """Choose the thread that runs next and let its pending call go on."""
        self._account()
        while True:
            thread = self.scheduler.pick()
            if thread is None:
                if self._idle():
                    continue
                self.cpu.stop()
                return
            self.cpu.switch(thread.registers, thread.process.space.tables)
            self._running_space = thread.process.space
            self._running_space.stack = thread.user_stack
            if not self._continue_call(thread) and not self.scheduler.switch_wanted:
                return

    def _account(self) -> None:
        """Charge the running thread for the blocks since the last time."""
        now = self.cpu.executed_blocks()
        running = self.scheduler.running
        if running is not None:
            executed = now - self._accounted
            running.blocks += executed
            running.quantum -= executed
        self._accounted = now

    def _continue_call(self, thread: Thread) -> bool:
        """Let a suspended call go on, and run kernel APCs after it; True if it waits again."""
        while True:
            call, thread.call = thread.call, None
            if call is None:
                if not thread.apc_state.pending or not thread.apc_state.deliverable:
                    return False
                call = run_kernel_apcs(thread)
            result, thread.result = thread.result, None
            if self._step(thread, call, result):
                return True

    def _step(self, thread: Thread, call: Coroutine[Any, Any, None], value: object) -> bool:
        """Run a call until it ends, waits or calls user mode; True if it waits."""
        try:
            request = call.send(value)
        except StopIteration:
            return False
        return self.keep_call(thread, call, request)

    def _idle(self) -> bool:
        """Let time jump to the next timer; False when the machine has nothing left to run.

        Input that threads wait for comes first.
        """
        if self._take_interrupt():
            return True
        due = self.timers.next_due()
        left = None if due is None else (due - self.clock.interrupt_time()) / UNITS_PER_SECOND
        if self.io.host_input.poll(None if left is None else max(left, 0)):
            return True
        if due is not None:
            self.clock.advance_to(due)
            self.scheduler.tick_time = self.clock.interrupt_time()
            self.timers.expire(due)
            self._tick()
            return True
        if all(process.is_minimal for process in self.processes.values()):
            return False
        if self.on_idle():
            return True
        waiting = [thread for process in self.processes.values() for thread in process.threads]
        raise Deadlock(waiting)

    def _take_interrupt(self) -> bool:
        """See to what the host wants; whether there was anything."""
        host = self.io.host_input
        if host.is_interrupted:
            host.is_interrupted = False
            self.on_interrupt()
            return True
        return False

    def _flush_tlb(self) -> None:
        self.cpu.flush_tlb()
