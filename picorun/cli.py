"""The command `picorun`: runs a program and turns whatever happens into words and an exit code."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from picorun import commands
from picorun.command_line import CommandLine, UsageError, parse
from picorun.exit_code import ExitCode, LimitReached, Refusal, RunFailed, note
from picorun.image_file import no_image, program_file
from picorun.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from picorun.call_report import CallReport
    from picorun.machine import Machine, Outcome
    from picorun.trace import Sink
    from provider.kernel.errors import KernelError


_FIRST_SIGNAL_CODE = 128


_CONTROL_C_EXIT = 0xC000013A
"""The exit status of a process whose handlers leave Ctrl-C to the default one."""


_GO_ON = "What it wrote so far is written; a larger limit lets it go on."
_MORE_MEMORY = "Give it more with --ram or --page-file; --memory-map shows where it went."
_OTHER_USERLAND = "Another userland may have it: --userland DIR, such as Wine's DLLs."
_BUG_ADVICE = (
    "This is a bug of picorun; please report it with what the same command says with --debug."
)


class TimeIsUp(BaseException):
    """Raised by the alarm of --max-time wherever the run happens to be, past all handlers."""


ONCE_MORE = 1.0
"""Seconds after which an exception of a signal is raised again: ctypes loses one that comes on the
first line of a callback of the engine."""


class Ended(BaseException):
    """Raised by a signal that ends this process, past all handlers, so that it can clean up."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def command(at_end: Callable[[], None] = lambda: None) -> NoReturn:
    """Run the command, then `at_end`, and end this process with the command's code.

    A run is as short as its start: collecting garbage while modules are imported would take a
    tenth of it, and taking the machine apart, which the host's kernel does at no cost, a fifth.
    """
    gc.disable()
    if "_ARGCOMPLETE" in os.environ:
        from picorun.completion import complete

        complete()
    _open_closed_streams()
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    at_end()
    os._exit(code)


def _open_closed_streams() -> None:
    """Make the null device of each standard stream that is closed, lest a file take its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)
            stream = open(number, "w" if number else "r", encoding="utf-8")  # noqa: SIM115
            setattr(sys, name, stream)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with the arguments `argv` (default: this process's); returns its code."""
    if argv is None:
        _end_cleanly_by_signals()
    words = list(sys.argv[1:] if argv is None else argv)
    name = words[0] if words and words[0] in commands.COMMANDS else None
    try:
        if name is not None:
            return _guarded(lambda: commands.run(name, words[1:]))
        line = parse(words)
    except UsageError as error:
        helper = "picorun --help" if name is None else f"picorun {name} --help"
        return _say(ExitCode.FAILED, str(error), f"Try '{helper}'.")
    return _guarded(lambda: _run(line), line.options.max_time, debug=line.options.debug)


def _guarded(action: Callable[[], int], limit: float | None = None, *, debug: bool = False) -> int:
    """Do what was asked for; every way to fail but UsageError has its code and its words."""
    try:
        with _alarm(limit):
            return action()
    except UsageError:
        raise
    except Refusal as refusal:
        return _say(refusal.code, str(refusal), refusal.advice)
    except RunFailed as failure:
        if failure.reader_left:
            return _die_of(signal.SIGPIPE)
        return _say(ExitCode.FAILED, str(failure), failure.advice)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Ended as ended:
        return _die_of(ended.number)
    except TimeIsUp:
        return _say(ExitCode.LIMIT, f"stopped after {limit:g} seconds (--max-time)", _GO_ON)
    except Exception as failure:  # noqa: BLE001 (the user gets a line, the developer --debug)
        if debug:
            import traceback

            traceback.print_exc()
        return _say(ExitCode.FAILED, _failure(failure), _BUG_ADVICE)


