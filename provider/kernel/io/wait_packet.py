"""Wait completion packets: an object's signal becomes a packet of a completion port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.errors import KernelError, Reason
from provider.kernel.ke.wait import WaitBlock
from provider.kernel.ob.access import GenericMapping
from provider.kernel.ob.object import KernelObject

if TYPE_CHECKING:
    from provider.kernel.io.completion import IoCompletion, Packet
    from provider.kernel.ke.wait import Outcome
    from provider.kernel.ke.waitable import Waitable
    from provider.kernel.thread import Thread


class WaitCompletionPacket(KernelObject):
    """Waits for one object at a time on nobody's thread, and takes what such a wait takes."""

    __slots__ = ("_block", "_packet", "_port")

    type_name = "WaitCompletionPacket"
    generic = GenericMapping(read=0x20001, write=0x20001, execute=0x20001, all=0xF0001)

    def __init__(self) -> None:
        super().__init__()
        self._block: _PacketWait | None = None
        self._port: IoCompletion | None = None
        self._packet: Packet | None = None

    @property
    def is_queued(self) -> bool:
        """Whether the packet is in the queue of its port still."""
        port = self._port
        return port is not None and any(packet is self._packet for packet in port.packets)

    def associate(
        self, thread: Thread, port: IoCompletion, target: Waitable, packet: Packet
    ) -> bool:
        """Post `packet` once `target` is signalled; returns whether it is already.

        KernelError INVALID_PARAMETER while another wait or its packet is under way.
        """
        if self._block is not None or self.is_queued:
            raise KernelError(Reason.INVALID_PARAMETER, "the packet is in use")
        self._port, self._packet = port, packet
        if target.is_signaled(thread):
            target.acquire(thread)
            port.post(packet)
            return True
        self._block = _PacketWait(thread, target, self)
        return False

    def cancel(self, *, remove_queued: bool) -> bool:
        """Give the wait up, or take its packet from the port; False if there is neither."""
        if self._block is not None:
            self._block.unlink()
            self._block = None
            return True
        if not remove_queued or not self.is_queued:
            return False
        assert self._port is not None
        self._port.take_back(self._packet)
        return True

    def signaled(self) -> None:
        """The wait is satisfied."""
        self._block = None
        assert self._port is not None
        assert self._packet is not None
        self._port.post(self._packet)

    def on_delete(self) -> None:
        if self._block is not None:
            self._block.unlink()


class _PacketWait(WaitBlock):
    """The wait of a packet."""

    __slots__ = ("_owner",)

    def __init__(self, thread: Thread, target: Waitable, owner: WaitCompletionPacket) -> None:
        super().__init__(thread, (target,))
        self._owner = owner
        target.waiters[self] = None
        target.reference()

    def end(self, outcome: Outcome, increment: int = 0) -> None:
        self.unlink()
        self._owner.signaled()

    def unlink(self) -> None:
        for target in self.objects:
            if target.waiters.pop(self, self) is None:
                target.dereference()
