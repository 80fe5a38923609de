"""What a home's own labels add to understanding: weights for the words by which its people say things otherwise.

The shipped classifier stays as it is. Beside it, weights are fitted for those features alone that hold a new word of a
lesson, by the same regularised multinomial regression, with the shipped scores as offset and with generated sentences
of the same words as rehearsal. What is understood is left alone: the new weights are asked only where the shipped model
can't explain a sentence, and only when all the new words of a wording are in it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from assistant.home import Home
from assistant.nlu.classifier import LinearClassifier
from assistant.nlu.features import Mention, features, mentions, said_words, tokens
from assistant.nlu.frames import Explained
from assistant.nlu.gazetteer import Gazetteer
from assistant.nlu.understander import Model, Understander
from assistant.turn import Hypothesis, Parse

STIFFNESS = 0.05
"""What a weight costs (half its square times this); that of the shipped classifier is 0.1."""
NEGATIONS = frozenset({"not", "dont", "don't", "never", "no", "without", "except", "but", "until", "unless"})
"""Words of sentences that teach nothing: they bound or forbid."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A delexicalised clause with its class and what it counts; `words` are those that are new to the class."""

    tokens: tuple[str, ...]
    said: tuple[str, ...]
    label: str
    weight: float
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wording:
    """Another way to say something: the words that are new to the class `label`, all of which must be said."""

    id: str
    label: str
    words: frozenset[str]


def lesson(understander: Understander, text: str, like: str, weight: float) -> Clause | None:
    """What `text`, which was not understood, teaches when it means the same as `like`, which is.

    The slots of `like` are found again in `text` by their words, or else by the tagger, if it finds as many of each.
    `None` when that is not possible, when either has several clauses, or when no word is new.
    """
    read, plain = understander.clauses(text), understander.clauses(like)
    if len(read) != 1 or len(plain) != 1:
        return None
    (own, _), (known, label) = read[0], plain[0]
    clause = _projected(own, known) or (own if _slots(own) == _slots(known) else None)
    if clause is None or label.startswith("foreign"):
        return None
    explained = understander.model.explained.words.get(label, frozenset())
    new = {each.text for each in clause if not each.tag and each.spans[0].kind == "word"} - explained
    if not new or NEGATIONS & {each.text for each in clause}:
        return None
    words = tokens(clause, "only", understander.gazetteer)
    return Clause(tuple(words), tuple(said_words(clause)), label, weight, frozenset(new))


def _slots(clause: Sequence[Mention]) -> list[str]:
    return sorted(each.tag for each in clause if each.tag)


def _projected(clause: Sequence[Mention], known: Sequence[Mention]) -> list[Mention] | None:
    """The clause with the slots of another that means the same, where all of them are in it word by word."""
    spans = [span for each in clause for span in each.spans]
    said = [span.text for span in spans]
    tags = ["O"] * len(spans)
    for slot in known:
        if not slot.tag:
            continue
        wanted = [span.text for span in slot.spans]
        starts = range(len(said) - len(wanted) + 1)
        start = next((i for i in starts if said[i : i + len(wanted)] == wanted and tags[i] == "O"), None)
        if start is None:
            return None
        tags[start : start + len(wanted)] = [f"B-{slot.tag}", *[f"I-{slot.tag}"] * (len(wanted) - 1)]
    return mentions(spans, tags)


@dataclass(frozen=True)
class Adaptation:
    """New features with their weights, and the wordings they stand for. `base` tells for which classifier."""

    base: str
    features: tuple[str, ...]
    idf: np.ndarray
    weights: np.ndarray
    wordings: tuple[Wording, ...]

    @classmethod
    def fit(
        cls, base: LinearClassifier, lessons: Sequence[tuple[str, Clause]], rehearsal: Iterable[Clause]
    ) -> Adaptation:
        """Fit weights to lessons, each with the id of its wording; `rehearsal` shows what else the words mean."""
        new = frozenset(word for _, each in lessons for word in each.words)
        kept = [each for each in rehearsal if new & {*each.tokens, *each.said}]
        examples = [*(each for _, each in lessons), *kept]
        names = sorted({name for _, each in lessons for name in features(each.tokens, each.said) if _holds(name, new)})
        rarest = float(base.idf.max())
        idf = np.array([base.idf[base.vocabulary[name]] if name in base.vocabulary else rarest for name in names])
        empty = cls(fingerprint(base), tuple(names), idf, np.zeros((len(names), len(base.labels))), ())
        weights = _fitted(empty.onto(base), names, examples)
        wordings = {(id, each.label, each.words) for id, each in lessons}
        ordered = sorted(wordings, key=lambda each: (each[0], sorted(each[2])))
        return replace(empty, weights=weights, wordings=tuple(Wording(*each) for each in ordered))

    def onto(self, base: LinearClassifier) -> LinearClassifier:
        """The classifier with these weights added."""
        vocabulary, idf = dict(base.vocabulary), list(base.idf)
        for name, rarity in zip(self.features, self.idf, strict=True):
            if name not in vocabulary:
                vocabulary[name] = len(vocabulary)
                idf.append(rarity)
        weights = np.zeros((len(vocabulary), len(base.labels)), dtype=np.float32)
        weights[: len(base.weights)] = base.weights
        for name, row in zip(self.features, self.weights, strict=True):
            weights[vocabulary[name]] += row
        return LinearClassifier(base.labels, vocabulary, np.array(idf), weights, base.bias)

    def without(self, ids: Iterable[str]) -> Adaptation:
        """The same without some wordings."""
        gone = frozenset(ids)
        return replace(self, wordings=tuple(each for each in self.wordings if each.id not in gone))

    def present(self, words: Iterable[str]) -> list[Wording]:
        """The wordings all of whose words are among some words."""
        said = frozenset(words)
        return [each for each in self.wordings if each.words <= said]

    def as_json(self) -> dict[str, Any]:
        """A plain mapping that `from_json` reads."""
        return {
            "base": self.base,
            "features": list(self.features),
            "idf": [round(float(each), 4) for each in self.idf],
            "weights": base64.b64encode(self.weights.astype(np.float16).tobytes()).decode("ascii"),
            "wordings": [[each.id, each.label, sorted(each.words)] for each in self.wordings],
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any], base: LinearClassifier) -> Adaptation | None:
        """What `as_json` wrote; `None` when it is not whole or was made for another classifier."""
        try:
            if told["base"] != fingerprint(base):
                return None
            raw = np.frombuffer(base64.b64decode(told["weights"]), dtype=np.float16).astype(np.float32)
            weights = raw.reshape(len(told["features"]), len(base.labels))
            wordings = tuple(Wording(id, label, frozenset(words)) for id, label, words in told["wordings"])
            return cls(told["base"], tuple(told["features"]), np.array(told["idf"], dtype=float), weights, wordings)
        except (KeyError, ValueError, TypeError):
            return None


