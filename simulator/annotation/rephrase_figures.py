"""Rephrase detection beside detectors that see only a pair: `python -m simulator.annotation.rephrase_figures`.

For every request the question is which later one said it so that it worked, or that there is none. Eight sets: six with
labels that a machine made (a request that was received badly, and a later one about the same that was received well),
of three horizons, with the words as they were heard and as they were said; and two by people's truth, of the population
that nothing was tuned on: all of its requests, and those with a later request that is another wish.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from assistant.learning.encoder import shipped as encoder
from assistant.learning.labelling.evidence import Numbers
from assistant.learning.labelling.rephrases import NONE_BELOW, ContextualDetector, Pair, people, shipped, within_reach
from assistant.learning.labelling.trees import Trees
from assistant.learning.text import normal
from assistant.nlu import Understander
from simulator.annotation.cases import Case, cases
from simulator.annotation.logs import add_arguments, lived_or_read, read_files
from simulator.annotation.train import fit_rows, relation
from simulator.annotation.truth import Truth

TEXT = frozenset(
    f"pair_{name}" for name in ("lexical", "phonetic", "misheard", "equal", "only_here", "only_there", "opposite")
)
RECEIVED = TEXT | {"pair_done", "pair_failed", "pair_asked", "earlier_failed", "earlier_asked", "earlier_done"}
"""What a detector of pairs sees of the texts, and what it sees of the answers as well."""
ALIKE = 0.6
"""From this likeness on a machine takes two requests to be about the same."""
HORIZONS = (1, 3, 5)
Scorer = Callable[[Sequence[Pair]], Sequence[float]]


@dataclass(frozen=True)
class Question:
    """A request, the pairs that it forms with the later ones within reach, and the one that is right (None: none)."""

    pairs: tuple[Pair, ...]
    right: str | None


def main() -> None:
    """Train the detectors of pairs, and print how often each finds the right request, or that there is none."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, "test", 24, 5)
    parser.add_argument("--school", type=Path, required=True, help="a folder with the log that all are trained on")
    options = parser.parse_args()
    understander = Understander.load()
    school = cases(read_files(options.school), understander)
    known = cases(lived_or_read(options), understander)
    detectors = {**baselines(school), "in its dialogue": (_contextual(shipped()), NONE_BELOW)}
    print(f"{'set':28} {'asked':>6} " + " ".join(f"{name:>16}" for name in detectors))
    for name, questions in sets(known).items():
        shares = [exact(questions, scorer, least) for scorer, least in detectors.values()]
        print(f"{name:28} {len(questions):6} " + " ".join(f"{share:16.3f}" for share in shares))


def sets(known: Sequence[Case]) -> dict[str, list[Question]]:
    """The eight sets, by name."""
    truth = {case.seen.turn.id: case.truth for case in known}
    clean = [_as_said(case) for case in known]
    found = {}
    for horizon in HORIZONS:
        for name, some in (("heard", known), ("said", clean)):
            label = _machine(horizon)
            found[f"machine, {horizon} later, as {name}"] = questions(some, label)
    true = questions(known, lambda pairs: _true(pairs, truth))
    found["truth, all"] = true
    found["truth, with another wish"] = [
        each for each in true if any(relation(pair, truth) == "none" for pair in each.pairs)
    ]
    return found


def questions(known: Sequence[Case], label: Callable[[Sequence[Pair]], str | None]) -> list[Question]:
    """One question for each request that failed and that others follow within reach."""
    found = []
    for person in people([case.seen for case in known]):
        for _, some in groupby(within_reach(person), key=lambda pair: pair.earlier.turn.id):
            pairs = tuple(some)
            found.append(Question(pairs, label(pairs)))
    return found


