from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assistant.timers import RING_SECONDS, Timers, moment, spoken_duration
from assistant.turn import Intent

NOW = datetime(2026, 3, 2, 22, 0)


class Shelf:
    """Keeps documents in a dict: what a store does, without a file."""

    def __init__(self):
        self.documents = {}

    def keep(self, kind, id, document):
        self.documents.setdefault(kind, {})[id] = dict(document)

    def kept(self, kind):
        return dict(self.documents.get(kind, {}))

    def drop(self, kind, id):
        self.documents.get(kind, {}).pop(id, None)


def start(timers, **slots):
    return timers.carry_out(Intent("timer.start", slots), NOW)


def test_a_named_timer_is_set_asked_and_cancelled():
    timers = Timers(Shelf())
    assert start(timers, duration=600, timer_name="pizza") == "The pizza timer is set for 10 minutes."
    asked = timers.carry_out(Intent("timer.query", {"timer_name": "pizza"}), NOW + timedelta(minutes=4))
    assert asked == "The pizza timer has 6 minutes left."
    assert timers.carry_out(Intent("timer.cancel", {"timer_name": "pizza"}), NOW) == "Canceled the pizza timer."
    assert timers.states() == {}


def test_an_alarm_is_for_the_next_time_the_clock_shows_it():
    timers = Timers(Shelf())
    start(timers, at="07:00")
    assert timers.next_due() == datetime(2026, 3, 3, 7, 0)


def test_timers_survive_a_restart_and_ring_for_a_minute():
    shelf = Shelf()
    start(Timers(shelf), duration=60)
    timers = Timers(shelf)
    assert [timer.kind for timer in timers.take_due(NOW + timedelta(seconds=60))] == ["timer"]
    assert next(iter(timers.states().values())).state == "ringing"
    assert timers.take_due(NOW + timedelta(seconds=61)) == []
    timers.take_due(NOW + timedelta(seconds=60 + RING_SECONDS))
    assert timers.states() == {}


def test_a_paused_timer_waits():
    timers = Timers(Shelf())
    start(timers, duration=600)
    timers.carry_out(Intent("timer.pause"), NOW + timedelta(minutes=4))
    assert timers.take_due(NOW + timedelta(hours=1)) == []
    timers.carry_out(Intent("timer.resume"), NOW + timedelta(hours=1))
    assert timers.next_due() == NOW + timedelta(hours=1, minutes=6)


@given(st.times(), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
def test_a_clock_time_is_always_ahead_and_within_a_day(clock, now):
    due = moment({"at": clock.isoformat()}, now)
    assert timedelta(0) < due - now <= timedelta(days=1)


@given(st.integers(1, 10**6))
def test_a_spoken_duration_names_every_part(seconds):
    words = spoken_duration(seconds).replace(",", "").replace(" and", "").split()
    sizes = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}
    assert sum(int(n) * sizes[unit.rstrip("s")] for n, unit in zip(words[::2], words[1::2], strict=True)) == seconds
