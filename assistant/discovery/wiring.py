"""How an entity is wired: which topics tell what of it, and which message asks it for something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.discovery import extras
from assistant.discovery.templates import Template, parsed, spent
from assistant.turn import State
from devices.traits import as_number

NONE = "None"
"""What templates say for "not known"."""
MAX_STATE = 255

Values = Mapping[str, Any]
"""`state` and attributes, in Home Assistant's names and scales."""
Take = Callable[[str], Values]
"""Makes values of a rendered text: `None` forgets one, what is left out stays. Raises `ValueError`."""


MAX_WORK = 200_000
"""What all templates together may cost for one message: a tenth of a second or so."""


class Incoming:
    """A payload that came in; its JSON is read, and a template rendered, once for all that look at it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._left = MAX_WORK
        self._rendered: dict[str, str] = {}
        self._json: Any = None
        self._read = False

    @property
    def json(self) -> Any:
        """The content, or `extras.MISSING`."""
        if not self._read:
            self._json, self._read = parsed(self.text), True
        return self._json

    def read(self, template: Template, more: Values | None = None) -> str:
        """What a value template makes of it. Raises `ValueError`."""
        known = None if more else self._rendered.get(template.source)
        if known is not None:
            return known
        if self._left <= 0:
            raise ValueError("too much is made of one message")
        try:
            made = template.read(self.text, self.json, **(more or {}))
        finally:
            self._left -= spent()
        if not more:
            self._rendered[template.source] = made
        return made


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a topic tells of an entity. `keys` are the values that it may tell."""

    topic: str
    template: Template | None
    take: Take
    keys: frozenset[str]
    more: Values = field(default_factory=dict)

    def values(self, incoming: Incoming) -> Values:
        """What a message tells. Raises `ValueError` for what is not understood."""
        if self.template is None:
            return self.take(incoming.text)
        return self.take(incoming.read(self.template, self.more))


@dataclass(frozen=True, slots=True)
class Publication:
    """A message that asks a device for something."""

    topic: str
    payload: str


def _nothing(_wanted: Values, _present: Values) -> Iterable[Publication]:
    return ()


def plain(values: Values) -> State:
    """A state with all that is known."""
    attributes = {key: value for key, value in values.items() if key != "state"}
    return State(str(values.get("state", "unknown"))[:MAX_STATE], attributes)


@dataclass(frozen=True, slots=True)
class Wiring:
    """How one entity is wired.

    `command` gets what is wanted and what is known now, and gives messages; `show` makes a state of what is known.
    `assumed` are values that are taken for true when asked for. `grain` is how far a reported value may be from the one
    that was asked for, because the device counts in its own, coarser units.
    """

    readings: tuple[Reading, ...] = ()
    command: Callable[[Values, Values], Iterable[Publication]] = _nothing
    command_topics: frozenset[str] = frozenset()
    features: Values = field(default_factory=dict)
    show: Callable[[Values], State] = plain
    grain: Values = field(default_factory=dict)
    optimistic: bool = False

    @property
    def reported(self) -> frozenset[str]:
        """The values that the device tells; none where it is optimistic."""
        if self.optimistic:
            return frozenset()
        return frozenset(key for reading in self.readings for key in reading.keys)


def reading(topic: str | None, template: Template | None, take: Take, *keys: str, **more: Any) -> list[Reading]:
    """A reading as a list: empty without a topic."""
    return [Reading(topic, template, take, frozenset(keys), more)] if topic else []


def words(key: str, meanings: Mapping[str, str | None]) -> Take:
    """Takes one of some words; others tell nothing.

    >>> words("state", {"ON": "on"})("ON"), words("state", {"ON": "on"})("TOGGLE")
    ({'state': 'on'}, {})
    """
    known = {NONE: None, **meanings}

    def take(text: str) -> Values:
        return {key: known[text]} if text in known else {}

    return take


def number(key: str, scale: Callable[[float], Any] = lambda value: value) -> Take:
    """Takes a number, brought to scale."""

    def take(text: str) -> Values:
        if not text.strip():
            return {}
        if text == NONE:
            return {key: None}
        value = as_number(text.strip())
        if value is None:
            raise ValueError(f"{key} is no number")
        return {key: whole(scale(value))}

    return take


def text(key: str, allowed: Iterable[str] | None = None) -> Take:
    """Takes a text; one of the allowed, where that is known."""
    known = frozenset(allowed) if allowed is not None else None

    def take(told: str) -> Values:
        if told == NONE:
            return {key: None}
        if not told or (known is not None and told not in known):
            return {}
        return {key: told[:MAX_STATE]}

    return take


def whole(value: Any) -> Any:
    """A number without a needless fraction.

    >>> whole(21.0), whole(21.5)
    (21, 21.5)
    """
    return int(value) if isinstance(value, float) and value.is_integer() else value


def mapping(incoming: str) -> Mapping[str, Any]:
    """The content of a JSON object. Raises `ValueError`."""
    told = parsed(incoming)
    if told is extras.MISSING or not isinstance(told, dict):
        raise ValueError("not a JSON object")
    return told


def message(topic: str | None, value: Any, template: Template | None = None, **more: Any) -> list[Publication]:
    """A message as a list: empty without a topic. Raises `ValueError` where the template fails."""
    if topic is None:
        return []
    if template is None:
        return [Publication(topic, str(value))]
    return [Publication(topic, template.write({"value": value, **more}))]


def topics(*given: str | None) -> frozenset[str]:
    """The topics that are there."""
    return frozenset(topic for topic in given if topic)


def to_percent(low: float, high: float, value: float) -> int:
    """Where a value lies in a range whose lowest value means 1 step, in percent; also in one that runs downwards.

    >>> to_percent(1, 255, 127), to_percent(1, 3, 2), to_percent(101, 0, 30)
    (49, 66, 70)
    """
    return int((value - (low - 1)) * 100 // (high - low + 1))


def from_percent(low: float, high: float, percent: float) -> float:
    """The value of a range that is so many percent of it.

    >>> from_percent(1, 255, 50), from_percent(101, 0, 70)
    (127.5, 30.0)
    """
    return percent * (high - low + 1) / 100 + (low - 1)
