"""The host's clock, for `--clock real`: the one place that asks it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from provider.kernel.ke.clock import HostTime

if TYPE_CHECKING:
    from datetime import datetime

HOST_TIME = HostTime(time.monotonic_ns, time.sleep)


def now() -> datetime:
    """The host's date and time."""
    from datetime import UTC, datetime

    return datetime.now(UTC)
