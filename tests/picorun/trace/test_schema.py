"""The published schema: what it says, and that every event of the test programs is as it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from picorun.events import EVENT_TYPES
from picorun.trace.schema import make_schema
from tests.guests import PROGRAMS, command, compile_program, picorun

SCHEMA = make_schema()
FLAGS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("advapi32_registry", "advapi32_security", "ps_options", "se_tokens"),
                    ("-ladvapi32",)),
    **dict.fromkeys(("ntdll_missing", "lpc_ports", "ob_registry"), ("-lntdll",)),
    **dict.fromkeys(("ntdll_exceptions", "ntdll_heap", "ntdll_locks"),
                    ("-O1", "-Wno-unused-parameter")),
    "crash": ("-O0", "-fno-sanitize=undefined"),
    "ws2_start": ("-lws2_32",),
}  # fmt: skip
"""What the programs are built with that need more than a compiler."""
MOST_CALLS = "1500"
"""After which the longer programs only repeat themselves."""
PLAIN = (
    "dbg_debugger",
    "deadlock",
    "hello",
    "io_many",
    "ke_order",
    "ke_sync",
    "ke_timers",
    "kernel32_files",
    "kernel32_pool",
    "kernel32_process",
    "kernel32_system",
    "kernel32_text",
    "kernel32_threads",
    "ps_fork",
    "ps_jobs",
    "write_files",
)


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


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({*PLAIN, *FLAGS}))
def test_every_event_of_a_program_is_as_the_schema_says(name: str, tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / f"{name}.c", *FLAGS.get(name, ()))
    trace = tmp_path / "trace.jsonl"
    picorun("--quiet", "--max-calls", MOST_CALLS, "--trace", f"jsonl:{trace}", image, cwd=tmp_path)
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
