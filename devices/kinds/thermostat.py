"""Thermostats: they heat or cool their room, with presets such as away and eco."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from devices.device import Surroundings
from devices.kinds.climate import Climate
from devices.traits import as_number

SETBACK: Mapping[str, float] = {"away": -4.0, "eco": -2.0, "sleep": -2.0, "comfort": 1.0, "boost": 2.0}
"""Preset -> by how many kelvin it moves the target."""
NO_PRESET = "none"


class Thermostat(Climate):
    """Heats or cools its room. What it reads is the room's temperature."""

    POWER: ClassVar[float] = 2000.0
    """Watts of a radiator that is on, and of a cooler."""

    def _ready(self) -> None:
        super()._ready()
        if modes := self.features.get("preset_modes"):
            self.features["preset_modes"] = [NO_PRESET, *(mode for mode in modes if mode != NO_PRESET)]
            self.attributes["preset_mode"] = NO_PRESET
        self._usual = self.attributes["temperature"]
        self._felt: float | None = None

    def _settle(self, given: frozenset[str]) -> None:
        if "current_temperature" not in self.attributes:
            self.attributes["current_temperature"] = self.attributes["temperature"]
        if "current_temperature" in given or self._felt is None:
            self._felt = as_number(self.attributes["current_temperature"])
        moved = self._span(
            SETBACK.get(str(self.attributes.get("preset_mode") if "preset_mode" in self.traits else ""), 0.0)
        )
        target = as_number(self.attributes["temperature"])
        if "temperature" in given and "preset_mode" not in given and "preset_mode" in self.traits:
            # Whoever sets a temperature takes it out of its preset.
            self.attributes["preset_mode"], moved = NO_PRESET, 0.0
        if "temperature" in given and target is not None:
            self._usual = target - moved
        elif "preset_mode" in given:
            low, high = self.features["min_temp"], self.features["max_temp"]
            self.attributes["temperature"] = min(max(self._usual + moved, low), high)

    @property
    def follows(self) -> bool:
        """It reads its room."""
        return True

    def _targets(self) -> tuple[float | None, float | None]:
        """Below the first it heats, above the second it cools."""
        keys = ("target_temp_low", "target_temp_high") if self.state == "heat_cool" else ()
        low, high = (as_number(self.attributes.get(key)) for key in keys or ("temperature", "temperature"))
        target = as_number(self.attributes["temperature"])
        return (target if low is None else low), (target if high is None else high)

    @property
    def heat(self) -> float:
        """Heating, in watts: full power one degree below the target, nothing at it; negative for cooling."""
        now = self._felt
        low, high = self._targets()
        if now is None or low is None or high is None:
            return 0.0
        heats, cools = self.state in {"heat", "auto", "heat_cool"}, self.state in {"cool", "auto", "heat_cool"}
        if heats and now < low:
            return min(1.0, (low - now) / self._span(1.0)) * self.POWER
        if cools and now > high:
            return max(-1.0, (high - now) / self._span(1.0)) * self.POWER
        return 0.0

    def step(self, seconds: float, around: Surroundings) -> None:
        """Read the room; told to half a degree."""
        self._felt = around.temperature
        self.attributes["current_temperature"] = round(around.temperature * 2) / 2

    def report(self) -> dict[str, Any]:
        """Mode, target, what it reads, and what it does right now (`hvac_action`)."""
        report = super().report()
        doing = "heating" if self.heat > 0 else "cooling" if self.heat < 0 else "idle"
        report["attributes"]["hvac_action"] = "off" if self.state == "off" else doing
        return report
