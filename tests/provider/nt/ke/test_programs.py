"""Threads and what they wait for, in programs that Windows runs too.

ke_sync.expected is what native Wine 8.0 prints, but for two complaints: Wine lets a wait for all
have the same handle twice, which Windows refuses ("WaitForMultipleObjects", lpHandles).
ke_order.expected is what it prints, too, but for an alert, which Wine 8.0 does not implement
(KeTestAlertThread, WDK).  ke_srw.expected and ke_exit_waiters.expected are what it prints.
"""

from __future__ import annotations

import pytest

from tests.guests import PROGRAMS, WINE_DLLS, compile_program, picorun


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "exit_code"),
    [
        ("ke_sync", 0),  # threads, objects, APCs and time
        ("ke_order", 0),  # orders of waits, APCs and suspension
        ("ke_srw", 0),  # slim locks that many want
        ("ke_exit_waiters", 7),  # an exit ahead of threads that wait for the loader lock
    ],
)
def test_a_program_writes_what_was_recorded(name: str, exit_code: int) -> None:
    done = picorun(compile_program(PROGRAMS / f"{name}.c"))
    assert done.stdout == (PROGRAMS / f"{name}.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (exit_code, "")


@pytest.mark.slow
def test_storms_of_timers() -> None:
    done = picorun("--quiet", compile_program(PROGRAMS / "ke_timers.c"))
    expected = (PROGRAMS / "ke_timers.expected").read_bytes()
    assert done.stdout.replace(b"\r\n", b"\n") == expected
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.slow
def test_a_thousand_threads_and_a_ping_pong() -> None:
    done = picorun(compile_program(PROGRAMS / "ke_many.c"))
    assert done.stdout.split() == [b"passed", b"1000", b"joined", b"0"]
    assert done.exit_code == 0


@pytest.mark.slow
@pytest.mark.skipif(not WINE_DLLS.is_dir(), reason=f"there is no Wine 8.0 in {WINE_DLLS}")
def test_the_same_orders_under_wines_dlls() -> None:
    done = picorun("--userland", WINE_DLLS, compile_program(PROGRAMS / "ke_order.c"))
    assert done.stdout == (PROGRAMS / "ke_order.expected").read_bytes()
