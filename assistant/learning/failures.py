"""Failure point isolation: the first stage that failed and was not recovered from (self-learning.md 10).

False wake, recogniser (`asr`), understanding (`nlu`), entity resolution (`er`), what was done (`result`), or `correct`.
After Khaziev et al. (NAACL 2022 industry track), who mix what was said with the metadata of the stages and the turns
around; here boosted trees over numbers (`labelling/evidence.py`), among them what trying again with one stage's output
replaced has shown (`labelling/whatif.py`), trained by `python -m simulator.annotation.train`, and beside them plain
rules for logs that tell little (`labelling/plain.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from assistant.config import Learning
from assistant.learning.labelling import plain
from assistant.learning.labelling.dialogues import Again, Dialogues, from_log
from assistant.learning.labelling.evidence import Numbers, Seen, evidence
from assistant.learning.labelling.plain import POINTS
from assistant.learning.labelling.trees import Trees
from assistant.learning.labelling.whatif import Stages, WhatIf
from assistant.learning.learn import study
from assistant.learning.logged import logged
from assistant.learning.phrases import control
from assistant.nlu import Understander
from assistant.turn import Turn

MODEL = Path(__file__).parent / "labelling" / "failures.npz"
LIKELY = 0.5
Shares = dict[str, float]


class Isolator:
    """Tells for each turn how likely each stage is its failure point."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees

    def predict(self, seen: Sequence[Seen], numbers: Sequence[Numbers] | None = None) -> dict[str, Shares]:
        """The probability of every failure point, by turn; they add up to 1.

        `numbers` are those of `evidence` where they are known already.
        """
        rows = [evidence(each) for each in seen] if numbers is None else numbers
        places = [self._trees.labels.index(point) for point in POINTS]
        found = {}
        for each, row, trained in zip(seen, rows, self._trees.probabilities(rows), strict=True):
            known = {point: float(trained[place]) for point, place in zip(POINTS, places, strict=True)}
            known = plain.blended(known, plain.shares(each), _weight(each, row))
            found[each.turn.id] = {point: round(share, 4) for point, share in known.items()}
        return found


def _weight(seen: Seen, numbers: Numbers) -> float:
    """What the trees weigh; words to the dialogue itself, and what was ignored, are right by definition."""
    ignored = seen.logged.outcome == "ignored" and seen.defect < LIKELY
    defined = ignored or control(seen.logged.said) is not None
    return 0.0 if defined else plain.weight(numbers)


@cache
def shipped() -> Isolator:
    """The model that comes with the program."""
    return Isolator(Trees.load(MODEL))


def failure_points(turns: Iterable[Turn], stages: Stages | None = None) -> dict[str, str]:
    """The likeliest failure point of each turn, by its id.

    With the `stages` of a running assistant, failed turns are tried again in its own home; without, in the one that the
    log tells of.
    """
    kept = list(turns)
    log = [logged(turn) for turn in kept]
    studied = study(log, Learning())
    dialogues = Dialogues.of(kept, log, studied)
    again: Again = (lambda _household: WhatIf(stages)) if stages else from_log(kept, Understander.load())
    shares = shipped().predict(dialogues.look(again))
    return {turn: max(POINTS, key=known.__getitem__) for turn, known in shares.items()}
