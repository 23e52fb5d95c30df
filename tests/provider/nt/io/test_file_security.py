"""Descriptors of files, pipes, mailslots and devices: kept, inherited, and checked at every open.

What is expected is what the documentation of NTFS ("File Security and Access Rights"), of named
pipes and of SeAssignSecurity says; Wine 8.0 keeps no descriptors of files.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from provider.kernel.io.mount import Mount, MountMode
from provider.nt.se.acl import acl, build, parse_acl
from provider.nt.se.descriptor import Descriptor, parse
from provider.nt.se.identity import EVERYONE_SID, SYSTEM_SID, USER_SID, level_sid
from provider.nt.status import NTSTATUS
from tests.provider.nt.io.caller import OPEN, OPEN_IF
from tests.provider.nt.se.test_token_calls import Caller as TokenCaller

READ_DATA, WRITE_DATA, EXECUTE, DELETE_CHILD, READ_ATTRIBUTES = 1, 2, 0x20, 0x40, 0x80
DELETE, READ_CONTROL, WRITE_DAC, SYNCHRONIZE = 0x10000, 0x20000, 0x40000, 0x100000
AUDIT, MAXIMUM_ALLOWED, ALL = 0x1000000, 0x2000000, 0x1F01FF
CREATE, OVERWRITE = 2, 4
DIRECTORY, FOR_BACKUP = 1, 0x4000
OI, CI, IO, INHERITED = 1, 2, 8, 0x10
W = "\\??\\C:\\work"
PIPE, SLOT = "\\??\\pipe\\secured", "\\??\\mailslot\\secured"
FLAGS = 0x20


class Caller(TokenCaller):
    """With calls on files below `W`."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.io = self.machine.process.kernel.io
        self.io.mount(Mount("C:\\work", directory, MountMode.COPY_ON_WRITE))
        self.io_block = self.out + 0x40

    def secured(self, name: str, dacl: bytes | None, owner: bytes | None = None) -> int:
        """OBJECT_ATTRIBUTES with a descriptor; None: without one."""
        where = self.attributes(name, slot=4)
        if dacl is not None or owner is not None:
            control = 0x4 if dacl is not None else 0
            va = self.buffer + 0x900
            self.machine.process.space.write(va, bytes(Descriptor(control, owner, dacl=dacl)))
            self.machine.write(where + 16, va)
        return where

    def file(
        self,
        name: str,
        access: int = READ_CONTROL,
        *,
        dacl: bytes | None = None,
        disposition: int = OPEN_IF,
        options: int = 0,
        attributes: tuple[int, int] = (0, 0),
    ) -> NTSTATUS:
        """NtCreateFile; the handle is in `result`.  `attributes`: extended ones and their size."""
        return self(
            "NtCreateFile",
            self.out,
            access | SYNCHRONIZE,
            self.secured(name, dacl),
            self.io_block,
            0,
            0x80,
            7,
            disposition,
            options | FLAGS,
            *attributes,
        )

    def make(self, name: str, dacl: bytes | None = None, options: int = 0) -> None:
        assert self.file(name, ALL, dacl=dacl, disposition=CREATE, options=options) == 0
        assert self("NtClose", self.result) == 0

    def granted(self, name: str, access: int) -> int:
        """The rights of a new handle."""
        assert self.file(name, access, disposition=OPEN) == 0
        assert self("NtQueryObject", self.result, 0, self.buffer, 0x38, 0) == 0
        return int(struct.unpack_from("<I", self.read(8), 4)[0])

    def security(self, handle: int) -> Descriptor:
        assert self("NtQuerySecurityObject", handle, 7, self.buffer, 0x400, self.out) == 0
        return parse(self.read(self.result))

    def security_of(self, name: str) -> Descriptor:
        assert self.file(name, READ_CONTROL, disposition=OPEN) == 0
        handle = self.result
        found = self.security(handle)
        assert self("NtClose", handle) == 0
        return found

    def set_dacl(self, handle: int, dacl: bytes) -> NTSTATUS:
        data = bytes(Descriptor(0x4, dacl=dacl))
        return self("NtSetSecurityObject", handle, 4, self.write(data))


@pytest.fixture
def calls(tmp_path: Path) -> Caller:
    (tmp_path / "old").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inside").write_bytes(b"y")
    return Caller(tmp_path)


def mine(access: int, flags: int = 0) -> bytes:
    return acl((flags, access, USER_SID))


