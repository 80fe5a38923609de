"""The understander: reads all hypotheses of the recogniser and answers with the best reading and its rivals."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from assistant.errors import UserError
from assistant.home import Home
from assistant.nlu.breaths import COMMANDS
from assistant.nlu.classifier import LinearClassifier
from assistant.nlu.confidence import Calibration, Shape, signals
from assistant.nlu.features import Mention, features, mentions, said_words, tokens
from assistant.nlu.frames import Explained, Frame, assemble, inherit
from assistant.nlu.gazetteer import Gazetteer
from assistant.nlu.lexicon import normal, without_courtesies
from assistant.nlu.moments import with_moments
from assistant.nlu.normalise import MAX_WORDS, tokenise, words_of
from assistant.nlu.repairs import repaired
from assistant.nlu.tagger import Tagged, Tagger
from assistant.nlu.times import fold
from assistant.turn import Hypothesis, Intent, Interpretation, Parse

MODEL = Path(__file__).parent / "model"
MAX_HYPOTHESES = 10
MAX_ALTERNATIVES = 5
RIVAL = 0.04
"""A second class of a clause is a rival reading above this probability."""
UNEXPLAINED = 0.5
"""What a reading with unexplained words weighs beside one that is fully explained."""
FOREIGN = 0.2
"""What a reading that is not for a home weighs: who speaks to a home mostly means it."""


@dataclass(frozen=True, slots=True)
class Model:
    """All that training made. `frames` tells how sure a whole frame is, `intents` how sure its intents are."""

    tagger: Tagger
    classifier: LinearClassifier
    explained: Explained
    frames: Calibration
    intents: Calibration

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read a trained model. Raises `UserError` when it is not there."""
        try:
            raw = json.loads((folder / "explained.json").read_text(encoding="utf-8"))
            explained = Explained(
                {label: frozenset(words) for label, words in raw["words"].items()},
                {label: frozenset(slots) for label, slots in raw["slots"].items()},
            )
            return cls(
                Tagger.load(folder / "tagger"), LinearClassifier.load(folder / "intents.npz"), explained,
                Calibration.load(folder / "sure_of_frames.npz"), Calibration.load(folder / "sure_of_intents.npz"),
            )  # fmt: skip
        except (OSError, KeyError, ValueError) as error:
            raise UserError(f"{folder}: no language model that can be read ({error}); run: make train") from error

    def save(self, folder: Path) -> None:
        """Write the model."""
        folder.mkdir(parents=True, exist_ok=True)
        self.tagger.save(folder / "tagger")
        self.classifier.save(folder / "intents.npz")
        self.frames.save(folder / "sure_of_frames.npz")
        self.intents.save(folder / "sure_of_intents.npz")
        raw = {
            "words": {label: sorted(words) for label, words in sorted(self.explained.words.items())},
            "slots": {label: sorted(slots) for label, slots in sorted(self.explained.slots.items())},
        }
        (folder / "explained.json").write_text(json.dumps(raw, indent=0), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Reading:
    """One interpretation with the signals of its confidence. `likely` is what it is ranked by, given the words."""

    interpretation: Interpretation
    signals: tuple[float, ...]
    likely: float


class Understander:
    """Understands requests in one home. Not thread-safe: one per thread that parses."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.gazetteer = Gazetteer.of(Home())

    @classmethod
    def load(cls, path: Path | None = None) -> Understander:
        """Load the model that ships with the project, or another. Raises `UserError` when it can't be read."""
        return cls(Model.load(path or MODEL))

    def learn_home(self, home: Home) -> None:
        """Learn the names of a new or changed home."""
        self.gazetteer = Gazetteer.of(home)

    def parse(self, hypotheses: Sequence[Hypothesis] | str) -> Parse:
        """The best reading of all hypotheses, and up to five rivals.

        A reading that is fully explained may win over one of a better hypothesis that is not. The confidence of an
        interpretation is the probability (0 to 1) that its whole frame is right, given the words; that of its intents,
        that they are the right ones, whatever their slots.
        """
        ranked = self.ranked(hypotheses)
        if not ranked:
            return Parse(Interpretation((), 0.0, ""))
        best, *others = [reading.interpretation for reading in ranked]
        return Parse(best, _distinct(best, others)[:MAX_ALTERNATIVES])

    def ranked(self, hypotheses: Sequence[Hypothesis] | str) -> list[Reading]:
        """All readings of all hypotheses, the likeliest first."""
        if isinstance(hypotheses, str):
            hypotheses = (Hypothesis(hypotheses),)
        readings = self.read([each.text for each in hypotheses[:MAX_HYPOTHESES]])
        top = max((each.confidence for each in hypotheses), default=1.0) or 1.0
        weighed: list[tuple[float, Reading]] = []
        for hypothesis, found in zip(hypotheses, readings, strict=False):
            heard = max(hypothesis.confidence, 1e-3) / max(top, 1e-3)
            for reading in found:
                weighed.append((heard * reading.likely * _weight(reading.interpretation), reading))
        weighed.sort(key=lambda pair: -pair[0])
        return [reading for _, reading in weighed]

    def read(self, texts: Sequence[str]) -> list[list[Reading]]:
        """For each text its readings, best first."""
        prepared = []
        for text in texts:
            words = self.words(text)
            spans = fold(tokenise(words[:MAX_WORDS]))
            prepared.append((text, spans, words[MAX_WORDS:]))
        full = [(spans, self.gazetteer.hints(spans)) for _, spans, _ in prepared if spans]
        tagged = iter([with_moments(each) for each in self.model.tagger.tag(full)] if full else [])
        return [self._readings(text, next(tagged), extra) if spans else [] for text, spans, extra in prepared]

    def clauses(self, text: str) -> list[tuple[list[Mention], str]]:
        """The clauses of a text, each with its tagged parts and its likeliest class."""
        spans = fold(tokenise(self.words(text)[:MAX_WORDS]))
        if not spans:
            return []
        (tagged,) = self.model.tagger.tag([(spans, self.gazetteer.hints(spans))])
        found = _clauses(with_moments(tagged))
        return [(clause, self._classes(clause, i, len(found))[0][0]) for i, clause in enumerate(found)]

    def words(self, text: str) -> list[str]:
        """The words that are read of a text: slips mended, courtesies left out."""
        return self.gazetteer.completed(without_courtesies(repaired(words_of(text))))

    def _readings(self, text: str, tagged: Tagged, unread: Sequence[str]) -> list[Reading]:
        clauses = _clauses(tagged)
        choices = [self._classes(clause, i, len(clauses)) for i, clause in enumerate(clauses)]
        found = [self._reading(text, tagged, clauses, [each[0] for each in choices], unread)]
        if len(choices) == 1:
            found += [
                self._reading(text, tagged, clauses, [rival], unread) for rival in choices[0][1:3] if rival[1] > RIVAL
            ]
        return found

    def _classes(self, clause: Sequence[Mention], i: int, count: int) -> list[tuple[str, float]]:
        if count > 1 and not i and [mention.text for mention in clause] == ["no"]:
            # "No, turn on the lamp" takes back what was done before.
            return [("dialogue.correct", 1.0)]
        place = "only" if count == 1 else "later" if i else "first"
        seen = features(tokens(clause, place, self.gazetteer), said_words(clause))
        probabilities = self.model.classifier.probabilities(seen)
        best = probabilities.argsort()[::-1][:3]
        return [(self.model.classifier.labels[k], float(probabilities[k])) for k in best]

    def _reading(
        self,
        text: str,
        tagged: Tagged,
        clauses: Sequence[Sequence[Mention]],
        classes: Sequence[tuple[str, float]],
        unread: Sequence[str],
    ) -> Reading:
        frames = [
            assemble(clause, label, self.gazetteer, self.model.explained)
            for clause, (label, _) in zip(clauses, classes, strict=True)
        ]
        intents = _listed(in_order(frames, _begins_with_time(clauses[0])), text)
        unexplained = (*(word for frame in frames for word in frame.unexplained), *unread[:5])
        slots = [sure for sure, tag in zip(tagged.probabilities, tagged.tags, strict=True) if tag != "O"]
        sure = [share for _, share in classes]
        foreign = any(intent.domain == "foreign" for intent in intents)
        shape = Shape(tagged.start_probability, len(unexplained), len(tagged.spans), foreign, self._unfamiliar(clauses))
        evidence = signals(sure, slots, shape)
        right = round(self.model.intents.probability(evidence), 4)
        intents = tuple(replace(intent, confidence=right) for intent in intents)
        whole = round(self.model.frames.probability(evidence), 4)
        likely = math.prod(sure) * sum(slots, 1.0) / (len(slots) + 1)
        return Reading(Interpretation(intents, whole, text, unexplained), tuple(evidence), likely)

    def _unfamiliar(self, clauses: Sequence[Sequence[Mention]]) -> float:
        words = [mention.text for clause in clauses for mention in clause if not mention.tag]
        return self.model.classifier.unfamiliar(words)


def _clauses(tagged: Tagged) -> list[list[Mention]]:
    ends = [*tagged.starts[1:], len(tagged.spans)]
    return _times_joined(
        mentions(tagged.spans[start:end], tagged.tags[start:end], tagged.probabilities[start:end])
        for start, end in zip(tagged.starts, ends, strict=True)
        if end > start
    )


def _listed(intents: Sequence[Intent], text: str) -> tuple[Intent, ...]:
    """Several things for a list, with commas between them: "milk, eggs and bread"."""
    parts = {normal(part) for part in text.split(",")} if "," in text else set()
    found: list[Intent] = []
    for intent in intents:
        words = str(intent.slots.get("item") or "").split() if intent.domain == "list" and parts else []
        cuts = [i for i in range(1, len(words)) if any(part.endswith(" ".join(words[:i])) for part in parts)]
        items = [" ".join(words[a:b]) for a, b in pairwise((0, *cuts, len(words)))] if cuts else []
        found += [replace(intent, slots={**intent.slots, "item": item}) for item in items] or [intent]
    return tuple(found)


_BESIDE_TIMES = frozenset({"on", "at", "in", "for", "by", "the", "from", "now", "around", "about", "after", "of"})


def _times_joined(clauses: Iterable[list[Mention]]) -> list[list[Mention]]:
    """Clauses, each that is nothing but a time joined to the next: "on monday at six | turn the heating on"."""
    joined: list[list[Mention]] = []
    waiting: list[Mention] = []
    for clause in clauses:
        timed = any(mention.tag == "TIME" for mention in clause)
        if timed and all(mention.tag == "TIME" or mention.text in _BESIDE_TIMES for mention in clause):
            waiting += clause
        else:
            joined.append([*waiting, *clause])
            waiting = []
    if waiting and joined:
        joined[-1] += waiting
    if len(joined) == 1 and [mention.text for mention in joined[0][:1]] == ["no"] and joined[0][1:2]:
        joined = [joined[0][:1], joined[0][1:]] if joined[0][1].text in COMMANDS else joined
    for here, following in pairwise(joined):
        lead = _leading_time(here)
        following[:0] = here[len(here) - lead :]
        del here[len(here) - lead :]
    return joined or [waiting]


def _leading_time(clause: Sequence[Mention]) -> int:
    """How many mentions at the end of a clause are the time of the next: "lock up AND IN TEN MINUTES | turn it off"."""
    size = 0
    while size < len(clause) and (clause[-1 - size].tag == "TIME" or clause[-1 - size].text in _BESIDE_TIMES):
        size += 1
    joined = 0 < size < len(clause) and clause[-1 - size].text in {"and", "then"} and clause[-1].tag == "TIME"
    return size + 1 if joined else 0


_WHEN = ("at", "at_ambiguous", "after", "day", "when")


def _begins_with_time(clause: Sequence[Mention]) -> bool:
    """Whether the time is said before all else, and so of all that follows: "at nine lock the door and ..."."""
    first = next((mention for mention in clause if mention.tag or mention.text not in _BESIDE_TIMES), None)
    return first is not None and first.tag in {"TIME", "WHEN"}


def in_order(frames: Sequence[Frame], timed: bool = False) -> tuple[Intent, ...]:
    """The intents in the order spoken; elliptic clauses take over from the one before.

    When the first began with its time (`timed`), that is the time of all.
    """
    intents: list[Intent] = []
    for number, frame in enumerate(frames):
        for intent in frame.intents:
            if (
                number
                and intent.name in {"dialogue.also", "dialogue.answer"}
                and intents
                and intents[-1].domain == "home"
            ):
                intent = inherit(intent, intents[-1])
            if timed and number and intent.domain == "home" and not any(slot in intent.slots for slot in _WHEN):
                first = {slot: intents[0].slots[slot] for slot in _WHEN if slot in intents[0].slots}
                intent = replace(intent, slots={**intent.slots, **first})
            intents.append(intent)
    return tuple(intents)


def _weight(interpretation: Interpretation) -> float:
    if any(intent.domain == "foreign" for intent in interpretation.intents):
        return FOREIGN
    return UNEXPLAINED if interpretation.unexplained else 1.0


def _distinct(best: Interpretation, others: Sequence[Interpretation]) -> tuple[Interpretation, ...]:
    """The rivals that mean something else than what stands before them."""
    seen = [[(intent.name, intent.slots) for intent in best.intents]]
    kept = []
    for other in others:
        meaning = [(intent.name, intent.slots) for intent in other.intents]
        if meaning not in seen:
            seen.append(meaning)
            kept.append(other)
    return tuple(kept)
