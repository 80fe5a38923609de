"""Trains everything that understanding needs: `python -m assistant.nlu.train`.

The tagger learns from generated sentences of invented homes and from the declared part of open data; the intent
classifier from the same, seen through the tagger. The confidence in frames is calibrated on generated sentences that
neither saw; that in intents on the open sentences, each judged by a classifier that was fitted without its part
(cross-fitting), which also gives the development figures. The test part of open data is not in the project.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import spacy
from spacy.training import Example as SpacyExample
from spacy.util import minibatch

from assistant.nlu import corpus, evaluate, unseen
from assistant.nlu.classifier import LinearClassifier
from assistant.nlu.confidence import Calibration
from assistant.nlu.corpus import Example
from assistant.nlu.features import features, mentions, said_words, tokens
from assistant.nlu.frames import Explained
from assistant.nlu.open_data import FOREIGN
from assistant.nlu.tagger import Tagger, make_doc, new_pipeline
from assistant.nlu.understander import MODEL, Model
from assistant.nlu.unseen import OpenJudged

SEED = 7
WEIGHTS = {"": 1.0, "hwu64": 5.0, "slurp-text": 5.0, "clinc150": 5.0, "slurp-asr": 2.0, "own": 8.0}
"""What a person's own wording, and what a recogniser made of one, counts beside a generated sentence."""
FOREIGN_WEIGHT = 0.5
"""What a foreign sentence of an open set counts: there are five of them for each that concerns a home."""
CROSS_FITTED = 15000
"""Generated sentences beside the open ones when a classifier is fitted only to calibrate."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, report and write the model."""
    parser = argparse.ArgumentParser(prog="python -m assistant.nlu.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=MODEL, help="folder of the model (default: the one that ships)")
    parser.add_argument("--sentences", type=int, default=75000, help="generated training sentences (default 75000)")
    parser.add_argument("--epochs", type=int, default=5, help="passes over them (default 5)")
    options = parser.parse_args(arguments)
    train(options.out, options.sentences, options.epochs)
    return 0


def train(out: Path, sentences: int, epochs: int) -> None:
    """Fit tagger, classifier and calibration in turn, report on unseen sentences, and write all to `out`."""
    began = time.perf_counter()
    generated = list(corpus.generated(sentences, seed=SEED))
    open_data = list(corpus.open_sentences())
    _say(began, f"{len(generated)} generated and {len(open_data)} open sentences")
    own = [*generated, *corpus.background_sentences()]
    tagger = fit_tagger([*own, *_tagged(open_data)], epochs, began)
    seen = [*clauses_of(tagger, own), *clauses_of(tagger, open_data)]
    classifier = fit_classifier(seen)
    _say(began, f"classifier: {len(classifier.labels)} classes, {len(classifier.vocabulary)} features")
    unfitted = Calibration.unfitted()
    model = Model(tagger, classifier, learn_explained([*own, *open_data]), unfitted, unfitted)
    judged = evaluate.judge(model, list(corpus.generated(sentences // 5, seed=SEED + 1)))
    frames = Calibration.fit([each.signals for each in judged], [each.right for each in judged])
    folds = cross_fitted(replace(model, frames=frames), open_data, seen, began)
    intents = Calibration.fit([each.signals for each in folds], [each.right for each in folds])
    model = replace(model, frames=frames, intents=intents)
    model.save(out)
    _say(began, f"written to {out}")
    print("cross-fitted on the training part of open data:")
    print(unseen.report([unseen.sure_of(model, each) for each in folds]))
    print("on generated sentences:")
    print(evaluate.report(model, list(corpus.generated(max(sentences // 8, 500), seed=SEED + 2))))


def _tagged(open_data: Sequence[Example]) -> list[Example]:
    """The open sentences that the tagger learns from, and of foreign ones, which have no slot, only every second."""
    tagged = [each for each in open_data if each.tags]
    return [each for i, each in enumerate(tagged) if each.labels[0] != FOREIGN or i % 2]


def cross_fitted(model: Model, open_data: Sequence[Example], seen: Sequence[Clause], began: float) -> list[OpenJudged]:
    """How each open sentence is read by a classifier that was fitted without the sentence's part of the data."""
    generated = [each for each in seen if each.fold < 0][:CROSS_FITTED]
    judged = []
    for fold in sorted({each.fold for each in open_data}):
        others = [each for each in seen if each.fold >= 0 and each.fold != fold]
        part = replace(model, classifier=fit_classifier([*generated, *others]))
        judged += unseen.judge(part, [unseen.asked(each) for each in open_data if each.fold == fold])
        _say(began, f"cross-fitted without part {fold}")
    return judged


def learn_explained(examples: Sequence[Example]) -> Explained:
    """Which words carry each class, and which slots it takes: what was seen at least twice in clean sentences."""
    words: dict[str, Counter[str]] = {}
    slots: dict[str, Counter[str]] = {}
    for example in examples:
        if example.noisy or not example.tags or example.labels[0] == "foreign.request":
            continue
        ends = [*example.starts[1:], len(example.spans)]
        for start, end, label in zip(example.starts, ends, example.labels, strict=True):
            clause = mentions(example.spans[start:end], example.tags[start:end])
            slots.setdefault(label, Counter()).update({mention.tag for mention in clause if mention.tag})
            said = {mention.text for mention in clause if not mention.tag and mention.spans[0].kind == "word"}
            words.setdefault(label, Counter()).update(said)
    return Explained(
        {label: frozenset(word for word, n in counted.items() if n > 1) for label, counted in words.items()},
        {label: frozenset(tag for tag, n in counted.items() if n > 2) for label, counted in slots.items()},
    )


def fit_tagger(examples: Sequence[Example], epochs: int, began: float) -> Tagger:
    """Train the spaCy pipeline."""
    nlp = new_pipeline(SEED)
    rng = random.Random(SEED)
    gold = [_spacy_example(nlp, each) for each in examples]
    for tag in sorted({tag for each in examples for tag in each.tags}):
        nlp.get_pipe("tagger").add_label(tag)  # type: ignore[attr-defined]
    optimizer = nlp.initialize(lambda: gold[:500])
    optimizer.learn_rate = 0.002
    steps, total = 0, epochs * len(gold) // 128
    for epoch in range(epochs):
        rng.shuffle(gold)
        losses: dict[str, float] = {}
        for batch in minibatch(gold, 128):  # type: ignore[no-untyped-call]
            nlp.update(batch, drop=0.1, sgd=optimizer, losses=losses)
            steps += 1
            optimizer.learn_rate = 0.002 * max(0.05, 1 - steps / total)
        _say(began, f"tagger, pass {epoch + 1}: loss {losses['tagger']:.0f}")
    with nlp.use_params(optimizer.averages):
        return _frozen(nlp)


def _frozen(nlp: spacy.language.Language) -> Tagger:
    """A copy with the averaged parameters."""
    copy = new_pipeline(SEED)
    copy.from_bytes(nlp.to_bytes(exclude=["tokenizer"]), exclude=["tokenizer"])
    return Tagger(copy)


def _spacy_example(nlp: spacy.language.Language, example: Example) -> SpacyExample:
    doc = make_doc(nlp, example.spans, example.hints)
    starts = [i in example.starts for i in range(len(example.spans))]
    return SpacyExample.from_dict(
        doc, {"tags": list(example.tags), "sent_starts": [1 if each else -1 for each in starts]}
    )


@dataclass(frozen=True, slots=True)
class Clause:
    """What the classifier learns from: a delexicalised clause, its class, and what it counts."""

    tokens: tuple[str, ...]
    said: tuple[str, ...]
    label: str
    weight: float
    fold: int


def clauses_of(tagger: Tagger, examples: Sequence[Example]) -> list[Clause]:
    """The clauses of sentences, delexicalised by the tags that the tagger gives."""
    return [
        Clause(words, said, label, _weight(example.source, label), example.fold)
        for example, tags in zip(examples, tags_of(tagger, examples), strict=True)
        for words, said, label in clauses(example, tags)
    ]


def _weight(source: str, label: str) -> float:
    """What a sentence counts. Foreign ones are so many in the open sets that each counts for little."""
    return FOREIGN_WEIGHT if label == FOREIGN and source != "own" else WEIGHTS[source]


def fit_classifier(seen: Sequence[Clause]) -> LinearClassifier:
    """Train the intent classifier. Equal clauses are put together, which makes it faster."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    counted: dict[tuple[tuple[str, ...], tuple[str, ...], str], float] = {}
    for each in seen:
        key = each.tokens, each.said, each.label
        counted[key] = counted.get(key, 0.0) + each.weight
    vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=3, max_features=20000, dtype=np.float32)
    matrix = vectorizer.fit_transform([list(features(words, said)) for words, said, _ in counted])
    model = LogisticRegression(C=10.0, max_iter=300, tol=2e-4)
    weights = np.fromiter(counted.values(), dtype=np.float32)
    model.fit(matrix, [label for *_, label in counted], sample_weight=weights)
    names = vectorizer.get_feature_names_out()
    return LinearClassifier(
        tuple(str(label) for label in model.classes_), {str(name): i for i, name in enumerate(names)},
        vectorizer.idf_.astype(np.float32), model.coef_.T.astype(np.float16), model.intercept_.astype(np.float64),
    )  # fmt: skip


def tags_of(tagger: Tagger, examples: Sequence[Example]) -> list[tuple[str, ...]]:
    """The tags that the tagger gives."""
    found: list[tuple[str, ...]] = []
    for batch in minibatch(iter(examples), 256):  # type: ignore[no-untyped-call]
        found.extend(tagged.tags for tagged in tagger.tag([(each.spans, each.hints) for each in batch]))
    return found


def clauses(example: Example, tags: Sequence[str]) -> list[tuple[tuple[str, ...], tuple[str, ...], str]]:
    """The clauses of a sentence, delexicalised and as they were said, with their labels."""
    ends = [*example.starts[1:], len(example.spans)]
    found = []
    for number, (start, end, label) in enumerate(zip(example.starts, ends, example.labels, strict=True)):
        if end > start:
            clause = mentions(example.spans[start:end], tags[start:end])
            words = tokens(clause, place_of(number, len(example.starts)), example.gazetteer)
            found.append((tuple(words), tuple(said_words(clause)), label))
    return found


def place_of(number: int, count: int) -> str:
    """Where a clause stands, which tells "no" from "no, turn off the lamp"."""
    return "only" if count == 1 else "later" if number else "first"


def _say(began: float, text: str) -> None:
    print(f"[{time.perf_counter() - began:5.0f} s] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
