"""UNICODE_STRINGs that calls store for the guest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.status import NTSTATUS, NtError
from provider.nt.types import UNICODE_STRING_HEADER, encode_utf16

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