def fingerprint(base: LinearClassifier) -> str:
    """What tells one classifier from another."""
    told = "\n".join(base.labels).encode() + base.bias.tobytes() + base.idf.tobytes()
    return hashlib.sha256(told).hexdigest()[:16]


def _holds(feature: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(feature.removeprefix("=").split())


def _fitted(base: LinearClassifier, names: Sequence[str], examples: Sequence[Clause]) -> np.ndarray:
    """The weights of the features `names` that make the examples likeliest, beside the scores of `base`."""
    from scipy.optimize import minimize

    columns = {base.vocabulary[name]: i for i, name in enumerate(names)}
    seen = np.zeros((len(examples), len(names)))
    offset = np.zeros((len(examples), len(base.labels)))
    for i, each in enumerate(examples):
        known, values = base.values(features(each.tokens, each.said))
        offset[i] = base.bias + values @ base.weights[known]
        for row, value in zip(known, values, strict=True):
            if row in columns:
                seen[i, columns[row]] = value
    wanted = np.array([base.labels.index(each.label) for each in examples])
    counts = np.array([each.weight for each in examples])
    shape = (len(names), len(base.labels))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(shape)
        scores = offset + seen @ weights
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        likely /= likely.sum(axis=1, keepdims=True)
        chosen = likely[np.arange(len(wanted)), wanted]
        likely[np.arange(len(wanted)), wanted] -= 1
        gradient = seen.T @ (likely * counts[:, None]) + STIFFNESS * weights
        cost = -float(counts @ np.log(np.maximum(chosen, 1e-12))) + STIFFNESS / 2 * float((weights**2).sum())
        return cost, gradient.ravel()

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x).reshape(shape)


class HomeUnderstander(Understander):
    """Understands as shipped, and what that can't explain by what the home has learned.

    `learned` gives the adaptation in use; it is asked for every sentence, so that what is forgotten is gone at once.
    """

    def __init__(self, model: Model, learned: Callable[[], Adaptation | None]) -> None:
        super().__init__(model)
        self._learned = learned
        self._made_of: Adaptation | None = None
        self._adapted = Understander(model)

    def learn_home(self, home: Home) -> None:
        """Learn the names of a new or changed home."""
        self.gazetteer = Gazetteer.of(home)

    def parse(self, hypotheses: Sequence[Hypothesis] | str) -> Parse:
        """As `Understander.parse`; a reading that rests on a learned wording says so (`learned`)."""
        parse = super().parse(hypotheses)
        if is_explained(parse) or (adaptation := self._learned()) is None:
            return parse
        heard = (Hypothesis(hypotheses),) if isinstance(hypotheses, str) else hypotheses
        present = adaptation.present(self.words(heard[0].text)) if heard else []
        if not present:
            return parse
        other = self._reader(adaptation, present).parse(heard[:1])
        meant = {each.label.partition("/")[0] for each in present}
        if not is_explained(other) or meant.isdisjoint(intent.name for intent in other.intents):
            return parse
        return Parse(replace(other.best, learned=True), (parse.best, *other.alternatives))

    def _reader(self, adaptation: Adaptation, present: Sequence[Wording]) -> Understander:
        """An understander that knows these wordings."""
        if adaptation is not self._made_of:
            self._made_of = adaptation
            self._adapted.model = replace(self.model, classifier=adaptation.onto(self.model.classifier))
        words: dict[str, frozenset[str]] = {}
        for each in present:
            words[each.label] = words.get(each.label, frozenset()) | each.words
        explained = Explained(self.model.explained.words, self.model.explained.slots, words)
        self._adapted.model = replace(self._adapted.model, explained=explained)
        self._adapted.gazetteer = self.gazetteer
        return self._adapted


def is_explained(parse: Parse) -> bool:
    """Whether a parse is something for a home that may be carried out."""
    foreign = any(intent.domain == "foreign" for intent in parse.intents)
    return bool(parse.intents) and not foreign and not parse.unexplained
