"""Timers and alarms: kept in the store, so that they survive a restart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from assistant.turn import Ask, Intent, Refuse, State

RING_SECONDS = 60.0
KIND = "timer"


class Keeper(Protocol):
    """Where timers are kept: the store."""

    def keep(self, kind: str, id: str, document: Mapping[str, Any]) -> None:
        """Save or replace a document."""

    def kept(self, kind: str) -> dict[str, dict[str, Any]]:
        """All documents of a kind, by id."""

    def drop(self, kind: str, id: str) -> None:
        """Remove a document."""


@dataclass(frozen=True, slots=True)
class Timer:
    """One thing that rings: a `timer`, an `alarm` or a `reminder`, whose name is what to be reminded of.

    `seconds` is the whole duration; `remaining` is set while it is paused. `ringing` since that moment.
    """

    id: str
    name: str
    kind: str
    due: datetime
    seconds: float
    remaining: float | None = None
    ringing: datetime | None = None
    repeat: str = ""

    @property
    def says(self) -> str:
        """What is said when it is due."""
        if self.kind == "reminder":
            return f"Reminder: {self.name}."
        return f"The {self.name} is done." if self.kind == "timer" else f"It is {self.due:%H:%M}."

    @property
    def state(self) -> State:
        """How it shows among the states of the home."""
        word = "ringing" if self.ringing else "paused" if self.remaining is not None else "active"
        attributes = {"friendly_name": self.name, "duration": self.seconds, "finishes_at": self.due.isoformat()}
        if self.remaining is not None:
            attributes["remaining"] = self.remaining
        return State(word, attributes)


def spoken_duration(seconds: float) -> str:
    """A duration in words, with digits.

    >>> spoken_duration(5400), spoken_duration(61), spoken_duration(0)
    ('1 hour and 30 minutes', '1 minute and 1 second', '0 seconds')
    """
    left = round(seconds)
    parts = []
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    if len(parts) < 2:
        return parts[0] if parts else "0 seconds"
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


FAR = 100 * 366 * 86400.0
"""Seconds until the last moment that is waited for: a century."""


def moment(slots: Mapping[str, Any], now: datetime) -> datetime | None:
    """When something is due, from the slots `at` (`HH:MM` or ISO), `day`, or `after` and `duration` (seconds).

    A clock time that may be either half of the day (`at_ambiguous`) is the next one of the two.

    >>> moment({"at": "07:00"}, datetime(2026, 3, 2, 22, 0)).isoformat()
    '2026-03-03T07:00:00'
    >>> moment({"at": "07:00", "at_ambiguous": True}, datetime(2026, 3, 2, 15, 0)).isoformat()
    '2026-03-02T19:00:00'
    >>> moment({"at": "07:00", "day": "friday"}, datetime(2026, 3, 2, 15, 0)).isoformat()
    '2026-03-06T07:00:00'
    >>> moment({"at": "08:00", "at_ambiguous": True, "day": "tomorrow evening"}, datetime(2026, 3, 2)).isoformat()
    '2026-03-03T20:00:00'
    """
    for slot in ("after", "duration"):
        if isinstance(slots.get(slot), int | float):
            return now + timedelta(seconds=min(float(slots[slot]), FAR))
    if not (at := slots.get("at")):
        return None
    try:
        if "T" in str(at):
            return datetime.fromisoformat(str(at))
        due = datetime.combine(_day(slots, now), time.fromisoformat(str(at)))
    except ValueError:
        return None
    late = bool(_LATE.search(str(slots.get("day") or ""))) and due.hour < 12
    if slots.get("at_ambiguous") and (late or due <= now) and due + timedelta(hours=12) > now:
        return due + timedelta(hours=12)
    return due if due > now else due + timedelta(days=1)


_LATE = re.compile(r"\b(?:tonight|evening|afternoon|night)\b")
"""Words that settle which half of the day an hour is in."""


def is_repeat(words: Any) -> bool:
    """Whether a slot `when` only tells how often.

    >>> is_repeat("every weekday"), is_repeat("the garage opens")
    (True, False)
    """
    return bool(words) and bool(re.match(r"^(every|each) \w+$", str(words)))


def _day(slots: Mapping[str, Any], now: datetime) -> date:
    """The day that was said; today when none was. Raises `ValueError` for words that are no day."""
    words = str(slots.get("day") or "today").lower()
    if "tomorrow" in words:
        return now.date() + timedelta(days=1 + ("after tomorrow" in words))
    for number, name in enumerate(WEEKDAYS):
        if name in words:
            return now.date() + timedelta(days=(number - now.weekday()) % 7)
    if slots.get("day") and not any(word in words for word in ("today", "tonight", "this", "morning", "evening")):
        raise ValueError(f"{words!r} is no day")
    return now.date()


@dataclass
class Timers:
    """All that is due, soonest first. Every change is kept at once."""

    keeper: Keeper
    _timers: dict[str, Timer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, document in self.keeper.kept(KIND).items():
            self._timers[key] = _from_document(document)

    def __iter__(self) -> Iterator[Timer]:
        return iter(sorted(self._timers.values(), key=lambda timer: timer.due))

    def states(self) -> dict[str, State]:
        """The timers and alarms as entities."""
        return {timer.id: timer.state for timer in self._timers.values()}

    def next_due(self) -> datetime | None:
        """The next moment at which something happens; `None` when nothing will."""
        moments = [_next_moment(timer) for timer in self._timers.values()]
        return min((each for each in moments if each), default=None)

    def start(self, timer: Timer) -> Timer:
        """Add a timer; its id is made unique."""
        base, count = timer.id, 2
        while timer.id in self._timers:
            timer, count = replace(timer, id=f"{base}_{count}"), count + 1
        self._put(timer)
        return timer

    def take_due(self, now: datetime) -> list[Timer]:
        """What has become due begins to ring; what rang long enough ends."""
        fired = []
        for timer in list(self):
            if timer.ringing and (now - timer.ringing).total_seconds() >= RING_SECONDS:
                self._end(timer)
            elif timer.ringing is None and timer.remaining is None and timer.due <= now:
                fired.append(timer)
                self._put(replace(timer, ringing=now))
        return fired

    def silence(self) -> bool:
        """End what is ringing; whether anything was."""
        ringing = [timer for timer in self if timer.ringing]
        for timer in ringing:
            self._end(timer)
        return bool(ringing)

    def _end(self, timer: Timer) -> None:
        """What has rung is gone, or set again when it repeats."""
        following = _next_day(timer)
        if following is None:
            self._drop(timer)
        else:
            self._put(replace(timer, due=following, ringing=None))

    def carry_out(self, intent: Intent, now: datetime) -> str:
        """Do what a `timer.*` intent asks for, and say what was done."""
        return _Request(self, intent, now).carry_out()

    def _put(self, timer: Timer) -> None:
        self._timers[timer.id] = timer
        self.keeper.keep(KIND, timer.id, _document(timer))

    def _drop(self, timer: Timer) -> None:
        self._timers.pop(timer.id, None)
        self.keeper.drop(KIND, timer.id)


def start_problem(slots: Mapping[str, Any], now: datetime) -> Ask | Refuse | None:
    """Why a timer, alarm or reminder can't be started, or the question that is due: how long, or when.

    >>> start_problem({"duration": 0}, datetime(2026, 3, 2)).reason
    'A timer runs for at least a second and at most a century.'
    """
    if "condition" in slots:
        return None
    due = moment(slots, now)
    if due is None:
        clock = slots.get("device_class") in {"alarm", "reminder"}
        return Ask("For what time?" if clock else "For how long should I set the timer?")
    if not 1 <= (due - now).total_seconds() < FAR:
        return Refuse("out_of_range", "A timer runs for at least a second and at most a century.")
    return None


@dataclass(frozen=True, slots=True)
class _Request:
    """One spoken request about timers."""

    timers: Timers
    intent: Intent
    now: datetime

    def carry_out(self) -> str:
        verb = self.intent.verb
        if verb == "start":
            return self._start()
        found = self._meant()
        if not found:
            kind = self.intent.slots.get("device_class")
            return f"There is no such {kind if kind in {'alarm', 'reminder'} else 'timer'}."
        if verb == "query":
            return " ".join(_told(each, self.now) for each in found)
        if len(found) > 1 and self.intent.slots.get("quantity") not in {"all", "both", "plural"}:
            return f"Which one: {', '.join(_called(each) for each in found[:-1])} or {_called(found[-1])}?"
        if verb == "cancel":
            for each in found:
                self.timers._drop(each)
            return f"Canceled {' and '.join(_called(each) for each in found)}."
        return self._change(found[0], verb)

    def _start(self) -> str:
        slots = self.intent.slots
        due = moment(slots, self.now)
        assert due is not None, "the policy asks for what is missing"
        alarm = bool(slots.get("at"))
        named = str(slots.get("timer_name") or "").strip()
        seconds = (due - self.now).total_seconds()
        if slots.get("device_class") == "reminder" and named:
            timer = Timer(f"timer.{_slug(named)}", named, "reminder", due, (due - self.now).total_seconds())
            self.timers.start(timer)
            return f"I will remind you {moment_in_words(due, self.now)}: {named}."
        kind = "alarm" if alarm else "timer"
        name = f"{named} {kind}" if named else kind if alarm else f"{_adjective(seconds)} timer"
        repeat = str(slots.get("repeat") or "").lower()
        timer = Timer(f"timer.{_slug(named or kind)}", name, kind, due, seconds, repeat=repeat)
        self.timers.start(timer)
        if alarm:
            days = (due.date() - self.now.date()).days
            when = f", {repeat}" if repeat else f" on {due:%A}" if days > 1 else " tomorrow" if days else ""
            return f"The {name} is set for {due:%H:%M}{when}."
        return f"The {name} is running." if not named else f"The {name} is set for {spoken_duration(seconds)}."

    def _meant(self) -> list[Timer]:
        slots = self.intent.slots
        here = list(self.timers)
        if named := slots.get("timer_name"):
            here = [timer for timer in here if _slug(str(named)) in _slug(timer.name)]
        if length := slots.get("length"):
            here = [timer for timer in here if abs(timer.seconds - float(length)) < 1]
        if slots.get("device_class") in {"alarm", "timer", "reminder"}:
            here = [timer for timer in here if timer.kind == slots["device_class"]]
        ringing = [timer for timer in here if timer.ringing]
        return ringing if ringing and self.intent.verb != "query" else here

    def _moved(self, timer: Timer) -> datetime | None:
        """When it is due instead; an alarm for the morning stays in the morning."""
        slots = self.intent.slots
        if timer.kind == "alarm" and slots.get("at_ambiguous"):
            slots = {key: value for key, value in slots.items() if key != "at_ambiguous"}
            hour = int(str(slots["at"])[:2]) % 12 + (12 if timer.due.hour >= 12 else 0)
            due = datetime.combine(timer.due.date(), time(hour, int(str(slots["at"])[3:5])))
            return due if due > self.now else due + timedelta(days=1)
        return moment(slots, self.now)

    def _change(self, timer: Timer, verb: str) -> str:
        if verb == "pause":
            left = (timer.due - self.now).total_seconds()
            self.timers._put(replace(timer, remaining=left))
            return f"The {timer.name} is paused."
        if verb == "resume":
            left = timer.remaining if timer.remaining is not None else (timer.due - self.now).total_seconds()
            self.timers._put(replace(timer, remaining=None, due=self.now + timedelta(seconds=left)))
            return f"The {timer.name} is running again."
        if self.intent.slots.get("change") == "set" and (anew := self._moved(timer)):
            self.timers._put(replace(timer, due=anew, remaining=None))
            return f"The {timer.name} {_left(replace(timer, due=anew, remaining=None), self.now)}."
        amount = float(self.intent.slots.get("amount") or 0)
        due = timer.due + timedelta(seconds=min(amount, FAR))
        if due <= self.now:
            return f"The {timer.name} only {_left(timer, self.now)}."
        self.timers._put(replace(timer, due=due, seconds=timer.seconds + amount))
        return f"The {timer.name} has {spoken_duration((due - self.now).total_seconds())} left."


def _adjective(seconds: float) -> str:
    """A duration before a noun.

    >>> _adjective(600)
    '10 minute'
    """
    return spoken_duration(seconds).replace("s and", " and").rstrip("s")


def _called(timer: Timer) -> str:
    return f'the reminder "{timer.name}"' if timer.kind == "reminder" else f"the {timer.name}"


def _told(timer: Timer, now: datetime) -> str:
    if timer.kind == "reminder":
        when = moment_in_words(timer.due, now)
        return f"{when[:1].upper()}{when[1:]}: {timer.name}."
    return f"The {timer.name} {_left(timer, now)}."


def moment_in_words(due: datetime, now: datetime) -> str:
    """When something is due.

    >>> moment_in_words(datetime(2026, 3, 3, 7, 0), datetime(2026, 3, 2, 22, 0))
    'tomorrow at 07:00'
    """
    days = (due.date() - now.date()).days
    day = "" if days == 0 else "tomorrow " if days == 1 else f"on {due:%A} " if days < 7 else f"on {due:%B} {due.day} "
    return f"{day}at {due:%H:%M}"


def _left(timer: Timer, now: datetime) -> str:
    if timer.ringing:
        return "is ringing"
    if timer.remaining is not None:
        return f"is paused with {spoken_duration(timer.remaining)} left"
    if timer.kind == "alarm":
        return f"is set for {timer.due:%H:%M}"
    return f"has {spoken_duration((timer.due - now).total_seconds())} left"


def _next_day(timer: Timer) -> datetime | None:
    """When a repeating alarm is due again: every day, on weekdays, at weekends, or on one weekday."""
    if not timer.repeat:
        return None
    named = [number for number, name in enumerate(WEEKDAYS) if name in timer.repeat]
    wanted = named or (range(5) if "weekday" in timer.repeat else (5, 6) if "weekend" in timer.repeat else range(7))
    return next(day for ahead in range(1, 8) if (day := timer.due + timedelta(days=ahead)).weekday() in wanted)


def _next_moment(timer: Timer) -> datetime | None:
    if timer.ringing:
        return timer.ringing + timedelta(seconds=RING_SECONDS)
    return None if timer.remaining is not None else timer.due


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "timer"


def _document(timer: Timer) -> dict[str, Any]:
    document = asdict(timer)
    document["due"] = timer.due.isoformat()
    document["ringing"] = timer.ringing.isoformat() if timer.ringing else None
    return document


def _from_document(document: Mapping[str, Any]) -> Timer:
    ringing = document.get("ringing")
    return Timer(
        **{
            **document,
            "due": datetime.fromisoformat(document["due"]),
            "ringing": datetime.fromisoformat(ringing) if ringing else None,
        }
    )
