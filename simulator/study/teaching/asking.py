"""Questions and offers of the assistant's own accord: whether they are answered usefully, and called for."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from assistant.config import Learning, Settings
from assistant.turn import Hypothesis, Turn, Utterance
from simulator.homes import load_home
from simulator.people.household import Household, Wish
from simulator.people.life import Life
from simulator.people.population import load_population
from simulator.replay.stage import Stage
from simulator.study.teaching.lessons import ordinary
from simulator.study.teaching.shares import Figure, Share, at_least
from simulator.study.teaching.talk import MONDAY, talking, understander, words

RESPONDS, SLIPS, CORRECTS = 0.85, 0.05, 0.3
"""How likely a person answers at all, says the wrong thing, and tells with a no what was meant."""
A_DAY, PER_THOUSAND = 2.0, 1.0
STEPS, STEP = 6, 4.0
"""How long a person stays after a wish: so many steps of so many seconds."""
COMPLAINS = 0.03
"""How often somebody says that it was wrong, for no reason that the log tells."""


@dataclass
class Asked:
    """What came of the questions."""

    useful: list[bool] = field(default_factory=list)
    by_day: dict[tuple[str, str, str], int] = field(default_factory=dict)
    about: set[str] = field(default_factory=set)
    person_days: int = 0
    about_wrong: int = 0


class Patient(Life):
    """A life in which people stay for a moment, and answer when they are asked whether it was right."""

    asked: Asked

    def _pursue(self, wish: Wish) -> None:
        super()._pursue(wish)
        chance = random.Random(f"{wish.seed}|asked")
        for _ in range(STEPS):
            self.stage.run(STEP)
            about = self.stage.assistant.engine.parts.dialogue.asked_about
            if about is not None and about.id not in self.asked.about:
                self.asked.about.add(about.id)
                self._judge_it(about, wish, chance)

    def _judge_it(self, about: Turn, wish: Wish, chance: random.Random) -> None:
        """Answer truthfully, most often; count whether the log has it right then."""
        person, truth = wish.person, {each.turn: each.right for each in self.attempts}.get(about.id)
        key = (person.household, person.name, f"{about.context.now:%Y%m%d}")
        self.asked.by_day[key] = self.asked.by_day.get(key, 0) + 1
        if truth is None or chance.random() > RESPONDS:
            self.asked.useful.append(False)
            return
        self.asked.about_wrong += not truth
        said = truth if chance.random() > SLIPS else not truth
        text = "yes" if said else "no"
        if not said and chance.random() < CORRECTS:
            text = f"no, the {person.full[wish.goal.entity]}"
        self.stage.assistant.engine.hear(Utterance((Hypothesis(text, 0.95),)), wish.room, person.name)
        self.stage.run(2.0)
        judged = self.stage.store.get(about.id)
        self.asked.useful.append(judged is not None and judged.feedback == truth)


def figures(split: str, seed: int, households: int, days: int, requests: int) -> list[Figure]:
    """The figures of questions, over households living some days, and of offers over ordinary requests."""
    asked = Asked()
    population = load_population(split)
    for number in range(households):
        household = Household.of(population, number, seed)
        settings = Settings(learning=Learning(household=household.id, promptly=False, explore=0.0))
        stage = Stage(household.home, MONDAY, None, number, settings, understander())
        life = Patient(stage)
        life.asked = asked
        for day in range(days):
            life.live(household, MONDAY + timedelta(days=day))
        asked.person_days += days * len(household.people)
        stage.close()
    most = max(asked.by_day.values(), default=0)
    mean = sum(asked.by_day.values()) / max(1, asked.person_days)
    offers = false_offers(split, seed, requests)
    rate = 1000 * offers.value
    low, high = (1000 * each for each in offers.interval)
    return [
        at_least("feedback questions answered usefully", Share.of_all(asked.useful), 0.70),
        Figure(
            "feedback questions to a person on a day, at most", f"at most {A_DAY:g}", most,
            f"{most} ({mean:.2f} in the mean; {asked.about_wrong} were about something wrong)", most <= A_DAY,
            asked.person_days,
        ),
        Figure(
            "false offers to teach per 1,000 ordinary requests", f"at most {PER_THOUSAND:g}", round(rate, 3),
            f"{rate:.2f} ({low:.2f} to {high:.2f}), {offers.held} of {offers.of}", rate <= PER_THOUSAND, offers.of,
        ),
    ]  # fmt: skip


def false_offers(split: str, seed: int, requests: int) -> Share:
    """Offers of a lesson after requests in which nothing is unknown, some of them said twice or complained about."""
    held = total = 0
    homes = words(split)["homes"]
    for number, name in enumerate(homes):
        home = load_home(name)
        chance = random.Random(f"{seed}|offers|{name}")
        with talking(home, words(split)["people"][0], MONDAY + timedelta(hours=8), seed + number, kept=False) as talk:
            for text in ordinary(home, split, chance, requests // len(homes)):
                turns = [talk.say(text)]
                if chance.random() < COMPLAINS:
                    turns.append(talk.say(chance.choice(("that's wrong", "no that's not what i meant", text))))
                held += any(map(_offers, turns))
                total += 1
    return Share(held, total)


def _offers(turn: Turn) -> bool:
    """Whether a turn offers a lesson."""
    notes: Iterable[str] = (note.text for note in turn.trace if note.stage == "lesson")
    return any(text in {"offers to learn", "asks what it means"} for text in notes)
