"""Pipes between two ends, without threads: what each operation says in each state."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io import Disposition, OpenRequest
from provider.kernel.io.pipe import MAX_QUOTA, MIN_QUOTA, Channel, PipeEnd, PipeState
from provider.kernel.io.pipe_device import PipeDevice

ALL = 0x12019F


def _create(
    device: PipeDevice, path: str = "\\p", *, share: int = 3, message: bool = False, limit: int = 1
) -> PipeEnd:
    request = OpenRequest("", access=ALL, share=share, disposition=Disposition.OPEN_IF)
    end, _ = device.create(request, path, is_message_type=message, limit=limit, quotas=(0, 1 << 40))
    end.reference()
    return end


def _open(device: PipeDevice, path: str = "\\P", access: int = ALL) -> PipeEnd:
    end, _ = device.open(OpenRequest("", access=access), path)
    assert isinstance(end, PipeEnd)
    return end


def _reason(call: object, *arguments: object) -> Reason:
    assert callable(call)
    with pytest.raises(KernelError) as caught:
        call(*arguments)
    return caught.value.reason


def test_quotas_are_bounded() -> None:
    end = _create(PipeDevice())
    assert end.source.quota == MIN_QUOTA
    assert end.sink.quota == MAX_QUOTA


def test_opening() -> None:
    device = PipeDevice()
    assert _reason(_open, device) is Reason.OBJECT_NAME_NOT_FOUND
    assert _reason(_create, device, "\\") is Reason.OBJECT_NAME_INVALID
    server = _create(device, share=2, limit=2)
    assert _reason(_create, device) is Reason.ACCESS_DENIED
    assert _reason(_open, device) is Reason.ACCESS_DENIED
    client = _open(device, access=0x120196)
    assert _reason(_open, device, "\\p", 0x120196) is Reason.PIPE_NOT_AVAILABLE
    second = _create(device, share=2, limit=2)
    assert _reason(lambda: _create(device, share=2)) is Reason.INSTANCE_NOT_AVAILABLE
    for end in (server, client, second):
        end.close()
    assert _reason(_open, device) is Reason.OBJECT_NAME_NOT_FOUND


def test_bytes_outlive_their_writer() -> None:
    device = PipeDevice()
    server = _create(device)
    assert _reason(server.read, 1) is Reason.PIPE_LISTENING
    assert _reason(server.write, b"x") is Reason.PIPE_LISTENING
    client = _open(device)
    assert _reason(client.read, 1) is Reason.PIPE_EMPTY
    assert server.write(b"hello, ") == 7
    assert server.write(b"world") == 5
    assert client.read(3) == b"hel"
    server.close()
    assert client.read(100) == b"lo, world"
    assert _reason(client.read, 1) is Reason.PIPE_BROKEN
    assert _reason(client.write, b"x") is Reason.PIPE_CLOSING


def test_a_full_pipe_takes_a_part() -> None:
    device = PipeDevice()
    server = _create(device)
    client = _open(device)
    assert client.write(bytes(MIN_QUOTA + 10)) == MIN_QUOTA
    assert client.sink.size == MIN_QUOTA
    assert len(server.read(10)) == 10
    assert client.write(bytes(100)) == 10


def test_messages_keep_their_ends() -> None:
    device = PipeDevice()
    server = _create(device, message=True)
    client = _open(device)
    client.message_mode = True
    for message in (b"one", b"", b"three"):
        server.write(message)
    assert (client.read(2), client.truncated) == (b"on", True)
    assert (client.read(2), client.truncated) == (b"e", False)
    assert (client.read(9), client.truncated) == (b"", False)
    client.message_mode = False
    server.write(b"four")
    assert (client.read(7), client.truncated) == (b"threefo", False)


def test_disconnecting_loses_what_was_not_read() -> None:
    device = PipeDevice()
    server = _create(device)
    assert _reason(server.instance.disconnect) is Reason.PIPE_LISTENING
    client = _open(device)
    server.write(b"lost")
    server.instance.disconnect()
    for end in (server, client):
        assert _reason(end.read, 1) is Reason.PIPE_DISCONNECTED
        assert _reason(end.write, b"x") is Reason.PIPE_DISCONNECTED
    assert _reason(_open, device) is Reason.PIPE_NOT_AVAILABLE
    server.instance.listen()
    assert _open(device).instance.state is PipeState.CONNECTED


@given(st.lists(st.binary(max_size=5000) | st.integers(0, 5000), max_size=20))
def test_a_channel_is_a_queue_of_bytes(steps: list[bytes | int]) -> None:
    channel, model = Channel(MIN_QUOTA), b""
    for step in steps:
        if isinstance(step, bytes):
            done = channel.put(step, whole=False)
            assert done == min(len(step), MIN_QUOTA - len(model))
            model += step[:done]
        else:
            assert channel.peek(step, message=False) == model[:step]
            assert channel.take(step, message=False) == (model[:step], False)
            model = model[step:]
        assert channel.size == len(model)
        assert channel.writable.signaled is (len(model) < MIN_QUOTA)
