"""Jobs: bad values, limits that act, messages, and a guest program over kernel32.

What is expected: "Job Objects" and the structures of winnt.h (Win32 documentation).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from provider.kernel.io.completion import IoCompletion
from provider.nt import startup
from provider.nt.ps.job import ERROR_NOT_ENOUGH_QUOTA, JOB_LIMIT, JOB_MESSAGE, Job
from provider.nt.status import status_name
from tests.guests import PROGRAMS, compile_program, picorun
from tests.provider.nt.synthetic import NtMachine, ntdll_image, program_image, start

if TYPE_CHECKING:
    from pathlib import Path

    from provider.kernel.process import Process

ALL_ACCESS = 0x1F003F
SELF = -1
BASIC, EXTENDED, UI, END_OF_JOB_TIME, PORT = 2, 9, 4, 6, 7
READ_WRITE, COMMIT = 4, 0x3000


class Jobs:
    """A machine whose process makes jobs, and children that run no code."""

    def __init__(self, code: str = "nop") -> None:
        self.machine: NtMachine = start(code)
        self.buffer = self.machine.allocate()

    def status(self, name: str, *arguments: int) -> str:
        return status_name(self.machine.call(name, *arguments)).removeprefix("STATUS_")

    def create(self, access: int = ALL_ACCESS) -> int:
        assert self.status("NtCreateJobObject", self.buffer, access, 0) == "SUCCESS"
        return self.machine.read(self.buffer)

    def child(self) -> Process:
        child = startup.create_process(
            self.machine.provider, program_image("nop"), ntdll_image(), b"", "child.exe"
        )
        startup.create_initial_thread(self.machine.provider, child)
        return child

    def assign(self, job: int, process: Process) -> str:
        handle = self.machine.process.handles.insert(process, 0x1FFFFF)
        return self.status("NtAssignProcessToJobObject", job, handle)

    def put(self, job: int, number: int, data: bytes) -> str:
        self.machine.process.space.write(self.buffer, data)
        return self.status("NtSetInformationJobObject", job, number, self.buffer, len(data))

    def limit(self, job: int, flags: int, **values: int) -> str:
        return self.put(job, EXTENDED, limits(flags, **values))

    def object(self, handle: int) -> Job:
        return self.machine.process.handles.reference(handle, Job)

    def connect(self, job: int) -> IoCompletion:
        port = IoCompletion()
        handle = self.machine.process.handles.insert(port, 0x1F0003)
        assert self.put(job, PORT, struct.pack("<2I", 7, handle)) == "SUCCESS"
        return port


def limits(
    flags: int,
    *,
    process_time: int = 0,
    job_time: int = 0,
    working_set: int = 0,
    active: int = 0,
    affinity: int = 0,
    priority: int = 0,
    scheduling: int = 0,
    process_memory: int = 0,
    job_memory: int = 0,
) -> bytes:
    """A JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""
    basic = struct.pack(
        "<2q7I4x", process_time, job_time, flags, working_set, working_set, active, affinity,
        priority, scheduling,
    )  # fmt: skip
    return basic + bytes(48) + struct.pack("<4I", process_memory, job_memory, 0, 0)


def told(port: IoCompletion) -> list[tuple[str, int]]:
    return [(JOB_MESSAGE(packet.information).name, packet.context) for packet in port.packets]


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


@pytest.mark.parametrize(
    ("number", "size", "expected"),
    [
        (0, 4, "INVALID_INFO_CLASS"),
        (1, 48, "INVALID_INFO_CLASS"),
        (0x7FFFFFFF, 4, "INVALID_INFO_CLASS"),
        *((BASIC, size, "INFO_LENGTH_MISMATCH") for size in (0, 47, 49, 0xFFFFFFFF)),
        *((EXTENDED, size, "INFO_LENGTH_MISMATCH") for size in (48, 111, 113)),
        *((UI, size, "INFO_LENGTH_MISMATCH") for size in (0, 8)),
        (PORT, 4, "INFO_LENGTH_MISMATCH"),
    ],
)
def test_setting_with_bad_classes_and_lengths(
    jobs: Jobs, number: int, size: int, expected: str
) -> None:
    job = jobs.create()
    arguments = job, number, jobs.buffer, size
    assert jobs.status("NtSetInformationJobObject", *arguments) == expected


