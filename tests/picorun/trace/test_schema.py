"""The published schema: what it says, and that every event of the test programs is as it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from picorun.events import EVENT_TYPES
from picorun.exit_code import ExitCode
from picorun.trace.schema import make_schema
from tests.guests import PROGRAMS, command, compile_program, picorun

SCHEMA = make_schema()
ADVAPI, NTDLL, SOCKETS, USER = ("-ladvapi32",), ("-lntdll",), ("-lws2_32",), ("-luser32",)
BY_PREFIX: dict[str, tuple[str, ...]] = {
    "advapi32_": ADVAPI,
    "crt_": ("-w", "-fno-builtin", "-D__USE_MINGW_ANSI_STDIO=0"),
    "net_": SOCKETS,
    "ntdll_": ("-O1", "-Wno-unused-parameter"),
    "qa_": ("-O0",),
    "se_": ADVAPI,
    "user_": USER,
}
FLAGS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("csr_client", "lpc_ports", "ntdll_missing", "ob_registry", "ps_creation",
                     "ps_shims"), NTDLL),
    "advapi32_mui": ("-ladvapi32", "-lnetapi32"),
    "bcrypt_hashes": ("-lbcrypt",),
    "bcrypt_keys": ("-lbcrypt",),
    "crash": ("-O0", "-fno-sanitize=undefined"),
    "crypt32_stores": ("-lcrypt32",),
    "dbghelp_symbols": ("-ldbghelp", "-fno-omit-frame-pointer"),
    "gdi_contexts": ("-luser32", "-lgdi32"),
    "kernel32_toolhelp": ("-DPSAPI_VERSION=1", "-lpsapi"),
    "mm_fill": ("-O2",),
    "ole32_apartment": ("-lole32",),
    "ole32_guids": ("-lole32", "-lrpcrt4", "-luuid"),
    "ps_options": ADVAPI,
    "qa_exceptions": ("-lc++", "-O1"),
    "shlwapi_paths": ("-lshlwapi",),
    "version_info": (str(PROGRAMS / "version_info.rc"), "-lversion"),
    "ws2_start": SOCKETS,
}  # fmt: skip
"""What the programs are built with that need more than a compiler; as in the tests of each."""
OF_SEVERAL_FILES = {
    "crt_cxx", "crt_cxx_start", "crt_seh", "crt_start_msvcrt", "crt_types", "ldr_exported",
    "ldr_exports", "ldr_module", "ldr_order", "ldr_start", "ldr_tls", "ldr_tls_module",
}  # fmt: skip
"""Parts of programs, and those that need DLLs or a C++ library of their own."""
SOURCES = {
    source.stem: source
    for source in sorted([*PROGRAMS.glob("*.c"), *PROGRAMS.glob("*.cpp")])
    if source.stem not in OF_SEVERAL_FILES
}
MOST_CALLS = "1500"
"""After which the longer programs only repeat themselves."""
LONGEST = "5"
"""Real seconds: some programs never end, and compute without a call."""


def _validators() -> dict[str, Draft202012Validator]:
    """One for each type: that of `oneOf` tries all of them for each line."""
    definitions: dict[str, Any] = SCHEMA["$defs"]
    return {name: Draft202012Validator(definition) for name, definition in definitions.items()}


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["$defs"]) == {"TraceStart", *(kind.__name__ for kind in EVENT_TYPES)}
    assert all(definition["description"] for definition in SCHEMA["$defs"].values())


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"type": "TraceStart", "version": 2},
        {"type": "ProcessExit", "sequence": 1, "time": 0, "process_id": 8, "thread_id": 0},
        {"type": "ThreadExit", "sequence": 1, "time": 0, "process_id": 8, "thread_id": 0,
         "status": "0"},
        {"type": "ThreadExit", "sequence": 1, "time": 0, "process_id": 8, "thread_id": 0,
         "status": 0, "more": 1},
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused(line: dict[str, Any]) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid(line)


def _flags(name: str) -> tuple[str, ...]:
    found = (flags for prefix, flags in BY_PREFIX.items() if name.startswith(prefix))
    return FLAGS.get(name, next(found, ()))


@pytest.mark.slow
@pytest.mark.parametrize("name", SOURCES)
def test_every_event_of_a_program_is_as_the_schema_says(name: str, tmp_path: Path) -> None:
    image = compile_program(SOURCES[name], *_flags(name))
    trace = tmp_path / "trace.jsonl"
    limits = ("--max-calls", MOST_CALLS, "--max-time", LONGEST)
    words = (*limits, "--trace", f"jsonl:{trace}", image)
    if picorun("--quiet", *words, cwd=tmp_path).exit_code == ExitCode.CANNOT_RUN:
        pytest.skip("it needs more than the built-in userland has")
    validators, sequences = _validators(), []
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            event = json.loads(line)
            validators[event["type"]].validate(event)
            sequences.append(event.get("sequence", 0))
    assert sequences == list(range(len(sequences)))
    assert len(sequences) > 100


@pytest.mark.slow
def test_a_trace_that_is_cut_off_has_whole_lines(tmp_path: Path) -> None:
    import subprocess
    import time

    trace = tmp_path / "trace.jsonl"
    words = command("--trace", f"jsonl:{trace}", compile_program(PROGRAMS / "calling.c"))
    with subprocess.Popen(words) as running:
        while not (trace.exists() and trace.stat().st_size > 1 << 16):
            assert running.poll() is None
            time.sleep(0.05)
        running.kill()
    lines = trace.read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert all(json.loads(line)["type"] for line in lines)