def _run(line: CommandLine) -> int:
    image = program_file(line.program, line.options.userland)
    try:
        Path.cwd()
    except OSError as error:
        words = f"the current directory cannot be found: {error.strerror}"
        advice = "Change to one that is there; the guest works in it."
        raise Refusal(ExitCode.FAILED, words, advice) from None
    outcome = _run_machine(line, image)
    if outcome.load_failure is not None:
        words = f"{line.program}: {outcome.load_failure}"
        raise Refusal(ExitCode.CANNOT_RUN, words, _OTHER_USERLAND)
    if outcome.fault is not None:
        print(*outcome.fault.lines(), sep="\n", file=sys.stderr)
    if outcome.fault is not None and outcome.refused_commits:
        raise Refusal(ExitCode.LIMIT, _full_memory(outcome.refused_commits), _MORE_MEMORY)
    if outcome.exit_code == _CONTROL_C_EXIT:
        return ExitCode.INTERRUPTED
    return outcome.exit_code & 0xFF


def _run_machine(line: CommandLine, image: Path) -> Outcome:
    # Imported here: --help and a mistyped option need no engine.
    from loader.image import ImageError
    from picorun.choice import ImportsMissing
    from picorun.interruption import control_c, ended_by_signals
    from picorun.machine import Machine
    from picorun.trace import Settings, open_sinks
    from provider.kernel.errors import KernelError
    from provider.kernel.ke.deadlock import Deadlock

    try:
        settings = Settings(line.options.trace_filter, line.options.trace_show)
        report = _call_report(line)
        with open_sinks(line.options.trace, settings) as sinks:
            machine = Machine(_options(line, image, (*sinks, *report)))
            gc.freeze()
            gc.enable()
            outcome: Outcome | None = None
            try:
                with control_c(machine.kernel), ended_by_signals(machine.kernel.cpu):
                    outcome = machine.run()
                return outcome
            finally:
                for listener in report:
                    listener.write(machine.provider.unknown_calls, line.options.report)
                _end(line, machine, outcome)
    except ImageError as error:
        raise no_image(line.program, error) from None
    except ImportsMissing as error:
        raise Refusal(ExitCode.CANNOT_RUN, str(error), error.advice) from None
    except KernelError as error:  # before the first instruction
        raise _not_created(line, error) from None
    except LimitReached as error:
        raise Refusal(ExitCode.LIMIT, str(error), _GO_ON) from None
    except Deadlock as error:
        words = "\n  ".join([f"deadlock: {error}", *error.lines()])
        advice = "--trace shows the calls that led there; --max-time does not help."
        raise Refusal(ExitCode.LIMIT, words, advice) from None


def _call_report(line: CommandLine) -> tuple[CallReport, ...]:
    """What listens for --report: one, or none."""
    if line.options.report is None:
        return ()
    from picorun.call_report import CallReport

    return (CallReport(),)


def _not_created(line: CommandLine, error: KernelError) -> Refusal:
    """There is no memory for the process, or no room at its address."""
    from provider.kernel.errors import Reason

    words = f"{line.program}: the process cannot be created: {error}"
    if error.reason in (Reason.NO_MEMORY, Reason.COMMITMENT_LIMIT):
        return Refusal(ExitCode.LIMIT, f"{words} (--ram)", _MORE_MEMORY)
    return Refusal(ExitCode.CANNOT_RUN, words, "'picorun inspect' shows what its headers ask for.")


def _full_memory(refused_commits: int) -> str:
    times = "once" if refused_commits == 1 else f"{refused_commits} times"
    return f"RAM and page file were full: the guest was refused memory {times} (--ram)"


def _end(line: CommandLine, machine: Machine, outcome: Outcome | None) -> None:
    """Leave what the user wants of the run, and tell of it; `outcome` is None if it was stopped."""
    by_itself = outcome is not None and outcome.ended_by_itself
    try:
        if by_itself and machine.kernel.memory.refused_commits:
            machine.notes.of_run(_full_memory(machine.kernel.memory.refused_commits), _MORE_MEMORY)
        _leave_files(line, machine)
    finally:
        _tell_notes(line, machine, by_itself=by_itself)
        machine.close()


