"""Two NT processes whose memory random calls change and the CPU itself then reads and writes."""

from __future__ import annotations

import random
import struct
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from emu.assemble import assemble
from emu.trap import Vector
from provider.kernel.io import Mount, MountMode
from provider.kernel.kernel import Kernel
from provider.kernel.mm import Protection, ViolationKind
from provider.nt import startup
from provider.nt.provider import NtProvider
from provider.nt.se.privilege import SE_LOCK_MEMORY, SE_PRIVILEGE_ENABLED
from provider.nt.se.token_change import adjust_privileges
from provider.nt.status import NTSTATUS
from tests.provider.kernel.mm.invariants import check, squeeze
from tests.provider.nt.io.caller import CURRENT_PROCESS, DATA_VA, HANDLE_VA, IO_VA, Caller
from tests.provider.nt.synthetic import ntdll_image, program_image

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from provider.kernel.mm.segment import Segment
    from provider.kernel.process import Process

PAGE, UNIT, UNIT_PAGES = 0x1000, 0x10000, 16
CODE, ARENA = 0x900000, 0x1000000
UNITS = 8
"""Places of 64 KB in which ranges are made."""
MOST_RECENT = 4
"""Pages of each process that the CPU keeps coming back to."""
CHECK_EVERY = 10
BYTE = 5
"""The byte of each page that is written and read."""
COMMIT, RESERVE, DECOMMIT, RELEASE = 0x1000, 0x2000, 0x4000, 0x8000
NO_ACCESS, READ_ONLY, READ_WRITE, WRITE_COPY = 0x01, 0x02, 0x04, 0x08
EXECUTE_READ, EXECUTE_READ_WRITE, EXECUTE_WRITE_COPY = 0x20, 0x40, 0x80
GUARD = 0x100
COPIED = {WRITE_COPY: READ_WRITE, EXECUTE_WRITE_COPY: EXECUTE_READ_WRITE}
"""What a page of each copy-on-write protection has once it was copied."""
WRITABLE = (READ_WRITE, EXECUTE_READ_WRITE, WRITE_COPY, EXECUTE_WRITE_COPY)
_LOAD, _STORE = 0, 16
_ACCESSES = assemble("mov al,[esi]; int 0x2e").ljust(_STORE) + assemble("mov [esi],al; int 0x2e")


@dataclass
class Contents:
    """The pages of a section: a byte each, and which of them are committed."""

    data: list[int]
    committed: list[bool]


@dataclass
class Area:
    """An allocation, a view or a window: a PAGE_… value for each page, 0 if it is only reserved."""

    start: int
    protections: list[int]
    contents: Contents | None = None
    """The section's, of a view."""
    first: int = 0
    """The section's page at `start`."""
    own: dict[int, int] = field(default_factory=dict)
    """The bytes of private pages."""
    written: set[int] | None = None
    """Pages written since the last reset, under write-watch."""
    frames: dict[int, int] | None = None
    """The frame that each page shows, of a window."""
    is_image: bool = False
    allowed: tuple[int, ...] = ()
    """Protections that its pages can get."""

    @property
    def end(self) -> int:
        return self.start + PAGE * len(self.protections)

    def protection(self, page: int) -> int:
        """0: not committed."""
        if self.frames is not None:
            return READ_WRITE if page in self.frames else 0
        if self.contents is not None and page not in self.own:
            return self.protections[page] if self.contents.committed[self.first + page] else 0
        return self.protections[page]

    def byte(self, page: int) -> int:
        if page in self.own or self.contents is None:
            return self.own.get(page, 0)
        return self.contents.data[self.first + page]

    def protect(self, page: int, wanted: int) -> None:
        """What a change of protection that is allowed does."""
        if page in self.own and self.contents is not None:
            wanted = COPIED.get(wanted, wanted)
        elif self.is_image:
            wanted = {READ_WRITE: WRITE_COPY, EXECUTE_READ_WRITE: EXECUTE_WRITE_COPY}.get(
                wanted, wanted
            )
        self.protections[page] = wanted

    def store(self, page: int, value: int) -> None:
        """What a write that is allowed does."""
        if self.protections[page] in COPIED:
            self.protections[page] = COPIED[self.protections[page]]
            self.own[page] = value
        elif self.contents is None or page in self.own:
            self.own[page] = value
        else:
            self.contents.data[self.first + page] = value
        if self.written is not None:
            self.written.add(page)


class Target:
    """A process and what the model knows of it."""

    def __init__(self, handle: int, process: Process) -> None:
        self.handle, self.process = handle, process
        self.areas: list[Area] = []
        self.frames: dict[int, int] = {}
        """The byte of each frame that the process owns by number."""
        self.recent: list[int] = []
        """Pages that the CPU has used, whose translations it may know."""

    def byte(self, area: Area, page: int) -> int:
        """What a page holds that can be read."""
        return area.byte(page) if area.frames is None else self.frames[area.frames[page]]

    def store(self, area: Area, page: int, value: int) -> None:
        """What a write that is allowed does."""
        if area.frames is None:
            area.store(page, value)
        else:
            self.frames[area.frames[page]] = value

    def at(self, va: int) -> Area | None:
        return next((each for each in self.areas if each.start <= va < each.end), None)

    def is_free(self, start: int, end: int) -> bool:
        return all(each.end <= start or end <= each.start for each in self.areas)


