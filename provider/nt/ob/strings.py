"""Strings of the guest beside arguments: UNICODE_STRINGs that calls store, text ended by a zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE
from provider.nt.status import NTSTATUS, NtError
from provider.nt.types import UNICODE_STRING_HEADER, decode_utf16, encode_utf16

if TYPE_CHECKING:
    from provider.kernel.mm import AddressSpace

STRING_HEADER = UNICODE_STRING_HEADER.SIZE
LONGEST_STRING = 0xFFFC


def string_at(va: int, text: str) -> bytes:
    """A UNICODE_STRING for address `va` with its zero-ended characters behind it."""
    encoded = encode_utf16(text)[:LONGEST_STRING]
    header = UNICODE_STRING_HEADER(
        Length=len(encoded), MaximumLength=len(encoded) + 2, Buffer=(va + STRING_HEADER)
    )
    return bytes(header) + encoded + b"\0\0"


def write_string(space: AddressSpace, va: int, text: str, *, needs_end: bool) -> int:
    """Fill the UNICODE_STRING at `va`, whose Buffer and MaximumLength the guest has set.

    `needs_end`: there has to be room for a zero at its end too.  Returns the bytes that it takes
    with that; NtError BUFFER_TOO_SMALL.
    """
    header = UNICODE_STRING_HEADER.from_bytes(space.read(va, STRING_HEADER))
    encoded = encode_utf16(text)
    if header.MaximumLength < len(encoded) + 2 * needs_end:
        raise NtError(NTSTATUS.BUFFER_TOO_SMALL)
    room = header.MaximumLength >= len(encoded) + 2
    space.write(header.Buffer, encoded + b"\0\0" if room else encoded)
    header.Length = len(encoded)
    space.write(va, bytes(header))
    return len(encoded) + 2


def text_until_zero(space: AddressSpace, va: int, longest: int) -> str:
    """The UTF-16 text at `va` up to its zero, `longest` characters at most.  AccessViolation."""
    data = bytearray()
    while len(data) < 2 * longest:
        room = PAGE_SIZE - (va + len(data)) % PAGE_SIZE
        piece = space.read(va + len(data), min(max(room, 2), 2 * longest - len(data)) & ~1)
        data += piece
        text, zero, _ = decode_utf16(bytes(data)).partition("\0")
        if zero:
            return text
    return decode_utf16(bytes(data))
