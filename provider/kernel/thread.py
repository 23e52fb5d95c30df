"""Threads as the kernel sees them: registers, a state, and perhaps a system call under way."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from provider.kernel.ke.apc import ApcState
from provider.kernel.ke.priority import QUANTUM_BLOCKS
from provider.kernel.ke.waitable import Waitable, WaitState
from provider.kernel.ob.access import GenericMapping

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator

    from emu.registers import Registers
    from provider.kernel.io.irp import Irp
    from provider.kernel.mm import UserStack
    from provider.kernel.process import Process

_IMPLIED = ((0x40, 0x800), (0x20, 0x400), (0x2, 0x1000))
"""THREAD_QUERY_INFORMATION, -SET_INFORMATION and -SUSPEND_RESUME with their limited rights."""


class ThreadState(Enum):
    """Scheduling states, with NT's names (KTHREAD_STATE)."""

    INITIALIZED = 0
    READY = 1
    RUNNING = 2
    STANDBY = 3
    TERMINATED = 4
    WAITING = 5
    TRANSITION = 6
    DEFERRED_READY = 7

    @property
    def title(self) -> str:
        """The name as NT writes it."""
        return self.name.title().replace("_", "")


class Thread(Waitable):
    """A thread of a process, signalled once it has ended; `context` is the provider's own data."""

    type_name = "Thread"
    security_required = True
    generic = GenericMapping(read=0x20048, write=0x20437, execute=0x121800, all=0x1FFFFF)

    __slots__ = (
        "apc_state",
        "base_priority",
        "blocks",
        "call",
        "context",
        "decrement",
        "exit_status",
        "freeze_count",
        "id",
        "irps",
        "is_boost_disabled",
        "priority",
        "process",
        "quantum",
        "registers",
        "result",
        "saturation",
        "state",
        "state_since",
        "suspend_count",
        "user_calls",
        "user_stack",
        "wait_state",
    )

    def __init__(self, thread_id: int, process: Process, registers: Registers) -> None:
        super().__init__()
        self.id = thread_id
        self.process = process
        self.registers = registers
        self.state = ThreadState.INITIALIZED
        self.state_since = 0
        """Interrupt time when the thread last began to wait or became ready."""
        self.suspend_count = 1
        self.freeze_count = 0
        """Like the suspend count, but for the kernel's own use, as while a debugger looks."""
        self.priority = self.base_priority = process.base_priority
        self.decrement = 0
        """What the end of the quantum takes from the priority, beside one level."""
        self.saturation = 0
        """16 or -16: the base priority is the highest or the lowest of its class."""
        self.is_boost_disabled = process.is_boost_disabled
        self.quantum = QUANTUM_BLOCKS
        """Basic blocks that the thread may still execute before its equals have their turn."""
        self.blocks = 0
        """Basic blocks that the thread has executed."""
        self.context: Any = None
        self.call: Coroutine[Any, Any, None] | None = None
        """The system call (or start routine) that goes on when the thread runs next."""
        self.user_calls: list[Coroutine[Any, Any, None]] = []
        """Those that have called user mode and are not answered, the latest one last."""
        self.result: Any = None
        """What the call's pending `wait` returns."""
        self.exit_status: int | None = None
        self.user_stack: UserStack | None = None
        """The stack that grows when its guard page is touched."""
        self.wait_state = WaitState()
        self.irps: dict[Irp, None] = {}
        """I/O requests of the thread that are under way; its end cancels them."""
        self.apc_state = ApcState()

    def grant(self, access: int) -> int:
        """Who may do all of a kind may do what is in the limited rights too."""
        granted = self.generic.map(access)
        for right, limited in _IMPLIED:
            if granted & right:
                granted |= limited
        return granted

    @property
    def is_terminated(self) -> bool:
        """Whether the thread has ended."""
        return self.state is ThreadState.TERMINATED

    def description(self) -> str:
        return f"{self.process.id}.{self.id}"

    def is_signaled(self, thread: Thread) -> bool:
        return self.is_terminated

    def on_delete(self) -> None:
        self.process.kernel.client_ids.remove(self.id)

    def __repr__(self) -> str:
        return f"<Thread {self.id:#x} of {self.process!r}: {self.state.name}>"


class Wait:
    """Awaiting one suspends the system call until `Scheduler.wake`, whose argument it returns."""

    __slots__ = ()

    def __await__(self) -> Generator[None, Any, Any]:
        result: Any = yield
        return result
