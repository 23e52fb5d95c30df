"""The host's clock, for `--clock real`: the one place that asks it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from provider.kernel.ke.clock import HostTime

HOST_TIME = HostTime(time.monotonic_ns, time.sleep)


def now() -> datetime:
    """The host's date and time."""
    return datetime.now(UTC)
