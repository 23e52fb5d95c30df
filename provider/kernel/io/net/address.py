"""Where packets go: a family, a host and a port."""

from __future__ import annotations

from emu.int_enum import IntEnum
from emu.named_tuple import NamedTuple

_MAPPED = bytes(10) + b"\xff\xff"
"""What an IPv4 address has in front as one of IPv6 (RFC 4291, 2.5.5.2)."""


class Family(IntEnum):
    """Address families, with the numbers of Winsock."""

    INET = 2
    INET6 = 23

    @property
    def host_size(self) -> int:
        """Bytes of a host's address."""
        return 4 if self is Family.INET else 16


class Address(NamedTuple):
    """An address of IPv4 or IPv6, `host` in network order."""

    family: Family
    host: bytes
    port: int
    scope: int = 0

    @classmethod
    def any(cls, family: Family, port: int = 0) -> Address:
        """The address that stands for all of the machine's own."""
        return cls(family, bytes(family.host_size), port)

    @classmethod
    def loopback(cls, family: Family, port: int = 0) -> Address:
        """127.0.0.1 or ::1."""
        host = b"\x7f\0\0\1" if family is Family.INET else bytes(15) + b"\1"
        return cls(family, host, port)

    @property
    def is_any(self) -> bool:
        """Whether it stands for all addresses of the machine."""
        return not any(self.host)

    @property
    def is_loopback(self) -> bool:
        """Whether it is the machine's own."""
        if self.family is Family.INET:
            return self.host[0] == 127
        return self.host == bytes(15) + b"\1"

    @property
    def is_multicast(self) -> bool:
        """Whether it stands for a group."""
        first = self.host[0]
        return first & 0xF0 == 0xE0 if self.family is Family.INET else first == 0xFF

    @property
    def is_broadcast(self) -> bool:
        """Whether it stands for all hosts nearby."""
        return self.host == b"\xff\xff\xff\xff"

    @property
    def is_mapped(self) -> bool:
        """Whether it is one of IPv4 in the form of IPv6."""
        return self.family is Family.INET6 and self.host.startswith(_MAPPED)

    @property
    def bare(self) -> Address:
        """The same without that form."""
        return Address(Family.INET, self.host[12:], self.port) if self.is_mapped else self

    def seen_by(self, family: Family) -> Address:
        """The same as a socket of `family` tells it."""
        if self.family is family or family is Family.INET:
            return self
        return Address(family, _MAPPED + self.host, self.port)

    def with_port(self, port: int) -> Address:
        """The same host with another port."""
        return self._replace(port=port)

    @property
    def text(self) -> str:
        """The host as people write it."""
        import ipaddress  # which runs without sockets do not need

        return str(ipaddress.ip_address(self.host))

    def __str__(self) -> str:
        shown = self.text
        return f"[{shown}]:{self.port}" if self.family is Family.INET6 else f"{shown}:{self.port}"
