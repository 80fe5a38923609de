"""The stage of the loop that finds what each intent means in this home."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from assistant.resolve.conditions import resolved_condition
from assistant.resolve.evidence import WISHED, Known
from assistant.resolve.guess import nearest
from assistant.resolve.kinds import DEEDS, deed_of
from assistant.resolve.preferred import preferred
from assistant.resolve.resolver import Memory, Resolver
from assistant.resolve.taste import with_taste
from assistant.services import supports
from assistant.turn import Context, Intent, Interpretation, Parse, Resolution, Turn

NAMING = frozenset({"name", "domain", "device_class", "reference", "area", "floor"})
"""Slots that tell which thing is meant."""
DOING = frozenset({"start", "turn_on", "stop", "turn_off", "activate"})
AS_SURE = 0.6
"""A hypothesis with this share of the best one's confidence may be what was said."""
UNLIKELY = 0.1
"""Readings below this confidence are not taken, even when the better ones mean nothing here."""
OTHER_DEED = 0.3
"""The same for readings that would do something else."""


GOING_ON = frozenset({"set", "increase", "decrease", "play", "pause", "mute", "unmute", "shuffle", "repeat"})
"""Verbs that may go on with what the same sentence has just named."""


class ResolveStage:
    """The stage of the loop: fills `resolutions`."""

    name = "resolve"
    reads = frozenset({"parse", "context"})
    writes = frozenset({"parse", "resolutions"})

    def __init__(self, resolver: Resolver, memory: Callable[[], Memory], known: Known) -> None:
        self._resolver = resolver
        self._memory = memory
        self._known = known

    def run(self, turn: Turn) -> Turn:
        """Resolve every intent of the best reading that has a meaning here, unless the dialogue has decided already."""
        if turn.decision is not None:
            return turn
        assert turn.parse is not None, "the pipeline checks that nlu ran"
        resolutions = self._resolved(turn.parse.best, turn.context)
        if any(each.missing for each in resolutions):
            turn, resolutions = self._reread(turn, resolutions)
        elif len(turn.utterance.hypotheses) > 1 and all(done_already(each, turn.context) for each in resolutions):
            turn, resolutions = self._misheard(turn, resolutions)
        assert turn.parse is not None, "a reading was taken"
        if turn.parse.unexplained or any(intent.domain == "foreign" for intent in turn.parse.intents):
            guess = nearest(turn.parse, self._resolver)
            resolutions = (guess,) if guess else resolutions
        turn = replace(turn, resolutions=resolutions)
        return turn.noted("resolve", "; ".join(_told(each) for each in resolutions))

    def _resolved(self, reading: Interpretation, context: Context) -> tuple[Resolution, ...]:
        """Every intent of a reading; a pronoun may refer to what the intent before it means."""
        memory = self._memory()
        resolutions: list[Resolution] = []
        for intent in reading.intents:
            intent = self._cleaning(_by_deed(intent, reading.text))
            going_on = self._going_on(intent, context, memory) if resolutions else None
            found = going_on or self._one(intent, context, memory)
            resolution = preferred(found, context, self._known.preferences)
            resolution = with_taste(resolution, context, self._known)
            resolutions.append(resolution)
            if resolution.entities:
                memory = Memory(resolution.entities, resolution.intent, context.now)
        return tuple(resolutions)

    def _going_on(self, intent: Intent, context: Context, memory: Memory) -> Resolution | None:
        """What names nothing of its own and can be done with what was just named: "... AND SET THE VOLUME TO 20"."""
        if intent.verb not in GOING_ON or any(intent.slots.get(slot) for slot in (*NAMING, "area", "floor")):
            return None
        same = replace(intent, slots={**intent.slots, "reference": "it"})
        found = self._resolver.resolve(same, context, memory)
        known = bool(found.entities) and set(found.entities) <= set(memory.targets)
        return found if known else None

    def _cleaning(self, intent: Intent) -> Intent:
        """A robot that is started for a room cleans that room, where it can be told which."""
        slots = intent.slots
        if intent.verb != "start" or slots.get("domain") != "vacuum" or not slots.get("area") or slots.get("name"):
            return intent
        clean = replace(intent, name="home.clean")
        can = any(supports(entity, "clean", slots) for entity in self._resolver.home.entities.values())
        return clean if can else intent

    def _misheard(self, turn: Turn, resolutions: tuple[Resolution, ...]) -> tuple[Turn, tuple[Resolution, ...]]:
        """Take another thing that was heard about as surely, when what was heard first would change nothing."""
        assert turn.parse is not None, "checked by run"
        heard = {each.text: each.confidence for each in turn.utterance.hypotheses}
        best = heard.get(turn.parse.best.text, 1.0)
        for reading in turn.parse.alternatives:
            as_sure = heard.get(reading.text, 0.0) >= AS_SURE * best and reading.text != turn.parse.best.text
            if not as_sure or reading.unexplained or any(each.domain != "home" for each in reading.intents):
                continue
            found = self._resolved(reading, turn.context)
            changes = not any(each.missing or done_already(each, turn.context) for each in found)
            if found and changes and all(len(each.candidates) == 1 or each.confidence > AS_SURE for each in found):
                alternatives = (turn.parse.best, *(each for each in turn.parse.alternatives if each is not reading))
                turn = turn.noted("resolve", f'"{turn.parse.best.text}" would change nothing')
                return replace(turn, parse=Parse(reading, alternatives)), found
        return turn, resolutions

    def _one(self, intent: Intent, context: Context, memory: Memory) -> Resolution:
        """One intent, with the devices of its condition; "it" is what the other of the two clauses names."""
        test = intent.slots.get("condition")
        if test is None or test.get("entities"):
            return self._resolver.resolve(intent, context, memory)
        if (test.get("target") or {}).get("reference"):
            found = self._resolver.resolve(intent, context, memory)
            known = Memory(found.entities, found.intent, context.now) if found.entities else memory
            return _with_condition(found, resolved_condition(test, context, self._resolver, known))
        condition = resolved_condition(test, context, self._resolver, memory)
        parts = (condition, *(condition.get("parts") or ()))
        named = tuple(entity for part in parts for entity in part.get("entities") or ())
        if intent.slots.get("reference") and named:
            watched = Memory(tuple(dict.fromkeys(named)), None, context.now)
            found = self._resolver.resolve(intent, context, watched)
            if not found.missing:
                return _with_condition(found, condition)
        return _with_condition(self._resolver.resolve(intent, context, memory), condition)

    def _reread(self, turn: Turn, resolutions: tuple[Resolution, ...]) -> tuple[Turn, tuple[Resolution, ...]]:
        """Take the likeliest other reading that this home has a meaning for, if the best one has none."""
        assert turn.parse is not None, "checked by run"
        for reading in turn.parse.alternatives:
            about_home = all(intent.domain == "home" for intent in reading.intents)
            least = UNLIKELY if _verbs(reading) == _verbs(turn.parse.best) else OTHER_DEED
            if reading.unexplained or reading.confidence < least or not about_home:
                continue
            found = self._resolved(reading, turn.context)
            if found and not any(each.missing for each in found):
                alternatives = (turn.parse.best, *(each for each in turn.parse.alternatives if each is not reading))
                return replace(turn, parse=Parse(reading, alternatives)), found
        return turn, resolutions


