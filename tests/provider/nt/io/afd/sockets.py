"""Sockets by system calls: what Windows' DLLs send to the driver."""

from __future__ import annotations

import struct

from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import (
    CASE_INSENSITIVE,
    DATA_VA,
    HANDLE_VA,
    IO_VA,
    NAME_VA,
    OPEN_IF,
    READ_WRITE,
    SYNCHRONIZE,
    Caller,
)

OUT_VA = DATA_VA + 0x10000
STREAM, DATAGRAM = (1, 6), (2, 17)


def sockaddr(port: int, host: bytes = b"\x7f\0\0\1") -> bytes:
    """SOCKADDR_IN."""
    return struct.pack("<H2s4s8x", 2, port.to_bytes(2, "big"), host)


def open_packet(family: int = 2, kind: tuple[int, int] = STREAM) -> bytes:
    """The extended attribute AfdOpenPacketXX."""
    value = struct.pack("<2I3iI", 0, 0, family, *kind, 0)
    return struct.pack("<IBBH", 0, 0, 15, len(value)) + b"AfdOpenPacketXX\0" + value


class SocketCaller(Caller):
    """A thread that has sockets."""

    def open_socket(self, packet: bytes | None = None, *, options: int = 0) -> NTSTATUS:
        r"""NtCreateFile of `\Device\Afd\Endpoint`; the handle is at HANDLE_VA."""
        packet = open_packet() if packet is None else packet
        attributes = self.attributes("\\Device\\Afd\\Endpoint", 0, CASE_INSENSITIVE)
        self.space.write(NAME_VA + 0x1000, packet)
        return self(
            "NtCreateFile", HANDLE_VA, READ_WRITE | SYNCHRONIZE, attributes, IO_VA, 0, 0, 3,
            OPEN_IF, options, NAME_VA + 0x1000 if packet else 0, len(packet),
        )  # fmt: skip

    def socket(self, kind: tuple[int, int] = STREAM) -> int:
        """A socket of IPv4."""
        assert self.open_socket(open_packet(kind=kind)) == 0
        return self.word(HANDLE_VA)

    def control(self, handle: int, code: int, data: bytes = b"", room: int = 0) -> NTSTATUS:
        """NtDeviceIoControlFile; the answer is at OUT_VA."""
        self.space.write(DATA_VA, data)
        return self(
            "NtDeviceIoControlFile", handle, 0, 0, 0, IO_VA, code, DATA_VA, len(data),
            OUT_VA if room else 0, room,
        )  # fmt: skip

    def ended(self) -> tuple[NTSTATUS, int]:
        """The I/O status block."""
        return NTSTATUS(self.word(IO_VA)), self.word(IO_VA + 4)

    def out(self, size: int) -> bytes:
        """The beginning of the last answer."""
        return self.space.read(OUT_VA, size)
