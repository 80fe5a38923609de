"""How long to wait when a person pauses: less after what is whole, longer where more must come."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from enum import StrEnum

import numpy as np

from assistant.asr.language import words_of
from assistant.events import Partial
from assistant.turn import Confirm, Execute, Turn, Utterance

SURE = 0.5
"""Confidence of recognition from which a whole request is taken as said."""
UNLIKELY = 0.02
"""Shares of sentences that end after the last words, below which more must come."""
REMEMBERED = 30
"""Utterances of a person whose pauses are kept in mind."""
USUAL = 0.9
"""Share of a person's utterances whose longest pause must not end them."""
MARGIN = 0.1
"""Seconds above a person's usual pauses."""


class Readiness(StrEnum):
    """What was said so far is a whole request, may be one, or can't be one yet."""

    COMPLETE = "complete"
    UNSURE = "unsure"
    OPEN = "open"


WAITS = {Readiness.COMPLETE: (0.3, 0.6), Readiness.UNSURE: (0.5, 1.0), Readiness.OPEN: (1.2, 1.6)}
"""Seconds of a pause that end an utterance, for people who hardly pause and for people who pause long."""


class Endings:
    """Where the sentences of a home end: shares by the last two words, or by the last one where those are new.

    >>> endings = Endings().learn(["set the light to blue", "set the light", "dim the light"])
    >>> round(endings.share("dim the light"), 2), endings.share("set the light to")
    (0.67, 0.0)
    >>> endings.share("hello")
    0.5
    """

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, ...]] = Counter()
        self._ended: Counter[tuple[str, ...]] = Counter()

    def learn(self, sentences: Iterable[str]) -> Endings:
        """Count the sentences of a home, in place of those before."""
        seen: Counter[tuple[str, ...]] = Counter()
        ended: Counter[tuple[str, ...]] = Counter()
        for words in filter(None, map(words_of, sentences)):
            for end in range(1, len(words) + 1):
                seen.update({words[max(0, end - 2) : end], words[end - 1 : end]})
            ended.update({words[-2:], words[-1:]})
        self._seen, self._ended = seen, ended
        return self

    def share(self, text: str) -> float:
        """Of the sentences with these last words, how many end there (0 to 1); 0.5 for words that were never seen."""
        words = words_of(text)
        for last in (words[-2:], words[-1:]):
            if self._seen[last]:
                return self._ended[last] / self._seen[last]
        return 0.5


def readiness(turn: Turn, endings: Endings) -> Readiness:
    """How whole a request is, by what it would make the assistant do and by how the home's sentences end."""
    utterance = turn.utterance
    if utterance.text and endings.share(utterance.text) < UNLIKELY:
        return Readiness.OPEN
    said = turn.parse is not None and any(intent.domain == "dialogue" for intent in turn.parse.intents)
    whole = said or isinstance(turn.decision, Execute | Confirm)
    if whole and (utterance.confidence or 0.0) >= SURE:
        return Readiness.COMPLETE
    return Readiness.UNSURE


class Pauses:
    """How long people pause within what they say; `None` stands for whoever is not known."""

    def __init__(self, turns: Iterable[Turn] = ()) -> None:
        self._made: dict[str | None, deque[float]] = {}
        self._noted = ""
        for turn in turns:
            self.note(turn)

    def note(self, turn: Turn) -> None:
        """Take the longest pause of an utterance into account, once."""
        if turn.utterance.pause is None or turn.id == self._noted:
            return
        self._noted = turn.id
        for who in {turn.context.speaker, None}:
            self._made.setdefault(who, deque(maxlen=REMEMBERED)).append(turn.utterance.pause)

    def wait(self, ready: Readiness, speaker: str | None) -> float:
        """Seconds of a pause that end what this person says."""
        least, most = WAITS[ready]
        made = self._made.get(speaker) or self._made.get(None)
        usual = float(np.quantile(made, USUAL)) if made else 0.0
        return min(max(least, usual + MARGIN), most)


Preview = Callable[[Utterance, str | None], Turn]
"""What a request of somebody would make the assistant do, up to the decision."""


class Patience:
    """Follows what is being said: whenever the person pauses, tells the listener how long that may last."""

    def __init__(self, preview: Preview, endings: Endings, pauses: Pauses, wait: Callable[[float], None]) -> None:
        self._preview = preview
        self._endings = endings
        self._pauses = pauses
        self._wait = wait

    def follow(self, partial: Partial) -> None:
        """Think about what was heard so far (3 ms)."""
        if partial.pausing and partial.utterance.text:
            turn = self._preview(partial.utterance, partial.speaker)
            self._wait(self._pauses.wait(readiness(turn, self._endings), partial.speaker))
