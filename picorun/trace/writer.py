"""Writes a trace to a file or to stderr: whole lines or packets, however the run ends."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from picorun.trace import STDERR, TraceFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 16
"""Bytes of a file that are collected before they are written."""


class Writer:
    """A file that is written in whole pieces; OSErrors become TraceFailed."""

    def __init__(self, target: str) -> None:
        """`target` is a path or STDERR.  Raises TraceFailed."""
        self.name = "stderr" if target == STDERR else target
        self._lines: list[str] = []
        self._pieces: list[bytes] = []
        self._size = 0
        """Bytes of the pieces, and characters of the lines after them."""
        self._pending = memoryview(b"")
        """What is being written; an exception of a signal may come in between."""
        self._offset: int | None = None
        """Where that belongs in a file that has places, so that writing it again is no harm."""
        self._fd = 2
        if target == STDERR:
            self.is_terminal = sys.stderr.isatty()
            return
        with self._named_failure():
            self._fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
        self.is_terminal = os.isatty(self._fd)
        if stat.S_ISREG(os.fstat(self._fd).st_mode):
            self._offset = 0

    def write_text(self, line: str) -> None:
        """Write a line, which has its line end.  Raises TraceFailed, perhaps for an earlier one."""
        self._lines.append(line)
        self._size += len(line)
        if self._offset is None or self._size >= _CHUNK:
            self.flush()

    def write(self, piece: bytes) -> None:
        """Write a piece.  Raises TraceFailed, perhaps for an earlier one."""
        self._take_lines()
        self._pieces.append(piece)
        self._size += len(piece)
        if self._offset is None or self._size >= _CHUNK:
            self.flush()

    def flush(self) -> None:
        """Write what was collected.  Raises TraceFailed."""
        with self._named_failure():
            self._drain()
            self._take_lines()
            pieces, self._pieces, self._size = self._pieces, [], 0
            self._pending = memoryview(b"".join(pieces))
            self._drain()

    def close(self) -> None:
        """Write what is left.  Raises TraceFailed."""
        try:
            self.flush()
        finally:
            if self._fd > 2:
                os.close(self._fd)

    def _take_lines(self) -> None:
        """Make a piece of the lines that came since the last one."""
        if self._lines:
            lines, self._lines = self._lines, []
            self._pieces.append("".join(lines).encode("utf-8", "backslashreplace"))

    def _drain(self) -> None:
        while self._pending:
            if self._offset is None:
                count = os.write(self._fd, self._pending)
            else:
                count = os.pwrite(self._fd, self._pending, self._offset)
                self._offset += count
            self._pending = self._pending[count:]

    @contextmanager
    def _named_failure(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._pending, self._pieces, self._lines = memoryview(b""), [], []
            raise TraceFailed.by_host(f"cannot write the trace to {self.name}", error) from None
