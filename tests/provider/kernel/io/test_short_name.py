"""Short names: which names need one, what they look like, and that they stay."""

from __future__ import annotations

import random

import pytest

from provider.kernel.io.short_name import ShortNameTable, is_short
from provider.kernel.ob.casing import upcase


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".txt", "a.", "a b", "a+b", "a.b.c", "a.text", "ninechars", "[x]"]
)
def test_names_that_need_one(name: str) -> None:
    assert not is_short(name)


@pytest.mark.parametrize("name", ["a", "A.B", "eightcha.txt", "~1", "x-y_z!.(1)", "Ärger.TXT"])
def test_names_that_are_short(name: str) -> None:
    assert is_short(name)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("long file name.text", "LONGFI~1.TEX"),
        ("a.b.c", "AB~1.C"),
        (".profile", "PROFIL~1"),
        ("x+y=z.[1]", "X_Y_Z~1._1_"),
        ("ninechars", "NINECH~1"),
        ("end.", "END~1"),
        ("a b", "AB~1"),
        ("ärgerliches.TXT", "ÄRGERL~1.TXT"),
    ],
)
def test_what_they_look_like(name: str, short: str) -> None:
    table = ShortNameTable()
    table.update([name, "plain.txt"])
    assert table.short(name) == short
    assert table.long(short.lower()) == name
    assert table.short("plain.txt") == ""


def test_numbers_stay_while_the_name_does() -> None:
    table = ShortNameTable()
    table.update(["ninechars2", "ninechars3"])
    table.update(["ninechars1", "ninechars2", "ninechars3"])
    assert [table.short(f"ninechars{n}") for n in (1, 2, 3)] == ["NINECH~3", "NINECH~1", "NINECH~2"]
    table.update(["ninechars3"])
    assert table.long("NINECH~1") is None
    table.update(["ninechars3", "ninechars4"])
    assert table.short("ninechars4") == "NINECH~1"


def test_a_real_name_is_no_short_one_of_another() -> None:
    table = ShortNameTable()
    table.update(["ninechars", "NINECH~1", "ninech~2"])
    assert table.short("ninechars") == "NINECH~3"


def test_many_names_alike() -> None:
    table, names = ShortNameTable(), [f"ninechars {number}" for number in range(120)]
    table.update(names)
    shorts = [table.short(name) for name in names]
    assert len(set(shorts)) == 120
    assert all(is_short(short) for short in shorts)


@pytest.mark.parametrize("seed", range(4))
def test_changes_give_what_a_new_look_gives(seed: int) -> None:
    rng = random.Random(seed)
    pool = [
        f"{stem}{number}.{end}"
        for stem in ("a name ", "A Name ", "x")
        for number in range(12)
        for end in ("text", "txt")
    ] + ["ANAME0~1.TEX", "aname1~2.tex", "AN"]
    there: set[str] = set()
    changing, looking = ShortNameTable(), ShortNameTable()
    for _ in range(150):
        changed = {}
        for name in rng.sample(pool, rng.randrange(1, 5)):
            changed[name] = rng.random() < 0.6
            (there.add if changed[name] else there.discard)(name)
        changing.change(changed)
        looking.update(sorted(there, key=lambda name: (upcase(name), name)))
        assert changing.names == looking.names
        for name in pool:
            assert changing.short(name) == looking.short(name)
            assert changing.meant_by(name) == looking.meant_by(name)
            assert changing.long(name) == looking.long(name)
