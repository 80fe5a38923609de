"""The live view of a home in the terminal: rooms, states, and what changed by whom. Rendering only."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from simulator.world import Change, World

KEPT = 200
"""Changes that are remembered for the view."""
STYLES = {
    "on": "yellow",
    "open": "cyan",
    "opening": "bold cyan",
    "closing": "bold cyan",
    "unlocked": "bold red",
    "jammed": "bold red",
    "heat": "red",
    "cool": "blue",
    "playing": "green",
    "cleaning": "green",
    "unavailable": "dim red",
}
WHO = {"command": "over MQTT", "hand": "by hand", "world": "by itself", "fault": "fault"}


@dataclass(frozen=True, slots=True)
class Line:
    """One change in words: when, what, to what, and by whom."""

    time: datetime
    name: str
    state: str
    who: str


class Changes:
    """Remembers what changed in a world; hand `note` to `World.watch`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._names = {spec.entity: spec.name for spec in world.home.devices}
        self._lines: deque[Line] = deque(maxlen=KEPT)

    def note(self, change: Change) -> None:
        """Remember a change. A door on its way is one line, not one for every percent."""
        if change.what == "config":
            return
        name = self._names.get(change.entity, change.entity)
        state = state_text(self._world, change.entity)
        line = Line(change.time, name, state, WHO[change.cause])
        last = self._lines[-1] if self._lines else None
        if last is not None and last.name == name and last.state.split()[:1] == state.split()[:1]:
            self._lines.pop()
        self._lines.append(line)

    def last(self, count: int) -> list[Line]:
        """The newest changes, oldest first."""
        return list(self._lines)[-count:] if count > 0 else []


def state_text(world: World, entity: str) -> str:
    """The state of an entity in a few words."""
    if not world.online(entity):
        return "unavailable"
    report = world.report(entity)
    return " ".join([str(report["state"]), *_details(entity, report["attributes"], world)]).strip()


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
        muted = ", muted" if attributes.get("is_volume_muted") else ""
        title = [str(attributes["media_title"])] if attributes.get("media_title") else []
        return [*title, f"(volume {attributes.get('volume_level', 0) * 100:.0f} %{muted})"]
    if domain == "fan" and attributes.get("percentage"):
        return [f"{attributes['percentage']} %"]
    if domain == "todo":
        return [", ".join(item["summary"] for item in attributes["items"] if item["status"] == "needs_action")]
    return [str(features["unit_of_measurement"])] if features.get("unit_of_measurement") else []


def room_panel(world: World, room: str | None, title: str) -> Panel | None:
    """The devices of one room with their states; `None` for a room without any."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    found = [spec for spec in world.home.devices if spec.area == room]
    for spec in found:
        text = state_text(world, spec.entity)
        table.add_row(spec.name, Text(text, style=STYLES.get(text.split()[0] if text else "", "dim")))
    return Panel(table, title=title, title_align="left", border_style="blue") if found else None


def rooms_view(world: World) -> RenderableType:
    """All rooms, side by side as far as there is space."""
    panels = [room_panel(world, room.id, room.name) for room in world.home.rooms]
    panels.append(room_panel(world, None, "Whole home"))
    return Columns([panel for panel in panels if panel is not None], equal=False, expand=False)


def changes_view(changes: Changes, count: int = 10) -> RenderableType:
    """What changed last, and by whom."""
    table = Table.grid(padding=(0, 2))
    for line in changes.last(count):
        table.add_row(f"{line.time:%H:%M:%S}", line.name, line.state, Text(line.who, style="magenta"))
    return Panel(table, title="What changed", title_align="left", border_style="blue")


def home_view(world: World, changes: Changes, footer: str = "") -> RenderableType:
    """The whole view: a headline, the rooms, what changed, and a line of one's own below."""
    now = world.now
    head = Text(f"{world.home.name}  {now:%a %H:%M:%S}  {len(world.devices)} devices", style="bold")
    parts: list[RenderableType] = [head, rooms_view(world), changes_view(changes)]
    return Group(*parts, Text(footer, style="dim")) if footer else Group(*parts)
