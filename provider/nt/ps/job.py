"""Jobs: processes that are limited, accounted for and ended together.

Jobs nest: a process that is in a job may join another, which becomes that job's child and stays so.
A process is in one innermost job and in all jobs above it, and each of them counts it and limits it
("Job Objects", "Nested Jobs", Win32 documentation; Windows Internals, 6th edition, part 1, chapter
5).
"""

from __future__ import annotations

from contextlib import suppress
from enum import IntFlag
from typing import TYPE_CHECKING

from emu.int_enum import IntEnum
from emu.ram import PAGE_SIZE
from provider.kernel.errors import KernelError, Reason
from provider.kernel.io.completion import Packet
from provider.kernel.io.counters import IoCounters
from provider.kernel.ke.wait import signal
from provider.kernel.ke.waitable import Waitable
from provider.kernel.ob.access import GenericMapping
from provider.nt.handles import nt_part
from provider.nt.ps.priority_class import set_priority_class
from provider.nt.status import NTSTATUS, NtError
from provider.nt.structs.job import JOBOBJECT_EXTENDED_LIMIT_INFORMATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provider.kernel.io.completion import Association
    from provider.kernel.mm import AddressSpace
    from provider.kernel.process import Process
    from provider.kernel.thread import Thread
    from provider.nt.structs.job import JOBOBJECT_BASIC_LIMIT_INFORMATION

ERROR_NOT_ENOUGH_QUOTA = 1816
"""The exit status of a process that a limit ended: a Win32 error code, not an NTSTATUS."""