@pytest.mark.parametrize(
    ("descriptor", "status"),
    [
        (b"\2" + bytes(19), NTSTATUS.UNKNOWN_REVISION),
        (struct.pack("<BBH4I", 1, 0, 0x8000, 20, 0, 0, 0) + b"\2\1", NTSTATUS.INVALID_SID),
        (struct.pack("<BBH4I", 1, 0, 0x8004, 0, 0, 0, 20) + b"\2\0\5\0", NTSTATUS.INVALID_ACL),
    ],
)
def test_a_bad_descriptor_makes_no_file(calls: Caller, descriptor: bytes, status: NTSTATUS) -> None:
    where = calls.attributes(f"{W}\\new", slot=4)
    for va, expected in ((0x10, NTSTATUS.ACCESS_VIOLATION), (calls.write(descriptor), status)):
        calls.machine.write(where + 16, va)
        arguments = (calls.out, ALL, where, calls.io_block, 0, 0, 7, CREATE, FLAGS, 0, 0)
        assert calls("NtCreateFile", *arguments) == expected
    assert calls.file(f"{W}\\new", disposition=OPEN) == NTSTATUS.OBJECT_NAME_NOT_FOUND


def test_nobody_gives_what_is_not_his(calls: Caller) -> None:
    where = calls.secured(f"{W}\\new", None, owner=SYSTEM_SID)
    arguments = (calls.out, ALL, where, calls.io_block, 0, 0, 7, CREATE, FLAGS, 0, 0)
    assert calls("NtCreateFile", *arguments) == NTSTATUS.INVALID_OWNER
    for name in ("old", "new"):
        assert calls.file(f"{W}\\{name}", AUDIT | 1) == NTSTATUS.PRIVILEGE_NOT_HELD


def test_the_list_decides(calls: Caller) -> None:
    name = f"{W}\\f"
    calls.make(name, mine(READ_DATA | SYNCHRONIZE))
    assert calls.file(name, WRITE_DATA) == NTSTATUS.ACCESS_DENIED
    assert calls.file(name, READ_DATA) == 0
    source = calls.result
    assert calls.granted(name, MAXIMUM_ALLOWED) == (
        READ_DATA | SYNCHRONIZE | READ_CONTROL | WRITE_DAC | DELETE | READ_ATTRIBUTES
    ), "the owner's rights, and what the directory implies"
    assert calls.file(name, READ_DATA, disposition=OVERWRITE) == NTSTATUS.ACCESS_DENIED
    arguments = (0xFFFFFFFF, source, 0xFFFFFFFF, calls.out)
    assert calls("NtDuplicateObject", *arguments, WRITE_DATA, 0, 0) == NTSTATUS.ACCESS_DENIED
    assert calls("NtDuplicateObject", *arguments, READ_DATA, 0, 0) == 0
    assert calls.file(name, WRITE_DAC) == 0
    assert calls.set_dacl(calls.result, mine(READ_DATA | WRITE_DATA | SYNCHRONIZE)) == 0
    assert calls.file(name, WRITE_DATA) == 0


def test_a_handle_without_the_right_changes_no_descriptor(calls: Caller) -> None:
    assert calls.file(f"{W}\\old", READ_DATA) == 0
    handle = calls.result
    assert calls.set_dacl(handle, mine(ALL)) == NTSTATUS.ACCESS_DENIED
    assert calls("NtQuerySecurityObject", handle, 4, calls.buffer, 0, calls.out) == (
        NTSTATUS.ACCESS_DENIED
    )
    assert calls.file(f"{W}\\old", READ_CONTROL) == 0
    assert calls("NtQuerySecurityObject", calls.result, 8, calls.buffer, 0, calls.out) == (
        NTSTATUS.ACCESS_DENIED
    )


