"""What happened in the home: every change of a device's state, when, and by whose doing; kept for a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from assistant.home import Home
from assistant.timers import Keeper
from assistant.turn import Command, State

KIND = "history"
KEPT = timedelta(hours=24)
MOST = 500
"""Changes that are kept; of a home that changes more often, the newest."""
OURS = 60.0
"""Seconds after a command within which a change of that device is its doing: a garage door takes half a minute."""
COUNTED = frozenset({"sensor", "weather", "sun", "todo", "number", "input_number", "calendar", "timer", "scene"})
"""Domains whose state is a measure or a count, not something that happens."""
UNTOLD = frozenset({"unknown", "unavailable"})


@dataclass(frozen=True, slots=True)
class Cause:
    """What the assistant did: in which `turn`, asked by whom, in which words; `rule` when it had waited."""

    turn: str
    said: str = ""
    speaker: str | None = None
    rule: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an entity's state. `cause` is `None` when the assistant had no part in it."""

    time: datetime
    entity: str
    before: str
    after: str
    cause: Cause | None = None


@dataclass
class History:
    """The changes of the last day, oldest first. Survives a restart."""

    keeper: Keeper
    since: datetime | None = None
    """Since when it watches; `None` before the first report."""
    _changes: list[Change] = field(default_factory=list)
    _ours: dict[str, tuple[datetime, Cause]] = field(default_factory=dict)
    _unsaved: bool = False

    def __post_init__(self) -> None:
        document = self.keeper.kept(KIND).get("changes")
        if document:
            self.since = datetime.fromisoformat(document["since"])
            self._changes = [_change(each) for each in document["changes"]]

    def __iter__(self) -> Iterator[Change]:
        return iter(self._changes)

    def acting(self, commands: Iterable[Command], cause: Cause, now: datetime, home: Home) -> None:
        """The assistant is about to send commands; what a scene reaches counts too."""
        for command in commands:
            self._ours[command.entity] = (now, cause)
            entity = home.entities.get(command.entity)
            for reached in entity.features.get("entities") or () if entity else ():
                self._ours[str(reached.get("entity_id"))] = (now, cause)

    def changed(self, entity: str, before: State | None, after: State, now: datetime) -> None:
        """A device reported a state."""
        self.since = self.since or now
        if before is None or before.state == after.state or entity.partition(".")[0] in COUNTED:
            return
        if before.state in UNTOLD or after.state in UNTOLD:
            return
        when, cause = self._ours.get(entity, (now, None))
        ours = cause if (now - when).total_seconds() <= OURS else None
        self._changes.append(Change(now, entity, before.state, after.state, ours))
        self._unsaved = True

    def rang(self, timer: str, now: datetime) -> None:
        """A timer or an alarm rings."""
        self._changes.append(Change(now, timer, "active", "ringing"))
        self._unsaved = True

    def save(self, now: datetime) -> None:
        """Keep what is new; called between turns."""
        if not self._unsaved or self.since is None:
            return
        self._changes = [each for each in self._changes[-MOST:] if now - each.time <= KEPT]
        self.since = max(self.since, now - KEPT)
        changes = [{**asdict(each), "time": each.time.isoformat()} for each in self._changes]
        self.keeper.keep(KIND, "changes", {"since": self.since.isoformat(), "changes": changes})
        self._unsaved = False

    def latest(self, since: datetime) -> Iterator[Change]:
        """All changes since a moment, newest first."""
        for each in reversed(self._changes):
            if each.time < since:
                return
            yield each

    def of(self, entities: Iterable[str], since: datetime) -> list[Change]:
        """The changes of some entities since a moment, oldest first."""
        wanted = set(entities)
        return [each for each in self._changes if each.entity in wanted and each.time >= since]


def _change(document: Mapping[str, Any]) -> Change:
    cause = document.get("cause")
    time = datetime.fromisoformat(document["time"])
    return Change(time, document["entity"], document["before"], document["after"], Cause(**cause) if cause else None)