def _tell_notes(line: CommandLine, machine: Machine, *, by_itself: bool) -> None:
    """Tell what --verbose would have told at once, if the notes may be why the run has failed.

    What a program that ended by itself has written on stderr is all that is there, unless that is
    a terminal, where people read it.
    """
    if line.options.verbose or line.options.quiet:
        return
    if sys.stderr.isatty() or not by_itself:
        for taken in machine.notes.taken:
            note(*taken)


def _leave_files(line: CommandLine, machine: Machine) -> None:
    """Keep the files that the guest changed if the user wants them, or say how to."""
    from provider.kernel.errors import KernelError

    try:
        if line.options.save_registry is not None:
            machine.save_registry(Path(line.options.save_registry))
        files = machine.changed_files()
        if not (summary := files.summary()):
            return
        kept = line.options.keep
        if kept is not None:
            files.keep(Path(kept))
            summary += f"; kept in {kept}"
        else:
            summary += ", in memory only; --keep DIR writes them to DIR, --rw changes the real ones"
        if line.options.rw:  # what the user wants is where it belongs
            machine.notes.of_run(summary)
        elif not line.options.quiet:
            note(summary)
    except OSError as error:
        raise RunFailed.by_host("cannot list the changed files", error) from None
    except KernelError as error:
        from picorun.changed_files import LAYER_LOST

        raise RunFailed(f"cannot list the changed files: {error}", LAYER_LOST) from None


def _options(line: CommandLine, image: Path, sinks: tuple[Sink, ...]) -> Options:
    chosen = line.options
    return Options(
        image=image,
        arguments=tuple(line.arguments),
        environment=dict(chosen.env),
        ram=chosen.ram,
        paging=chosen.paging,
        page_file=chosen.page_file,
        compress=chosen.compress,
        memory_map=chosen.memory_map if chosen.at is None else chosen.memory_map or "-",
        map_at_call=chosen.at,
        userland=chosen.userland,
        read_write=chosen.rw,
        mounts=tuple(chosen.mount),
        registry=tuple(chosen.registry),
        shims=tuple(chosen.shim),
        net=chosen.net,
        seed=chosen.seed,
        start_time=chosen.start_time,
        clock=chosen.clock,
        trace=sinks,
        max_virtual_time=chosen.max_virtual_time,
        max_calls=chosen.max_calls,
        max_output=chosen.max_output,
        note=note if chosen.verbose and not chosen.quiet else None,
        report=None if chosen.quiet else note,
        details=note if chosen.verbose else None,
    )


@contextmanager
def _alarm(seconds: float | None) -> Iterator[None]:
    """Raise TimeIsUp in the body after `seconds` of host time."""
    if seconds is None:
        yield
        return
    previous = signal.signal(signal.SIGALRM, _time_is_up)
    signal.setitimer(signal.ITIMER_REAL, seconds, ONCE_MORE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _time_is_up(number: int, frame: FrameType | None) -> NoReturn:
    raise TimeIsUp


def _end_cleanly_by_signals() -> None:
    """End by signals as any Unix tool does, but leave no temporary files.

    SIGPIPE is among them: a reader that goes away ends this process.
    """
    signal.signal(signal.SIGPIPE, _end_by_signal)
    for number in (signal.SIGHUP, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end_by_signal)


def _end_by_signal(number: int, frame: FrameType | None) -> NoReturn:
    def again(alarm: int, frame: FrameType | None) -> NoReturn:
        raise Ended(number)

    signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, again)
    signal.setitimer(signal.ITIMER_REAL, ONCE_MORE, ONCE_MORE)
    raise Ended(number)


def _die_of(number: int) -> int:
    """End this process by a signal, or where that is held back, with its code."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    return _FIRST_SIGNAL_CODE + number


def _say(code: ExitCode, words: str, advice: str = "") -> ExitCode:
    note(words, advice)
    return code


def _failure(failure: Exception) -> str:
    words = " ".join(str(failure).split())
    return f"internal error: {type(failure).__name__}: {words}"
