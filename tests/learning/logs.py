"""Short logs for the tests of the learner, in the words of a household."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assistant.store.interchange import TurnLine, turn_of
from assistant.turn import Turn

START = datetime(2026, 3, 2, 7, 0)


class Diary:
    """Writes turns one after the other; `wait` seconds lie before each (a day begins anew with `day`)."""

    def __init__(self, household: str = "home", speaker: str | None = "ann") -> None:
        self.household, self.speaker = household, speaker
        self.now = START
        self.turns: list[Turn] = []

    def day(self, days: int = 1) -> Diary:
        """Go on some days later."""
        self.now += timedelta(days=days)
        return self

    def say(self, said: str, wait: float = 8.0, **fields: Any) -> Turn:
        """One more turn. `fields` are those of the interchange format."""
        self.now += timedelta(seconds=wait)
        line = {
            "id": f"{self.household}-{self.speaker}-{len(self.turns) + 1}",
            "household": self.household,
            "speaker": self.speaker,
            "time": self.now.isoformat(),
            "said": said,
            **fields,
        }
        turn = turn_of(TurnLine.model_validate(line))
        self.turns.append(turn)
        return turn


def done(intent: str, entity: str | None = None, **slots: Any) -> dict[str, Any]:
    """The fields of a turn that worked."""
    entities = [entity] if entity else []
    return {"intent": intent, "slots": slots, "entities": entities, "decision": "execute", "outcome": "done"}


def declined() -> dict[str, Any]:
    """The fields of a turn that the assistant did not understand."""
    return {"decision": "refuse", "outcome": "rejected", "response": "Sorry, I didn't understand that."}


GARAGE = done("cover.close", "cover.garage_door", name="garage door")


def misheard_episode(diary: Diary) -> None:
    """Misheard, interrupted, said again, and it worked."""
    diary.say("close the garbage door", **declined(), barge_in=0.8)
    diary.say("no the garage door", wait=3.0, **GARAGE)
    diary.say("thanks", wait=6.0)
