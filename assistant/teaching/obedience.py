"""What the household has forbidden is not done: by nobody's words, and not by what was scheduled either."""

from __future__ import annotations

from dataclasses import replace

from assistant.store.items import Item
from assistant.teaching.taught import RULE, Taught, within
from assistant.turn import Command, Confirm, Execute, Outcome, OutcomeKind, Refuse, Turn


class Obedience:
    """Takes forbidden commands out of decisions."""

    def __init__(self, taught: Taught) -> None:
        self._taught = taught

    def obeyed(self, turn: Turn) -> Turn:
        """Without the commands that the household has forbidden."""
        decision = turn.decision
        if not isinstance(decision, Execute | Confirm) or not decision.commands:
            return turn
        rules = self._taught.of(turn, RULE)
        now = [item for item in rules if within(item.details["when"], turn.context.now.hour)]
        broken = [item for item in now if any(_forbids(item, command) for command in decision.commands)]
        if not broken:
            return turn
        rest = tuple(each for each in decision.commands if not any(_forbids(item, each) for item in broken))
        sentence = str(broken[0].details["told"]).replace("I never", "never to", 1).rstrip(".")
        reason = f"You told me {sentence}."
        if not rest or isinstance(decision, Confirm):
            return replace(turn, decision=Refuse("forbidden", reason)).noted("lesson", broken[0].id)
        answers = (*(turn.outcome.answers if turn.outcome else ()), reason)
        return replace(turn, decision=Execute(rest), outcome=Outcome(OutcomeKind.DONE, {}, (), answers))


def _forbids(item: Item, command: Command) -> bool:
    forbidden = item.details["forbidden"]
    return command.entity in forbidden and command.value.get("state") == forbidden[command.entity]
