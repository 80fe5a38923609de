"""The live view of a home in the terminal: rooms, states, what changed and by whom. Rendering only.

Where there is no room for all, what matters stays: first the devices that are quiet go, then the rooms in which nothing
is on and nothing has happened for a while; what is left out is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from devices.kinds.thermostat import Thermostat
from devices.kinds.water import WaterHeater
from simulator.changes import Changes, Line, state_text
from simulator.climate import SHADES
from simulator.world import World

COLUMN = 36
"""Characters that a column of rooms needs at least."""
WIDE = 110
"""Characters from which on the changes stand beside the rooms, not below."""
BESIDE = 46
"""Characters of the changes beside the rooms."""
FRESH = 3.0
"""Seconds of real time for which a change stands out."""
QUIET = frozenset({"off", "closed", "locked", "idle", "docked", "unknown", "standby", "disarmed", "0", ""})
"""States in which a device needs no line."""
READINGS = frozenset({"sensor", "scene", "weather", "person", "sun", "todo", "number", "calendar", "valve"})
"""Domains whose states are no activity."""
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
    "unavailable": "red",
}
WHO = {
    "command": ("over MQTT", "cyan"),
    "hand": ("by hand", "magenta"),
    "world": ("by itself", "dim"),
    "fault": ("fault", "bold red"),
}


@dataclass(slots=True)
class Block:
    """One room on the screen: its headline, what is on in it, and what is quiet."""

    head: Text
    active: list[Text] = field(default_factory=list)
    quiet: list[Text] = field(default_factory=list)
    happened: float = 0.0
    people: bool = False

    @property
    def matters(self) -> bool:
        """Whether somebody is there, or something is on, or happened lately."""
        return bool(self.active or self.people or self.happened)

    def lines(self, whole: bool) -> list[Text]:
        """Its lines, with what is quiet or without."""
        return [self.head, *self.active, *(self.quiet if whole else [])]


@dataclass(frozen=True)
class HomeView:
    """The view of a whole home. `speed` is that of the clock."""

    world: World
    changes: Changes
    speed: float = 1.0
    footer: str = ""

    def picture(self, width: int, height: int) -> RenderableType:
        """A headline, the rooms, what changed, and a line below: as they are now, to fill a screen of that size."""
        space = height - 3
        wide = width >= WIDE
        below = 0 if wide else max(4, space // 3)
        rooms = rooms_view(self.world, self.changes, self.speed, width - BESIDE - 2 if wide else width, space - below)
        tall = space if wide else below
        changed = changes_view(self.changes.last(tall - 1), BESIDE if wide else width, tall)
        middle = _beside(rooms, changed, width, space) if wide else Group(_tall(rooms, space - below), changed)
        foot = Text(self.footer, style="dim", no_wrap=True, overflow="ellipsis")
        return Group(headline(self.world, self.speed), Text("─" * width, style="dim"), middle, foot)


def headline(world: World, speed: float) -> Text:
    """Which home, when, how fast, who is in, and whether all is well."""
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append(world.home.name, "bold")
    text.append(f"  {world.now:%a %d %b %H:%M:%S}", "bold green")
    text.append(f"  {speed:g}x" if speed != 1 else "", "green")
    text.append(f"  {len(world.devices)} devices")
    if faulty := len(world.faults.faulty):
        text.append(f"  {faulty} fault{'s' if faulty > 1 else ''}", "bold red")
    if home := [person for person, room in world.rooms.people.items() if room]:
        text.append(f"  in: {', '.join(home)}", "magenta")
    return text


# -- rooms -------------------------------------------------------------------------------------------------------------


def rooms_view(world: World, changes: Changes, speed: float, width: int, height: int) -> list[Text]:
    """The rooms in columns, in so many lines; as much of them as there is space for."""
    blocks = list(room_blocks(world, changes, speed))
    columns = max(1, width // COLUMN)
    each = width // columns - 1
    busy = [block for block in blocks if block.matters]
    for shown, whole in ((blocks, blocks), (blocks, busy), (blocks, []), (busy, [])):
        wanted = [block.lines(block in whole) for block in shown]
        if packed := packed_in(wanted, columns, height - (len(shown) < len(blocks))):
            break
    else:
        shown = sorted(shown, key=lambda block: (-block.people, -block.happened, -len(block.active)))
        packed = None
        while packed is None:
            shown = shown[:-1]
            packed = packed_in([block.lines(False) for block in shown], columns, height - 1)
    lines = _side_by_side(packed, each)
    hidden = len(blocks) - len(shown)
    if hidden:
        text = f"and {hidden} more rooms, quiet or long unchanged"
        lines.append(Text(text, style="dim", no_wrap=True, overflow="ellipsis"))
    return lines


def room_blocks(world: World, changes: Changes, speed: float) -> Iterable[Block]:
    """All rooms that have devices, in the order of the file, and what belongs to no room."""
    by_room: dict[str | None, list[str]] = {}
    for spec in world.home.devices:
        by_room.setdefault(spec.area, []).append(spec.entity)
    names = {spec.entity: spec.name for spec in world.home.devices}
    fresh = {line.entity for line in changes.last(20) if _ago(world, line) < FRESH * speed}
    for room, title in [*((room.id, room.name) for room in world.home.rooms), (None, "Whole home")]:
        if room not in by_room:
            continue
        block = Block(_room_head(world, room, title), people=room is not None and bool(world.rooms.inside(room)))
        last = changes.last_in.get(room)
        if last is not None and (world.now - last).total_seconds() < 60 * speed:
            block.happened = last.timestamp()
        for entity in by_room[room]:
            text = state_text(world, entity)
            active = _is_active(world, entity, text)
            (block.active if active else block.quiet).append(_row(names[entity], text, entity in fresh, active))
        yield block


def _ago(world: World, line: Line) -> float:
    return (world.now - line.time).total_seconds()


def _room_head(world: World, room: str | None, title: str) -> Text:
    head = Text(title, style="bold blue", no_wrap=True)
    if room is not None and world.home.lively:
        around = world.rooms.around(room, world.now)
        head.append(f"  {around.temperature:.1f} °{around.unit} {around.humidity:.0f} %", "not bold dim")
        if people := world.rooms.inside(room):
            head.append(f"  {', '.join(people)}", "not bold magenta")
    return head


def _is_active(world: World, entity: str, text: str) -> bool:
    """Whether a device is worth a line where lines are few: it is not quiet, no mere reading, and no standing order."""
    if world.faults.kind(entity) != "none":
        return True
    device = world.devices[entity]
    standing = isinstance(device, Thermostat | WaterHeater) or device.features.get("device_class") in SHADES
    moving = text.startswith(("opening", "closing"))
    if entity.partition(".")[0] in READINGS or (standing and not moving):
        return False
    return text.partition(" ")[0] not in QUIET


def _row(name: str, text: str, fresh: bool, active: bool) -> Text:
    style = STYLES.get(text.partition(" ")[0], "white" if active else "dim")
    row = Text(f"  {name} ", style="bold" if fresh else "" if active else "dim", no_wrap=True)
    return row.append(text, f"{style} reverse" if fresh else style)


def packed_in(blocks: Sequence[Sequence[Text]], columns: int, height: int) -> list[list[Text]] | None:
    """The blocks in so many columns of that height, none of them torn; `None` where they don't fit."""
    packed: list[list[Text]] = [[]]
    for block in blocks:
        if len(block) > height:
            return None
        if len(packed[-1]) + len(block) > height:
            packed.append([])
        packed[-1] += block
    return packed if len(packed) <= columns else None


