"""What can be played offline: a small catalogue of films, series, audiobooks, albums, songs, genres and stations.

A player loads a title by its id (`movie/the-hunger-games`); whoever commands it looks the id up here, as he would in
the catalogue of a streaming service.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from devices.playback import Track

ON_SCREEN = frozenset({"movie", "tvshow"})
"""Types that need a screen."""


@dataclass(frozen=True, slots=True)
class Media:
    """One title. `type` is Home Assistant's media content type; `audiobook` stands beside its own."""

    id: str
    type: str
    title: str
    artist: str
    tracks: tuple[Track, ...]
    aliases: tuple[str, ...] = ()
    soundtrack: bool = False

    @property
    def on_screen(self) -> bool:
        """Whether it needs a screen."""
        return self.type in ON_SCREEN

    @property
    def names(self) -> tuple[str, ...]:
        """The title, and what else people call it."""
        return (self.title, *self.aliases)


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Media]:
    """Every title by its id.

    >>> [media.type for media in catalogue().values() if "hunger games" in media.names]
    ['movie', 'audiobook', 'album']
    >>> catalogue()["song/purple-haze"].tracks[0]
    Track(title='Purple Haze', artist='Jimi Hendrix', seconds=168.0, album='')
    """
    told = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    found = [*_screen(told), *_audiobooks(told["audiobooks"]), *_music(told)]
    return {media.id: media for media in found}


_TYPES = {"song": "music", "genre": "playlist", "station": "channel"}
"""What Home Assistant calls a thing of the catalogue, where it has another word."""


def _media(kind: str, told: Mapping[str, Any], tracks: Sequence[Track]) -> Media:
    slug = re.sub(r"[^a-z0-9]+", "-", told["title"].lower().replace("'", "")).strip("-")
    names = tuple(told.get("aliases", ()))
    artist = told.get("artist", "")
    return Media(
        f"{kind}/{slug}",
        _TYPES.get(kind, kind),
        told["title"],
        artist,
        tuple(tracks),
        names,
        told.get("soundtrack", False),
    )


def _screen(told: Mapping[str, Any]) -> Iterable[Media]:
    for each in told["movies"]:
        yield _media("movie", each, [Track(each["title"], seconds=60.0 * each["minutes"])])
    for each in told["tvshows"]:
        episodes = [Track(title, each["title"], 60.0 * minutes) for title, minutes in each["episodes"]]
        yield _media("tvshow", each, episodes)


def _audiobooks(told: Iterable[Mapping[str, Any]]) -> Iterable[Media]:
    for each in told:
        seconds = round(60.0 * each["minutes"] / each["chapters"], 1)
        numbers = range(1, each["chapters"] + 1)
        chapters = [Track(f"{each['title']}, Chapter {n}", each["artist"], seconds, each["title"]) for n in numbers]
        yield _media("audiobook", each, chapters)


def _music(told: Mapping[str, Any]) -> Iterable[Media]:
    for each in told["albums"]:
        songs = [Track(title, each["artist"], _seconds(minutes), each["title"]) for title, minutes in each["tracks"]]
        yield _media("album", each, songs)
    genres = {
        name: [Track(title, artist, _seconds(minutes)) for title, artist, minutes in songs]
        for name, songs in told["genres"].items()
    }
    for each in told["songs"]:
        song = Track(each["title"], each["artist"], _seconds(each["minutes"]))
        yield _media("song", each, [song, *genres[each["genre"]]])
    for name, songs in genres.items():
        yield _media("genre", {"title": name}, songs)
        yield from (_media("song", {"title": s.title, "artist": s.artist}, _from(songs, s)) for s in songs)
    for each in told["playlists"]:
        yield _media("playlist", each, [song for name in each["genres"] for song in genres[name]])
    for each in told["stations"]:
        yield _media("station", each, [Track(each["title"])])


def _from(songs: Sequence[Track], first: Track) -> list[Track]:
    """A song, and after it the others of its genre."""
    return [first, *(song for song in songs if song is not first)]


def _seconds(minutes: float) -> float:
    return float(round(60 * minutes))
