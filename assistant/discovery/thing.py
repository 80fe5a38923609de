"""One entity that is known by its announcement: what it told so far, and whether it is there."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from assistant.discovery import extras
from assistant.discovery.payloads import AvailabilityIn, Options
from assistant.discovery.templates import parsed
from assistant.discovery.wiring import Incoming, Publication, Reading, Values, Wiring
from assistant.home import Entity
from assistant.turn import State
from devices.kinds import KINDS, guess_kind

MAX_ATTRIBUTES = 100
"""Further attributes (`json_attributes_topic`) of an entity."""
MAX_ATTRIBUTES_SIZE = 8_192
"""Characters of a message with further attributes."""
SETTABLE = frozenset(
    {
        "brightness", "color_mode", "color_temp_kelvin", "current_position", "effect", "humidity", "percentage",
        "percentage_step", "rgb_color", "temperature",
    }
)  # fmt: skip
"""What is set by commands is told by its own topic, never by further attributes."""
LISTENING = frozenset({"sensor", "binary_sensor"})
PRESSED = frozenset({"scene", "button"})


class Thing:
    """An entity, its wiring, and what is known of it. `entity.id` may change while it lives."""

    def __init__(self, key: str, entity: Entity, told: Options, wiring: Wiring) -> None:
        self.key = key
        self.entity = entity
        self.wiring = wiring
        self.heard = 0.0
        self.due: tuple[float, Values | None] | None = None
        self._told = told
        self._values: dict[str, Any] = {}
        self._more: dict[str, Any] = {}
        self._asked: dict[str, Any] = {}
        self._there: dict[int, bool] = {}
        self._last_there = False
        self._expired = False

    @property
    def topics(self) -> frozenset[str]:
        """Every topic that tells something of it."""
        found = {reading.topic for reading in self.wiring.readings} | {each.topic for each in self._told.available}
        more = self._told.json_attributes_topic
        return frozenset(found | ({more} if more else set()))

    @property
    def online(self) -> bool:
        """Whether it is there; unknown is taken for not there, as Home Assistant does."""
        rows = self._told.available
        if self._expired or not rows:
            return not self._expired
        told = [self._there.get(index, False) for index in range(len(rows))]
        if self._told.availability_mode == "all":
            return all(told)
        return any(told) if self._told.availability_mode == "any" else self._last_there

    # -- hearing ---------------------------------------------------------------------------------------------------

    def hear(self, topic: str, incoming: Incoming, time: float) -> int:
        """Take in a message on one of its topics; how many parts of it were not understood."""
        bad = 0
        for index, row in enumerate(self._told.available):
            if row.topic == topic:
                bad += self._attempt(partial(self._hear_availability, index, row, incoming))
        for reading in self.wiring.readings:
            if reading.topic == topic:
                bad += self._attempt(partial(self._hear_reading, reading, incoming, time))
        if topic == self._told.json_attributes_topic:
            bad += self._attempt(partial(self._hear_attributes, incoming))
        return bad

    @staticmethod
    def _attempt(work: Callable[[], None]) -> int:
        try:
            work()
        except (ValueError, OverflowError, ArithmeticError, RecursionError):
            return 1
        return 0

    def _hear_availability(self, index: int, row: AvailabilityIn, incoming: Incoming) -> None:
        told = incoming.read(row.value_template) if row.value_template else incoming.text
        if told in {row.payload_available, row.payload_not_available}:
            self._there[index] = self._last_there = told == row.payload_available

    def _hear_reading(self, reading: Reading, incoming: Incoming, time: float) -> None:
        self._learn(reading.values(incoming), time)

    def _learn(self, values: Values, time: float) -> None:
        for key, value in values.items():
            if value is None:
                self._values.pop(key, None)
            else:
                self._values[key] = value
        if values:
            self.heard, self._expired = time, False
            self._set_clock(values, time)

    def _set_clock(self, values: Values, time: float) -> None:
        """When what was told will no longer hold, unless it is told again."""
        self.due = None
        if expires := getattr(self._told, "expire_after", 0):
            self.due = (time + expires, None)
        delay = getattr(self._told, "off_delay", None)
        if delay is not None and values.get("state") == "on":
            self.due = (time + delay, {"state": "off"})

    def _hear_attributes(self, incoming: Incoming) -> None:
        template = self._told.json_attributes_template
        if len(incoming.text) > MAX_ATTRIBUTES_SIZE:
            raise ValueError("too many attributes")
        told = incoming.json if template is None else parsed(incoming.read(template))
        if told is extras.MISSING or not isinstance(told, dict) or len(told) > MAX_ATTRIBUTES:
            raise ValueError("attributes are a JSON object")
        own = {key for reading in self.wiring.readings for key in reading.keys}
        own |= set(self.wiring.features) | {"state"} | (SETTABLE if self.wiring.command_topics else frozenset())
        self._more = {key: value for key, value in told.items() if key not in own}

    def tick(self, time: float) -> None:
        """Let what was told run out, when its time has come."""
        if self.due is None or time < self.due[0]:
            return
        values = self.due[1]
        self.due = None
        if values is None:
            self._expired = True
        else:
            self._values |= values

    # -- telling ---------------------------------------------------------------------------------------------------

    def state(self) -> State:
        """What is known of it, in Home Assistant's names and scales."""
        shown = self.wiring.show(self._values)
        attributes = {**self._more, **shown.attributes}
        for key, asked in self._asked.items():
            if key in attributes and self._is_near(key, attributes[key], asked):
                attributes[key] = asked
        return State(shown.state, attributes)

    def _is_near(self, key: str, told: Any, asked: Any) -> bool:
        grain = self.wiring.grain.get(key, 0.0)
        if isinstance(told, list) and isinstance(asked, list | tuple):
            return len(told) == len(asked) and all(abs(a - b) <= grain for a, b in zip(told, asked, strict=True))
        return isinstance(told, int | float) and isinstance(asked, int | float) and abs(told - asked) <= grain

    # -- asking ----------------------------------------------------------------------------------------------------

    def ask(self, wanted: Values) -> list[Publication]:
        """The messages that ask for something; what the device does not report is taken for true.

        Raises `ValueError` where a template of the device fails.
        """
        asked = list(self.wiring.command(wanted, self._values))
        if asked:
            reported = self.wiring.reported
            self._asked = {key: value for key, value in wanted.items() if key != "state"}
            for key, value in wanted.items():
                if key not in reported and value != "stop" and self.entity.domain not in PRESSED:
                    self._values[key] = value
        return asked


