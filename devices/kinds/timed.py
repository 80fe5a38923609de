"""What is switched on and goes off by itself when it is done: coffee makers, kettles, sirens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from devices.countdown import FINISHES, Countdown
from devices.device import Surroundings
from devices.kinds.switch import Switch
from devices.traits import Choice, Number, Trait, as_number


class Brewer(Switch):
    """Goes off by itself `brew_seconds` after it was switched on (coffee maker, kettle); tells when it will be done."""

    own_doing: ClassVar[bool] = True
    pace: ClassVar[float] = 1.0

    def _ready(self) -> None:
        super()._ready()
        self.features.setdefault("brew_seconds", 240)
        self._brewing = Countdown()

    def _obey(self, wanted: dict[str, Any]) -> None:
        if wanted["state"] == "on" and self.state == "on":
            return
        super()._obey(wanted)

    def _settle(self, given: frozenset[str]) -> None:
        super()._settle(given)
        if "state" in given:
            self._brewing.start(float(self.features["brew_seconds"]) if self.state == "on" else 0.0)
        if told := self.attributes.pop(FINISHES, None):
            self._brewing.resume(told)

    @property
    def busy(self) -> bool:
        """While it brews."""
        return self._brewing.running

    def step(self, seconds: float, around: Surroundings) -> None:
        """Brew on; done when the time is over."""
        if not self.busy:
            return
        over = self._brewing.step(seconds, around.now)
        super().step(seconds - over, around)
        if not self.busy:
            self.state = "off"

    def report(self) -> dict[str, Any]:
        """State, and when it will be done."""
        report = super().report()
        return {**report, "attributes": {**report["attributes"], **self._brewing.told()}}


class Siren(Switch):
    """Wails for `duration` seconds, or until it is switched off; with the tones that it has."""

    own_doing: ClassVar[bool] = True
    pace: ClassVar[float] = 1.0
    LONGEST: ClassVar[int] = 600
    unset: ClassVar[Mapping[str, Any]] = {"duration": LONGEST}

    def _ready(self) -> None:
        super()._ready()
        self._wailing = Countdown()
        if tones := self.features.get("available_tones"):
            self.attributes["tone"] = tones[0]

    def _traits(self) -> Iterable[Trait]:
        yield from super()._traits()
        yield Number("duration", 1, self.LONGEST, whole=True, unit=" s")
        if tones := self.features.get("available_tones"):
            yield Choice("tone", tones)

    def _settle(self, given: frozenset[str]) -> None:
        super()._settle(given)
        if "state" in given or "duration" in given:
            asked = as_number(self._present("duration")) or self.LONGEST
            self._wailing.start(asked if self.state == "on" else 0.0)

    @property
    def busy(self) -> bool:
        """While it wails."""
        return self._wailing.running

    def step(self, seconds: float, around: Surroundings) -> None:
        """Wail on, and fall silent by itself."""
        if self.busy:
            self._wailing.step(seconds, around.now)
            self.state = "on" if self.busy else "off"