def _side_by_side(columns: Sequence[Sequence[Text]], width: int) -> list[Text]:
    lines = []
    for index in range(max((len(column) for column in columns), default=0)):
        line = Text(no_wrap=True)
        for column in columns:
            cell = column[index].copy() if index < len(column) else Text()
            cell.truncate(width, overflow="ellipsis", pad=True)
            line.append_text(cell).append(" ")
        lines.append(line)
    return lines


# -- changes -----------------------------------------------------------------------------------------------------------


def changes_view(lines: Sequence[Line], width: int, height: int) -> RenderableType:
    """What changed last, the newest first, and by whom, in so many lines."""
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, width=8, style="dim")
    table.add_column(no_wrap=True, overflow="ellipsis", width=9)
    table.add_column(no_wrap=True, overflow="ellipsis", width=width - 20)
    for line in lines:
        who, style = WHO[line.cause]
        what = Text(line.name, no_wrap=True, overflow="ellipsis")
        if line.room and line.room.lower() not in line.name.lower():
            what.append(f", {line.room}", "dim")
        what.append(f": {line.state}")
        table.add_row(f"{line.time:%H:%M:%S}", Text(who, style=style), what)
    head = Text("What changed, and by whom", style="bold blue")
    shown = len(lines) or 1
    empty = [Text() for _ in range(height - 1 - shown)]
    return Group(head, table if lines else Text("  nothing yet", style="dim"), *empty)


def _tall(lines: list[Text], height: int) -> Group:
    """So many lines, whatever there is to show."""
    return Group(*lines, *(Text() for _ in range(height - len(lines))))


def _beside(rooms: list[Text], changed: RenderableType, width: int, height: int) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=width - BESIDE - 2, no_wrap=True)
    table.add_column(width=BESIDE)
    table.add_row(_tall(rooms, height), changed)
    return table
