"""Time limits of jobs, which nothing but the clock brings about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.ps.job import JOB_LIMIT

if TYPE_CHECKING:
    from provider.nt.ps.job import Job

_TIME_LIMITS = JOB_LIMIT.PROCESS_TIME | JOB_LIMIT.JOB_TIME


class TimedJobs:
    """The jobs of a machine that have a time limit."""

    def __init__(self) -> None:
        self._jobs: dict[Job, None] = {}

    def watch(self, job: Job) -> None:
        """The limits of `job` have changed."""
        if job.flags & _TIME_LIMITS:
            self._jobs[job] = None
        else:
            self._jobs.pop(job, None)

    def check(self) -> None:
        """Time has passed: end what has run for too long."""
        for job in tuple(self._jobs):
            job.check_time()
            if not job.reference_count:
                del self._jobs[job]
            else:
                self.watch(job)
