"""Trains the encoder: `python -m assistant.learning.train_encoder slurp-asr.jsonl`.

Pairs: what a real recogniser made of a sentence, and the sentence (SLURP, Bastianelli et al. 2020, CC BY 4.0).
Sentences with an even number are trained on, the others are reported on: how often the right sentence is found among
all others and some tens of thousands of generated ones.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.learning import encoder
from assistant.learning.encoder import DIMENSIONS, Encoder, Floats, table
from assistant.learning.text import normal

OUT = Path(encoder.__file__).with_name("encoder.npz")
BATCH, NEGATIVES, SHARPNESS, RATE = 256, 512, 20.0, 2e-3


@dataclass(frozen=True)
class Pairs:
    """What was heard and what was said, sentence by sentence."""

    heard: list[str]
    said: list[str]

    @classmethod
    def read(cls, path: Path, part: int) -> Pairs:
        """The misheard sentences whose number is even (part 0) or odd (part 1)."""
        items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        chosen = [item for item in items if int(item["slurp_id"]) % 2 == part]
        pairs = [(normal(item["utterance"].replace("@@UNKNOWN@@", "")), normal(item["gold_text"])) for item in chosen]
        wrong = [(heard, said) for heard, said in pairs if heard and heard != said]
        return cls([heard for heard, _ in wrong], [said for _, said in wrong])


def main() -> None:
    """Train, report with and without training, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("log", type=Path, help="JSON lines with slurp_id, gold_text and utterance")
    parser.add_argument("--index", type=int, default=40_000, help="generated sentences beside the real ones")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    train, test = Pairs.read(options.log, 0), Pairs.read(options.log, 1)
    others = sorted({*_generated(options.index), *train.said, *test.said})
    grams = table(others)
    begun = begin(grams)
    print(f"{len(train.said)} pairs to train on, {len(test.said)} to report on, {len(others)} sentences to find among")
    print("letters and sounds, untrained:", report_plain(grams, begun.rarity, others, test))
    print("projected, untrained:         ", report(begun, others, test))
    trained = fit(begun, train, grams, options.epochs)
    print("projected, trained:           ", report(trained, others, test))
    trained.save(options.out)


def _generated(count: int) -> list[str]:
    from assistant.nlu import corpus

    return [normal(example.text) for example in corpus.generated(count, seed=5)]


def begin(grams: Any) -> Encoder:
    """Rarity from the index, and a truncated SVD as the first projection."""
    from sklearn.decomposition import TruncatedSVD

    seen = np.asarray((grams > 0).sum(axis=0)).ravel()
    rarity = (np.log((1 + grams.shape[0]) / (1 + seen)) + 1).astype(np.float32)
    reduced = TruncatedSVD(DIMENSIONS, random_state=0).fit(grams.multiply(rarity).tocsr()[::3])
    return Encoder(rarity, reduced.components_.T.astype(np.float32))


def fit(begun: Encoder, pairs: Pairs, grams: Any, epochs: int) -> Encoder:
    """Softmax over the batch and sampled negatives; Adam."""
    chance = np.random.default_rng(0)
    first, second = (table(texts).multiply(begun.rarity).tocsr() for texts in (pairs.heard, pairs.said))
    weighted = grams.multiply(begun.rarity).tocsr()
    groups = {text: number for number, text in enumerate(dict.fromkeys(pairs.said))}
    labels = np.array([groups[text] for text in pairs.said])
    weights = begun.projection.copy()
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    step = 0
    for _ in range(epochs):
        for batch in np.array_split(chance.permutation(len(labels)), max(1, len(labels) // BATCH)):
            negatives = weighted[chance.choice(weighted.shape[0], NEGATIVES, replace=False)]
            slope = _slope(weights, first[batch], second[batch], negatives, labels[batch])
            step += 1
            mean = 0.9 * mean + 0.1 * slope
            square = 0.999 * square + 0.001 * slope**2
            weights -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return Encoder(begun.rarity, weights)


def _slope(weights: Floats, heard: Any, said: Any, negatives: Any, labels: NDArray[np.int64]) -> Floats:
    """The gradient of the loss: each heard sentence should be nearest to its own."""
    from scipy import sparse

    size = len(labels)
    rows = np.arange(size)
    targets = sparse.vstack([said, negatives]).tocsr()
    one, one_length = _unit(heard @ weights)
    other, other_length = _unit(targets @ weights)
    logits = SHARPNESS * one @ other.T
    logits[:, :size][(labels[:, None] == labels[None, :]) & ~np.eye(size, dtype=bool)] = -1e9
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    shares[rows, rows] -= 1
    shares *= SHARPNESS / size
    to_one, to_other = shares @ other, shares.T @ one
    to_one = (to_one - (to_one * one).sum(axis=1, keepdims=True) * one) / one_length
    to_other = (to_other - (to_other * other).sum(axis=1, keepdims=True) * other) / other_length
    return np.asarray(heard.T @ to_one + targets.T @ to_other, dtype=np.float32)


def _unit(vectors: Any) -> tuple[Floats, Floats]:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors / lengths), np.asarray(lengths)


def report(made: Encoder, others: list[str], pairs: Pairs) -> str:
    """How often what was said is the first, or among the first five and twenty, of all sentences."""
    return _ranks(made.encode(pairs.heard) @ made.encode(others).T, others, pairs)


def report_plain(grams: Any, rarity: Floats, others: list[str], pairs: Pairs) -> str:
    """The same with the n-grams themselves."""
    from sklearn.preprocessing import normalize

    heard = normalize(table(pairs.heard).multiply(rarity).tocsr())
    return _ranks((heard @ normalize(grams.multiply(rarity).tocsr()).T).toarray(), others, pairs)


def _ranks(scores: Any, others: list[str], pairs: Pairs) -> str:
    places = {text: place for place, text in enumerate(others)}
    ranks = np.array([(row > row[places[said]]).sum() for row, said in zip(scores, pairs.said, strict=True)])
    return ", ".join(f"in the first {top} {(ranks < top).mean():.1%}" for top in (1, 5, 20))


if __name__ == "__main__":
    main()