def test_what_is_new_inherits(calls: Caller) -> None:
    above = acl(
        (OI, READ_DATA, EVERYONE_SID),
        (CI, EXECUTE, EVERYONE_SID),
        (OI | CI | IO, 0x10000000, USER_SID),
        (0, ALL, USER_SID),
    )
    calls.make(f"{W}\\d", above, DIRECTORY)
    calls.make(f"{W}\\d\\file")
    calls.make(f"{W}\\d\\sub", options=DIRECTORY)
    file = calls.security_of(f"{W}\\d\\file")
    assert file.owner == USER_SID
    assert file.control & 0x404 == 0x404, "present, and inherited by itself"
    assert [(ace.flags, ace.mask, ace.sid) for ace in parse_acl(file.dacl or b"")] == [
        (INHERITED, READ_DATA, EVERYONE_SID),
        (INHERITED, ALL, USER_SID),
    ]
    sub = parse_acl(calls.security_of(f"{W}\\d\\sub").dacl or b"")
    assert [(ace.flags, ace.mask) for ace in sub] == [
        (INHERITED | OI | IO, READ_DATA),
        (INHERITED | CI, EXECUTE),
        (INHERITED, ALL),
        (INHERITED | OI | CI | IO, 0x10000000),
    ]


def test_the_directory_above_has_its_say(calls: Caller) -> None:
    closed = f"{W}\\closed"
    calls.make(closed, mine(ALL & ~(WRITE_DATA | 4), OI | CI), DIRECTORY)
    assert calls.file(f"{closed}\\new", disposition=CREATE) == NTSTATUS.ACCESS_DENIED
    assert calls.file(f"{closed}\\new", disposition=CREATE, options=DIRECTORY) == (
        NTSTATUS.ACCESS_DENIED
    )
    assert calls.file(f"{W}\\old", DELETE) == 0
    target = f"{closed}\\old".encode("utf-16-le")
    data = struct.pack("<3I", 0, 0, len(target)) + target
    arguments = (calls.result, calls.io_block, calls.write(data), len(data), 10)
    assert calls("NtSetInformationFile", *arguments) == NTSTATUS.ACCESS_DENIED


def test_the_directory_above_lets_delete(calls: Caller) -> None:
    for above, deletes in ((ALL, True), (ALL & ~DELETE_CHILD, False), (ALL & ~READ_DATA, True)):
        folder = f"{W}\\{above:x}"
        calls.make(folder, mine(above), DIRECTORY)
        calls.make(f"{folder}\\f", mine(READ_DATA | SYNCHRONIZE))
        expected = 0 if deletes else NTSTATUS.ACCESS_DENIED
        assert calls.file(f"{folder}\\f", DELETE, disposition=OPEN) == expected
        told = 0 if above & READ_DATA else NTSTATUS.ACCESS_DENIED
        assert calls.file(f"{folder}\\f", READ_ATTRIBUTES, disposition=OPEN) == told


def test_replacing_a_file_takes_the_right_to_delete_it(calls: Caller) -> None:
    folder = f"{W}\\d"
    calls.make(folder, mine(ALL & ~DELETE_CHILD), DIRECTORY)
    calls.make(f"{folder}\\kept", mine(READ_DATA | SYNCHRONIZE))
    assert calls.file(f"{W}\\old", DELETE) == 0
    target = f"{folder}\\kept".encode("utf-16-le")
    data = struct.pack("<3I", 1, 0, len(target)) + target
    arguments = (calls.result, calls.io_block, calls.write(data), len(data), 10)
    assert calls("NtSetInformationFile", *arguments) == NTSTATUS.ACCESS_DENIED


def test_the_host_s_files_have_a_descriptor_too(calls: Caller) -> None:
    for name in ("old", "folder", "folder\\inside"):
        assert calls.granted(f"{W}\\{name}", MAXIMUM_ALLOWED) == ALL
        assert calls.security_of(f"{W}\\{name}").owner == USER_SID
    assert calls.file(f"{W}\\folder", WRITE_DAC) == 0
    assert calls.set_dacl(calls.result, mine(READ_DATA)) == 0
    assert calls.granted(f"{W}\\folder\\inside", MAXIMUM_ALLOWED) == ALL, "no list spreads"


def test_the_descriptor_stays_with_the_file(calls: Caller) -> None:
    name = f"{W}\\old"
    assert calls.file(name, WRITE_DAC | DELETE | WRITE_DATA) == 0
    handle = calls.result
    assert calls.set_dacl(handle, mine(READ_DATA | SYNCHRONIZE | WRITE_DATA | 0x110)) == 0
    before = calls.security_of(name)
    arguments = (handle, 0, 0, 0, calls.io_block, calls.write(b"new"), 3, 0, 0)
    assert calls("NtWriteFile", *arguments) == 0
    data = struct.pack("<3I", 0, 0, 10) + "moved".encode("utf-16-le")
    assert calls("NtSetInformationFile", handle, calls.io_block, calls.write(data), 22, 10) == 0
    assert calls("NtClose", handle) == 0
    assert calls.security_of(f"{W}\\moved") == before
    assert calls.file(f"{W}\\moved", disposition=OVERWRITE) == 0
    assert calls("NtClose", calls.result) == 0
    assert calls.security_of(f"{W}\\moved") == before
    assert calls("NtDeleteFile", calls.attributes(f"{W}\\moved")) == 0
    calls.make(f"{W}\\moved")
    assert calls.security_of(f"{W}\\moved") != before


