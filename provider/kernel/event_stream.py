"""The stream of typed events: what a machine tells whoever listens.

An event is declared once, as a class with a field a line; the names in a trace and the trace's
schema come from that declaration.  Where something happens, its `Channel` is asked whether anybody
listens, which is all that it costs when nobody does:

    class ProcessExit(Event):
        status: int

    if channel.listeners:
        channel.emit(ProcessExit(*events.stamp(process.id), status))
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from provider.kernel.thread import Thread

E = TypeVar("E", bound="Event")
Stamp = tuple[int, int, int, int]
"""The first four fields of every event."""


@dataclass_transform(frozen_default=True)
class EventMeta(type):
    """Makes the annotations of a class fields of a tuple; FIELDS are their names."""

    FIELDS: tuple[str, ...]

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> EventMeta:
        made = super().__new__(mcs, name, bases, {"__slots__": (), **namespace})
        inherited = getattr(bases[0], "FIELDS", ())
        made.FIELDS = (*inherited, *(f for f in made.__annotations__ if not f.isupper()))
        for index, field in enumerate(made.FIELDS[len(inherited) :], len(inherited)):
            setattr(made, field, property(itemgetter(index)))
        return made


class Event(tuple[Any, ...], metaclass=EventMeta):
    """Something that happened; an event cannot be changed.

    `sequence` numbers what is told in a run, from 1; `time` is virtual, in 100 ns since the start;
    `process_id` and `thread_id` say whom it happened to, 0 where that is no thread or no process.
    """

    FIELDS: ClassVar[tuple[str, ...]]
    ON_REQUEST: ClassVar[bool] = False
    """Whether only those get such events who subscribe to this very type."""
    sequence: int
    time: int
    process_id: int
    thread_id: int

    def __new__(cls, *values: Any, **named: Any) -> Self:
        """An event of all its fields, in the order of their declaration or by name."""
        if named:
            values += tuple(named.pop(name) for name in cls.FIELDS[len(values) :])
        if named or len(values) != len(cls.FIELDS):
            raise TypeError(f"{cls.__name__} has the fields {', '.join(cls.FIELDS)}")
        return tuple.__new__(cls, values)

    @classmethod
    def of(cls, values: tuple[Any, ...]) -> Self:
        """An event of just these fields, unchecked: for what happens very often."""
        return tuple.__new__(cls, values)

    def replace(self, **changes: Any) -> Self:
        """The same event with other values in some fields."""
        fields = dict(zip(self.FIELDS, self, strict=True))
        return type(self)(**{**fields, **changes})

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        members = zip(self.FIELDS, self, strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in members)})"


class Channel(Generic[E]):
    """Where events of one type pass; `listeners` is empty when nobody wants them."""

    __slots__ = ("listeners",)

    def __init__(self) -> None:
        self.listeners: tuple[Callable[[E], E | None], ...] = ()

    def emit(self, event: E) -> E:
        """Tell all listeners; each gets what the one before has made of the event."""
        for listener in self.listeners:
            changed = listener(event)
            if changed is not None:
                event = changed
        return event


class EventStream:
    """The channels of one machine, by type of event."""

    def __init__(self) -> None:
        self.clock: Callable[[], int] = lambda: 0
        """The interrupt time; the kernel sets it, and what is running."""
        self.running: Callable[[], Thread | None] = lambda: None
        self.shown_bytes = 200
        """The most of a buffer that events show; 0 for all."""
        self._sequence = 0
        self._channels: dict[type[Event], Channel[Any]] = {}
        self._subscriptions: list[_Subscription] = []
        self._followers: list[tuple[tuple[Channel[Any], ...], Callable[[bool], None]]] = []

    def channel(self, kind: type[E]) -> Channel[E]:
        """Where events of that very type pass."""
        channel = self._channels.get(kind)
        if channel is None:
            channel = self._channels[kind] = Channel()
            self._connect(kind, channel)
        return channel

    def stamp(self, process_id: int = 0, thread_id: int = 0) -> Stamp:
        """The first fields of an event that happens now."""
        self._sequence += 1
        return self._sequence, self.clock(), process_id, thread_id

    def stamp_in(self, process_id: int) -> Stamp:
        """The first fields of an event in a process, which the running thread causes."""
        thread = self.running()
        return self.stamp(process_id, 0 if thread is None else thread.id)

    def stamp_running(self) -> Stamp:
        """The first fields of an event that the running thread causes, wherever that is."""
        thread = self.running()
        return self.stamp() if thread is None else self.stamp(thread.process.id, thread.id)

    def subscribe(
        self, kind: type[E], listener: Callable[[E], E | None], *, last: bool = False
    ) -> Callable[[], None]:
        """Let `listener` have every event of type `kind`, or of a type derived from it.

        What it returns, if not None, takes the place of the event: those who tell of something that
        can still be changed look at it.  Listeners are called in the order in which they came, the
        `last` ones after all others.  Returns what ends the subscription.
        """
        subscription = _Subscription(kind, listener, last)
        self._subscriptions.append(subscription)
        self._subscriptions.sort(key=lambda known: known.last)
        self._reconnect()

        def cancel() -> None:
            if subscription in self._subscriptions:
                self._subscriptions.remove(subscription)
                self._reconnect()

        return cancel

    def follow(self, kinds: Iterable[type[Event]], tell: Callable[[bool], None]) -> None:
        """Tell, now and whenever it changes, whether anybody listens to one of `kinds`."""
        channels = tuple(self.channel(kind) for kind in kinds)
        self._followers.append((channels, tell))
        tell(any(channel.listeners for channel in channels))

    def _reconnect(self) -> None:
        for kind, channel in self._channels.items():
            self._connect(kind, channel)
        for channels, tell in self._followers:
            tell(any(channel.listeners for channel in channels))

    def _connect(self, kind: type[Event], channel: Channel[Any]) -> None:
        channel.listeners = tuple(
            known.listener
            for known in self._subscriptions
            if known.kind is kind or (issubclass(kind, known.kind) and not kind.ON_REQUEST)
        )


class _Subscription:
    """One listener; not equal to any other, though that may be the same function."""

    __slots__ = ("kind", "last", "listener")

    def __init__(self, kind: type[Event], listener: Callable[[Any], Any], last: bool) -> None:
        self.kind, self.listener, self.last = kind, listener, last
