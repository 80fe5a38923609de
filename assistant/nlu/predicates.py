"""What can be told of a thing: "opens", "is on", "goes above 23", "is done" -- an exact grammar over words.

The same verbs ask about the past ("did it open?") and make conditions ("when it opens").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.nlu.times import Span

STATES: Mapping[str, str] = {
    "on": "on", "off": "off", "open": "open", "opened": "open", "closed": "closed", "shut": "closed",
    "locked": "locked", "unlocked": "unlocked", "playing": "playing", "paused": "paused", "running": "on",
    "cleaning": "cleaning", "docked": "docked", "heating": "heat", "wet": "on", "triggered": "on", "tripped": "on",
}  # fmt: skip
"""The word for a state -> the state."""
VERBS: Mapping[str, str] = {
    "open": "open", "opens": "open", "opened": "open", "close": "closed", "closes": "closed", "closed": "closed",
    "shut": "closed", "shuts": "closed", "unlock": "unlocked", "unlocks": "unlocked", "unlocked": "unlocked",
    "lock": "locked", "locks": "locked", "locked": "locked", "start": "on", "starts": "on", "started": "on",
    "ring": "on", "rings": "on", "rang": "on", "stop": "off", "stops": "off", "stopped": "off",
}  # fmt: skip
"""A verb alone -> the state that it leads to."""
_SWITCHING = frozenset({
    "turn", "turns", "turned", "switch", "switches", "switched", "come", "comes", "came", "go", "goes", "went", "gone",
})  # fmt: skip
_DONE = frozenset({"done", "finished", "ready", "complete", "completed", "over", "through"})
_ENDING = frozenset({"finish", "finishes", "finished", "end", "ends", "ended", "completes"})
_BE = frozenset({"is", "are", "am", "was", "were"})
_BECOME = frozenset({"get", "gets", "becomes", "become", "has", "have", "been", "being"})
_SENSES = frozenset({"detects", "detect", "detected", "sees", "see", "senses", "notices", "registers"})
_SENSED = frozenset({
    "motion", "movement", "someone", "somebody", "something", "anyone", "anybody", "anything", "presence", "smoke",
    "water", "people", "person",
})  # fmt: skip
_ABOVE = (("above",), ("over",), ("exceeding",), ("more", "than"), ("higher", "than"), ("greater", "than"))
_BELOW = (("below",), ("under",), ("beneath",), ("less", "than"), ("lower", "than"))
_WARMER = {"warmer": "temperature", "hotter": "temperature", "brighter": "illuminance", "wetter": "humidity"}
_COLDER = {"colder": "temperature", "cooler": "temperature", "darker": "illuminance", "drier": "humidity"}
_RISE = frozenset({"rises", "rise", "climbs", "goes", "gets", "get", "is", "are", "reaches", "hits", "has"})
_FALL = frozenset({"falls", "fall", "drops", "drop", "sinks", "goes", "gets", "get", "is", "are"})
_LEVEL = {"above": _ABOVE, "below": _BELOW}
_BEFORE_NUMBER = frozenset({"reaches", "reach", "hits", "hit", "exceeds", "exceed"})
_LOUD = re.compile(r"\b(alarm|detector|sensor|doorbell|bell|siren)\b")


@dataclass(frozen=True, slots=True)
class Predicate:
    """What is told of a subject.

    `op` is `is` (with `state`), `done`, `above` or `below` (with `value`, perhaps `unit` and `attribute`). `becomes`
    tells that a change is meant ("opens") and not what already is ("is open"). `end` is the span after it.
    """

    op: str
    end: int
    state: str = ""
    value: float = 0.0
    unit: str = ""
    attribute: str = ""
    becomes: bool = False

    def as_slots(self) -> dict[str, Any]:
        """The slots of a condition, without what is not said."""
        said = {"op": self.op, "state": self.state, "unit": self.unit, "attribute": self.attribute}
        slots: dict[str, Any] = {key: value for key, value in said.items() if value}
        if self.op in _LEVEL:
            slots["value"] = self.value
        return slots | ({"becomes": True} if self.becomes else {})


def predicate_at(spans: Sequence[Span], i: int) -> Predicate | None:
    """The predicate that begins at span `i`; the longest reading of it.

    >>> from assistant.nlu.normalise import tokenise, words_of
    >>> from assistant.nlu.times import fold
    >>> predicate_at(fold(tokenise(words_of("the garage opens"))), 2).state
    'open'
    >>> predicate_at(fold(tokenise(words_of("it is above 23 degrees"))), 1).value
    23.0
    """
    return max(_readings(spans, i), key=lambda each: each.end, default=None)


def _readings(spans: Sequence[Span], i: int) -> Iterator[Predicate]:
    words = [span.text for span in spans[i : i + 7]]
    if i and spans[i - 1].text in _BE | _BECOME:
        return
    subject = " ".join(span.spoken for span in spans[max(0, i - 4) : i])
    yield from _level(spans, i, words)
    auxiliary = 0
    while auxiliary < len(words) and auxiliary < 3 and words[auxiliary] in _BE | _BECOME:
        auxiliary += 1
    became = any(word in _BECOME for word in words[:auxiliary])
    rest = words[auxiliary:]
    if auxiliary and rest and rest[0] in STATES:
        yield Predicate("is", i + auxiliary + 1, STATES[rest[0]], becomes=became and "been" not in words[:auxiliary])
    if auxiliary and rest and rest[0] in _DONE:
        more = 1 if len(rest) > 1 and rest[1].endswith("ing") else 0
        yield Predicate("done", i + auxiliary + 1 + more, becomes=True)
    if not rest:
        return
    if rest[0] in VERBS and (rest[0] not in STATES or not auxiliary):
        doing = STATES.get(rest[1], "") if len(rest) > 1 and rest[1].endswith("ing") else ""
        if doing and VERBS[rest[0]] == "on":
            yield Predicate("is", i + auxiliary + 2, doing, becomes=True)
        elif doing:
            yield Predicate("done", i + auxiliary + 2, becomes=True)
        yield Predicate("is", i + auxiliary + 1, VERBS[rest[0]], becomes=True)
    if rest[0] in _ENDING:
        yield Predicate("done", i + auxiliary + 1, becomes=True)
    if rest[0] in _SWITCHING and len(rest) > 1 and rest[1] in {"on", "off"}:
        loud = rest[0] in {"go", "goes", "went"} and rest[1] == "off" and _LOUD.search(subject)
        yield Predicate("is", i + auxiliary + 2, "on" if loud else rest[1], becomes=True)
    if rest[0] in _SENSES:
        article = 1 if len(rest) > 1 and rest[1] in {"a", "any"} else 0
        if len(rest) > 1 + article and rest[1 + article] in _SENSED:
            yield Predicate("is", i + auxiliary + 2 + article, "on", becomes=True)


def _level(spans: Sequence[Span], i: int, words: Sequence[str]) -> Iterator[Predicate]:
    """What is told with a number: "is above 23", "drops below 18 degrees", "reaches 180"."""
    if not words:
        return
    falling = words[0] in _FALL - _RISE
    becomes = words[0] not in _BE
    if words[0] in _BEFORE_NUMBER:
        yield from _number(spans, i + 1, Predicate("above", 0, becomes=True))
    if words[0] in (_RISE | _FALL) and words[1:2] == ["to"]:
        yield from _number(spans, i + 2, Predicate("below" if falling else "above", 0, becomes=True))
    if words[0] not in _RISE | _FALL:
        return
    for op, comparatives in (("above", _WARMER), ("below", _COLDER)):
        if len(words) > 2 and words[1] in comparatives and words[2] == "than":
            yield from _number(spans, i + 3, Predicate(op, 0, attribute=comparatives[words[1]], becomes=becomes))
        for phrase in _LEVEL[op]:
            if tuple(words[1 : 1 + len(phrase)]) == phrase:
                yield from _number(spans, i + 1 + len(phrase), Predicate(op, 0, becomes=becomes))


_UNITS = {"pct": "%", "temp": "degrees", "num": ""}


def _number(spans: Sequence[Span], i: int, found: Predicate) -> Iterator[Predicate]:
    """The predicate with the number at span `i`, if there is one."""
    if i >= len(spans) or spans[i].kind not in _UNITS:
        return
    value, unit = spans[i].value, _UNITS[spans[i].kind]
    if isinstance(value, tuple):
        value, unit = value
    yield Predicate(found.op, i + 1, "", float(value), unit, found.attribute, found.becomes)
