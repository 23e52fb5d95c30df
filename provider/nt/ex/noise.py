"""Bytes that nobody can predict without the seed of the run, the same ones in every run."""

from __future__ import annotations


class Noise:
    """A series of bytes that begins with a seed."""

    def __init__(self, seed: int) -> None:
        self._seed, self._blocks = seed, 0

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        from hashlib import sha256  # 3 ms, which most runs need not pay

        data = bytearray()
        while len(data) < size:
            data += sha256(f"{self._seed}:{self._blocks}".encode()).digest()
            self._blocks += 1
        return bytes(data[:size])
