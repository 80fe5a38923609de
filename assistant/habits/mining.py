"""Finding habits: what follows something else oftener than it would by chance.

For a trigger (an alarm, a change, a request, a time of day) and a deed, the trigger's occasions are trials and those on
which the deed followed are successes. Two explanations are compared by their Bayes factor: a habit, whose success
rate is Beta(4, 1), and chance, whose rate is what the deed's own frequency at that time of day, and after any other
trigger, would give (a Beta around it worth ten occasions). With a prior for "this pair is a habit" that gives the
probability that it is one. Occasions of one day count once, so support is over days. The lift of the latent goals'
pointwise mutual information (self-learning.md 9.4) is the ratio of the two rates.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from assistant.habits.diary import ALARM, ASKED, CAME, LEFT, SAID, Happening
from assistant.resolve.experience import part_of_day

HABIT = (4.0, 1.0)
"""Beta prior of the rate at which a person who has a habit follows it."""
CHANCE_WEIGHT = 10.0
"""Occasions that the estimate of the rate by chance is worth."""
PRIOR = 0.02
"""Prior probability that a pair is a habit; a condition or a time of day divides it by its alternatives."""
CONDITIONS = 6.0
CLOCK_PLACES = 24.0
CLOCK_WIDTH = timedelta(minutes=20)
BANDWIDTH = 120.0
"""Minutes by which the deed's frequency over the day is smoothed: what is done at seven every day does follow an alarm
at seven, whatever makes people do it."""
LEAST_DAYS = 3
"""A pair that happened on fewer days is not looked at: no prior above would make it likely."""
AWAKE = 16 * 60.0
WINDOWS = {ALARM: timedelta(minutes=25), LEFT: timedelta(minutes=5), CAME: timedelta(minutes=10)}
WINDOW = timedelta(minutes=2)
"""How soon after any other trigger the deed must come (self-learning.md 9.4)."""
ITSELF = 0.1
"""Spread of the time since the device's last change, as a share of its mean, below which nobody's hand did it."""
BEFORE_LEAVING = timedelta(minutes=5)
"""What belongs to leaving is done before the door is shut."""
SLACK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Habit:
    """`deed` follows `trigger`, on `times` of `of` days; `base` is the rate by chance, `sure` the probability.

    `when` is the condition (`weekend`, `evening`, `light.hall=off`), empty for always; `who` nearly always does it,
    `None` when it is the household's. `at` is the time of day of a habit that goes by the clock, in minutes.
    """

    trigger: str
    deed: str
    times: int
    of: int
    base: float
    sure: float
    when: str = ""
    who: str | None = None
    text: str = ""
    at: int | None = None
    days: tuple[date, ...] = ()

    @property
    def rate(self) -> float:
        """How likely the deed is to follow, with the prior of a habit."""
        return (self.times + HABIT[0]) / (self.of + sum(HABIT))

    @property
    def lift(self) -> float:
        """How many times as often as by chance."""
        return self.rate / max(self.base, 1e-3)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One time that a trigger came, and the circumstances: part of the day, part of the week, states of devices."""

    time: datetime
    circumstances: frozenset[str]


@dataclass
class Events:
    """Happenings sorted for counting."""

    times: dict[str, list[Happening]] = field(default_factory=lambda: defaultdict(list))
    occasions: dict[str, list[Occasion]] = field(default_factory=lambda: defaultdict(list))
    days: list[date] = field(default_factory=list)

    @classmethod
    def of(cls, happenings: Iterable[Happening]) -> Events:
        """Sort happenings; comings and goings of persons become `everyone left` and `somebody came home`."""
        events = cls()
        states: dict[str, str] = {}
        for each in sorted(happenings, key=lambda each: each.time):
            names = [each.what]
            if each.entity.startswith("person."):
                names += _presence(each, states)
            for what in names:
                events.times[what].append(each)
                events.occasions[what].append(Occasion(each.time, _circumstances(each.time, states)))
            if each.entity:
                states[each.entity] = each.what.partition("=")[2]
        events.days = sorted({each.time.date() for all_ in events.times.values() for each in all_})
        return events


def _presence(each: Happening, states: dict[str, str]) -> list[str]:
    others = [state for id, state in states.items() if id.startswith("person.") and id != each.entity]
    if each.what.endswith("=home"):
        return [] if "home" in others else [CAME]
    return [] if "home" in others else [LEFT]


