"""Memory that explains itself: what was learned about a person, what words mean, and forgetting."""

from __future__ import annotations

from assistant.learning.text import normal
from assistant.store.items import Item
from assistant.teaching.grammar import Frame
from assistant.teaching.taught import TOLD, Taught
from assistant.turn import Turn

SAID = 6
"""Things that are named at once; a voice can't read out a list."""
Remembered = tuple[str, tuple[str, ...], bool]
"""What is said, what is dropped, and whether a yes is needed first."""


class Memories:
    """Answers questions about what was taught, and forgets."""

    def __init__(self, taught: Taught) -> None:
        self._taught = taught

    def answer(self, turn: Turn, frame: Frame, last: tuple[str, ...]) -> Remembered | None:
        """What comes of a question or a wish to forget; `None` where it is none."""
        if frame.kind == "about":
            return self._about(turn), (), False
        if frame.kind == "forget_all":
            items = self._taught.of(turn)
            if not items:
                return "You haven't told me anything yet.", (), False
            count = f"{len(items)} things" if len(items) > 1 else "one thing"
            return f"Forget all that you told me, {count}?", tuple(item.id for item in items), True
        if frame.kind == "forget_last":
            items = [item for item in self._taught.of(turn) if item.id in last]
            return (f"Okay, forgotten: {_told(items[0])}", tuple(item.id for item in items), False) if items else None
        if frame.kind not in {"known", "forget"}:
            return None
        items = self._by_words(turn, frame["term"])
        if not items:
            return None
        if frame.kind == "known":
            return " ".join(f"{_told(item)} {_because(item)}" for item in items[:SAID]), (), False
        return f"Okay, forgotten: {_told(items[0])}", tuple(item.id for item in items), False

    def _about(self, turn: Turn) -> str:
        items = self._taught.of(turn)
        if not items:
            return "You haven't told me anything yet."
        more = f" And {len(items) - SAID} more; mynah learned list shows them all." if len(items) > SAID else ""
        return " ".join(_told(item) for item in items[:SAID]) + more

    def _by_words(self, turn: Turn, term: str) -> list[Item]:
        said = normal(term)
        return [item for item in self._taught.of(turn) if said in {normal(item.before), normal(item.after)}]


def _told(item: Item) -> str:
    return str(item.details[TOLD])


def _because(item: Item) -> str:
    since = f" on {item.since:%B} {item.since.day}" if item.since else ""
    return f"{item.reason[0].upper()}{item.reason[1:]}{since}."
