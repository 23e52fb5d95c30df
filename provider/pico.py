"""The pico contract: what a provider gives the kernel, and what the kernel gives a provider.

In NT a driver calls PsRegisterPicoProvider once, before the first process exists, handing over its
routines and receiving the kernel's.  The names below are those of the real contract in Python
spelling (`DispatchSystemCall` → `dispatch_system_call`); memory, objects and scheduling, which a
driver reaches by linking to the kernel, are attributes of the kernel object.

    provider gives (PS_PICO_PROVIDER_ROUTINES)   kernel gives (PS_PICO_ROUTINES)
    DispatchSystemCall                           CreateProcess, CreateThread
    DispatchException                            GetContextThread, SetContextThread
    ExitThread, ExitProcess                      SuspendThread, ResumeThread
    TerminateProcess                             SetThreadDescriptorBase
                                                 TerminateThread, TerminateProcess
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from emu.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from emu.registers import Registers
    from provider.kernel.mm import Violation
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread


class ExceptionTrap(NamedTuple):
    """An exception of ring-3 code that the kernel itself did not resolve.

    `vector` and `error_code` are the CPU's; `violation` says, for a page fault, what the memory
    manager found wrong.
    """

    vector: int
    error_code: int
    violation: Violation | None


class PicoProvider(Protocol):
    """The callbacks that a provider registers.

    Each is called inside the trap, on the thread that caused it; the provider changes
    `thread.registers`, and the thread goes on with them when it runs next.
    """

    @property
    def name(self) -> str:
        """The provider's name, in reports."""

    def dispatch_system_call(self, thread: Thread, vector: int) -> None:
        """The thread executed `int vector` (0x20 and up) or SYSENTER; EIP is past it."""

    def dispatch_exception(self, thread: Thread, trap: ExceptionTrap) -> None:
        """The thread's code raised an exception; EIP is as the CPU reports it."""

    def exit_thread(self, thread: Thread) -> None:
        """The thread will not run again; its registers and process still exist."""

    def postpones_end(self, process: Process) -> bool:
        """The last thread is gone: whether the process stays until `PicoRoutines.end_process`."""

    def exit_process(self, process: Process) -> None:
        """The process's last thread is gone; its address space still exists."""

    def terminate_process(self, process: Process, status: int) -> None:
        """The kernel wants the process to end, with `status` as its exit status."""


class PicoRoutines(Protocol):
    """The routines that registering returns."""

    def create_process(
        self,
        *,
        name: str,
        parent: Process | None = None,
        granularity: int = 0x10000,
        insert: bool = True,
    ) -> Process:
        """A pico process of the provider: an empty address space and handle table, nothing else.

        Without `insert` nobody finds it before `insert_process`.
        """

    def clone_process(self, parent: Process) -> Process:
        """A pico process with a copy-on-write copy of the parent's memory, and no thread.

        It is to be inserted.  KernelError COMMITMENT_LIMIT, NO_MEMORY.
        """

    def insert_process(self, process: Process) -> None:
        """Let a process that is complete be found (PspInsertProcess)."""

    def create_thread(
        self,
        process: Process,
        *,
        eip: int,
        esp: int,
        descriptor_base: int = 0,
        start: Coroutine[None, object, None] | None = None,
    ) -> Thread:
        """A suspended thread; `start` runs in the kernel before its first user instruction."""

    def allocate_thread(self, process: Process) -> Thread:
        """The object of a thread, with its id, which nobody finds before `insert_thread`."""

    def insert_thread(self, thread: Thread, *, eip: int, esp: int, descriptor_base: int) -> None:
        """Make it one of its process's threads, suspended (PspInsertThread)."""

    def get_context_thread(self, thread: Thread) -> Registers:
        """The thread's user registers, to read and to change."""

    def set_context_thread(self, thread: Thread, registers: Registers) -> None:
        """Replace the thread's user registers by a copy of `registers`."""

    def set_thread_descriptor_base(self, thread: Thread, base: int) -> None:
        """Let the thread's FS segment begin at `base`."""

    def suspend_thread(self, thread: Thread) -> int:
        """Raise the suspend count; returns what it was."""

    def resume_thread(self, thread: Thread) -> int:
        """Lower the suspend count; at zero the thread runs.  Returns what it was."""

    def terminate_thread(self, thread: Thread, status: int) -> None:
        """End a thread, and with the last one its process."""

    def terminate_process(self, process: Process, status: int) -> None:
        """End all threads of a process."""

    def end_process(self, process: Process) -> None:
        """Finish the end of a process that was postponed."""
