"""Boosted trees as plain arrays: trained with scikit-learn, run with numpy alone; a file of them can't run code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trees:
    """Gradient-boosted trees (Friedman 2001; histogram-based, as in LightGBM).

    `features` are the columns, `labels` the classes. All trees lie in the same arrays; `roots` has the first node of
    each, one row an iteration, one column a class (a single one where there are two classes). A missing value (nan)
    goes where training sent it.
    """

    labels: tuple[str, ...]
    features: tuple[str, ...]
    start: Floats
    roots: NDArray[np.int32]
    feature: NDArray[np.int16]
    threshold: Floats
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    missing_left: NDArray[np.bool_]
    value: Floats

    def probabilities(self, rows: Sequence[Mapping[str, float]]) -> Floats:
        """One row for each of `rows` (numbers by name; a missing name is nan), one column for each label."""
        if not rows:
            return np.zeros((0, len(self.labels)))
        values = np.array([[row.get(name, np.nan) for name in self.features] for row in rows], dtype=np.float64)
        scores = self.start + np.stack([self._sum(values, column) for column in self.roots.T], axis=1)
        if scores.shape[1] == 1:
            second = 1 / (1 + np.exp(-scores))
            return np.concatenate([1 - second, second], axis=1)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def _sum(self, values: Floats, roots: NDArray[np.int32]) -> Floats:
        """What the trees of one class say of every row, summed up."""
        total = np.zeros(len(values))
        rows = np.arange(len(values))
        for root in roots:
            node = np.full(len(values), root)
            while (inner := self.feature[node] >= 0).any():
                known = values[rows, np.maximum(self.feature[node], 0)]
                lesser = np.where(np.isnan(known), self.missing_left[node], known <= self.threshold[node])
                node = np.where(inner, np.where(lesser, self.left[node], self.right[node]), node)
            total += self.value[node]
        return total

    @classmethod
    def of(cls, model: Any, features: Sequence[str]) -> Trees:
        """The trees of a fitted scikit-learn `HistGradientBoostingClassifier`."""
        parts, roots, first = [], [], 0
        for iteration in model._predictors:
            row = []
            for tree in iteration:
                nodes = tree.nodes.copy()
                nodes["left"] += first
                nodes["right"] += first
                row.append(first)
                first += len(nodes)
                parts.append(nodes)
            roots.append(row)
        nodes = np.concatenate(parts)
        inner = nodes["is_leaf"] == 0
        return cls(
            tuple(map(str, model.classes_)),
            tuple(features),
            np.asarray(model._baseline_prediction, dtype=np.float64).reshape(-1),
            np.array(roots, dtype=np.int32),
            np.where(inner, nodes["feature_idx"], -1).astype(np.int16),
            nodes["num_threshold"].astype(np.float64),
            nodes["left"].astype(np.int32),
            nodes["right"].astype(np.int32),
            nodes["missing_go_to_left"].astype(bool),
            np.where(inner, 0.0, nodes["value"]).astype(np.float64),
        )

    def save(self, path: Path) -> None:
        """Write the arrays (no pickles)."""
        np.savez_compressed(
            path, labels=np.array("\n".join(self.labels)), features=np.array("\n".join(self.features)),
            start=self.start, roots=self.roots, feature=self.feature, threshold=self.threshold, left=self.left,
            right=self.right, missing_left=self.missing_left, value=self.value.astype(np.float32),
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> Trees:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as told:
            return cls(
                tuple(str(told["labels"]).split("\n")), tuple(str(told["features"]).split("\n")), told["start"],
                told["roots"], told["feature"], told["threshold"], told["left"], told["right"], told["missing_left"],
                told["value"].astype(np.float64),
            )  # fmt: skip
