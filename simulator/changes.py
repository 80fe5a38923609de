"""What changed in a home, when, and by whom: the newest lines, in words. Small drifts are left out."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.world import Cause, Change, World

KEPT = 200
"""Changes that are remembered."""


@dataclass(frozen=True, slots=True)
class Line:
    """One change in words: when, which device where, to what, and by whom."""

    time: datetime
    entity: str
    name: str
    room: str
    state: str
    cause: Cause


class Changes:
    """Remembers what changed in a world; hand `note` to `World.watch`."""

    def __init__(self, world: World) -> None:
        self._world = world
        rooms = {room.id: room.name for room in world.home.rooms}
        self._names = {spec.entity: (spec.name, rooms.get(spec.area or "", "")) for spec in world.home.devices}
        self._lines: deque[Line] = deque(maxlen=KEPT)
        self._words = {entity: world.report(entity)["state"] for entity in world.devices}
        self.last_in: dict[str | None, datetime] = {}

    def note(self, change: Change) -> None:
        """Remember a change, unless it is a mere reading. A door on its way is one line, not one for every percent."""
        entity, word = change.entity, self._world.report(change.entity)["state"]
        same, self._words[entity] = self._words[entity] == word, word
        if change.what == "config" or (change.cause == "world" and (same or entity.startswith("sensor."))):
            return
        state = state_text(self._world, entity)
        line = Line(change.time, entity, *self._names[entity], state, change.cause)
        self.last_in[self._world.area(entity)] = change.time
        for index, other in enumerate(reversed(self._lines), 1):
            if other.entity == entity:
                if _same_doing(other, line):
                    del self._lines[-index]
                break
        self._lines.append(line)

    def last(self, count: int) -> list[Line]:
        """The newest changes, the newest first."""
        return list(self._lines)[: -count - 1 : -1] if count > 0 else []


def _same_doing(before: Line, now: Line) -> bool:
    """Whether two lines of a device tell of one and the same movement, or of a connection that comes and goes."""
    if before.cause == now.cause == "fault":
        return before.state.endswith("(flapping)")
    return before.cause == now.cause and before.state.split()[:1] == now.state.split()[:1]


def state_text(world: World, entity: str) -> str:
    """The state of an entity in a few words, with its fault, where it has one."""
    fault = world.faults.kind(entity)
    told = f" ({fault.replace('_', ' ')})" if fault not in {"none", "offline"} else ""
    if not world.online(entity):
        return f"unavailable{told}"
    report = world.report(entity)
    words = [str(report["state"]).replace("_", " "), *_details(entity, report["attributes"], world)]
    return " ".join(words).strip() + told


def _details(entity: str, attributes: Mapping[str, Any], world: World) -> list[str]:
    domain = entity.partition(".")[0]
    features = world.devices[entity].features
    if domain == "light" and "brightness" in attributes:
        colour = attributes.get("rgb_color")
        return [f"{attributes['brightness'] / 2.55:.0f} %", *([f"rgb {colour}"] if colour else [])]
    if domain in {"cover", "valve"} and 0 < attributes.get("current_position", 0) < 100:
        return [f"{attributes['current_position']} %"]
    if domain == "climate":
        unit = features.get("temperature_unit", "C")
        goal = f"to {attributes['temperature']:g}, " if world.report(entity)["state"] != "off" else ""
        return [f"({goal}now {attributes.get('current_temperature', 0):g} °{unit})"]
    if domain == "media_player":
        return _playing(attributes)
    if domain == "fan" and attributes.get("percentage"):
        return [f"{attributes['percentage']} %"]
    if domain == "todo":
        return [", ".join(item["summary"] for item in attributes["items"] if item["status"] == "needs_action")]
    if "program_phase" in attributes:
        return [f"{attributes.get('program', '')}: {attributes['program_phase']}"]
    return [str(features["unit_of_measurement"])] if features.get("unit_of_measurement") else []


def _playing(attributes: Mapping[str, Any]) -> list[str]:
    muted = ", muted" if attributes.get("is_volume_muted") else ""
    title = [str(attributes["media_title"])] if attributes.get("media_title") else []
    return [*title, f"(volume {attributes.get('volume_level', 0) * 100:.0f} %{muted})"]
