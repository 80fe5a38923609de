"""What if one stage had got it right? The stages are run again with its output replaced, to see what turns out right.

For a turn that failed and a later one at the same goal that worked, each stage in turn is handed something better: the
recogniser another of its guesses, or the words that sound alike; understanding another reading, or the frame that
worked; resolution the thing that was meant. A stage that is at fault is one whose mending alone brings about what the
person wanted. Beyond Khaziev et al. (NAACL 2022), who classify from embeddings alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from math import nan
from typing import Protocol

from assistant.learning.text import normal, phonetic
from assistant.turn import Ask, Candidate, Confirm, Execute, Hypothesis, Parse, Resolution, Turn, Utterance

ALIKE = 0.6
"""From this likeness on two stretches of words sound alike."""
NAMING = ("name", "area", "floor", "domain", "device_class", "quantity", "reference")
QUESTIONS = ("as_is", "nbest", "sound", "name", "wording", "reading", "frame", "thing")
"""What was tried: nothing changed; another guess of the recogniser; only words that sound alike, only the name, only
the other words of what worked; another reading; the frame that worked with the name as it was; the thing meant."""
Result = Mapping[str, float]


class Stages(Protocol):
    """The stages of an assistant, which can be entered and left anywhere (`assistant.pipeline.Pipeline`)."""

    def run(self, turn: Turn, start: str | None = None, stop: str | None = None) -> Turn:
        """Run the stages from `start` to `stop`."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words that what failed and what worked do not share, from place `start` to `end` of what failed."""

    start: int
    end: int
    before: str
    after: str

    @property
    def alike(self) -> bool:
        """Whether it may be the same words, heard in two ways."""
        return bool(self.before and self.after) and phonetic(self.before, self.after) >= ALIKE


class WhatIf:
    """Tries a failed turn again in its own circumstances; `stages` are run from `nlu` to `decide`."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages

    def ask(self, failed: Turn, worked: Turn) -> Result:
        """For each of `QUESTIONS`, 1 if it would have led to what worked, 0 if not; nan where it can't be told."""
        nothing = dict.fromkeys(QUESTIONS, nan)
        fresh = replace(failed, rewrite=None, parse=None, resolutions=(), decision=None, outcome=None, trace=())
        good = self._understand(fresh, worked.executed)
        aim = _done(good)
        if not aim or (worked.entities and {entity for entity, _ in aim} != set(worked.entities)):
            return nothing
        own = self._understand(fresh, failed.said)
        said, text = normal(failed.said), normal(worked.executed)
        pieces = list(differences(said, text))
        name = _name_words(worked)
        named = [piece for piece in pieces if name & set(piece.after.split())]
        alike = [piece for piece in pieces if piece.alike]
        other = [piece for piece in pieces if piece not in named]
        texts = {
            "sound": [mended(said, alike)] if alike else [],
            "name": [mended(said, named)] if named else [],
            "wording": [mended(said, other)] if other else [],
            "nbest": [each.text for each in failed.utterance.hypotheses[1:]],
        }
        tried = {
            question: float(any(_done(self._understand(fresh, each)) == aim for each in told)) if told else nan
            for question, told in texts.items()
        }
        readings = own.parse.alternatives if own.parse else ()
        return {
            **nothing,
            **tried,
            "as_is": float(_done(own) == aim and _kind(own) == _kind(good)),
            "reading": float(any(_done(self._read(fresh, Parse(each))) == aim for each in readings)),
            "frame": float(_done(self._read(fresh, _frame(own, good))) == aim),
            "thing": float(_done(self._mean(own, good)) == aim),
        }

    def _understand(self, turn: Turn, text: str) -> Turn:
        """What would be decided about other words, heard surely."""
        return self._stages.run(replace(turn, utterance=Utterance((Hypothesis(text),))), "nlu", "decide")

    def _read(self, turn: Turn, parse: Parse | None) -> Turn:
        return self._stages.run(replace(turn, parse=parse), "resolve", "decide") if parse else turn

    def _mean(self, own: Turn, good: Turn) -> Turn:
        """What would be decided if the things that were meant had been found for the intent as it was read."""
        if not own.resolutions or not good.resolutions or (own.parse and own.parse.unexplained):
            return own
        found, verb = good.resolutions[0], own.resolutions[0].intent.verb
        intent = replace(own.resolutions[0].intent, name=f"{found.intent.domain}.{verb}")
        meant = Resolution(intent, (Candidate(found.entities, 0.0),))
        return self._stages.run(replace(own, resolutions=(meant,), decision=None), "decide", "decide")


def differences(before: str, after: str) -> Iterator[Piece]:
    """Where two normal texts differ.

    >>> [(each.before, each.after) for each in differences("open the garbage door", "please open the garage door")]
    [('', 'please'), ('garbage', 'garage')]
    """
    one, other = before.split(), after.split()
    for what, i, j, k, n in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what != "equal":
            yield Piece(i, j, " ".join(one[i:j]), " ".join(other[k:n]))


def mended(text: str, pieces: list[Piece]) -> str:
    """A text with some stretches of it replaced.

    >>> text = "kill the garbage light"
    >>> mended(text, [each for each in differences(text, "turn off the garage light") if each.alike])
    'kill the garage light'
    """
    words = text.split()
    for piece in sorted(pieces, key=lambda each: -each.start):
        words[piece.start : piece.end] = piece.after.split()
    return " ".join(words)


def _done(turn: Turn) -> frozenset[tuple[str, str]]:
    """What would be asked of which things; a question counts for what it offers, an answer for what it is about."""
    decision = turn.decision
    if isinstance(decision, Execute | Confirm) and decision.commands:
        return frozenset((each.entity, repr(sorted(each.value.items()))) for each in decision.commands)
    if isinstance(decision, Execute | Ask) and turn.resolutions:
        verb = turn.resolutions[0].intent.verb
        return frozenset((entity, verb) for entity in turn.entities)
    return frozenset()


def _kind(turn: Turn) -> str:
    """How it was decided; a question that offers the right thing is not the thing itself."""
    return turn.decision.kind if turn.decision else ""


def _frame(own: Turn, good: Turn) -> Parse | None:
    """The reading that worked, but with the name that was understood at first."""
    if own.parse is None or not own.parse.intents or good.parse is None or not good.parse.intents:
        return None
    first, right = own.parse.intents[0], good.parse.intents[0]
    kept = {slot: value for slot, value in right.slots.items() if slot not in NAMING}
    slots = {**kept, **{slot: value for slot, value in first.slots.items() if slot in NAMING}}
    return Parse(replace(good.parse.best, intents=(replace(right, name=f"home.{right.verb}", slots=slots),)))


def _name_words(worked: Turn) -> set[str]:
    """The words by which what worked called the thing."""
    intent = worked.intent
    told = [intent.slots.get(slot) for slot in ("name", "area")] if intent else []
    words = {word for each in told if isinstance(each, str) for word in normal(each).split()}
    return words | {word for entity in worked.entities for word in entity.partition(".")[2].split("_")}
