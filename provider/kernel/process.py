"""Minimal and pico processes: an address space, a handle table, and what a provider adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provider.kernel.io.counters import IoCounters
from provider.kernel.ke.waitable import Waitable
from provider.kernel.ob.access import GenericMapping
from provider.kernel.ob.handle import HandleTable

if TYPE_CHECKING:
    from provider.kernel.kernel import Kernel
    from provider.kernel.mm import AddressSpace
    from provider.kernel.thread import Thread
    from provider.pico import PicoProvider

_SET_INFORMATION, _QUERY_INFORMATION = 0x200, 0x400
_QUERY_LIMITED_INFORMATION, _SET_LIMITED_INFORMATION = 0x1000, 0x2000


DEFAULT_PRIORITY = 8
"""The base priority of every process: NORMAL_PRIORITY_CLASS in NT."""


class Process(Waitable):
    """A process; without a provider it is a minimal one, and nothing of it ever runs in ring 3.

    `context` is the provider's own data about it.
    """

    type_name = "Process"
    security_required = True
    generic = GenericMapping(read=0x20410, write=0x20BEA, execute=0x121001, all=0x1FFFFF)

    def __init__(
        self,
        kernel: Kernel,
        process_id: int,
        name: str,
        space: AddressSpace,
        provider: PicoProvider | None,
        create_time: int,
    ) -> None:
        super().__init__()
        self.kernel = kernel
        self.id = process_id
        self.name = name
        self.space = space
        self.provider = provider
        self.parent_id = 0
        self.create_time, self.exit_time = create_time, 0
        """System times; 0: it has not ended."""
        self.base_priority = DEFAULT_PRIORITY
        self.is_boost_disabled = False
        """Whether new threads get no boosts."""
        self.handles = HandleTable(events=kernel.events, owner_id=process_id)
        self.threads: list[Thread] = []
        self.io_counters = IoCounters()
        self.ended_blocks = 0
        """Basic blocks that threads had executed which have ended."""
        self.exit_status: int | None = None
        self.is_gone = False
        """Whether the last thread has ended: what threads that wait for a process wait for."""
        self.context: Any = None

    @property
    def is_minimal(self) -> bool:
        """Whether no provider gives the process a personality."""
        return self.provider is None

    def grant(self, access: int) -> int:
        """Who may ask or set everything may ask or set what is in the limited rights too."""
        granted = self.generic.map(access)
        if granted & _QUERY_INFORMATION:
            granted |= _QUERY_LIMITED_INFORMATION
        if granted & _SET_INFORMATION:
            granted |= _SET_LIMITED_INFORMATION
        return granted

    def full_name(self) -> str:
        return ""

    def description(self) -> str:
        return f"{self.name} ({self.id})"

    def is_signaled(self, thread: Thread) -> bool:
        return self.is_gone

    def on_delete(self) -> None:
        self.kernel.client_ids.remove(self.id)

    def __repr__(self) -> str:
        return f"<Process {self.id} {self.name!r}>"
