"""The diary: what happened in the home and who caused it, day by day, for as long as habits look back.

It is the log as habits are mined from it: devices that changed (by whose words, or by a hand), alarms, comings and
goings, and requests that change no device. Nothing of it is known only to a simulator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from assistant.history import Change
from assistant.learning.logged import canonical
from assistant.timers import Keeper
from assistant.turn import OutcomeKind, States, Turn
from assistant.watch import SWITCHED_BY_HAND

KIND = "diary"
KEPT_DAYS = 42
"""Days that are looked back on: a habit of weekends needs weeks."""
MOST = 2000
"""Happenings of one day that are kept."""
ALARM = "alarm"
LEFT, CAME = "everyone left", "somebody came home"
SAID = "say "
"""How a happening begins that is a request for something else than a device's state."""
ASKED = "ask "
"""How one begins that this home can't do: it may be followed by something, but is never offered."""
_SETTLED = {
    "opening": "open",
    "closing": "closed",
    "locking": "locked",
    "unlocking": "unlocked",
    "buffering": "playing",
}
_ABOUT = re.compile(r"\b(for|about|of|on|to|in) .*")
_UNASKED = frozenset({"dialogue", "foreign", "history", "schedule"})


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened.

    `what` is `alarm`, `light.kitchen=on`, `person.ann=home`, `say <canonical request>` or `ask <shape of a request>`;
    `who` asked for it, `None` where a hand did it or nobody is known; `text` are the words of a request. What the
    assistant did of its own accord (`own`) may be followed by something, but is nobody's habit.
    """

    time: datetime
    what: str
    who: str | None = None
    text: str = ""
    own: bool = False

    @property
    def entity(self) -> str:
        """The device that changed; empty for everything else."""
        return "" if self.what.startswith((SAID, ASKED)) else self.what.partition("=")[0] if "=" in self.what else ""


def settled(state: str) -> str:
    """The state that one is on its way to.

    >>> settled("opening"), settled("on")
    ('open', 'on')
    """
    return _SETTLED.get(state, state)


def of_change(change: Change, states: States) -> Happening | None:
    """A change of the home as a happening; `None` for what is nobody's doing. `states` tell alarms from timers."""
    domain = change.entity.partition(".")[0]
    if domain == "timer":
        named = str(states[change.entity].attributes.get("friendly_name", "")) if change.entity in states else ""
        rings = change.after == "ringing" and ("alarm" in named or "alarm" in change.entity)
        return Happening(change.time, ALARM) if rings else None
    if domain not in {*SWITCHED_BY_HAND, "person"}:
        return None
    cause = change.cause
    who = cause.speaker if cause is not None and not cause.rule else None
    own = cause is not None and cause.rule
    return Happening(change.time, f"{change.entity}={settled(change.after)}", who, own=own)


def of_turn(turn: Turn) -> Happening | None:
    """A request that changed no device (a timer, a question) as a happening; `None` for any other turn."""
    intent = turn.intent
    done = turn.outcome is not None and turn.outcome.kind in {OutcomeKind.DONE, OutcomeKind.UNSUPPORTED}
    if intent is None or not done or turn.commands or not turn.said or intent.domain in {"dialogue", "schedule"}:
        return None
    what = f"{ASKED}{_shape(turn.executed)}" if intent.domain in _UNASKED else f"{SAID}{canonical(intent)}"
    return Happening(turn.context.now, what, turn.context.speaker, turn.executed)


def _shape(text: str) -> str:
    """A request without what it is about, so that requests of one kind are one happening.

    >>> _shape("find recipes for chicken")
    'find recipes for'
    """
    return _ABOUT.sub(r"\1", text.lower())


class Diary:
    """The happenings of the last weeks, oldest first, kept in the store a day at a time."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._days: dict[date, list[Happening]] = {}
        for day, document in keeper.kept(KIND).items():
            self._days[date.fromisoformat(day)] = [_happening(each) for each in document["happenings"]]
        self._unsaved: set[date] = set()

    def add(self, happening: Happening) -> None:
        """Write one down; repetitions within a minute are one."""
        today = self._days.setdefault(happening.time.date(), [])
        again = any(
            each.what == happening.what and abs((happening.time - each.time).total_seconds()) < 60
            for each in today[-20:]
        )
        if not again and len(today) < MOST:
            today.append(happening)
            self._unsaved.add(happening.time.date())

    def save(self, now: datetime) -> None:
        """Keep what is new, and drop what is too old."""
        for day in self._unsaved:
            self._keeper.keep(KIND, day.isoformat(), {"happenings": [_document(each) for each in self._days[day]]})
        self._unsaved.clear()
        for day in [day for day in self._days if (now.date() - day).days > KEPT_DAYS]:
            del self._days[day]
            self._keeper.drop(KIND, day.isoformat())

    def __iter__(self) -> Iterator[Happening]:
        for day in sorted(self._days):
            yield from sorted(self._days[day], key=lambda each: each.time)

    def since(self, moment: datetime) -> list[Happening]:
        """What happened from a moment on, oldest first."""
        days = [self._days[day] for day in sorted(self._days) if day >= moment.date()]
        return [each for day in days for each in day if each.time >= moment]


def _document(happening: Happening) -> list[object]:
    return [happening.time.isoformat(), happening.what, happening.who, happening.text, happening.own]


def _happening(document: list[object]) -> Happening:
    time, what, who, text, own = document
    return Happening(datetime.fromisoformat(str(time)), str(what), str(who) if who else None, str(text), bool(own))
