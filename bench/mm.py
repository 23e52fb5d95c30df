"""The memory manager by itself, called as the trap hook calls it; no CPU runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.measure import median_seconds
from bench.row import Row
from emu.ram import PAGE_SIZE, Ram
from provider.kernel.mm import AddressSpace, MemoryManager, Protection

if TYPE_CHECKING:
    from collections.abc import Callable

_READ_WRITE = Protection.READ | Protection.WRITE
_TOUCHED = 64 << 20
_CYCLES = 10_000
_USER_WRITE = 6
_CALLS = 20_000


def rows() -> list[Row]:
    """Demand-zero faults, allocation cycles, and the kernel's access to user memory."""
    space = MemoryManager(Ram(512 << 20)).create_space()
    start, _ = _allocate(space, 0x10000, commit=True)
    space.write(start, bytes(PAGE_SIZE))
    touch = median_seconds(lambda: _touch(space), 3)
    read = median_seconds(lambda: _repeat(lambda: space.read(start, 16)))
    write = median_seconds(lambda: _repeat(lambda: space.write(start, b"0123456789abcdef")))
    cycles = median_seconds(lambda: _cycle(space), 3)
    return [
        Row("demand-zero fault, kernel's part", touch / (_TOUCHED // PAGE_SIZE) * 1e6, "us", 4),
        Row("10,000 reserve/commit/release, kernel's part", cycles, "s"),
        Row("kernel reads 16 user bytes", read / _CALLS * 1e6, "us", 1),
        Row("kernel writes 16 user bytes", write / _CALLS * 1e6, "us"),
    ]


def _allocate(space: AddressSpace, size: int, *, commit: bool) -> tuple[int, int]:
    return space.allocate(None, size, reserve=True, commit=commit, protection=_READ_WRITE)


def _touch(space: AddressSpace) -> None:
    start, size = _allocate(space, _TOUCHED, commit=True)
    for va in range(start, start + size, PAGE_SIZE):
        space.handle_fault(va, _USER_WRITE)
    space.release(start)


def _cycle(space: AddressSpace) -> None:
    for _ in range(_CYCLES):
        start, size = _allocate(space, 0x10000, commit=False)
        space.allocate(start, size, reserve=False, commit=True, protection=_READ_WRITE)
        space.release(start)


def _repeat(call: Callable[[], object]) -> None:
    for _ in range(_CALLS):
        call()
