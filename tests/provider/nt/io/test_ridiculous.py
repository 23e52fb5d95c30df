"""Every call on objects and files with ridiculous words: the answer is a status."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provider.nt import syscalls_table
from provider.nt.status import NTSTATUS
from provider.syscall import Syscall
from tests.provider.nt.io.caller import DATA_VA, IO_VA, MEMORY_BYTES, MEMORY_VA, Caller, work_caller

MODULES = ("provider.nt.io.", "provider.nt.ob.")
CALLS = [
    call.name
    for call in syscalls_table()
    if isinstance(call, Syscall) and call.handler.__module__.startswith(MODULES)
]
ENDS = (0x7FFEFFFF, 0x7FFF0000, 0x80000000, 0xC0000000, 0xFFFFFFFC, 0xFFFFFFFE, 0xFFFFFFFF)
LENGTHS = (0, 1, 2, 3, 7, 8, 24, 40, 0x1000, 0x7FFFFFFF)
PLACES = (IO_VA, DATA_VA, DATA_VA + 1, MEMORY_VA + MEMORY_BYTES - 4, MEMORY_VA + MEMORY_BYTES - 2)
HANDLES = (4, 5, 8, 12, 16, 20, 24)


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    """A caller with a file, a directory, the null device, an event, a link and a directory."""
    caller = work_caller(tmp_path)
    caller.must_create("\\??\\C:\\work\\f", 0x10000000)
    caller.open("\\??\\C:\\work", 0x10000000, options=0x21)
    caller.open("\\??\\NUL", 0x10000000)
    caller("NtCreateEvent", IO_VA, 0x1F0003, 0, 0, 0)
    caller("NtOpenSymbolicLinkObject", IO_VA, 1, caller.attributes("\\??\\C:"))
    caller("NtOpenDirectoryObject", IO_VA, 3, caller.attributes("\\??"))
    return caller


def _word(attributes: int) -> st.SearchStrategy[int]:
    sensible = st.sampled_from((*HANDLES, *PLACES, *LENGTHS, attributes))
    return sensible | st.sampled_from(ENDS) | st.integers(0, 0xFFFFFFFF)


@pytest.mark.slow
@pytest.mark.parametrize("name", CALLS)
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_words(caller: Caller, name: str, data: st.DataObject) -> None:
    call = syscalls_table().get(name)
    assert isinstance(call, Syscall)
    place = caller.attributes(
        data.draw(st.sampled_from(("\\??\\C:\\work\\f", "f", "\\??\\NUL", "")))
    )
    caller.space.write(DATA_VA, data.draw(st.binary(max_size=64)))
    caller.space.write(IO_VA, struct.pack("<q", data.draw(st.integers(-(2**63), 2**63 - 1))))
    words = [data.draw(_word(place)) for _ in call.parameters]
    assert isinstance(caller(name, *words), NTSTATUS)