@pytest.mark.parametrize(
    "data",
    [
        limits(0x8000),
        limits(JOB_LIMIT.PROCESS_TIME),
        limits(JOB_LIMIT.PROCESS_TIME, process_time=-1),
        limits(JOB_LIMIT.JOB_TIME),
        limits(JOB_LIMIT.JOB_TIME | JOB_LIMIT.PRESERVE_JOB_TIME, job_time=1),
        limits(JOB_LIMIT.ACTIVE_PROCESS),
        limits(JOB_LIMIT.AFFINITY, affinity=2),
        limits(JOB_LIMIT.PRIORITY_CLASS),
        limits(JOB_LIMIT.PRIORITY_CLASS, priority=7),
        limits(JOB_LIMIT.SCHEDULING_CLASS, scheduling=10),
        limits(JOB_LIMIT.WORKINGSET),
        limits(JOB_LIMIT.PROCESS_MEMORY, process_memory=0xFFF),
        limits(JOB_LIMIT.JOB_MEMORY),
    ],
)
def test_limits_that_make_no_sense(jobs: Jobs, data: bytes) -> None:
    job = jobs.create()
    assert jobs.put(job, EXTENDED, data) == "INVALID_PARAMETER"
    assert not jobs.object(job).flags


def test_extended_limits_are_no_basic_ones(jobs: Jobs) -> None:
    job = jobs.create()
    assert jobs.put(job, BASIC, limits(JOB_LIMIT.JOB_MEMORY)[:48]) == "INVALID_PARAMETER"


def test_rights(jobs: Jobs) -> None:
    child = jobs.child()
    for access, name, arguments in (
        (0x3E, "NtAssignProcessToJobObject", (SELF,)),
        (0x3B, "NtIsProcessInJob", None),
        (0x37, "NtTerminateJobObject", (0,)),
        (0x3D, "NtSetInformationJobObject", (UI, jobs.buffer, 4)),
        (0x3B, "NtQueryInformationJobObject", (BASIC, jobs.buffer, 48, 0)),
    ):
        job = jobs.create(access)
        words = (SELF, job) if arguments is None else (job, *arguments)
        assert jobs.status(name, *words) == "ACCESS_DENIED", name
    weak = jobs.machine.process.handles.insert(child, 0x1)
    assert jobs.status("NtAssignProcessToJobObject", jobs.create(), weak) == "ACCESS_DENIED"


def test_a_process_that_has_ended_joins_nothing(jobs: Jobs) -> None:
    child = jobs.child()
    jobs.machine.kernel.terminate_process(child, 0)
    assert jobs.assign(jobs.create(), child) == "PROCESS_IS_TERMINATING"


def test_too_many_processes(jobs: Jobs) -> None:
    job = jobs.create()
    port = jobs.connect(job)
    assert jobs.limit(job, JOB_LIMIT.ACTIVE_PROCESS, active=1) == "SUCCESS"
    first, second = jobs.child(), jobs.child()
    assert jobs.assign(job, first) == "SUCCESS"
    assert jobs.assign(job, second) == "QUOTA_EXCEEDED"
    assert second.exit_status == ERROR_NOT_ENOUGH_QUOTA
    assert told(port) == [("NEW_PROCESS", first.id), ("ACTIVE_PROCESS_LIMIT", second.id)]
    made = jobs.object(job)
    assert (made.total, len(made.active), made.terminated) == (1, 1, 1)


def test_memory_limits_refuse_commit(jobs: Jobs) -> None:
    job, va = jobs.create(), jobs.machine.allocate()
    port = jobs.connect(job)
    own = jobs.machine.process
    assert jobs.assign(job, own) == "SUCCESS"

    def commit(size: int) -> str:
        jobs.machine.write(va, 0, size)
        arguments = (SELF, va, 0, va + 4, COMMIT, READ_WRITE)
        return jobs.status("NtAllocateVirtualMemory", *arguments)

    assert commit(0x100000) == "SUCCESS"
    most = own.space.committed * 0x1000 + 0x10000
    assert jobs.limit(job, JOB_LIMIT.PROCESS_MEMORY, process_memory=most) == "SUCCESS"
    assert commit(0x100000) == "COMMITMENT_LIMIT"
    assert commit(0x8000) == "SUCCESS"
    assert jobs.limit(job, JOB_LIMIT.JOB_MEMORY, job_memory=most) == "SUCCESS"
    assert commit(0x100000) == "COMMITMENT_LIMIT"
    names = [name for name, _ in told(port)]
    assert names == ["NEW_PROCESS", "PROCESS_MEMORY_LIMIT", "JOB_MEMORY_LIMIT"]


LOOP = "again: dec ecx; jmp again"


