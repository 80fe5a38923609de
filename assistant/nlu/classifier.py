"""A linear classifier over sparse features: trained with scikit-learn, kept as plain arrays, run with numpy alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class LinearClassifier:
    """Multinomial logistic regression on length-normalised TF-IDF features.

    `vocabulary` maps a feature to its row; `weights` has one row for each feature and one column for each label.
    """

    labels: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def probabilities(self, features: Iterable[str]) -> np.ndarray:
        """The probability of each label."""
        scores = self.bias.copy()
        rows, values = self.values(features)
        if len(rows):
            scores += values @ self.weights[rows].astype(np.float64)
        powers = np.exp(scores - scores.max())
        return np.asarray(powers / powers.sum())

    def values(self, features: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
        """The rows of the features that it knows, and their length-normalised values."""
        counts = Counter(self.vocabulary[each] for each in features if each in self.vocabulary)
        rows = np.fromiter(counts.keys(), dtype=np.int64)
        values = (1.0 + np.log(np.fromiter(counts.values(), dtype=np.float64))) * self.idf[rows]
        return rows, values / (np.linalg.norm(values) or 1.0)

    def unfamiliar(self, words: Sequence[str]) -> float:
        """The share of words (0 to 1) that training never saw often enough to learn anything from."""
        return sum(word not in self.vocabulary for word in words) / max(len(words), 1)

    def save(self, path: Path) -> None:
        """Write the arrays (no pickles)."""
        np.savez_compressed(
            path,
            labels=np.array("\n".join(self.labels)),
            vocabulary=np.array("\n".join(self.vocabulary)),
            idf=self.idf,
            weights=self.weights.astype(np.float16),
            bias=self.bias,
        )

    @classmethod
    def load(cls, path: Path) -> LinearClassifier:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            words = str(arrays["vocabulary"]).split("\n")
            return cls(
                tuple(str(arrays["labels"]).split("\n")), {word: i for i, word in enumerate(words)}, arrays["idf"],
                arrays["weights"], arrays["bias"],
            )  # fmt: skip
