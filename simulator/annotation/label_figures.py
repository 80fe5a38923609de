"""The figures of labels: goals, beside an annotator, and what was meant, beside the same without the turns around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assistant.learning.labels import LIKELY, Label
from simulator.annotation.annotator import yes_or_no
from simulator.annotation.cases import Case, requests

STRICT = (0.9, 0.95, 0.98)
"""How sure a label must be, for the curve of how many remain and how many of these are right."""
THING = frozenset({"name", "area", "floor"})
"""Slots that together tell which thing is meant."""
ASIDE = frozenset({"domain", "device_class", "quantity", "unit", "attribute", "reference", "instead_of"})
"""Slots that follow from the others."""


def label_figures(known: Sequence[Case], labels: Mapping[str, Label]) -> list[str]:
    """All figures of labels."""
    return [*_goals(known, labels), *_strict(requests(known), labels), *_meanings(known, labels)]


def _goals(known: Sequence[Case], labels: Mapping[str, Label]) -> list[str]:
    """Goal evaluation and segmentation beside one pass of an annotator."""
    rows = []
    asked = requests(known)
    defect = [labels[case.seen.turn.id].defect >= LIKELY for case in asked]
    rows.append(("turn defective", [case.truth.failure != "correct" for case in asked], defect))
    last: dict[str, Case] = {case.truth.goal: case for case in known if case.truth.kind in {"request", "answer"}}
    ends = list(last.values())
    reached = [labels[case.seen.turn.id].goal_success >= LIKELY for case in ends]
    rows.append(("goal reached", [case.truth.goal_success for case in ends], reached))
    first = [labels[case.seen.turn.id].goal == case.seen.turn.id for case in known]
    rows.append(("goal begins", [case.begins for case in known], first))
    lines = [f"{'':16} {'turns':>6} {'accuracy':>9} {'annotator':>10} {'F1':>7} {'annotator':>10}"]
    for name, truth, found in rows:
        (right, score), (theirs, other) = _scores(truth, found), _scores(truth, yes_or_no(truth))
        lines.append(f"{name:16} {len(truth):6} {right:9.3f} {theirs:10.3f} {score:7.3f} {other:10.3f}")
    return lines


def _strict(known: Sequence[Case], labels: Mapping[str, Label]) -> list[str]:
    """How many turns remain, and how many of these are judged rightly, at stricter thresholds."""
    defect = np.array([labels[case.seen.turn.id].defect for case in known])
    truth = np.array([case.truth.failure != "correct" for case in known])
    sure = np.maximum(defect, 1 - defect)
    lines = []
    for least in STRICT:
        kept = sure >= least
        right = float(((defect >= LIKELY) == truth)[kept].mean())
        lines.append(
            f"  judged with at least {least:.2f}: {kept.mean():.1%} of the turns, {right:.1%} of these rightly"
        )
    return lines


def _meanings(known: Sequence[Case], labels: Mapping[str, Label]) -> list[str]:
    """Intent, slots and values of requests, with and without the turns around, over all and over those that failed."""
    asked = [case for case in known if case.truth.intent is not None and case.truth.kind == "request"]
    lines = [f"{'':28} {'turns':>6} {'intent':>8} {'slots F1':>9} {'values':>8}"]
    for name, some in (
        ("all requests", asked),
        ("those that failed", [case for case in asked if not case.truth.right]),
    ):
        alone = [(case.seen.logged.intent, case.seen.logged.slots, case.seen.logged.entities) for case in some]
        around = []
        for case, own in zip(some, alone, strict=True):
            label = labels[case.seen.turn.id]
            around.append((label.intent, label.slots or {}, label.entities) if label.intent is not None else own)
        for way, found in (("alone", alone), ("in its dialogue", around)):
            intent, slots, values = _agreement(some, found)
            lines.append(f"{name + ', ' + way:34} {len(some):6} {intent:8.3f} {slots:9.3f} {values:8.3f}")
    return lines


def _agreement(some: Sequence[Case], found: Sequence[tuple[Any, ...]]) -> tuple[float, float, float]:
    """Share of right intents, F1 of slot names, and share of right slot values."""
    intents, values = [], []
    hits = given = wanted = 0
    for case, (intent, slots, entities) in zip(some, found, strict=True):
        truth = case.truth
        intents.append((intent or "").rpartition(".")[2] == (truth.intent or "").rpartition(".")[2])
        mine, right = _slots(slots), _slots(truth.slots or {})
        hits, given, wanted = hits + len(mine & right), given + len(mine), wanted + len(right)
        values.append(entities == (truth.entity,))
        values += [slots.get(slot) == value for slot, value in (truth.slots or {}).items() if slot not in THING | ASIDE]
    return float(np.mean(intents)), 2 * hits / max(1, given + wanted), float(np.mean(values))


def _slots(slots: Mapping[str, Any]) -> set[str]:
    """The names of the slots that matter; those that tell the thing count as one."""
    told = {name for name, value in slots.items() if value is not None and name not in ASIDE}
    return {"thing" if name in THING else name for name in told}


def _scores(truth: Sequence[bool], found: Sequence[bool]) -> tuple[float, float]:
    """Accuracy, and the F1 score of yes."""
    from sklearn.metrics import accuracy_score, f1_score

    return float(accuracy_score(truth, found)), float(f1_score(truth, found))
