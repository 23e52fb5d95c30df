"""Fixed-size answers of the NtQuery… calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.status import NTSTATUS, NtError

if TYPE_CHECKING:
    from provider.kernel.thread import Thread
    from provider.syscall import Out


def answer(
    thread: Thread,
    data: bytes,
    buffer: int,
    length: int,
    returned: Out[int] | None,
    *,
    exact: bool = True,
) -> None:
    """Store `data` at `buffer` of `length` bytes.  NtError INFO_LENGTH_MISMATCH.

    `exact`: the buffer must have just the answer's size.  Otherwise a larger one will do, and the
    size that is needed is stored for a smaller one too.
    """
    if returned is not None and not exact:
        returned.value = len(data)
    if length < len(data) or (exact and length != len(data)):
        raise NtError(NTSTATUS.INFO_LENGTH_MISMATCH)
    thread.process.space.write(buffer, data)
    if returned is not None and exact:
        returned.value = len(data)
