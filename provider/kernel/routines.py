"""What a provider may ask of the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.events import ThreadCreate
from provider.kernel.ke.suspension import resume_thread, suspend_thread
from provider.kernel.thread import Thread

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from emu.registers import Registers
    from provider.kernel.kernel import Kernel
    from provider.kernel.process import Process
    from provider.pico import PicoProvider


class Routines:
    """What `register_provider` returns: `pico.PicoRoutines` for one provider."""

    def __init__(self, kernel: Kernel, provider: PicoProvider) -> None:
        self._kernel, self._provider = kernel, provider

    def create_process(
        self,
        *,
        name: str,
        parent: Process | None = None,
        granularity: int = 0x10000,
        insert: bool = True,
    ) -> Process:
        """See `PicoRoutines`."""
        space = self._kernel.memory.create_space(granularity=granularity)
        process = self._kernel.create_pico_process(self._provider, name, parent, space)
        if insert:
            self.insert_process(process)
        return process

    def clone_process(self, parent: Process) -> Process:
        """See `PicoRoutines`."""
        space = parent.space.clone()
        return self._kernel.create_pico_process(self._provider, parent.name, parent, space)

    def insert_process(self, process: Process) -> None:
        """See `PicoRoutines`."""
        self._kernel.insert_process(process)

    def create_thread(
        self,
        process: Process,
        *,
        eip: int,
        esp: int,
        descriptor_base: int = 0,
        start: Coroutine[None, object, None] | None = None,
    ) -> Thread:
        """See `PicoRoutines`."""
        thread = self.allocate_thread(process)
        self.insert_thread(thread, eip=eip, esp=esp, descriptor_base=descriptor_base)
        thread.call = start
        return thread

    def allocate_thread(self, process: Process) -> Thread:
        """See `PicoRoutines`."""
        registers = self._kernel.cpu.create_registers(0, 0, 0)
        return Thread(self._kernel.allocate_id(), process, registers)

    def insert_thread(self, thread: Thread, *, eip: int, esp: int, descriptor_base: int) -> None:
        """See `PicoRoutines`."""
        registers = thread.registers
        registers.eip, registers.esp = eip, esp
        registers.thread_base = registers.fs_base = descriptor_base
        thread.reference()
        self._kernel.client_ids.insert(thread.id, thread)
        thread.process.threads.append(thread)
        events = self._kernel.events
        created = events.channel(ThreadCreate)
        if created.listeners:
            created.emit(ThreadCreate(*events.stamp(thread.process.id, thread.id), eip))
        self._kernel.scheduler.introduce(thread)

    def get_context_thread(self, thread: Thread) -> Registers:
        """See `PicoRoutines`."""
        return thread.registers

    def set_context_thread(self, thread: Thread, registers: Registers) -> None:
        """See `PicoRoutines`."""
        thread.registers.copy_from(registers)

    def set_thread_descriptor_base(self, thread: Thread, base: int) -> None:
        """See `PicoRoutines`."""
        thread.registers.thread_base = thread.registers.fs_base = base
        if thread is self._kernel.scheduler.running:
            self._kernel.cpu.switch(thread.registers, thread.process.space.tables)

    def suspend_thread(self, thread: Thread) -> int:
        """See `PicoRoutines`."""
        return suspend_thread(thread)

    def resume_thread(self, thread: Thread) -> int:
        """See `PicoRoutines`."""
        return resume_thread(thread)

    def terminate_thread(self, thread: Thread, status: int) -> None:
        """See `PicoRoutines`."""
        self._kernel.terminate_thread(thread, status)

    def end_process(self, process: Process) -> None:
        """See `PicoRoutines`."""
        self._kernel.end_process(process)

    def terminate_process(self, process: Process, status: int) -> None:
        """See `PicoRoutines`."""
        self._kernel.terminate_process(process, status)
