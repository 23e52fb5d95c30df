"""What a socket can be ready for or has become of it; the bits are those of AFD's polls.

(AFD_POLL_…, ntafd.h of the phnt headers.)
"""

from __future__ import annotations


class Event:
    """Plain integers, which combine faster than members of an IntFlag."""

    RECEIVE = 0x1
    RECEIVE_EXPEDITED = 0x2
    SEND = 0x4
    DISCONNECT = 0x8
    """The other side sends no more, and all that it has sent was received."""
    ABORT = 0x10
    """The other side has reset the connection."""
    LOCAL_CLOSE = 0x20
    CONNECT = 0x40
    ACCEPT = 0x80
    CONNECT_FAIL = 0x100
    COUNT = 13
    """How many there are."""
    ALL = (1 << COUNT) - 1


def bit_of(event: int) -> int:
    """The number of an event's bit."""
    return event.bit_length() - 1
