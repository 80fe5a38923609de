"""Machines that run a programme: dishwashers, washing machines, tumble dryers.

Home Assistant has no domain for them: its integrations give a switch, and the rest as sensors (Home Connect:
`operation_state`, `program`, finish time, door). Here one switch has the rest as attributes, in Home Connect's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from devices.countdown import FINISHES, Countdown
from devices.device import Surroundings
from devices.kinds.switch import Switch
from devices.traits import Choice, Trait

MINUTES: Mapping[str, float] = {
    "auto": 120, "eco": 195, "intensive": 145, "normal": 95, "quick": 35, "glass": 75, "rinse": 15,
    "cotton": 150, "synthetics": 110, "delicates": 60, "wool": 45, "spin": 12, "iron_dry": 70, "cupboard_dry": 100,
}  # fmt: skip
"""How long a programme takes; one that is not listed takes as long as `normal`."""


class Appliance(Switch):
    """Switched on, it runs its `program` through its `phases`; opening its door halts it until it is closed."""

    own_doing: ClassVar[bool] = True
    pace: ClassVar[float] = 5.0
    initial: ClassVar[Mapping[str, Any]] = {"operation_state": "ready", "door": "closed"}

    def _ready(self) -> None:
        super()._ready()
        self._run = Countdown()
        self._paused = False
        self.features["programs"] = self.features.get("programs") or ["normal", "quick"]
        self.features["phases"] = self.features.get("phases") or ["wash", "rinse", "dry"]
        self.attributes["program"] = self.features["programs"][0]

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("on", "off"))
        yield Choice("program", self.features["programs"])
        yield Choice("operation_state", ("run", "pause"), told=("ready", "finished", "actionrequired"))

    def _manual(self) -> Iterable[Trait]:
        yield Choice("door", ("open", "closed"))

    @property
    def _seconds(self) -> float:
        return 60.0 * MINUTES.get(self.attributes["program"], MINUTES["normal"])

    def _settle(self, given: frozenset[str]) -> None:
        super()._settle(given)
        told = self.attributes.pop(FINISHES, None)
        if self.state != "on":
            self._run.start(0.0)
            self.attributes["operation_state"] = "ready"
            return
        if not self._run.running or "program" in given:
            self._run.start(self._seconds)
            self._paused = False
        if told:
            self._run.resume(told)
        if "operation_state" in given:
            self._paused = self.attributes["operation_state"] == "pause"
        halted = "actionrequired" if self.attributes["door"] == "open" else "pause" if self._paused else None
        self.attributes["operation_state"] = halted or "run"
        if halted:
            self._run.start(self._run.left)

    def _restored(self) -> Iterable[str]:
        return ("program", "operation_state")

    @property
    def busy(self) -> bool:
        """While the programme runs."""
        return self.state == "on" and self.attributes["operation_state"] == "run"

    @property
    def power(self) -> float:
        """What it draws while it runs, in watts."""
        return float(self.features.get("watts", 900)) if self.busy else 0.0

    @property
    def heat(self) -> float:
        """Most of it goes down the drain."""
        return 0.2 * self.power

    def step(self, seconds: float, around: Surroundings) -> None:
        """Go on with the programme; done when it is over."""
        if not self.busy:
            return
        over = self._run.step(seconds, around.now)
        super().step(seconds - over, around)
        if not self._run.running:
            self.state = "off"
            self.attributes["operation_state"] = "finished"

    def report(self) -> dict[str, Any]:
        """State, programme, and while it is on its phase and the moment at which it will be done."""
        report = super().report()
        if self.state == "on":
            phases = self.features["phases"]
            share = 1.0 - self._run.left / self._seconds
            report["attributes"]["program_phase"] = phases[min(max(int(share * len(phases)), 0), len(phases) - 1)]
            report["attributes"] |= self._run.told() if self.busy else {}
        return report
