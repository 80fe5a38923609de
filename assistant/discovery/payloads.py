"""Discovery messages: what is announced, in full words, with one announcement for each entity.

Home Assistant's form: `homeassistant/<component>/[<node>/]<object>/config` announces one entity,
`homeassistant/device/[<node>/]<object>/config` a whole device. An empty payload removes what was announced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import from_json

from assistant.discovery.templates import Template

PREFIX = "homeassistant"
PATTERNS = (f"{PREFIX}/+/+/config", f"{PREFIX}/+/+/+/config")
"""What to subscribe to; the two don't overlap."""
MAX_COMPONENTS = 100
"""Entities of one device."""
MAX_TOPIC = 256
"""Characters of a topic that is subscribed or published to."""
_TOPIC = re.compile(rf"{PREFIX}/(\w{{1,64}})/(?:([\w-]{{1,128}})/)?([\w-]{{1,128}})/config", re.ASCII)
_SHARED = (
    "availability", "availability_mode", "availability_template", "availability_topic", "command_topic",
    "payload_available", "payload_not_available", "state_topic",
)  # fmt: skip
"""Options that a device may give once for all of its entities."""


def _tables() -> dict[str, dict[str, str]]:
    told = json.loads(files("assistant.discovery").joinpath("abbreviations.json").read_text(encoding="utf-8"))
    return {name: told[name] for name in ("options", "device", "origin")}


_ABBREVIATIONS = _tables()


def in_full(options: Mapping[str, Any]) -> dict[str, Any]:
    """An announcement with its abbreviations written out, and `~` replaced by the base topic.

    >>> in_full({"~": "home/lamp", "stat_t": "~/state", "dev": {"ids": ["1"]}})
    {'state_topic': 'home/lamp/state', 'device': {'identifiers': ['1']}}
    """
    told = _spelled(options, "options")
    for part in ("device", "origin"):
        if isinstance(told.get(part), dict):
            told[part] = _spelled(told[part], part)
    base = told.pop("~", None)
    available = told.get("availability")
    if isinstance(available, list | dict):
        rows = available if isinstance(available, list) else [available]
        told["availability"] = [
            _based(_spelled(row, "options"), base) if isinstance(row, dict) else row for row in rows
        ]
    if isinstance(told.get("components"), dict):
        told["components"] = {
            key: in_full({"~": base, **row} if base is not None else row) if isinstance(row, dict) else row
            for key, row in told["components"].items()
        }
    return _based(told, base)


def _spelled(options: Mapping[str, Any], part: str) -> dict[str, Any]:
    table = _ABBREVIATIONS[part]
    return {table.get(key, key): value for key, value in options.items()}


def _based(options: dict[str, Any], base: Any) -> dict[str, Any]:
    if not isinstance(base, str):
        return options
    for key, value in options.items():
        if key.endswith("topic") and isinstance(value, str) and value:
            if value[0] == "~":
                value = base + value[1:]
            if value[-1:] == "~":
                value = value[:-1] + base
            options[key] = value
    return options


@dataclass(frozen=True, slots=True)
class Announcement:
    """One entity that a discovery message announces. `key` is unique; `options` are in full words, not yet checked."""

    key: str
    platform: str
    options: Mapping[str, Any]


def read(topic: str, payload: bytes) -> tuple[str, list[Announcement]]:
    """The key of the message, and what it announces; nothing where it takes back what it had announced.

    Raises `ValueError`.
    """
    found = _TOPIC.fullmatch(topic)
    if found is None:
        raise ValueError("not a topic of discovery")
    platform, node, thing = found.groups()
    key = f"{platform}/{node}/{thing}" if node else f"{platform}/{thing}"
    if not payload:
        return key, []
    told = from_json(payload, allow_inf_nan=False)
    if not isinstance(told, dict):
        raise ValueError("an announcement is a mapping")
    if told.get("migr_discvry") or told.get("migrate_discovery"):
        return key, []
    options = in_full(told)
    if platform != "device":
        return key, [Announcement(key, platform, options)]
    return key, list(_components(key, options))


