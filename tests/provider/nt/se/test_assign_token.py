"""Primary tokens given to processes, and those that children get."""

from __future__ import annotations

import struct

import pytest

from provider.nt import startup
from provider.nt.ps.fork import clone_process
from provider.nt.se.identity import USERS_SID
from provider.nt.status import NTSTATUS
from tests.provider.nt.se.test_token_calls import CURRENT_PROCESS, Caller
from tests.provider.nt.synthetic import ntdll_image, program_image

ACCESS_TOKEN, IS_RESTRICTED = 9, 40
OWN_TOKEN = 0xFFFFFFFC


@pytest.fixture
def calls() -> Caller:
    return Caller()


def give(calls: Caller, token: int) -> NTSTATUS:
    data = calls.write(struct.pack("<2I", token, 0))
    return calls("NtSetInformationProcess", CURRENT_PROCESS, ACCESS_TOKEN, data, 8)


def test_a_process_that_runs_keeps_its_token(calls: Caller) -> None:
    calls.machine.context.token_is_fixed = True
    assert give(calls, calls.filter()) == NTSTATUS.NOT_SUPPORTED


def test_tokens_that_are_refused(calls: Caller) -> None:
    assert give(calls, 0x4444) == NTSTATUS.INVALID_HANDLE
    assert give(calls, calls.impersonation()) == NTSTATUS.BAD_TOKEN_TYPE
    assert give(calls, calls.process_token(8)) == NTSTATUS.ACCESS_DENIED
    token = calls.filter()
    calls.machine.context.token.authentication_id += 1
    assert give(calls, token) == NTSTATUS.PRIVILEGE_NOT_HELD


def test_a_child_of_the_own_token_takes_no_privilege(calls: Caller) -> None:
    restricted = calls.filter(restrict=calls.groups(USERS_SID))
    assert calls.query(OWN_TOKEN, IS_RESTRICTED) == bytes(4)
    assert give(calls, restricted) == 0
    assert calls.query(OWN_TOKEN, IS_RESTRICTED) == struct.pack("<I", 1)


def test_children_get_copies(calls: Caller) -> None:
    parent = calls.machine.process
    own = calls.machine.context.token
    own.privileges[19] = 2
    child = startup.create_process(
        calls.machine.provider, program_image("nop"), ntdll_image(), b"", "child", parent
    )
    clone = clone_process(parent, None)
    for process in (child, clone):
        token = process.context.token
        assert token.id != own.id
        assert token.privileges == own.privileges
        assert not process.context.token_is_fixed
        token.privileges.clear()
        assert own.privileges
