"""Media: which title is meant on which player, and what next and previous are.

A screen makes a film likelier, its absence an audiobook or music (article, lines 20 to 30). Titles are looked up in
the catalogue that comes with the devices; what it does not know is asked for by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz

from assistant.home import Entity
from assistant.turn import State
from devices.catalogue import Media, catalogue

ALIKE = 88.0
"""From this likeness on, 0 to 100, a title is the one that was meant."""
SOME_MUSIC = "playlist/my-mix"
"""What "play music" means where nothing is paused."""
CLASSES: Mapping[str, str] = {
    "movie": "movie",
    "film": "movie",
    "show": "tv_show",
    "series": "tv_show",
    "audiobook": "audiobook",
    "audio book": "audiobook",
    "book": "audiobook",
    "album": "album",
    "record": "album",
    "soundtrack": "album",
    "song": "track",
    "track": "track",
    "playlist": "playlist",
    "artist": "artist",
    "podcast": "podcast",
}
"""Words beside a title -> Home Assistant's media class."""
_TYPES = {"tv_show": {"tvshow"}, "track": {"music"}, "artist": {"music", "album"}, "playlist": {"playlist"}}


def media_for(title: str, media_class: str | None, screen: bool) -> Media | None:
    """The title of the catalogue that is meant on such a player; `None` when there is none.

    >>> media_for("the hunger games", None, screen=True).type, media_for("the hunger games", None, screen=False).type
    ('movie', 'audiobook')
    >>> media_for("hunger games soundtrack", None, screen=True).type
    'album'
    """
    found = [(score, media) for score, media in _like(title) if _is(media, media_class)]
    fitting = [(score + (screen == media.on_screen), media) for score, media in found if screen or not media.on_screen]
    return max(fitting, key=lambda each: each[0], default=(0.0, None))[1]


def playable(title: str, media_class: str | None, screen: bool) -> bool:
    """Whether such a player can play it: all but what is known to need a screen."""
    if media_class in {"movie", "tv_show"} and not screen:
        return False
    known = any(_is(media, media_class) for _, media in _like(title))
    return not known or media_for(title, media_class, screen) is not None


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    return frozenset(_plain(name) for media in catalogue().values() for name in media.names)


def is_title(text: str) -> bool:
    """Whether the catalogue has exactly this title, the article aside.

    >>> is_title("harry potter and the goblet of fire"), is_title("harry potter and the")
    (True, False)
    """
    return _plain(text) in _titles()


def _is(media: Media, media_class: str | None) -> bool:
    return media_class is None or media.type in _TYPES.get(media_class, {media_class})


@lru_cache(maxsize=256)
def _like(title: str) -> tuple[tuple[float, Media], ...]:
    """The titles that are like it, with how much: their own name counts a little more than another, artists less."""
    said = _plain(title)
    found = []
    for media in catalogue().values():
        own, *others = (_alike(said, name) for name in media.names)
        score = max([own + 0.5, *others, _alike(said, media.artist) - 2.0])
        if score >= ALIKE:
            found.append((score, media))
    return tuple(found)


def _alike(said: str, name: str) -> float:
    return fuzz.ratio(said, _plain(name)) if name else 0.0


def _plain(text: str) -> str:
    words = re.sub(r"[^a-z0-9 ]", "", text.lower().replace("-", " ")).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def media_class_of(words: Iterable[str]) -> str | None:
    """The media class that the words around a title tell.

    >>> media_class_of(["play", "the", "audio", "book"]), media_class_of(["play"])
    ('audiobook', None)
    """
    said = f" {' '.join(words)} "
    return next((found for word, found in CLASSES.items() if f" {word} " in said), None)


def to_play(player: Entity, state: State | None, slots: Mapping[str, Any]) -> dict[str, Any]:
    """The wished state for "play ...": a title, or going on, or just something."""
    title, screen = slots.get("title"), bool(player.features.get("screen"))
    if title:
        media = media_for(str(title), slots.get("media_class"), screen)
        return {"state": "playing", **({"media_content_id": media.id} if media else {"media_title": title})}
    nothing = state is None or state.state not in {"playing", "paused", "unavailable"}
    return {"state": "playing", **({"media_content_id": SOME_MUSIC} if nothing and not screen else {})}


def moved(state: State | None, step: int) -> dict[str, Any] | None:
    """The place in the queue one further (`step` 1) or one back; `None` where there is none.

    >>> moved(State("playing", {"queue_position": 2, "queue_size": 3}), 1)
    {'queue_position': 3}
    """
    told = state.attributes if state else {}
    place, size = told.get("queue_position"), told.get("queue_size")
    if not isinstance(place, int) or not isinstance(size, int):
        return None
    wished = place + step
    if told.get("repeat") == "all":
        wished = (wished - 1) % size + 1
    return {"queue_position": wished} if 1 <= wished <= size else None
