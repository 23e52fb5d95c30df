"""Whatever ends a run with words says what to do next, too."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from picorun.exit_code import RunFailed
from tests.guests import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = sorted((ROOT / "picorun").rglob("*.py"))


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in SOURCES:
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_bytes())


def _failures() -> set[str]:
    """The names of RunFailed and of what is derived from it."""
    return {
        node.name
        for _, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "RunFailed" for base in node.bases)
    } | {"RunFailed"}


def test_every_failure_has_advice() -> None:
    """`Failure(words, advice)` and `Refusal(code, words, advice)`; `by_host` finds its own."""
    wanted = {**dict.fromkeys(_failures(), 2), "Refusal": 3}
    assert len(wanted) > 6
    without = [
        f"{name}:{node.lineno}"
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if len(node.args) + len(node.keywords) < wanted.get(node.func.id, 0)
    ]
    assert without == []


@pytest.mark.parametrize("number", [2, 13, 20, 21, 28, 30])
def test_errors_of_the_host_have_advice(number: int) -> None:
    failure = RunFailed.by_host("cannot do it", OSError(number, "words of the host"))
    assert str(failure) == "cannot do it: words of the host"
    assert failure.advice.endswith(".")
