"""What plays on a device: a title of the catalogue, track by track, or just what was told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from devices.catalogue import catalogue
from devices.device import Device, Surroundings, Wanted
from devices.playback import Playback
from devices.traits import Choice, DeviceError, Flag, Number, Text, Trait, as_number

STATES = ("off", "on", "idle", "playing", "paused")
SILENT = frozenset({"off", "idle", "standby"})
TITLES = ("media_title", "media_artist", "media_album_name", "media_content_type", "app_name")
PLACE = ("media_content_id", "queue_position", "media_position")
"""What has to be asked for to hear the same at the same place again."""
UPDATED = "media_position_updated_at"
TOLD = (*TITLES, *PLACE, UPDATED, "media_duration", "media_playlist", "queue_size")
"""What is known of what plays; forgotten when it stops."""
LONGEST = 360_000


class Playing(Device):
    """Plays and pauses, and switches itself on when it is asked to play something.

    `media_content_id` is a title of the catalogue; `queue_position` counts its tracks from 1, so that the next track
    is an absolute wish like any other. As in Home Assistant, `media_position` holds for `media_position_updated_at`.
    """

    initial_state: ClassVar[str] = "off"
    unset: ClassVar[Mapping[str, Any]] = {"shuffle": False, "repeat": "off", **dict.fromkeys(TITLES, "")}
    own_doing: ClassVar[bool] = True

    def _ready(self) -> None:
        self.features.setdefault("screen", self.features.get("device_class") == "tv")
        self._playback: Playback | None = None
        self._since: datetime | None = None

    def _traits(self) -> Iterable[Trait]:
        yield from (Choice("state", STATES), Flag("shuffle"), Choice("repeat", ("off", "one", "all")))
        yield from (Text(key) for key in (*TITLES, "media_content_id"))
        yield from (Number("queue_position", 1, 1000, whole=True), Number("media_position", 0, LONGEST, unit=" s"))

    def _fits(self, checked: Mapping[str, Any]) -> None:
        media = catalogue().get(checked.get("media_content_id", ""))
        if media is not None and media.on_screen and not self.features["screen"]:
            raise DeviceError(f"{self.entity} has no screen for {media.title}")

    def _obey(self, wanted: dict[str, Any]) -> None:
        if wanted.keys() & {*TITLES, "media_content_id"}:
            wanted.setdefault("state", "playing")
        super()._obey(wanted)
        if self._playback is None:
            self._forget(("queue_position", "media_position"))
        self._forget([key for key in TITLES if not self.attributes.get(key)])

    def _settle(self, given: frozenset[str]) -> None:
        if self.state in SILENT:
            self._playback = None
            self._forget(TOLD)
        elif "media_content_id" in given:
            self._load(str(self.attributes["media_content_id"]))
        elif given & {*TITLES}:
            self._playback = None
            self._forget(key for key in TOLD if key not in given)
        if self._playback is not None:
            self._place(self._playback, given)

    def _forget(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.attributes.pop(key, None)

    def _load(self, content: str) -> None:
        """Take up a title of the catalogue; of anything else only what was told is known."""
        media = catalogue().get(content)
        self._playback = Playback(media.tracks, media.id) if media else None
        if media is not None:
            self._forget(("media_playlist",))
            self.attributes["media_content_type"] = media.type
            if media.type in {"playlist", "tvshow"}:
                self.attributes["media_playlist"] = media.title

    def _place(self, playing: Playback, given: frozenset[str]) -> None:
        """Go to where the values given say, and tell of it."""
        playing.repeat = str(self._present("repeat"))
        if given & {"shuffle", "media_content_id"}:
            playing.shuffle(bool(self._present("shuffle")))
        index, position = (as_number(self.attributes.get(key)) for key in ("queue_position", "media_position"))
        if "queue_position" in given and index is not None:
            playing.go(int(index) - 1)
        if "media_position" in given and position is not None:
            playing.seek(position)
        told = self.attributes.get(UPDATED) if UPDATED in given else None
        self._since = datetime.fromisoformat(told).replace(tzinfo=None) if isinstance(told, str) else None
        self._tell(playing)

    def _tell(self, playing: Playback) -> None:
        self._forget(key for key in TOLD if key not in {"media_content_id", "media_content_type", "media_playlist"})
        self.attributes |= playing.told()

    def _present(self, key: str) -> Any:
        if self._playback is not None and key in PLACE:
            return {**self.attributes, **self._playback.told()}[key]
        return super()._present(key)

    def inverse(self, wanted: Wanted) -> dict[str, Any]:
        """The rest as it is, and what is heard now, from here on."""
        back = super().inverse(wanted)
        if wanted.keys() & {"state", *TITLES, *PLACE}:
            keys = PLACE if self._playback else (*TITLES, "media_content_id")
            back = {key: value for key, value in back.items() if key not in (*TITLES, *PLACE)}
            back |= {key: self._present(key) for key in keys if self._possible(key, self._present(key))}
        return back

    @property
    def busy(self) -> bool:
        """While something plays that comes to an end."""
        return self.state == "playing" and self._playback is not None and self._playback.track.seconds is not None

    def step(self, seconds: float, around: Surroundings) -> None:
        """Play on: the next track, or silence after the last."""
        playing = self._playback
        if playing is None or self.state != "playing":
            return
        if self._since is not None:
            seconds, self._since = max((around.now - self._since).total_seconds(), 0.0), None
        moved = playing.advance(seconds)
        if playing.ended:
            self.state = "idle"
            self._settle(frozenset({"state"}))
        elif moved or UPDATED not in self.attributes:
            self._tell(playing)
            # Of a new track the moment is told at which it began, however late this step comes.
            gone = playing.position if moved else 0.0
            self.attributes["media_position"] = round(playing.position - gone, 1)
            self.attributes[UPDATED] = (around.now - timedelta(seconds=gone)).isoformat(timespec="milliseconds")
