"""The import arrows of the design, read from the source of every file of ours."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.guests import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = ("emu", "loader", "provider", "guest", "picorun")

# What a file may import of ours: the longest prefix of its module name decides.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "emu": ("emu",),
    "loader": ("loader", "emu.int_enum", "emu.named_tuple"),
    "provider": ("provider", "loader", "emu"),
    "provider.kernel": ("provider.kernel", "provider.pico", "loader", "emu"),
    "provider.nt": ("provider", "loader", "emu"),
    "provider.linux": ("provider", "loader", "emu"),
    "guest": ("guest", "provider.nt", "loader"),
    "picorun": OURS,
}
MAY_NOT_IMPORT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(OURS, ()),
    "provider": ("provider.nt", "provider.linux"),
    "provider.kernel": ("provider.nt", "provider.linux"),
    "provider.nt": ("provider.linux",),
    "provider.linux": ("provider.nt",),
}
ONLY_IN: dict[str, tuple[str, ...]] = {
    "unicorn": ("emu/engine.py",),
    "capstone": ("emu/disasm.py",),
    "keystone": ("emu/assemble.py",),
    "pefile": (),  # only tests have it, to compare with
    "cryptography": ("provider/nt/unix/bcrypt.py",),
    "hatchling": ("guest/hatch_build.py",),
    "ziglang": ("guest/build.py",),
    "rich": ("picorun/",),
    "sortedcontainers": ("emu/", "loader/", "provider/", "picorun/"),
}
HOST = frozenset({"random", "secrets", "time", "uuid"})  # what would differ between equal runs
HOST_CLOCK = {
    "picorun/host_time.py",  # asked for by --clock real only
    "provider/kernel/io/host_directory.py",  # whether a listing may be old; no guest sees it
}
MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MUTABLE_CALLS = frozenset({"list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter"})

SOURCES = sorted(path for top in OURS for path in (ROOT / top).rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _module(path: Path) -> str:
    return _name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imports(path: Path) -> Iterator[str]:
    """Every module that the file imports, wherever in it the import stands."""
    module = _module(path)
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(part for part in (above, node.module) if part)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _within(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def _rule(rules: dict[str, tuple[str, ...]], module: str) -> tuple[str, ...]:
    """The rule with the longest prefix of `module`."""
    return rules[max((prefix for prefix in rules if _within(module, (prefix,))), key=len)]


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_layers(path: Path) -> None:
    module = _module(path)
    ours = [name for name in _imports(path) if _within(name, OURS)]
    allowed = _rule(MAY_IMPORT, module)
    forbidden = _rule(MAY_NOT_IMPORT, module)
    wrong = [name for name in ours if not _within(name, allowed) or _within(name, forbidden)]
    assert not wrong, f"{module} may import {allowed} without {forbidden}"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_foreign_packages_stay_in_their_files(path: Path) -> None:
    for name in _imports(path):
        places = ONLY_IN.get(name.partition(".")[0])
        assert places is None or _name(path).startswith(places), f"{name} in {_name(path)}"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_time_or_randomness_of_the_host(path: Path) -> None:
    if _name(path) in HOST_CLOCK:
        return
    assert not HOST & {name.partition(".")[0] for name in _imports(path)}


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_module_level_state_is_constant(path: Path) -> None:
    """A list or dictionary at module level is a table: named in capitals, never stored into."""
    tree = ast.parse(path.read_bytes())
    names = set(_module_level_mutables(tree))
    changed = {f"{name}:{line}" for name, line in _stores_in_functions(tree) if name in names}
    assert not changed
    lower = {name for name in names if name != name.upper() and not name.startswith("__")}
    assert not lower, "a table is named in capitals"


def _module_level_mutables(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        value = getattr(node, "value", None)
        if _is_mutable(value):
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def _is_mutable(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id in MUTABLE_CALLS
    return isinstance(value, MUTABLE)


def _stores_in_functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Names that a function declares global, stores an item of, or calls a changing method of."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    for function in (node for node in ast.walk(tree) if isinstance(node, functions)):
        for node in ast.walk(function):
            if isinstance(node, ast.Global):
                yield from ((name, node.lineno) for name in node.names)
            elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                if isinstance(node.value, ast.Name):
                    yield node.value.id, node.lineno
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                changing = {"append", "add", "update", "setdefault", "pop", "clear", "extend"}
                if isinstance(node.func.value, ast.Name) and node.func.attr in changing:
                    yield node.func.value.id, node.lineno
