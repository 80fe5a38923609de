"""A household whose every turn is judged: people with wishes as in any study, and the troubles that a home has besides.

Television and talk wake the assistant, devices fail, people ask for what no home can do, and call things by words that
several things go by. All of it goes through the same loop as any request.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import yaml

from assistant.observer import Observer
from assistant.turn import Source, Turn, Utterance
from simulator.annotation.truth import Failure, Faults, Truth, faults
from simulator.people.goals import Goal
from simulator.people.household import Household, Wish
from simulator.people.life import WORDS_PER_SECOND, Life, Saying
from simulator.people.person import Person
from simulator.replay.stage import Stage

SPEECH = Path(__file__).with_name("speech.yaml")
VAGUE = {"light": "light", "fan": "fan", "blind": "blinds", "switch": "switch", "tv": "tv"}
"""What people call a thing of which there may be several."""
FAULTY = ("offline", "jammed", "lost", "offline", "jammed")
"""Faults that a person notices at once."""


MARKERS = ("no", "i said", "i meant", "no no", "no i said", "no i meant")
"""How a protest begins."""


@dataclass(frozen=True, slots=True)
class Troubles:
    """How often what happens; shares of wishes, but for `stray` and `beyond`, which are turns of a person in a day."""

    faulty: float = 0.05
    vague: float = 0.15
    stray: float = 1.2
    beyond: float = 0.5
    protests: float = 0.3
    """How often another try begins with "no" or the like."""
    fragments: float = 0.07
    """How often another try only names the thing: "no the hall light"."""
    asked: float = 0.03
    """How often the question whether it was right is answered."""


@dataclass
class Keeper(Observer):
    """Keeps the newest version of every turn."""

    turns: dict[str, Turn] = field(default_factory=dict)

    def turn_changed(self, turn: Turn) -> None:
        """Keep the newest version."""
        self.turns[turn.id] = turn

    def said(self, text: str) -> None:
        """Nothing to keep."""

    def phase_changed(self, phase: object) -> None:
        """Nothing to keep."""

    def home_changed(self, entity: str) -> None:
        """Nothing to keep."""


@dataclass
class Said:
    """One turn as its speaker knows it. `goal` numbers the wish; what is `wrong` is known where it was looked into."""

    turn: str
    saying: Saying
    kind: str
    goal: int
    number: int = 0
    right: bool = True
    wrong: Faults | None = None


class JudgedLife(Life):
    """Life as in any study, with troubles, in which the truth about every turn is written down."""

    def __init__(self, stage: Stage, household: Household, troubles: Troubles | None = None) -> None:
        super().__init__(stage)
        self.household = _vague(household, (troubles or Troubles()).vague)
        self.said: list[Said] = []
        self._troubles = troubles or Troubles()
        self._speech = speech(household.people[0].population.name)
        self._chance = random.Random(f"{household.seed}|troubles")
        self._goal = 0
        self._wrong: Faults | None = None
        self._number = 0
        self._kind = "remark"

    def pass_day(self, day: datetime) -> None:
        """A day of the household, troubles included."""
        events: list[tuple[datetime, Wish | Saying]] = [(wish.time, wish) for wish in self.household.plan(day)]
        wishes = [time for time, _ in events]
        for person in self.household.people:
            for kind, often in (("stray", self._troubles.stray), ("beyond", self._troubles.beyond)):
                for _ in range(_times(often, self._chance)):
                    events.append(self._besides(kind, person, day, wishes))
        for time, event in sorted(events, key=lambda each: each[0]):
            self._wait_until(time)
            if isinstance(event, Wish):
                self._pursue(event)
            else:
                self._speak(event, self._chance)
        self.stage.assistant.engine.settle(interrupted=False)

    def _besides(self, kind: str, person: Person, day: datetime, wishes: list[datetime]) -> tuple[datetime, Saying]:
        """Something said that is no wish for the home, at any time or right after one."""
        chance = self._chance
        text = chance.choice(self._speech[kind])
        time = day + timedelta(hours=chance.uniform(7, 22.5))
        if wishes and chance.random() < 0.5:
            time = chance.choice(wishes) + timedelta(seconds=chance.uniform(5, 40))
        heard = person.channel.hear(text, chance)
        home = self.household.home
        nowhere = Goal(kind, home.devices[0].entity)
        return time, Saying(person, nowhere, home.rooms[0].id, text, heard)

    def _speak(self, saying: Saying, chance: random.Random) -> None:
        """Say something that is no wish; who asked for the impossible may ask again."""
        self._begin(saying.goal.verb)
        self._say(saying)
        self.stage.run(4.0)
        if saying.goal.verb == "beyond" and chance.random() < 0.3:
            self._say(replace(saying, heard=saying.person.channel.hear(saying.text, chance, careful=True)))
            self.stage.run(3.0)

    # -- looking into what the people do -----------------------------------------------------------------------------

    def _begin(self, kind: str) -> None:
        self._goal += 1
        self._kind, self._wrong, self._number = kind, None, 0

    def _pursue(self, wish: Wish) -> None:
        self._begin("remark")
        faulty = self._chance.random() < self._troubles.faulty
        if faulty:
            self.stage.world.fault(wish.goal.entity, self._chance.choice(FAULTY))
        super()._pursue(wish)
        if faulty:
            self.stage.world.fault(wish.goal.entity, "none")
            self.stage.run(1.0)

    def _try(self, saying: Saying, number: int, chance: random.Random) -> bool:
        self._kind, self._number = "request", number
        if number:
            saying = self._protesting(saying)
        self._wrong = faults(self.stage, saying)
        found = super()._try(saying, number, chance)
        self._kind = "remark"
        return found

    def _protesting(self, saying: Saying) -> Saying:
        """Another try, perhaps begun with a "no" or cut down to what was taken wrongly, as people do."""
        chance, person = self._chance, saying.person
        marker = chance.choice(MARKERS)
        if chance.random() < self._troubles.fragments:
            heard = person.channel.hear(person.full[saying.goal.entity], chance, careful=True)
            text = f"{marker} the {person.full[saying.goal.entity]}"
            marker += " the"
        elif chance.random() < self._troubles.protests:
            text, heard = f"{marker} {saying.text}", saying.heard
        else:
            return saying
        return replace(saying, text=text, heard=tuple(replace(each, text=f"{marker} {each.text}") for each in heard))

    def _say(self, saying: Saying) -> Turn:
        engine = self.stage.assistant.engine
        self.stage.clock.advance(len(saying.text.split()) / WORDS_PER_SECOND)
        engine.advance()
        meant = self._kind != "stray"
        score = self._chance.betavariate(9, 1.5) if meant else self._chance.betavariate(4, 2.5)
        wake = None if engine.speaking and meant else round(score, 3)
        heard = Utterance(saying.heard, Source.VOICE, wake)
        speaker = saying.person.name if meant or self._chance.random() < 0.5 else None
        turn = engine.hear(heard, saying.room, speaker)
        self.said.append(Said(turn.id, saying, self._kind, self._goal, self._number, wrong=self._wrong))
        if self._kind == "request":
            self._kind = "answer"
        return turn

    def _note(
        self, turn: Turn, saying: Saying, number: int, right: bool, healthy: bool | None, answer: bool = False
    ) -> None:
        super()._note(turn, saying, number, right, healthy, answer)
        next(each for each in reversed(self.said) if each.turn == turn.id).right = right


def truths(life: JudgedLife, turns: Mapping[str, Turn]) -> list[Truth]:
    """The truth about every turn of a life, by the turns as they came out."""
    first: dict[int, str] = {}
    reached: dict[int, bool] = {}
    for said in life.said:
        first.setdefault(said.goal, said.turn)
        if said.kind in {"request", "answer"}:
            reached[said.goal] = said.right
    return [_truth(said, turns[said.turn], first[said.goal], reached.get(said.goal)) for said in life.said]


def _truth(said: Said, turn: Turn, goal: str, reached: bool | None) -> Truth:
    wrong, saying = said.wrong, said.saying
    failure: Failure = "correct"
    if said.kind == "stray":
        ignored = turn.decision is None or turn.decision.kind == "ignore"
        failure = "correct" if ignored else "false_wake"
        return Truth(turn.id, said.kind, goal, 0, ignored, False, failure, saying.text)
    if said.kind in {"beyond", "remark"}:
        acted = turn.outcome is not None and turn.outcome.kind in {"done", "failed"} and bool(turn.commands)
        right = said.kind == "remark" or not acted
        if not right:
            failure = "nlu" if turn.said == saying.text else "asr"
        return Truth(turn.id, said.kind, goal, 0, right, bool(reached), failure, saying.text)
    assert wrong is not None, "requests are looked into"
    if not said.right:
        failure = wrong.first()
    return Truth(
        turn.id, said.kind, goal, said.number, said.right, bool(reached), failure, saying.text, wrong.intent,
        wrong.slots, saying.goal.entity,
    )  # fmt: skip


@cache
def speech(population: str) -> Mapping[str, tuple[str, ...]]:
    """What is said beside requests; populations without sentences of their own get those of `tune`."""
    told = yaml.safe_load(SPEECH.read_text(encoding="utf-8"))
    return {kind: tuple(texts) for kind, texts in told.get(population, told["tune"]).items()}


def _vague(household: Household, share: float) -> Household:
    """The same people, who call some things by the word for their kind."""
    people = []
    for person in household.people:
        chance = random.Random(f"{household.seed}|{person.name}|vague")
        names = dict(person.names)
        for spec in household.home.devices:
            if spec.kind in VAGUE and chance.random() < share:
                names[spec.entity] = VAGUE[spec.kind]
        people.append(replace(person, names=names))
    return replace(household, people=tuple(people))


def _times(mean: float, chance: random.Random) -> int:
    """How often something happens in a day, by counting exponential gaps."""
    count, passed = 0, chance.expovariate(mean)
    while passed < 1:
        count, passed = count + 1, passed + chance.expovariate(mean)
    return count


def answered(turn: Turn, right: bool, chance: random.Random, often: float) -> Turn:
    """The turn, perhaps with the person's answer to the question whether it was right."""
    return replace(turn, feedback=right) if chance.random() < often else turn
