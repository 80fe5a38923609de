"""Goals as the labels tell them, and the rewrites that follow from those: beside what the plain segmenter finds.

The label generator sees more of a dialogue than two requests and the time between them, so that it joins attempts that
sound nothing alike, and keeps apart what only follows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from assistant.learning.labelling.evidence import Seen
from assistant.learning.labelling.labelled import Labelled
from assistant.learning.miner import Limits, RewriteMiner
from assistant.learning.phrases import control
from assistant.learning.rephrase import RephraseDetector
from assistant.learning.sessions import Goal
from assistant.store.items import Item

SAME = 0.9
"""How likely two attempts that share a goal by their labels are at the same thing."""


def goals(labelled: Labelled) -> list[Goal]:
    """The goals of a log in the order in which they began."""
    groups: dict[str, list[Seen]] = defaultdict(list)
    for each in labelled.seen:
        groups[labelled.labels[each.turn.id].goal].append(each)
    found = [_goal(labelled, group) for group in groups.values()]
    return sorted(found, key=lambda goal: goal.attempts[0].time)


def with_mined(proposals: Iterable[Item], labelled: Labelled, customers: int) -> list[Item]:
    """Proposals, and the rewrites beside them that these goals propose; `customers` must agree on one for everybody.

    Where both propose the same rewrite, the one that is in use counts.
    """
    found = {item.id: item for item in RewriteMiner(Limits(customers=customers)).fit_goals(goals(labelled)).proposals()}
    for item in proposals:
        if item.live or item.id not in found:
            found[item.id] = item
    return list(found.values())


def _goal(labelled: Labelled, group: list[Seen]) -> Goal:
    turns = tuple(each.logged for each in group)
    attempts = tuple(turn for turn in turns if control(turn.said) is None) or (turns[0],)
    detector = RephraseDetector()
    links = tuple(replace(detector.predict_one(one, other), probability=SAME) for one, other in pairwise(attempts))
    return Goal(attempts, links, tuple(labelled.labels[turn.id].defect for turn in attempts), turns)
