"""What opens and closes by a motor, and takes its time: garage doors, blinds, curtains, gates, valves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from devices.device import Device, Risk, Surroundings, Wanted
from devices.traits import Choice, Number, Trait, as_number

JAM = 40.0
"""Where a jammed one stops, in percent open."""
RISKY = frozenset({"garage", "gate", "door"})


class Cover(Device):
    """Moves between 0 (closed) and 100 (open) in `travel_seconds`; `stop` halts it on the way."""

    initial_state: ClassVar[str] = "closed"

    def _ready(self) -> None:
        self._travel = float(self.features.setdefault("travel_seconds", 15))
        self._position = 0.0
        self._goal: float | None = None

    @property
    def positioned(self) -> bool:
        """Whether it can be sent to a position between open and closed."""
        supported = self.features.get("supported_features")
        return not isinstance(supported, list) or "set_position" in supported

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("open", "closed", "stop"))
        if self.positioned:
            yield Number("current_position", 0, 100, whole=True, unit=" percent")

    def _obey(self, wanted: dict[str, Any]) -> None:
        if "current_position" in wanted:
            self._go(float(wanted["current_position"]))
        elif wanted["state"] == "stop":
            self._goal = None
        else:
            self._go(100.0 if wanted["state"] == "open" else 0.0)

    def apply(self, wanted: Wanted) -> None:
        """Begin to move; a jammed one begins too. Raises `DeviceError`."""
        self._obey(self.check(wanted))

    def _go(self, goal: float) -> None:
        self._goal = goal if goal != self._position else None

    def _settle(self, given: frozenset[str]) -> None:
        told = as_number(self.attributes.pop("current_position", None))
        if told is not None:
            self._position = min(max(told, 0.0), 100.0)
        elif self.state in {"opening", "closing"}:
            self._goal = 100.0 if self.state == "opening" else 0.0
            return
        elif "state" in given and (self.state == "closed") != (self._position == 0):
            self._position = 0.0 if self.state == "closed" else 100.0
        self._goal = None

    @property
    def busy(self) -> bool:
        """While it moves."""
        return self._goal is not None

    def step(self, seconds: float, around: Surroundings) -> None:
        """Move on towards the goal."""
        if self._goal is None:
            return
        reach = 100.0 * seconds / self._travel
        before = self._position
        upward = self._goal > before
        self._position = min(self._goal, before + reach) if upward else max(self._goal, before - reach)
        if self.jammed:
            self._jam(before, upward)
        elif abs(self._position - self._goal) < 1e-9:
            self._goal = None

    def _jam(self, before: float, upward: bool) -> None:
        """Stop where it is jammed, or at once when that is not on the way."""
        ahead = before < JAM <= self._goal if upward else before > JAM >= self._goal  # type: ignore[operator]
        if not ahead:
            self._position, self._goal = before, None
        elif (self._position >= JAM) if upward else (self._position <= JAM):
            self._position, self._goal = JAM, None

    def risk(self, wanted: Wanted) -> Risk:
        """Opening a garage door, a gate or a door is confirmed when unsure; closing never."""
        opens = wanted.get("state") == "open" or (as_number(wanted.get("current_position")) or 0) > 0
        return "confirm" if opens and self.features.get("device_class") in RISKY else "none"

    def inverse(self, wanted: Wanted) -> dict[str, Any]:
        """Back to where it is now, or to where it was going."""
        if 0 < self._position < 100 and self.positioned and self._goal is None:
            return {"current_position": round(self._position)}
        goal = self._position if self._goal is None else self._goal
        return {"state": "open" if goal > 0 else "closed"}

    def report(self) -> dict[str, Any]:
        """`open`, `closed`, `opening` or `closing`, and the position."""
        if self._goal is not None:
            state = "opening" if self._goal > self._position else "closing"
        else:
            state = "open" if self._position > 0 else "closed"
        attributes = dict(self.attributes)
        if self.features.get("reports_position", True):
            attributes["current_position"] = round(self._position)
        return {"state": state, "attributes": attributes}
