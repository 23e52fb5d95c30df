r"""`\Device\Afd`: whatever is opened there is an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.io.file import Device, FileObject
from provider.kernel.io.file_security import check_device
from provider.kernel.io.request import OpenRequest, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.io.host_input import HostInput
    from provider.kernel.io.net.network import Network
    from provider.kernel.ke.clock import Clock
    from provider.kernel.ke.timer import TimerQueue


class SocketDevice(Device):
    """The device; the network behind it is made when it is first used."""

    __slots__ = ("_clock", "_network", "_timers", "host_input", "on_refusal")

    def __init__(self, clock: Clock, timers: TimerQueue) -> None:
        super().__init__()
        self._clock, self._timers = clock, timers
        self._network: Network | None = None
        self.host_input: HostInput | None = None
        """What waits for the host's network, if guests may use it."""
        self.on_refusal: Callable[[str], None] = lambda target: None
        """Told of an address of the world outside that guests may not reach."""

    @property
    def network(self) -> Network:
        """The machine's network."""
        if self._network is None:
            from provider.kernel.io.net.network import Network  # few programs use it

            self._network = Network(self._clock, self._timers)
            self._network.on_refusal = lambda target: self.on_refusal(target)
            if self.host_input is not None:
                from provider.kernel.io.net.host_network import HostNetwork

                self._network.outside = HostNetwork(self._network, self.host_input)
        return self._network

    def close(self) -> None:
        """The machine is gone."""
        if self._network is not None and self._network.outside is not None:
            self._network.outside.close()

    def open(self, request: OpenRequest, rest: str) -> tuple[FileObject, Outcome]:
        r"""Make an endpoint, whatever the rest of the name is (`\\Device\\Afd\\Endpoint`)."""
        from provider.kernel.io.net.endpoint import Endpoint  # few programs use it

        access = check_device(request.opener, self.get_security(), request.access)
        endpoint = Endpoint(self.network, access, request.share, request.options)
        return endpoint, Outcome.OPENED
