"""What speaks for what about a turn: numbers about itself, about its neighbours, and about the attempt that worked.

A turn is looked at in its dialogue, the turns of the same person around it. What a log does not tell is nan, so that
one model serves logs with and without audio, confidences or states.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan

from assistant.learning.guard import opposite
from assistant.learning.labelling.phrasebook import FEATURES as WORDING
from assistant.learning.labelling.whatif import QUESTIONS, differences
from assistant.learning.logged import Logged
from assistant.learning.phrases import continues, control, marked, stripped
from assistant.learning.text import lexical, misheard, normal, phonetic, sound
from assistant.learning.words import VERBS
from assistant.turn import Turn

Numbers = dict[str, float]
FAR = 600.0
"""Seconds from which on the time between two turns says no more."""
SOON = 30.0
"""Seconds after which a change by hand is no reaction."""
PERSONS = frozenset({"i", "he", "she", "we", "they", "you", "his", "her", "him", "their", "our", "us", "ive", "youre"})
TALK = PERSONS | frozenset(
    {
        "the", "that", "there", "it", "its", "my", "and", "but", "so", "one", "did", "was", "were", "why", "who", "a",
        "an", "how", "has", "have", "no", "this", "these", "somebody", "nobody", "at", "would", "sometimes",
    }
)  # fmt: skip
"""Words with which people begin when they talk to one another, rather than ask for something to be done."""
SORRY = {
    "unheard": re.compile(r"hear|heard|catch|say (?:it|that) again|repeat|pardon"),
    "unknown": re.compile(
        r"(?:don'?t|do not) (?:know|have|see)|no (?:device|such)|couldn'?t find|can(?:'t|not) find|not find"
    ),
    "ununderstood": re.compile(r"understood|understand|but not"),
    "unable": re.compile(r"can'?t|cannot|unable|not able|not support|don't support"),
    "dead": re.compile(r"answer|respond|reach|offline|stuck|jammed|unavailable|did not (?:work|open|close)"),
    "which": re.compile(r"\bwhich\b|did you mean|do you mean"),
}
"""What a reply may say of a failure, whoever wrote it."""
OUTCOMES = ("done", "failed", "rejected", "asked", "unsupported", "ignored")
DECISIONS = ("execute", "ask", "confirm", "refuse", "ignore")
WAYS = ("no", "stop", "undo", "yes", "thanks")
DOUBLE = {"execute": "done", "ask": "asked"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A turn in its dialogue. `before` and `after` are its neighbours, the nearest first, of the same person.

    `worked` is the later attempt at the same goal that went well; `defect` is how likely this one did not, `reached`
    how likely the goal was; `attempts` how many there were before, `first` whether it seems to begin its goal.
    `rephrased` is how likely it is said again later, `rephrases` how likely it says an earlier one again. `whatif` is
    what trying again has shown, `wording` how its words compare with those of others.
    """

    turn: Turn
    logged: Logged
    before: tuple[Logged, ...] = ()
    after: tuple[Logged, ...] = ()
    worked: Logged | None = None
    defect: float = nan
    reached: float = nan
    attempts: int = 0
    first: bool = True
    rephrased: float = 0.0
    rephrases: float = 0.0
    whatif: Mapping[str, float] = field(default_factory=dict)
    wording: Mapping[str, float] = field(default_factory=dict)


def evidence(seen: Seen) -> Numbers:
    """All numbers about a turn, by name; nan is unknown."""
    found = {**_own(seen.turn, seen.logged), **_text(seen.logged), **_changes(seen.turn)}
    found |= {
        "defect": seen.defect,
        "reached": seen.reached,
        "attempts": float(seen.attempts),
        "first": float(seen.first),
        "rephrased": seen.rephrased,
        "rephrases": seen.rephrases,
    }
    for name, others in (("next", seen.after), ("previous", seen.before)):
        for place in range(2):
            other = others[place] if place < len(others) else None
            found |= pair(f"{name}{place}", seen.logged, other)
    found |= pair("worked", seen.logged, seen.worked)
    found |= _pieces(seen.logged, seen.worked)
    found |= {name: seen.wording.get(name, nan) for name in WORDING}
    return found | {f"whatif_{name}": seen.whatif.get(name, nan) for name in QUESTIONS}


