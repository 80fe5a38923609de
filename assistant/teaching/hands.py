"""The hand on the switch after the assistant acted, as a teachable moment.

Who says a phrase, puts back what was done and switches another device by hand, and does so again on another occasion,
means that device. The assistant asks once whether it should do that instead.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from assistant.engine import Engine
from assistant.habits.words import DO, name_of
from assistant.learning.text import normal
from assistant.risk import risk_of
from assistant.teaching.lesson import Lesson
from assistant.teaching.manners import Manners
from assistant.teaching.taught import PHRASE, told
from assistant.teaching.teacher import Teacher
from assistant.turn import Execute, Turn
from assistant.watch import HAND_SECONDS

TWICE = 2
"""Occasions on which the same other device was switched instead."""
REMEMBERED = 200


class Taken:
    """An offer whose answer needs no further note: a yes keeps the phrase."""

    def answered(self, yes: bool | None) -> None:
        """Nothing is counted: it is offered once."""


class Hands:
    """Watches for what a person does instead; `rest` is called while nobody speaks."""

    def __init__(self, engine: Engine, teacher: Teacher, manners: Manners) -> None:
        self._engine = engine
        self._teacher = teacher
        self._manners = manners
        self._instead: Counter[tuple[str | None, str, str, str]] = Counter()
        self._turn: Turn | None = None
        self._at = 0.0

    def heard(self, turn: Turn) -> None:
        """Take note of a turn, and of the hands that came after it."""
        if self._turn is None or turn.id != self._turn.id:
            self._settle()
            self._at = self._engine.parts.clock.monotonic()
        self._turn = turn

    def rest(self) -> None:
        """Offer to do what the person did by hand, once the hands have had their time."""
        if self._turn is None or self._engine.parts.clock.monotonic() - self._at < HAND_SECONDS:
            return
        turn, found = self._turn, self._settle()
        now = self._engine.parts.clock.now()
        if found is None or self._teacher.guest.on or not self._manners.at_ease(now):
            return
        entity, state = found
        home = self._engine.parts.twin.home
        request = f"{DO[state]} the {name_of(home.entities[entity], home)}"
        sentence = f'When you say "{turn.said}", I do this: {request}.'
        item = told(turn, PHRASE, turn.said, request, sentence, requests=[request])
        item = replace(item, reason=f"you did it by hand each time you said so, and agreed ({turn.id})")
        question = f'When you say "{turn.said}", you {request} yourself. Should I do that instead?'
        self._teacher.moments.offered(turn.said, now)
        self._manners.asked(turn.context.speaker, now)
        asked = self._engine.ask(question, turn.context.speaker, turn.context.room)
        self._teacher.open(asked, Lesson(turn.said, requests=(request,), keep=(item,), offer=Taken()))

    def _settle(self) -> tuple[str, str] | None:
        """Count what was done instead in the last turn; what is to be offered, when it was the same again."""
        turn, self._turn = self._turn, None
        found = self._switched_instead(turn) if turn is not None else None
        if turn is None or found is None:
            return None
        key = (turn.context.speaker, normal(turn.said), *found)
        self._instead[key] += 1
        return found if self._instead[key] >= TWICE and self._teacher.moments.may_offer(turn.said) else None

    def _switched_instead(self, turn: Turn) -> tuple[str, str] | None:
        """The one other device that a hand switched after a request by name was undone by hand."""
        intent = turn.parse.intents[0] if turn.parse and turn.parse.intents else None
        if not isinstance(turn.decision, Execute) or intent is None or "name" not in intent.slots:
            return None
        ours = {command.entity for command in turn.decision.commands}
        hands = {hand.entity for hand in turn.hands}
        others = sorted(hands - ours)
        if not ours & hands or len(others) != 1:
            return None
        state = self._engine.states().get(others[0])
        entity = self._engine.parts.twin.home.entities.get(others[0])
        if (
            state is None
            or entity is None
            or state.state not in DO
            or risk_of(entity, {"state": state.state}) != "none"
        ):
            return None
        return others[0], state.state
