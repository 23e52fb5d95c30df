"""The map of a space's ranges, against a search through all of them."""

from __future__ import annotations

import random

import pytest

from emu.ram import PAGE_SIZE
from provider.kernel.mm.protection import READ_WRITE
from provider.kernel.mm.vad import Vad, VadKind, VadMap

LOWEST, HIGHEST = 0x20000, 0x2FFFFF
END = HIGHEST + 1


def overlap(vads: list[Vad], start: int, end: int) -> bool:
    return any(vad.start < end and start < vad.end for vad in vads)


@pytest.mark.parametrize("unit", [PAGE_SIZE, 0x10000])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_free_is_what_no_range_has(seed: int, unit: int) -> None:
    """Ranges share units, and lie below the lowest address and above the highest too."""
    rng = random.Random(seed)
    vads: list[Vad] = []
    found = VadMap(LOWEST, HIGHEST, unit)
    for _ in range(400):
        start = rng.randrange(END // PAGE_SIZE + 32) * PAGE_SIZE
        end = start + rng.choice((1, 2, 15, 16, 32)) * PAGE_SIZE
        assert found.is_free(start, end) is not overlap(vads, start, end)
        if vads and rng.random() < 0.4:
            found.remove(vads.pop(rng.randrange(len(vads))))
        elif found.is_free(start, end):
            vads.append(Vad(start, end, VadKind.PRIVATE, READ_WRITE, committed=False))
            found.insert(vads[-1])
        start = rng.randrange(END // 0x10000) * 0x10000
        assert found.is_free(start, start + 0x10000) is not overlap(vads, start, start + 0x10000)
        room = found.find_room(
            0x10000, top_down=bool(rng.getrandbits(1)), lowest=0, highest=HIGHEST, alignment=0x10000
        )
        if room is not None:
            assert LOWEST <= room <= END - 0x10000
            assert not overlap(vads, room, room + 0x10000)


@pytest.mark.parametrize("size", [PAGE_SIZE, 2 * PAGE_SIZE])
def test_places_below_are_found_from_the_top(size: int) -> None:
    """Whatever came and went since, also by other sizes and with no use made of the place."""
    rng = random.Random(size)
    found = VadMap(LOWEST, HIGHEST, 0x10000)
    vads: list[Vad] = []
    top = LOWEST + 64 * PAGE_SIZE
    for _ in range(600):
        places = range(top - size, LOWEST - 1, -size)
        expected = next((va for va in places if not overlap(vads, va, va + size)), None)
        assert found.find_below(top, size) == expected
        if vads and rng.random() < 0.45:
            found.remove(vads.pop(rng.randrange(len(vads))))
        elif expected is not None and rng.random() < 0.8:
            start = expected
            if rng.random() < 0.2:
                start = rng.randrange(LOWEST, top, PAGE_SIZE)
            if found.is_free(start, start + size):
                vads.append(Vad(start, start + size, VadKind.PRIVATE, READ_WRITE, committed=False))
                found.insert(vads[-1])
        if rng.random() < 0.05:
            assert found.find_below(top, 3 * PAGE_SIZE) in {None, *range(LOWEST, top, PAGE_SIZE)}


def test_no_place_below() -> None:
    found = VadMap(LOWEST, HIGHEST, 0x10000)
    found.insert(Vad(LOWEST, HIGHEST + 1, VadKind.PRIVATE, READ_WRITE, committed=False))
    assert found.find_below(LOWEST + 8 * PAGE_SIZE, PAGE_SIZE) is None
