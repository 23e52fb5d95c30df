"""Random use of watched, guarded and windowed memory of two processes, by the CPU, against bytes.

The model is what VirtualAlloc, VirtualFree, VirtualProtect, GetWriteWatch, ResetWriteWatch,
AllocateUserPhysicalPages, MapUserPhysicalPages and FreeUserPhysicalPages are documented to do
(Win32 API).
"""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from provider.kernel.errors import KernelError
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import DATA_VA, IO_VA
from tests.provider.nt.mm.world import (
    ARENA,
    COMMIT,
    DECOMMIT,
    EXECUTE_READ,
    EXECUTE_READ_WRITE,
    GUARD,
    NO_ACCESS,
    PAGE,
    READ_ONLY,
    READ_WRITE,
    RELEASE,
    RESERVE,
    UNIT,
    UNIT_PAGES,
    UNITS,
    Area,
    Target,
    World,
)

if TYPE_CHECKING:
    from pathlib import Path

WRITE_WATCH, PHYSICAL = 0x200000, 0x400000
MOST_FRAMES, MOST_BAD = 12, 6
SCARCE = 80
"""Available frames below which a process need not get any for its windows."""
_PROTECTIONS = (
    NO_ACCESS,
    READ_ONLY,
    READ_WRITE,
    READ_WRITE,
    EXECUTE_READ,
    EXECUTE_READ_WRITE,
    READ_WRITE | GUARD,
    READ_ONLY | GUARD,
)


