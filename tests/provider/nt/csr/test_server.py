"""The subsystem's server: who may connect, what is refused, and its list of processes.

Statuses are those of ReactOS' server (csrsrv, basesrv) where "CSRSS" in Windows Internals, 4th
edition, does not tell them.
"""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provider.kernel.ob.namespace import Directory
from provider.nt.csr.client import DEFAULT_SHUTDOWN_LEVEL
from provider.nt.csr.server import PROCESS_NAME
from provider.nt.lpc.message import LPC, of_data
from provider.nt.lpc.port import MOST_MESSAGES, Port
from provider.nt.status import NTSTATUS
from tests.provider.nt.csr.client_machine import DELTA_OF_DATA, ClientMachine

BASE = 0x10000
CREATE_PROCESS, SET_SHUTDOWN, GET_SHUTDOWN, DEFINE = BASE, BASE + 0xC, BASE + 0xD, BASE + 0x14
IS_FIRST_VDM, SOUND_SENTRY, NLS_UPDATE = BASE + 9, BASE + 0x12, BASE + 0x1C
NEW_GROUP = 0x200


@pytest.fixture
def client() -> ClientMachine:
    made = ClientMachine()
    assert made.connect() == "SUCCESS"
    return made


def register(handles: tuple[int, int], flags: int = 0) -> bytes:
    return struct.pack("<6I", *handles, 0, 0, flags, 0)


def test_only_processes_of_the_list_may_connect() -> None:
    client = ClientMachine()
    client.machine.process.parent_id = 4
    assert client.connect() == "PORT_CONNECTION_REFUSED"


def test_a_process_connects_once(client: ClientMachine) -> None:
    assert client.connect() == "PORT_CONNECTION_REFUSED"


def test_the_port_has_the_name_of_session_0_too() -> None:
    assert ClientMachine().connect("\\Windows\\ApiPort") == "SUCCESS"


def test_a_name_that_a_guest_took_before() -> None:
    client = ClientMachine()
    client.machine.kernel.namespace.make_permanent("\\Windows\\ApiPort", Directory())
    assert client.connect("\\Windows\\ApiPort") == "OBJECT_TYPE_MISMATCH"
    assert client.connect() == "SUCCESS"


def test_what_a_client_learns(client: ClientMachine) -> None:
    server = client.server.process
    assert server.name == PROCESS_NAME
    assert server.is_minimal
    assert client.machine.read(client.buffer + 0x98) == server.id
    assert client.machine.read(client.buffer + 0x80) == 0x1C
    assert client.remote in client.server.clients[client.machine.process.id].view


def test_guests_cannot_open_the_server(client: ClientMachine) -> None:
    client.machine.write(client.buffer, 24, 0, 0, 0, 0, 0)
    client.machine.write(client.buffer + 0x40, client.server.process.id, 0)
    out = client.buffer + 0x60
    for access in (0x1FFFFF, 0x40, 0x20, 0x10, 0x8, 0x1, 0x40000):
        opening = out, access, client.buffer, client.buffer + 0x40
        assert client.status("NtOpenProcess", *opening) == "ACCESS_DENIED", hex(access)


@pytest.mark.parametrize("number", [5, 0x1001D, 0x1FFFF, 0x20000, 0x30000, 0xFFFFFFFF])
def test_numbers_without_a_routine(client: ClientMachine, number: int) -> None:
    assert client.call(number, bytes(64))[0] == "ILLEGAL_FUNCTION"


@pytest.mark.parametrize("number", [1, BASE + 1, BASE + 2, BASE + 3, BASE + 5, BASE + 0x17])
def test_routines_that_have_gone_or_are_not_here(client: ClientMachine, number: int) -> None:
    assert client.call(number, bytes(64))[0] == "NOT_IMPLEMENTED"


@pytest.mark.parametrize("number", [0, CREATE_PROCESS, SET_SHUTDOWN, DEFINE, IS_FIRST_VDM])
def test_messages_that_are_too_short(client: ClientMachine, number: int) -> None:
    assert client.call(number, b"")[0] == "INVALID_PARAMETER"
    assert client.call(number, b"abc")[0] == "INVALID_PARAMETER"


def test_a_message_without_the_server_s_header(client: ClientMachine) -> None:
    header = struct.pack("<4H4I", 2, 26, 0, 0, 0, 0, 0, 0)
    client.machine.process.space.write(client.message, header + b"xy")
    request = client.port, client.message, client.message
    assert client.status("NtRequestWaitReplyPort", *request) == "SUCCESS"
    assert client.machine.read(client.message + 4, 2) == 2  # LPC_REPLY


