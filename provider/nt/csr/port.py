r"""The port that clients of the subsystem connect to: \Sessions\1\Windows\ApiPort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.lpc.port import Port, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.process import Process
    from provider.nt.lpc.message import Message

LONGEST_MESSAGE = 0x200
"""Bytes; more than the CSR_API_MSG of any version."""
LONGEST_INFORMATION = 0x40


class ApiPort(Port):
    """A connection port whose messages are answered at once, without a thread that waits."""

    __slots__ = ("_receive",)

    def __init__(self, owner: Process, receive: Callable[[Message], None]) -> None:
        super().__init__(
            Role.CONNECTION, owner, LONGEST_MESSAGE, longest_information=LONGEST_INFORMATION
        )
        self._receive = receive

    def post(self, message: Message) -> None:
        """Let the server have a message."""
        self._receive(message)
