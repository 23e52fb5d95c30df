"""Pipes by their calls: creating, waiting, peeking, transceiving."""

from __future__ import annotations

import struct

import pytest

from provider.kernel.io.irp import cancel_all
from provider.kernel.io.pipe import PipeEnd
from provider.nt.status import NTSTATUS
from tests.provider.kernel.io.pipes import read as _read
from tests.provider.kernel.io.pipes import write as _write
from tests.provider.nt.io.caller import DATA_VA, HANDLE_VA, IO_VA, READ, READ_WRITE, Caller

NAME = "\\??\\pipe\\test"
ACCESS = 0xC0100000
OUT_VA = DATA_VA + 0x10000
ATTRIBUTE = 0x110030
DISCONNECT, LISTEN, PEEK, WAIT, TRANSCEIVE = 0x110004, 0x110008, 0x11400C, 0x110018, 0x11C017


@pytest.fixture
def caller() -> Caller:
    return Caller()


def _create(
    caller: Caller,
    name: str = NAME,
    *,
    share: int = 3,
    kind: int = 0,
    mode: int = 0,
    completion: int = 0,
    instances: int = 1,
    root: int = 0,
) -> tuple[NTSTATUS, int]:
    status = caller(
        "NtCreateNamedPipeFile",
        HANDLE_VA, ACCESS, caller.attributes(name, root), IO_VA, share, 3, 0x20,
        kind, mode, completion, instances, 4096, 4096, 0,
    )  # fmt: skip
    return status, caller.word(HANDLE_VA) if not status else 0


def _control(
    caller: Caller, handle: int, code: int, data: bytes = b"", room: int = 0
) -> tuple[NTSTATUS, bytes]:
    caller.space.write(DATA_VA, data)
    status = caller(
        "NtFsControlFile", handle, 0, 0, 0, IO_VA, code, DATA_VA, len(data), OUT_VA, room
    )
    done = caller.word(IO_VA + 4) if status < 0xC0000000 else 0
    return status, caller.space.read(OUT_VA, done) if done else b""


def _end(caller: Caller, handle: int) -> PipeEnd:
    return caller.thread.process.handles.reference(handle, PipeEnd)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (NAME, {"kind": 4}),
        (NAME, {"mode": 1}),
        (NAME, {"completion": 2}),
        (NAME, {"instances": 0}),
        (NAME, {"share": 0}),
        ("\\??\\pipe\\", {}),
        ("\\??\\NUL", {}),
        ("\\??\\none", {}),
    ],
)
def test_what_is_refused(caller: Caller, name: str, words: dict[str, int]) -> None:
    assert _create(caller, name, **words)[0] >= 0xC0000000


@pytest.mark.parametrize("data", [b"", b"x" * 13, struct.pack("<qIB", 0, 0xFFFFFFFF, 1) + b"abc"])
def test_ridiculous_controls(caller: Caller, data: bytes) -> None:
    _, server = _create(caller)
    root = caller.open("\\??\\pipe\\").value
    assert _control(caller, server, DISCONNECT)[0] == NTSTATUS.SUCCESS
    for code in (DISCONNECT, PEEK, WAIT, TRANSCEIVE, 0, 0xFFFFFFFF):
        for room in (0, 15, 16, 17):
            assert _control(caller, server, code, data, room)[0] >= 0xC0000000
            assert _control(caller, root, code, data, room)[0] >= 0xC0000000


def test_a_reader_waits_for_data(caller: Caller) -> None:
    _, server = _create(caller)
    client = caller.open(NAME, READ_WRITE).value
    caller.while_waiting = [lambda: _write(_end(caller, server), b"late")]
    assert caller.read(client, 100) == (0, b"late")
    caller.while_waiting = [lambda: caller.close(server)]
    assert caller.read(client, 100)[0] == NTSTATUS.PIPE_BROKEN
    assert caller.write(client, b"x") == NTSTATUS.PIPE_CLOSING


def test_a_writer_waits_for_room(caller: Caller) -> None:
    _, server = _create(caller)
    client = caller.open(NAME, READ_WRITE).value
    data = bytes(range(250)) * 40
    taken: list[bytes] = []

    def take() -> None:
        taken.extend(_read(_end(caller, server), 4096).data for _ in range(2))

    caller.while_waiting = [take]
    assert caller.write(client, data) == 0
    assert caller.word(IO_VA + 4) == len(data)
    take()
    assert b"".join(taken) == data


