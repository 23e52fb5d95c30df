from __future__ import annotations

import random

import pytest

from emu.ram import PAGE_SIZE, Ram
from provider.kernel.errors import KernelError, Reason
from provider.kernel.mm import (
    AccessViolation,
    AddressSpace,
    MemoryManager,
    Protection,
    working_set,
)
from tests.provider.kernel.mm.invariants import Tlb, check, squeeze
from tests.provider.kernel.mm.test_section import BASE, make_image

R, W, G = Protection.READ, Protection.WRITE, Protection.GUARD
PAGES = 24


@pytest.fixture(params=["pae", "x86"])
def mm(request: pytest.FixtureRequest) -> MemoryManager:
    return MemoryManager(Ram(4 << 20), paging=request.param)


def commit(space: AddressSpace, pages: int) -> int:
    return space.allocate(None, pages * PAGE_SIZE, reserve=True, commit=True, protection=R | W)[0]


def test_a_clone_that_cannot_be_leaves_nothing(mm: MemoryManager) -> None:
    space = mm.create_space()
    start = commit(space, 600)
    for page in range(600):
        space.write(start + page * PAGE_SIZE, b"x")
    with pytest.raises(KernelError) as error:
        space.clone()
    assert error.value.reason is Reason.COMMITMENT_LIMIT
    assert len(mm.spaces) == 1
    check(mm)
    assert space.read(start + 599 * PAGE_SIZE, 1) == b"x"


def test_pages_are_shared_until_one_writes(mm: MemoryManager) -> None:
    parent = mm.create_space()
    start = commit(parent, 8)
    for page in range(4):
        parent.write(start + page * PAGE_SIZE, b"parent")
    active = mm.pfns.counts()["active"]
    child = parent.clone()
    for page in range(4):
        assert child.read(start + page * PAGE_SIZE, 6) == b"parent"
    check(mm)
    overhead = mm.pfns.counts()["active"] - active
    child.write(start, b"child ")
    assert mm.pfns.counts()["active"] - active == overhead + 1
    assert (parent.read(start, 6), child.read(start, 6)) == (b"parent", b"child ")
    parent.write(start + PAGE_SIZE, b"PARENT")
    assert child.read(start + PAGE_SIZE, 6) == b"parent"
    vad = child.query(start).vad
    assert vad is not None
    (segment,) = vad.clones
    assert segment.resident == 4
    parent.write(start, b"PARENT")
    assert segment.resident == 3
    child.decommit(start + PAGE_SIZE, PAGE_SIZE)
    assert segment.resident == 2
    assert parent.query(start).protection == child.query(start).protection == R | W
    check(mm)
    child.delete()
    check(mm)
    assert parent.read(start + 2 * PAGE_SIZE, 6) == b"parent"
    parent.delete()
    check(mm)


def test_protections_go_their_own_ways(mm: MemoryManager) -> None:
    parent = mm.create_space()
    start = commit(parent, 4)
    parent.write(start, b"data")
    parent.protect(start + PAGE_SIZE, 1, R | W | G)
    child = parent.clone()
    child.protect(start, PAGE_SIZE, R)
    with pytest.raises(AccessViolation):
        child.write(start, b"x")
    parent.write(start, b"more")
    assert child.read(start, 4) == b"data"
    assert child.query(start + PAGE_SIZE).protection == R | W | G
    parent.protect(start, PAGE_SIZE, Protection.NONE)
    working_set.empty(child)
    assert child.query(start).protection == R
    assert child.read(start, 4) == b"data"
    check(mm)


def test_views_are_inherited_or_not(mm: MemoryManager) -> None:
    parent = mm.create_space()
    section = mm.create_section(size=PAGE_SIZE)
    image = mm.create_section(image=make_image())
    parent.map_view(image, None, protection=R)
    parent.write(BASE + 2 * PAGE_SIZE, b"own")
    shared = parent.map_view(section, None, protection=R | W)
    private = parent.map_view(section, None, protection=R | W, inherit=False)
    child = parent.clone()
    child.write(shared.start, b"seen")
    assert parent.read(shared.start, 4) == b"seen"
    assert child.query(private.start).vad is None
    child.write(BASE + 2 * PAGE_SIZE, b"OWN")
    assert parent.read(BASE + 2 * PAGE_SIZE, 3) == b"own"
    assert child.read(BASE + PAGE_SIZE, 1) == b"C"
    check(mm, (section.segment, image.segment))
    for space in (parent, child):
        space.delete()
    check(mm, (section.segment, image.segment))


def test_forking_often_costs_nothing_in_the_end(mm: MemoryManager) -> None:
    parent = mm.create_space()
    start = commit(parent, 4)
    before = 0
    for number in range(50):
        parent.write(start, b"%02d" % number)
        child = parent.clone()
        assert child.read(start, 2) == b"%02d" % number
        child.delete()
        before = before or mm.committed
    assert mm.committed == before
    check(mm)


def _step(rng: random.Random, spaces: dict[AddressSpace, list[int]], start: int) -> None:
    space = rng.choice(list(spaces))
    model = spaces[space]
    page = rng.randrange(PAGES)
    va = start + page * PAGE_SIZE
    action = rng.randrange(12)
    if action == 0 and len(spaces) < 4:
        spaces[space.clone()] = model.copy()
    elif action == 1 and len(spaces) > 1:
        space.delete()
        del spaces[space]
    elif action == 2:
        working_set.empty(space)
    elif action == 3:
        space.decommit(va, PAGE_SIZE)
        space.allocate(va, PAGE_SIZE, reserve=False, commit=True, protection=R | W)
        model[page] = 0
    elif action == 4:
        space.protect(va, PAGE_SIZE, R | W | G)
        with pytest.raises(AccessViolation):
            space.read(va, 1)
    elif action < 8:
        model[page] = rng.randrange(256)
        space.write(va, bytes([model[page]]))
    else:
        assert space.read(va, 1) == bytes([model[page]])


@pytest.mark.slow
@pytest.mark.parametrize("frames", [80, 1024])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("paging", ["pae", "x86"])
def test_random_families_keep_their_data(paging: str, seed: int, frames: int) -> None:
    tlb = Tlb()
    mm = MemoryManager(Ram(4 << 20), paging=paging, flush_cpu=tlb.flush)
    mm.add_page_file(4 << 20)
    squeeze(mm, frames)
    first = mm.create_space()
    start = commit(first, PAGES)
    spaces = {first: [0] * PAGES}
    rng = random.Random(seed)
    for number in range(1500):
        _step(rng, spaces, start)
        if number % 20 == 0:
            check(mm)
    for space in list(spaces):
        space.delete()
    check(mm)
    assert mm.committed == mm.kernel_frames
