"""Keeps the twin of the home: what its devices said over MQTT, and nothing else.

Payloads come from outside: broken, oversized or unknown ones are counted and ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from assistant.home import Area, Entity, Floor, Home, Report
from assistant.turn import State, States
from devices.wire import ONLINE, Message, Transport, availability_topic, home_topic, parse_entity_topic

MAX_PAYLOAD = 65_536
"""Bytes; a longer payload is not read."""
MAX_STATE = 255
"""Characters of a state, as in Home Assistant."""
UNAVAILABLE = State("unavailable")


class Payload(BaseModel):
    """The base of what is read from the wire; unknown keys are left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class AreaIn(Payload):
    """A room in the home's description."""

    id: str = Field(min_length=1, max_length=100)
    name: str = Field(max_length=200)
    floor: str | None = None
    aliases: tuple[str, ...] = ()


class FloorIn(Payload):
    """A storey in the home's description."""

    id: str = Field(min_length=1, max_length=100)
    name: str = Field(max_length=200)
    level: int = 0
    aliases: tuple[str, ...] = ()


class HomeIn(Payload):
    """The home's description."""

    name: str = ""
    unit: str = Field("C", pattern="^[CF]$")
    areas: tuple[AreaIn, ...] = ()
    floors: tuple[FloorIn, ...] = ()
    people: tuple[str, ...] = ()


class EntityIn(Payload):
    """The description of one entity."""

    entity: str = Field(max_length=200)
    kind: str = Field(max_length=100)
    name: str = Field(max_length=200)
    area: str | None = None
    aliases: tuple[str, ...] = ()
    features: dict[str, Any] = {}


@lru_cache(maxsize=4096)
def _entity(payload: bytes) -> Entity:
    """An entity from its description; the same description gives the same object. Raises `ValueError`."""
    told = EntityIn.model_validate_json(payload)
    features = MappingProxyType(told.features)
    return Entity(told.entity, told.kind, told.name, told.area, told.aliases, features)


@lru_cache(maxsize=256)
def _description(payload: bytes) -> HomeIn:
    return HomeIn.model_validate_json(payload)


