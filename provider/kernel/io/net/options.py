"""What can be set about a socket and matters here; all times in milliseconds, 0: without end."""

from __future__ import annotations

from emu.named_tuple import NamedTuple

BUFFER_BYTES = 64 << 10
"""What a socket buffers in each direction unless told otherwise."""
LARGEST_BUFFER = 16 << 20


class Linger(NamedTuple):
    """Whether closing waits until what was sent has arrived; at most so many seconds."""

    on: bool = False
    seconds: int = 0


class SocketOptions:
    """A new socket's options; accepted ones begin with those of their listener."""

    nonblocking: bool = False
    reuse_address: bool = False
    exclusive_address: bool = False
    broadcast: bool = False
    v6_only: bool = True
    linger = Linger()
    receive_timeout: int = 0
    send_timeout: int = 0
    receive_buffer: int = BUFFER_BYTES
    send_buffer: int = BUFFER_BYTES
    report_unreachable: bool = True
    """Whether a datagram that nobody takes makes the next call fail (SIO_UDP_CONNRESET)."""
    multicast_loop: bool = True

    def __init__(self) -> None:
        self.groups: set[bytes] = set()
        """The groups whose datagrams come here, too."""
        self.kept: dict[tuple[int, int], int] = {}
        """Those without an effect here, by level and name: what was set last."""

    def inherited(self) -> SocketOptions:
        """What an accepted socket begins with: all but the groups."""
        made = SocketOptions()
        vars(made).update({**vars(self), "groups": set(), "kept": dict(self.kept)})
        return made
