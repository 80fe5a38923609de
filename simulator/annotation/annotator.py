"""A person who labels a log in one pass: knows the truth, and errs more often about what is hard to tell.

The baseline of the article: automatic labels are compared with those of one annotator, the truth being what several
agree on. Here the truth is known, so that one noisy pass is all that is needed.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping

ERRORS: Mapping[str, float] = {
    "correct": 0.06, "false_wake": 0.06, "asr": 0.08, "nlu": 0.10, "er": 0.10, "result": 0.08,
}  # fmt: skip
"""How often an annotator errs about a turn of each class: 8 % in the mean of the classes."""
TAKEN_FOR: Mapping[str, tuple[str, ...]] = {
    "correct": ("nlu", "asr", "er", "result", "false_wake"),
    "false_wake": ("correct", "nlu"),
    "asr": ("nlu", "er"),
    "nlu": ("er", "asr"),
    "er": ("nlu", "result"),
    "result": ("er", "correct"),
}
"""What a class is taken for, the likeliest first."""
YES_NO = 0.08
"""How often an annotator errs about a question with two answers."""


def one_pass(truth: Iterable[str], seed: int = 0) -> list[str]:
    """The failure points as one annotator would write them down."""
    chance = random.Random(f"annotator|{seed}")
    found = []
    for each in truth:
        rivals = TAKEN_FOR[each]
        wrong = chance.choices(rivals, [1 / (1 + rank) for rank in range(len(rivals))])[0]
        found.append(wrong if chance.random() < ERRORS[each] else each)
    return found


def yes_or_no(truth: Iterable[bool], seed: int = 0) -> list[bool]:
    """Answers to a question with two answers as one annotator would give them."""
    chance = random.Random(f"annotator|{seed}")
    return [each if chance.random() >= YES_NO else not each for each in truth]
