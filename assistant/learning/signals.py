"""Feedback from the log alone: each observation on its own, with a weight and its evidence (self-learning.md 2.2).

A signal is about an earlier turn and comes from what happened after it. Aggregated, signals give a probability that the
turn was defective; a plain noisy-or for now:

    P(defect) = 1 - (1 - base) * prod over negative signals (1 - |w|),  then times prod over positive ones (1 - w)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.learning.guard import opposite, opposite_intents
from assistant.learning.logged import Logged
from assistant.learning.phrases import continues, control, marked
from assistant.learning.rephrase import Rephrase
from assistant.turn import Signal

BASE = {"done": 0.06, "asked": 0.15, "ignored": 0.02, "unsupported": 0.05}
BASE_UNKNOWN = 0.12
"""The share of defects among turns of which nothing else is known."""
NEUTRAL = frozenset({"unsupported", "ignored"})


@dataclass(frozen=True, slots=True)
class Spans:
    """Times in seconds within which something counts: reactions by voice, hands, and how early an interruption."""

    reaction: float = 30.0
    stop: float = 12.0
    hand: float = 30.0
    barge_in: float = 8.0


def signals(session: Sequence[Logged], rephrases: Iterable[Rephrase], spans: Spans | None = None) -> list[Signal]:
    """All signals about the turns of a session, oldest turn first."""
    spans = spans or Spans()
    best: dict[str, Rephrase] = {}
    for rephrase in rephrases:
        known = best.get(rephrase.earlier.id)
        if known is None or rephrase.probability > known.probability:
            best[rephrase.earlier.id] = rephrase
    found = []
    for place, turn in enumerate(session):
        following = session[place + 1] if place + 1 < len(session) else None
        found += list(_about(turn, following, best.get(turn.id), spans))
    return found


def defect_probability(found: Iterable[Signal], outcome: str | None = None) -> float:
    """How likely a turn was defective (0 to 1), from its signals.

    >>> round(defect_probability([], "done"), 2), round(defect_probability([Signal("1", "explicit_no", -0.9)]), 2)
    (0.06, 0.91)
    """
    good, fine = 1 - BASE.get(outcome or "", BASE_UNKNOWN), 1.0
    for signal in found:
        if signal.weight < 0:
            good *= 1 + signal.weight
        else:
            fine *= 1 - signal.weight
    return min(1.0, max(0.0, (1 - good) * fine))


def _about(turn: Logged, following: Logged | None, rephrase: Rephrase | None, spans: Spans) -> Iterator[Signal]:
    """The signals about one turn."""
    if control(turn.said) is not None:
        return
    if turn.outcome in {"rejected", "failed"}:
        yield Signal(turn.id, "reject", -0.85, f"the assistant itself could not do it ({turn.outcome})")
    if turn.feedback is not None:
        answer = "yes" if turn.feedback else "no"
        yield Signal(turn.id, f"feedback_{answer}", 0.9 if turn.feedback else -0.95, f"answered {answer} when asked")
    for hand in turn.hands:
        if 0 <= hand.seconds_after <= spans.hand:
            own = hand.entity in turn.entities or not turn.entities
            why = f"{hand.entity} changed by hand after {hand.seconds_after:g} s"
            yield Signal(turn.id, "hand", -0.8 if own else -0.25, why)
    again = rephrase if rephrase and rephrase.probability >= 0.5 else None
    # what was declined as impossible was misheard, if saying it otherwise made it possible
    if again and (turn.outcome not in NEUTRAL or again.later.outcome == "done"):
        why = f'said again as "{again.later.said}" ({again.probability:.2f})'
        yield Signal(turn.id, "rephrase", -min(0.9, again.probability), why)
    if turn.barge_in is not None and turn.barge_in <= spans.barge_in:
        yield _barge_in(turn, following, again is not None)
    if following is not None and following.time - turn.time <= spans.reaction:
        yield from _reaction(turn, following, spans)
    if following is None and turn.decision in {"ask", "confirm"}:
        yield Signal(turn.id, "unanswered", -0.25, f"a question ({turn.decision}) that nobody answered")


def _barge_in(turn: Logged, following: Logged | None, again: bool) -> Signal:
    """Being interrupted weighs by what came then: the same again, a protest, or just the next wish."""
    where = f"interrupted after {turn.barge_in:g} s of the reply"
    said = following.said if following else ""
    if again or marked(said) or control(said) in {"stop", "no", "undo"}:
        return Signal(turn.id, "barge_in", -0.6, where)
    if not said:
        return Signal(turn.id, "barge_in", -0.3, f"{where}, and nothing said")
    return Signal(turn.id, "barge_in", -0.05, f"{where}, to go on with something else")


def _reaction(turn: Logged, following: Logged, spans: Spans) -> Iterator[Signal]:
    """What the very next words say about a turn."""
    gap = following.time - turn.time
    kind = control(following.said)
    after = f'"{following.said}" after {gap:.0f} s'
    asked = turn.decision in {"ask", "confirm"}
    if kind == "undo":
        yield Signal(turn.id, "undo", -0.85, after)
    elif kind == "no" and not asked:
        yield Signal(turn.id, "explicit_no", -0.9, after)
    elif kind == "no" and turn.decision == "confirm" and turn.rewrite is not None:
        yield Signal(turn.id, "explicit_no", -0.9, f"{after}, to the offered rewrite")
    elif kind == "stop" and not asked and gap <= spans.stop:
        moving = (
            bool(turn.intent) and turn.intent is not None and turn.intent.startswith(("cover.", "vacuum.", "media"))
        )
        yield Signal(turn.id, "stop", -0.2 if moving else -0.6, after)
    elif kind == "thanks":
        yield Signal(turn.id, "thanks", 0.7, after)
    elif kind == "yes":
        yield Signal(turn.id, "explicit_yes", 0.6, after)
    elif _reverses(turn, following):
        yield Signal(turn.id, "undo", -0.55, f"{after}, the opposite")
    elif continues(following.said):
        yield Signal(turn.id, "continues", 0.4, f"{after}, going on from it")


def _reverses(turn: Logged, following: Logged) -> bool:
    """Whether the next request takes the same thing back."""
    if turn.entities and following.entities and not set(turn.entities) & set(following.entities):
        return False
    if opposite_intents(turn.intent, following.intent):
        return bool(turn.entities) and turn.entities == following.entities
    return opposite(turn.said, following.said) and _same_but_direction(turn.said, following.said)


def _same_but_direction(one: str, other: str) -> bool:
    first, second = set(one.split()), set(other.split())
    return len(first ^ second) <= 2 and len(first & second) >= 1


def by_turn(found: Iterable[Signal]) -> Mapping[str, list[Signal]]:
    """Signals by the turn that they are about."""
    grouped: dict[str, list[Signal]] = {}
    for signal in found:
        grouped.setdefault(signal.turn, []).append(signal)
    return grouped