def _verbs(reading: Interpretation) -> list[str]:
    return [intent.verb for intent in reading.intents]


def _by_deed(intent: Intent, text: str) -> Intent:
    """A request that names only what is to be done ("start brewing") means whatever does it, not one kind of thing."""
    deed = deed_of(text) if intent.verb in DOING else None
    named = intent.slots.keys() & NAMING
    kind = str(intent.slots.get("device_class") or "")
    implied = kind in DEEDS.get(str(deed), ()) and not any(word in text.lower() for word in kind.split("_"))
    if deed is None or (named and not (implied and named == {"device_class"})):
        return intent
    slots = {key: value for key, value in intent.slots.items() if key != "device_class"}
    return replace(intent, slots={**slots, "deed": deed})


def done_already(resolution: Resolution, context: Context) -> bool:
    """Whether everything is as asked for already, so that the request would change nothing."""
    wished = WISHED.get(resolution.intent.verb)
    states = [context.states.get(entity) for entity in resolution.entities]
    return wished is not None and bool(states) and all(state is not None and state.state == wished for state in states)


def _with_condition(resolution: Resolution, condition: Mapping[str, Any]) -> Resolution:
    slots = {**resolution.intent.slots, "condition": dict(condition)}
    return replace(resolution, intent=replace(resolution.intent, slots=slots))


def _told(resolution: Resolution) -> str:
    if resolution.missing:
        return f"{resolution.intent.name}: nothing here is called {resolution.missing!r}"
    first = resolution.candidates[:3]
    rivals = [f"{'+'.join(one.entities)} {one.cost:+.2f} ({', '.join(one.because)})" for one in first]
    condition = resolution.intent.slots.get("condition") or {}
    when = f"; when: {'+'.join(condition.get('entities') or ()) or condition.get('missing') or condition.get('op')}"
    return f"{resolution.intent.name}: {' | '.join(rivals) or 'no device'}{when if condition else ''}"
