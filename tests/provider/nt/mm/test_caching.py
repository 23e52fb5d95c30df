"""How memory is cached is a matter of its range, not of its pages: PAGE_NOCACHE, PAGE_WRITECOMBINE,
SEC_NOCACHE and SEC_WRITECOMBINE (VirtualAlloc, VirtualProtect, CreateFileMapping, Win32 API).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.provider.nt.mm.test_section_calls import COMMIT, PAGE, RO, RW, Sections
from tests.provider.nt.test_mm_calls import BOTH
from tests.provider.nt.test_mm_calls import COMMIT as MEM_COMMIT
from tests.provider.nt.test_mm_calls import RESERVE as MEM_RESERVE

NO_ACCESS, GUARD, NO_CACHE, WRITE_COMBINE = 1, 0x100, 0x200, 0x400
SEC_NOCACHE, SEC_WRITECOMBINE = 0x10000000, 0x40000000


@pytest.fixture
def caller(tmp_path: Path) -> Sections:
    return Sections(tmp_path)


@pytest.mark.parametrize("caching", [0, NO_CACHE, WRITE_COMBINE])
@pytest.mark.parametrize("wanted", [0, NO_CACHE, WRITE_COMBINE])
def test_private_pages_keep_the_caching_of_their_range(
    caller: Sections, caching: int, wanted: int
) -> None:
    _, base, _ = caller.allocate(size=4 * PAGE, kind=MEM_RESERVE, protect=RW | caching)
    assert caller.allocate(base, 2 * PAGE, MEM_COMMIT, RW | wanted)[0] == "SUCCESS"
    assert caller.query(base)[2:6] == (RW | caching, 2 * PAGE, MEM_COMMIT, RW | caching)
    assert caller.protect(base, PAGE, RW | wanted)[3] == RW | caching
    assert caller.query(base)[3] == 2 * PAGE
    assert caller.protect(base, PAGE, RO | wanted)[3] == RW | caching
    assert caller.query(base)[2:6] == (RW | caching, PAGE, MEM_COMMIT, RO | caching)


@pytest.mark.parametrize("special", [NO_ACCESS, RW | GUARD])
def test_pages_that_nobody_accesses_have_no_caching(caller: Sections, special: int) -> None:
    _, base, _ = caller.allocate(size=PAGE, kind=BOTH, protect=RW | NO_CACHE)
    assert caller.protect(base, PAGE, special)[0] == "SUCCESS"
    assert caller.query(base)[5] == special
    assert caller.protect(base, PAGE, RW)[3] == special
    assert caller.query(base)[5] == RW | NO_CACHE


@pytest.mark.parametrize(
    ("attribute", "caching"), [(SEC_NOCACHE, NO_CACHE), (SEC_WRITECOMBINE, WRITE_COMBINE)]
)
def test_views_are_cached_as_their_section_says(
    caller: Sections, attribute: int, caching: int
) -> None:
    status, section = caller.create(4 * PAGE, kind=COMMIT | attribute)
    assert status == "SUCCESS"
    assert caller.status("NtQuerySection", section, 0, caller.buffer, 16, 0) == "SUCCESS"
    assert caller.machine.read(caller.buffer + 4) == COMMIT | attribute
    _, view, _ = caller.map(section)
    assert caller.query(view)[2:6] == (RW | caching, 4 * PAGE, MEM_COMMIT, RW | caching)
    assert caller.allocate(view, PAGE, MEM_COMMIT, RO)[0] == "SUCCESS"
    assert caller.query(view)[2:6] == (RW | caching, PAGE, MEM_COMMIT, RO | caching)
    caller.machine.process.space.write(view + PAGE, b"x")
    _, view, _ = caller.map(section, page=NO_ACCESS)
    assert caller.query(view)[2:6] == (NO_ACCESS, 4 * PAGE, MEM_COMMIT, NO_ACCESS)
