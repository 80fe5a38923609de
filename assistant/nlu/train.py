"""Trains everything that understanding needs: `python -m assistant.nlu.train`.

The tagger learns from generated sentences of invented homes and from the declared part of open data; the intent
classifier from the same, seen through the tagger; the confidences are then calibrated on sentences that neither saw.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import spacy
from spacy.training import Example as SpacyExample
from spacy.util import minibatch

from assistant.nlu import corpus, evaluate
from assistant.nlu.classifier import LinearClassifier
from assistant.nlu.confidence import SIGNALS, Calibration
from assistant.nlu.corpus import Example
from assistant.nlu.features import features, mentions, tokens
from assistant.nlu.frames import Explained
from assistant.nlu.tagger import Tagger, make_doc, new_pipeline
from assistant.nlu.understander import MODEL, Model

SEED = 7
OPEN_WEIGHT = 8.0
"""What a person's own wording counts beside a generated one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, report and write the model."""
    parser = argparse.ArgumentParser(prog="python -m assistant.nlu.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=MODEL, help="folder of the model (default: the one that ships)")
    parser.add_argument("--sentences", type=int, default=60000, help="generated training sentences (default 60000)")
    parser.add_argument("--epochs", type=int, default=5, help="passes over them (default 5)")
    options = parser.parse_args(arguments)
    train(options.out, options.sentences, options.epochs)
    return 0


def train(out: Path, sentences: int, epochs: int) -> None:
    """Fit tagger, classifier and calibration in turn, report on unseen sentences, and write all to `out`."""
    began = time.perf_counter()
    generated = list(corpus.generated(sentences, seed=SEED))
    open_data = list(corpus.labelled("open_sentences.tsv"))
    _say(began, f"{len(generated)} generated and {len(open_data)} open sentences")
    tagger = fit_tagger([*generated, *(each for each in open_data if each.tags)], epochs, began)
    classifier = fit_classifier(tagger, [*generated, *open_data])
    _say(began, f"classifier: {len(classifier.labels)} classes, {len(classifier.vocabulary)} features")
    explained = learn_explained([*generated, *open_data])
    model = Model(tagger, classifier, explained, Calibration(np.zeros(len(SIGNALS)), 0.0))
    model = replace(model, calibration=fit_calibration(model, list(corpus.generated(sentences // 5, seed=SEED + 1))))
    model.save(out)
    _say(began, f"written to {out}")
    print(evaluate.report(model, list(corpus.generated(max(sentences // 8, 500), seed=SEED + 2))))


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


def fit_calibration(model: Model, examples: Sequence[Example]) -> Calibration:
    """Fit the confidence to how often the whole frame was right on sentences that nothing was trained on."""
    from sklearn.linear_model import LogisticRegression

    judged = evaluate.judge(model, examples)
    fitted = LogisticRegression(C=10.0).fit([each.signals for each in judged], [each.right for each in judged])
    return Calibration(fitted.coef_[0], float(fitted.intercept_[0]))


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


def fit_classifier(tagger: Tagger, examples: Sequence[Example]) -> LinearClassifier:
    """Train the intent classifier on what the tagger makes of the sentences."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts, labels, weights = [], [], []
    for example, tags in zip(examples, tags_of(tagger, examples), strict=True):
        for clause, label in clauses(example, tags):
            texts.append(list(features(clause)))
            labels.append(label)
            weights.append(OPEN_WEIGHT if example.gazetteer is corpus.NOBODY and label != "foreign.request" else 1.0)
    vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=4, max_features=16000)
    matrix = vectorizer.fit_transform(texts)
    model = LogisticRegression(C=60.0, max_iter=300)
    model.fit(matrix, labels, sample_weight=weights)
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


def clauses(example: Example, tags: Sequence[str]) -> list[tuple[list[str], str]]:
    """The delexicalised clauses of a sentence with their labels."""
    ends = [*example.starts[1:], len(example.spans)]
    found = []
    for number, (start, end, label) in enumerate(zip(example.starts, ends, example.labels, strict=True)):
        if end > start:
            place = place_of(number, len(example.starts))
            found.append((tokens(mentions(example.spans[start:end], tags[start:end]), place, example.gazetteer), label))
    return found


def place_of(number: int, count: int) -> str:
    """Where a clause stands, which tells "no" from "no, turn off the lamp"."""
    return "only" if count == 1 else "later" if number else "first"


def _say(began: float, text: str) -> None:
    print(f"[{time.perf_counter() - began:5.0f} s] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
