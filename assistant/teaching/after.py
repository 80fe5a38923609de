"""The stage of teaching between decision and action: obeys "never", offers lessons, and keeps what was told."""

from __future__ import annotations

from dataclasses import replace

from assistant.risk import risk_of
from assistant.teaching.grammar import statement, tidy
from assistant.teaching.lesson import Lesson, Plan
from assistant.teaching.obedience import Obedience
from assistant.teaching.stages import TeachStage
from assistant.teaching.teacher import Teacher
from assistant.turn import Ask, Confirm, Execute, Refuse, Turn

UNTEACHABLE = frozenset({"unteachable", "too_long"})
"""What was declined for these reasons is nothing to learn."""


class LessonStage:
    """The stage between decision and action: obeys "never", offers lessons, and keeps what was told."""

    name = "lesson"
    reads = frozenset({"decision", "resolutions"})
    writes = frozenset({"decision"})

    def __init__(self, teacher: Teacher) -> None:
        self._teacher = teacher
        self._teach = TeachStage(teacher)
        self._obedience = Obedience(teacher.taught)

    def run(self, turn: Turn) -> Turn:
        """The turn as it will be carried out."""
        turn = self._guarded(self._obedience.obeyed(turn))
        if self._teacher.plan.turn != turn.id:
            self._teacher.plan = Plan(turn.id)
        if turn.rewrite is None and not self._teacher.guest.on and self._failed(turn):
            failed, turn = turn, self._offered(turn)
            self._teacher.moments.note(failed)
        elif not self._teacher.guest.on:
            turn = self._complained(turn)
        self._teacher.commit(turn)
        return turn

    def _guarded(self, turn: Turn) -> Turn:
        """With a question where taught words would open, unlock or heat something."""
        plan, decision, home = self._teacher.plan, turn.decision, self._teacher.home()
        if plan.turn != turn.id or not plan.taught or not isinstance(decision, Execute):
            return turn
        if all(risk_of(home.entities[each.entity], each.value, home) == "none" for each in decision.commands):
            return turn
        return replace(turn, decision=Confirm(f'By "{tidy(turn.said)}" you mean: {plan.taught}?', decision.commands))

    def _failed(self, turn: Turn) -> bool:
        refused = isinstance(turn.decision, Refuse) and turn.decision.code not in UNTEACHABLE
        return refused or (isinstance(turn.decision, Ask | Confirm) and any(each.guessed for each in turn.resolutions))

    def _offered(self, turn: Turn) -> Turn:
        said = tidy(turn.executed)
        offered = self._teach.offer_value(turn)
        if offered.decision is not turn.decision:
            return offered.noted("lesson", "asks what it means")
        foreign = turn.parse is not None and all(each.domain == "foreign" for each in turn.parse.intents)
        moments = self._teacher.moments
        if foreign and statement(said) and moments.may_offer(said):
            return self._asked(turn, said, f'I don\'t know what to do when you say "{said}". What should I do?')
        if moments.fails_again(turn):
            return self._asked(turn, said, f'I still don\'t know "{said}". What should I do when you say it?')
        return turn

    def _complained(self, turn: Turn) -> Turn:
        """With the offer of a lesson, where a person says that what was not understood went wrong."""
        last, act = self._teacher.before, turn.parse.intents[0].name if turn.parse and turn.parse.intents else ""
        if act != "dialogue.no" or last is None or self._teacher.plan.offer is not None:
            return turn
        if not self._teacher.moments.complained_about(turn, last):
            return turn
        said = tidy(last.executed)
        return self._asked(turn, said, f'Sorry. What should I do when you say "{said}"?')

    def _asked(self, turn: Turn, said: str, question: str) -> Turn:
        self._teacher.plan.lesson, self._teacher.plan.offered = Lesson(said), said
        return replace(turn, decision=Ask(question), resolutions=(), outcome=None).noted("lesson", "offers to learn")
