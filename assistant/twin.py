"""Keeps the twin of the home: what its devices said over MQTT, and nothing else.

Devices of a Mynah home and devices that are known by Home Assistant's discovery alone look the same from here on.

Payloads come from outside: broken, oversized or unknown ones are counted and ignored.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from assistant.discovery.payloads import PATTERNS, PREFIX
from assistant.discovery.thing import Thing, slug
from assistant.discovery.things import Things
from assistant.home import Area, Entity, Floor, Home, Report
from assistant.resolve.names import normalise
from assistant.turn import Command, State, States
from devices.discovery import BIRTH_TOPIC
from devices.wire import (
    ONLINE,
    Message,
    Transport,
    availability_topic,
    entity_topic,
    home_topic,
    parse_entity_topic,
)

MAX_PAYLOAD = 65_536
"""Bytes; a longer payload is not read."""
MAX_STATE = 255
"""Characters of a state, as in Home Assistant."""
UNAVAILABLE = State("unavailable")
SETTLE = 1.0
"""Seconds without a new announcement after which the announcers are asked for the states."""


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
    """What is known of one home. Feed it messages; read `home`, `states()` and `reports`. One thread only.

    Without a name, there is no Mynah home on the broker: only what others announce.
    """

    def __init__(self, home: str | None) -> None:
        self.reports: dict[str, Report] = {}
        self.home_version = 0
        self.rejected = 0
        self.online = True
        self.things = Things(alone=home is None)
        self._name = home or ""
        self._told = HomeIn()
        self._entities: dict[str, Entity] = {}
        self._home: Home | None = None
        self._states: dict[str, State] = {}
        self._snapshot: States | None = None
        self._topics: dict[str, tuple[str, str] | None] = {}
        self._subscribe: Callable[[str], None] = lambda _topic: None
        self._publish: Callable[[str, str], None] = lambda _topic, _payload: None
        self._subscribed: set[str] = set()
        self._asked_at: float | None = math.inf

    def connect(self, transport: Transport, sink: Callable[[Message], None]) -> None:
        """Subscribe to the home; `sink` gets every message, on the transport's thread, and should only queue it."""
        if self._name:
            transport.subscribe(home_topic(self._name), sink)
            transport.subscribe(availability_topic(self._name), sink)
            for leaf in ("config", "availability", "state"):
                transport.subscribe(f"mynah/{self._name}/+/+/{leaf}", sink)
        self._subscribe = lambda topic: transport.subscribe(topic, sink)
        self._publish = transport.publish
        for pattern in PATTERNS:
            self._subscribe(pattern)

    @property
    def home(self) -> Home:
        """Rooms, floors, people and things as described; the same object until a description changes."""
        if self._home is None:
            areas = {area.id: Area(area.id, area.name, area.floor, area.aliases) for area in self._told.areas}
            floors = {each.id: Floor(each.id, each.name, each.level, each.aliases) for each in self._told.floors}
            things = [_placed(each, areas) for each in self.things.entities().values()]
            entities = self._entities | {each.id: each for each in things}
            self._home = Home(self._name or "home", self._told.unit, areas, floors, entities, self._told.people)
        return self._home

    def states(self) -> States:
        """The states as last reported; `unavailable` for what is offline. The same object until one changes."""
        if self._snapshot is None:
            self._snapshot = MappingProxyType(self._states.copy())
        return self._snapshot

    def feed(self, message: Message, time: float) -> tuple[str, ...]:
        """Take in one message; `time` is in seconds on the loop's clock. The entities whose states changed."""
        address = self._topics.get(message.topic, False)
        if address is False:
            address = self._address(message.topic)
        if len(message.payload) > MAX_PAYLOAD:
            self.rejected += 1
            return ()
        try:
            if address is None:
                return self._feed_foreign(message, time)
            entity, leaf = address  # type: ignore[misc]  # `False` has been replaced above
            if leaf == "state":
                return self._feed_state(entity, message.payload, time)
            if leaf == "availability":
                return self._feed_availability(entity, message.payload)
            self._describe(entity, leaf, message.payload)
        except (ValidationError, ValueError, RecursionError):
            self.rejected += 1
        return ()

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
            self.things.unit = told.unit
        elif not payload:
            self._remove(entity)
        else:
            described = _entity(payload)
            if described.id != entity:
                raise ValueError(f"{described.id} described on the topic of {entity}")
            if self._entities.get(entity) == described:
                return
            self._entities[entity] = described
            if moved := self.things.give_way(entity, self._entities.__contains__):
                self._remove_reports(entity)
                self._show_thing(moved)
        self._home = None
        self.home_version += 1

    def _remove(self, entity: str) -> None:
        self._entities.pop(entity, None)
        self._remove_reports(entity)

    def _remove_reports(self, entity: str) -> None:
        self.reports.pop(entity, None)
        self._states.pop(entity, None)
        self._snapshot = None

    # -- what others announce --------------------------------------------------------------------------------------

    def _feed_foreign(self, message: Message, time: float) -> tuple[str, ...]:
        """A message of devices that are known by discovery alone."""
        topic = message.topic
        if topic.startswith(f"{PREFIX}/") and topic.endswith("/config"):
            self._announced(topic, message.payload, time)
            return ()
        if not self.things.knows(topic):
            raise ValueError("nothing is known of this topic")
        return self._show_things(self.things.hear(topic, message.payload, time))

    def _announced(self, topic: str, payload: bytes, time: float) -> None:
        gone, new = self.things.announce(topic, payload, self._entities.__contains__)
        for entity in gone:
            self._remove_reports(entity)
        for thing in new:
            for each in sorted(thing.topics - self._subscribed):
                self._subscribed.add(each)
                self._subscribe(each)
            self.things.recall(thing, time)
        self._show_things(new)
        if gone or new:
            self._home = None
            self.home_version += 1
        if new and self._asked_at is not None:
            self._asked_at = time + SETTLE

    def _show_things(self, things: Iterable[Thing]) -> tuple[str, ...]:
        return tuple(each.entity.id for each in things if self._show_thing(each))

    def _show_thing(self, thing: Thing) -> bool:
        """Take over what a thing says of itself; whether that is new."""
        entity, state, online = thing.entity.id, thing.state(), thing.online
        before = self.reports.get(entity)
        self.reports[entity] = Report(state, thing.heard, online)
        self._states[entity] = state if online else UNAVAILABLE
        self._snapshot = None
        return before is not None and (before.state, before.online) != (state, online)

    def tick(self, time: float) -> tuple[str, ...]:
        """Let time pass: the entities whose last word has run out.

        Devices whose states are not retained tell them when Home Assistant says that it has come. So that is said
        once, when nothing new has been announced for a while.
        """
        if self._asked_at is not None and self._asked_at <= time:
            self._asked_at = None
            self._publish(BIRTH_TOPIC, ONLINE)
        return self._show_things(self.things.tick(time))

    # -- what is asked of devices ----------------------------------------------------------------------------------

    def outgoing(self, command: Command) -> list[tuple[str, str]]:
        """Topics and payloads that ask for what is commanded; none where the device has no way to be asked."""
        thing = self.things.get(command.entity)
        if thing is None:
            topic = entity_topic(self._name, command.entity, "set")
            return [(topic, json.dumps(dict(command.value), separators=(",", ":")))]
        try:
            asked = thing.ask(command.value)
        except (ValueError, KeyError, TypeError, ArithmeticError):
            self.rejected += 1
            return []
        self._show_thing(thing)
        return [(each.topic, each.payload) for each in asked]

    # -- what devices report ---------------------------------------------------------------------------------------

    def _feed_state(self, entity: str, payload: bytes, time: float) -> tuple[str, ...]:
        if not payload:
            self.reports.pop(entity, None)
            self._states.pop(entity, None)
            self._snapshot = None
            return (entity,)
        state = _state(payload)
        report = self.reports.get(entity)
        if report is None:
            self.reports[entity] = report = Report(state, time)
        else:
            report.time = time
            if report.state == state:
                return ()
            report.state = state
        if self.online and report.online:
            self._states[entity] = state
            self._snapshot = None
        return (entity,)

    def _feed_availability(self, entity: str, payload: bytes) -> tuple[str, ...]:
        online = payload == ONLINE.encode()
        if not online and payload not in {b"", b"offline"}:
            raise ValueError("availability is online or offline")
        if not entity:
            self.online = online
            for each in self.reports:
                if self.things.get(each) is None:
                    self._show(each)
            return ()
        report = self.reports.get(entity)
        if report is None:
            if payload:
                self.reports[entity] = Report(State("unknown"), 0.0, online)
                self._show(entity)
            return ()
        if report.online == online:
            return ()
        report.online = online
        self._show(entity)
        return (entity,)

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


def _placed(entity: Entity, areas: dict[str, Area]) -> Entity:
    """The entity in the room whose name it was announced with; an unknown room is added."""
    if entity.area is None:
        return entity
    meant = normalise(entity.area)
    for area in areas.values():
        if meant in {normalise(name) for name in (area.id.replace("_", " "), area.name, *area.aliases)}:
            return replace(entity, area=area.id)
    id = slug(entity.area)
    areas.setdefault(id, Area(id, entity.area))
    return replace(entity, area=id)
