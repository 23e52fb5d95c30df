"""Random use of sections by several processes, against bytes in dictionaries."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from emu.ram import PAGE_SIZE, Ram
from provider.kernel.mm import (
    AccessViolation,
    AddressSpace,
    MemoryManager,
    Protection,
    Section,
    working_set,
)
from tests.provider.kernel.mm.invariants import Tlb, check, squeeze
from tests.provider.kernel.mm.test_section import File

R, W, C = Protection.READ, Protection.WRITE, Protection.COPY
PAGES = 20


@dataclass
class Shared:
    """A section, and what its pages hold."""

    section: Section
    data: list[int] = field(default_factory=lambda: [0] * PAGES)


@dataclass
class View:
    """A view in one space: its protections, and its own copies of pages."""

    space: AddressSpace
    shared: Shared
    start: int
    copies: bool
    allowed: list[Protection]
    own: dict[int, int] = field(default_factory=dict)

    def expected(self, page: int) -> int:
        return self.own.get(page, self.shared.data[page])


class Driver:
    """Three spaces, a page-file section and a file section."""

    def __init__(self, seed: int, paging: str, frames: int) -> None:
        self.random = random.Random(seed)
        self.tlb = Tlb()
        self.mm = MemoryManager(Ram(4 << 20), paging=paging, flush_cpu=self.tlb.flush)
        self.mm.add_page_file(4 << 20)
        squeeze(self.mm, frames)
        self.file = File(bytes(PAGES * PAGE_SIZE))
        self.shared = [
            Shared(self.mm.create_section(size=PAGES * PAGE_SIZE)),
            Shared(self.mm.create_section(backing=self.file)),
        ]
        self.spaces = [self.mm.create_space() for _ in range(3)]
        self.views: list[View] = []

    def step(self) -> None:
        if not self.views or (self.random.random() < 0.05 and len(self.views) < 8):
            self.map()
            return
        view = self.random.choice(self.views)
        page = self.random.randrange(PAGES)
        actions = [self.unmap, self.trim, self.flush, self.protect, self.write, self.read]
        self.random.choices(actions, [1, 1, 1, 3, 10, 10])[0](view, page)

    def map(self) -> None:
        shared, space = self.random.choice(self.shared), self.random.choice(self.spaces)
        copies = self.random.random() < 0.4
        protection = R | C if copies else R | W
        start = space.map_view(shared.section, None, protection=protection).start
        self.views.append(View(space, shared, start, copies, [protection] * PAGES))

    def unmap(self, view: View, page: int) -> None:
        view.space.unmap_view(view.start + page * PAGE_SIZE)
        self.views.remove(view)

    def trim(self, view: View, page: int) -> None:
        working_set.empty(view.space)

    def flush(self, view: View, page: int) -> None:
        view.space.flush_view(view.start, 0)

    def protect(self, view: View, page: int) -> None:
        wanted = self.random.choice([R, Protection.NONE, R | C if view.copies else R | W])
        before = view.space.protect(view.start + page * PAGE_SIZE, 1, wanted)[2]
        assert before == view.allowed[page]
        if wanted & C and page in view.own:
            wanted = R | W
        view.allowed[page] = wanted

    def write(self, view: View, page: int) -> None:
        va, value = view.start + page * PAGE_SIZE + 9, self.random.randrange(256)
        if not view.allowed[page] & (W | C):
            with pytest.raises(AccessViolation):
                view.space.write(va, bytes([value]))
            return
        view.space.write(va, bytes([value]))
        if view.allowed[page] & C:
            view.allowed[page] = R | W
            view.own[page] = value
        elif page in view.own:
            view.own[page] = value
        else:
            view.shared.data[page] = value

    def read(self, view: View, page: int) -> None:
        va = view.start + page * PAGE_SIZE + 9
        if view.allowed[page] == Protection.NONE:
            with pytest.raises(AccessViolation):
                view.space.read(va, 1)
            return
        assert view.space.read(va, 1) == bytes([view.expected(page)])
        assert view.space.query(va).protection == view.allowed[page]

    def finish(self) -> None:
        """Everything goes, and the file has what its views wrote."""
        for shared in self.shared:
            shared.section.close()
        for space in self.spaces:
            space.delete()
        check(self.mm)
        assert list(self.file.data[9::PAGE_SIZE]) == self.shared[1].data
        assert self.mm.committed == self.mm.kernel_frames


@pytest.mark.slow
@pytest.mark.parametrize("frames", [40, 1024])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_random_use_agrees_with_the_model(paging: str, seed: int, frames: int) -> None:
    driver = Driver(seed, paging, frames)
    segments = tuple(shared.section.segment for shared in driver.shared)
    for number in range(2000):
        driver.step()
        if number % 20 == 0:
            check(driver.mm, segments)
    driver.finish()