class Private(World):
    """Private ranges, some of them watched, and windows for frames."""

    def act(self, target: Target) -> None:
        self.choose(
            target,
            {
                self.reserve: 4,
                self.commit: 5,
                self.decommit: 3,
                self.release: 2,
                self.protect: 8,
                self.copy: 6,
                self.query_run: 4,
                self.written: 6,
                self.forget_writes: 3,
                self.window: 2,
                self.allocate_frames: 2,
                self.free_frames: 1,
                self.map_frames: 6,
                self.retire_frame: 1,
                self.trim: 2,
                self.balance: 1,
            },
        )

    def reserve(self, target: Target) -> None:
        self._reserve(target, self.random.choice((0, WRITE_WATCH)))

    def window(self, target: Target) -> None:
        self._reserve(target, PHYSICAL)

    def _reserve(self, target: Target, kind: int) -> None:
        start = ARENA + self.random.randrange(UNITS) * UNIT
        count = self.random.randint(1, 2 * UNIT_PAGES)
        commit = kind != PHYSICAL and self.random.random() < 0.5
        protect = READ_WRITE if kind == PHYSICAL else self.random.choice(_PROTECTIONS)
        status = self._allocate(
            target, start, count, kind | RESERVE | (COMMIT if commit else 0), protect
        )
        if not target.is_free(start, start + count * PAGE):
            assert status == NTSTATUS.CONFLICTING_ADDRESSES
            return
        assert (status, self.cell(0), self.cell(1)) == (0, start, count * PAGE)
        area = Area(start, [protect if commit else 0] * count, allowed=_PROTECTIONS)
        area.written = set() if kind == WRITE_WATCH else None
        area.frames = {} if kind == PHYSICAL else None
        target.areas.append(area)

    def _allocate(self, target: Target, va: int, count: int, kind: int, protect: int) -> int:
        self.cells(va, count * PAGE)
        return self("NtAllocateVirtualMemory", target.handle, IO_VA, 0, IO_VA + 4, kind, protect)

    def _free(self, target: Target, va: int, size: int, kind: int) -> int:
        self.cells(va, size)
        return self("NtFreeVirtualMemory", target.handle, IO_VA, IO_VA + 4, kind)

    def commit(self, target: Target) -> None:
        part = self.part(target)
        if part is None:
            return
        area, first, count = part
        protect = self.random.choice(_PROTECTIONS)
        status = self._allocate(target, area.start + first * PAGE, count, COMMIT, protect)
        if area.frames is not None:
            assert status == NTSTATUS.CONFLICTING_ADDRESSES
            return
        assert status == 0
        area.protections[first : first + count] = [protect] * count

    def decommit(self, target: Target) -> None:
        part = self.part(target)
        if part is None:
            return
        area, first, count = part
        status = self._free(target, area.start + first * PAGE, count * PAGE, DECOMMIT)
        if area.frames is not None:
            assert status == NTSTATUS.MEMORY_NOT_ALLOCATED
            return
        assert status == 0
        for page in range(first, first + count):
            area.protections[page] = 0
            area.own.pop(page, None)

    def release(self, target: Target) -> None:
        part = self.part(target)
        if part is not None:
            assert not self._free(target, part[0].start, 0, RELEASE)
            target.areas.remove(part[0])

    def written(self, target: Target) -> None:
        """NtGetWriteWatch, with room for some of the pages or all."""
        part = self.part(target)
        if part is None:
            return
        area, first, count = part
        reset, room = self.random.randrange(2), self.random.randint(1, count + 1)
        self.cells(room, 0)
        start, size = area.start + first * PAGE, count * PAGE
        status = self(
            "NtGetWriteWatch", target.handle, reset, start, size, DATA_VA, IO_VA, IO_VA + 4
        )
        if area.written is None:
            assert status == NTSTATUS.INVALID_PARAMETER
            return
        expected = sorted(area.written & set(range(first, first + count)))[:room]
        assert (status, self.cell(0), self.cell(1)) == (0, len(expected), PAGE)
        found = struct.unpack(f"<{len(expected)}I", self.space.read(DATA_VA, 4 * len(expected)))
        assert [(va - area.start) // PAGE for va in found] == expected
        if reset:
            area.written.difference_update(expected)

    def forget_writes(self, target: Target) -> None:
        part = self.part(target)
        if part is None:
            return
        area, first, count = part
        start = area.start + first * PAGE
        status = self("NtResetWriteWatch", target.handle, start, count * PAGE)
        if area.written is None:
            assert status == NTSTATUS.INVALID_PARAMETER
            return
        assert status == 0
        area.written.difference_update(range(first, first + count))

    def allocate_frames(self, target: Target) -> None:
        """Frames that a process gets hold zeros, whatever they were before."""
        wanted = min(self.random.randint(1, 4), MOST_FRAMES - len(target.frames))
        if not wanted:
            return
        self.cells(wanted)
        status = self("NtAllocateUserPhysicalPages", target.handle, IO_VA, DATA_VA)
        if status == NTSTATUS.INSUFFICIENT_RESOURCES:
            assert self.kernel.memory.pfns.available < SCARCE
            return
        assert not status
        count = self.cell(0)
        frames = struct.unpack(f"<{count}I", self.space.read(DATA_VA, 4 * count))
        assert not set(frames) & {pfn for each in self.targets for pfn in each.frames}
        target.frames.update(dict.fromkeys(frames, 0))

    def free_frames(self, target: Target) -> None:
        frames = self._some_frames(target, 3)
        if not frames:
            return
        self.cells(len(frames))
        self.space.write(DATA_VA, struct.pack(f"<{len(frames)}I", *frames))
        assert not self("NtFreeUserPhysicalPages", target.handle, IO_VA, DATA_VA)
        for pfn in frames:
            del target.frames[pfn]
        for area in target.areas:
            if area.frames is not None:
                area.frames = {n: pfn for n, pfn in area.frames.items() if pfn not in frames}

    def map_frames(self, target: Target) -> None:
        """A process can do that for itself only."""
        target = self.targets[0]
        windows = [area for area in target.areas if area.frames is not None]
        if not windows:
            return
        area = self.random.choice(windows)
        assert area.frames is not None
        first = self.random.randrange(len(area.protections))
        count = min(self.random.randint(1, 4), len(area.protections) - first)
        frames = self._some_frames(target, count)
        elsewhere = {
            pfn
            for each in windows
            for page, pfn in (each.frames or {}).items()
            if each is not area or not first <= page < first + count
        }
        unmap = not frames or self.random.random() < 0.3
        count = count if unmap else len(frames)
        if not unmap:
            elsewhere |= {pfn for page, pfn in area.frames.items() if page >= first + count}
            self.space.write(DATA_VA, struct.pack(f"<{count}I", *frames))
        status = self(
            "NtMapUserPhysicalPages", area.start + first * PAGE, count, 0 if unmap else DATA_VA
        )
        if not unmap and elsewhere & set(frames):
            assert status == NTSTATUS.INVALID_PARAMETER
            return
        assert status == 0
        for page in range(first, first + count):
            area.frames.pop(page, None)
        if not unmap:
            area.frames.update(zip(range(first, first + count), frames, strict=True))

    def retire_frame(self, target: Target) -> None:
        """A frame of RAM becomes bad, at once or when its page is gone."""
        memory = self.kernel.memory
        if memory.pfns.bad.count < MOST_BAD:
            with suppress(KernelError):
                memory.retire_frame(self.random.randrange(memory.pfns.total))

    def _some_frames(self, target: Target, most: int) -> list[int]:
        return self.random.sample(sorted(target.frames), min(most, len(target.frames)))

    def check_all(self) -> None:
        self.check()


@pytest.mark.slow
@pytest.mark.parametrize("compress", [False, True], ids=["page file", "compressed"])
@pytest.mark.parametrize("frames", [70, 600])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_random_ranges_agree_with_the_model(
    paging: str, seed: int, frames: int, compress: bool, tmp_path: Path
) -> None:
    world = Private(seed, paging, frames, tmp_path, compress=compress)
    world.run(1000)
    world.check_all()
    for target in world.targets:
        target.process.space.delete()
    world.check_all()
