"""A household living with an assistant: people say what they want, look what comes of it, and react.

What they really wanted is written down as `Attempt`s, the truth of a study. The assistant and its learners see the
turn log only.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assistant.turn import Hypothesis, Turn, Utterance
from simulator.people.goals import Goal
from simulator.people.household import Household, Wish
from simulator.people.person import Person
from simulator.replay.stage import Stage

WORDS_PER_SECOND = 2.8
LOOKING = 4.0
"""Seconds in which a person sees what a device does."""
REST = 45.0
"""Seconds after which covers and the like have come to rest, and an assistant has learned what it learns at once."""
STRIDE = 600.0
"""Seconds of a step while nobody speaks."""
ANSWERS = 2
"""Questions in a row that a person answers."""
COMPLAINTS = ("no", "that's wrong", "no that's not what i meant", "stop", "undo that")
GIVING_UP = ("forget it", "never mind", "that's not what i wanted")
THANKS = ("thanks", "thank you", "great")
Reports = Mapping[str, Mapping[str, Any]]
QUIET = frozenset({"sensor", "binary_sensor", "scene", "script", "todo", "timer"})
"""Domains that change by themselves, or whose change nobody minds."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The truth about one turn: what was wanted, what was said, and whether it came about and nothing else did.

    `healthy` says whether the words, as heard and with no rewrite, would have been right; `None` where that was not
    asked for. `number` counts the tries at this wish from 0; `answer` marks the answer to a question.
    """

    turn: str
    household: str
    speaker: str
    time: datetime
    goal: Goal
    said: str
    heard: str
    number: int
    right: bool
    decision: str
    rewrite: str | None = None
    layer: str | None = None
    healthy: bool | None = None
    answer: bool = False


Judge = Callable[[Stage, "Saying"], bool]


@dataclass(frozen=True, slots=True)
class Saying:
    """What a person says, and what the recogniser makes of it."""

    person: Person
    goal: Goal
    room: str | None
    text: str
    heard: tuple[Hypothesis, ...]


class Life:
    """Lets the wishes of a household happen on a stage. `judge` may look at each saying before it is said."""

    def __init__(self, stage: Stage, judge: Judge | None = None, oracle: bool = False) -> None:
        self.stage = stage
        self.attempts: list[Attempt] = []
        self._judge = judge
        self._oracle = oracle

    def live(self, household: Household, day: datetime) -> None:
        """A day of the household."""
        for wish in household.plan(day):
            self._wait_until(wish.time)
            self._pursue(wish)
        self.stage.assistant.engine.settle(interrupted=False)

    def _wait_until(self, time: datetime) -> None:
        """Nothing is said until then: what moves comes to rest, then the hours go by in large steps."""
        self.stage.assistant.engine.settle(interrupted=False)
        left = (time - self.stage.clock.now()).total_seconds()
        if left > 0 and self.stage.world.busy:
            self.stage.run(min(left, REST))
        while (left := (time - self.stage.clock.now()).total_seconds()) > 0:
            self.stage.clock.skip(min(left, STRIDE))
            self.stage.assistant.engine.advance()

    # -- one wish --------------------------------------------------------------------------------------------------

    def _pursue(self, wish: Wish) -> None:
        person, chance = wish.person, random.Random(wish.seed)
        goal = wish.goal.sensible(self._reports())
        if goal is None:
            return
        text, careful = person.words(goal, chance), False
        for number in range(person.patience):
            heard = person.channel.hear(text, chance, careful)
            if self._oracle:
                text = person.plainly(goal)
                heard = (Hypothesis(text),)
            saying = Saying(person, goal, wish.room, text, heard)
            before = self._reports()
            if self._try(saying, number, chance):
                self._remark(saying, THANKS, person.population.thanks, chance)
                return
            if self._astray(goal, before):
                self._remark(saying, COMPLAINTS, person.population.complains, chance)
            self._mend(goal, before, person, chance)
            if number + 1 < person.patience:
                self.stage.run(chance.uniform(1.5, 6.0))
                text, careful = person.again(goal, text, number + 1, chance)
        self._remark(saying, GIVING_UP, person.population.complains, chance)
        if chance.random() < person.population.by_hand:
            self._by_hand(goal)

    def _try(self, saying: Saying, number: int, chance: random.Random) -> bool:
        """One attempt with the questions that it leads to; whether the wish came true."""
        before = self._reports()
        healthy = self._judge(self.stage, saying) if self._judge and not number else None
        turn = self._say(saying)
        self._look(turn, saying, before, chance)
        right = self._right(saying.goal, before)
        answered = turn
        for _ in range(ANSWERS):
            if right or answered.decision is None or answered.decision.kind not in {"ask", "confirm"}:
                break
            answer = self._answer(answered, saying)
            answered = self._say(answer)
            self._look(answered, answer, before, chance)
            right = self._right(saying.goal, before)
            self._note(answered, answer, number, right, None, answer=True)
        self._note(turn, saying, number, right, healthy)
        return right

    def _remark(self, saying: Saying, remarks: tuple[str, ...], share: float, chance: random.Random) -> None:
        """Say what one thinks of it, sometimes; it is no wish, so no truth is noted."""
        if chance.random() < share:
            self.stage.run(chance.uniform(0.5, 2.5))
            text = chance.choice(remarks)
            self._say(replace(saying, text=text, heard=(Hypothesis(text, 0.95),)))

    def _say(self, saying: Saying) -> Turn:
        engine = self.stage.assistant.engine
        self.stage.clock.advance(len(saying.text.split()) / WORDS_PER_SECOND)
        engine.advance()
        return engine.hear(Utterance(saying.heard), saying.room, saying.person.name)

    def _look(self, turn: Turn, saying: Saying, before: Reports, chance: random.Random) -> None:
        """Watch for some seconds; who sees that it goes wrong may cut the reply short."""
        engine = self.stage.assistant.engine
        self.stage.run(0.6)
        wrong = bool(self._astray(saying.goal, before))
        if wrong and engine.speaking and chance.random() < saying.person.population.interrupts:
            engine.settle(interrupted=True)
            return
        waited = 0.0
        while waited < LOOKING and (engine.speaking or (turn.commands and not self._right(saying.goal, before))):
            self.stage.run(0.5)
            waited += 0.5

    def _answer(self, turn: Turn, saying: Saying) -> Saying:
        """What the person says to a question: yes or no to what was offered, or plainly what is meant."""
        person, goal = saying.person, saying.goal
        decision = turn.decision
        assert decision is not None, "only questions are answered"
        if decision.kind == "confirm":
            meant = {command.entity for command in turn.commands} == {goal.entity}
            text = "yes" if meant else "no"
        else:
            text = f"the {person.full[goal.entity]}"
        return Saying(person, goal, saying.room, text, (Hypothesis(text, 0.95),))

    # -- what came of it -------------------------------------------------------------------------------------------

    def _reports(self) -> dict[str, Mapping[str, Any]]:
        world = self.stage.world
        return {entity: world.report(entity) for entity in world.devices}

    def _right(self, goal: Goal, before: Reports) -> bool:
        return goal.fulfilled(self._reports()) and not self._astray(goal, before)

    def _astray(self, goal: Goal, before: Reports) -> list[str]:
        """Devices that changed though nobody wanted it."""
        after = self._reports()
        return [
            entity
            for entity, report in after.items()
            if entity != goal.entity
            and entity.partition(".")[0] not in QUIET
            and report["state"] != before[entity]["state"]
            and not {report["state"], before[entity]["state"]} & {"opening", "closing", "returning", "idle"}
        ]

    def _mend(self, goal: Goal, before: Reports, person: Person, chance: random.Random) -> None:
        """Put right by hand what went wrong, as some people do at once."""
        for entity in self._astray(goal, before):
            if chance.random() < person.population.by_hand:
                self.stage.world.by_hand(entity, {"state": before[entity]["state"]})
        self.stage.assistant.engine.advance()

    def _by_hand(self, goal: Goal) -> None:
        """Give up talking and do it."""
        states = {"turn_on": "on", "turn_off": "off", "open": "open", "close": "closed", "lock": "locked"}
        if goal.verb in states and goal.entity.partition(".")[0] in {"light", "switch", "fan", "cover", "lock"}:
            self.stage.world.by_hand(goal.entity, {"state": states[goal.verb]})
            self.stage.assistant.engine.advance()

    def _note(
        self, turn: Turn, saying: Saying, number: int, right: bool, healthy: bool | None, answer: bool = False
    ) -> None:
        rewrite = turn.rewrite
        self.attempts.append(
            Attempt(
                turn.id,
                saying.person.household,
                saying.person.name,
                turn.context.now,
                saying.goal,
                saying.text,
                turn.said,
                number,
                right,
                turn.decision.kind if turn.decision else "ignore",
                rewrite.id if rewrite else None,
                rewrite.layer if rewrite else None,
                healthy,
                answer,
            )
        )
