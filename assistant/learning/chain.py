"""Rewrites from an absorbing Markov chain over interpretations (self-learning.md 3.1; Ponnusamy et al., AAAI 2020).

States are canonical interpretations; success and failure absorb. From counts C (i rephrased as j), S+ and S- (a goal
ended well or badly in i):

    total_i = sum_j C_ij + S+_i + S-_i,   Q = C / total,   R+ = S+ / total,   R- = S- / total
    N = (I - Q)^-1,   B+ = N R+,   G_ij = N_ij R+_j = P(the last state before success is j | start in i)

The rewrite target of i is argmax_j G_ij, which is not the most frequent next rephrase.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.learning.logged import DAY, logged
from assistant.learning.sessions import Goal, Segmenter
from assistant.learning.text import normal
from assistant.turn import Turn

LEAK = 1e-3
"""The part of every row that leads to failure, so that every state reaches an absorbing one."""
Floats = NDArray[np.float64]
Person = tuple[str, str | None]
Shares = defaultdict[str, defaultdict[str, float]]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a text should lead: the state, a text that stands for it, and G (the probability of ending well there).

    `entropy` is that of G over all targets, normalised: 0 sure, 1 anything goes.
    """

    state: str
    text: str
    score: float
    entropy: float = 0.0


@dataclass
class _Counts:
    """Decayed counts while the log is read."""

    moves: defaultdict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    good: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    bad: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    said: Shares = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    texts: Shares = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    taken: defaultdict[tuple[Person, str, str], float] = field(default_factory=lambda: defaultdict(float))

    def take(self, who: Person, kind: str, key: str, weight: float, cap: float) -> float:
        """As much of `weight` as this person may still add to a count (poisoning: one person's part is limited)."""
        granted = max(0.0, min(weight, cap - self.taken[who, kind, key]))
        self.taken[who, kind, key] += granted
        return granted


