"""How well the label generator does on people it never saw: `python -m simulator.annotation.figures`.

Beside it stands one noisy pass of an annotator (`annotator.py`). The truth is known, so nothing has to be agreed on.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from assistant.learning import failures, labels
from assistant.learning.failures import Isolator, Shares
from assistant.learning.labelling.evidence import Numbers
from assistant.learning.labelling.goals import with_mined
from assistant.learning.labelling.labelled import Labelled
from assistant.learning.labelling.names import learned_names
from assistant.learning.labelling.plain import POINTS
from assistant.learning.miner import Limits, RewriteMiner
from assistant.learning.text import normal
from assistant.nlu import Understander
from assistant.store.items import Item
from simulator.annotation.annotator import one_pass
from simulator.annotation.cases import FIELDS, Case, cases, look, requests, without
from simulator.annotation.label_figures import label_figures
from simulator.annotation.logs import add_arguments, lived_or_read
from simulator.study.calibrate import calibration_error


def main() -> None:
    """Let people live, label, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, "test", 24, 5)
    known = cases(lived_or_read(parser.parse_args()), Understander.load())
    print(f"{len(known)} turns of {len({case.seen.logged.household for case in known})} households")
    found = labels.shipped().predict([case.seen for case in known], [case.numbers for case in known])
    print("\n".join(label_figures(known, {label.turn: label for label in found})))
    print("\n".join(failure_figures(failures.shipped(), requests(known))))
    print("\n".join(learned_figures(known)))


def failure_figures(model: Isolator, known: Sequence[Case]) -> list[str]:
    """The figures of failure points: each class beside the annotator, and what each field of a log is worth."""
    truth = [str(case.truth.failure) for case in known]
    found = _found(model, known, [case.numbers for case in known])
    guessed = _likeliest(found)
    mine, theirs = scores(truth, guessed), scores(truth, one_pass(truth))
    lines = [f"{'failure point':12} {'turns':>6} {'F1':>7} {'annotator':>10} {'ratio':>6}"]
    for point in POINTS:
        count = truth.count(point)
        lines.append(
            f"{point:12} {count:6} {mine[point]:7.3f} {theirs[point]:10.3f} {mine[point] / theirs[point]:6.2f}"
        )
    mean, other = (float(np.mean(list(each.values()))) for each in (mine, theirs))
    lines.append(f"{'mean':12} {len(truth):6} {mean:7.3f} {other:10.3f} {mean / other:6.2f}")
    sure = np.array([max(shares.values()) for shares in found])
    right = np.array([one == other for one, other in zip(guessed, truth, strict=True)], dtype=float)
    lines.append(f"right {right.mean():.1%}, calibration error {calibration_error(sure, right):.3f}")
    failed = [(shares, point) for shares, point in zip(found, truth, strict=True) if point != "correct"]
    routed = [max(POINTS[1:], key=shares.__getitem__) == point for shares, point in failed]
    lines.append(f"the first repair is the right one for {np.mean(routed):.1%} of {len(routed)} failed turns")
    for name, lacks in FIELDS.items():
        poorer = _found(model, known, [without(case.numbers, lacks) for case in known])
        less = scores(truth, _likeliest(poorer))
        lines.append(f"  without {name:32} mean F1 {np.mean(list(less.values())):.3f}")
    return lines


def learned_figures(known: Sequence[Case]) -> list[str]:
    """How many of the names and rewrites that are learned from failures are about the thing that was meant."""
    truth = {case.seen.turn.id: case.truth for case in known}
    dialogues = look([case.seen.turn for case in known])
    labelled = Labelled.of(dialogues)
    plain = RewriteMiner().fit_goals(list(dialogues.goals)).proposals()
    lines = [
        _rewrite_figures(what, some, known)
        for what, some in (("the plain segmenter", plain), ("the labels", with_mined([], labelled, Limits().customers)))
    ]
    items = learned_names(labelled)
    for what, some in (("noticed", items), ("tried", [item for item in items if item.live])):
        right = sum(all(truth[turn].entity == item.after for turn in item.evidence) for item in some)
        lines.append(f"names {what}: {len(some)}, of which {right} mean what was meant")
    return lines


def _rewrite_figures(what: str, items: Sequence[Item], known: Sequence[Case]) -> str:
    """How many rewrites of persons are in use, and how many of these lead to the same thing as before."""
    meant: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    for case in known:
        if case.truth.kind == "request":
            meant[case.seen.logged.household, case.seen.logged.said].add(case.truth.entity)
    live = [(item, item.household or "") for item in items if item.live and item.household]
    judged = [
        bool(meant[home, item.before] & meant[home, normal(item.after)])
        for item, home in live
        if meant.get((home, normal(item.after)))
    ]
    return f"rewrites by the goals of {what}: {len(live)}; {sum(judged)} of the {len(judged)} that can be checked right"


def _found(model: Isolator, known: Sequence[Case], numbers: Sequence[Numbers]) -> list[Shares]:
    """The probabilities of every case, in order."""
    return list(model.predict([case.seen for case in known], numbers).values())


def _likeliest(found: Sequence[Shares]) -> list[str]:
    return [max(POINTS, key=shares.__getitem__) for shares in found]


def scores(truth: Sequence[str], found: Sequence[str]) -> dict[str, float]:
    """The F1 score of every failure point."""
    from sklearn.metrics import f1_score

    values = f1_score(truth, found, labels=POINTS, average=None, zero_division=0.0)
    return dict(zip(POINTS, map(float, values), strict=True))


if __name__ == "__main__":
    main()
