"""The stage of the loop that understands."""

from __future__ import annotations

from dataclasses import replace

from assistant.nlu.sentences import Sentences
from assistant.nlu.understander import Understander
from assistant.turn import Hypothesis, Parse, Turn


class NluStage:
    """The stage of the loop that understands: fills `parse` from the hypotheses, or from the rewritten text."""

    name = "nlu"
    reads = frozenset({"utterance"})
    writes = frozenset({"parse"})

    def __init__(self, understander: Understander) -> None:
        self._sentences = Sentences(understander)
        self._last: tuple[object, Parse] | None = None

    def run(self, turn: Turn) -> Turn:
        """Understand what was said, or what it was rewritten to."""
        heard = turn.utterance.hypotheses
        if turn.rewrite is not None:
            heard = (Hypothesis(turn.rewrite.after),)
        parse = self._parse(heard)
        best = parse.best
        told = ", ".join(f"{intent.name}{dict(intent.slots)}" for intent in best.intents) or "nothing"
        left = f"; unexplained: {' '.join(best.unexplained)}" if best.unexplained else ""
        return replace(turn, parse=parse).noted("nlu", f"{told} at {best.confidence:.2f}{left}")

    def understand(self, text: str) -> Parse:
        """What a sentence means that nobody said so."""
        return self._sentences.parse((Hypothesis(text),))

    def _parse(self, heard: tuple[Hypothesis, ...]) -> Parse:
        """The parse; the last one is remembered, since the rewriter has often just tried the same words."""
        question = (heard, self._sentences.understander.gazetteer)
        if self._last is None or self._last[0] != question:
            self._last = question, self._sentences.parse(heard)
        return self._last[1]
