"""Compile the built-in userland: `python -m guest.build [--output DIR] [NAME…]`.

Every folder beside this file with a `dll.toml` describes one or more DLLs:

    [[dll]]
    name = "msvcrt.dll"            # the file; its stem is what `libraries` of others say
    base = 0x7A400000              # preferred image base
    entry = "DllMain"              # C name of the entry point (stdcall, 12 bytes); absent: none
    sources = ["*.c", "*.S"]       # the default; relative to the folder
    definitions = ["msvcrt.def"]   # exports, see guest/definition.py
    defines = ["_MSVCRT=1"]
    flags = ["-fno-builtin"]       # more flags for the compiler
    libraries = ["ntdll"]          # DLLs of this userland to import from
    compiler_rt = false            # leave out the compiler's own helpers (default: in)
    syscalls = true                # add the generated system-call stubs (ntdll only)
    private_names = true           # every export once more as _o_NAME (ucrtbase only)

    [[dll.borrowed]]               # sources that the ziglang package ships, compiled in place
    sources = ["{libc}/mingw/gdtoa/*.c"]
    without = ["{libc}/mingw/gdtoa/arithchk.c"]
    flags = ["-w", "-I{libc}/musl/src/internal"]

The compiler is the `ziglang` package. The same sources give the same bytes wherever they lie, and a
DLL whose inputs have not changed is not built again.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from guest import definition, stubs
from guest.definition import DefinitionError, Export

HERE = Path(__file__).resolve().parent
OUTPUT = HERE / "system32"
CACHE = HERE.parent / "build" / "guest"
_INCLUDE = HERE / "include"
_WARNINGS = ("-Wall", "-Wextra", "-Werror")
_COMPILER = (
    *("-dynamic", "-target", "x86-windows-gnu", "-mcpu", "pentium4", "-O", "ReleaseFast"),
    *("-fstrip", "-fno-sanitize-c", "-fno-stack-check", "-fno-stack-protector"),
    *("-fno-unwind-tables", "-ffunction-sections", "-fdata-sections", "--gc-sections"),
    *("-fno-emit-implib", "--build-id=none", "--subsystem", "console", "-fno-ubsan-rt"),
)


class BuildError(Exception):
    """A DLL could not be built; the text is for the person who builds it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Sources that are compiled with the same flags."""

    sources: tuple[Path, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dll:
    """One DLL as its dll.toml describes it, names resolved to files."""

    name: str
    folder: Path
    base: int
    entry: str | None
    groups: tuple[Group, ...]
    exports: list[Export]
    libraries: tuple[str, ...]
    compiler_rt: bool
    generated: dict[str, str] = field(default_factory=dict)


def build(output: Path = OUTPUT, names: Iterable[str] = ()) -> list[Path]:
    """Build the DLLs with these file names (default: all) into `output`; returns their paths.

    Raises BuildError with the compiler's own words.
    """
    rows = _rows()
    wanted = list(names) or list(rows)
    for name in wanted:
        if name not in rows:
            raise BuildError(f"{name}: no such DLL; there are {', '.join(rows)}")
    userland = _descriptions(wanted, rows)
    output.mkdir(parents=True, exist_ok=True)
    exports = {dll.name: dll.exports for dll in userland.values()}
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda name: _build_one(userland[name], exports, output), wanted))


def _rows() -> dict[str, tuple[Path, Mapping[str, object]]]:
    """Folder and description of every DLL, by file name."""
    rows: dict[str, tuple[Path, Mapping[str, object]]] = {}
    for path in sorted(HERE.glob("*/dll.toml")):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))["dll"]
            rows |= {table["name"]: (path.parent, table) for table in tables}
        except (KeyError, tomllib.TOMLDecodeError) as error:
            raise BuildError(f"{path.relative_to(HERE.parent)}: {error}") from error
    return rows


def _descriptions(
    wanted: Iterable[str], rows: Mapping[str, tuple[Path, Mapping[str, object]]]
) -> dict[str, Dll]:
    """The wanted DLLs and those that they import from or that their exports lead to."""
    described: dict[str, Dll] = {}
    pending = list(wanted)
    while pending:
        name = pending.pop()
        if name in described or name not in rows:
            continue
        folder, row = rows[name]
        try:
            described[name] = dll = _described(folder, row)
        except (DefinitionError, KeyError, OSError) as error:
            raise BuildError(f"{folder.name}/dll.toml: {name}: {error}") from error
        forwards = {f"{e.forwarded_to[0]}.dll" for e in dll.exports if e.forwarded_to}
        pending += [*dll.libraries, *sorted(forwards)]
    return described


def _described(folder: Path, row: Mapping[str, object]) -> Dll:
    def words(key: str, default: tuple[str, ...] = (), of: Mapping[str, object] = row) -> list[str]:
        value = of.get(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise KeyError(f"{key} must be a list of strings")
        return [v.replace("{libc}", str(libc())) for v in value]

    defines = [f"-D{define}" for define in words("defines")]
    groups = [Group(_files(folder, words("sources", ("*.c", "*.S"))),
                    (*_WARNINGS, *defines, *words("flags")))]  # fmt: skip
    borrowed = row.get("borrowed", [])
    assert isinstance(borrowed, list)
    for part in borrowed:
        dropped = set(_files(folder, words("without", of=part)))
        found = _files(folder, words("sources", of=part))
        sources = tuple(path for path in found if path not in dropped)
        groups.append(Group(sources, (*defines, *words("flags", of=part))))
    text = "".join((folder / name).read_text(encoding="utf-8") for name in words("definitions"))
    generated = {}
    if row.get("syscalls"):
        table = _syscalls()
        text += stubs.exports(table)
        generated["syscalls.S"] = stubs.assembly(table)
    exports = definition.parse(text)
    if row.get("private_names"):
        exports += [replace(e, name=f"_o_{e.name}", ordinal=None) for e in exports]
    name, base, entry = row["name"], row["base"], row.get("entry")
    assert isinstance(name, str)
    assert isinstance(base, int)
    assert isinstance(entry, str | None)
    return Dll(name, folder, base, entry, tuple(groups), exports,
               tuple(f"{stem}.dll" for stem in words("libraries")),
               bool(row.get("compiler_rt", True)), generated)  # fmt: skip


def _files(folder: Path, patterns: Iterable[str]) -> tuple[Path, ...]:
    found: list[Path] = []
    for pattern in patterns:
        path = Path(pattern)
        base, rest = (libc(), path.relative_to(libc())) if path.is_absolute() else (folder, path)
        matches = sorted(base.glob(str(rest)))
        if not matches and "*" not in pattern:
            raise BuildError(f"{folder.name}: no source {pattern}")
        found += matches
    return tuple(dict.fromkeys(found))


def write_call_index() -> None:
    """Write where the system calls are declared, which the build knows from making the stubs."""
    from provider.nt import call_index

    call_index.write()


def _syscalls() -> list[stubs.Call]:
    from provider.nt import syscalls_table

    return list(syscalls_table())


def _build_one(dll: Dll, userland: Mapping[str, list[Export]], output: Path) -> Path:
    target = output / dll.name
    kept = CACHE / "dlls" / f"{_key(dll, userland)}.dll"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as work:
            _compile(dll, userland, Path(work))
            os.replace(Path(work) / dll.name, kept)
    if not target.is_file() or target.read_bytes() != kept.read_bytes():
        shutil.copyfile(kept, target)
    return target


def _key(dll: Dll, userland: Mapping[str, list[Export]]) -> str:
    """A digest of everything the DLL is made of."""
    digest = hashlib.sha256()
    headers = [p for d in (dll.folder, _INCLUDE) for p in sorted(d.rglob("*")) if p.suffix != ".c"]
    for path in headers:
        if path.is_file():
            digest.update(path.relative_to(HERE).as_posix().encode() + path.read_bytes())
    for group in dll.groups:
        digest.update(repr([flag.replace(str(libc()), "") for flag in group.flags]).encode())
        for path in group.sources:
            digest.update(path.name.encode() + path.read_bytes())
    own = _own_names(dll)
    imports = [definition.import_text(name, userland, own) for name in dll.libraries]
    identity = (dll.name, dll.base, dll.entry, dll.exports, imports, dll.generated)
    options = (dll.compiler_rt, _zig_version(), _COMPILER)
    digest.update(repr((identity, options)).encode())
    return digest.hexdigest()[:32]


def _compile(dll: Dll, userland: Mapping[str, list[Export]], work: Path) -> None:
    linker = work / "exports.def"
    linker.write_text(definition.linker_text(dll.name, dll.exports), encoding="ascii")
    for name, text in dll.generated.items():
        (work / name).write_text(text, encoding="ascii")
    command = ["build-lib", *_COMPILER, "--name", Path(dll.name).stem]
    command += [f"-femit-bin={work / dll.name}", "--image-base", hex(dll.base)]
    command += [f"-fentry={dll.entry}"] if dll.entry else ["-fno-entry"]
    command += [] if dll.compiler_rt else ["-fno-compiler-rt"]
    for group in dll.groups:
        command += ["-cflags", *_include_flags(dll), *group.flags, "--"]
        command += [os.path.relpath(path, HERE) for path in group.sources]
    command += ["-cflags", "--", *(str(work / name) for name in dll.generated), str(linker)]
    own = _own_names(dll)
    command += [_import_library(name, userland, own, work) for name in dll.libraries]
    _zig(dll.name, command)


def _include_flags(dll: Dll) -> list[str]:
    folders = (dll.folder.name, "include")
    return [
        *("-std=gnu2x", "-ffreestanding", "-fmacro-prefix-map=" + str(libc()) + "=", "-O2"),
        *(word for name in folders for word in ("-I", name)),
        *("-isystem", str(libc() / "include" / "any-windows-any")),
    ]


def _own_names(dll: Dll) -> frozenset[str]:
    """What the DLL defines under its exported name, and so must not import."""
    return frozenset(e.name for e in dll.exports if not e.forwarded_to)


def _import_library(
    name: str, userland: Mapping[str, list[Export]], own: frozenset[str], work: Path
) -> str:
    if name not in userland:
        raise BuildError(f"{name}: not a DLL of this userland")
    text, library = work / f"{name}.import.def", work / f"{Path(name).stem}.lib"
    text.write_text(definition.import_text(name, userland, own), encoding="ascii")
    _zig(name, ["dlltool", "-m", "i386", "-k", "-d", str(text), "-l", str(library)])
    return str(library)


def _zig(what: str, command: list[str]) -> None:
    zig_cache = os.environ.get("ZIG_GLOBAL_CACHE_DIR", str(CACHE / "zig"))
    environment = os.environ | {
        "ZIG_GLOBAL_CACHE_DIR": zig_cache,
        "ZIG_LOCAL_CACHE_DIR": str(CACHE / "zig-local"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "ziglang", *command],
        cwd=HERE, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise BuildError(f"{what}: the compiler refused\n{done.stderr or done.stdout}")


@cache
def libc() -> Path:
    """The folder of C library sources and headers inside the ziglang package."""
    return _package() / "lib" / "libc"


def _package() -> Path:
    try:
        import ziglang
    except ImportError:
        raise BuildError("the guest DLLs need the package ziglang: pip install ziglang") from None
    return Path(next(iter(ziglang.__path__))).resolve()


@cache
def _zig_version() -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ziglang", "version"], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m guest.build", description="Build guest DLLs.")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="DIR")
    parser.add_argument("names", nargs="*", metavar="NAME", help="ntdll.dll, … (default: all)")
    options = parser.parse_args(arguments)
    try:
        paths = build(options.output, options.names)
        if options.output == OUTPUT:
            write_call_index()
    except BuildError as error:
        print(f"guest.build: {error}", file=sys.stderr)
        return 1
    for path in paths:
        print(f"{path} ({path.stat().st_size} bytes)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
