"""From yes-or-no feedback to labels: transcript, intent and slots of a failed turn, projected from the later success.

After MARUPA (Falke et al. 2020; self-learning.md 7.1): when a goal succeeds after a rephrase, what worked tells what
was meant before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.learning.episodes import SURE_ENDING
from assistant.learning.logged import INTERNAL_SLOTS, Logged
from assistant.learning.phrases import completed, control, stripped
from assistant.learning.sessions import Goal


@dataclass(frozen=True, slots=True)
class Label:
    """What is believed about a turn. `defect` and `goal_success` are probabilities; `None` is unknown."""

    turn: str
    defect: float
    goal: str
    goal_success: float
    intent: str | None
    slots: Mapping[str, Any] | None
    transcript: str | None

    def as_json(self) -> dict[str, Any]:
        """A line of `labels.jsonl`."""
        return {
            "turn": self.turn,
            "defect": round(self.defect, 4),
            "goal": self.goal,
            "goal_success": round(self.goal_success, 4),
            "intent": self.intent,
            "slots": dict(self.slots) if self.slots is not None else None,
            "transcript": self.transcript,
        }


def labels(goal: Goal) -> Iterator[Label]:
    """The labels of every turn of a goal."""
    defects = {attempt.id: defect for attempt, defect in zip(goal.attempts, goal.defects, strict=True)}
    last = goal.attempts[-1]
    reached = goal.success > 1 - SURE_ENDING
    for turn in goal.turns:
        defect = defects.get(turn.id, 0.02)
        if control(turn.said) is not None:
            yield Label(turn.id, defect, goal.id, goal.success, turn.intent, _slots(turn), turn.words or None)
        elif defect < 0.5 or turn is last:
            sure = defect < 0.5
            yield Label(
                turn.id,
                defect,
                goal.id,
                goal.success,
                turn.intent if sure else None,
                _slots(turn) if sure else None,
                turn.words if sure else None,
            )
        elif reached:
            transcript = completed(turn.said, last.executed) or stripped(last.executed)
            yield Label(turn.id, defect, goal.id, goal.success, last.intent, _slots(last), transcript)
        else:
            yield Label(turn.id, defect, goal.id, goal.success, None, None, None)


def _slots(turn: Logged) -> dict[str, Any] | None:
    if turn.intent is None:
        return None
    return {name: value for name, value in turn.slots.items() if name not in INTERNAL_SLOTS}
