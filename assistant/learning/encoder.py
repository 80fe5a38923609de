"""Requests as vectors in which a misheard sentence lies near the one that was meant.

Character n-grams of the words and of their sound (Metaphone), hashed, weighted by rarity, and projected: one tower for
both sides of a pair. The projection begins as a truncated SVD and is trained on (heard, said) pairs with in-batch and
sampled negatives, after dense passage retrieval (Karpukhin et al., EMNLP 2020). `python -m
assistant.learning.train_encoder` makes the shipped weights.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.learning.text import sound

HASHED = 4096
"""Features of each kind: letters, sounds."""
DIMENSIONS = 96
Floats = NDArray[np.float32]


def ngrams(text: str) -> tuple[list[int], list[float]]:
    """A normal text as hashed n-grams, of its letters and of its sound: places below `2 * HASHED`, and weights.

    Each kind is scaled to length 1.

    >>> places, weights = ngrams("the hall")
    >>> len(places) == len(weights), max(places) < 2 * HASHED
    (True, True)
    """
    places: list[int] = []
    weights: list[float] = []
    for offset, words, longest in ((0, text, 4), (HASHED, sound(text), 3)):
        counts = Counter(_pieces(words, longest))
        length = math.sqrt(sum(count * count for count in counts.values()))
        places += [offset + place for place in counts]
        weights += [count / length for count in counts.values()]
    return places, weights


def _pieces(words: str, longest: int) -> Iterator[int]:
    """The hashed runs of two to `longest` characters of each word, its ends marked."""
    for word in words.split():
        marked = f" {word} ".encode()
        for size in range(2, longest + 1):
            for start in range(len(marked) - size + 1):
                yield crc32(marked[start : start + size]) % HASHED


def table(texts: Sequence[str]) -> Any:
    """Normal texts as a sparse matrix of their n-grams, `2 * HASHED` wide."""
    from scipy import sparse

    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, text in enumerate(texts):
        places, weights = ngrams(text)
        rows += [row] * len(places)
        columns += places
        values += weights
    return sparse.csr_matrix((np.array(values, dtype=np.float32), (rows, columns)), (len(texts), 2 * HASHED))


@dataclass(frozen=True)
class Encoder:
    """`rarity` weighs the features (2 * HASHED), `projection` (2 * HASHED x DIMENSIONS) brings them to a vector."""

    rarity: Floats
    projection: Floats

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, one row a normal text."""
        vectors = np.zeros((len(texts), self.projection.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            places, weights = ngrams(text)
            if places:
                vectors[row] = (self.rarity[places] * np.array(weights, dtype=np.float32)) @ self.projection[places]
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
