"""Ports: what the calls refuse, and a guest program that uses them all."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from provider.nt.lpc.port import Port
from provider.nt.status import status_name
from tests.guests import PROGRAMS, compile_program, picorun
from tests.provider.nt.synthetic import NtMachine, start

if TYPE_CHECKING:
    from pathlib import Path

NAME = "\\port"


class Ports:
    """A machine whose process makes a port of a known name."""

    def __init__(self) -> None:
        self.machine: NtMachine = start("nop")
        self.buffer = self.machine.allocate()
        self.quality = self.buffer + 0x100
        self.message = self.buffer + 0x200
        self.name = self.buffer + 0x400
        self.attributes = self.buffer + 0x420
        text = NAME.encode("utf-16-le")
        self.machine.process.space.write(self.buffer + 0x440, text)
        self.machine.write(self.name, len(text) << 16 | len(text), self.buffer + 0x440)
        self.machine.write(self.attributes, 24, 0, self.name, 0, 0, 0)

    def status(self, name: str, *arguments: int) -> str:
        return status_name(self.machine.call(name, *arguments)).removeprefix("STATUS_")

    def create(self, information: int = 32, message: int = 128) -> str:
        arguments = self.buffer, self.attributes, information, message, 0
        return self.status("NtCreatePort", *arguments)

    def handle(self) -> int:
        return self.machine.read(self.buffer)

    def put_message(self, data: bytes, *, total: int | None = None, kind: int = 0) -> int:
        total = 24 + len(data) if total is None else total
        header = struct.pack("<4H4I", len(data), total, kind, 0, 4, 8, 15, 0)
        self.machine.process.space.write(self.message, header + data)
        return self.message

    def connect(self, client_view: int = 0, server_view: int = 0) -> str:
        arguments = self.buffer, self.name, self.quality, client_view, server_view, 0, 0, 0
        return self.status("NtConnectPort", *arguments)


@pytest.fixture
def ports() -> Ports:
    return Ports()


def test_lengths_that_no_message_can_have(ports: Ports) -> None:
    assert ports.create(0x8000 - 24) == "INVALID_PARAMETER_3"
    assert ports.create(32, 0x8000) == "INVALID_PARAMETER_4"
    assert ports.create(0x7FFF - 24, 0x7FFF) == "SUCCESS"


def test_a_name_is_taken_once(ports: Ports) -> None:
    assert ports.create() == "SUCCESS"
    assert ports.create() == "OBJECT_NAME_COLLISION"


def test_connecting_to_what_is_no_port(ports: Ports) -> None:
    assert ports.connect() == "OBJECT_NAME_NOT_FOUND"
    event = ports.buffer, 0x1F0003, ports.attributes, 0, 0
    assert ports.status("NtCreateEvent", *event) == "SUCCESS"
    assert ports.connect() == "OBJECT_TYPE_MISMATCH"


def test_views_of_a_wrong_length(ports: Ports) -> None:
    assert ports.create() == "SUCCESS"
    view = ports.buffer + 0x800
    ports.machine.write(view, 23, 0, 0, 0, 0, 0)
    assert ports.connect(client_view=view) == "INVALID_PARAMETER"
    assert ports.connect(server_view=view) == "INVALID_PARAMETER"
    ports.machine.write(view, 24, 0x1234, 0, 0, 0, 0)
    assert ports.connect(client_view=view) == "INVALID_HANDLE"


@pytest.mark.parametrize(
    ("data", "total", "kind", "expected"),
    [
        (b"x" * 200, None, 0, "PORT_MESSAGE_TOO_LONG"),
        (b"xy", 0, 0, "INVALID_PARAMETER"),
        (b"xy", 25, 0, "INVALID_PARAMETER"),
        (b"xy", None, 5, "INVALID_PARAMETER"),
        (b"xy", None, 0x8001, "INVALID_PARAMETER"),
        (b"xy", None, 0, "INVALID_PORT_HANDLE"),
    ],
)
def test_messages_that_cannot_be_sent(
    ports: Ports, data: bytes, total: int | None, kind: int, expected: str
) -> None:
    assert ports.create() == "SUCCESS"
    message = ports.put_message(data, total=total, kind=kind)
    assert ports.status("NtRequestPort", ports.handle(), message) == expected
    waiting = ports.handle(), message, message
    if kind != 1:
        assert ports.status("NtRequestWaitReplyPort", *waiting) == expected


def test_answers_to_nobody(ports: Ports) -> None:
    """No thread has those ids, one that has them waits for nothing, or for no answer."""
    assert ports.create() == "SUCCESS"
    handle, message = ports.handle(), ports.put_message(b"xy")
    own = struct.pack("<2I", ports.machine.process.id, ports.machine.thread.id)
    for ids in (bytes(8), b"\xff" * 8, own):
        ports.machine.process.space.write(message + 8, ids)
        for name, arguments in (
            ("NtReplyPort", (handle, message)),
            ("NtReplyWaitReplyPort", (handle, message)),
            ("NtReplyWaitReceivePort", (handle, 0, message, ports.buffer + 0x800)),
            ("NtReadRequestData", (handle, message, 0, ports.buffer, 4, 0)),
            ("NtAcceptConnectPort", (ports.buffer, 0, message, 1, 0, 0)),
        ):
            assert ports.status(name, *arguments) == "REPLY_MESSAGE_MISMATCH", name


def test_receiving_gives_up_after_a_time(ports: Ports) -> None:
    assert ports.create() == "SUCCESS"
    timeout = ports.buffer + 0x800
    ports.machine.write(timeout, 0, 0)
    arguments = ports.handle(), 0, 0, ports.buffer + 0x900, timeout
    assert ports.status("NtReplyWaitReceivePortEx", *arguments) == "TIMEOUT"


def test_a_port_without_connection_is_not_completed(ports: Ports) -> None:
    assert ports.create() == "SUCCESS"
    assert ports.status("NtCompleteConnectPort", ports.handle()) == "INVALID_PORT_HANDLE"
    assert ports.status("NtRegisterThreadTerminatePort", ports.handle()) == "INVALID_PORT_HANDLE"


def test_a_port_goes_with_its_last_handle(ports: Ports) -> None:
    assert ports.create() == "SUCCESS"
    port = ports.machine.process.handles.reference(ports.handle(), Port)
    assert ports.status("NtClose", ports.handle()) == "SUCCESS"
    assert port.reference_count == 0
    assert ports.connect() == "OBJECT_NAME_NOT_FOUND"


@pytest.mark.slow
def test_program(tmp_path: Path) -> None:
    finished = picorun(compile_program(PROGRAMS / "lpc_ports.c", "-lntdll"), cwd=tmp_path)
    expected = (PROGRAMS / "lpc_ports.expected").read_bytes()
    assert finished.stdout.replace(b"\r\n", b"\n") == expected, finished.stderr
    assert finished.exit_code == 0
