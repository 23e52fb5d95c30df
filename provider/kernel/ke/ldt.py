"""Local descriptor tables: segments of one process's own.

A table is in system memory, where the CPU itself reads it.  Its place is handed on when its process
is gone, so there are never more of them than processes that had one at the same time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emu.ram import PAGE_SIZE

if TYPE_CHECKING:
    from emu.ram import Ram
    from emu.registers import Registers
    from provider.kernel.mm import MemoryManager
    from provider.kernel.process import Process

LDT_BASE = 0x88000000
"""The first table's place; the others follow."""
LDT_BYTES = 0x10000
"""The most that a selector can reach: 8,192 descriptors."""
DESCRIPTOR_BYTES = 8


class LdtPlaces:
    """Gives out places for tables."""

    def __init__(self, memory: MemoryManager, ram: Ram) -> None:
        self._memory, self._ram = memory, ram
        self._free: list[_Place] = []
        self._next_va = LDT_BASE

    def take(self) -> _Place:
        """A place without descriptors."""
        if self._free:
            return self._free.pop()
        self._next_va += LDT_BYTES
        return _Place(self._memory, self._ram, self._next_va - LDT_BYTES)

    def give_back(self, place: _Place) -> None:
        """Nobody's table is at `place` any more."""
        self._free.append(place)


class _Place:
    """Memory of one table at system address `va`; it has frames as far as it was written."""

    def __init__(self, memory: MemoryManager, ram: Ram, va: int) -> None:
        self._memory, self._ram, self.va = memory, ram, va
        self._frames: list[int] = []

    def write(self, offset: int, data: bytes) -> None:
        """Store descriptors.  KernelError; nothing is changed then."""
        while len(self._frames) * PAGE_SIZE < offset + len(data):
            va = self.va + len(self._frames) * PAGE_SIZE
            self._frames += self._memory.map_system(va, PAGE_SIZE)
        for at in range(0, len(data), DESCRIPTOR_BYTES):
            frame, rest = divmod(offset + at, PAGE_SIZE)
            pa = self._frames[frame] * PAGE_SIZE + rest
            self._ram.write(pa, data[at : at + DESCRIPTOR_BYTES])

    def read(self, offset: int, size: int) -> bytes:
        """Descriptors that were written."""
        pages = b"".join(self._ram.read(frame * PAGE_SIZE, PAGE_SIZE) for frame in self._frames)
        return pages[offset : offset + size]


class Ldt:
    """The table of a process: `size` bytes of descriptors."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._place = process.kernel.ldt_places.take()
        self.size = 0

    def read(self, offset: int, size: int) -> bytes:
        """Descriptors from `offset` on, as far as there are any."""
        return self._place.read(offset, max(min(size, self.size - offset), 0))

    def write(self, offset: int, descriptors: bytes) -> None:
        """Set descriptors; the table grows to hold them.  KernelError."""
        self._place.write(offset, descriptors)
        self._resize(max(self.size, offset + len(descriptors)))

    def shrink(self, size: int) -> None:
        """Let the table end at `size`."""
        self._place.write(size, bytes(self.size - size))
        self._resize(size)

    def load(self, registers: Registers) -> None:
        """Let a thread of the process have the table."""
        self._process.kernel.cpu.set_local_table(registers, self._place.va, max(self.size - 1, 0))

    def delete(self) -> None:
        """The process has ended."""
        self.shrink(0)
        self._process.kernel.ldt_places.give_back(self._place)

    def _resize(self, size: int) -> None:
        if size != self.size:
            self.size = size
            for thread in self._process.threads:
                self.load(thread.registers)
