"""Shims: the words that choose them, and what a program sees of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provider.nt import startup
from provider.nt.ps.shims import Shim, ShimTable, parse_shim
from provider.nt.version import BUILD, MAJOR, Version
from tests.guests import PROGRAMS, compile_program, picorun
from tests.provider.nt.synthetic import ntdll_image, program_image, start

if TYPE_CHECKING:
    from pathlib import Path

PEB = 0x7FFDF000


@pytest.mark.parametrize(
    "text",
    [
        "", ":", "version=6.1.7601", ":version=6.1.7601", "a.exe", "a.exe:", "a.exe:version",
        "a.exe:version=", "a.exe:version=6.1", "a.exe:version=6.1.65536", "a.exe:version=6.1.x",
        "a.exe:version=1000.0.0", "a.exe:delay-free=0", "a.exe:delay-free=-1",
        "a.exe:delay-free=65537", "a.exe:delay-free=1e3", "a.exe:nothing=1", "c:\\a:version=1.1.1",
        "dir/a.exe:delay-free=1", "a.exe:delay-free=\u0663",
    ],
)  # fmt: skip
def test_words_that_are_no_shim(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_shim(text)


def test_words() -> None:
    assert parse_shim("a b.exe:version=6.1.7601") == Shim("a b.exe", Version(6, 1, 7601))
    assert parse_shim("a:delay-free=65536") == Shim("a", None, 65536)


def test_shims_act_on_their_image_only() -> None:
    machine = start("nop")
    provider = machine.provider
    provider.executive.shims.add(map(parse_shim, ["A.EXE:version=5.1.2600", "a.exe:delay-free=3"]))
    seen = []
    for name in ("a.exe", "b.exe"):
        process = startup.create_process(
            provider, program_image("nop"), ntdll_image(), b"", name, machine.process
        )
        provider.executive.shims.apply(process)
        words = [int.from_bytes(process.space.read(PEB + at, 4), "little") for at in (0xA4, 0x1E8)]
        build = int.from_bytes(process.space.read(PEB + 0xAC, 2), "little")
        data = words[1] and process.space.read(words[1], 8)
        seen.append((words[0], build, data))
    assert seen == [(5, 2600, b"\x08\0\0\0\x03\0\0\0"), (MAJOR, BUILD, 0)]


def test_a_later_entry_replaces_an_earlier_one() -> None:
    table = ShimTable()
    table.add(map(parse_shim, ["a:version=1.2.3", "A:version=4.5.6", "a:delay-free=1"]))
    assert list(table._shims.values()) == [Shim("a", Version(4, 5, 6), 1)]


LATEST, OLD = b"10.0.19045 6.2.9200", b"5.1.2600 5.1.2600"
AT_ONCE = b"used again after 0 frees"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shims", "expected"),
    [
        ([], [LATEST, AT_ONCE, LATEST, AT_ONCE]),
        (
            ["PS_SHIMS.exe:version=5.1.2600", "other.exe:delay-free=7"],
            [OLD, AT_ONCE, LATEST, b"used again after 7 frees"],
        ),
    ],
)
def test_what_a_program_sees(tmp_path: Path, shims: list[str], expected: list[bytes]) -> None:
    options = [word for shim in shims for word in ("--shim", shim)]
    image = compile_program(PROGRAMS / "ps_shims.c", "-lntdll")
    done = picorun("--quiet", *options, image, cwd=tmp_path)
    assert done.stdout.splitlines() == expected
    assert (done.exit_code, done.stderr) == (0, "")