def baselines(school: Sequence[Case]) -> Mapping[str, tuple[Scorer, float]]:
    """Four detectors that see a pair at a time, each with the threshold that is best on the log it was trained on."""
    truth = {case.seen.turn.id: case.truth for case in school}
    asked = questions(school, lambda pairs: _true(pairs, truth))
    pairs = [pair for question in asked for pair in question.pairs]
    labels = [str(relation(pair, truth) == "worked") for pair in pairs]
    scorers: dict[str, Scorer] = {
        "letters, sounds": lambda some: [max(_part(each, "lexical"), _part(each, "phonetic")) for each in some],
        "encoder": _cosines,
        "pair": _trained(pairs, labels, TEXT),
        "pair, answers": _trained(pairs, labels, RECEIVED),
    }
    return {name: (scorer, _threshold(asked, scorer)) for name, scorer in scorers.items()}


def exact(asked: Sequence[Question], scorer: Scorer, least: float) -> float:
    """How often exactly the right request is found, or rightly none."""
    chosen = _chosen(asked, scorer)
    right = [
        (turn if score >= least else None) == question.right
        for question, (turn, score) in zip(asked, chosen, strict=True)
    ]
    return sum(right) / max(1, len(right))


def _chosen(asked: Sequence[Question], scorer: Scorer) -> list[tuple[str, float]]:
    """The best later request for each question, and its score."""
    scores = iter(scorer([pair for question in asked for pair in question.pairs]))
    chosen = []
    for question in asked:
        score, place = max((next(scores), -place) for place in range(len(question.pairs)))
        chosen.append((question.pairs[-place].later.turn.id, score))
    return chosen


def _threshold(asked: Sequence[Question], scorer: Scorer) -> float:
    """The score from which on taking the best request is right most often."""
    chosen = _chosen(asked, scorer)

    def right(least: float) -> int:
        return sum(
            (turn if score >= least else None) == question.right
            for question, (turn, score) in zip(asked, chosen, strict=True)
        )

    return max((step / 50 for step in range(51)), key=right)


def _contextual(detector: ContextualDetector) -> Scorer:
    """Every pair as the detector judges it."""
    return lambda pairs: [each.worked for each in detector.judge_pairs(pairs)]


def _trained(pairs: Sequence[Pair], labels: Sequence[str], names: frozenset[str]) -> Scorer:
    """Boosted trees over some of the numbers of a pair."""
    trees: Trees = fit_rows([_some(pair, names) for pair in pairs], labels)

    def scores(some: Sequence[Pair]) -> Sequence[float]:
        found = trees.probabilities([_some(pair, names) for pair in some])
        return [float(each) for each in found[:, trees.labels.index("True")]]

    return scores


def _some(pair: Pair, names: frozenset[str]) -> Numbers:
    return {name: value for name, value in pair.numbers().items() if name in names}


def _part(pair: Pair, name: str) -> float:
    return pair.numbers()[f"pair_{name}"]


def _cosines(pairs: Sequence[Pair]) -> Sequence[float]:
    """How near the two requests lie to each other in the encoder's space."""
    one = encoder().encode([pair.earlier.logged.said for pair in pairs])
    other = encoder().encode([pair.later.logged.said for pair in pairs])
    return [float(each) for each in (one * other).sum(axis=1)]


def _machine(horizon: int) -> Callable[[Sequence[Pair]], str | None]:
    """A label made without people: received badly, then well, about the same, among so many later requests."""

    def label(pairs: Sequence[Pair]) -> str | None:
        if pairs[0].earlier.defect < NONE_BELOW:
            return None
        return next((pair.later.turn.id for pair in pairs[:horizon] if _about_the_same(pair)), None)

    return label


def _about_the_same(pair: Pair) -> bool:
    numbers = pair.numbers()
    alike = max(numbers["pair_lexical"], numbers["pair_phonetic"]) >= ALIKE
    return pair.later.defect < NONE_BELOW and (alike or numbers["pair_entities"] == 1)


def _true(pairs: Sequence[Pair], truth: Mapping[str, Truth]) -> str | None:
    """The later request that said it so that it worked."""
    return next((pair.later.turn.id for pair in pairs if relation(pair, truth) == "worked"), None)


def _as_said(case: Case) -> Case:
    """The same turn, had it been heard rightly."""
    words = case.truth.transcript
    logged = replace(case.seen.logged, said=normal(words), executed=normal(words), words=words)
    return replace(case, seen=replace(case.seen, logged=logged))


if __name__ == "__main__":
    main()
