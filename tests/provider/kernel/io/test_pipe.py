"""Pipes between two ends, without threads: what each operation says in each state."""

from __future__ import annotations

import pytest

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.irp import Irp
from provider.kernel.io.pipe import PipeState
from provider.kernel.ke.timer import TimerQueue
from tests.provider.kernel.io.pipes import connect, create, flush, listen, make_device, pair
from tests.provider.kernel.io.pipes import read as _read
from tests.provider.kernel.io.pipes import write as _write


def _reason(call: object, *arguments: object) -> Reason:
    assert callable(call)
    with pytest.raises(KernelError) as caught:
        call(*arguments)
    return caught.value.reason


def test_opening() -> None:
    device = make_device()
    assert _reason(connect, device) is Reason.OBJECT_NAME_NOT_FOUND
    for path in ("", "\\"):
        assert _reason(create, device, path) is Reason.OBJECT_NAME_INVALID
    server = create(device, share=2, limit=2)
    assert _reason(create, device) is Reason.ACCESS_DENIED
    assert _reason(connect, device) is Reason.ACCESS_DENIED
    client = connect(device, access=0x120196)
    assert _reason(connect, device, "\\p", 0x120196) is Reason.PIPE_NOT_AVAILABLE
    second = create(device, share=2, limit=2)
    assert _reason(lambda: create(device, share=3)) is Reason.INSTANCE_NOT_AVAILABLE
    for end in (server, client, second):
        end.close()
    assert _reason(connect, device) is Reason.OBJECT_NAME_NOT_FOUND


def test_clients_come_to_who_has_listened_longest() -> None:
    device = make_device()
    servers = [create(device, limit=3) for _ in range(3)]
    assert connect(device).instance is servers[0].instance
    servers[0].disconnect()
    listen(servers[0])
    assert [connect(device).instance for _ in range(3)] == [
        servers[index].instance for index in (1, 2, 0)
    ]


def test_listening() -> None:
    device = make_device()
    server = create(device)
    waiting = listen(server)
    assert not waiting.is_done
    client = connect(device)
    assert (waiting.is_done, waiting.reason) == (True, None)
    assert _reason(listen, client) is Reason.ILLEGAL_FUNCTION
    assert _reason(listen, server) is Reason.PIPE_CONNECTED
    client.close()
    assert _reason(listen, server) is Reason.PIPE_CLOSING
    server.disconnect()
    server.nonblocking = True
    assert _reason(listen, server) is Reason.PIPE_LISTENING
    server.nonblocking = False
    waiting = listen(server)
    server.close()
    assert waiting.reason is Reason.PIPE_BROKEN


def test_bytes_outlive_their_writer() -> None:
    device = make_device()
    server = create(device)
    assert _reason(_read, server, 1) is Reason.PIPE_LISTENING
    assert _reason(_write, server, b"x") is Reason.PIPE_LISTENING
    client = connect(device)
    assert _write(server, b"hello, ").information == 7
    assert _write(server, b"world").information == 5
    assert _read(client, 3).data == b"hel"
    server.close()
    assert _read(client, 100).data == b"lo, world"
    assert _reason(_read, client, 1) is Reason.PIPE_BROKEN
    assert _reason(_write, client, b"x") is Reason.PIPE_CLOSING
    assert flush(client).is_done


def test_whoever_waits_learns_that_the_other_end_has_gone() -> None:
    for leave, reason in (
        ("close", Reason.PIPE_BROKEN),
        ("disconnect", Reason.PIPE_DISCONNECTED),
    ):
        server, client = pair()
        writing, flushing, reading = (
            _write(client, bytes(101)),
            flush(client),
            _read(client, 1),
        )
        getattr(server, leave)()
        assert [irp.reason for irp in (writing, flushing, reading)] == [reason] * 3


def test_a_client_that_was_turned_out_stays_out() -> None:
    device = make_device()
    server = create(device)
    waiting = listen(server)
    server.disconnect()
    assert waiting.reason is Reason.PIPE_DISCONNECTED
    assert _reason(server.disconnect) is Reason.PIPE_DISCONNECTED
    listen(server)
    first = connect(device)
    _write(server, b"lost")
    assert _reason(first.disconnect) is Reason.ILLEGAL_FUNCTION
    server.disconnect()
    assert _reason(connect, device) is Reason.PIPE_NOT_AVAILABLE
    listen(server)
    second = connect(device)
    _write(server, b"found")
    for call in (lambda: _read(first, 1), lambda: _write(first, b"x"), first.status, first.peek):
        assert _reason(call, *((1,) if call == first.peek else ())) is Reason.PIPE_DISCONNECTED
    first.close()
    assert second.state is PipeState.CONNECTED
    assert _read(second, 9).data == b"found"


def test_transceiving() -> None:
    server, client = pair(message=True)
    irp = Irp()
    client.start_transceive(irp, b"question", 3)
    assert _reason(client.start_transceive, Irp(), b"", 1) is Reason.PIPE_BUSY
    assert _read(server, 100).data == b"question"
    _write(server, b"answer")
    assert (irp.data, irp.truncated) == (b"ans", True)
    assert _reason(client.start_transceive, Irp(), b"x", 1) is Reason.PIPE_BUSY
    client.message_mode = False
    assert _reason(client.start_transceive, Irp(), b"x", 1) is Reason.INVALID_PIPE_STATE


def test_peeking() -> None:
    device = make_device()
    server = create(device, message=True)
    assert _reason(server.peek, 1) is Reason.INVALID_PIPE_STATE
    client = connect(device)
    _write(client, b"one")
    _write(client, b"three")
    assert server.peek(100) == (PipeState.CONNECTED, 8, 2, 3, b"one")
    client.close()
    assert server.peek(2).state is PipeState.CLOSING
    _read(server, 100)
    assert _reason(server.peek, 1) is Reason.PIPE_BROKEN


def test_modes() -> None:
    server, _ = pair()
    assert _reason(lambda: server.set_modes(message_mode=True, nonblocking=False)) is (
        Reason.INVALID_PARAMETER
    )
    waiting = _read(server, 1)
    assert _reason(lambda: server.set_modes(message_mode=False, nonblocking=True)) is (
        Reason.PIPE_BUSY
    )
    waiting.cancel()
    server.set_modes(message_mode=False, nonblocking=True)
    assert _reason(_read, server, 1) is Reason.PIPE_EMPTY


def test_waiting_for_an_instance() -> None:
    device, timers = make_device(), TimerQueue()
    server = create(device, limit=2)
    pipe = device.find("\\p")
    at_once, waiting, late, cancelled = Irp(), Irp(), Irp(), Irp()
    pipe.wait(at_once, timers, 5)
    assert at_once.is_done
    connect(device)
    pipe.wait(late, timers, 5)
    pipe.wait(waiting, timers, 6)
    pipe.wait(cancelled, timers, 6)
    timers.expire(5)
    assert late.reason is Reason.IO_TIMEOUT
    cancelled.cancel()
    assert not waiting.is_done
    create(device, limit=2).close()
    assert (waiting.is_done, waiting.reason, len(timers)) == (True, None, 0)
    gone = Irp()
    pipe.wait(gone, timers, None)
    server.close()
    assert gone.reason is Reason.OBJECT_NAME_NOT_FOUND
