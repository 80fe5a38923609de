"""Media players: a TV has a screen, a speaker has none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from devices.playing import Playing
from devices.traits import Choice, Flag, Number, Text, Trait

LISTED = {"source": "source_list", "sound_mode": "sound_mode_list"}
"""What is chosen -> the feature that lists what there is."""


class MediaPlayer(Playing):
    """Plays, is loud or muted, and takes its sound and picture from a source."""

    initial: ClassVar[Mapping[str, Any]] = {"volume_level": 0.5, "is_volume_muted": False}
    unset: ClassVar[Mapping[str, Any]] = {**Playing.unset, **dict.fromkeys(LISTED, "")}

    def _ready(self) -> None:
        super()._ready()
        self.attributes |= {
            key: self.features[listed][0] for key, listed in LISTED.items() if self.features.get(listed)
        }

    def _traits(self) -> Iterable[Trait]:
        yield from super()._traits()
        yield from (Number("volume_level", 0, 1), Flag("is_volume_muted"))
        for key, listed in LISTED.items():
            yield Choice(key, self.features[listed]) if self.features.get(listed) else Text(key)

    def _obey(self, wanted: dict[str, Any]) -> None:
        if wanted.get("source") and self.state == "off":
            wanted.setdefault("state", "on")
        super()._obey(wanted)
        self._forget([key for key in LISTED if not self.attributes.get(key)])

    @property
    def power(self) -> float:
        """A screen draws most, in watts, and warms the room with it."""
        return (80.0 if self.features["screen"] else 5.0) if self.state not in {"off", "standby"} else 0.0

    heat = power
