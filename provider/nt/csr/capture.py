"""Capture buffers: what a message points to, copied out of the memory that client and server share.

    header | offsets of the pointers in the message | what they point to

The server copies the whole buffer once and trusts nothing in it ("CSR_CAPTURE_HEADER", Geoff
Chappell): the buffer lies in the client's view, each offset is that of an aligned pointer in the
message's data, and each pointer leads behind the offsets.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.nt.lpc.message import HEADER
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.csr import CSR_API_MSG, CSR_CAPTURE_HEADER
from provider.nt.types import decode_utf16

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace
    from provider.nt.types import UNICODE_STRING_HEADER

MOST_POINTERS = 0x10000
_FIRST_POINTER = HEADER + CSR_API_MSG.SIZE
"""The offset of a message's data from the message's start, which offsets count from."""


class Capture:
    """A captured buffer; addresses are those of the server's view of it."""

    def __init__(self, space: AddressSpace, view: range, va: int, message: bytes) -> None:
        """Capture what is at `va` for the data of a message.

        NtError INVALID_PARAMETER; AccessViolation where the client has not committed its memory.
        """
        size = CSR_CAPTURE_HEADER.SIZE
        _check(va in view and va + size <= view.stop)
        header = CSR_CAPTURE_HEADER.from_bytes(space.read(va, size))
        count = header.CountMessagePointers
        self._first = size + 4 * count
        _check(count < MOST_POINTERS and self._first <= header.Length <= view.stop - va)
        self._space, self._va = space, va
        self._data = bytearray(space.read(va, header.Length))
        self._is_changed = False
        for offset in struct.unpack_from(f"<{count}I", self._data, size):
            at = offset - _FIRST_POINTER
            _check(at >= 0 and not at % 4 and at + 4 <= len(message))
            (pointer,) = struct.unpack_from("<I", message, at)
            _check(not pointer or va + self._first <= pointer <= va + len(self._data))

    def read(self, va: int, size: int) -> bytes:
        """Captured bytes.  NtError INVALID_PARAMETER for what is not in the buffer."""
        start = self._place(va, size)
        return bytes(self._data[start : start + size])

    def text(self, header: UNICODE_STRING_HEADER) -> str:
        """A captured string.  NtError INVALID_PARAMETER."""
        _check(not header.Length % 2)
        return decode_utf16(self.read(header.Buffer, header.Length)) if header.Length else ""

    def write(self, va: int, data: bytes) -> None:
        """Change captured bytes; the client sees it after `give_back`.  NtError."""
        start = self._place(va, len(data))
        self._data[start : start + len(data)] = data
        self._is_changed = True

    def give_back(self) -> None:
        """Let the client see what was changed.  AccessViolation."""
        if self._is_changed:
            self._space.write(self._va + self._first, bytes(self._data[self._first :]))

    def _place(self, va: int, size: int) -> int:
        start = va - self._va
        _check(self._first <= start <= len(self._data) - size)
        return start


def _check(condition: bool) -> None:
    if not condition:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