def _own(turn: Turn, logged: Logged) -> Numbers:
    """What its own stages say."""
    unknown = turn.unknown
    heard = [each.confidence for each in turn.utterance.hypotheses]
    reading = None if "confidence.nlu" in unknown or turn.parse is None else turn.parse.best.confidence
    resolved = min((each.confidence for each in turn.resolutions), default=nan)
    found = {
        "wake": _number(turn.utterance.wake),
        "heard": heard[0] if heard and turn.utterance.source == "voice" else nan,
        "guesses": float(len(heard)),
        "margin": heard[0] - heard[1] if len(heard) > 1 else nan,
        "read": _number(reading),
        "resolved": nan if "confidence.er" in unknown else resolved,
        "things": float(len(logged.entities)),
        "meant": float(logged.intent is not None),
        "foreign": float((logged.intent or "").startswith(("foreign", "dialogue"))),
        "nothing_found": float(logged.intent is not None and not logged.entities),
        "barge_in": _number(logged.barge_in),
        "by_hand": min((each.seconds_after for each in logged.hands if each.seconds_after <= SOON), default=nan),
        "other_by_hand": float(any(each.entity not in logged.entities for each in logged.hands)),
        "feedback": nan if logged.feedback is None else float(logged.feedback),
        "rewritten": float(turn.rewrite is not None),
        "nobody": float(logged.speaker is None),
    }
    found |= {f"outcome_{each}": _is(logged.outcome, each) for each in OUTCOMES}
    found |= {f"decision_{each}": _is(logged.decision, each) for each in DECISIONS}
    reply = turn.reply.text.lower() if turn.reply else None
    found |= {
        f"says_{name}": nan if reply is None else float(bool(known.search(reply))) for name, known in SORRY.items()
    }
    return found


def _text(logged: Logged) -> Numbers:
    """What the words alone say."""
    words = logged.said.split()
    way = control(logged.said)
    return {
        "words": float(len(words)),
        "persons": sum(word in PERSONS for word in words) / max(1, len(words)),
        "talk_first": float(bool(words) and words[0] in TALK),
        "verb_first": float(bool(words) and words[0] in VERBS),
        "verb": float(any(word in VERBS for word in words[:3])),
        "pasts": sum(word.endswith("ed") for word in words) / max(1, len(words)),
        "marked": float(marked(logged.said)),
        "continues": float(continues(logged.said)),
        "elliptic": float(logged.elliptic),
        **{f"says_{each}": float(way == each) for each in WAYS},
    }


def _changes(turn: Turn) -> Numbers:
    """What changed in the home while it was carried out."""
    after = turn.outcome.after if turn.outcome else {}
    before = turn.context.states
    if not after or not before:
        return {"changed": nan, "own_changed": nan}
    changed = [entity for entity, state in after.items() if entity in before and before[entity] != state]
    own = [entity for entity in changed if entity in turn.entities]
    return {"changed": float(len(changed)), "own_changed": float(bool(own)) if turn.entities else nan}


