from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from picorun.module_cache import ModuleCache
from tests.guests import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

KEY = ("Python", "here")
_RUN = """
import sys
from picorun.entry import command
sys.argv = ["picorun", "syscalls", "NtClose"]
command()
"""
Modules = dict[str, "ModuleType"]


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Modules:
    """A package with a module, as Python has imported them from .pyc files."""
    source = tmp_path / "source"
    (source / "cached_one").mkdir(parents=True)
    (source / "cached_one" / "__init__.py").write_text("from cached_one.inner import VALUE\n")
    (source / "cached_one" / "inner.py").write_text("VALUE = 1\n")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.syspath_prepend(source)
    importlib.invalidate_caches()
    importlib.import_module("cached_one")
    return {name: sys.modules.pop(name) for name in ("cached_one", "cached_one.inner")}


@pytest.fixture
def file(tmp_path: Path, modules: Modules) -> Path:
    """A cache that has them."""
    path = tmp_path / "cache" / "modules"
    ModuleCache(str(path), KEY).update(modules)
    return path


def test_a_module_is_imported_from_the_cache(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = ModuleCache(str(file), KEY)
    monkeypatch.setattr(sys, "meta_path", [cache])
    package = importlib.import_module("cached_one")
    inner = sys.modules.pop("cached_one.inner")
    assert sys.modules.pop("cached_one") is package
    assert package.VALUE == inner.VALUE == 1
    assert list(package.__path__) == [str(Path(package.__file__ or "").parent)]
    assert inner.__file__ is not None
    assert inner.__file__.endswith("inner.py")
    assert inner.__cached__ is not None
    assert inner.__cached__.endswith(".pyc")


def test_nobody_else_may_write_it(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_module_that_it_has_is_not_written_again(file: Path, modules: Modules) -> None:
    before = file.stat().st_mtime_ns, file.stat().st_ino
    ModuleCache(str(file), KEY).update(modules)
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before


def _spoil(change: Callable[[Path, Path], object], file: Path, modules: Modules) -> ModuleCache:
    change(file, Path(modules["cached_one.inner"].__file__ or ""))
    return ModuleCache(str(file), KEY)


@pytest.mark.parametrize(
    "change",
    [
        lambda _, source: source.write_text("VALUE = 100\n"),
        lambda _, source: os.utime(source, (1, 1)),
        lambda _, source: source.unlink(),
        lambda file, _: file.unlink(),
        lambda file, _: file.write_bytes(b""),
        lambda file, _: file.write_bytes(bytes(8)),
        lambda file, _: file.write_bytes(file.read_bytes()[:-1]),
        lambda file, _: file.write_bytes(file.read_bytes() + b"\0"),
        lambda file, _: file.chmod(0o666),
    ],
)
def test_what_has_changed_is_not_imported_from_it(
    change: Callable[[Path, Path], object], file: Path, modules: Modules
) -> None:
    assert ModuleCache(str(file), KEY).find_spec("cached_one.inner") is not None
    assert _spoil(change, file, modules).find_spec("cached_one.inner") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_another_users_file_is_not_believed(file: Path, modules: Modules) -> None:
    cache = _spoil(lambda file, _: os.chown(file, 1, 1), file, modules)
    assert cache.find_spec("cached_one") is None


def test_code_of_another_python_is_not_believed(file: Path) -> None:
    assert ModuleCache(str(file), (*KEY, "optimized")).find_spec("cached_one") is None


def test_what_is_not_in_it_is_left_to_others(file: Path) -> None:
    assert ModuleCache(str(file), KEY).find_spec("cached_one.other") is None


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path, modules: Modules) -> None:
    (tmp_path / "modules").mkdir()
    with pytest.raises(OSError, match="directory"):
        ModuleCache(str(tmp_path / "modules"), KEY).update(modules)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


@pytest.mark.slow
@pytest.mark.parametrize("home", ["cache", "file/below"])
def test_the_command_runs_with_a_cache_or_without(tmp_path: Path, home: str) -> None:
    (tmp_path / "file").touch()
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / home)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    first, second = (
        subprocess.run(
            [sys.executable, "-c", _RUN],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        for _ in range(2)
    )
    assert (first.returncode, first.stderr) == (0, "")
    assert "NtClose" in first.stdout
    assert (second.returncode, second.stdout, second.stderr) == (0, first.stdout, "")
    assert len(list(tmp_path.glob("cache/picorun/modules-*"))) == (home == "cache")