class Twin:
    """What is known of one home. Feed it messages; read `home`, `states()` and `reports`. One thread only."""

    def __init__(self, home: str) -> None:
        self.reports: dict[str, Report] = {}
        self.home_version = 0
        self.rejected = 0
        self.online = True
        self._name = home
        self._told = HomeIn()
        self._entities: dict[str, Entity] = {}
        self._home: Home | None = Home(home)
        self._states: dict[str, State] = {}
        self._snapshot: States | None = None
        self._topics: dict[str, tuple[str, str] | None] = {}

    def connect(self, transport: Transport, sink: Callable[[Message], None]) -> None:
        """Subscribe to the home; `sink` gets every message, on the transport's thread, and should only queue it."""
        transport.subscribe(home_topic(self._name), sink)
        transport.subscribe(availability_topic(self._name), sink)
        for leaf in ("config", "availability", "state"):
            transport.subscribe(f"mynah/{self._name}/+/+/{leaf}", sink)

    @property
    def home(self) -> Home:
        """Rooms, floors, people and things as described; the same object until a description changes."""
        if self._home is None:
            areas = {area.id: Area(area.id, area.name, area.floor, area.aliases) for area in self._told.areas}
            floors = {each.id: Floor(each.id, each.name, each.level, each.aliases) for each in self._told.floors}
            self._home = Home(self._name, self._told.unit, areas, floors, dict(self._entities), self._told.people)
        return self._home

    def states(self) -> States:
        """The states as last reported; `unavailable` for what is offline. The same object until one changes."""
        if self._snapshot is None:
            self._snapshot = MappingProxyType(self._states.copy())
        return self._snapshot

    def feed(self, message: Message, time: float) -> str | None:
        """Take in one message; `time` is in seconds on the loop's clock. The entity whose state changed, if one did."""
        address = self._topics.get(message.topic, False)
        if address is False:
            address = self._address(message.topic)
        if len(message.payload) > MAX_PAYLOAD or address is None:
            self.rejected += 1
            return None
        entity, leaf = address  # type: ignore[misc]  # `False` has been replaced above
        try:
            if leaf == "state":
                return self._feed_state(entity, message.payload, time)
            if leaf == "availability":
                return self._feed_availability(entity, message.payload)
            self._describe(entity, leaf, message.payload)
        except (ValidationError, ValueError, RecursionError):
            self.rejected += 1
        return None

    def _address(self, topic: str) -> tuple[str, str] | None:
        """Entity and leaf of a topic; the home's own topics have an empty entity. Remembered for the next message."""
        if len(self._topics) > 100_000:
            self._topics.clear()
        found: tuple[str, str] | None = None
        if topic == home_topic(self._name):
            found = ("", "home")
        elif topic == availability_topic(self._name):
            found = ("", "availability")
        elif (parsed := parse_entity_topic(topic)) and parsed[0] == self._name:
            found = (parsed[1], parsed[2]) if parsed[2] in {"state", "availability", "config"} else None
        self._topics[topic] = found
        return found

    # -- what devices are ------------------------------------------------------------------------------------------

    def _describe(self, entity: str, leaf: str, payload: bytes) -> None:
        """The description of the home or of an entity; an empty one removes the entity."""
        if leaf == "home":
            told = _description(payload)
            if told == self._told:
                return
            self._told = told
        elif not payload:
            self._remove(entity)
        else:
            described = _entity(payload)
            if described.id != entity:
                raise ValueError(f"{described.id} described on the topic of {entity}")
            if self._entities.get(entity) == described:
                return
            self._entities[entity] = described
        self._home = None
        self.home_version += 1

    def _remove(self, entity: str) -> None:
        self._entities.pop(entity, None)
        self.reports.pop(entity, None)
        self._states.pop(entity, None)
        self._snapshot = None

    # -- what devices report ---------------------------------------------------------------------------------------

    def _feed_state(self, entity: str, payload: bytes, time: float) -> str | None:
        if not payload:
            self.reports.pop(entity, None)
            self._states.pop(entity, None)
            self._snapshot = None
            return entity
        state = _state(payload)
        report = self.reports.get(entity)
        if report is None:
            self.reports[entity] = report = Report(state, time)
        else:
            report.time = time
            if report.state == state:
                return None
            report.state = state
        if self.online and report.online:
            self._states[entity] = state
            self._snapshot = None
        return entity

    def _feed_availability(self, entity: str, payload: bytes) -> str | None:
        online = payload == ONLINE.encode()
        if not online and payload not in {b"", b"offline"}:
            raise ValueError("availability is online or offline")
        if not entity:
            self.online = online
            for each in self.reports:
                self._show(each)
            return None
        report = self.reports.get(entity)
        if report is None:
            if payload:
                self.reports[entity] = Report(State("unknown"), 0.0, online)
                self._show(entity)
            return None
        if report.online == online:
            return None
        report.online = online
        self._show(entity)
        return entity

    def _show(self, entity: str) -> None:
        """What `states()` says of an entity, from its report and the availability."""
        report = self.reports[entity]
        self._states[entity] = report.state if self.online and report.online else UNAVAILABLE
        self._snapshot = None


def _state(payload: bytes) -> State:
    """A state from JSON `{state, attributes}`. Raises `ValueError`.

    >>> _state(b'{"state": "on", "attributes": {"brightness": 128}}')
    State(state='on', attributes={'brightness': 128})
    """
    told = from_json(payload, allow_inf_nan=False, cache_strings="keys")
    if not isinstance(told, Mapping):
        raise ValueError("a state is a mapping")
    state, attributes = told.get("state"), told.get("attributes", {})
    if not isinstance(state, str) or len(state) > MAX_STATE or not isinstance(attributes, dict):
        raise ValueError("a state has `state`, a text, and `attributes`, a mapping")
    return State(state, attributes)
