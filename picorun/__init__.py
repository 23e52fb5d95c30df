"""picorun runs unmodified 32-bit Windows programs without Windows.

    result = picorun.run("hello.exe", args=["one"], stdin=b"")
    print(result.exit_code, result.stdout)

`run` is all that most scripts need; `picorun.machine.Machine` runs with options of every kind and
gives access to the kernel underneath.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emu.named_tuple import NamedTuple

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from picorun.changed_files import ChangedFiles
    from provider.kernel.event_stream import Event
    from provider.nt.crash import Crash

__all__ = ["Result", "run"]


class Result(NamedTuple):
    """What a program did; `exit_code` has 32 bits."""

    exit_code: int
    stdout: bytes
    stderr: bytes
    events: tuple[Event, ...]
    """What happened, in order (see `picorun.events`)."""
    fault: Crash | None
    """The unhandled exception that ended it, if one did."""
    files: ChangedFiles
    """The files that it changed, but not on the host: contents by name, relative to the current
    directory."""


def run(
    image: str | os.PathLike[str],
    args: Sequence[str] = (),
    *,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    trace: bool | Iterable[type[Event]] = True,
    userland: str = "auto",
    rw: bool = False,
    net: bool = False,
    mounts: Sequence[str] = (),
    registry: Sequence[str] = (),
    save_registry: str | os.PathLike[str] | None = None,
    shims: Sequence[str] = (),
    max_virtual_time: float | None = None,
    max_calls: int | None = None,
    max_output: int | None = None,
) -> Result:
    r"""Run a program in the host's current directory and collect what it writes.

    `env` is added to the guest's own environment.  `trace` is the types of events to record, True
    for all; with False the run is fastest.  With `rw` the guest changes the current directory for
    real.  Each of `mounts` shows it one more directory, as `C:\guest=/host`, with `:ro` or `:rw` or
    else copy-on-write.  With `net` the guest uses the host's network.  `registry` are .reg files to
    import, and `save_registry` is where its changes go as one.  Each of `shims` changes what one
    program sees, as `old.exe:version=6.1.7601` or `old.exe:delay-free=100`.  A run has no limits
    but those that are given: seconds of its own time, system calls, bytes of output.

    Raises ImageError for a file that is no runnable image, ImportsMissing and LoadFailure for
    imports that the userland lacks, UserlandMissing where there is no such userland, Deadlock when
    every thread waits for ever, LimitReached, ValueError and MountFailed for wrong options,
    RegistryFileFailed, OSError.
    """
    # Imported here: `picorun --help` needs no engine.
    from picorun.machine import LoadFailure, Machine, captured_streams
    from picorun.options import Options, parse_mount, parse_registry, parse_shim
    from picorun.trace.recorder import Recorder

    recorder = Recorder(trace)
    streams, output, errors = captured_streams(stdin)
    options = Options(
        image=Path(image),
        arguments=tuple(args),
        environment=dict(env or {}),
        userland=userland,
        read_write=rw,
        net=net,
        mounts=tuple(map(parse_mount, mounts)),
        registry=tuple(map(parse_registry, registry)),
        shims=tuple(map(parse_shim, shims)),
        trace=(recorder,),
        max_virtual_time=max_virtual_time,
        max_calls=max_calls,
        max_output=max_output,
    )
    machine = Machine(options, streams)
    outcome = machine.run()
    if save_registry is not None:
        machine.save_registry(Path(save_registry))
    if outcome.load_failure is not None:
        raise LoadFailure(outcome.load_failure)
    return Result(
        outcome.exit_code,
        bytes(output),
        bytes(errors),
        tuple(recorder.events),
        outcome.fault,
        machine.changed_files(),
    )