def _components(key: str, options: dict[str, Any]) -> Iterator[Announcement]:
    components = options.get("components")
    if not isinstance(components, dict) or len(components) > MAX_COMPONENTS:
        raise ValueError(f"a device has `components`, {MAX_COMPONENTS} at most")
    shared = {name: options[name] for name in (*_SHARED, "device", "origin") if name in options}
    for name, told in components.items():
        if not isinstance(told, dict) or not isinstance(told.get("platform"), str):
            raise ValueError("a component has a `platform`")
        if len(told) > 1:
            yield Announcement(f"{key}/{name}"[:300], told["platform"], {**shared, **told})


# -- checked options ---------------------------------------------------------------------------------------------------


def _as_text(value: Any) -> Any:
    """Payloads are compared as texts, and devices write them as JSON's true, false and numbers too."""
    return str(value) if isinstance(value, bool | int | float) else value


def _sane(topic: str) -> str:
    if not topic or len(topic) > MAX_TOPIC or any(not char.isprintable() for char in topic):
        raise ValueError("not a topic")
    if "+" in topic or "#" in topic:
        raise ValueError("a topic with wildcards")
    if topic.startswith("$") or topic == f"{PREFIX}/status":
        raise ValueError("a topic of the broker's own")
    return topic


def _for_commands(topic: str) -> str:
    if topic.startswith(f"{PREFIX}/"):
        raise ValueError("commands don't go to discovery")
    return topic


Text = Annotated[str, BeforeValidator(_as_text), Field(max_length=1024)]
Flag = Annotated[bool, BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)]
Topic = Annotated[str, AfterValidator(_sane)]
"""A topic to subscribe to. Wildcards, which Home Assistant would take, are refused."""
CommandTopic = Annotated[str, AfterValidator(_sane), AfterValidator(_for_commands)]
ValueTemplate = Annotated[
    Template, BeforeValidator(lambda value: Template.of(value) if isinstance(value, str) else value)
]
Words = Annotated[
    tuple[Text, ...],
    BeforeValidator(lambda value: [value] if isinstance(value, str | int | float) else value),
    Field(max_length=200),
]
Degrees = Annotated[float, Field(ge=-500, le=5000, allow_inf_nan=False)]


class Told(BaseModel):
    """The base of everything that strangers tell; what is not known is left out."""

    model_config = ConfigDict(extra="ignore", frozen=True, arbitrary_types_allowed=True)


class DeviceIn(Told):
    """The device that an entity belongs to."""

    name: Text | None = Field(None, max_length=100)
    identifiers: Words = ()
    model: Text | None = None
    suggested_area: Text | None = Field(None, max_length=100)


class AvailabilityIn(Told):
    """A topic that says whether a device is there."""

    topic: Topic
    payload_available: Text = "online"
    payload_not_available: Text = "offline"
    value_template: ValueTemplate | None = None


class OriginIn(Told):
    """The program that announces."""

    name: Text = ""


class Options(Told):
    """What every entity may tell of itself."""

    name: Text | None = Field(None, max_length=100)
    unique_id: Text | None = None
    default_entity_id: Text | None = None
    object_id: Text | None = None
    device: DeviceIn = DeviceIn()
    origin: OriginIn = OriginIn()
    device_class: Text | None = None
    entity_category: Text | None = None
    enabled_by_default: Flag = True
    optimistic: Flag = False
    availability: tuple[AvailabilityIn, ...] = Field((), max_length=10)
    availability_mode: str = Field("latest", pattern="^(all|any|latest)$")
    availability_topic: Topic | None = None
    availability_template: ValueTemplate | None = None
    payload_available: Text = "online"
    payload_not_available: Text = "offline"
    json_attributes_topic: Topic | None = None
    json_attributes_template: ValueTemplate | None = None

    @property
    def available(self) -> tuple[AvailabilityIn, ...]:
        """Where it is told whether it is there; nothing where it always is."""
        if self.availability or self.availability_topic is None:
            return self.availability
        return (
            AvailabilityIn(
                topic=self.availability_topic,
                payload_available=self.payload_available,
                payload_not_available=self.payload_not_available,
                value_template=self.availability_template,
            ),
        )
