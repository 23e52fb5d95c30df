"""The PFN database: one row per frame of guest RAM, and the lists of frames that no PTE maps.

Rows are columns of plain words, so that untouched frames cost nothing on the host.  States and
lists are NT's (Windows Internals, 4th edition, chapter 7, "Page frame number database").

Two states that nothing in this machine causes by itself are there for who asks.  *Modified no
write* holds changed pages of a file whose file system keeps them back (`Pager.hold_writes`), such
as NTFS's until its log is on disk; here writes go to the host's file system, which has no need of
that.  *Bad* frames are never used again (`PfnDatabase.retire_frame`), because they fail, or because
somebody wants the machine to be smaller; emulated RAM does not fail.
"""

from __future__ import annotations

import mmap
from array import array
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.ram import PAGE_SIZE, Ram
from provider.kernel.errors import KernelError, Reason

if TYPE_CHECKING:
    from collections.abc import Callable


MAX_FRAMES = 0xFFFFF
NO_FRAME = 0
"""Frame 0 is never handed out, so 0 ends a list."""


class State(IntEnum):
    """Where a frame is; the numbers are those of NT's MMLISTS."""

    ZEROED = 0
    FREE = 1
    STANDBY = 2
    MODIFIED = 3
    MODIFIED_NO_WRITE = 4
    BAD = 5
    ACTIVE = 6
    TRANSITION = 7


ZEROED, FREE, STANDBY, MODIFIED, MODIFIED_NO_WRITE, BAD = 0, 1, 2, 3, 4, 5
ACTIVE, TRANSITION = 6, 7

WANTED, UNWANTED, DROPPED = 0, 1, 2
"""What a frame's contents are to its owner; see `reset`. Dropped: zeros in their place."""


def _column(rows: int, size: int) -> memoryview:
    """Zeros that cost nothing until they are written, which a bytearray's do."""
    column = memoryview(mmap.mmap(-1, rows * size))
    return column.cast("Q") if size == 8 else column.cast("I")


class FrameList:
    """A doubly linked list of frames, oldest first, threaded through the database's columns."""

    __slots__ = ("_blink", "_flink", "_state", "_states", "count", "head", "tail")

    def __init__(self, database: PfnDatabase, state: State) -> None:
        self._flink, self._blink = database.flink, database.blink
        self._states, self._state = database.state, int(state)
        self.head = self.tail = NO_FRAME
        self.count = 0

    def append(self, pfn: int) -> None:
        """Put a frame at the end and give it the list's state."""
        self._flink[pfn], self._blink[pfn] = NO_FRAME, self.tail
        if self.tail:
            self._flink[self.tail] = pfn
        else:
            self.head = pfn
        self.tail = pfn
        self.count += 1
        self._states[pfn] = self._state

    def remove(self, pfn: int) -> None:
        """Take a frame out; its state is the caller's to set."""
        after, before = self._flink[pfn], self._blink[pfn]
        if before:
            self._flink[before] = after
        else:
            self.head = after
        if after:
            self._blink[after] = before
        else:
            self.tail = before
        self.count -= 1

    def frames(self) -> list[int]:
        """The frames, oldest first."""
        result, pfn = [], self.head
        while pfn:
            result.append(pfn)
            pfn = self._flink[pfn]
        return result


