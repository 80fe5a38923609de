"""The twin: what the assistant knows of the home, learned from MQTT alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.turn import State


@dataclass(frozen=True, slots=True)
class Floor:
    """A storey. `level` 0 is the ground floor."""

    id: str
    name: str
    level: int = 0
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A room, or a place outside."""

    id: str
    name: str
    floor: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that has a state. `id` is `domain.object_id`; `kind` is finer than the domain (`oven`, `garage_door`).

    `features` are fixed facts about it: `device_class`, `min_temp`, `supported_color_modes`, `source_list` ...
    """

    id: str
    kind: str
    name: str
    area: str | None = None
    aliases: tuple[str, ...] = ()
    features: Mapping[str, Any] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class Home:
    """Rooms, floors, people and things; no states. `unit` is `C` or `F`."""

    name: str = "home"
    unit: str = "C"
    areas: Mapping[str, Area] = field(default_factory=dict)
    floors: Mapping[str, Floor] = field(default_factory=dict)
    entities: Mapping[str, Entity] = field(default_factory=dict)
    people: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """The last thing that an entity said. `time` is seconds on the loop's monotonic clock."""

    state: State
    time: float
    online: bool = True
