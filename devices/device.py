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
from devices.traits import DeviceError, Number, Trait, as_number, shown

Wanted = Mapping[str, Any]
"""A command: the wished absolute `state` and attributes, in Home Assistant's names and scales; never a toggle."""
Risk = Literal["none", "confirm", "always"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a device feels of its room.

    Temperatures are in the home's unit; `lux` is the light on a table, `power` what all devices there draw, in watts.
    """

    now: datetime
    temperature: float = 20.0
    humidity: float = 45.0
    lux: float = 0.0
    occupied: bool = False
    unit: str = "C"
    power: float = 0.0


class Device:
    """The base of all kinds. A kind says which traits it has and, where it isn't obvious, how it obeys.

    `features` are fixed facts (`device_class`, `min_temp` ...). `state` and `attributes` are what it reports now.
    `jammed` is a fault: it accepts commands and does not move. Raises `DeviceError` for values of a wrong type.
    """

    initial_state: ClassVar[str] = "unknown"
    initial: ClassVar[Mapping[str, Any]] = {}
    unset: ClassVar[Mapping[str, Any]] = {}
    """What an attribute amounts to while it is not reported."""
    pace: ClassVar[float] = 1.0
    """Seconds between two looks at it while it is `busy`; at least 0.1."""
    own_doing: ClassVar[bool] = False
    """Whether what time does to it is its own doing (milk boils over), not the end of what it was told (a door)."""

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

    def _manual(self) -> Iterable[Trait]:
        """The values that only a person standing before it can change, such as its door."""
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

    def _stuck(self, wanted: dict[str, Any]) -> None:
        """What it does instead of obeying while it is jammed."""

    def risk(self, wanted: Wanted) -> Risk:
        """How dangerous a wish is in its direction: `none`, `confirm` (when unsure) or `always`."""
        return "none"

    @property
    def busy(self) -> bool:
        """Whether it is on its way somewhere and wants `step` often."""
        return False

    @property
    def unhurried(self) -> bool:
        """Whether, though busy, it only keeps or slowly loses something, so that a look a minute is enough."""
        return False

    @property
    def follows(self) -> bool:
        """Whether it reads its room, and wants a `step` every minute."""
        return False

    @property
    def power(self) -> float:
        """What it draws from the mains, in watts."""
        return 0.0

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
        """The values that it takes by a command, by key."""
        return {trait.key: trait for trait in self._traits()}

    @cached_property
    def manual(self) -> dict[str, Trait]:
        """The values that only a hand can change, by key."""
        return {trait.key: trait for trait in self._manual()}

    def check(self, wanted: Wanted, by_hand: bool = False) -> dict[str, Any]:
        """The wish with every value in its proper type. Raises `DeviceError` naming what is wrong."""
        if not self.traits:
            raise DeviceError(f"{self.entity} can't be commanded; it only reports")
        if not wanted:
            raise DeviceError(f"{self.entity}: an empty command")
        possible = {**self.traits, **self.manual} if by_hand else self.traits
        checked = {}
        for key, value in wanted.items():
            trait = possible.get(key)
            if trait is None:
                if key in self.manual:
                    raise DeviceError(f"{self.entity}: its {key} is moved by hand only")
                raise DeviceError(f"{self.entity} has no {str(key)[:40]!r}; it takes {', '.join(possible)}")
            try:
                checked[key] = trait.check(value)
            except DeviceError as error:
                raise DeviceError(f"{self.entity}: {error}") from None
        self._fits(checked)
        return checked

    def _fits(self, checked: Mapping[str, Any]) -> None:
        """Raise `DeviceError` for values that are possible one by one, but not together."""

    def apply(self, wanted: Wanted, by_hand: bool = False) -> None:
        """Do what is asked, over the wire or by hand.

        Raises `DeviceError` and changes nothing when a value is not possible.
        """
        checked = self.check(wanted, by_hand)
        if self.jammed:
            self._stuck(checked)
        else:
            self._obey(checked)

    def inverse(self, wanted: Wanted) -> dict[str, Any]:
        """The wish that puts back what is there now; empty where nothing can be put back."""
        keys = [key for key in wanted if key in self.traits and key != "state"]
        if "state" in self.traits:
            keys = ["state", *keys]
        if "state" in wanted and self.state != "off":
            keys += self._restored()
        before = {key: self._present(key) for key in keys}
        return {key: value for key, value in before.items() if self._possible(key, value)}

    def _present(self, key: str) -> Any:
        return self.state if key == "state" else self.attributes.get(key, self.unset.get(key))

    def _possible(self, key: str, value: Any) -> bool:
        """Whether a value of the present could be asked for."""
        trait = self.traits.get(key)
        try:
            return trait is not None and trait.check(value) is not None
        except DeviceError:
            return False

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
        except DeviceError as error:
            raise DeviceError(f"{self.entity}: {str(error).removeprefix(f'{self.entity}: ')}") from None
        except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError):
            told = ", ".join(f"{key}={shown(value)}" for key, value in list(values.items())[:3])
            raise DeviceError(f"{self.entity}: these values don't fit: {told}") from None

    def _force(self, values: Mapping[str, Any]) -> None:
        if features := {key: value for key, value in values.items() if key in FEATURES}:
            self._learn(features)
        for key, value in values.items():
            if key == "state":
                self.state = str(value)
            elif key not in FEATURES and value is not None:
                self.attributes[key] = _number(key, value) if isinstance(self.traits.get(key), Number) else value
        self._settle(frozenset(values))

    def _learn(self, features: Mapping[str, Any]) -> None:
        """Take in fixed facts; what it can do may change by them."""
        try:
            self.features |= check_features(features)
        except DeviceError as error:
            raise DeviceError(f"{self.entity}: {error}") from None
        self.__dict__.pop("traits", None)
        self.__dict__.pop("manual", None)

    def report(self) -> dict[str, Any]:
        """What it tells the world: `{state, attributes}`."""
        return {"state": self.state, "attributes": dict(self.attributes)}


def _number(key: str, value: Any) -> float:
    """A number as it was given, of any size. Raises `DeviceError` for anything else."""
    number = as_number(value)
    if number is None:
        raise DeviceError(f"{key} must be a number, not {shown(value)}")
    return value if isinstance(value, int | float) else number
