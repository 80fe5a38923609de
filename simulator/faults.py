"""Faults of devices: which there are, and which device has which. What they do is the world's part."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assistant.errors import UserError
from devices.traits import as_number
from simulator.homes.lines import did_you_mean

KINDS: Mapping[str, str] = {
    "jammed": "a door stops at 40 %, a bolt is stuck, anything else does not react",
    "offline": "not available; commands do not reach it",
    "late": "every command is obeyed 10 s late",
    "lost": "the next command does not reach it",
    "lost_report": "it obeys the next command, but its report does not arrive",
    "wrong_report": "what it reports is not so: on for off, open for closed, 10 too much",
    "flapping": "away for 5 s, there for 5 s, away again",
    "skew": "its clock is 5 minutes fast",
    "none": "mended",
}
"""Every kind of fault, and what it does."""
ONCE = frozenset({"lost", "lost_report"})
"""Over when it has happened."""
LATE = 10.0
"""Seconds after which a late device obeys."""
FLAP = 5.0
"""Seconds that a flapping device is away, and there."""
SKEW = 300.0
"""Seconds by which a skewed clock is fast."""
OFFSET = 10.0
"""What a wrong reading is too high by."""
OPPOSITE: Mapping[str, str] = {
    "on": "off",
    "open": "closed",
    "locked": "unlocked",
    "heat": "off",
    "playing": "paused",
    "cleaning": "docked",
    "opening": "closing",
}
_OPPOSITES = {**OPPOSITE, **{wrong: right for right, wrong in OPPOSITE.items() if wrong != "off"}, "off": "on"}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds(given: Any) -> float:
    """Seconds of `20s`, `10m`, `2h`, `1d`, or of a plain number. Raises `ValueError`.

    >>> seconds("10m"), seconds(3)
    (600.0, 3.0)
    """
    if isinstance(given, str) and (found := _DURATION.fullmatch(given.strip())):
        return float(found[1]) * _SECONDS[found[2]]
    number = as_number(given)
    if number is None or number < 0:
        raise ValueError(f"{str(given)[:40]!r} is no duration; write 20s, 10m or 2h")
    return number


def _known(kind: Any) -> Any:
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"unknown fault {str(kind)[:40]!r}{did_you_mean(str(kind)[:40], KINDS)}")
    return kind


FaultKind = Annotated[str, BeforeValidator(_known)]
Duration = Annotated[float, BeforeValidator(seconds), Field(ge=0, le=366 * 86400)]


class FaultRequest(BaseModel):
    """A fault that somebody asks for: which device, what, and for how long (for good, where it is not said)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    entity: str = Field(max_length=255)
    kind: FaultKind
    duration: Duration | None = Field(None, alias="for")


def read_request(payload: bytes) -> FaultRequest:
    """A request as it comes over the wire. Raises `ValueError` with one line of what was expected.

    >>> read_request(b'{"entity": "light.hall", "kind": "late", "for": "10m"}').duration
    600.0
    """
    try:
        return FaultRequest.model_validate_json(payload)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "payload"
        raise ValueError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None


@dataclass(slots=True)
class Fault:
    """What one device has. `away` is whether a flapping one is away right now."""

    kind: str
    away: bool = False


class Faults:
    """Which device has which fault; one at a time."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}

    def begin(self, entity: str, kind: str) -> Fault | None:
        """A fault begins, in place of any other of that device; `None` for `none`. Raises `UserError`."""
        if kind not in KINDS:
            raise UserError(f"unknown fault {kind!r}{did_you_mean(kind, KINDS)}")
        if kind == "none":
            self._faults.pop(entity, None)
            return None
        fault = self._faults[entity] = Fault(kind)
        return fault

    def end(self, entity: str, fault: Fault) -> bool:
        """End this fault, unless another has taken its place; whether it was there."""
        there = self._faults.get(entity) is fault
        if there:
            del self._faults[entity]
        return there

    def kind(self, entity: str) -> str:
        """The fault of a device, or `none`."""
        fault = self._faults.get(entity)
        return fault.kind if fault else "none"

    def has(self, entity: str, fault: Fault) -> bool:
        """Whether a device still has this very fault."""
        return self._faults.get(entity) is fault

    def reachable(self, entity: str) -> bool:
        """Whether the device is there."""
        fault = self._faults.get(entity)
        return fault is None or not (fault.kind == "offline" or fault.away)

    def happens(self, entity: str, kind: str) -> bool:
        """Whether a fault of the kind that happens `ONCE` strikes now; then it is over."""
        if self.kind(entity) != kind:
            return False
        del self._faults[entity]
        return True

    @property
    def faulty(self) -> Mapping[str, str]:
        """The devices that have a fault, and which."""
        return {entity: fault.kind for entity, fault in self._faults.items()}


def distorted(report: Mapping[str, Any]) -> dict[str, Any]:
    """A report that is not so: the opposite state, or a reading that is too high.

    >>> distorted({"state": "on", "attributes": {"brightness": 128}})
    {'state': 'off', 'attributes': {}}
    >>> distorted({"state": "21.5", "attributes": {}})["state"]
    '31.5'
    """
    state = str(report["state"])
    number = as_number(state)
    wrong = _OPPOSITES.get(state, "unknown") if number is None else f"{number + OFFSET:g}"
    attributes = {key: _too_high(key, value) for key, value in report["attributes"].items()}
    return {"state": wrong, "attributes": {} if wrong == "off" and "brightness" in attributes else attributes}


def _too_high(key: str, value: Any) -> Any:
    """The readings among the attributes: temperatures as felt, and positions the other way round."""
    if key == "current_temperature" and isinstance(value, int | float):
        return value + OFFSET
    return 100 - value if key == "current_position" and isinstance(value, int | float) else value
