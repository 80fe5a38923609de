"""Media players: a TV has a screen, a speaker has none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from devices.device import Device
from devices.traits import Choice, Flag, Number, Text, Trait

STATES = ("off", "on", "idle", "playing", "paused")
TOLD = ("media_title", "media_artist", "media_album_name", "media_content_type", "media_content_id", "app_name")
"""What is known of what plays; forgotten when it stops."""


class MediaPlayer(Device):
    """Plays, pauses, is loud or muted. Asked to play something, it switches itself on."""

    initial_state: ClassVar[str] = "off"
    initial: ClassVar[Mapping[str, Any]] = {"volume_level": 0.5, "is_volume_muted": False}

    def _ready(self) -> None:
        self.features.setdefault("screen", self.features.get("device_class") == "tv")

    def _traits(self) -> Iterable[Trait]:
        yield Choice("state", STATES)
        yield Number("volume_level", 0, 1)
        yield Flag("is_volume_muted")
        yield Flag("shuffle")
        yield Choice("repeat", ("off", "one", "all"))
        for key in TOLD:
            yield Text(key)
        for key, options in (("source", "source_list"), ("sound_mode", "sound_mode_list")):
            yield Choice(key, self.features[options]) if self.features.get(options) else Text(key)

    def _obey(self, wanted: dict[str, Any]) -> None:
        if "state" not in wanted and any(key in wanted for key in TOLD):
            wanted["state"] = "playing"
        super()._obey(wanted)

    def _settle(self, given: frozenset[str]) -> None:
        if self.state in {"off", "idle", "standby"}:
            for key in TOLD:
                self.attributes.pop(key, None)

    def _restored(self) -> Iterable[str]:
        return [key for key in TOLD if key in self.attributes]

    @property
    def heat(self) -> float:
        """A screen warms the room."""
        return 80.0 if self.features.get("screen") and self.state not in {"off", "standby"} else 0.0