class PfnDatabase:
    """Hands out frames and keeps the row of each.

    `share` counts the valid PTEs that map a frame (or the owner of a page table), `pins` the locks
    and transfers beyond them; NT's reference count is pins, plus one while shares exist.  `slot` is
    the PTE or prototype PTE that owns the contents, `original` the page-file place of a clean copy,
    `reset` whether the contents are wanted.
    """

    def __init__(self, ram: Ram) -> None:
        self._ram = ram
        # In classic PTEs a pointer into frame 0xFFFFF would look like no pointer at all.
        self.total = min(ram.size // PAGE_SIZE, MAX_FRAMES)
        self.state = bytearray(self.total)
        self.share = _column(self.total, 4)
        self.pins = _column(self.total, 4)
        self.slot = _column(self.total, 4)
        self.original = _column(self.total, 8)
        self.flink = _column(self.total, 4)
        self.blink = _column(self.total, 4)
        self.dirty = bytearray(self.total)
        self.reset = bytearray(self.total)
        self.state[NO_FRAME] = ACTIVE
        self._untouched = 1
        self._zeroed = array("I")
        self._free = array("I")
        self.standby = FrameList(self, State.STANDBY)
        self.modified = FrameList(self, State.MODIFIED)
        self.modified_no_write = FrameList(self, State.MODIFIED_NO_WRITE)
        self.bad = FrameList(self, State.BAD)
        self._retiring: set[int] = set()
        """Frames in use that become bad as soon as they are not."""
        self.reclaim: Callable[[], bool] = lambda: False
        """Called when no frame is free: frees at least one, or says that it cannot."""

    @property
    def zeroed_count(self) -> int:
        """Frames that hold zeros only."""
        return self.total - self._untouched + len(self._zeroed)

    @property
    def free_count(self) -> int:
        """Frames that are free and hold old data."""
        return len(self._free)

    @property
    def immediate(self) -> int:
        """Frames that can be had at once, holding nothing that anybody wants."""
        return self.total - self._untouched + len(self._zeroed) + len(self._free)

    @property
    def available(self) -> int:
        """Frames that can be had without writing anything to a file."""
        return (
            self.total - self._untouched + len(self._zeroed) + len(self._free) + self.standby.count
        )

    def take_zeroed(self) -> int:
        """An active frame of zeros, share count 1; KernelError NO_MEMORY when there is none."""
        if self._zeroed:
            pfn = self._zeroed.pop()
        elif self._untouched < self.total and not self._free:
            pfn = self._untouched
            self._untouched = pfn + 1
        else:
            pfn = self.take()
            self._ram.zero(pfn << 12, PAGE_SIZE)
            return pfn
        self.state[pfn] = ACTIVE
        self.share[pfn] = 1
        return pfn

    def take(self) -> int:
        """An active frame with any contents, for a caller that overwrites all of it."""
        while not self._free:
            if self._zeroed or self._untouched < self.total:
                return self.take_zeroed()
            if not self.reclaim():
                raise KernelError(Reason.NO_MEMORY, "no page frame is free")
        pfn = self._pop_free()
        self.state[pfn] = ACTIVE
        self.share[pfn] = 1
        return pfn

    def _pop_free(self) -> int:
        """A frame off the free list, in which nothing is code any more."""
        pfn = self._free.pop()
        if self._ram.executable[pfn]:
            self._ram.unmark_executable(pfn)
        return pfn

    def zero_free(self, count: int) -> None:
        """Clear up to `count` free frames ahead of need: the work of NT's zero-page thread."""
        for _ in range(min(count, len(self._free))):
            pfn = self._pop_free()
            self._ram.zero(pfn << 12, PAGE_SIZE)
            self.state[pfn] = ZEROED
            self._zeroed.append(pfn)

    def release(self, pfn: int) -> None:
        """Give back a frame that nothing maps and nobody wants the contents of."""
        self.share[pfn] = self.slot[pfn] = self.original[pfn] = 0
        self.dirty[pfn] = self.reset[pfn] = 0
        if self.pins[pfn]:
            self.state[pfn] = TRANSITION
            return
        if pfn in self._retiring:
            self._retiring.remove(pfn)
            self.bad.append(pfn)
            return
        self.state[pfn] = FREE
        self._free.append(pfn)

    def is_retired(self, pfn: int) -> bool:
        """Whether a frame is bad, or will be."""
        return self.state[pfn] == BAD or pfn in self._retiring

    def retire_frame(self, pfn: int) -> bool:
        """Never hand a frame out again (MmMarkPhysicalMemoryAsBad in NT); True: it is bad now.

        False: somebody's page is in it, and it becomes bad once that page is elsewhere.  Who calls
        this takes the frame out of what can be committed; see `MemoryManager.retire_frame`.
        """
        state = self.state[pfn]
        if state == ZEROED and pfn >= self._untouched:
            self._zeroed.extend(range(self._untouched, pfn))
            self._untouched = pfn + 1
        elif state == ZEROED:
            self._zeroed.remove(pfn)
        elif state == FREE:
            self._free.remove(pfn)
        else:
            self._retiring.add(pfn)
            return False
        self.bad.append(pfn)
        return True

    def pin(self, pfn: int) -> None:
        """Keep a frame where it is until `Pager.unpin`."""
        self.pins[pfn] += 1

    def counts(self) -> dict[str, int]:
        """Frames per state, by NT's names."""
        return {state.name.lower(): self.state.count(state) for state in State}