def _circumstances(now: datetime, states: dict[str, str]) -> frozenset[str]:
    part = part_of_day(now)
    week = "weekend" if part.endswith("+") else "weekday"
    return frozenset({part.removesuffix("+"), week, *(f"{entity}={state}" for entity, state in states.items())})


def mine(happenings: Iterable[Happening], least: float = 0.5) -> list[Habit]:
    """The habits with at least this probability, the surest first; each deed is explained once."""
    events = Events.of(happenings)
    activity = _activity(events)
    found: list[Habit] = []
    for deed, done in events.times.items():
        mine_ = [each for each in done if not each.own]
        days = {each.time.date() for each in mine_}
        if not _is_deed(deed) or len(days) < LEAST_DAYS or _by_itself(events, mine_):
            continue
        rivals = [_follows(events, trigger, deed, mine_, activity) for trigger in events.occasions]
        rivals.append(_by_the_clock(events, deed, mine_))
        found += _explained([each for each in rivals if each is not None and each.sure >= least])
    return sorted(found, key=lambda each: -each.sure)


def _is_deed(what: str) -> bool:
    return what.startswith(SAID) or ("=" in what and not what.startswith(("person.", ASKED)))


def _by_itself(events: Events, done: Sequence[Happening]) -> bool:
    """Whether a device does it a constant time after it was last changed: a machine that has finished."""
    if any(each.who is not None for each in done) or not done[0].entity:
        return False
    entity, deed = done[0].entity, done[0].what
    others = (all_ for what, all_ in events.times.items() if what.startswith(f"{entity}=") and what != deed)
    same = sorted(each.time for all_ in others for each in all_)
    waits = [
        (each.time - same[place - 1]).total_seconds() for each in done if (place := bisect_left(same, each.time)) > 0
    ]
    if len(waits) < LEAST_DAYS:
        return False
    mean = sum(waits) / len(waits)
    spread = math.sqrt(sum((wait - mean) ** 2 for wait in waits) / len(waits))
    return spread <= ITSELF * mean


def _follows(
    events: Events, trigger: str, deed: str, done: Sequence[Happening], activity: Sequence[datetime]
) -> Habit | None:
    """The habit "deed follows trigger", under the condition that makes it surest; `None` where it can be none."""
    own = Happening(datetime.min, trigger).entity
    if trigger == deed or (own and own == Happening(datetime.min, deed).entity) or own.startswith("person."):
        return None
    window = WINDOWS.get(trigger, WINDOW)
    lead = BEFORE_LEAVING if trigger == LEFT else -SLACK
    times = [each.time for each in done]
    trials: dict[date, tuple[Occasion, Happening | None]] = {}
    for occasion in events.occasions[trigger]:
        first = bisect_left(times, occasion.time - lead)
        hit = done[first] if first < len(times) and times[first] <= occasion.time + window else None
        known = trials.get(occasion.time.date())
        if known is None or known[1] is None:
            trials[occasion.time.date()] = (occasion, hit)
    hits = [day for day, (_, hit) in trials.items() if hit is not None]
    if len(hits) < LEAST_DAYS:
        return None
    span = window + max(lead, timedelta(0))
    at = [trials[day][0].time for day in hits]
    base = max(_rate(times, span, at, len(events.days)), _busy(times, activity, span))
    best: Habit | None = None
    for when in ("", *_conditions(trials)):
        chosen = {day: trial for day, trial in trials.items() if not when or when in trial[0].circumstances}
        followed = {day: hit for day, (_, hit) in chosen.items() if hit is not None}
        if len(followed) < LEAST_DAYS:
            continue
        sure = _posterior(len(followed), len(chosen), base, PRIOR / (CONDITIONS if when else 1.0))
        if best is None or sure > best.sure:
            best = _habit(trigger, deed, followed, len(chosen), base, sure, when)
    return best


def _conditions(trials: dict[date, tuple[Occasion, Happening | None]]) -> list[str]:
    """Circumstances of most successes that were missing on some failures, so that they may tell the two apart."""
    hits = [occasion.circumstances for occasion, hit in trials.values() if hit is not None]
    misses = [occasion.circumstances for occasion, hit in trials.values() if hit is None]
    if not misses:
        return []
    shared = frozenset.intersection(*hits)
    return sorted(each for each in shared if any(each not in miss for miss in misses))