def test_a_server_waits_for_a_client(caller: Caller) -> None:
    _, server = _create(caller)

    def connect() -> None:
        attributes = caller.attributes(NAME)
        assert not caller("NtOpenFile", HANDLE_VA, ACCESS, attributes, IO_VA, 7, 0x20)

    caller.while_waiting = [connect]
    assert _control(caller, server, LISTEN)[0] == NTSTATUS.SUCCESS
    assert _control(caller, server, LISTEN)[0] == NTSTATUS.PIPE_CONNECTED
    caller.close(caller.word(HANDLE_VA))
    assert _control(caller, server, LISTEN)[0] == NTSTATUS.PIPE_CLOSING
    assert _control(caller, server, DISCONNECT)[0] == NTSTATUS.SUCCESS
    caller.while_waiting = [connect]
    assert _control(caller, server, LISTEN)[0] == NTSTATUS.SUCCESS


def test_waiting_for_an_instance(caller: Caller) -> None:
    root = caller.open("\\??\\pipe\\").value
    name = "test".encode("utf-16-le")
    data = struct.pack("<qIB", 0, len(name), 1) + b"\0" + name
    assert _control(caller, root, WAIT, data)[0] == NTSTATUS.OBJECT_NAME_NOT_FOUND
    _create(caller)
    assert _control(caller, root, WAIT, data)[0] == NTSTATUS.SUCCESS
    caller.open(NAME)
    now = caller.kernel.clock.interrupt_time()
    caller.while_waiting = [lambda: caller.kernel.timers.expire(now)]
    assert _control(caller, root, WAIT, data)[0] == NTSTATUS.IO_TIMEOUT


def test_peeking(caller: Caller) -> None:
    _, server = _create(caller, kind=1, mode=1)
    client = caller.open(NAME, READ_WRITE).value
    caller.write(client, b"one")
    caller.write(client, b"two")
    status, answer = _control(caller, server, PEEK, b"", 18)
    assert status == NTSTATUS.BUFFER_OVERFLOW
    assert answer == struct.pack("<4I", 3, 6, 2, 3) + b"on"
    assert _control(caller, server, PEEK, b"", 16)[0] == NTSTATUS.BUFFER_OVERFLOW
    assert caller.read(server, 2)[0] == NTSTATUS.BUFFER_OVERFLOW
    assert caller.read(server, 2) == (0, b"e")


def test_transceiving(caller: Caller) -> None:
    _, server = _create(caller, kind=1, mode=1)
    client = caller.open(NAME, READ_WRITE).value
    assert _control(caller, client, TRANSCEIVE, b"?", 9)[0] == NTSTATUS.INVALID_PIPE_STATE
    assert caller.set(client, 23, struct.pack("<2I", 1, 0)) == 0

    def answer() -> None:
        end = _end(caller, server)
        _write(end, _read(end, 10).data + b"!")

    caller.while_waiting = [answer]
    assert _control(caller, client, TRANSCEIVE, b"?", 9) == (0, b"?!")


def test_pipes_without_names(caller: Caller) -> None:
    root = caller.open("\\Device\\NamedPipe\\").value
    status, server = _create(caller, "", root=root, share=2)
    assert status == 0
    client = caller.create("", 0x40100000, root=server, disposition=1)
    assert client.status == 0
    assert caller.write(client.value, b"through") == 0
    assert caller.read(server, 100) == (0, b"through")


def test_what_a_pipe_tells(caller: Caller) -> None:
    _, server = _create(caller, kind=1, share=1, instances=3)
    client = caller.open(NAME, READ).value
    assert caller.query(server, 23) == (0, bytes(8))
    _, data = caller.query(client, 24)
    assert struct.unpack("<10I", data) == (1, 1, 3, 1, 4096, 0, 4096, 4096, 3, 0)
    assert caller("NtQueryVolumeInformationFile", client, IO_VA, DATA_VA, 8, 4) == 0
    assert caller.word(DATA_VA) == 0x11


