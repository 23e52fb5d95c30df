"""The options --registry and --save-registry; what the program prints was worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from picorun.options import RegistryOption, parse_registry
from picorun.registry_file import RegistryFileFailed, load, save
from provider.kernel.cm.hive_writer import hive_bytes
from provider.kernel.cm.key import Value
from provider.kernel.cm.registry import Registry
from provider.nt.cm.seed import Keys, seed_registry, store
from tests.guests import PROGRAMS, compile_program, picorun


@pytest.fixture
def registry() -> Registry:
    made = Registry()
    seed_registry(made)
    return made


def test_options() -> None:
    assert parse_registry("a=b.reg") == RegistryOption(None, Path("a=b.reg"))
    assert parse_registry("hklm\\Software=x") == RegistryOption("hklm\\Software", Path("x"))
    for text in ("HKLM=x", "HKXX\\y=x", "HKLM\\=x"):
        with pytest.raises(ValueError, match="not a key"):
            parse_registry(text)


def test_files_that_cannot_be_read(registry: Registry, tmp_path: Path) -> None:
    bad, hive = tmp_path / "bad.reg", tmp_path / "bad.hiv"
    bad.write_text("REGEDIT4\n[HKLM\\Software\\a]\nb\n")
    hive.write_bytes(b"regf")
    for option, words in (
        (RegistryOption(None, tmp_path / "none.reg"), "none.reg: No such file"),
        (RegistryOption(None, bad), "bad.reg:3: 'b' is neither"),
        (RegistryOption("HKLM\\Software", bad), "this is no hive"),
        (RegistryOption(None, hive), "does not say where"),
        (RegistryOption("HKLM\\Software", hive), "NOT_REGISTRY_FILE"),
    ):
        with pytest.raises(RegistryFileFailed) as caught:
            load(registry, option, 0)
        assert words in str(caught.value)


def test_a_hive_takes_the_place_of_a_key(registry: Registry, tmp_path: Path) -> None:
    other = Registry()
    root = other.ensure("MACHINE\\x\\y").parent
    assert root is not None
    other.set_value(root, Value("v", 3, b"1"), 0)
    (tmp_path / "x.hiv").write_bytes(hive_bytes(root, 0))
    load(registry, RegistryOption("HKLM\\Software", tmp_path / "x.hiv"), 0)
    software = registry.find(registry.root, "machine\\software")
    assert [key.name for key in software.subkeys()] == ["y"]
    assert [value.name for value in software.values()] == ["v"]


def test_a_file_that_cannot_be_written(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(RegistryFileFailed, match="No such file"):
        save(registry, {}, tmp_path / "missing" / "x.reg")


def test_what_the_userland_adds_is_no_change(registry: Registry, tmp_path: Path) -> None:
    added: Keys = {"MACHINE\\SOFTWARE\\Added": {"Value": 1}}
    store(registry, added)
    save(registry, added, tmp_path / "x.reg")
    assert "Added" not in (tmp_path / "x.reg").read_text("utf-16")
    save(registry, {}, tmp_path / "x.reg")
    assert "Added" in (tmp_path / "x.reg").read_text("utf-16")


@pytest.mark.slow
def test_the_registry_lasts_from_run_to_run(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "registry_count.c")
    options = ("--save-registry", "kept.reg")
    assert picorun(*options, image, cwd=tmp_path).stdout == b"1\r\n"
    for count in (b"2", b"3"):
        done = picorun("--registry", "kept.reg", *options, image, cwd=tmp_path)
        assert (done.exit_code, done.stdout) == (0, count + b"\r\n")
    (tmp_path / "kept.reg").write_text("what?")
    done = picorun("--registry", "kept.reg", image, cwd=tmp_path)
    assert done.exit_code == 125
    assert "kept.reg:1: " in done.stderr
