"""The stage that fills what a request leaves open with what the person told about their taste."""

from __future__ import annotations

from dataclasses import replace

from assistant.resolve.preferred import PREFERENCE
from assistant.resolve.taste import GOES_ON
from assistant.store.items import Item
from assistant.teaching.stages import VALUE_SLOTS
from assistant.teaching.taught import within
from assistant.teaching.teacher import Teacher
from assistant.turn import Candidate, Intent, Resolution, Turn


class SteerStage:
    """The stage between resolution and decision: what a request leaves open is filled from what the person told."""

    name = "steer"
    reads = frozenset({"parse", "resolutions"})
    writes = frozenset({"resolutions"})

    def __init__(self, teacher: Teacher) -> None:
        self._teacher = teacher

    def run(self, turn: Turn) -> Turn:
        """Give music its genre and a light its colour, where none was asked for."""
        if turn.decision is not None or not turn.resolutions or turn.parse is None:
            return turn
        likes = [item for item in self._teacher.taught.of(turn, PREFERENCE) if item.details["polarity"] > 0]
        if not likes:
            return turn
        steered = tuple(self._steered(turn, each, likes) for each in turn.resolutions)
        return replace(turn, resolutions=steered) if steered != turn.resolutions else turn

    def _steered(self, turn: Turn, resolution: Resolution, likes: list[Item]) -> Resolution:
        intent = resolution.intent
        hour = turn.context.now.hour
        domain = {"media_player.play": "music", "light.turn_on": "light"}.get(intent.name)
        fitting = [i for i in likes if i.details["domain"] == domain and within(i.details["when"], hour)]
        if not fitting or not resolution.entities:
            return resolution
        liked = fitting[0]
        if domain == "light":
            return self._lit(resolution, liked)
        state = turn.context.states.get(resolution.entities[0])
        asked = any(each.slots.get("title") for each in turn.parse.intents) if turn.parse else True
        if asked or (state is not None and state.state in GOES_ON):
            return resolution
        slots = {**intent.slots, "title": liked.after.removesuffix(" music")}
        return _because(resolution, replace(intent, slots=slots), liked)

    def _lit(self, resolution: Resolution, liked: Item) -> Resolution:
        intent = resolution.intent
        plain = not VALUE_SLOTS & intent.slots.keys() and "attribute" not in intent.slots
        home = self._teacher.home()
        modes = [home.entities[entity].features.get("supported_color_modes") or () for entity in resolution.entities]
        if not plain or not all("color_temp" in each for each in modes):
            return resolution
        asked = self._teacher.trier.understand(tuple(liked.details["requests"])).intents
        values = {
            key: value for each in asked for key, value in each.slots.items() if key in VALUE_SLOTS | {"attribute"}
        }
        return _because(resolution, Intent("light.set", {**intent.slots, **values}, intent.confidence), liked)


def _because(resolution: Resolution, intent: Intent, liked: Item) -> Resolution:
    why = f"you told me: {liked.details['told']}"
    first: Candidate = resolution.candidates[0]
    candidates = (replace(first, because=(*first.because, why)), *resolution.candidates[1:])
    return replace(resolution, intent=intent, candidates=candidates, because=(*resolution.because, why))