class Access(NamedTuple):
    """A byte that the CPU loads, or stores if there is a value."""

    process: Process
    va: int
    value: int | None


class Outcome(NamedTuple):
    """How an access ended, and the byte that a load gave."""

    kind: ViolationKind | None
    byte: int


class World(Caller, ABC):
    """The machine, the calls, and the CPU's accesses compared with the model."""

    def __init__(self, seed: int, paging: str, frames: int, path: Path, *, compress: bool) -> None:
        self.random = random.Random(seed)
        kernel = Kernel(ram_bytes=6 << 20, paging=paging)
        provider, image, ntdll = NtProvider(kernel), program_image("nop"), ntdll_image()
        one, other = (
            startup.create_process(provider, image, ntdll, b"", name) for name in ("one", "other")
        )
        for process in (one, other):
            token = process.context.token
            adjust_privileges(token, {SE_LOCK_MEMORY: SE_PRIVILEGE_ENABLED}, 0)
        super().__init__(Mount("C:\\work", path, MountMode.READ_WRITE), process=one)
        memory = kernel.memory
        memory.add_page_file(8 << 20)
        if compress:
            memory.compress_into(kernel.create_minimal_process("MemCompression").space, 64)
        handle = one.handles.insert(other, 0x1FFFFF)
        self.targets = [Target(CURRENT_PROCESS, one), Target(handle, other)]
        for target in self.targets:
            space = target.process.space
            space.allocate(
                CODE,
                PAGE,
                reserve=True,
                commit=True,
                protection=Protection.READ | Protection.WRITE | Protection.EXECUTE,
            )
            space.write(CODE, _ACCESSES)
        self._registers = kernel.cpu.create_registers(0, 0, 0)
        kernel.cpu.on_trap = self._trap
        squeeze(memory, frames)

    def cells(self, *words: int) -> None:
        """Store words for a call."""
        self.space.write(IO_VA, b"".join(word.to_bytes(4, "little") for word in words))

    def cell(self, index: int) -> int:
        return self.word(IO_VA + 4 * index)

    def choose(self, target: Target, actions: dict[Callable[[Target], None], int]) -> None:
        """One of `actions`, by weight."""
        (action,) = self.random.choices(list(actions), list(actions.values()))
        action(target)

    def place(self) -> tuple[int, int]:
        """A page in the arena and a number of pages."""
        page = self.random.randrange(UNITS * UNIT_PAGES)
        return ARENA + page * PAGE, self.random.choice((1, 1, 2, 3, 5, 20))

    def page(self, target: Target) -> int:
        """The address of a page, mostly of one that can be used."""
        if not target.areas or self.random.random() < 0.05:
            return self.place()[0]
        area = self.random.choice(target.areas)
        pages = range(len(area.protections))
        usable = [page for page in pages if area.protection(page) not in (0, NO_ACCESS)]
        return area.start + PAGE * self.random.choice(usable or pages)

    def part(self, target: Target) -> tuple[Area, int, int] | None:
        """An area, a page of it and a number of pages from there on."""
        if not target.areas:
            return None
        area = self.random.choice(target.areas)
        first = self.random.randrange(len(area.protections))
        return area, first, min(self.random.choice((1, 1, 2, 5)), len(area.protections) - first)

    def run(self, steps: int) -> None:
        """Take random steps; between them the CPU reads and writes, and is never stopped."""
        self._script = self._accesses(steps)
        self._begin(next(self._script))
        self.kernel.cpu.run()

    @abstractmethod
    def act(self, target: Target) -> None:
        """One random call on a process."""

    @abstractmethod
    def check_all(self) -> None:
        """The invariants."""

    def _accesses(self, steps: int) -> Generator[Access, Outcome, None]:
        """What the CPU does next; it is told what came of it."""
        target = self.targets[0]
        for number in range(steps):
            if self.random.random() < 0.2:
                target = self.random.choice(self.targets)
            self.act(self.random.choice(self.targets))
            if number % CHECK_EVERY == 0:
                self.check_all()
            for va in (*target.recent, self.page(target), self.page(target)):
                value = self.random.randrange(256) if self.random.random() < 0.4 else None
                outcome = yield Access(target.process, va + BYTE, value)
                self._compare(target, va, value, outcome)

    def _compare(self, target: Target, va: int, value: int | None, outcome: Outcome) -> None:
        """Assert that an access ended as the model says, and do it to the model."""
        area = target.at(va)
        page = 0 if area is None else (va - area.start) // PAGE
        protection = 0 if area is None else area.protection(page)
        if va in target.recent:
            target.recent.remove(va)
        if area is None or protection in (0, NO_ACCESS):
            assert outcome.kind is ViolationKind.ACCESS, f"{va:#x}: {outcome}"
        elif protection & GUARD:
            assert outcome.kind is ViolationKind.GUARD_PAGE
            area.protections[page] &= ~GUARD
        elif value is not None and protection not in WRITABLE:
            assert outcome.kind is ViolationKind.ACCESS
        else:
            assert outcome.kind is None, f"{va:#x} with {protection:#x}: {outcome}"
            target.recent = [*target.recent[1 - MOST_RECENT :], va]
            if value is None:
                assert outcome.byte == target.byte(area, page), f"{va:#x}"
            else:
                target.store(area, page, value)

    def _begin(self, access: Access) -> None:
        """Let the CPU make an access."""
        registers = self._registers
        registers.eip = CODE + (_LOAD if access.value is None else _STORE)
        registers.esi, registers.eax = access.va, access.value or 0
        self._running = access.process
        self.kernel.cpu.switch(registers, access.process.space.tables)

    def _trap(self, vector: int, error_code: int, fault_va: int) -> None:
        kind = None
        if vector == Vector.PAGE_FAULT:
            violation = self._running.space.handle_fault(fault_va, error_code)
            if violation is None:
                return
            kind = violation.kind
        try:
            self._begin(self._script.send(Outcome(kind, self._registers.eax & 0xFF)))
        except StopIteration:
            self.kernel.cpu.stop()

    def trim(self, target: Target) -> None:
        self.space.write(IO_VA, bytes(8) + b"\xff" * 8 + bytes(16))
        assert self("NtSetInformationProcess", target.handle, 1, IO_VA, 32) == 0

    def balance(self, target: Target) -> None:
        self.kernel.memory.balance()

    def protect(self, target: Target) -> None:
        """Change the protection of some pages of an area to what it allows."""
        part = self.part(target)
        if part is None:
            return
        area, first, count = part
        wanted = self.random.choice(area.allowed)
        before = [area.protection(page) for page in range(first, first + count)]
        self.cells(area.start + first * PAGE, count * PAGE, 0)
        status = self("NtProtectVirtualMemory", target.handle, IO_VA, IO_VA + 4, wanted, IO_VA + 8)
        if area.frames is not None:
            assert status == NTSTATUS.INVALID_PAGE_PROTECTION
        elif not all(before):
            assert status == NTSTATUS.NOT_COMMITTED
        else:
            assert (status, self.cell(2)) == (0, before[0])
            for page in range(first, first + count):
                area.protect(page, wanted)

    def query_run(self, target: Target) -> None:
        """A run of pages alike, as NtQueryVirtualMemory tells it."""
        part = self.part(target)
        if part is None or part[0].frames is not None:
            return
        area, first, _ = part
        va = area.start + first * PAGE
        assert not self("NtQueryVirtualMemory", target.handle, va, 0, DATA_VA, 28, 0)
        base, start, _, size, state, protect, _ = struct.unpack("<7I", self.space.read(DATA_VA, 28))
        run = [area.protection(page) for page in range(first, len(area.protections))]
        count = next((n for n, each in enumerate(run) if each != run[0]), len(run))
        assert (base, start, size) == (va, area.start, count * PAGE)
        assert (state, protect) == ((COMMIT, run[0]) if run[0] else (RESERVE, 0))

    def copy(self, target: Target) -> None:
        """NtWriteVirtualMemory or NtReadVirtualMemory of a page that allows it."""
        part = self.part(target)
        if part is None or part[0].frames is not None:
            return
        area, page, _ = part
        protection, va = area.protection(page), area.start + page * PAGE + BYTE
        if not protection or protection & (NO_ACCESS | GUARD):
            return
        if protection in WRITABLE and self.random.random() < 0.5:
            value = self.random.randrange(256)
            self.space.write(DATA_VA, bytes([value]))
            assert not self("NtWriteVirtualMemory", target.handle, va, DATA_VA, 1, 0)
            area.store(page, value)
        else:
            assert not self("NtReadVirtualMemory", target.handle, va, DATA_VA, 1, 0)
            assert self.space.read(DATA_VA, 1)[0] == area.byte(page)

    def map_view(self, target: Target, section: int, start: int, page: int) -> int:
        """NtMapViewOfSection of all of it; the status."""
        self.cells(start, 0)
        return self(
            "NtMapViewOfSection",
            section, target.handle, IO_VA, 0, 0, 0, IO_VA + 4, 2, 0, page,
        )  # fmt: skip

    def create_section(self, size: int, page: int, attributes: int, file: int = 0) -> int:
        """NtCreateSection; the handle."""
        self.cells(size, 0)
        assert not self(
            "NtCreateSection", HANDLE_VA, 0xF001F, 0, IO_VA if size else 0, page, attributes, file
        )
        return self.word(HANDLE_VA)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All that views refer to."""
        vads = (vad for target in self.targets for vad in target.process.space.vads.all())
        return tuple({vad.segment: None for vad in vads if vad.segment is not None})

    def check(self, *more: Segment) -> None:
        """The invariants; `more` segments without views."""
        check(self.kernel.memory, tuple({*self.segments, *more}))
