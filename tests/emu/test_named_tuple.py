from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest

from emu.named_tuple import NamedTuple


class Point(NamedTuple):
    """Two numbers."""

    x: int
    y: int = 2

    @property
    def sum(self) -> int:
        return self.x + self.y


class Far(Point):
    """More of one."""

    other: int = 5

    def twice(self) -> int:
        return 2 * self.sum


class Empty(NamedTuple):
    """None."""


def test_it_is_the_tuple_of_its_fields() -> None:
    assert Point(1) == (1, 2) == Point(x=1, y=2)
    assert hash(Point(1)) == hash((1, 2))
    assert (Point(3, 4).x, Point(3, 4).y, Point(3, 4).sum) == (3, 4, 7)
    assert Empty() == ()


@pytest.mark.parametrize("arguments", [(), (1, 2, 3)])
def test_the_number_of_its_values_is_checked(arguments: tuple[int, ...]) -> None:
    fresh = type("Point", (NamedTuple,), {"__annotations__": {"x": "int", "y": "int"}, "y": 2})
    for made in (fresh, fresh, Point):
        with pytest.raises(TypeError):
            made(*arguments)


def test_a_value_that_has_no_field_is_refused() -> None:
    unknown: dict[str, Any] = {"z": 1}
    with pytest.raises(TypeError):
        Point(1, **unknown)
    with pytest.raises(ValueError, match="z"):
        Point(1)._replace(**unknown)


def test_an_item_cannot_be_set() -> None:
    point: Any = Point(1)
    with pytest.raises(AttributeError):
        point.x = 2
    with pytest.raises(AttributeError):
        point.z = 2


def test_others_are_made_of_it() -> None:
    assert Point(1)._replace(y=5) == Point(1, 5)
    assert type(Point(1)._replace(y=5)) is Point
    assert Point._make([4, 5]) == (4, 5)
    assert Point(1)._asdict() == {"x": 1, "y": 2}
    assert copy.copy(Point(1, 9)) == Point(1, 9) == pickle.loads(pickle.dumps(Point(1, 9)))


def test_it_tells_about_itself() -> None:
    assert repr(Point(1)) == "Point(x=1, y=2)"
    assert Point._fields == ("x", "y")
    assert Point._field_defaults == {"y": 2}
    assert list(inspect.get_annotations(Point, eval_str=True)) == ["x", "y"]


def test_a_subclass_has_the_same_fields() -> None:
    assert Far(1, 3) == (1, 3)
    assert (Far(1, 3).twice(), repr(Far(1))) == (8, "Far(x=1, y=2)")
    assert type(Far(1)._replace(x=2)) is Far


def test_a_pattern_matches_it() -> None:
    match Point(1, 7):
        case Point(1, y):
            assert y == 7
        case _:
            pytest.fail("no match")
