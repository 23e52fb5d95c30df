"""The Unix side of bcrypt: keys.  Hashes and random numbers are made on its other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provider.kernel.thread import Thread


def process_attach(thread: Thread, arguments: int) -> None:
    """Start: there is nothing to prepare."""


FUNCTIONS = {function.__name__: function for function in (process_attach,)}
