"""Suggestions: offered to people who have the habit, and how often to people who don't."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from assistant.habits.diary import ALARM, CAME, LEFT
from assistant.learning.ledger import Ledger
from assistant.store.items import Item
from assistant.turn import Turn
from simulator.homes import load_home
from simulator.people.customs import Custom, Moment, customs, day_of, with_persons
from simulator.people.goals import full_names
from simulator.study.teaching.shares import Figure, Share, at_least
from simulator.study.teaching.talk import MONDAY, Talk, talking, words

ACCEPTS = 0.85
"""How likely a person takes an offer of what they do anyway."""
PER_WEEK = 1.0
REQUESTS = {"on": "turn on", "off": "turn off", "open": "open", "closed": "close"}
_TRIGGERS = {"alarm": ALARM, "left": LEFT, "came": CAME, "clock": "clock"}


@dataclass
class Tally:
    """What came of the offers in one household."""

    to_those_who_have_it: list[bool] = field(default_factory=list)
    to_others: int = 0
    person_weeks: float = 0.0
    found: Counter[str] = field(default_factory=Counter)
    had: Counter[str] = field(default_factory=Counter)


def figures(split: str, seed: int, households: int, days: int) -> list[Figure]:
    """The figures of suggestions: with habits in half of the households, none in the others."""
    with_habits, without = Tally(), Tally()
    for number in range(households):
        live(split, seed + number, 5, days, with_habits)
        live(split, seed + 1000 + number, 0, days, without)
    others = (with_habits.to_others + without.to_others) / (with_habits.person_weeks + without.person_weeks)
    taken = Share.of_all(with_habits.to_those_who_have_it)
    by_kind = ", ".join(f"{name} {with_habits.found[name]} of {count}" for name, count in with_habits.had.items())
    routines = Share(with_habits.found.total(), with_habits.had.total())
    weeks = round(with_habits.person_weeks + without.person_weeks)
    return [
        at_least("suggestions accepted by people who have the habit", taken, 0.6),
        Figure(
            "suggestions to people who don't have the habit, per person and week", f"under {PER_WEEK:g}",
            round(others, 3), f"{others:.2f} in {weeks} weeks ({without.to_others} where nobody has any)",
            others < PER_WEEK, weeks,
        ),
        Figure(
            "habits that were found, of those that people have", "", round(routines.value, 3),
            f"{routines}: {by_kind}", True, routines.of,
        ),
    ]  # fmt: skip


def live(split: str, seed: int, count: int, days: int, tally: Tally) -> None:
    """Some weeks of a household; its offers are answered and counted."""
    chance = random.Random(f"{seed}|habits")
    people = tuple(words(split)["people"])
    plain = load_home(words(split)["homes"][seed % len(words(split)["homes"])])
    home = with_persons(plain, people)
    kept = customs(plain, people, chance, count)
    household = Household(kept, full_names(plain), chance, tally)
    tally.person_weeks += len(people) * days / 7
    with talking(home, people[0], MONDAY, seed, kept=False) as talk:
        for number in range(days):
            for moment in day_of(plain, people, kept, MONDAY + timedelta(days=number), chance):
                household.live(talk, moment)
        ledger = talk.stage.assistant.ledger
        for custom in kept:
            tally.had[custom.trigger] += 1
            tally.found[custom.trigger] += any(matches(item, custom) for item in ledger.items("habit"))


class Household:
    """People who do as their habits have it, and answer what they are offered."""

    def __init__(self, kept: tuple[Custom, ...], names: dict[str, str], chance: random.Random, tally: Tally) -> None:
        self._kept = kept
        self._names = names
        self._chance = chance
        self._tally = tally
        self._away: set[str] = set()

    def live(self, talk: Talk, moment: Moment) -> None:
        """One moment of a day."""
        if moment.what == "alarm":
            talk.until(moment.time - timedelta(minutes=30), self._answer)
            talk.say(f"set an alarm for {moment.time:%H:%M}")
        talk.until(moment.time, self._answer)
        if moment.what == "stop":
            talk.say("stop", moment.person)
        elif moment.what in {"left", "came"}:
            talk.put(f"person.{moment.person}", "home" if moment.what == "came" else "not_home")
        elif moment.what == "deed":
            self._do(talk, moment)
        for _ in range(4):
            talk.stage.run(3.0)
            self._answer(talk)

    def _do(self, talk: Talk, moment: Moment) -> None:
        if talk.state(moment.entity).state == moment.state:
            return
        if moment.by_voice:
            talk.say(f"{REQUESTS[moment.state]} the {self._names[moment.entity]}", moment.person)
        else:
            talk.stage.world.by_hand(moment.entity, {"state": moment.state})
            talk.stage.assistant.engine.advance()

    def _answer(self, talk: Talk) -> None:
        """Take what one does anyway, most often; decline everything else."""
        asked = talk.asked()
        if asked is None or asked.decision is None or not asked.reply or "hall I" not in asked.reply.text:
            return
        offered = offered_items(talk.stage.assistant.ledger, asked)
        own = bool(offered) and all(any(matches(item, custom) for custom in self._kept) for item in offered)
        routine = "from now on" in asked.reply.text and "You usually" not in asked.reply.text
        takes = own and self._chance.random() < ACCEPTS
        if not routine or any(item.details["trigger"] == LEFT for item in offered):
            if own:
                self._tally.to_those_who_have_it.append(takes)
            else:
                self._tally.to_others += 1
        talk.say("yes" if takes else "no", asked.context.speaker)


def offered_items(ledger: Ledger, asked: Turn) -> list[Item]:
    """The habits that a question is about."""
    said = asked.reply.text if asked.reply else ""
    return [item for item in ledger.items("habit") if item.after in said and item.before in said]


def matches(item: Item, custom: Custom) -> bool:
    """Whether an item tells of this habit: the deed, and what it follows or at which time."""
    if item.details["deed"] != f"{custom.entity}={custom.state}":
        return False
    trigger = str(item.details["trigger"])
    if custom.trigger == "deed":
        return trigger == "=".join(custom.after)
    if trigger == "clock" and custom.trigger != "clock":
        # By the clock is as good where the trigger comes at the same time every day.
        return custom.trigger == "alarm"
    return trigger == _TRIGGERS[custom.trigger]