def test_low_integrity_writes_nothing_up(calls: Caller) -> None:
    token = calls.impersonation()
    va = calls.buffer + 0x200
    calls.machine.process.space.write(va, level_sid(0x1000))
    low = calls.write(struct.pack("<2I", va, 0))
    assert calls("NtSetInformationToken", token, 25, low, 8) == 0
    assert calls.act_as(token) == 0
    assert calls.file(f"{W}\\old", WRITE_DATA) == NTSTATUS.ACCESS_DENIED
    assert calls.file(f"{W}\\old", READ_DATA) == 0
    assert calls.file(f"{W}\\new", disposition=CREATE) == NTSTATUS.ACCESS_DENIED


def test_who_only_identifies_opens_nothing(calls: Caller) -> None:
    assert calls.act_as(calls.impersonation(1)) == 0
    assert calls.file(f"{W}\\old", READ_DATA) == NTSTATUS.BAD_IMPERSONATION_LEVEL


def test_backup_reads_everything(calls: Caller) -> None:
    name = f"{W}\\f"
    calls.make(name, build([]))
    assert calls.file(name, READ_DATA, options=FOR_BACKUP) == NTSTATUS.ACCESS_DENIED
    calls.enable(17)
    assert calls.file(name, READ_DATA) == NTSTATUS.ACCESS_DENIED
    assert calls.file(name, READ_DATA, options=FOR_BACKUP) == 0
    assert calls.file(name, WRITE_DATA, options=FOR_BACKUP) == NTSTATUS.ACCESS_DENIED
    calls.enable(18)
    assert calls.file(name, WRITE_DATA, options=FOR_BACKUP) == 0


def test_directories_on_the_way_count_without_the_privilege(calls: Caller) -> None:
    calls.make(f"{W}\\d", mine(ALL & ~EXECUTE), DIRECTORY)
    calls.make(f"{W}\\d\\f")
    assert calls.file(f"{W}\\d\\f", READ_DATA, disposition=OPEN) == 0
    token = calls.machine.context.token
    del token.privileges[23]
    token.forget()
    assert calls.file(f"{W}\\d\\f", READ_DATA, disposition=OPEN) == NTSTATUS.ACCESS_DENIED


def pipe(calls: Caller, dacl: bytes | None, access: int = 0x1F019F) -> NTSTATUS:
    where = calls.secured(PIPE, dacl)
    sizes = (calls.out, access, where, calls.io_block, 3, OPEN_IF, FLAGS, 0, 0, 0, 4, 64, 64, 0)
    return calls("NtCreateNamedPipeFile", *sizes)


def test_pipes(calls: Caller) -> None:
    assert pipe(calls, mine(READ_DATA | SYNCHRONIZE)) == 0
    first = calls.result
    assert pipe(calls, None) == NTSTATUS.ACCESS_DENIED, "no right to one more instance"
    assert calls.file(PIPE, WRITE_DATA, disposition=OPEN) == NTSTATUS.ACCESS_DENIED
    assert calls.set_dacl(first, mine(ALL)) == 0
    assert pipe(calls, None) == 0
    second = calls.result
    assert calls.file(PIPE, READ_CONTROL | WRITE_DATA, disposition=OPEN) == 0
    client = calls.result
    assert calls.security(second) == calls.security(client) == calls.security(first)
    for server in (first, second):
        arguments = (server, 0, 0, 0, calls.io_block, 0x110004, 0, 0, 0, 0)
        assert calls("NtFsControlFile", *arguments) == 0
    assert calls("NtQuerySecurityObject", client, 4, calls.buffer, 0x400, calls.out) == (
        NTSTATUS.PIPE_DISCONNECTED
    )
    assert calls.security(first)