@pytest.mark.parametrize(
    ("offsets", "length", "where"),
    [
        ((), 0, 0), ((), 15, 0), ((), 0x10001, 0), ((), None, 0xFFF8), ((), None, 0x10000),
        ((), None, -4), ((0,), None, 0), ((24,), None, 0), ((DELTA_OF_DATA + 2,), None, 0),
        ((DELTA_OF_DATA + 0x100,), None, 0), ((0xFFFFFFFC,), None, 0), ((DELTA_OF_DATA,), 19, 0),
    ],
)  # fmt: skip
def test_bad_capture_buffers(
    client: ClientMachine, offsets: tuple[int, ...], length: int | None, where: int
) -> None:
    va = client.capture(offsets, b"data", length=length) + where
    assert client.call(NLS_UPDATE, bytes(16), va & 0xFFFFFFFF)[0] == "INVALID_PARAMETER"


def test_pointers_that_leave_the_capture_buffer(client: ClientMachine) -> None:
    va = client.capture((DELTA_OF_DATA,), b"data")
    for pointer, status in (
        (va, "INVALID_PARAMETER"), (va + 19, "INVALID_PARAMETER"), (va + 20, "SUCCESS"),
        (va + 24, "SUCCESS"), (va + 25, "INVALID_PARAMETER"), (0, "SUCCESS"),
    ):  # fmt: skip
        assert client.call(NLS_UPDATE, struct.pack("<I", pointer), va)[0] == status


def test_shared_memory_that_has_gone(client: ClientMachine) -> None:
    """The section's pages are the kernel's to lose: the server's view is what it reads."""
    va = client.capture((), b"")
    client.server.process.space.unmap_view(client.remote)
    assert client.call(NLS_UPDATE, bytes(4), va)[0] == "ACCESS_VIOLATION"


def test_registering_what_is_no_process_of_ours(client: ClientMachine) -> None:
    process, _, process_handle, thread_handle = client.other()
    own = 0xFFFFFFFF, 0xFFFFFFFE
    for handles, status in (
        ((0, 0), "INVALID_HANDLE"),
        (own, "INVALID_HANDLE"),
        ((thread_handle, process_handle), "OBJECT_TYPE_MISMATCH"),
        ((process_handle, process_handle), "OBJECT_TYPE_MISMATCH"),
    ):
        assert client.call(CREATE_PROCESS, register(handles))[0] == status
    minimal = client.machine.kernel.create_minimal_process("minimal")
    handle = client.machine.process.handles.insert(minimal, 0x1FFFFF)
    registered = client.call(CREATE_PROCESS, register((handle, thread_handle)))
    assert registered[0] == "NOT_SUPPORTED"
    strange = client.other("third.exe")
    registered = client.call(CREATE_PROCESS, register((process_handle, strange[3])))
    assert registered[0] == "INVALID_PARAMETER"
    client.machine.kernel.terminate_process(process, 1)
    registered = client.call(CREATE_PROCESS, register((process_handle, thread_handle)))
    assert registered[0] == "THREAD_IS_TERMINATING"
    assert list(client.server.clients) == [client.machine.process.id]


def test_a_process_is_on_the_list_until_its_last_thread_ends(client: ClientMachine) -> None:
    process, thread, *handles = client.other()
    before = len(client.server.process.handles)
    for _ in range(2):
        message = register((handles[0] | 3, handles[1]), NEW_GROUP)
        assert client.call(CREATE_PROCESS, message)[0] == "SUCCESS"
    known = client.server.clients[process.id]
    assert list(known.threads) == [thread.id]
    assert known.group_id == process.id
    assert len(client.server.process.handles) == before + 1
    client.machine.kernel.terminate_thread(thread, 0)
    assert process.id not in client.server.clients
    assert len(client.server.process.handles) == before
    assert process.context.exception_port is None


def test_children_are_in_their_creator_s_group(client: ClientMachine) -> None:
    process, _, *handles = client.other()
    assert client.call(CREATE_PROCESS, register((handles[0], handles[1])))[0] == "SUCCESS"
    assert client.server.clients[process.id].group_id == client.machine.process.id


def test_the_end_of_a_client_leaves_nothing_behind(client: ClientMachine) -> None:
    server = client.server.process
    committed = server.space.virtual_size
    client.machine.kernel.terminate_process(client.machine.process, 0)
    assert not client.server.clients
    assert server.space.virtual_size < committed
    assert len(server.handles) == 1  # its own port


def test_closing_the_port_is_no_end(client: ClientMachine) -> None:
    assert client.status("NtClose", client.port) == "SUCCESS"
    known = client.server.clients[client.machine.process.id]
    assert not known.port_handle
    assert client.connect() == "SUCCESS"