class JOB_LIMIT(IntFlag):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION.LimitFlags (winnt.h, JOB_OBJECT_LIMIT_…)."""

    WORKINGSET = 0x1
    PROCESS_TIME = 0x2
    JOB_TIME = 0x4
    ACTIVE_PROCESS = 0x8
    AFFINITY = 0x10
    PRIORITY_CLASS = 0x20
    PRESERVE_JOB_TIME = 0x40
    SCHEDULING_CLASS = 0x80
    PROCESS_MEMORY = 0x100
    JOB_MEMORY = 0x200
    DIE_ON_UNHANDLED_EXCEPTION = 0x400
    BREAKAWAY_OK = 0x800
    SILENT_BREAKAWAY_OK = 0x1000
    KILL_ON_JOB_CLOSE = 0x2000
    SUBSET_AFFINITY = 0x4000


class JOB_MESSAGE(IntEnum):
    """What a job tells its completion port (winnt.h, JOB_OBJECT_MSG_…)."""

    END_OF_JOB_TIME = 1
    END_OF_PROCESS_TIME = 2
    ACTIVE_PROCESS_LIMIT = 3
    ACTIVE_PROCESS_ZERO = 4
    NEW_PROCESS = 6
    EXIT_PROCESS = 7
    ABNORMAL_EXIT_PROCESS = 8
    PROCESS_MEMORY_LIMIT = 9
    JOB_MEMORY_LIMIT = 10


ABNORMAL_EXITS = frozenset({
    NTSTATUS.ACCESS_VIOLATION,
    NTSTATUS.ARRAY_BOUNDS_EXCEEDED,
    NTSTATUS.BREAKPOINT,
    NTSTATUS.CONTROL_C_EXIT,
    NTSTATUS.DATATYPE_MISALIGNMENT,
    NTSTATUS.FLOAT_DENORMAL_OPERAND,
    NTSTATUS.FLOAT_DIVIDE_BY_ZERO,
    NTSTATUS.FLOAT_INEXACT_RESULT,
    NTSTATUS.FLOAT_INVALID_OPERATION,
    NTSTATUS.FLOAT_OVERFLOW,
    NTSTATUS.FLOAT_STACK_CHECK,
    NTSTATUS.FLOAT_UNDERFLOW,
    NTSTATUS.GUARD_PAGE_VIOLATION,
    NTSTATUS.ILLEGAL_INSTRUCTION,
    NTSTATUS.IN_PAGE_ERROR,
    NTSTATUS.INTEGER_DIVIDE_BY_ZERO,
    NTSTATUS.INTEGER_OVERFLOW,
    NTSTATUS.INVALID_DISPOSITION,
    NTSTATUS.NONCONTINUABLE_EXCEPTION,
    NTSTATUS.PRIVILEGED_INSTRUCTION,
    NTSTATUS.SINGLE_STEP,
    NTSTATUS.STACK_OVERFLOW,
})  # fmt: skip
"""Exit statuses of which a job says ABNORMAL_EXIT_PROCESS ("JOBOBJECT_ASSOCIATE_COMPLETION_PORT",
Win32 documentation)."""


class Job(Waitable):
    """A job.  It is signalled when it was terminated or used up its time."""

    __slots__ = (
        "_ended_io",
        "active",
        "ended_faults",
        "ended_time",
        "ends_at_time_limit",
        "is_placed",
        "limits",
        "parent",
        "peak_job_memory",
        "peak_process_memory",
        "port",
        "signaled",
        "terminated",
        "time_at_limit",
        "total",
        "ui_restrictions",
    )

    type_name = "Job"
    generic = GenericMapping(read=0x20004, write=0x2000B, execute=0x120000, all=0x1F003F)

    def __init__(self) -> None:
        super().__init__()
        self.parent: Job | None = None
        self.is_placed = False
        """Whether a process has joined: from then on the parent stays what it is."""
        self.active: list[Process] = []
        """Living processes, those of child jobs too, in the order of their coming."""
        self.total = self.terminated = 0
        """Processes that ever joined; those that a limit ended."""
        self.ended_time = self.ended_faults = 0
        """User time (100 ns) and page faults of processes that have ended."""
        self._ended_io = IoCounters()
        self.limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION()
        self.time_at_limit = 0
        """What `user_time` was when the job's time limit was set."""
        self.ends_at_time_limit = True
        self.peak_process_memory = self.peak_job_memory = 0
        """In pages, measured where a memory limit is set."""
        self.ui_restrictions = 0
        self.port: Association | None = None
        self.signaled = False

    def is_signaled(self, thread: Thread) -> bool:
        return self.signaled

    def on_last_handle(self) -> None:
        if self.flags & JOB_LIMIT.KILL_ON_JOB_CLOSE:
            self._end_all(NTSTATUS.SUCCESS)

    def on_delete(self) -> None:
        if self.port is not None:
            self.port.port.dereference()
        if self.parent is not None:
            self.parent.dereference()

    @property
    def basic(self) -> JOBOBJECT_BASIC_LIMIT_INFORMATION:
        """The limits that every version of the structure has."""
        return self.limits.BasicLimitInformation

    @property
    def flags(self) -> int:
        """The JOB_LIMITs that are set."""
        return self.basic.LimitFlags

    def chain(self) -> Iterator[Job]:
        """The job and those above it, the innermost first."""
        job: Job | None = self
        while job is not None:
            yield job
            job = job.parent

    def contains(self, process: Process) -> bool:
        """Whether `process` is, or was until it ended, in the job or a child of it."""
        innermost = nt_part(process).job
        return innermost is not None and self in innermost.chain()

    def assign(self, process: Process) -> None:
        """Put a living process into the job, and into all jobs above it.

        NtError ACCESS_DENIED (its job is not above this one, or one of them restricts the user
        interface), QUOTA_EXCEEDED (too many active processes; the process is then ended).
        """
        if self.contains(process):
            return
        part = nt_part(process)
        self._place_below(part.job)
        outer = set(part.job.chain()) if part.job is not None else set()
        joined = [job for job in self.chain() if job not in outer]
        for job in joined:
            job._check_room(process)
        self.reference()
        if part.job is not None:
            part.job.dereference()
        part.job = self
        process.space.quota = self
        for job in joined:
            job._add(process)

    def terminate(self, status: int) -> None:
        """End all processes of the job; the job is signalled from then on."""
        self._end_all(status)
        self._signal()

    def remove(self, process: Process) -> None:
        """A process has ended."""
        self.active.remove(process)
        self.ended_time += process.kernel.user_time(process)
        self.ended_faults += process.space.counters.faults
        self._ended_io.add(process.io_counters)
        abnormal = process.exit_status in ABNORMAL_EXITS
        message = JOB_MESSAGE.ABNORMAL_EXIT_PROCESS if abnormal else JOB_MESSAGE.EXIT_PROCESS
        self.tell(message, process.id)
        if not self.active:
            self.tell(JOB_MESSAGE.ACTIVE_PROCESS_ZERO)

    def connect(self, association: Association) -> None:
        """Tell a port from now on what happens; first, of the processes that are there."""
        association.port.reference()
        self.port = association
        for process in self.active:
            self.tell(JOB_MESSAGE.NEW_PROCESS, process.id)

    def disconnect(self) -> None:
        """Tell nobody any more."""
        if self.port is not None:
            self.port.port.dereference()
            self.port = None

    def tell(self, message: JOB_MESSAGE, process_id: int = 0) -> None:
        """Post a message; like NT's, it gets lost when the port has no room."""
        if self.port is not None:
            with suppress(KernelError):
                packet = Packet(self.port.key, process_id, NTSTATUS.SUCCESS, message)
                self.port.port.post(packet)

    def user_time(self) -> int:
        """What all processes of the job have run so far, in 100 ns."""
        running = (process.kernel.user_time(process) for process in self.active)
        return self.ended_time + sum(running)

    def page_faults(self) -> int:
        """The page faults of all processes of the job so far."""
        return self.ended_faults + sum(process.space.counters.faults for process in self.active)

    def io_counters(self) -> IoCounters:
        """The I/O of all processes of the job so far."""
        total = IoCounters()
        total.add(self._ended_io)
        for process in self.active:
            total.add(process.io_counters)
        return total

    def admit(self, space: AddressSpace, pages: int) -> None:
        """See `CommitQuota`: whether one of the job's processes may commit `pages` more.

        KernelError COMMITMENT_LIMIT.
        """
        for job in self.chain():
            job._admit(space, pages)

    def check_time(self) -> None:
        """End the processes that have used up their time, or the job's."""
        if self.flags & JOB_LIMIT.PROCESS_TIME:
            most = self.basic.PerProcessUserTimeLimit
            for process in tuple(self.active):
                if process.kernel.user_time(process) >= most:
                    self._end_by_limit(process, JOB_MESSAGE.END_OF_PROCESS_TIME)
        if self.flags & JOB_LIMIT.JOB_TIME:
            most = self.basic.PerJobUserTimeLimit
            if self.user_time() - self.time_at_limit >= most:
                self._end_of_time()

    def _end_of_time(self) -> None:
        """The job's time is over: its processes end, or the port learns it, once."""
        if self.ends_at_time_limit or self.port is None:
            for process in tuple(self.active):
                self.terminated += 1
                self._end(process, ERROR_NOT_ENOUGH_QUOTA)
            self._signal()
        else:
            self.tell(JOB_MESSAGE.END_OF_JOB_TIME)
        self.basic.LimitFlags &= ~JOB_LIMIT.JOB_TIME

    def _place_below(self, outer: Job | None) -> None:
        """Make sure that the job is, or becomes, a child of a process's job `outer`."""
        if outer is not None and (self.ui_restrictions or outer.ui_restrictions):
            raise NtError(NTSTATUS.ACCESS_DENIED)
        if not self.is_placed:
            self.is_placed = True
            self.parent = outer
            if outer is not None:
                outer.reference()
        elif outer is not None and outer not in self.chain():
            raise NtError(NTSTATUS.ACCESS_DENIED)

    def _check_room(self, process: Process) -> None:
        full = len(self.active) >= self.basic.ActiveProcessLimit
        if self.flags & JOB_LIMIT.ACTIVE_PROCESS and full:
            self._end_by_limit(process, JOB_MESSAGE.ACTIVE_PROCESS_LIMIT)
            raise NtError(NTSTATUS.QUOTA_EXCEEDED)

    def _add(self, process: Process) -> None:
        self.active.append(process)
        self.total += 1
        self.impose(process)
        self.tell(JOB_MESSAGE.NEW_PROCESS, process.id)

    def impose(self, process: Process) -> None:
        """Give a process the priority class and the working-set bounds of the job."""
        basic = self.basic
        if self.flags & JOB_LIMIT.PRIORITY_CLASS:
            set_priority_class(process, basic.PriorityClass)
        if self.flags & JOB_LIMIT.WORKINGSET:
            process.space.minimum = basic.MinimumWorkingSetSize // PAGE_SIZE
            process.space.maximum = basic.MaximumWorkingSetSize // PAGE_SIZE

    def _admit(self, space: AddressSpace, pages: int) -> None:
        flags, limits = self.flags, self.limits
        if not flags & (JOB_LIMIT.PROCESS_MEMORY | JOB_LIMIT.JOB_MEMORY):
            return
        mine = space.committed + pages
        whole = sum(process.space.committed for process in self.active) + pages
        if flags & JOB_LIMIT.PROCESS_MEMORY and mine > limits.ProcessMemoryLimit // PAGE_SIZE:
            self._refuse(space, JOB_MESSAGE.PROCESS_MEMORY_LIMIT)
        if flags & JOB_LIMIT.JOB_MEMORY and whole > limits.JobMemoryLimit // PAGE_SIZE:
            self._refuse(space, JOB_MESSAGE.JOB_MEMORY_LIMIT)
        self.peak_process_memory = max(self.peak_process_memory, mine)
        self.peak_job_memory = max(self.peak_job_memory, whole)

    def _refuse(self, space: AddressSpace, message: JOB_MESSAGE) -> None:
        owner = next((process.id for process in self.active if process.space is space), 0)
        self.tell(message, owner)
        raise KernelError(Reason.COMMITMENT_LIMIT, "a job's memory limit")

    def _end_by_limit(self, process: Process, message: JOB_MESSAGE) -> None:
        self.terminated += 1
        self.tell(message, process.id)
        self._end(process, ERROR_NOT_ENOUGH_QUOTA)

    def _end_all(self, status: int) -> None:
        """The processes end in the order of their coming, but the caller's is the last."""
        for process in sorted(self.active, key=_is_running):
            self._end(process, status)

    def _end(self, process: Process, status: int) -> None:
        nt_part(process).provider.routines.terminate_process(process, status)

    def _signal(self) -> None:
        self.signaled = True
        signal(self)


def _is_running(process: Process) -> bool:
    running = process.kernel.scheduler.running
    return running is not None and running.process is process


def leave_jobs(process: Process) -> None:
    """A process has ended: all its jobs account for it."""
    innermost = nt_part(process).job
    if innermost is not None:
        for job in innermost.chain():
            job.remove(process)
        innermost.dereference()


def job_for_child(parent: Process, *, breakaway: bool) -> Job | None:
    """The innermost job that a child of `parent` is born into.

    `breakaway`: the creator asks that it leaves those that allow it.  NtError ACCESS_DENIED if the
    innermost does not.  (CREATE_BREAKAWAY_FROM_JOB, "Process Creation Flags", Win32 documentation.)
    """
    innermost = nt_part(parent).job
    if innermost is None:
        return None
    leaving = JOB_LIMIT.SILENT_BREAKAWAY_OK | (JOB_LIMIT.BREAKAWAY_OK if breakaway else 0)
    if breakaway and not innermost.flags & leaving:
        raise NtError(NTSTATUS.ACCESS_DENIED)
    return next((job for job in innermost.chain() if not job.flags & leaving), None)
