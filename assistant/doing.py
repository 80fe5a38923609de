"""What machines and players are doing, in words: what plays, which programme runs, and how long it will take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assistant.home import Entity
from assistant.turn import State

MACHINE = {
    "run": "is running",
    "pause": "is paused",
    "actionrequired": "waits: its door is open",
    "finished": "is done",
}
"""What a machine with programmes says of itself -> a predicate."""
MEDIA = {"movie": "the film ", "audiobook": "the audiobook ", "tvshow": "the show ", "playlist": "", "channel": ""}
WAYS: Mapping[str, Mapping[Any, str]] = {
    "shuffle": {True: "is shuffling", False: "is not shuffling any more", None: "is not shuffling any more"},
    "repeat": {
        "one": "repeats this one",
        "all": "repeats everything",
        "off": "repeats nothing",
        None: "repeats nothing",
    },
    "oscillating": {True: "is swinging", False: "is not swinging", None: "is not swinging"},
    "direction": {"forward": "turns forward", "reverse": "turns backward", None: "turns forward"},
}
"""What was asked for of how it plays or turns -> a predicate for what is reported; what is usual is not reported."""
CHOSEN = ("program", "preset_mode", "source", "fan_mode", "fan_speed", "effect", "mode", "sound_mode")
"""Attributes whose value is a word."""

OF_WHAT_RUNS = frozenset({"pause", "next", "previous", "mute", "unmute", "shuffle", "repeat"})
"""Verbs that mean what is going on, where nothing is named."""
RUNNING = frozenset({"playing", "paused", "buffering", "cleaning", "mowing", "returning"})


def runs(state: State | None) -> bool:
    """Whether something is going on that could be paused: music, cleaning, a programme."""
    if state is None:
        return False
    return state.state in RUNNING or state.attributes.get("operation_state") in {"run", "pause"}


def doing(entity: Entity, state: State) -> str | None:
    """A predicate for what has more to tell than on or off; `None` for everything else.

    >>> speaker = Entity("media_player.s", "speaker", "Speaker")
    >>> doing(speaker, State("playing", {"media_title": "Purple Haze", "media_artist": "Jimi Hendrix"}))
    'is playing Purple Haze by Jimi Hendrix'
    """
    if entity.domain == "media_player" and state.state in {"playing", "paused"}:
        title = _title(state)
        return f"has paused{title}" if title and state.state == "paused" else f"is {state.state}{title}"
    if entity.features.get("programs") and state.attributes.get("operation_state") in MACHINE:
        return MACHINE[str(state.attributes["operation_state"])] + _until(state)
    if entity.domain == "switch" and state.state == "on" and state.attributes.get("finishes_at"):
        return f"is on{_until(state)}"
    if (
        entity.kind == "thermostat"
        and state.state != "off"
        and state.attributes.get("preset_mode") not in {None, "none"}
    ):
        return f"is on {state.state.replace('_', ' ')}, set to {state.attributes['preset_mode']}"
    return None


def _title(state: State) -> str:
    told = state.attributes
    if not (title := told.get("media_title")):
        return ""
    kind = MEDIA.get(str(told.get("media_content_type")), "")
    known = told.get("media_artist") if kind in {"", "the audiobook "} else None
    return f" {kind}{title}{f' by {known}' if known else ''}"


def _until(state: State) -> str:
    at = _moment(state.attributes.get("finishes_at"))
    return f" until {at:%H:%M}" if at else ""


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        return None


def left(state: State, now: datetime) -> str:
    """What is left of a programme or a timer, as a clause; empty where nothing runs.

    >>> left(State("on", {"finishes_at": "2026-03-02T12:35:00"}), datetime(2026, 3, 2, 12, 0, 20))
    ', 35 minutes left'
    """
    at = _moment(state.attributes.get("finishes_at"))
    if at is None or at <= now:
        return ""
    minutes = -(-(at - now).total_seconds() // 60)
    hours, rest = divmod(round(minutes), 60)
    parts = [
        f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in ((hours, "hour"), (rest, "minute")) if count
    ]
    phase = state.attributes.get("program_phase")
    return f"{f', in {phase}' if phase else ''}, {' and '.join(parts)} left"


def chosen(value: Mapping[str, Any], state: State) -> str | None:
    """A predicate for a command that chose a word, from what is reported; `None` for any other command.

    >>> chosen({"program": "eco"}, State("off", {"program": "eco"}))
    'is set to eco'
    """
    told = next((words for key, words in WAYS.items() if key in value), None)
    if told is not None:
        return told.get(state.attributes.get(next(key for key in WAYS if key in value)))
    word = next((state.attributes.get(key) for key in CHOSEN if key in value), None)
    return f"is set to {str(word).replace('_', ' ')}" if word else None
