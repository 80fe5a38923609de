"""Suggestions: what a habit leads to expect is offered at a good time. Declined it fades; accepted it may be a routine.

The worth of an offer is the probability that it is wanted: that the habit is one, that it holds this time, and that
this person takes such an offer (a Beta over the answers so far). It is made when that outweighs what asking costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.engine import Engine
from assistant.habits.diary import ALARM, LEFT, SAID
from assistant.habits.habits import Habits, fits, habit_of
from assistant.habits.mining import WINDOWS, Events, Habit
from assistant.learning.ledger import Ledger
from assistant.risk import risk_of
from assistant.store.items import Beta, Item, ItemState
from assistant.teaching.lesson import Lesson
from assistant.teaching.manners import Manners
from assistant.teaching.teacher import Teacher
from assistant.turn import Turn

WORTH = 0.4
"""An offer must be wanted at least this probably (tuned on the people of `tune`)."""
TAKES = (2.0, 1.0)
"""Beta prior of how readily an offer is taken."""
PATIENCE = 0.15
"""What each question that is still remembered adds to the worth that the next must have."""
PAUSE = 4.0
"""Seconds of quiet before something is offered."""
LOOKS = 2.0
"""Seconds between two looks at what is due."""
PRESENT = timedelta(minutes=3)
"""How long ago somebody must have spoken to be taken for present."""
AGAIN = timedelta(days=3)
"""How long a declined offer rests; twice as long with each no."""
EARLY = 5
"""Minutes before its time of day that something is offered."""
TOGETHER = 3
"""Deeds of one trigger that are offered in one question."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """An offer that was made: about these habits, to do it now or (`routine`) from now on."""

    suggester: Suggester
    items: tuple[Item, ...]
    routine: bool

    def answered(self, yes: bool | None) -> None:
        """Take note of the answer."""
        self.suggester.answered(self, yes)


class Suggester:
    """Decides whether to offer something; `rest` is called while nobody speaks."""

    def __init__(self, habits: Habits, engine: Engine, teacher: Teacher, manners: Manners, ledger: Ledger) -> None:
        self._habits = habits
        self._engine = engine
        self._teacher = teacher
        self._manners = manners
        self._ledger = ledger
        self._last: Turn | None = None
        self._quiet_since = 0.0
        self._next: Suggested | None = None
        self._looked = 0.0

    def heard(self, turn: Turn) -> None:
        """Take note of who speaks, and where."""
        if turn.said:
            self._last = turn
        self._quiet_since = self._engine.parts.clock.monotonic()

    def rest(self) -> None:
        """Offer what is due, if anything is."""
        clock = self._engine.parts.clock
        if clock.monotonic() - self._looked < LOOKS:
            return
        self._looked = clock.monotonic()
        self._habits.rest()
        if clock.monotonic() - self._quiet_since < PAUSE or self._teacher.guest.on:
            return
        if self._next is not None:
            following, self._next = self._next, None
            self._offer(following, clock.now())
            return
        items = [item for item in self._habits.items() if item.state is ItemState.TRIAL]
        if not items or self._teacher.asked(clock.now()) is not None:
            return
        if (chosen := self._due(items, clock.now())) is not None:
            self._offer(chosen, clock.now())

    # -- choosing --------------------------------------------------------------------------------------------------

    def _due(self, items: Sequence[Item], now: datetime) -> Suggested | None:
        """What to offer now, of all that is expected: the deeds of one trigger."""
        states = self._engine.states()
        recent = Events.of(self._habits.diary.since(now - max(WINDOWS.values())))
        waiting: list[tuple[Item, Habit]] = []
        for item in items:
            habit = habit_of(item)
            if self._rested(item, now) and self._wanted(item, habit, now) and self._safe(habit):
                routine_only = habit.trigger == LEFT
                due = self._somebody(now) if routine_only else fits(habit, recent, now, states) and _on_time(habit, now)
                if due and (routine_only or self._open(habit, recent)):
                    waiting.append((item, habit))
        if not waiting:
            return None
        first, chosen = waiting[0]
        if any(id.startswith("timer.") and state.state == "ringing" for id, state in states.items()):
            return None
        if not self._manners.at_ease(now, chosen.trigger == ALARM):
            return None
        same = [item for item, habit in waiting if (habit.trigger, habit.when) == (chosen.trigger, chosen.when)]
        together = (first, *(each for each in same if each is not first))[:TOGETHER]
        routine = chosen.trigger == LEFT
        if routine and any(not item.details["routine"] for item in together):
            return None
        return Suggested(self, together, routine)

    def _somebody(self, now: datetime) -> bool:
        return self._last is not None and now - self._last.context.now <= PRESENT

    def _wanted(self, item: Item, habit: Habit, now: datetime) -> bool:
        speaker = self._last.context.speaker if self._last is not None and self._somebody(now) else None
        if habit.who is not None and speaker is not None and habit.who != speaker:
            return False
        takes = (item.applied.wins + TAKES[0]) / (item.applied.total + sum(TAKES))
        return habit.sure * habit.rate * takes >= WORTH + PATIENCE * self._manners.fatigue(speaker, now)

    def _rested(self, item: Item, now: datetime) -> bool:
        """Whether it was not offered today, nor lately after a no."""
        told = item.details.get("last_asked")
        if told is None:
            return True
        since = now - datetime.fromisoformat(str(told))
        nos = int(item.applied.losses)
        return since >= (AGAIN * 2 ** (nos - 1) if nos else timedelta(hours=12))

    def _open(self, habit: Habit, recent: Events) -> bool:
        """Whether the deed is still to be done."""
        if habit.deed.startswith(SAID):
            return habit.deed not in recent.times
        entity, _, wished = habit.deed.partition("=")
        state = self._engine.states().get(entity)
        return state is not None and state.state not in {wished, "unavailable", "unknown"}

    def _safe(self, habit: Habit) -> bool:
        """What opens, unlocks or heats is never suggested."""
        entity, _, state = habit.deed.partition("=")
        known = self._engine.parts.twin.home.entities.get(entity)
        return habit.deed.startswith(SAID) or (known is not None and risk_of(known, {"state": state}) == "none")

    # -- offering --------------------------------------------------------------------------------------------------

    def _offer(self, chosen: Suggested, now: datetime) -> None:
        """Ask, if the requests still mean what they should."""
        requests = tuple(str(item.details["routine"]) if chosen.routine else item.after for item in chosen.items)
        deeds = " and ".join(item.after for item in chosen.items)
        item = chosen.items[0]
        last = self._last
        speaker = last.context.speaker if last is not None and self._somebody(now) else item.speaker
        room = last.context.room if last is not None else None
        question = f"You usually {deeds} {item.before}. Shall I?"
        if chosen.routine:
            question = f"Shall I {deeds} {item.before} from now on?"
        turn = self._engine.ask(question, speaker, room)
        self._manners.asked(speaker, now)
        self._teacher.open(turn, Lesson("", requests=requests, offer=chosen))
        for each in chosen.items:
            self._ledger.keep(replace(each, details={**each.details, "last_asked": now.isoformat()}))

    def answered(self, offer: Suggested, yes: bool | None) -> None:
        """A yes is a win, and leads to the question whether always; a no is a loss; silence half of one."""
        known = {item.id: item for item in self._habits.items()}
        for each in offer.items:
            item = known.get(each.id)
            if item is None:
                continue
            if not offer.routine or (item.details["trigger"] == LEFT and not yes):
                item = _judged(item, yes)
            if offer.routine:
                item = replace(item, state=ItemState.ACTIVE if yes else item.state)
                item = replace(item, details={**item.details, "asked_routine": True})
            self._ledger.keep(item)
        able = [known[each.id] for each in offer.items if each.id in known and each.details["routine"]]
        if yes and not offer.routine and able and not any(each.details.get("asked_routine") for each in able):
            self._next = Suggested(self, tuple(able), True)


def _on_time(habit: Habit, now: datetime) -> bool:
    """Whether what goes by the clock is not offered before its time."""
    return habit.at is None or now.hour * 60 + now.minute >= habit.at - EARLY


def _judged(item: Item, yes: bool | None) -> Item:
    """The habit after one more answer; the reason tells how offers of it were taken."""
    won, lost = (1.0, 0.0) if yes else (0.0, 1.0 if yes is False else 0.5)
    applied = Beta(item.applied.wins + won, item.applied.losses + lost)
    reason = f"{item.reason.partition('; offered')[0]}; offered, and taken {applied.wins:g} of {applied.total:g} times"
    return replace(item, applied=applied, reason=reason)
