"""Guest programs that use sockets; the first lines of each say where its output was recorded."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.guests import PROGRAMS, WINE_DLLS, compile_program, picorun

NAMES = ("net_tcp", "net_select", "net_overlapped", "net_udp", "net_share")
NOT_WINES = {"net_tcp", "net_udp"}
"""Whose output was corrected where Wine's ws2_32 differs from Windows'."""


def _run(name: str, cwd: Path, *options: str | Path) -> None:
    image = compile_program(PROGRAMS / f"{name}.c", "-lws2_32")
    done = picorun("--quiet", *options, image, cwd=cwd)
    expected = (PROGRAMS / f"{name}.expected").read_text()
    assert done.stdout.decode().replace("\r", "") == expected
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_own_userland(name: str, tmp_path: Path) -> None:
    _run(name, tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(not WINE_DLLS.is_dir(), reason="Wine's DLLs are not here")
@pytest.mark.parametrize("name", sorted(set(NAMES) - NOT_WINES))
def test_wines_userland(name: str, tmp_path: Path) -> None:
    _run(name, tmp_path, "--userland", WINE_DLLS)


@pytest.mark.slow
def test_two_runs_are_the_same(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "net_overlapped.c", "-lws2_32")
    first, second = (picorun("--quiet", "--trace", image, cwd=tmp_path) for _ in range(2))
    assert first == second


OUT_OF_REACH = """\
connect(s, (struct sockaddr *)&remote_address, sizeof remote_address) = -1, error 10051
sendto(u, "x", 1, 0, (struct sockaddr *)&remote_address, sizeof remote_address) = -1, error 10051
getaddrinfo("host.invalid", "80", NULL, &found) = 11001
gethostbyname("host.invalid") == NULL = 1
"""
"""By documentation: WSAENETUNREACH, WSAHOST_NOT_FOUND."""


@pytest.mark.slow
def test_the_world_outside_is_out_of_reach(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "net_outside.c", "-lws2_32")
    done = picorun(image, cwd=tmp_path)
    assert done.stdout.decode().replace("\r\n", "\n") == OUT_OF_REACH
    assert done.stderr == ""


@pytest.mark.slow
def test_the_hosts_network(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "net_outside.c", "-lws2_32")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        refused = picorun("--quiet", image, port, cwd=tmp_path)
        assert b"= 0\r\n" in refused.stdout
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(picorun, "--net", image, port, cwd=tmp_path)
            peer, _ = server.accept()
            with peer:
                assert peer.recv(100, socket.MSG_WAITALL) == b"question"
                peer.sendall(b"answer\n")
            done = running.result()
    assert done.stdout.decode().splitlines() == [
        "connect_loopback(s, atoi(argv[1])) == 0 = 1",
        'send(s, "question", 8, 0) = 8',
        "answer",
        "end 0",
    ]
    assert done.stderr == ""
