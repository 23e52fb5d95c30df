"""What a run tells about itself: a stream of typed events, and the sinks that write them down.

The events are declared where they happen, in provider; a sink is any callable that takes one.
It must not change the run: no virtual time passes while a sink works.
"""

from __future__ import annotations

from collections.abc import Callable

from provider.nt.event import Event

Sink = Callable[[Event], None]
