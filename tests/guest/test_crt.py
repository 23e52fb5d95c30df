"""The C runtime: what its DLLs export, and programs that print what real systems print.

The .expected files were recorded on native Wine 8.0 with Wine's own DLLs. Corrected by hand, from
the Microsoft C runtime reference: a precision switches the 0 flag of integers off; strtoul gives
ULONG_MAX for any overflow and strtol("0x") takes the "0"; strerror's texts; msvcrt pads "1.#INF"
with zeros whatever the flags are, and its %a has six digits.
"""

from __future__ import annotations

import ctypes
import math
import struct
from collections.abc import Callable
from pathlib import Path

import pefile
import pytest

from guest import build, definition
from tests.guests import PROGRAMS, compile_program, picorun, zig

ARGUMENTS = ("a", "b c", 'd\\"e', "", "x\\", '"q"', '\\\\a"b', "tab\tx")
PROGRAM_NAMES = ("printf", "special", "scan", "files", "misc", "pipe")
CRT = build.HERE / "crt"

UCRT_START = (
    *("_set_app_type", "_configure_narrow_argv", "_initialize_narrow_environment", "_initterm"),
    *("__p___argc", "__p___argv", "_get_initial_narrow_environment", "_crt_atexit", "exit"),
    *("_register_onexit_function", "_seh_filter_exe", "_controlfp_s", "__acrt_iob_func"),
    *("__stdio_common_vfprintf", "__stdio_common_vsscanf", "_configthreadlocale", "_time64"),
)
MSVCRT_START = (
    *("__getmainargs", "_iob", "_amsg_exit", "__p__fmode", "_onexit", "_cexit", "__initenv"),
    *("_initterm", "_lock", "_unlock", "__set_app_type", "__lconv_init", "_acmdln", "vfprintf"),
)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes | None]]:
    """Of each DLL of the runtime the exported names, with the target of those forwarded."""
    names = ["ucrtbase.dll", "msvcrt.dll", "vcruntime140.dll"]
    found = {}
    for path in build.build(tmp_path_factory.mktemp("system32"), names):
        with pefile.PE(str(path)) as image:
            symbols = image.DIRECTORY_ENTRY_EXPORT.symbols
            found[path.name] = {s.name.decode(): s.forwarder for s in symbols}
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dll", "names"), [("ucrtbase.dll", UCRT_START), ("msvcrt.dll", MSVCRT_START)]
)
def test_start_up_code_finds_its_imports(
    exports: dict[str, dict[str, bytes | None]], dll: str, names: tuple[str, ...]
) -> None:
    assert not set(names) - set(exports[dll])


@pytest.mark.slow
def test_vcruntime_forwards_to_names_that_exist(
    exports: dict[str, dict[str, bytes | None]],
) -> None:
    targets = {(target or b"").decode() for target in exports["vcruntime140.dll"].values()}
    assert not {t.removeprefix("ucrtbase.") for t in targets} - set(exports["ucrtbase.dll"])


@pytest.mark.slow
@pytest.mark.parametrize("name", PROGRAM_NAMES)
@pytest.mark.parametrize("runtime", ["ucrt", "msvcrt"])
def test_program_prints_what_was_recorded(name: str, runtime: str, tmp_path: Path) -> None:
    source = PROGRAMS / f"crt_{name}.c"
    image = _ucrt_program(source) if runtime == "ucrt" else _msvcrt_program(source, tmp_path)
    finished = picorun("--rw", image, *(ARGUMENTS if name == "misc" else ()), cwd=tmp_path)
    expected = (PROGRAMS / f"crt_{name}.{runtime}.expected").read_bytes()
    assert _lines(finished.stdout) == _lines(expected), finished.stderr
    assert finished.exit_code == (44 if name == "misc" else 0)


@pytest.mark.slow
@pytest.mark.parametrize("dll", ["ucrtbase.dll", "msvcrt.dll"])
def test_mathematical_errors_reach_errno_and_the_handler(dll: str, tmp_path: Path) -> None:
    program = _ucrt_program(PROGRAMS / "crt_math_errors.c")
    expected = (PROGRAMS / "crt_math_errors.expected").read_bytes()
    assert _lines(picorun(program, dll, cwd=tmp_path).stdout) == _lines(expected)


@pytest.mark.slow
def test_mathematics_is_the_hosts_within_two_units(tmp_path: Path) -> None:
    finished = picorun(_ucrt_program(PROGRAMS / "crt_math.c"), cwd=tmp_path)
    checked = 0
    for line in finished.stdout.decode().splitlines():
        name, argument, result = line.split()
        function = _HOST.get(name) or getattr(math, name)
        assert abs(_order(_bits(function(_double(argument)))) - _order(int(result, 16))) <= 2, line
        checked += 1
    assert checked > 300


_HOST: dict[str, Callable[[float], float]] = {
    "pow": lambda x: math.pow(x, 3.0),
    "atan2": lambda x: math.atan2(x, 2.0),
    "fmod": lambda x: math.fmod(x, 0.7),
    "frexp": lambda x: math.frexp(x)[0],
    "modf": lambda x: math.modf(x)[0],
    "ldexp": lambda x: math.ldexp(x, 5),
    "exp": lambda x: math.exp(x) if x < 710 else math.inf,
    "sinh": lambda x: math.sinh(x) if x < 710 else math.inf,
    "cosh": lambda x: math.cosh(x) if x < 710 else math.inf,
}


def _double(text: str) -> float:
    return float(struct.unpack(">d", bytes.fromhex(text))[0])


def _bits(value: float) -> int:
    return int(struct.unpack(">Q", struct.pack(">d", value))[0])


def _order(bits: int) -> int:
    """Doubles in their order, one apart when there is none between them."""
    signed = ctypes.c_int64(bits).value
    return signed if signed >= 0 else -(signed & (1 << 63) - 1)


def _lines(output: bytes) -> list[bytes]:
    return output.replace(b"\r\n", b"\n").split(b"\n")


def _ucrt_program(source: Path) -> Path:
    return compile_program(source, "-w", "-fno-builtin", "-D__USE_MINGW_ANSI_STDIO=0")


def _msvcrt_program(source: Path, folder: Path) -> Path:
    """A program that imports msvcrt.dll alone, with the import library made from our exports."""
    texts = [(CRT / name).read_text() for name in ("common.def", "msvcrt.def")]
    exports = [e for e in definition.parse("".join(texts)) if not e.name.startswith("?")]
    lines = [f"{e.name}{' DATA' if 'DATA' in e.flags else ''}" for e in exports]
    text, library = folder / "msvcrt.def", folder / "msvcrt.lib"
    text.write_text("\n".join(["LIBRARY msvcrt.dll", "EXPORTS", *lines, ""]))
    zig("dlltool", "-m", "i386", "-k", "-d", str(text), "-l", str(library))
    image = folder / f"{source.stem}.exe"
    flags = ["-w", "-fno-builtin", "-D__MSVCRT_VERSION__=0x700", "-U_UCRT", "-D__strtod=strtod"]
    flags += ["-D__USE_MINGW_ANSI_STDIO=0"]
    flags += ["-isystem", str(build.libc() / "include" / "any-windows-any")]
    zig(
        *("build-exe", "-target", "x86-windows-gnu", "-O", "ReleaseSmall", "-fstrip"),
        *("-fno-sanitize-c", "-fno-stack-check", "-fno-stack-protector", "-cflags", *flags, "--"),
        *(str(source), str(PROGRAMS / "crt_start_msvcrt.c"), str(library)),
        *("-fentry=mainCRTStartup", f"-femit-bin={image}", "--subsystem", "console"),
    )
    return image
