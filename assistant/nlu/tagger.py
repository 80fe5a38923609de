"""The spaCy pipeline: a small convolutional encoder, a head that tags slots, a head that finds where clauses begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import fix_random_seed

from assistant.nlu.times import Span

WIDTH = 64
_ENCODER = {
    "@architectures": "spacy.Tok2Vec.v2",
    "embed": {
        "@architectures": "spacy.MultiHashEmbed.v2", "width": WIDTH, "attrs": ["NORM", "PREFIX", "SUFFIX", "LEMMA"],
        "rows": [3000, 500, 1000, 500], "include_static_vectors": False,
    },
    "encode": {
        "@architectures": "spacy.MaxoutWindowEncoder.v2", "width": WIDTH, "window_size": 2, "maxout_pieces": 2,
        "depth": 3,
    },
}  # fmt: skip
_HEAD = {
    "@architectures": "spacy.Tagger.v2",
    "tok2vec": {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "*"},
}


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tagged sentence. `tags` are BIO (`B-AREA`, `I-AREA`, `O`); `starts` are the first tokens of the clauses."""

    spans: tuple[Span, ...]
    tags: tuple[str, ...]
    probabilities: tuple[float, ...]
    starts: tuple[int, ...]
    start_probability: float


def new_pipeline(seed: int = 0) -> Language:
    """An untrained pipeline."""
    fix_random_seed(seed)
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec", config={"model": _ENCODER})
    nlp.add_pipe("tagger", config={"model": _HEAD})
    nlp.add_pipe("senter", config={"model": _HEAD})
    return nlp


def make_doc(nlp: Language, spans: Sequence[Span], hints: Sequence[str]) -> Doc:
    """The document that the pipeline reads: the normal forms, with the gazetteer's hints in place of lemmas."""
    return Doc(nlp.vocab, words=[span.text for span in spans], lemmas=list(hints))


class Tagger:
    """Runs a trained pipeline; much leaner than `nlp(text)`, and it keeps the probabilities."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp
        self._encoder = cast(Any, nlp.get_pipe("tok2vec"))
        self._slots = cast(Any, nlp.get_pipe("tagger"))
        self._clauses = cast(Any, nlp.get_pipe("senter"))
        self.labels: tuple[str, ...] = tuple(self._slots.labels)
        self._forbidden = _forbidden(self.labels)
        self._start = list(self._clauses.labels).index("S")

    @classmethod
    def load(cls, folder: Path) -> Tagger:
        """Read a pipeline that `save` wrote."""
        nlp = new_pipeline()
        nlp.from_disk(folder, exclude=["tokenizer"])
        return cls(nlp)

    def save(self, folder: Path) -> None:
        """Write the pipeline. Among the strings of its vocabulary are spaCy's word shapes ("XXX", "Xxdd")."""
        self.nlp.to_disk(folder, exclude=["tokenizer"])

    def tag(self, sentences: Sequence[tuple[Sequence[Span], Sequence[str]]]) -> Iterator[Tagged]:
        """Tag several sentences (spans and hints) in one go; none may be empty."""
        docs = [make_doc(self.nlp, spans, hints) for spans, hints in sentences]
        self._encoder.set_annotations(docs, self._encoder.predict(docs))
        slots = self._slots.model.predict(docs)
        clauses = self._clauses.model.predict(docs)
        for (spans, _), scores, starting in zip(sentences, slots, clauses, strict=True):
            yield self._decoded(tuple(spans), np.asarray(scores), _softmax(np.asarray(starting))[:, self._start])

    def _decoded(self, spans: tuple[Span, ...], scores: np.ndarray, starting: np.ndarray) -> Tagged:
        probabilities = _softmax(scores)
        previous, tags, sure = -1, [], []
        for row in probabilities:
            allowed = np.where(self._forbidden[previous], 0.0, row)
            previous = int(allowed.argmax())
            tags.append(self.labels[previous])
            sure.append(float(row[previous]))
        starts = (0, *(i for i in range(1, len(spans)) if starting[i] > 0.5))
        split = float(np.abs(starting[1:] - 0.5).min() + 0.5) if len(spans) > 1 else 1.0
        return Tagged(spans, tuple(tags), tuple(sure), starts, split)


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _forbidden(labels: Sequence[str]) -> np.ndarray:
    """Row `i`: which labels may not follow label `i` (the last row: which may not begin a sentence)."""
    table = np.zeros((len(labels) + 1, len(labels)), dtype=bool)
    for i, before in enumerate((*labels, "O")):
        for j, label in enumerate(labels):
            table[i, j] = label.startswith("I-") and before[2:] != label[2:]
    return table
