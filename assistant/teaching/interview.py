"""A few short questions about what a person likes, drawn from the home and their log; never what is known already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.home import Home
from assistant.resolve.preferred import PREFERENCE
from assistant.teaching.grammar import Frame, frame_of
from assistant.teaching.taught import RULE, Taught
from assistant.turn import Turn

LONG = 3
"""From so many words on, a request in place of an answer is a request."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what it is about, the domain whose use makes it worth asking, the sentence that it completes.

    Without a sentence only a whole one counts as an answer: a mere request must not turn into a ban.
    """

    topic: str
    domain: str
    asks: str
    sentence: str


QUESTIONS = (
    Question("music", "media_player", "What music do you like?", "i like {}"),
    Question(
        "light", "light", "What light do you like in the evening: warm or cold?", "i prefer {} light in the evening"
    ),
    Question(RULE, "light", "What should I never do at night? Say it with never.", ""),
)


class Interview:
    """Chooses the questions; `log` gives the newest turns."""

    def __init__(self, taught: Taught, log: Callable[[], Iterable[Turn]]) -> None:
        self._taught = taught
        self._log = log

    def next(self, turn: Turn, home: Home, skipped: tuple[str, ...] = ()) -> Question | None:
        """The question that is worth most: about what this person uses most; `None` when none is left."""
        known = {item.details["domain"] for item in self._taught.of(turn, PREFERENCE)}
        known |= {item.kind for item in self._taught.of(turn, RULE)} | set(skipped)
        here = {entity.domain for entity in home.entities.values()}
        left = [each for each in QUESTIONS if each.topic not in known and each.domain in here]
        used = Counter(
            each.intent.domain for each in self._log() if each.intent and each.context.speaker == turn.context.speaker
        )
        return max(left, key=lambda each: used[each.domain], default=None)


def answer_to(topic: str, said: str) -> Frame | None:
    """The teaching sentence that an answer stands for.

    >>> answer_to("light", "warm").words
    {'verb': 'prefer', 'value': 'warm light', 'when': 'evening'}
    """
    question = next(each for each in QUESTIONS if each.topic == topic)
    whole = frame_of(said)
    if whole is not None and whole.kind in {"like", "never"}:
        return whole
    return frame_of(question.sentence.format(said.removesuffix(f" {topic}"))) if question.sentence else None
