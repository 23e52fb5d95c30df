"""The loader of the built-in ntdll: programs with modules of their own beside them.

What they print was recorded on native Wine 8.0; where Windows documents something else, the
program's first lines say so and the recording was corrected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from guest import build
from tests.guests import PROGRAMS, picorun, zig

pytestmark = pytest.mark.slow

_KERNEL32 = ("DisableThreadLibraryCalls@4", "GetStdHandle@4", "WriteFile@20")
_TARGET = ("-target", "x86-windows-gnu", "-s", "-Wall", "-Wextra", "-Werror")
_DLL = (*_TARGET, "-O1", "-shared", "-nostdlib", "-ffreestanding", "-Wl,-e,DllMain@12")
_BASE = 0x30000000


@dataclass(frozen=True, slots=True)
class Module:
    """A DLL to link from tests/programs/`source`.c; it exports its name unless told otherwise."""

    name: str
    flags: tuple[str, ...] = ()
    needs: str | None = None
    exports: tuple[str, ...] = ()
    source: str = "ldr_module"


def _build(folder: Path, program: str, modules: list[Module], *flags: str) -> Path:
    """The program, linked against its modules, which lie beside it."""
    libraries = [_library(folder, "kernel32", _KERNEL32)]
    libraries += [_library(folder, m.name, m.exports or (m.name,)) for m in modules]
    for module in modules:
        _link(folder, module, libraries)
    image = folder / f"{program}.exe"
    source = str(PROGRAMS / f"{program}.c")
    zig("cc", *_TARGET, *flags, "-o", str(image), source, *libraries[1:])
    return image


def _library(folder: Path, name: str, exports: tuple[str, ...]) -> str:
    definition, library = folder / f"{name}.def", folder / f"{name}.lib"
    definition.write_text("\n".join([f"LIBRARY {name}.dll", "EXPORTS", *exports, ""]))
    zig("dlltool", "-m", "i386", "-k", "-d", str(definition), "-l", str(library))
    return str(library)


def _link(folder: Path, module: Module, libraries: list[str]) -> None:
    flags = [f"-DNAME={module.name}", *module.flags]
    flags += [f"-DNEEDS={module.needs}"] if module.needs else []
    flags += ["-isystem", str(build.libc() / "include" / "any-windows-any")]
    exports = [str(folder / f"{module.name}.def")] if module.exports else []
    inputs = [str(PROGRAMS / f"{module.source}.c"), *exports, *libraries]
    output = str(folder / f"{module.name}.dll")
    zig("cc", *_DLL, f"-Wl,--image-base,{_BASE:#x}", *flags, "-o", output, *inputs)


def _check(image: Path, *, exit_code: int = 0) -> str:
    """Run a program to its recorded output; returns what picorun said besides."""
    finished = picorun(image, cwd=image.parent)
    expected = (PROGRAMS / f"{image.stem}.expected").read_text()
    assert finished.stdout.decode().splitlines() == expected.splitlines(), finished.stderr
    assert finished.exit_code == exit_code
    return finished.stderr


def test_modules_are_attached_and_detached_in_order(tmp_path: Path) -> None:
    modules = [Module("chain_a", needs="chain_b"), Module("chain_b", needs="chain_c")]
    modules += [Module("chain_c"), Module("lone"), Module("helper"), Module("absent")]
    modules += [Module("ring_a", needs="ring_b"), Module("ring_b", ("-DQUIET",), needs="ring_a")]
    modules += [Module("refusing", ("-DREFUSE",), needs="helper")]
    modules += [Module("crashing", ("-DCRASH",), needs="helper")]
    modules += [Module("orphan", needs="absent"), Module("nameless", needs="gone")]
    modules += [Module("ordinal", needs="kept")]
    modules += [Module("shrunk", exports=("gone=shrunk", "kept=shrunk @3 NONAME"))]
    image = _build(tmp_path, "ldr_order", modules)
    (tmp_path / "absent.dll").replace(tmp_path / "shrunk.dll")
    (tmp_path / "text.dll").write_text("text")
    _check(image)


def test_exports_are_found(tmp_path: Path) -> None:
    exports = (
        *("named", "unnamed @7 NONAME", "number DATA", "ticks=kernel32.GetTickCount"),
        *("tocks=api-ms-win-core-sysinfo-l1-1-0.GetTickCount", "forwarded=target.named"),
        *("by_number=target.#3", "late=lone.lone", "to_nothing=target.nothing"),
        "to_no_module=no_such_module.nothing",
    )
    exported = "ldr_exported"
    modules = [Module("exports", exports=exports, source=exported), Module("lone")]
    modules += [Module("target", exports=("named", "other=unnamed @3"), source=exported)]
    modules += [Module("ordinals", exports=("unnamed @3 NONAME",), source=exported)]
    _check(_build(tmp_path, "ldr_exports", modules))


def test_thread_local_storage_of_modules(tmp_path: Path) -> None:
    first = Module("tls_static", ("-DFIRST=100",), source="ldr_tls_module")
    second = Module("tls_late", ("-DFIRST=200",), source="ldr_tls_module")
    _check(_build(tmp_path, "ldr_tls", [first, second]))


@pytest.mark.parametrize(
    "base",
    [
        pytest.param(0x10000, id="lowest"),
        pytest.param(_BASE, id="where its modules want to lie"),
        pytest.param(0x7BC00000, id="where ntdll wants to lie"),
        pytest.param(0x7B600000, id="where kernel32 wants to lie"),
        pytest.param(0x7FFD0000, id="over the PEB"),
    ],
)
def test_images_that_cannot_lie_where_they_want_to(base: int, tmp_path: Path) -> None:
    names = ("moved_a", "moved_b")
    modules = [Module(n, exports=("named",), source="ldr_exported") for n in names]
    flags = (f"-Wl,--image-base,{base:#x}", "-Wl,--dynamicbase")
    _check(_build(tmp_path, "ldr_moved", modules, *flags))


def test_only_handlers_in_the_safe_table_are_called(tmp_path: Path) -> None:
    stderr = _check(_build(tmp_path, "ldr_safe_seh", []), exit_code=0x42)
    assert "0xe0000042" in stderr


@pytest.mark.parametrize(
    ("flag", "exit_code", "words"),
    [
        ("-DREFUSE", 126, r"faulty\.dll failed to initialize"),
        ("-DCRASH", 5, r"STATUS_ACCESS_VIOLATION .* \(faulty\.dll\+0x"),
    ],
)
def test_module_that_does_not_start_ends_the_process(
    flag: str, exit_code: int, words: str, tmp_path: Path
) -> None:
    modules = [Module("helper"), Module("faulty", (flag,), needs="helper")]
    stderr = _check(_build(tmp_path, "ldr_start", modules, "-DNEEDS=faulty"), exit_code=exit_code)
    assert re.search(words, stderr)