def test_a_server_acts_for_who_has_written(calls: Caller) -> None:
    def impersonate() -> NTSTATUS:
        return calls("NtFsControlFile", server, 0, 0, 0, calls.io_block, 0x11001C, 0, 0, 0, 0)

    assert pipe(calls, None) == 0
    server = calls.result
    assert impersonate() == NTSTATUS.CANNOT_IMPERSONATE
    assert calls.file(PIPE, WRITE_DATA, disposition=OPEN) == 0
    client = calls.result
    assert impersonate() == NTSTATUS.CANNOT_IMPERSONATE, "nothing was read"
    assert calls.act_as(calls.impersonation()) == 0
    token = calls.machine.thread.context.impersonation.token
    arguments = (0, 0, 0, calls.io_block, calls.write(b"x"), 1, 0, 0)
    assert calls("NtWriteFile", client, *arguments) == 0
    assert calls.act_as(0) == 0
    assert calls("NtReadFile", server, *arguments) == 0
    assert impersonate() == 0
    assert calls.machine.thread.context.impersonation.token is token
    assert calls("NtOpenThreadToken", 0xFFFFFFFE, 8, 1, calls.out) == 0
    assert calls.query(calls.result, 9) == struct.pack("<I", 2)


def test_mailslots(calls: Caller) -> None:
    where = calls.secured(SLOT, mine(READ_DATA | SYNCHRONIZE))
    arguments = (calls.out, 0x1F019F, where, calls.io_block, FLAGS, 0, 0, 0)
    assert calls("NtCreateMailslotFile", *arguments) == 0
    slot = calls.result
    assert calls.file(SLOT, WRITE_DATA, disposition=OPEN) == NTSTATUS.ACCESS_DENIED
    assert calls.set_dacl(slot, mine(ALL)) == 0
    assert calls.file(SLOT, READ_CONTROL | WRITE_DATA, disposition=OPEN) == 0
    assert calls.security(calls.result) == calls.security(slot)


def test_devices_and_directories_of_the_system(calls: Caller) -> None:
    assert calls.file("\\??\\NUL", READ_DATA | WRITE_DATA, disposition=OPEN) == 0
    assert calls.security_of("\\??\\NUL").owner
    assert calls.file("\\??\\NUL", WRITE_DAC, disposition=OPEN) == NTSTATUS.ACCESS_DENIED
    for directory in ("\\Device", "\\ObjectTypes"):
        where = calls.attributes(f"{directory}\\mine")
        arguments = (calls.out, 0x1F0003, where, 0, 0)
        assert calls("NtCreateEvent", *arguments) == NTSTATUS.ACCESS_DENIED
    for directory in ("", "\\BaseNamedObjects", "\\??", "\\RPC Control"):
        arguments = (calls.out, 0x1F0003, calls.attributes(f"{directory}\\mine"), 0, 0)
        assert calls("NtCreateEvent", *arguments) == 0


def test_initial_extended_attributes(calls: Caller) -> None:
    def attribute(name: bytes, value: bytes) -> bytes:
        return struct.pack("<IBBH", 0, 0, len(name), len(value)) + name + b"\0" + value

    def create(name: str, data: bytes, disposition: int = CREATE, options: int = 0) -> NTSTATUS:
        where = (calls.write(data), len(data))
        return calls.file(
            f"{W}\\{name}", ALL, disposition=disposition, options=options, attributes=where
        )

    for bad in (b"\0\0", attribute(b"a*", b"1"), attribute(b"A", b"1")[:-1]):
        assert create("f", bad) >= 0x80000000
        assert calls.file(f"{W}\\f", disposition=OPEN) == NTSTATUS.OBJECT_NAME_NOT_FOUND
    assert create("f", attribute(b"a", b"1"), options=0x200) == NTSTATUS.ACCESS_DENIED
    assert create("f", attribute(b"a", b"1")) == 0
    query = (calls.io_block, calls.buffer, 100, 0, 0, 0, 0, 1)
    assert calls("NtQueryEaFile", calls.result, *query) == 0
    assert calls.read(11) == attribute(b"A", b"1")
    assert create("f", attribute(b"b", b"2"), OVERWRITE) == 0
    assert calls("NtQueryEaFile", calls.result, *query) == 0
    assert calls.read(11) == attribute(b"B", b"2")
    assert calls.file(f"{W}\\f", ALL, disposition=OVERWRITE) == 0
    assert calls("NtQueryEaFile", calls.result, *query) == NTSTATUS.NO_EAS_ON_FILE
