"""The habits of a household: written down as things happen, mined once a day, kept in the ledger, and foreseen."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from assistant.engine import Parts
from assistant.habits.diary import SAID, Diary, Happening, of_change, of_turn
from assistant.habits.mining import WINDOW, WINDOWS, Events, Habit, mine
from assistant.habits.words import request_of, routine_of, trigger_of
from assistant.history import Change
from assistant.home import Home
from assistant.learning.ledger import FORGOTTEN, Ledger
from assistant.observer import Phase
from assistant.store import Store
from assistant.store.items import Beta, Item, ItemState, Layer
from assistant.teaching.taught import HABIT, TOLD
from assistant.turn import Context, States, Turn

SURE = 0.9
"""A habit is used from this probability on (tuned on the people of `tune`)."""
STRONGEST = 2.5
"""The strongest that a habit can speak for a device, in log-odds."""
SAVED_EVERY = 30.0
"""Seconds between two writings of the diary; what a crash in between loses is still in the home's history."""
CLOCK_NEAR = 25
"""Minutes around its time of day in which a habit by the clock is foreseen."""
_FIELDS = ("trigger", "deed", "times", "of", "base", "sure", "when", "who", "text", "at")


def habit_of(item: Item) -> Habit:
    """The habit that an item holds."""
    return Habit(**{name: item.details[name] for name in _FIELDS})


def item_of(habit: Habit, household: str, home: Home, now: datetime) -> Item | None:
    """The habit as an item of the ledger; `None` where there are no words for it."""
    request, trigger = request_of(habit, home), trigger_of(habit, home)
    if request is None or trigger is None:
        return None
    key = "|".join((household, habit.trigger, habit.deed, habit.when, habit.who or ""))
    who = habit.who.capitalize() if habit.who else "You"
    told = f"{who} usually {_third(request) if habit.who else request} {trigger}."
    days = f"{habit.times} of {habit.of} days"
    return Item(
        id=f"habit-{hashlib.sha256(key.encode()).hexdigest()[:8]}",
        kind=HABIT,
        layer=Layer.PERSONAL,
        before=trigger,
        after=request,
        state=ItemState.TRIAL,
        household=household,
        speaker=habit.who,
        score=round(habit.sure, 4),
        support=habit.times,
        customers=1,
        reason=f"it happened on {days}, {habit.lift:.1f} times as often as by chance",
        evidence=tuple(day.isoformat() for day in habit.days),
        since=now.replace(microsecond=0),
        details={
            TOLD: told,
            **{name: getattr(habit, name) for name in _FIELDS},
            "routine": routine_of(habit, request, home),
        },
    )


def _third(request: str) -> str:
    verb, _, rest = request.partition(" ")
    return f"{verb}{'es' if verb.endswith(('sh', 's', 'ch')) else 's'} {rest}"


