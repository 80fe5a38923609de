"""What is known around a request, gathered from the running loop: recent changes, what was spoken of, the sensors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from assistant.engine import Parts
from assistant.home import Home
from assistant.observer import Phase
from assistant.resolve.evidence import LATELY, Around, Known, calls
from assistant.resolve.experience import AFTER, ALARM, Experience
from assistant.turn import Context, Turn

SOON = timedelta(minutes=2)
"""How long what was spoken of stays in mind."""


class SensorWatch:
    """An observer of the engine that remembers when a sensor began to call for something: it got hot, humid or dark."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._calls: dict[str, bool] = {}
        self._since: dict[str, datetime] = {}

    def called(self, now: datetime) -> Mapping[str, float]:
        """How many seconds ago each sensor began to."""
        return {sensor: (now - since).total_seconds() for sensor, since in self._since.items()}

    def home_changed(self, entity: str) -> None:
        """Note a reading that calls for something, where the one before did not."""
        twin = self._parts.twin
        state, thing = twin.states().get(entity), twin.home.entities.get(entity)
        if state is None or thing is None or thing.domain not in {"sensor", "binary_sensor"}:
            return
        before = self._calls.get(entity)
        self._calls[entity] = now = calls(str(thing.features.get("device_class")), state)
        if now and before is False:
            self._since[entity] = self._parts.clock.now()

    def turn_changed(self, turn: Turn) -> None:
        """Nothing to note."""

    def said(self, text: str) -> None:
        """Nothing to note."""

    def phase_changed(self, phase: Phase) -> None:
        """Nothing to note."""


def around(parts: Parts, known: Known, watch: SensorWatch, context: Context) -> Around:
    """What is known at this moment beside the states."""
    since = context.now - timedelta(seconds=4 * LATELY)
    changed: dict[str, float] = {}
    for each in parts.history.latest(since):
        if each.cause is None:
            changed.setdefault(each.entity, (context.now - each.time).total_seconds())
    last = parts.dialogue.referred
    rung = next((each for each in parts.history.latest(context.now - AFTER) if each.after == "ringing"), None)
    if rung is not None:
        known.experience.heard_of(context.household, ALARM, rung.time)
    soon = last is not None and context.now - last.context.now <= SOON and last.context.speaker == context.speaker
    spoken = last.entities if last is not None and soon else ()
    due = known.habits.due(context) if known.habits is not None else {}
    sensors, called = sensors_of(parts.twin.home), watch.called(context.now)
    return Around(changed, spoken, sensors, called, known.experience, known.preferences, due)


@lru_cache(maxsize=4)
def _sensors(home: _Same) -> Mapping[tuple[str, str], str]:
    """The first sensor of each kind in each room."""
    found: dict[tuple[str, str], str] = {}
    for entity in home.home.entities.values():
        if entity.area and entity.domain in {"sensor", "binary_sensor"} and entity.features.get("device_class"):
            found.setdefault((entity.area, str(entity.features["device_class"])), entity.id)
    return found


class _Same:
    """A home as a key: the same object is the same home."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.home is self.home

    def __hash__(self) -> int:
        return id(self.home)


def sensors_of(home: Home) -> Mapping[tuple[str, str], str]:
    """The sensors of each room by device class; looked up once for each version of the home."""
    return _sensors(_Same(home))


class ExperienceLearner:
    """An observer of the engine that counts what every turn chose."""

    def __init__(self, experience: Experience) -> None:
        self._experience = experience
        self._last = ""

    def turn_changed(self, turn: Turn) -> None:
        """Count a new turn once."""
        if turn.id != self._last:
            self._last = turn.id
            self._experience.learn_one(turn)

    def said(self, text: str) -> None:
        """Nothing to learn."""

    def phase_changed(self, phase: Phase) -> None:
        """Nothing to learn."""

    def home_changed(self, entity: str) -> None:
        """Nothing to learn."""
