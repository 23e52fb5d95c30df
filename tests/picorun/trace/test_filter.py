from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picorun.events import PageFault, ProcessCreate, SystemCall, SystemCallWait
from picorun.trace.filter import Filter, FilterError

FAULT = PageFault(1, 0, 8, 12, 0x1000, "read", (), True, 3)
CHILD = ProcessCreate(2, 0, 20, 0, "Child One.exe", 8)


def _call(
    name: str,
    component: str,
    status: int = 0,
    status_name: str = "STATUS_SUCCESS",
    process_id: int = 8,
    caller: str = "ntdll.dll+0x10",
) -> SystemCall:
    head = (1, 0, process_id, 12, 1, name, component, (), caller)
    return SystemCall(*head, (), status, status_name, 0)


CLOSE = _call("NtClose", "nt/ob")
ALLOCATE = _call("NtAllocateVirtualMemory", "nt/mm")
DENIED = _call("NtOpenKey", "nt/cm", 0xC0000022, "STATUS_ACCESS_DENIED")
CONNECT = _call("NtConnectPort", "nt/lpc", 0x80000005, "STATUS_BUFFER_OVERFLOW", 20, "a.exe+0x1")
CALLS = (CLOSE, ALLOCATE, DENIED, CONNECT)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a term is empty"),
        ("NtClose,", "a term is empty"),
        ("-", "a term is empty"),
        ("NtClose&", "a term is empty"),
        ("colour=red", "'colour' is none of process, thread, status, caller"),
        ("thread=one", "'one' is no thread's number"),
        ("status=0xg", "'0xg' is no number"),
        ("Nt[a-z]", "'Nt[a-z]' is no pattern of names"),
        ("process=", "a term is empty"),
    ],
)
def test_what_makes_no_sense_is_named(text: str, words: str) -> None:
    with pytest.raises(FilterError) as failure:
        Filter(text)
    assert words in str(failure.value)


@given(st.text(alphabet="Nt*?/,-&^=status0x\\[(\n", max_size=12))
def test_any_text_is_a_filter_or_an_error(text: str) -> None:
    try:
        chosen = Filter(text)
    except FilterError:
        return
    for event in (*CALLS, FAULT, CHILD):
        assert chosen.wants(event) in (True, False)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("NtClose", [CLOSE]),
        ("ntclose", [CLOSE]),
        ("^NtC*", [CLOSE, CONNECT]),
        ("Close", []),
        ("^nt/*,-nt/mm", [CLOSE, DENIED, CONNECT]),
        ("^nt/*,-nt/mm,NtAllocate*", [CLOSE, ALLOCATE, DENIED, CONNECT]),
        ("-nt/mm", [CLOSE, DENIED, CONNECT]),
        ("nt/m", []),
        ("status=error", [DENIED]),
        ("status=warning", [CONNECT]),
        ("status=0xC0000022", [DENIED]),
        ("status=STATUS_*_DENIED", [DENIED]),
        ("-status=success", [DENIED, CONNECT]),
        ("caller=a.exe", [CONNECT]),
        ("thread=12&process=20", [CONNECT]),
        ("process=child*", [CONNECT]),
    ],
)
def test_calls_that_are_wanted(text: str, wanted: list[SystemCall]) -> None:
    chosen = Filter(text)
    chosen.wants(CHILD)
    assert [call for call in CALLS if chosen.wants(call)] == wanted


def test_other_events_go_by_the_names_of_their_types() -> None:
    assert Filter("PageFault").wants(FAULT)
    assert Filter("*Create").wants(CHILD)
    assert not Filter("nt/*").wants(FAULT)
    assert Filter("-nt/*").wants(FAULT)
    assert not Filter("-PageFault").wants(FAULT)


def test_a_call_that_waits_has_no_status_yet() -> None:
    wait = SystemCallWait(1, 0, 8, 12, 1, "NtReadFile", "nt/io", (), "", ())
    assert Filter("nt/io").wants(wait)
    assert not Filter("status=success").wants(wait)