class Habits:
    """An observer of the engine. `rest` mines once a day, while nobody waits."""

    def __init__(self, parts: Parts, ledger: Ledger, private: Callable[[], bool]) -> None:
        self._parts = parts
        self._ledger = ledger
        self._store: Store = parts.store
        self._private = private
        self.diary = Diary(parts.store)
        self._read_to = max((each.time for each in self.diary), default=datetime.min)
        self._read: set[Change] = set()
        self._saved = parts.clock.monotonic()
        self._mined: date | None = None
        self._version = -1
        self._items: list[Item] = []
        self._turn = ""

    # -- writing down ----------------------------------------------------------------------------------------------

    def take_in(self) -> list[Happening]:
        """Write down what the home's history tells since the last time; what is new."""
        fresh = [each for each in self._parts.history.latest(self._read_to) if each not in self._read][::-1]
        if not fresh:
            return []
        self._read_to = fresh[-1].time
        self._read = {each for each in (*self._read, *fresh) if each.time == self._read_to}
        if self._private():
            return []
        states = self._parts.timers.states()
        new = [found for each in fresh if (found := of_change(each, states)) is not None]
        for each in new:
            self.diary.add(each)
        return new

    def turn_changed(self, turn: Turn) -> None:
        """Write down a request that changes no device, once."""
        if turn.id == self._turn or self._private():
            return
        self._turn = turn.id
        if (said := of_turn(turn)) is not None:
            self.diary.add(said)

    def said(self, text: str) -> None:
        """Nothing to learn."""

    def phase_changed(self, phase: Phase) -> None:
        """Nothing to learn."""

    def home_changed(self, entity: str) -> None:
        """Nothing to learn: the history tells."""

    # -- mining ----------------------------------------------------------------------------------------------------

    def rest(self) -> list[Happening]:
        """Take in what happened; once a day, look for habits. What has just happened."""
        new = self.take_in()
        now = self._parts.clock.now()
        if self._mined is None or self._mined < now.date():
            self._mined = now.date()
            self.learn(now)
        if (monotonic := self._parts.clock.monotonic()) - self._saved >= SAVED_EVERY:
            self._saved = monotonic
            self.diary.save(now)
        return new

    def learn(self, now: datetime) -> None:
        """Mine the diary and bring the ledger's habits in line with it."""
        known = {item.id: item for item in self._ledger.items(HABIT)}
        forgotten = {id: set(each["turns"]) for id, each in self._store.kept(FORGOTTEN).items()}
        home = self._parts.twin.home
        found: dict[str, Item] = {}
        for habit in mine(self.diary, SURE):
            item = item_of(habit, self._parts.household, home, now)
            if item is None or set(item.evidence) <= forgotten.get(item.id, set()):
                continue
            found[item.id] = _renewed(known.get(item.id), item)
        changed = [item for item in found.values() if item != known.get(item.id)]
        gone = [id for id, old in known.items() if id not in found and old.decided is None and _untouched(old)]
        if changed or gone:
            self._store.items.put(changed, gone)

    # -- foreseeing ------------------------------------------------------------------------------------------------

    def items(self) -> list[Item]:
        """The habits in use."""
        if self._ledger.version != self._version:
            self._version = self._ledger.version
            self._items = [item for item in self._ledger.items(HABIT) if item.live]
        return self._items

    def due(self, context: Context) -> Mapping[str, float]:
        """The devices that usually follow what has just happened, with the log-odds that speak for each."""
        self.take_in()
        known = self.items()
        if not known:
            return {}
        recent = Events.of(self.diary.since(context.now - max(WINDOWS.values())))
        found: dict[str, float] = {}
        for item in known:
            habit = habit_of(item)
            if habit.deed.startswith(SAID) or (habit.who is not None and habit.who != context.speaker):
                continue
            if fits(habit, recent, context.now, context.states):
                entity = habit.deed.partition("=")[0]
                odds = math.log(max(habit.rate, 1e-3) / max(habit.base, 1e-2))
                found[entity] = max(found.get(entity, 0.0), min(STRONGEST, odds))
        return found


def fits(habit: Habit, recent: Events, now: datetime, states: States) -> bool:
    """Whether the trigger of a habit came just now, in its circumstances."""
    if habit.trigger == "clock":
        minute = now.hour * 60 + now.minute
        day = {"weekday": now.weekday() < 5, "weekend": now.weekday() >= 5}.get(habit.when, True)
        return day and habit.at is not None and abs(minute - habit.at) <= CLOCK_NEAR
    within = WINDOWS.get(habit.trigger, WINDOW)
    return any(
        timedelta(0) <= now - occasion.time <= within
        and (not habit.when or habit.when in occasion.circumstances or _is_so(habit.when, states))
        for occasion in recent.occasions.get(habit.trigger, ())
    )


def _is_so(condition: str, states: States) -> bool:
    """Whether a device is in the state of a condition."""
    entity, _, state = condition.partition("=")
    return entity in states and states[entity].state == state


def _renewed(old: Item | None, new: Item) -> Item:
    """Newly mined evidence, with what people answered to it before."""
    if old is None:
        return new
    routine = old.details.get("asked_routine")
    details = {**new.details, **({"asked_routine": routine} if routine else {})}
    details |= {key: old.details[key] for key in ("last_asked",) if key in old.details}
    return replace(
        new, state=old.state, decided=old.decided, applied=old.applied, since=old.since, version=old.version,
        reason=old.reason if old.decided else new.reason, details=details,
    )  # fmt: skip


def _untouched(item: Item) -> bool:
    return item.applied == Beta() and item.state is ItemState.TRIAL
