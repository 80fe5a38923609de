"""Requests as vectors in which a misheard sentence lies near the one that was meant.

Character n-grams of the words and of their sound (Metaphone), hashed, weighted by rarity, and projected: one tower for
both sides of a pair. The projection begins as a truncated SVD and is trained on (heard, said) pairs with in-batch and
sampled negatives, after dense passage retrieval (Karpukhin et al., EMNLP 2020). `python -m
assistant.learning.train_encoder` makes the shipped weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.learning.text import sound

HASHED = 4096
"""Features of each kind: letters, sounds."""
DIMENSIONS = 96
Floats = NDArray[np.float32]


def ngrams(texts: Sequence[str]) -> Any:
    """Normal texts as a sparse matrix of hashed n-grams, of the letters and of the sound, `2 * HASHED` wide."""
    from scipy import sparse
    from sklearn.feature_extraction.text import HashingVectorizer

    letters = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=HASHED, alternate_sign=False)
    sounds = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 3), n_features=HASHED, alternate_sign=False)
    said = [sound(text) for text in texts]
    return sparse.csr_matrix(sparse.hstack([letters.transform(texts), sounds.transform(said)]), dtype=np.float32)


@dataclass(frozen=True)
class Encoder:
    """`rarity` weighs the features (2 * HASHED), `projection` (2 * HASHED x DIMENSIONS) brings them to a vector."""

    rarity: Floats
    projection: Floats

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, one row a normal text."""
        table = ngrams(texts).multiply(self.rarity).tocsr()
        vectors = np.asarray(table @ self.projection, dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write the weights, in half precision."""
        half = np.float16
        np.savez_compressed(path, rarity=self.rarity.astype(half), projection=self.projection.astype(half))

    @classmethod
    def load(cls, path: Path) -> Encoder:
        """Read the weights."""
        with np.load(path, allow_pickle=False) as told:
            return cls(told["rarity"].astype(np.float32), told["projection"].astype(np.float32))


@cache
def shipped() -> Encoder:
    """The encoder that comes with the program."""
    with as_file(files("assistant.learning").joinpath("encoder.npz")) as path:
        return Encoder.load(path)
