"""Classes of NtQueryInformationFile, NtSetInformationFile and NtQueryInformationByName."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import DATA_VA, DELETE, IO_VA, Caller, work_caller

P = "\\??\\C:\\work\\"
ALTERNATE_NAME, COMPRESSION, VALID_DATA, SHORT_NAME, NOTIFICATION = 21, 28, 39, 40, 41
PRIORITY, HARD_LINKS, PROCESS_IDS, IS_REMOTE, STAT, CASE = 43, 46, 47, 51, 68, 71


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    (tmp_path / "a long name.text").write_bytes(b"text")
    return work_caller(tmp_path)


def test_the_alternate_name(caller: Caller) -> None:
    handle = caller.open(P + "a long name.text").value
    status, data = caller.query(handle, ALTERNATE_NAME)
    assert (status, data[4:].decode("utf-16-le")) == (0, "ALONGN~1.TEX")
    assert caller.query(handle, ALTERNATE_NAME, 12)[0] == NTSTATUS.BUFFER_OVERFLOW
    short = caller.must_create(P + "short.txt")
    assert caller.query(short, ALTERNATE_NAME)[1][4:].decode("utf-16-le") == "short.txt"
    top = caller.open("\\??\\C:\\", options=0x21).value
    assert caller.query(top, ALTERNATE_NAME)[0] == NTSTATUS.OBJECT_NAME_NOT_FOUND


def test_all_names_of_a_file(caller: Caller) -> None:
    handle = caller.open(P + "a long name.text", DELETE).value
    assert caller.rename(handle, P + "link", link=True) == 0
    status, data = caller.query(handle, HARD_LINKS)
    assert status == 0
    needed, count, following = struct.unpack_from("<3I", data)
    assert (needed, count) == (len(data), 2)
    first = data[8 + 20 : 8 + 20 + 32].decode("utf-16-le")
    second = data[8 + following + 20 :].decode("utf-16-le")
    assert (first, second) == ("a long name.text", "link")


def test_the_whole_status(caller: Caller) -> None:
    handle = caller.open(P + "a long name.text").value
    status, data = caller.query(handle, STAT)
    values = struct.unpack("<7q4I", data)
    assert (status, values[5:7]) == (0, (4096, 4))
    assert values[7:10] == (0x20, 0, 1)
    assert caller.query(handle, STAT, 71)[0] == NTSTATUS.INFO_LENGTH_MISMATCH
    name = caller.attributes(P + "a long name.text")
    assert caller("NtQueryInformationByName", name, IO_VA, DATA_VA, 72, STAT) == 0
    assert caller.space.read(DATA_VA, 68) == data[:68]
    wrong = caller("NtQueryInformationByName", name, IO_VA, DATA_VA, 72, COMPRESSION)
    assert wrong == NTSTATUS.INVALID_INFO_CLASS
    missing = caller.attributes(P + "missing")
    answer = caller("NtQueryInformationByName", missing, IO_VA, DATA_VA, 72, STAT)
    assert answer == NTSTATUS.OBJECT_NAME_NOT_FOUND


def test_small_answers(caller: Caller) -> None:
    handle = caller.must_create(P + "file")
    assert caller.query(handle, IS_REMOTE, 1) == (0, b"\0")
    assert caller.query(handle, CASE, 4) == (0, bytes(4))
    assert caller.query(handle, COMPRESSION, 16) == (0, bytes(16))
    own = caller.thread.process.id
    assert caller.query(handle, PROCESS_IDS) == (0, struct.pack("<2I", 1, own))


def test_the_priority_hint(caller: Caller) -> None:
    handle = caller.must_create(P + "file")
    assert caller.query(handle, PRIORITY, 4) == (0, struct.pack("<I", 2))
    assert caller.set(handle, PRIORITY, struct.pack("<I", 0)) == 0
    assert caller.query(handle, PRIORITY, 4) == (0, bytes(4))
    assert caller.set(handle, PRIORITY, struct.pack("<I", 3)) == NTSTATUS.INVALID_PARAMETER


def test_what_takes_a_privilege(caller: Caller) -> None:
    handle = caller.must_create(P + "file", 0xC0000000 | DELETE)
    denied = NTSTATUS.PRIVILEGE_NOT_HELD
    assert caller.set(handle, VALID_DATA, struct.pack("<q", 10)) == denied
    assert caller.set(handle, SHORT_NAME, struct.pack("<I", 4) + b"A\0B\0") == denied


def test_what_a_synchronous_file_does_not_tell_is_no_question(caller: Caller) -> None:
    handle = caller.must_create(P + "file")
    assert caller.set(handle, NOTIFICATION, struct.pack("<I", 1)) == NTSTATUS.INVALID_PARAMETER
    other = caller.must_create(P + "file", options=0)
    assert caller.set(other, NOTIFICATION, struct.pack("<I", 0xDEADBEEF)) == 0
    assert caller.query(other, NOTIFICATION, 4) == (0, struct.pack("<I", 7))