def pair(name: str, turn: Logged, other: Logged | None) -> Numbers:
    """A turn beside another one of the same person."""
    if other is None:
        return {f"{name}_{each}": nan for each in PAIR}
    said, later = (turn.said, stripped(other.said)) if other.time >= turn.time else (stripped(turn.said), other.said)
    way = control(other.said)
    first, second = _differing(said, later)
    values = (
        min(FAR, abs(other.time - turn.time)),
        lexical(said, later),
        phonetic(said, later),
        misheard(said, later),
        float(said == later),
        float(first), float(second),
        _same(turn.intent, other.intent),
        float(turn.state == other.state),
        _same(turn.entities or None, other.entities or None),
        float(bool(set(turn.entities) & set(other.entities))) if turn.entities and other.entities else nan,
        float(opposite(said, later)),
        float(marked(other.said)),
        float(continues(other.said)),
        float(other.elliptic),
        float(way in {"no", "stop", "undo"}),
        float(way in {"yes", "thanks"}),
        float(other.outcome == "done"),
        float(other.outcome in {"rejected", "failed", "unsupported"}),
        float(other.decision in {"ask", "confirm"}),
        float(other.intent is not None and other.intent == turn.intent and other.slots != turn.slots),
        (other.heard if other.heard is not None else nan) - (turn.heard if turn.heard is not None else nan),
    )  # fmt: skip
    return {f"{name}_{each}": value for each, value in zip(PAIR, values, strict=True)}


PAIR = (
    "gap", "lexical", "phonetic", "misheard", "equal", "only_here", "only_there", "intent", "state", "entities",
    "shared", "opposite", "marked", "continues", "elliptic", "protest", "praise", "done", "failed", "asked", "slots",
    "surer",
)  # fmt: skip


def _pieces(turn: Logged, worked: Logged | None) -> Numbers:
    """Where the words of the attempt that worked differ: by sound, in its first word, in what it calls the thing."""
    if worked is None:
        return dict.fromkeys(PIECES, nan)
    pieces = list(differences(turn.said, stripped(worked.executed)))
    name = {word for entity in worked.entities for word in entity.partition(".")[2].split("_")}
    for slot in ("name", "area", "song", "title"):
        told = worked.slots.get(slot)
        name |= set(normal(told).split()) if isinstance(told, str) else set()
    both = [each for each in pieces if each.before and each.after]
    likenesses = [phonetic(each.before, each.after) for each in both]
    short = [len(each.before) for each in pieces]
    values = (
        float(len(pieces)),
        float(max(short, default=0)),
        max(likenesses, default=nan),
        min(likenesses, default=nan),
        float(any(name & set(each.after.split()) for each in pieces)),
        float(any(not name & set(each.after.split()) for each in pieces)),
        float(any(each.start == 0 for each in pieces)),
        float(any(not each.after for each in pieces)),
        max((_alike_letters(each.before, each.after) for each in both), default=nan),
    )
    return dict(zip(PIECES, values, strict=True))


PIECES = (
    "pieces", "longest_piece", "most_alike", "least_alike", "name_differs", "frame_differs", "start_differs",
    "words_lost", "letters_alike",
)  # fmt: skip


def _alike_letters(one: str, other: str) -> float:
    """How many of the sounds at the beginning and the end agree."""
    first, second = sound(one), sound(other)
    return (float(first[:1] == second[:1]) + float(first[-1:] == second[-1:])) / 2


def _differing(one: str, other: str) -> tuple[int, int]:
    first, second = set(one.split()), set(other.split())
    return len(first - second), len(second - first)


def _same(one: object, other: object) -> float:
    return nan if one is None or other is None else float(one == other)


def _is(value: str | None, name: str) -> float:
    return nan if value is None else float(value == name)


def _number(value: float | None) -> float:
    return nan if value is None else float(value)


def table(rows: Iterable[Numbers]) -> tuple[tuple[str, ...], list[list[float]]]:
    """Rows of numbers as a table with the names of its columns."""
    rows = list(rows)
    names = tuple(rows[0]) if rows else ()
    return names, [[row[name] for name in names] for row in rows]


def neighbours(session: Sequence[Logged], place: int, most: int = 2) -> tuple[tuple[Logged, ...], tuple[Logged, ...]]:
    """The turns before and after one in a session, nearest first."""
    return tuple(reversed(session[max(0, place - most) : place])), tuple(session[place + 1 : place + 1 + most])