def describe(key: str, platform: str, told: Options, wiring: Wiring) -> Entity:
    """The entity that is announced, with the id and the area that it would like; both may still change."""
    name, aliases = _names(key, platform, told)
    kind = _kind(platform, name, told)
    features = dict(wiring.features)
    if wiring.command_topics and not wiring.reported and platform not in PRESSED:
        features["assumed_state"] = True
    area = told.device.suggested_area
    return Entity(f"{platform}.{_object_id(platform, name, told)}", kind, name, area, aliases, features)


def _kind(platform: str, name: str, told: Options) -> str:
    """The kind, by class and words; by a model that is the name of a kind only where nothing else tells more."""
    model = told.device.model or ""
    kind = guess_kind(platform, told.device_class, f"{name} {model}")
    named = KINDS.get(slug(model))
    return named.name if kind == platform and named is not None and named.domain == platform else kind


def _names(key: str, platform: str, told: Options) -> tuple[str, tuple[str, ...]]:
    """The name, put together from device and entity as Home Assistant does, and the entity's own as an alias."""
    device, own = _tidy(told.device.name), _tidy(told.name)
    if not own and "name" not in told.model_fields_set and told.device_class:
        own = _tidy(told.device_class).capitalize()
    if not device or not own:
        return device or own or _tidy(key.rpartition("/")[2]), ()
    if own.lower().startswith(device.lower()):
        return own, ()
    distinct = platform not in LISTENING and " " in own
    return f"{device} {own}", (own,) if distinct else ()


def _tidy(name: str | None) -> str:
    """Printable words.

    >>> _tidy("living_room  lamp")
    'living room lamp'
    """
    shown = "".join(char if char.isprintable() else " " for char in name or "")
    return " ".join(shown.replace("_", " ").split())


def _object_id(platform: str, name: str, told: Options) -> str:
    domain, _, wished = (told.default_entity_id or "").partition(".")
    if domain == platform and wished:
        return slug(wished)
    return slug(told.object_id or name)


def slug(text: str) -> str:
    """A text as the second part of an entity id.

    >>> slug("Küche: Lamp 2")
    'k_che_lamp_2'
    """
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:100] or "unnamed"