@dataclass
class MarkovChain:
    """The chain over a log. `half_life` is in days; `cap` limits what one person adds to one count, in sessions.

    After `fit`: `states_`, sparse `Q_`, `r_plus_`, `r_minus_`, `b_plus_`, all in the order of `states_`.
    """

    half_life: float = 14.0
    cap: float = 3.0
    segmenter: Segmenter = field(default_factory=Segmenter)

    def fit(self, turns: Iterable[Turn]) -> MarkovChain:
        """Learn from turns."""
        log = [logged(turn) for turn in turns]
        goals = [goal for session in self.segmenter.sessions(log) for goal in self.segmenter.goals(session)[0]]
        return self.fit_goals(goals)

    def fit_goals(self, goals: Sequence[Goal]) -> MarkovChain:
        """Learn from goals."""
        counts = _Counts()
        now = max((goal.attempts[-1].time for goal in goals), default=0.0)
        for goal in goals:
            self._count(goal, 0.5 ** ((now - goal.attempts[-1].time) / DAY / self.half_life), counts)
        return self._fit_counts(counts)

    def fit_counts(
        self, moves: Iterable[tuple[str, str, float]], good: dict[str, float], bad: dict[str, float]
    ) -> MarkovChain:
        """Learn from counts given outright; every state is its own text.

        >>> chain = MarkovChain().fit_counts([("i", "j", 6), ("j", "k", 9)], {"k": 9, "j": 0.5}, {"i": 3})
        >>> chain.predict_one("i").state
        'k'
        """
        counts = _Counts()
        for before, after, weight in moves:
            counts.moves[before, after] += weight
        counts.good.update(good)
        counts.bad.update(bad)
        for state in {*good, *bad, *(state for pair in counts.moves for state in pair)}:
            counts.said[state][state] += 1
            counts.texts[state][state] += 1
        return self._fit_counts(counts)

    def _count(self, goal: Goal, weight: float, counts: _Counts) -> None:
        names = {attempt.id: attempt.state for attempt in goal.attempts}
        for link in goal.links:
            # a fragment ("no, the garage door") stands for the whole request that it amounts to
            if link.text and link.later.intent is None:
                names[link.later.id] = link.text
        whole = {link.later.id: link.text for link in goal.links}
        for attempt, defect in zip(goal.attempts, goal.defects, strict=True):
            state = names[attempt.id]
            text = whole.get(attempt.id) or (None if attempt.elliptic else normal(attempt.words))
            if not attempt.elliptic:
                counts.said[attempt.executed][state] += weight
            if text:
                counts.texts[state][text] += weight * (1 - defect)
        for link in goal.links:
            before, after = names[link.earlier.id], names[link.later.id]
            moved = counts.take(goal.attempts[0].who, before, after, weight, self.cap)
            counts.moves[before, after] += moved
        last = goal.attempts[-1]
        if last.outcome in {"unsupported", "ignored"}:
            return
        ended = counts.take(last.who, names[last.id], "", weight, 2 * self.cap)
        counts.good[names[last.id]] += ended * goal.success
        counts.bad[names[last.id]] += ended * (1 - goal.success)

    def _fit_counts(self, counts: _Counts) -> MarkovChain:
        from scipy import sparse

        self.states_ = sorted({*counts.good, *counts.bad, *(state for pair in counts.moves for state in pair)})
        self.index_ = {state: place for place, state in enumerate(self.states_)}
        self.said_, self.texts_ = dict(counts.said), dict(counts.texts)
        size = len(self.states_)
        rows = [self.index_[before] for before, _ in counts.moves]
        columns = [self.index_[after] for _, after in counts.moves]
        moves = sparse.csr_array((list(counts.moves.values()), (rows, columns)), shape=(size, size), dtype=float)
        good = np.array([counts.good[state] for state in self.states_], dtype=float)
        bad = np.array([counts.bad[state] for state in self.states_], dtype=float)
        total = np.asarray(moves.sum(axis=1)).ravel() + good + bad
        scale = np.divide(1 - LEAK, total, out=np.zeros(size), where=total > 0)
        self.Q_ = sparse.csr_array(sparse.diags_array(scale) @ moves) if size else moves
        self.r_plus_: Floats = good * scale
        self.r_minus_: Floats = 1.0 - self.r_plus_ - np.asarray(self.Q_.sum(axis=1)).ravel()
        self._solve()
        return self

    def _solve(self) -> None:
        """Factorise I - Q, one weakly connected component at a time; lone states need no solving."""
        from scipy import sparse
        from scipy.sparse.csgraph import connected_components
        from scipy.sparse.linalg import splu

        size = len(self.states_)
        self.b_plus_: Floats = np.zeros(size)
        self._lu: dict[int, Any] = {}
        self._members: dict[int, NDArray[np.int64]] = {}
        if not size:
            return
        diagonal = self.Q_.diagonal()
        self.b_plus_ = self.r_plus_ / (1 - diagonal)
        _, labels = connected_components(self.Q_, directed=True, connection="weak")
        order = np.argsort(labels, kind="stable")
        self._component = labels
        for members in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
            if len(members) > 1:
                block = sparse.eye_array(len(members), format="csc") - self.Q_[members][:, members].tocsc()
                label = int(labels[members[0]])
                self._lu[label] = splu(sparse.csc_matrix(block))
                self._members[label] = members
                self.b_plus_[members] = self._lu[label].solve(self.r_plus_[members])

    def reach(self, state: str) -> dict[str, float]:
        """G: for each state, the probability that it is the last one before success, starting in `state`."""
        place = self.index_[state]
        label = int(self._component[place])
        if label not in self._lu:
            return {state: float(self.b_plus_[place])}
        members = self._members[label]
        start = np.zeros(len(members))
        start[np.searchsorted(members, place)] = 1.0
        reached = self._lu[label].solve(start, trans="T") * self.r_plus_[members]
        return {self.states_[member]: float(value) for member, value in zip(members, reached, strict=True) if value > 0}

    def predict_one(self, said: str) -> Target | None:
        """The target of a normal text: score(u -> u') = sum_ij P(i|u) G_ij P(u'|j); `None` for an unknown text."""
        meant = {state: count for state, count in self.said_.get(said, {}).items() if state in self.index_}
        total = sum(meant.values())
        if not total:
            return None
        scores: defaultdict[str, float] = defaultdict(float)
        for state, count in meant.items():
            for target, value in self.reach(state).items():
                scores[target] += value * count / total
        best = [(state, score) for state, score in scores.items() if self.texts_.get(state)]
        if not best:
            return None
        state, score = max(best, key=lambda found: (found[1], found[0]))
        text = max(self.texts_[state].items(), key=lambda found: (found[1], found[0]))[0]
        return Target(state, text, score, _entropy(list(scores.values())))


def _entropy(values: list[float]) -> float:
    """Normalised entropy (0 to 1) of positive values.

    >>> _entropy([1.0]), round(_entropy([1.0, 1.0]), 3)
    (0.0, 1.0)
    """
    shares = np.array([value for value in values if value > 0])
    if len(shares) < 2:
        return 0.0
    shares = shares / shares.sum()
    return float(-(shares * np.log(shares)).sum() / np.log(len(shares)))
