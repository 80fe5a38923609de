"""What keeps a temperature: the base of thermostats, ovens and water heaters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from devices.device import Device
from devices.traits import Choice, DeviceError, Number, Trait, as_number

ALL_MODES = ("off", "heat", "cool", "heat_cool", "auto", "dry", "fan_only")


def fahrenheit(celsius: float) -> float:
    """Degrees Fahrenheit.

    >>> fahrenheit(20)
    68.0
    """
    return celsius * 9 / 5 + 32


class Climate(Device):
    """The base of thermostats and ovens: a mode as state, a target `temperature`, a `current_temperature`."""

    initial_state: ClassVar[str] = "off"
    modes: ClassVar[tuple[str, ...]] = ("off", "heat", "cool", "auto")
    limits: ClassVar[tuple[float, float]] = (5, 35)
    """Lowest and highest target, in degrees Celsius."""
    target: ClassVar[float] = 20
    """The target before anybody sets one, in degrees Celsius."""

    def _ready(self) -> None:
        self._unit = str(self.features.get("temperature_unit", "C")).strip("°")
        self.features["temperature_unit"] = self._unit
        if not self.features.get("hvac_modes"):
            self.features["hvac_modes"] = list(self.modes)
        self.features.setdefault("min_temp", self._degrees(self.limits[0]))
        self.features.setdefault("max_temp", self._degrees(self.limits[1]))
        self.attributes["temperature"] = self._degrees(self.target)
        if "heat_cool" in self.features["hvac_modes"]:
            self.attributes["target_temp_low"] = self._degrees(self.target - 2)
            self.attributes["target_temp_high"] = self._degrees(self.target + 4)

    def _degrees(self, celsius: float) -> float:
        return float(round(fahrenheit(celsius))) if self._unit == "F" else float(celsius)

    def _span(self, kelvin: float) -> float:
        """A difference of temperatures in the home's unit."""
        return kelvin * 9 / 5 if self._unit == "F" else kelvin

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", [mode for mode in self.features["hvac_modes"] if mode in ALL_MODES])
        between = ("target_temp_low", "target_temp_high") if "heat_cool" in self.features["hvac_modes"] else ()
        for key in ("temperature", *between):
            yield Number(key, self.features["min_temp"], self.features["max_temp"], unit=" degrees")
        for key, options in (("fan_mode", "fan_modes"), ("preset_mode", "preset_modes"), ("swing_mode", "swing_modes")):
            if self.features.get(options):
                yield Choice(key, self.features[options])

    def _fits(self, checked: Mapping[str, Any]) -> None:
        low, high = (as_number(checked.get(key)) for key in ("target_temp_low", "target_temp_high"))
        if low is not None and high is not None and low > high:
            raise DeviceError(f"{self.entity}: target_temp_low ({low:g}) must not be above target_temp_high ({high:g})")

    def _restored(self) -> Iterable[str]:
        return ("temperature", "preset_mode")
