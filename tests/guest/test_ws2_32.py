"""ws2_32: names and numbers of its exports, and a guest program that makes no sockets."""

from __future__ import annotations

from pathlib import Path

import pefile
import pytest

from guest import build
from tests.guests import PROGRAMS, compile_program, picorun

# Winsock 1.1 had these numbers, and programs import by them.
NUMBERS = {
    "accept": 1,
    "bind": 2,
    "closesocket": 3,
    "connect": 4,
    "getpeername": 5,
    "getsockname": 6,
    "getsockopt": 7,
    "htonl": 8,
    "htons": 9,
    "ioctlsocket": 10,
    "inet_addr": 11,
    "inet_ntoa": 12,
    "listen": 13,
    "ntohl": 14,
    "ntohs": 15,
    "recv": 16,
    "recvfrom": 17,
    "select": 18,
    "send": 19,
    "sendto": 20,
    "setsockopt": 21,
    "shutdown": 22,
    "socket": 23,
    "gethostbyaddr": 51,
    "gethostbyname": 52,
    "getprotobyname": 53,
    "getprotobynumber": 54,
    "getservbyname": 55,
    "getservbyport": 56,
    "gethostname": 57,
    "WSAAsyncSelect": 101,
    "WSASetBlockingHook": 109,
    "WSAUnhookBlockingHook": 110,
    "WSAGetLastError": 111,
    "WSASetLastError": 112,
    "WSACancelBlockingCall": 113,
    "WSAIsBlocking": 114,
    "WSAStartup": 115,
    "WSACleanup": 116,
    "__WSAFDIsSet": 151,
}


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """Names that the built DLL exports, with their numbers."""
    path = build.build(tmp_path_factory.mktemp("system32"), ["ws2_32.dll"])[0]
    with pefile.PE(str(path)) as image:
        return {s.name.decode(): s.ordinal for s in image.DIRECTORY_ENTRY_EXPORT.symbols}


def test_names_of_winsock_1_have_their_numbers(exports: dict[str, int]) -> None:
    assert {name: exports.get(name) for name in NUMBERS} == NUMBERS


def test_no_other_name_takes_one_of_those_numbers(exports: dict[str, int]) -> None:
    taken = {number: name for name, number in exports.items()}
    assert {taken[number] for number in NUMBERS.values()} == set(NUMBERS)


@pytest.mark.parametrize(
    "name",
    [
        # What Go's runtime and its package net look up.
        *("WSAEnumProtocolsW", "WSAIoctl", "WSARecv", "WSASend", "WSASocketW", "GetAddrInfoW"),
        *("FreeAddrInfoW", "WSAGetOverlappedResult", "WSADuplicateSocketW", "WSASendMsg"),
    ],
)
def test_go_finds_what_it_looks_up(exports: dict[str, int], name: str) -> None:
    assert name in exports


@pytest.mark.slow
def test_program_prints_what_was_recorded(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "ws2_start.c", "-lws2_32")
    finished = picorun("--rw", image, cwd=tmp_path)
    expected = (PROGRAMS / "ws2_start.expected").read_bytes()
    assert finished.stdout.replace(b"\r\n", b"\n") == expected, finished.stderr
    assert finished.exit_code == 0
