"""A device: its fixed features, what it reports now, what it does when asked, and what time does to it.

Nothing here has a clock, a thread or a network: time comes in through `step`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Literal

from devices.features import FEATURES, check_features
from devices.traits import DeviceError, Trait, shown

Wanted = Mapping[str, Any]
"""A command: the wished absolute `state` and attributes, in Home Assistant's names and scales; never a toggle."""
Risk = Literal["none", "confirm", "always"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a device feels of its room. Temperatures are in the home's unit; `lux` is the light on a table."""

    now: datetime
    temperature: float = 20.0
    humidity: float = 45.0
    lux: float = 0.0
    occupied: bool = False
    unit: str = "C"


class Device:
    """The base of all kinds. A kind says which traits it has and, where it isn't obvious, how it obeys.

    `features` are fixed facts (`device_class`, `min_temp` ...). `state` and `attributes` are what it reports now.
    `jammed` is a fault: it accepts commands and does not move. Raises `DeviceError` for values of a wrong type.
    """

    initial_state: ClassVar[str] = "unknown"
    initial: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, entity: str, features: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        self.entity = entity
        self.features: dict[str, Any] = {}
        self.jammed = False
        self.state = self.initial_state
        self.attributes: dict[str, Any] = dict(self.initial)
        self._given = frozenset(values)
        self._learn(features)
        self._ready()
        self.force(values)

    # -- what a kind may say ---------------------------------------------------------------------------------------

    def _traits(self) -> Iterable[Trait]:
        """The values that it takes; none makes it read-only."""
        return ()

    def _ready(self) -> None:
        """Complete the features before the first values come."""

    def _settle(self, given: frozenset[str]) -> None:
        """Make the rest fit the values that have just been given (by a command, or by force)."""

    def _obey(self, wanted: dict[str, Any]) -> None:
        """Do what is asked; `wanted` has been checked."""
        if "state" in wanted:
            self.state = wanted["state"]
        self.attributes.update((key, value) for key, value in wanted.items() if key != "state")
        self._settle(frozenset(wanted))

    def risk(self, wanted: Wanted) -> Risk:
        """How dangerous a wish is in its direction: `none`, `confirm` (when unsure) or `always`."""
        return "none"

    @property
    def busy(self) -> bool:
        """Whether it is on its way somewhere and wants `step` often."""
        return False

    @property
    def heat(self) -> float:
        """What it gives to its room, in watts; negative where it cools."""
        return 0.0

    @property
    def light(self) -> float:
        """What it adds to the light of its room, in lux."""
        return 0.0

    def step(self, seconds: float, around: Surroundings) -> None:
        """Let time pass; `seconds` may be 0 right after a command."""

    def requests(self) -> list[tuple[str, dict[str, Any]]]:
        """What it asks of other devices since the last call: entity and wish (scenes and scripts do)."""
        return []

    # -- what all kinds do -----------------------------------------------------------------------------------------

    @cached_property
    def traits(self) -> dict[str, Trait]:
        """The values that it takes, by key."""
        return {trait.key: trait for trait in self._traits()}

    def check(self, wanted: Wanted) -> dict[str, Any]:
        """The wish with every value in its proper type. Raises `DeviceError` naming what is wrong."""
        if not self.traits:
            raise DeviceError(f"{self.entity} can't be commanded; it only reports")
        if not wanted:
            raise DeviceError(f"{self.entity}: an empty command")
        checked = {}
        for key, value in wanted.items():
            trait = self.traits.get(key)
            if trait is None:
                raise DeviceError(f"{self.entity} has no {str(key)[:40]!r}; it takes {', '.join(self.traits)}")
            try:
                checked[key] = trait.check(value)
            except DeviceError as error:
                raise DeviceError(f"{self.entity}: {error}") from None
        return checked

    def apply(self, wanted: Wanted) -> None:
        """Do what is asked. Raises `DeviceError` and changes nothing when a value is not possible."""
        checked = self.check(wanted)
        if not self.jammed:
            self._obey(checked)

    def inverse(self, wanted: Wanted) -> dict[str, Any]:
        """The wish that puts back what is there now; empty where nothing can be put back."""
        before = {key: self._present(key) for key in wanted if key in self.traits}
        if "state" in self.traits and self._present("state") is not None:
            before["state"] = self._present("state")
        if before.get("state") == "off":
            return {"state": "off"}
        if "state" in wanted:
            before |= {key: self._present(key) for key in self._restored()}
        return {key: value for key, value in before.items() if value is not None}

    def _present(self, key: str) -> Any:
        return self.state if key == "state" else self.attributes.get(key)

    def _restored(self) -> Iterable[str]:
        """The attributes that a change of the state loses."""
        return ()

    def force(self, values: Mapping[str, Any]) -> None:
        """Put it into a state from outside (a test, an inventory); features among the values are kept.

        Ranges are not checked: an inventory may hold what a command could not set. Raises `DeviceError` for values of
        a wrong type, which nothing could be done with.
        """
        try:
            self._force(values)
            self.report()
        except DeviceError:
            raise
        except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError):
            told = ", ".join(f"{key}={shown(value)}" for key, value in list(values.items())[:3])
            raise DeviceError(f"{self.entity}: these values don't fit: {told}") from None

    def _force(self, values: Mapping[str, Any]) -> None:
        if features := {key: value for key, value in values.items() if key in FEATURES}:
            self._learn(features)
        for key, value in values.items():
            if key == "state":
                self.state = str(value)
            elif key not in FEATURES:
                self.attributes[key] = value
        self._settle(frozenset(values))

    def _learn(self, features: Mapping[str, Any]) -> None:
        """Take in fixed facts; what it can do may change by them."""
        try:
            self.features |= check_features(features)
        except DeviceError as error:
            raise DeviceError(f"{self.entity}: {error}") from None
        self.__dict__.pop("traits", None)

    def report(self) -> dict[str, Any]:
        """What it tells the world: `{state, attributes}`."""
        return {"state": self.state, "attributes": dict(self.attributes)}
