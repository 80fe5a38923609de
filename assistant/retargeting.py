"""The last request with another target: "the other one", "the right one", "no, the bedroom", "and the kitchen too"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from assistant.answers import chosen
from assistant.home import Home
from assistant.nlu.frames import inherit
from assistant.nlu.lexicon import lexicon
from assistant.resolve import Resolver
from assistant.resolve.preferred import ANSWERED
from assistant.resolve.resolver import NAME_LIKELY
from assistant.turn import Candidate, Intent, Parse, Resolution, Turn

TARGET_SLOTS = ("name", "area", "floor", "domain", "device_class", "quantity", "except", "reference")
OTHER = re.compile(r"\b(?:the|an)other(?: ones?)?\b|\bthe other\b|^other ones?$")
ONE = re.compile(r"\b(?:the|that) (?P<which>\w+(?: \w+)?) ones?\b")
"""A thing that is told from others of its kind by a word: "the right one"."""


def with_choice(resolution: Resolution, options: tuple[str, ...], meant: tuple[str, ...]) -> Resolution:
    """The resolution that was in question, with the person's choice as its only candidate."""
    if not set(resolution.entities) & set(options):
        return resolution
    found = Candidate(meant, 0.0, (ANSWERED,))
    domain = meant[0].partition(".")[0]
    intent = replace(resolution.intent, name=f"{domain}.{resolution.intent.verb}")
    return Resolution(intent, (found,), 1.0, None, found.because)


def with_other(turn: Turn) -> Turn:
    """The turn with "the other one" as what its first intent refers to."""
    assert turn.parse is not None, "understood before"
    best = turn.parse.best
    slots = dict(best.intents[0].slots)
    if not OTHER.search(best.text.lower()) and set(slots) != {"except"}:
        return turn
    # "Not the bedroom one" leaves the other one.
    first = replace(best.intents[0], slots={**slots, "reference": "other"})
    plain = lexicon().function_words
    left = tuple(words for words in best.unexplained if words not in plain and not OTHER.search(words.lower()))
    read = replace(best, intents=(first, *best.intents[1:]), unexplained=left)
    return replace(turn, parse=Parse(read, turn.parse.alternatives))


def with_one(turn: Turn, last: Turn | None, home: Home) -> Turn:
    """The turn with the target of "the right one": of the things like the last one, that which is called so."""
    assert turn.parse is not None, "understood before"
    first, *rest = turn.parse.intents
    said = ONE.search(turn.executed.lower())
    if said is None or first.slots or last is None or not last.entities:
        return turn
    known = [home.entities[each] for each in last.entities if each in home.entities]
    alike = [each.id for each in home.entities.values() if each.domain in {one.domain for one in known}]
    near = [each for each in alike if home.entities[each].area in {one.area for one in known}]
    meant = chosen(said["which"], near, home) or chosen(said["which"], alike, home)
    if not meant:
        return turn
    entity = home.entities[meant[0]]
    room = home.areas.get(entity.area or "")
    area = {"area": room.name} if room else {}
    told = replace(first, slots={"name": entity.name, **area})
    best = replace(turn.parse.best, intents=(told, *rest), unexplained=())
    return replace(turn, parse=Parse(best, turn.parse.alternatives))


def retargeted(base: Intent, correction: Mapping[str, Any], last: Turn | None, resolver: Resolver) -> Intent:
    """The earlier intent with the target of the correction; what the correction leaves open stays as it was."""
    told = inherit(Intent("dialogue.also", correction), base)
    target = {key: correction[key] for key in TARGET_SLOTS if key in correction}
    kept = {key: value for key, value in told.slots.items() if key not in TARGET_SLOTS}
    if "name" not in target and "domain" not in target and "device_class" not in target:
        kept |= {key: base.slots[key] for key in ("domain", "device_class", "quantity") if key in base.slots}
        if "name" in base.slots and _has(target.get("area"), str(base.slots["name"]), resolver):
            kept["name"] = base.slots["name"]
        elif "name" in base.slots and last is not None and last.entities:
            kept["domain"] = resolver.home.entities[last.entities[0]].domain
    # A scene is activated, but what it was mistaken for is switched on.
    verb = "turn_on" if base.verb in {"activate", "start"} else told.verb
    return Intent(f"home.{verb}", {**kept, **target}, base.confidence)


def _has(area: object, name: str, resolver: Resolver) -> bool:
    """Whether a room has a thing of that name."""
    rooms = resolver.index.areas(str(area)) if area else []
    there = [entity for entity in resolver.home.entities.values() if entity.area in rooms]
    found = resolver.index.best(name, there)
    return bool(found) and found[0][1].score >= NAME_LIKELY


MORE = re.compile(r"^(?:(?:a|some|even|just|still|once|bit|little|tad|touch|lot|much) )*(?:more|further)(?: please)?$")
"""A change that goes on as before, whichever way that was."""
_HOW = ("attribute", "amount", "unit", "factor")


def continued(turn: Turn, last: Turn | None) -> Turn:
    """After "dim the light", "more" is still dimmer; `last` is the last turn, if it was just now."""
    assert turn.parse is not None, "understood before"
    before = last.parse.intents[0] if last and last.parse and last.parse.intents else None
    if (
        before is None
        or before.verb not in {"increase", "decrease"}
        or not MORE.match(turn.executed.lower().strip(" .!"))
    ):
        return turn
    told = {key: before.slots[key] for key in _HOW if key in before.slots}
    best = replace(turn.parse.best, intents=(Intent(before.name, told, before.confidence),), unexplained=())
    return replace(turn, parse=Parse(best, turn.parse.alternatives))


UNDER_WAY = frozenset({"playing", "cleaning", "mowing"})
STOP = re.compile(r"^(?:please )?stop(?: (?:it|that|now))?(?: please)?$")


def stopping(turn: Turn, spoken_of: Collection[str]) -> Turn | None:
    """The turn in which "stop" pauses what plays or goes about, here or as it was just asked for; `None` else."""
    assert turn.parse is not None, "understood before"
    states = turn.context.states
    running = [entity for entity in spoken_of if entity in states and states[entity].state in UNDER_WAY]
    if not running or not STOP.match(turn.executed.lower().strip(" .!")):
        return None
    best = replace(turn.parse.best, intents=(Intent("home.pause", {"reference": "it"}),), unexplained=())
    return replace(turn, parse=Parse(best, turn.parse.alternatives))
