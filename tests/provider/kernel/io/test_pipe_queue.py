"""The queue of one direction of a pipe: quotas, messages, who waits and who is cancelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.irp import Irp
from provider.kernel.io.pipe_queue import POOL_BYTES, PipeQueue, Pool
from tests.provider.kernel.io.pipes import QUOTA


def _queue(*, message: bool = False, quota: int = QUOTA, pool: Pool | None = None) -> PipeQueue:
    return PipeQueue(pool or Pool(), quota, is_message_type=message)


def _write(queue: PipeQueue, data: bytes, *, may_wait: bool = True) -> Irp:
    irp = Irp()
    queue.write(irp, data, may_wait=may_wait)
    return irp


def _read(queue: PipeQueue, size: int, *, message: bool = False) -> Irp:
    irp = Irp()
    queue.read(irp, size, message=message)
    return irp


def _flush(queue: PipeQueue) -> Irp:
    irp = Irp()
    queue.flush(irp)
    return irp


def test_the_pool_bounds_what_a_guest_can_leave_behind() -> None:
    pool = Pool(1000)
    queue = _queue(message=True, quota=POOL_BYTES, pool=pool)
    for _ in range(7):
        _write(queue, b"")
    with pytest.raises(KernelError) as caught:
        _write(queue, b"")
    assert caught.value.reason is Reason.INSUFFICIENT_RESOURCES
    while queue.has_data:
        _read(queue, 1)
    _write(queue, bytes(500))
    queue.abort(Reason.PIPE_BROKEN)
    assert pool.left == 1000


def test_small_writes_share_an_entry() -> None:
    pool = Pool(4000)
    queue = _queue(quota=3000, pool=pool)
    for _ in range(3000):
        assert _write(queue, b"x").is_done
    assert _read(queue, 4000).data == b"x" * 3000
    assert pool.left == 4000


@pytest.mark.parametrize("quota", [0, 1, QUOTA])
def test_a_write_waits_until_the_quota_covers_its_rest(quota: int) -> None:
    queue = _queue(quota=quota)
    first, second = _write(queue, bytes(quota + 10)), _write(queue, b"!")
    assert not _read(queue, 9).truncated
    assert not first.is_done
    _read(queue, 1)
    assert (first.is_done, first.information) == (True, quota + 10)
    assert not second.is_done
    _read(queue, quota)
    assert second.is_done is (quota > 0)
    assert _read(queue, 10).data == b"!"
    assert second.is_done


def test_readers_that_wait_are_served_first() -> None:
    queue = _queue(quota=0)
    readers = [_read(queue, size) for size in (0, 2, 9)]
    assert _write(queue, b"abcd").information == 4
    assert [irp.data for irp in readers] == [b"", b"ab", b"cd"]
    assert not queue.has_readers


def test_what_a_read_that_waits_takes_of_the_quota() -> None:
    queue = _queue()
    assert queue.room == QUOTA
    waiting = _read(queue, 30)
    assert queue.room == QUOTA - 30
    _read(queue, 1000)
    assert queue.room == 0
    waiting.cancel()
    assert waiting.reason is Reason.CANCELLED
    _write(queue, bytes(1010))
    assert (queue.size, queue.room) == (10, QUOTA - 10)


def test_messages_keep_their_ends() -> None:
    queue = _queue(message=True)
    for message in (b"one", b"", b"three", b"four"):
        _write(queue, message)
    assert (queue.message_count, queue.first_size, queue.peek(9)) == (4, 3, b"one")
    read = [_read(queue, 2, message=True) for _ in range(3)]
    assert [(irp.data, irp.truncated) for irp in read] == [
        (b"on", True),
        (b"e", False),
        (b"", False),
    ]
    assert (_read(queue, 0, message=True).truncated, queue.size) == (True, 9)
    assert _read(queue, 7).data == b"threefo"


def test_an_empty_message_wakes_one_reader() -> None:
    queue = _queue(message=True)
    readers = [_read(queue, 5), _read(queue, 5)]
    _write(queue, b"")
    assert [irp.is_done for irp in readers] == [True, False]
    bytes_only = _queue()
    waiting = _read(bytes_only, 5)
    assert _write(bytes_only, b"").is_done
    assert not waiting.is_done


def test_what_may_not_wait_and_does_not_fit() -> None:
    queue = _queue()
    assert _write(queue, bytes(QUOTA + 1), may_wait=False).information == 0
    _read(queue, 1)
    assert _write(queue, bytes(QUOTA + 1), may_wait=False).information == QUOTA + 1
    messages = _queue(message=True)
    waiting = _read(messages, 1)
    assert _write(messages, bytes(QUOTA + 2), may_wait=False).information == 0
    assert not waiting.is_done
    assert _write(messages, bytes(QUOTA + 1), may_wait=False).information == QUOTA + 1
    assert waiting.is_done


def test_flushes_wait_for_what_was_written_before() -> None:
    queue = _queue()
    assert _flush(queue).is_done
    _write(queue, b"ab")
    flushing, again = _flush(queue), _flush(queue)
    _write(queue, b"c")
    assert (queue.message_count, queue.peek(9)) == (2, b"abc")
    assert _read(queue, 1).data == b"a"
    assert not flushing.is_done
    again.cancel()
    assert _read(queue, 9).data == b"bc"
    assert (flushing.is_done, flushing.reason) == (True, None)


def test_a_write_that_is_cancelled_takes_its_rest_along() -> None:
    queue = _queue()
    first, second = _write(queue, bytes(QUOTA + 1)), _write(queue, b"!")
    flushing = _flush(queue)
    _read(queue, 1 - 1)
    first.cancel()
    assert (queue.size, second.is_done, flushing.is_done) == (1, True, False)
    assert _read(queue, 9).data == b"!"
    assert flushing.is_done


@given(st.lists(st.binary(max_size=300) | st.integers(0, 300), max_size=30), st.integers(0, 200))
def test_a_queue_of_bytes_is_a_queue_of_bytes(steps: list[bytes | int], quota: int) -> None:
    pool = Pool()
    queue, model = PipeQueue(pool, quota, is_message_type=False), b""
    for step in steps:
        if isinstance(step, bytes):
            model += step
            assert _write(queue, step).is_done is (len(model) <= quota or not step)
        elif model:
            assert queue.peek(step) == model[:step]
            assert _read(queue, step).data == model[:step]
            model = model[step:]
        assert (queue.size, queue.has_data) == (len(model), bool(model))
        assert queue.room == max(quota - len(model), 0)
    queue.abort(Reason.PIPE_BROKEN)
    assert pool.left == POOL_BYTES
