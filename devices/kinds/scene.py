"""Scenes and scripts: activated, they ask other devices for what they hold; their state is the time of activation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from devices.device import Device, Surroundings
from devices.traits import Choice, Trait


class Scene(Device):
    """`features["entities"]` is a list of `{entity_id, state, <attribute>: value}`."""

    def _ready(self) -> None:
        self._activated = False
        self._requests: list[tuple[str, dict[str, Any]]] = []

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("on",))

    def _obey(self, wanted: dict[str, Any]) -> None:
        self._activated = True
        for each in self.features.get("entities") or ():
            if isinstance(each, Mapping) and isinstance(each.get("entity_id"), str):
                self._requests.append((each["entity_id"], {k: v for k, v in each.items() if k != "entity_id"}))

    def inverse(self, wanted: Any) -> dict[str, Any]:
        """An activation can't be put back; what it changed can, device by device."""
        return {}

    @property
    def busy(self) -> bool:
        """Until it knows the time."""
        return self._activated

    def step(self, seconds: float, around: Surroundings) -> None:
        """Note the time of activation."""
        if self._activated:
            self._activated = False
            self.state = around.now.isoformat(timespec="seconds")

    def requests(self) -> list[tuple[str, dict[str, Any]]]:
        """What it asks of other devices since the last call."""
        asked, self._requests = self._requests, []
        return asked


class Script(Scene):
    """A scene that can be stopped."""

    initial_state: ClassVar[str] = "off"

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("on", "off"))

    def _obey(self, wanted: dict[str, Any]) -> None:
        if wanted["state"] == "on":
            super()._obey(wanted)
        else:
            self.state = "off"


class Button(Scene):
    """Pressed, it notes the time."""

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", ("on", "press"))
