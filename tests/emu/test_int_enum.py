from __future__ import annotations

import copy
import enum
import pickle
from typing import Any

import pytest

from emu.int_enum import IntEnum


class Ours(IntEnum):
    """Numbers."""

    ONE = 1
    TWO = 2
    UNO = 1
    LARGE = 0xC0000005

    def twice(self) -> int:
        return 2 * self


class Theirs(enum.IntEnum):
    ONE = 1
    TWO = 2
    UNO = 1
    LARGE = 0xC0000005


def test_members_are_single_and_numbers() -> None:
    assert Ours.ONE is Ours(1) is Ours["ONE"] is Ours["UNO"]
    assert (Ours.TWO, Ours.TWO.value, Ours.TWO.name) == (2, 2, "TWO")
    assert isinstance(Ours.TWO, Ours)
    assert isinstance(Ours.TWO, int)
    assert Ours.LARGE.twice() == 0x18000000A
    assert Ours.ONE + 1 == Ours.TWO


@pytest.mark.parametrize("name", list(Theirs.__members__))
def test_a_member_reads_as_the_librarys(name: str) -> None:
    ours, theirs = Ours[name], Theirs[name]
    assert (str(ours), f"{ours:#x}", f"{ours}") == (str(theirs), f"{theirs:#x}", f"{theirs}")
    assert (ours.name, ours.value, hash(ours)) == (theirs.name, theirs.value, hash(theirs))
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")


def test_the_class_is_a_collection_of_them() -> None:
    assert [member.name for member in Ours] == [member.name for member in Theirs]
    assert (len(Ours), list(Ours.__members__)) == (len(Theirs), list(Theirs.__members__))
    assert Ours.ONE in Ours


@pytest.mark.parametrize("value", [0, -1, 1 << 70])
def test_a_number_without_a_name_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match=f"{value} is not a valid Ours"):
        Ours(value)


def test_a_name_without_a_number_is_refused() -> None:
    numbers: Any = Ours
    with pytest.raises(AttributeError):
        numbers.THREE  # noqa: B018
    with pytest.raises(KeyError):
        numbers["THREE"]


def test_a_copy_is_the_member_itself() -> None:
    assert copy.deepcopy(Ours.TWO) is pickle.loads(pickle.dumps(Ours.TWO)) is Ours.TWO
