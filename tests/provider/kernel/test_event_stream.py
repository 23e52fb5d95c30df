import pickle

import pytest

from provider.kernel.event_stream import Event, EventStream


class Knock(Event):
    """Somebody knocks."""

    name: str
    times: int


class LoudKnock(Knock):
    """Somebody knocks so that all hear it."""

    decibels: int


KNOCK = Knock(1, 20, 8, 12, "Bell", 3)


def test_wrong_fields_are_refused() -> None:
    for values in ((), (1, 2, 3, 4, "Bell"), (1, 2, 3, 4, "Bell", 3, 5)):
        with pytest.raises(TypeError, match="Knock has the fields sequence, time, process_id"):
            Knock(*values)
    with pytest.raises(TypeError):
        Knock(1, 20, 8, 12, "Bell", 3, colour="red")  # type: ignore[call-arg]
    with pytest.raises(KeyError):
        Knock(1, 20, 8, 12, name="Bell")  # type: ignore[call-arg]


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        KNOCK.name = "Ring"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        KNOCK.colour = "red"  # type: ignore[attr-defined]
    assert KNOCK.replace(times=4) == Knock(1, 20, 8, 12, "Bell", times=4)
    assert KNOCK.times == 3


def test_fields_are_those_of_the_declaration_after_the_stamp() -> None:
    stamp = ("sequence", "time", "process_id", "thread_id")
    assert (*stamp, "name", "times") == Knock.FIELDS
    assert (*stamp, "name", "times", "decibels") == LoudKnock.FIELDS
    assert (KNOCK.sequence, KNOCK.time, KNOCK.process_id, KNOCK.thread_id) == (1, 20, 8, 12)
    loud = LoudKnock(1, 20, 8, 12, "Bell", 3, 90)
    assert (loud.name, loud.decibels) == ("Bell", 90)
    assert repr(KNOCK) == (
        "Knock(sequence=1, time=20, process_id=8, thread_id=12, name='Bell', times=3)"
    )


def test_events_survive_pickling() -> None:
    copied = pickle.loads(pickle.dumps(KNOCK))
    assert (type(copied), copied) == (Knock, KNOCK)


def test_a_channel_without_listeners_costs_a_test_of_one_attribute() -> None:
    assert EventStream().channel(Knock).listeners == ()


def test_listeners_get_their_type_and_what_is_derived_from_it() -> None:
    events = EventStream()
    early = events.channel(Knock)
    all_events: list[Event] = []
    knocks: list[Knock] = []
    loud: list[LoudKnock] = []
    events.subscribe(Event, all_events.append)
    events.subscribe(Knock, knocks.append)
    events.subscribe(LoudKnock, loud.append)
    early.emit(KNOCK)
    later = LoudKnock(1, 20, 8, 12, "Bell", 3, 90)
    events.channel(LoudKnock).emit(later)
    assert (all_events, knocks, loud) == ([KNOCK, later], [KNOCK, later], [later])


def test_a_listener_hands_on_what_it_makes_of_an_event() -> None:
    events, seen = EventStream(), list[Knock]()
    events.subscribe(Knock, seen.append, last=True)
    events.subscribe(Knock, lambda knock: knock.replace(times=knock.times + 1))
    events.subscribe(Knock, lambda knock: knock.replace(times=knock.times * 2))
    result = events.channel(Knock).emit(KNOCK)
    assert result.times == 8
    assert seen == [result]


def test_a_subscription_ends_once() -> None:
    events, seen = EventStream(), list[Knock]()
    first = events.subscribe(Knock, seen.append)
    events.subscribe(Knock, seen.append)
    first()
    first()
    events.channel(Knock).emit(KNOCK)
    assert seen == [KNOCK]


def test_followers_hear_when_the_first_comes_and_the_last_goes() -> None:
    events, told = EventStream(), list[bool]()
    events.follow((Knock, LoudKnock), told.append)
    cancel = events.subscribe(LoudKnock, lambda knock: None)
    cancel()
    assert told == [False, True, False]


def test_stamps_count_and_tell_the_time() -> None:
    events = EventStream()
    events.clock = lambda: 70
    assert events.stamp() == (1, 70, 0, 0)
    assert events.stamp(8, 12) == (2, 70, 8, 12)
    assert events.stamp_in(8) == (3, 70, 8, 0)
    assert events.stamp_running() == (4, 70, 0, 0)