@pytest.mark.parametrize(
    ("limit", "message"),
    [(JOB_LIMIT.PROCESS_TIME, "END_OF_PROCESS_TIME"), (JOB_LIMIT.JOB_TIME, None)],
)
def test_a_loop_ends_when_its_time_is_over(limit: int, message: str | None) -> None:
    jobs = Jobs(LOOP)
    job = jobs.create()
    made, port = jobs.object(job), jobs.connect(job)
    time = 200_000  # 20 ms
    assert jobs.limit(job, limit, process_time=time, job_time=time) == "SUCCESS"
    assert jobs.assign(job, jobs.machine.process) == "SUCCESS"
    jobs.machine.kernel.scheduler.running = None
    assert jobs.machine.run() == ERROR_NOT_ENOUGH_QUOTA
    wanted = [message] if message else []
    names = [name for name, _ in told(port)]
    assert names == ["NEW_PROCESS", *wanted, "EXIT_PROCESS", "ACTIVE_PROCESS_ZERO"]
    assert made.ended_time >= time


def test_time_that_is_over_is_only_told_where_that_is_asked_for() -> None:
    jobs = Jobs("mov ecx,0x400000; again: dec ecx; jnz again; mov ebx,9; mov eax,0xf02; int 0x2e")
    job = jobs.create()
    port = jobs.connect(job)
    assert jobs.put(job, END_OF_JOB_TIME, struct.pack("<I", 2)) == "INVALID_PARAMETER"
    assert jobs.put(job, END_OF_JOB_TIME, struct.pack("<I", 1)) == "SUCCESS"
    assert jobs.limit(job, JOB_LIMIT.JOB_TIME, job_time=1000) == "SUCCESS"
    assert jobs.assign(job, jobs.machine.process) == "SUCCESS"
    jobs.machine.kernel.scheduler.running = None
    assert jobs.machine.run() == 9
    names = [name for name, _ in told(port)]
    assert names == ["NEW_PROCESS", "END_OF_JOB_TIME", "EXIT_PROCESS", "ACTIVE_PROCESS_ZERO"]


def test_priority_class_and_working_set_are_imposed(jobs: Jobs) -> None:
    job, child = jobs.create(), jobs.child()
    assert jobs.assign(job, child) == "SUCCESS"
    flags = JOB_LIMIT.PRIORITY_CLASS | JOB_LIMIT.WORKINGSET
    assert jobs.limit(job, flags, priority=1, working_set=0x100000) == "SUCCESS"
    assert child.context.priority_class == 1
    assert (child.space.minimum, child.space.maximum) == (0x100, 0x100)
    handle = jobs.machine.process.handles.insert(child, 0x1FFFFF)
    jobs.machine.process.space.write(jobs.buffer, b"\0\x03")
    arguments = handle, 18, jobs.buffer, 2
    assert jobs.status("NtSetInformationProcess", *arguments) == "SUCCESS"
    assert child.context.priority_class == 1


def test_user_interface_restrictions_and_nesting_exclude_each_other(jobs: Jobs) -> None:
    outer, inner, child = jobs.create(), jobs.create(), jobs.child()
    assert jobs.put(outer, UI, struct.pack("<I", 0x100)) == "INVALID_PARAMETER"
    assert jobs.put(outer, UI, struct.pack("<I", 1)) == "SUCCESS"
    assert jobs.assign(outer, child) == "SUCCESS"
    assert jobs.assign(inner, child) == "ACCESS_DENIED"


def test_a_job_lives_as_long_as_a_process_is_in_it(jobs: Jobs) -> None:
    job, child = jobs.create(), jobs.child()
    made = jobs.object(job)
    assert jobs.assign(job, child) == "SUCCESS"
    jobs.machine.process.handles.close(job)
    assert (made.handle_count, made.reference_count) == (0, 1)
    jobs.machine.kernel.terminate_process(child, 0)
    assert made.reference_count == 0


def test_a_port_is_connected_once(jobs: Jobs) -> None:
    job = jobs.create()
    port = jobs.connect(job)
    handle = jobs.machine.process.handles.insert(port, 0x1F0003)
    assert jobs.put(job, PORT, struct.pack("<2I", 1, handle)) == "INVALID_PARAMETER"
    assert jobs.put(job, PORT, struct.pack("<2I", 1, 0)) == "SUCCESS"
    assert jobs.put(job, PORT, struct.pack("<2I", 1, handle)) == "SUCCESS"


@pytest.mark.slow
def test_program(tmp_path: Path) -> None:
    finished = picorun(compile_program(PROGRAMS / "ps_jobs.c"), cwd=tmp_path)
    expected = (PROGRAMS / "ps_jobs.expected").read_bytes()
    assert finished.stdout.replace(b"\r\n", b"\n") == expected, finished.stderr
    assert finished.exit_code == 0
