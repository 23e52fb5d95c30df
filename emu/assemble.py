"""Assembly text to bytes, through Keystone."""

from __future__ import annotations

from functools import cache

from keystone import KS_ARCH_X86, KS_MODE_32, Ks, KsError


@cache
def _keystone() -> Ks:
    return Ks(KS_ARCH_X86, KS_MODE_32)


def assemble(text: str, address: int = 0) -> bytes:
    """The machine code of 32-bit Intel-syntax `text` for `address`; raises ValueError."""
    try:
        encoding, _ = _keystone().asm(text, address)
    except KsError as error:
        raise ValueError(f"cannot assemble {text!r}: {error}") from error
    return bytes(encoding or ())