def test_pipes_are_listed(caller: Caller) -> None:
    _create(caller, "\\??\\pipe\\second")
    _create(caller, "\\??\\pipe\\first\\one", instances=7)
    root = caller.open("\\??\\pipe\\").value
    assert caller.listing(root, size=0x1000) == ["first\\one", "second"]
    assert caller.read(root, 1)[0] == NTSTATUS.INVALID_PARAMETER


@pytest.mark.parametrize("name", ["\\??\\pipe", "\\Device\\NamedPipe\\"])
def test_controls_without_a_pipe(caller: Caller, name: str) -> None:
    handle = caller.open(name).value
    for code, status in (
        (0x110000, NTSTATUS.NOT_SUPPORTED),
        (DISCONNECT, NTSTATUS.PIPE_DISCONNECTED),
        (LISTEN, NTSTATUS.ILLEGAL_FUNCTION),
        (PEEK, NTSTATUS.INVALID_PARAMETER),
        (TRANSCEIVE, NTSTATUS.PIPE_DISCONNECTED),
        (0x110030, NTSTATUS.INVALID_PARAMETER),
    ):
        assert _control(caller, handle, code)[0] == status
    wait = _control(caller, handle, WAIT, bytes(14))[0]
    device = name == "\\??\\pipe"
    expected = NTSTATUS.ILLEGAL_FUNCTION if device else NTSTATUS.OBJECT_NAME_NOT_FOUND
    assert wait == expected


def test_who_is_at_the_ends(caller: Caller) -> None:
    _, server = _create(caller)
    own = caller.thread.process.id.to_bytes(4, "little")
    assert _control(caller, server, ATTRIBUTE, b"ServerProcessId\0", 4) == (0, own)
    assert _control(caller, server, ATTRIBUTE, b"ClientProcessId\0", 4)[0] == NTSTATUS.NOT_FOUND
    client = caller.open(NAME, READ_WRITE).value
    assert _control(caller, client, ATTRIBUTE, b"ClientProcessId\0", 4) == (0, own)
    assert _control(caller, client, ATTRIBUTE, b"ClientProcessId", 3)[0] == (
        NTSTATUS.BUFFER_TOO_SMALL
    )
    assert _control(caller, client, ATTRIBUTE, b"Favourite", 4)[0] == NTSTATUS.NOT_FOUND
    assert _control(caller, server, DISCONNECT)[0] == 0
    assert _control(caller, client, ATTRIBUTE, b"ServerProcessId", 4)[0] == (
        NTSTATUS.PIPE_DISCONNECTED
    )


def test_a_wait_is_cancelled_from_outside(caller: Caller) -> None:
    _, server = _create(caller)
    client = caller.open(NAME, READ_WRITE).value
    caller.space.write(IO_VA, b"\xcc" * 8)
    caller.while_waiting = [lambda: cancel_all(caller.thread.irps)]
    assert caller("NtReadFile", client, 0, 0, 0, IO_VA, DATA_VA, 9, 0, 0) == NTSTATUS.CANCELLED
    assert caller.word(IO_VA) == 0xCCCCCCCC
    assert not _end(caller, client).pending
    assert caller("NtCancelSynchronousIoFile", 0xFFFFFFFE, 0, IO_VA) == NTSTATUS.NOT_FOUND
    caller.close(server)


def test_rights_to_ask_and_to_set(caller: Caller) -> None:
    _create(caller)
    client = caller.open(NAME, 0x100000).value
    for information in (23, 24):
        assert caller.query(client, information)[0] == NTSTATUS.ACCESS_DENIED
    assert caller.set(client, 23, bytes(8)) == NTSTATUS.ACCESS_DENIED


def test_a_pipe_that_was_turned_out_tells_nothing(caller: Caller) -> None:
    _, server = _create(caller)
    client = caller.open(NAME, READ_WRITE).value
    _control(caller, server, DISCONNECT)
    for information in (9, 23, 24):
        assert caller.query(client, information)[0] == NTSTATUS.PIPE_DISCONNECTED
    assert caller("NtFlushBuffersFile", client, IO_VA) == NTSTATUS.PIPE_DISCONNECTED
    assert caller("NtFlushBuffersFile", server, IO_VA) == NTSTATUS.SUCCESS
