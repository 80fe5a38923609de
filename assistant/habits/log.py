"""Habits from a turn log alone, perhaps another assistant's: `mynah learn` writes them as `habits.jsonl`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from assistant.habits.diary import ALARM, Happening, of_turn, settled
from assistant.habits.habits import SURE
from assistant.habits.mining import mine
from assistant.resolve.evidence import WISHED
from assistant.turn import Execute, OutcomeKind, Turn
from assistant.watch import SWITCHED_BY_HAND


class HabitLog:
    """Takes turns, one after the other, and tells the habits of each household."""

    def __init__(self) -> None:
        self._happenings: dict[str, list[Happening]] = defaultdict(list)
        self._rang: set[str] = set()

    def take(self, turn: Turn) -> Turn:
        """Take note of a turn; the same turn, so that it can be done in passing."""
        household, now = turn.context.household, turn.context.now
        states = turn.context.states
        if any(id.startswith("timer.") and each.state == "ringing" for id, each in states.items()):
            if household not in self._rang:
                self._happenings[household].append(Happening(now - timedelta(seconds=1), ALARM))
            self._rang.add(household)
        else:
            self._rang.discard(household)
        self._happenings[household] += _done(turn)
        return turn

    def lines(self) -> Iterator[dict[str, Any]]:
        """The lines of `habits.jsonl`."""
        for household, happenings in self._happenings.items():
            for habit in mine(happenings, SURE):
                line = asdict(habit) | {"household": household, "speaker": habit.who, "lift": round(habit.lift, 2)}
                line |= {"rate": round(habit.rate, 4), "base": round(habit.base, 4), "sure": round(habit.sure, 4)}
                yield {key: value for key, value in line.items() if key not in {"who", "text"}}


def _done(turn: Turn) -> Iterator[Happening]:
    """What a turn did, by its devices' states afterwards or, where those are unknown, by what was asked for."""
    said = of_turn(turn)
    if said is not None and not turn.entities:
        yield said
    if not isinstance(turn.decision, Execute) or turn.outcome is None or turn.outcome.kind is not OutcomeKind.DONE:
        return
    for entity in turn.entities:
        after = turn.outcome.after.get(entity)
        state = after.state if after is not None else WISHED.get(turn.intent.verb) if turn.intent else None
        before = turn.context.states.get(entity)
        if (
            state is not None
            and entity.partition(".")[0] in SWITCHED_BY_HAND
            and (before is None or before.state != state)
        ):
            yield Happening(turn.context.now, f"{entity}={settled(state)}", turn.context.speaker, turn.executed)
