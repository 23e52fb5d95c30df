"""The steps of creation: the three ways tell the same ones, in NT's order."""

from __future__ import annotations

import pytest

import picorun
from provider.nt.event import ProcessCreation
from provider.nt.ps.creation import Step
from tests.guests import PROGRAMS, compile_program

SAME = [
    Step.IMAGE_OPENED,
    Step.SECTION_CREATED,
    Step.OPTIONS_READ,
    Step.PROCESS_OBJECT,
    Step.ADDRESS_SPACE,
    Step.HANDLE_TABLE,
    Step.WORKING_SET,
    Step.PEB,
    Step.PARAMETERS,
    Step.CLIENT_IDS,
    Step.THREAD_OBJECT,
    Step.USER_STACK,
    Step.TEB,
    Step.CONTEXT,
    Step.SUSPENDED,
    Step.RESUMED,
    Step.LOADER_APC,
]
"""What every process is told of in this order; insertion and shims come where the process ends."""


@pytest.mark.slow
def test_three_ways_tell_the_same_steps() -> None:
    result = picorun.run(compile_program(PROGRAMS / "ps_creation.c", "-lntdll"))
    assert result.stdout == (PROGRAMS / "ps_creation.expected").read_bytes()
    expected = [step.value for step in SAME]
    created = [event for event in result.events if isinstance(event, ProcessCreation)]
    by_process: dict[int, list[str]] = {}
    started = [event.step for event in created if not event.process_id]
    for event in created:
        if event.process_id:
            by_process.setdefault(event.process_id, []).append(event.step)
    assert len(by_process) == 3
    assert started == expected[:3] * 3
    first, user, old = by_process.values()
    for told in (first, user, old):
        assert [step for step in told if step in expected[3:]] == expected[3:]
    last = [Step.INSERTED.value, Step.SHIMS.value]
    for told, before in ((first, Step.CONTEXT), (user, Step.CONTEXT), (old, Step.PEB)):
        index = told.index(before.value)
        assert told[index + 1 : index + 3] == last
    assert Step.SUBSYSTEM.value in user


def test_nothing_is_told_without_a_listener() -> None:
    image = compile_program(PROGRAMS / "hello.c")
    assert not picorun.run(image, trace=False).events
