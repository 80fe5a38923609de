"""What would have come of a request without its rewrite: the pipeline is run to its decision, nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.turn import Ask, Confirm, Context, Execute, Turn, Utterance
from simulator.people.goals import WANTED, Goal
from simulator.people.life import Saying
from simulator.replay.stage import Stage


def healthy(stage: Stage, saying: Saying) -> bool:
    """Whether the words as they were heard, with no rewrite, would be right by themselves."""
    assistant = stage.assistant
    assistant.sync_home()
    turn = Turn("counterfactual", _context(stage, saying), Utterance(saying.heard))
    return right(assistant.pipeline.run(turn, start="nlu", stop="decide"), saying.goal)


def _context(stage: Stage, saying: Saying) -> Context:
    engine = stage.assistant.engine
    person = saying.person
    return Context(stage.clock.now(), person.household, saying.room, person.name, engine.states())


def right(turn: Turn, goal: Goal) -> bool:
    """Whether a decision leads to the goal and to nothing else; a question that offers it counts."""
    decision = turn.decision
    if isinstance(decision, Ask):
        return goal.entity in decision.options
    if not isinstance(decision, Execute | Confirm):
        return False
    commands = decision.commands
    return bool(commands) and all(
        command.entity == goal.entity and _leads_to(command.value, goal) for command in commands
    )


def _leads_to(value: Mapping[str, Any], goal: Goal) -> bool:
    if goal.verb == "brightness":
        return goal.value is not None and abs(value.get("brightness", -99) - goal.value * 2.55) <= 2
    if goal.verb == "temperature":
        return value.get("temperature") == goal.value
    return value.get("state") in WANTED[goal.verb]
