"""I/O completion ports: a queue of what operations have come to, which threads wait for."""

from __future__ import annotations

from collections import deque

from emu.named_tuple import NamedTuple
from provider.kernel.errors import KernelError, Reason
from provider.kernel.ke.wait import signal
from provider.kernel.ke.waitable import Waitable
from provider.kernel.ob.access import GenericMapping

MOST_PACKETS = 1 << 16
"""Packets that one port holds; NT is bounded by its pool only."""


class Packet(NamedTuple):
    """One operation's end, or whatever somebody has posted."""

    key: int
    context: int
    status: int
    information: int


class IoCompletion(Waitable):
    """A completion port; it is signalled while it holds packets."""

    __slots__ = ("packets",)

    type_name = "IoCompletion"
    generic = GenericMapping(read=0x20001, write=0x20002, execute=0x120000, all=0x1F0003)

    def __init__(self) -> None:
        super().__init__()
        self.packets: deque[Packet] = deque()

    def is_signaled(self, thread: object) -> bool:
        return bool(self.packets)

    def post(self, packet: Packet) -> None:
        """Add a packet.  KernelError INSUFFICIENT_RESOURCES."""
        if len(self.packets) >= MOST_PACKETS:
            raise KernelError(Reason.INSUFFICIENT_RESOURCES, "completion packets")
        self.packets.append(packet)
        signal(self)

    def take_back(self, packet: Packet | None) -> None:
        """Remove a packet that nobody has taken."""
        self.packets = deque(waiting for waiting in self.packets if waiting is not packet)


class Association(NamedTuple):
    """Where a file's operations tell their end, and the key that they tell it with."""

    port: IoCompletion
    key: int