def _by_the_clock(events: Events, deed: str, done: Sequence[Happening]) -> Habit | None:
    """The habit "deed at about this time": the twenty minutes on either side that hold it on most days."""
    best: Habit | None = None
    for when, fits in (("", range(7)), ("weekday", range(5)), ("weekend", range(5, 7))):
        days = [day for day in events.days if day.weekday() in fits]
        inside = [each for each in done if each.time.weekday() in fits]
        if len({each.time.date() for each in inside}) < LEAST_DAYS:
            continue
        width = CLOCK_WIDTH.total_seconds() / 60
        rate = len(inside) / max(1, len(days)) / AWAKE
        base = 1 - math.exp(-rate * 2 * width)
        places = [
            (len({e.time.date() for e in inside if abs(_minute(e.time) - _minute(c.time)) <= width}), _minute(c.time))
            for c in inside
        ]
        _, centre = max(places)
        followed = {e.time.date(): e for e in inside if abs(_minute(e.time) - centre) <= width}
        sure = _posterior(len(followed), len(days), base, PRIOR / CLOCK_PLACES)
        if best is None or sure > best.sure:
            middle = sorted(_minute(each.time) for each in followed.values())[len(followed) // 2]
            best = _habit("clock", deed, followed, len(days), base, sure, when, middle)
    return best


def _habit(
    trigger: str, deed: str, followed: dict[date, Happening], of: int, base: float, sure: float, when: str,
    at: int | None = None,
) -> Habit:  # fmt: skip
    names = [each.who for each in followed.values()]
    usual = max(set(names), key=lambda name: (names.count(name), str(name)))
    who = usual if names.count(usual) >= 0.9 * len(names) else None
    text = next((each.text for each in reversed(followed.values()) if each.text), "")
    return Habit(trigger, deed, len(followed), of, base, sure, when, who, text, at, tuple(sorted(followed)))


def _explained(rivals: Sequence[Habit]) -> list[Habit]:
    """The explanations of one deed that do not share most of their days with a surer one.

    What follows an event is preferred to what goes by the clock, as far as they are about as sure.
    """
    kept: list[Habit] = []
    for each in sorted(rivals, key=lambda each: (each.trigger == "clock", -round(each.sure, 2), -each.lift)):
        if all(len(set(each.days) & set(other.days)) < 0.5 * len(each.days) for other in kept):
            kept.append(each)
    return kept


def _posterior(times: int, of: int, base: float, prior: float) -> float:
    """The probability that it is a habit.

    >>> _posterior(5, 5, 0.1, 0.02) > 0.9 > _posterior(2, 5, 0.1, 0.02)
    True
    """
    base = min(max(base, 0.01), 0.95)
    chance = (base * CHANCE_WEIGHT, (1 - base) * CHANCE_WEIGHT)
    odds = math.log(prior / (1 - prior)) + _likelihood(times, of, *HABIT) - _likelihood(times, of, *chance)
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))


def _likelihood(times: int, of: int, a: float, b: float) -> float:
    """Log probability of so many successes under a Beta-binomial, up to what cancels."""
    return _beta(times + a, of - times + b) - _beta(a, b)


def _beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _minute(time: datetime) -> int:
    return time.hour * 60 + time.minute


def _rate(times: Sequence[datetime], window: timedelta, at: Sequence[datetime], days: int) -> float:
    """How likely the deed falls into a window by chance, from its own frequency around that time of day."""
    minutes = window.total_seconds() / 60
    total = 0.0
    for moment in at:
        distances = (abs(_minute(moment) - _minute(each)) for each in times)
        near = sum(math.exp(-0.5 * (min(d, 1440 - d) / BANDWIDTH) ** 2) for d in distances)
        per_minute = near / (BANDWIDTH * math.sqrt(2 * math.pi)) / max(1, days)
        total += 1 - math.exp(-per_minute * minutes)
    return total / max(1, len(at))


def _activity(events: Events) -> list[datetime]:
    """When anybody did anything: deeds come in bursts."""
    return sorted(each.time for what, done in events.times.items() if _is_deed(what) for each in done if not each.own)


def _busy(times: Sequence[datetime], activity: Sequence[datetime], window: timedelta) -> float:
    """How likely the deed comes so soon after something that was done, whatever it was."""
    followed = sum(bisect_right(activity, time - SLACK) - bisect_left(activity, time - window) for time in times)
    return min(0.95, followed / max(1, len(activity)))