def test_shutdown_parameters(client: ClientMachine) -> None:
    level = struct.pack("<2I", DEFAULT_SHUTDOWN_LEVEL, 0)
    assert client.call(GET_SHUTDOWN, bytes(8)) == ("SUCCESS", level)
    assert client.call(SET_SHUTDOWN, struct.pack("<2I", 1, 2))[0] == "INVALID_PARAMETER"
    assert client.call(SET_SHUTDOWN, struct.pack("<2I", 0x3FF, 1))[0] == "SUCCESS"
    assert client.call(GET_SHUTDOWN, bytes(8)) == ("SUCCESS", struct.pack("<2I", 0x3FF, 1))


def test_the_first_vdm_is_first_once(client: ClientMachine) -> None:
    assert client.call(IS_FIRST_VDM, bytes(4)) == ("SUCCESS", struct.pack("<I", 1))
    assert client.call(IS_FIRST_VDM, bytes(4)) == ("SUCCESS", bytes(4))


def define(client: ClientMachine, flags: int, name: str, target: str = "") -> str:
    texts = [text.encode("utf-16-le") for text in (name, target)]
    offsets = DELTA_OF_DATA + 8, DELTA_OF_DATA + 16
    va = client.capture(offsets, b"".join(texts))
    first = va + 16 + 8
    words = flags, len(texts[0]), first, len(texts[1]), first + len(texts[0])
    return client.call(DEFINE, struct.pack("<5I", *words), va)[0]


def target_of(client: ClientMachine, name: str) -> str | None:
    found = client.machine.kernel.namespace.find(f"\\??\\{name}", open_link=True)
    return getattr(found.object, "target", None)


@pytest.mark.parametrize("name", ["", "a\\b", "\\", "a\0b"])
def test_names_of_devices_that_cannot_be(client: ClientMachine, name: str) -> None:
    assert define(client, 0, name, "\\Device\\Null") == "INVALID_PARAMETER"


def test_definitions_hide_each_other(client: ClientMachine) -> None:
    assert define(client, 2, "x") == "SUCCESS"
    assert define(client, 2, "x", "a") == "OBJECT_NAME_NOT_FOUND"
    assert define(client, 0, "x", "") == "INVALID_PARAMETER"
    for target in ("\\Device\\One", "\\Device\\Two", "\\Device\\Three"):
        assert define(client, 1, "x", target) == "SUCCESS"
    assert define(client, 2 | 4, "X", "\\Device\\T") == "OBJECT_NAME_NOT_FOUND"
    assert define(client, 2, "X", "\\device\\two") == "SUCCESS"
    assert target_of(client, "x") == "\\Device\\Three"
    assert define(client, 2, "x") == "SUCCESS"
    assert target_of(client, "x") == "\\Device\\One"
    assert define(client, 2 | 4, "x", "\\Device\\One") == "SUCCESS"
    assert target_of(client, "x") is None


def test_only_drives_are_broadcast(client: ClientMachine) -> None:
    assert define(client, 0x10, "x", "y") == "INVALID_PARAMETER"
    assert define(client, 0x10, "x:", "y") == "SUCCESS"


@settings(max_examples=60, deadline=None)
@given(
    number=st.integers(0, 0x22) | st.integers(BASE, BASE + 0x22),
    data=st.binary(max_size=0x80),
    buffer=st.binary(min_size=16, max_size=64),
    where=st.integers(-8, 0x10010),
)
def test_nothing_that_a_client_sends_is_our_bug(
    number: int, data: bytes, buffer: bytes, where: int
) -> None:
    client = ClientMachine()
    assert client.connect() == "SUCCESS"
    client.machine.process.space.write(client.shared, buffer)
    client.call(number, data, (client.remote + where) & 0xFFFFFFFF)
    assert client.machine.process.exit_status is None


def test_a_full_queue_does_not_stop_the_end_of_a_thread(client: ClientMachine) -> None:
    """Nobody reads a guest's port: what it cannot take is lost, and the thread ends."""
    _, thread, *_ = client.other()
    part = thread.process.context
    create = client.buffer, 0, 32, 128, 0
    assert client.status("NtCreatePort", *create) == "SUCCESS"
    port = client.machine.process.handles.reference(client.machine.read(client.buffer), Port)
    part.set_exception_port(port)
    port.messages.extend([of_data(LPC.DATAGRAM, b"")] * MOST_MESSAGES)
    client.machine.kernel.terminate_thread(thread, NTSTATUS.SUCCESS)
    assert thread.is_terminated
    port.messages.clear()
