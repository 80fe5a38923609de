"""Between a turn and its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assistant.store.codec import decode, encode
from assistant.store.states import Changes, apply, difference
from assistant.turn import Source, State, States, Turn


def row_of(turn: Turn, complete: bool) -> dict[str, Any]:
    """The columns of a turn that may change until it is complete; those of its first states are `begin`'s."""
    intent = turn.intent
    return {
        "rewrite": turn.rewrite.id if turn.rewrite else None,
        "executed": text(turn.executed),
        "propensity": turn.propensity,
        "holdout": turn.holdout,
        "intent": intent.name if intent else None,
        "slots": dict(intent.slots) if intent else None,
        "entities": list(turn.entities) or None,
        "confidence": confidences(turn),
        "decision": turn.decision.kind if turn.decision else None,
        "outcome": turn.outcome.kind.value if turn.outcome else None,
        "response": text(turn.reply.text) if turn.reply else None,
        "barge_in": turn.spoken.position if turn.spoken and turn.spoken.interrupted else None,
        "hands": [[hand.entity, hand.seconds_after] for hand in turn.hands] or None,
        "feedback": turn.feedback,
        "after": _after(turn),
        "complete": complete,
        "turn": encode(turn),
    }


def first_row(turn: Turn) -> dict[str, Any]:
    """The columns that are known when a turn begins and do not change."""
    context = turn.context
    return {
        "id": turn.id,
        "household": context.household,
        "speaker": context.speaker,
        "time": context.now.isoformat(),
        "room": context.room,
        "gap": context.gap,
        "source": turn.utterance.source.value,
        "said": text(turn.said),
        "nbest": [[each.text, each.confidence] for each in turn.utterance.hypotheses],
    }


def turn_of(written: str, snapshot: Mapping[str, State], changes: Changes | None, after: Changes | None) -> Turn:
    """The turn as it was, states included."""
    turn = decode(written)
    states = apply(snapshot, changes) if changes else dict(snapshot)
    if states:
        turn = replace(turn, context=replace(turn.context, states=states))
    if turn.outcome is not None and after is not None:
        turn = replace(turn, outcome=replace(turn.outcome, after=apply(states, after)))
    return turn


def confidences(turn: Turn) -> dict[str, float | None]:
    """Each stage's confidence (0 to 1); `None` where a stage was not reached, or nobody wrote it down."""
    voice = turn.utterance.source is Source.VOICE
    found = {
        "wake": turn.utterance.wake,
        "asr": turn.utterance.confidence if voice else None,
        "nlu": turn.parse.best.confidence if turn.parse else None,
        "er": min((each.confidence for each in turn.resolutions), default=None),
    }
    return {stage: None if f"confidence.{stage}" in turn.unknown else value for stage, value in found.items()}


def text(words: str) -> str:
    """Text that a database can hold: what is no character (a lone surrogate) becomes a question mark."""
    return words if words.isascii() else words.encode("utf-8", "replace").decode("utf-8")


def _after(turn: Turn) -> Changes | None:
    if turn.outcome is None or not turn.outcome.after:
        return None
    return difference(turn.context.states, turn.outcome.after)


def states_as_json(states: States) -> dict[str, Any]:
    """States as a snapshot holds them."""
    return {entity: [state.state, dict(state.attributes)] for entity, state in states.items()}
