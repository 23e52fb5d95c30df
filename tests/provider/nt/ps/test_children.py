"""Many children: programs that make them, and what each leaves behind.

The programs' output was recorded on native Wine 8.0.
"""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from provider.kernel.process import Process
from provider.kernel.thread import Thread
from tests.guests import PROGRAMS, compile_program, peak_memory, picorun
from tests.guests import command as picorun_words
from tests.provider.nt.creator import Creator

if TYPE_CHECKING:
    from pathlib import Path

MOST_MEMORY = 512 << 20


@pytest.mark.slow
def test_a_pipeline_a_killed_one_and_many_children(tmp_path: Path) -> None:
    words = picorun_words("--quiet", compile_program(PROGRAMS / "ps_pipeline.c"))
    done, peak = peak_memory(words, tmp_path)
    assert done.stdout == (PROGRAMS / "ps_pipeline.expected").read_bytes(), done.stderr
    assert done.exit_code == 0
    assert peak < MOST_MEMORY


@pytest.mark.slow
def test_handles_of_children(tmp_path: Path) -> None:
    done = picorun("--quiet", compile_program(PROGRAMS / "ps_handles.c"), cwd=tmp_path)
    assert done.stdout == (PROGRAMS / "ps_handles.expected").read_bytes()
    assert (done.exit_code, done.stderr) == (0, "")


def make(creator: Creator) -> tuple[int, int]:
    """A child that is about to run; returns the creator's handles for it and its thread."""
    assert not creator.create(creator.fill(), creator.attributes(creator.name()))
    return creator.machine.read(creator.out), creator.machine.read(creator.out + 4)


def end(creator: Creator, handles: tuple[int, int]) -> None:
    assert not creator.machine.call("NtTerminateProcess", handles[0], 0)
    for handle in handles:
        assert not creator.machine.call("NtClose", handle)


def belongings(creator: Creator) -> tuple[int, ...]:
    """Counts of all that a child could leave behind."""
    kernel = creator.machine.kernel
    return (
        kernel.memory.pfns.available,
        kernel.memory.committed,
        len(kernel.memory.spaces),
        len(list(kernel.client_ids.all(Process))),
        len(list(kernel.client_ids.all(Thread))),
        len(creator.machine.process.handles),
        len(kernel.processes),
    )


@pytest.mark.slow
def test_children_leave_nothing_behind(tmp_path: Path) -> None:
    creator = Creator(tmp_path)
    end(creator, make(creator))
    before = belongings(creator)
    for _ in range(200):
        end(creator, make(creator))
    assert belongings(creator) == before
    crowd = [make(creator) for _ in range(10)]
    child = weakref.ref(creator.child())
    for handles in crowd:
        end(creator, handles)
    assert belongings(creator) == before
    gc.collect()
    assert child() is None
