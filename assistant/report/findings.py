"""The findings of a report, from a labelled log and the ledger; pure, so that they can be shown in any way.

Requests of several households are shown only when enough of them said the same (k-anonymity, Sweeney 2002); who said
it, and when, is never shown.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.learning.labelling.labelled import Labelled
from assistant.learning.labelling.plain import POINTS
from assistant.learning.labels import LIKELY, SURE, Label
from assistant.learning.logged import Logged
from assistant.learning.offpolicy import Choice, Policy, Value, estimates
from assistant.learning.phrases import control
from assistant.report.speed import Speed, speeds
from assistant.store.items import Item

LOST = 0.01
"""The share of requests that a stricter wake word may lose."""
REWRITTEN, LEFT = "rewritten", "left as said"
Labels = Mapping[str, Label]
TOP = 10
"""Lines of a list."""
REPAIRED_BY = {"rewrite": "request", "substitution": "part of requests", "preference": "choice", "name": "name"}


@dataclass(frozen=True, slots=True)
class Day:
    """Requests of a day, and how many of them failed (expected, so no whole number)."""

    date: str
    requests: int
    failed: float

    @property
    def rate(self) -> float:
        """The share of requests that failed."""
        return self.failed / self.requests if self.requests else 0.0


@dataclass(frozen=True, slots=True)
class Failing:
    """A request that fails: how often it was said and failed, in how many households, and the likeliest reason."""

    said: str
    times: int
    failed: float
    households: int
    point: str


@dataclass(frozen=True, slots=True)
class Repair:
    """What is used in place of what failed, with its wins and losses."""

    id: str
    kind: str
    before: str
    after: str
    state: str
    wins: float
    losses: float
    because: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something worth asking: bits of uncertainty about whether it was right, times how often it is said."""

    said: str
    times: int
    bits: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the labels are. `checked` compares with what people answered when asked, `agreed` of them the same."""

    turns: int
    sure: int
    abstained: int
    checked: int
    agreed: int


@dataclass(frozen=True, slots=True)
class Wake:
    """A stricter wake word: it would have kept out some of what nobody meant, and lost some requests."""

    cutoff: float
    kept_out: int
    stray: int
    lost: int
    requests: int


@dataclass(frozen=True, slots=True)
class Worth:
    """The share of requests that would go right under a policy, as far as what was left alone to compare tells."""

    policy: str
    estimates: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """A whole report. `kept_back` counts failing requests that too few households said to be shown."""

    households: int
    requests: int
    days: tuple[Day, ...]
    points: dict[str, float]
    failing: tuple[Failing, ...]
    kept_back: int
    repairs: tuple[Repair, ...]
    quality: Quality
    questions: tuple[Question, ...]
    wake: Wake | None = None
    worth: tuple[Worth, ...] = ()
    speeds: tuple[Speed, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """A plain mapping."""
        return asdict(self)

    @property
    def failed(self) -> float:
        """How many requests failed (expected)."""
        return sum(day.failed for day in self.days)


def findings(labelled: Labelled, items: Iterable[Item], households: int, unasked: Labels | None = None) -> Findings:
    """Look through a labelled log; `households` is how many must have said a request for it to be shown.

    The requests of a household that looks at its own log alone are shown to it whatever their number. `unasked` are the
    labels as they would be had nobody been asked, to compare with the answers.
    """
    turns = [each.logged for each in labelled.seen if each.logged.said and control(each.logged.said) is None]
    homes = {turn.household for turn in turns}
    least = households if len(homes) > 1 else 1
    by_text: dict[str, list[Logged]] = defaultdict(list)
    for turn in turns:
        by_text[turn.said].append(turn)
    shown = {text: some for text, some in by_text.items() if len({turn.household for turn in some}) >= least}
    failing = sorted(_failing(by_text, labelled), key=lambda each: (-each.failed, each.said))
    return Findings(
        len(homes),
        len(turns),
        _days(turns, labelled),
        _points(turns, labelled),
        tuple(each for each in failing if each.said in shown)[:TOP],
        sum(each.said not in shown for each in failing),
        _repairs(items, least > 1),
        _quality(turns, labelled, unasked or {}),
        tuple(sorted(_questions(shown, labelled), key=lambda each: (-each.bits, each.said))[:TOP]),
        _wake(labelled),
        _worth(labelled),
        speeds(labelled.dialogues.turns.values()),
    )


def _days(turns: Sequence[Logged], labelled: Labelled) -> tuple[Day, ...]:
    """Day by day, those without requests left out."""
    found: dict[str, list[float]] = defaultdict(list)
    for turn in turns:
        found[turn.moment.date().isoformat()].append(labelled.labels[turn.id].defect)
    return tuple(Day(date, len(failed), sum(failed)) for date, failed in sorted(found.items()))


def _points(turns: Sequence[Logged], labelled: Labelled) -> dict[str, float]:
    """How many requests each stage failed (expected)."""
    return {
        point: round(sum(labelled.failures[turn.id][point] for turn in turns), 2)
        for point in POINTS
        if point != "correct"
    }


def _failing(by_text: dict[str, list[Logged]], labelled: Labelled) -> Iterable[Failing]:
    for text, some in by_text.items():
        failed = sum(labelled.labels[turn.id].defect for turn in some)
        bad = [turn for turn in some if labelled.labels[turn.id].defect >= LIKELY]
        if not bad:
            continue
        points: Counter[str] = Counter()
        for turn in bad:
            points.update({point: labelled.failures[turn.id][point] for point in POINTS[1:]})
        where = points.most_common(1)[0][0]
        yield Failing(text, len(some), round(failed, 2), len({turn.household for turn in some}), where)


def _repairs(items: Iterable[Item], shared: bool) -> tuple[Repair, ...]:
    """What is in use; beside other households only what holds for all."""
    live = [item for item in items if item.live and not (shared and item.household)]
    live.sort(key=lambda item: (-item.applied.wins, item.id))
    return tuple(
        Repair(
            item.id, REPAIRED_BY.get(item.kind, item.kind), item.before, item.after, item.state.value,
            round(item.applied.wins, 1), round(item.applied.losses, 1), item.reason,
        )
        for item in live
    )  # fmt: skip


def _quality(turns: Sequence[Logged], labelled: Labelled, unasked: Labels) -> Quality:
    labels = [labelled.labels[turn.id] for turn in turns]
    answered = [turn for turn in turns if turn.feedback is not None and turn.id in unasked]
    agreed = sum((unasked[turn.id].defect < LIKELY) == turn.feedback for turn in answered)
    sure = sum(label.sure >= SURE for label in labels)
    return Quality(len(labels), sure, len(labels) - sure, len(answered), agreed)


def _questions(shown: dict[str, list[Logged]], labelled: Labelled) -> Iterable[Question]:
    """Requests that something was done for, about which an answer would tell most."""
    for text, some in shown.items():
        open_ = [turn for turn in some if turn.feedback is None and turn.outcome == "done"]
        bits = sum(_entropy(labelled.labels[turn.id].defect) for turn in open_)
        if bits >= 0.1:
            yield Question(text, len(some), round(bits, 2))


def _wake(labelled: Labelled) -> Wake | None:
    """The strictest wake word that would lose hardly any request, where it would help."""
    scored = [each for each in labelled.seen if each.turn.utterance.wake is not None]
    stray = [each.turn.utterance.wake or 0.0 for each in scored if _woken_by_nobody(each.turn.id, labelled)]
    meant = sorted(each.turn.utterance.wake or 0.0 for each in scored if not _woken_by_nobody(each.turn.id, labelled))
    if not stray or not meant:
        return None
    cutoff = meant[int(len(meant) * LOST)]
    kept_out = sum(score < cutoff for score in stray)
    lost = sum(score < cutoff for score in meant)
    return Wake(round(cutoff, 3), kept_out, len(stray), lost, len(meant)) if kept_out else None


def _woken_by_nobody(turn: str, labelled: Labelled) -> bool:
    return labelled.failures[turn]["false_wake"] >= LIKELY


def _worth(labelled: Labelled) -> tuple[Worth, ...]:
    """What always rewriting and never rewriting would be worth, where some requests were left alone to compare."""
    log = []
    for each in labelled.seen:
        turn = each.turn
        if "propensity" not in turn.unknown and 0 < turn.propensity < 1:
            action, propensity = (LEFT, 1 - turn.propensity) if turn.holdout else (REWRITTEN, turn.propensity)
            reward = 1 - labelled.labels[turn.id].defect
            log.append(Choice(each.logged.household, each.logged.said, action, propensity, reward))
    if {choice.action for choice in log} != {LEFT, REWRITTEN}:
        return ()
    return tuple(
        Worth(policy, tuple(estimates(log, _always(policy), (LEFT, REWRITTEN)))) for policy in (REWRITTEN, LEFT)
    )


def _always(action: str) -> Policy:
    return lambda _about, other: float(other == action)


def _entropy(share: float) -> float:
    """Bits of uncertainty about a yes or no.

    >>> round(_entropy(0.5), 2), round(_entropy(0.0), 2)
    (1.0, 0.0)
    """
    return sum(p * math.log2(1 / p) for p in (share, 1 - share) if p > 0)
