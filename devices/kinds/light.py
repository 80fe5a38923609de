"""Lights: on and off, dimmable, coloured, with a colour temperature."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from devices.device import Device, Wanted
from devices.traits import Choice, Colour, Number, Text, Trait

FULL = 255
COLOUR_MODES = frozenset({"rgb", "rgbw", "rgbww", "hs", "xy"})
ANY_MODES = ("color_temp", "rgb")
"""What a light that does not tell its modes is taken to be able to do."""
NO_EFFECT = "off"
SHOWN = (("rgb", "rgb_color", [FULL, FULL, FULL]), ("color_temp", "color_temp_kelvin", 2700))
"""Colour mode -> the attribute that tells its colour, and the first one."""
LUX = 150.0
"""What a lamp at full brightness adds to its room, unless its features say `lux`."""


class Light(Device):
    """A lamp. Switching it on without a brightness restores the last one."""

    initial_state: ClassVar[str] = "off"

    def _ready(self) -> None:
        self.features.setdefault("supported_color_modes", list(ANY_MODES))
        self._brightness = FULL
        self._mode = ""

    @property
    def modes(self) -> frozenset[str]:
        """The colour modes that it supports, in Home Assistant's words."""
        return frozenset(self.features["supported_color_modes"])

    @property
    def dimmable(self) -> bool:
        """Whether it has a brightness."""
        return self.modes != {"onoff"}

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("on", "off"))
        if self.dimmable:
            yield Number("brightness", 0, FULL, whole=True)
        if self.modes & COLOUR_MODES:
            yield Colour("rgb_color")
        if "color_temp" in self.modes:
            low = self.features.get("min_color_temp_kelvin", 2000)
            yield Number("color_temp_kelvin", low, self.features.get("max_color_temp_kelvin", 6500), True, " K")
        if effects := self.features.get("effect_list"):
            yield Choice("effect", [*effects, NO_EFFECT])
        yield Text("color_mode")

    def _obey(self, wanted: dict[str, Any]) -> None:
        wanted.pop("color_mode", None)
        if wanted.get("brightness") == 0:
            wanted = {"state": "off"}
        elif "state" not in wanted and wanted:
            wanted["state"] = "on"
        super()._obey(wanted)

    def _settle(self, given: frozenset[str]) -> None:
        self.features["has_brightness"] = self.dimmable
        # An off lamp keeps its brightness to itself and restores it when it is switched on.
        bright = self.attributes.get("brightness")
        self._brightness = int(bright) if bright else self._brightness
        self._mode = self._colour_mode(given)
        if self.attributes.get("effect") == NO_EFFECT:
            del self.attributes["effect"]

    def _colour_mode(self, given: frozenset[str]) -> str:
        """The mode that the last values given put it into."""
        if given & {"rgb_color", "rgbw_color", "color_temp_kelvin"}:
            return "rgb" if given & {"rgb_color", "rgbw_color"} else "color_temp"
        told = str(self.attributes.pop("color_mode", ""))
        likely = (told, self._mode, "onoff", "brightness", "color_temp", "rgb")
        return next((mode for mode in likely if mode in self.modes), "rgb" if self.modes else "onoff")

    def _restored(self) -> Iterable[str]:
        kept = ["brightness"] if self.dimmable else []
        colour = {"rgb": "rgb_color", "color_temp": "color_temp_kelvin"}.get(self._mode)
        return [*kept, colour] if colour in self.traits else kept

    def inverse(self, wanted: Wanted) -> dict[str, Any]:
        """As bright and in the colour that it is now, or off."""
        report = self.report()
        if report["state"] != "on":
            return {"state": "off"} if report["state"] == "off" else {}
        kept = {key: report["attributes"][key] for key in self._restored()}
        if "effect" in wanted or "effect" in self.attributes:
            kept["effect"] = self.attributes.get("effect", NO_EFFECT)
        return {"state": "on", **kept}

    @property
    def power(self) -> float:
        """What it draws, in watts; it warms the room a little."""
        return float(self.features.get("watts", 8)) if self.state == "on" else 0.0

    heat = power

    @property
    def light(self) -> float:
        """What it adds to the light of its room, in lux."""
        share = self._brightness / FULL if self.dimmable else 1.0
        return float(self.features.get("lux", LUX)) * share if self.state == "on" else 0.0

    def report(self) -> dict[str, Any]:
        """State, and the brightness and colour while it is on."""
        if self.state != "on":
            return {"state": self.state, "attributes": {}}
        attributes: dict[str, Any] = {"color_mode": self._mode}
        if self.dimmable:
            attributes["brightness"] = self._brightness
        for mode, key, first in SHOWN:
            if self._mode == mode:
                attributes[key] = self.attributes.get(key, first)
        attributes |= {key: self.attributes[key] for key in ("effect",) if key in self.attributes}
        return {"state": self.state, "attributes": attributes}
