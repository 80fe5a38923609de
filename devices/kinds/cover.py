"""What opens and closes by a motor, and takes its time: garage doors, blinds, curtains, gates, valves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from devices.device import Device, Risk, Surroundings, Wanted
from devices.traits import Choice, Flag, Number, Trait, as_number

JAM = 40.0
"""Where a jammed one stops, in percent open."""
OBSTACLE = 30.0
"""How high something stands that is in its way."""
RISKY = frozenset({"garage", "gate", "door"})
"""What lets people in: opening it is risky, and closing on something it reverses. Others stop."""


class Cover(Device):
    """Moves between 0 (closed) and 100 (open) in `travel_seconds`; `stop` halts it on the way."""

    initial_state: ClassVar[str] = "closed"
    pace: ClassVar[float] = 0.5

    def _ready(self) -> None:
        self._travel = float(self.features.setdefault("travel_seconds", 15))
        self._position = 0.0
        self._goal: float | None = None

    @property
    def positioned(self) -> bool:
        """Whether it can be sent to a position between open and closed."""
        able = self.features.get("supported_features")
        return not isinstance(able, list) or "set_position" in able

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("open", "closed", "stop"), told=("opening", "closing"))
        if self.positioned:
            yield Number("current_position", 0, 100, whole=True, unit=" percent")

    def _manual(self) -> Iterable[Trait]:
        yield Flag("obstruction_detected")

    def _obey(self, wanted: dict[str, Any]) -> None:
        self.attributes |= {key: wanted[key] for key in wanted if key in self.manual}
        if wanted.keys() & {"state", "current_position"}:
            ends = {"open": 100.0, "closed": 0.0, "stop": self._position}
            goal = float(wanted["current_position"] if "current_position" in wanted else ends[wanted["state"]])
            self._goal = goal if goal != self._position else None

    _stuck = _obey  # a jammed one begins to move too

    def _settle(self, given: frozenset[str]) -> None:
        told = as_number(self.attributes.pop("current_position", None))
        if told is not None:
            self._position = min(max(told, 0.0), 100.0)
        if self.state in {"opening", "closing"}:
            self._goal = 100.0 if self.state == "opening" else 0.0
            return
        if told is None and "state" in given and (self.state == "closed") != (self._position == 0):
            self._position = 0.0 if self.state == "closed" else 100.0
        if given & {"state", "current_position"}:
            self._goal = None

    @property
    def busy(self) -> bool:
        """While it moves."""
        return self._goal is not None

    def step(self, seconds: float, around: Surroundings) -> None:
        """Move on towards the goal."""
        reach = 100.0 * seconds / self._travel
        while self._goal is not None and reach > 0:
            reach -= self._move(self._goal, reach)

    def _move(self, goal: float, reach: float) -> float:
        """Go on at most so far, in percent, to the goal or to what is in the way; how far it was."""
        upward = goal > self._position
        end, after = self._end(goal, upward)
        way = abs(end - self._position)
        if way > reach + 1e-9:
            self._position += reach if upward else -reach
            return reach
        self._position, self._goal = end, after
        return way

    def _end(self, goal: float, upward: bool) -> tuple[float, float | None]:
        """Where it comes to a halt on its way (at once, when a jam is not on it), and where it then goes."""
        here = self._position
        if self.jammed:
            return (JAM if (here < JAM <= goal if upward else here > JAM >= goal) else here), None
        if not upward and self.attributes.get("obstruction_detected") and goal < OBSTACLE:
            return min(here, OBSTACLE), 100.0 if self.features.get("device_class") in RISKY else None
        return goal, None

    def risk(self, wanted: Wanted) -> Risk:
        """Opening a garage door, a gate or a door is confirmed when unsure; closing never."""
        opens = wanted.get("state") == "open" or (as_number(wanted.get("current_position")) or 0) > 0
        return "confirm" if opens and self.features.get("device_class") in RISKY else "none"

    def inverse(self, wanted: Wanted) -> dict[str, Any]:
        """Back to where it is now, or to where it was going."""
        goal = self._position if self._goal is None else self._goal
        if self.positioned and 0 < goal < 100:
            return {"current_position": _whole(goal)}
        return {"state": "open" if goal > 0 else "closed"}

    def report(self) -> dict[str, Any]:
        """`open`, `closed`, `opening` or `closing`, and the position."""
        state = "open" if self._position > 0 else "closed"
        if self._goal is not None:
            state = "opening" if self._goal > self._position else "closing"
        told = {"current_position": _whole(self._position)} if self.features.get("reports_position", True) else {}
        return {"state": state, "attributes": {**self.attributes, **told}}


def _whole(position: float) -> int:
    """In whole percent; 0 and 100 are only what is quite closed or open."""
    return min(max(round(position), 1), 99) if 0 < position < 100 else round(position)
