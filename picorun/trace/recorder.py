"""The sink that keeps events as they are, for `picorun.run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.kernel.event_stream import Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provider.kernel.event_stream import EventStream


class Recorder:
    """Keeps the events of some types, in their order; True is all, False none."""

    def __init__(self, kinds: bool | Iterable[type[Event]]) -> None:
        if isinstance(kinds, bool):
            kinds = (Event,) if kinds else ()
        self._kinds = tuple(kinds)
        self.events: list[Event] = []

    def attach(self, events: EventStream) -> None:
        """Subscribe to the types."""
        for kind in self._kinds:
            events.subscribe(kind, self.events.append, last=True)

    def close(self) -> None:
        """The events stay."""
