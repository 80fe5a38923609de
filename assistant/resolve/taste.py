"""What is meant by "play music": what this person mostly plays, as far as that stands out."""

from __future__ import annotations

from dataclasses import replace

from assistant.resolve.evidence import Known
from assistant.turn import Context, Resolution

GOES_ON = frozenset({"playing", "paused"})
"""States of a player that has something to go on with."""


def with_taste(resolution: Resolution, context: Context, known: Known) -> Resolution:
    """The resolution of "play ..." with a genre or title, where none was said and nothing waits to go on."""
    intent = resolution.intent
    if intent.name != "media_player.play" or intent.slots.get("title") or not resolution.entities:
        return resolution
    state = context.states.get(resolution.entities[0])
    found = known.experience.taste(context, known.disliked(context))
    if found is None or (state is not None and state.state in GOES_ON):
        return resolution
    title, share = found
    because = f"{title} is what is mostly played ({share:.0%})"
    first = resolution.candidates[0]
    candidates = (replace(first, because=(*first.because, because)), *resolution.candidates[1:])
    chosen = replace(intent, slots={**intent.slots, "title": title})
    return replace(resolution, intent=chosen, candidates=candidates, because=(*resolution.because, because))
