"""Saying what is not there: what was understood, and the nearest thing that would work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.home import Entity, Home
from assistant.resolve.kinds import is_kind
from assistant.resolve.names import likeness, spoken_target, whole_home
from assistant.resolve.questions import reading
from assistant.services import supports
from assistant.spoken import joined
from assistant.turn import Context, Intent, Resolution

IS_IT = 0.95
"""From this likeness on a thing is the one that was named."""
NEAR = 0.55
"""From this likeness on a name is worth naming as the nearest."""
MOST = 3
REFERENCES = frozenset({"it", "them", "that", "there", "again", "other one"})
"""Words that point at what was said before."""
PARTICIPLES = {
    "turn_on": "turned on", "turn_off": "turned off", "open": "opened", "close": "closed", "lock": "locked",
    "unlock": "unlocked", "set": "set", "increase": "turned up", "decrease": "turned down", "play": "played on",
    "pause": "paused", "start": "started", "stop": "stopped", "mute": "muted", "activate": "activated",
    "clean": "made to clean", "return": "sent home",
}  # fmt: skip
_SAID_OF_IT = PARTICIPLES | {"play": "played", "clean": "cleaned"}
_SHOWN = ("turn_on", "turn_off", "open", "close", "lock", "start", "set", "play")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def not_explained(words: Sequence[str], intents: Sequence[Intent]) -> str:
    """What was understood of a request, and the words that were not.

    >>> not_explained(["full"], [Intent("home.turn_on", {"name": "fan"}, 0.8)])
    'I understood that the fan should be turned on, but not "full".'
    >>> print(not_explained(["bloop"], []))
    Sorry, I didn't understand "bloop".
    """
    odd = f'"{" ".join(words)}"'
    understood = next((intent for intent in intents if intent.domain not in {"foreign", "dialogue"}), None)
    if understood is None or (understood.verb != "query" and understood.verb not in _SAID_OF_IT):
        return f"Sorry, I didn't understand {odd}."
    target = spoken_target(understood.slots)
    if understood.verb == "query":
        about = "" if target == "that" else f" about the {target}"
        return f"I heard a question{about}, but I didn't understand {odd}."
    what = "something" if target == "that" else f"the {target}"
    return f"I understood that {what} should be {_SAID_OF_IT[understood.verb]}, but not {odd}."


def missing_reason(resolution: Resolution, context: Context, home: Home) -> str:
    """Why nothing here is meant, in one or two sentences."""
    slots, said = resolution.intent.slots, str(resolution.missing)
    able = [each for each in home.entities.values() if supports(each, resolution.intent.verb, slots)]
    if resolution.intent.verb == "query":
        able = list(home.entities.values())
    if slots.get("state") in {"home", "away"} and not any(each.domain in {"person", "device_tracker"} for each in able):
        return "I can't tell who is at home: no person or phone is known here."
    if said == "here":
        return "I don't know which room you are in."
    if said in REFERENCES:
        return f'I don\'t know what "{said}" is.'
    area = slots.get("area")
    if area and not whole_home(str(area)):
        return _not_in_room(resolution, able, context, home)
    if existing := _called(said, home.entities.values()):
        return _cannot(existing, resolution.intent)
    near = _nearest(said, slots, able)
    verb = resolution.intent.verb.replace("_", " ")
    can = PARTICIPLES.get(resolution.intent.verb)
    rest = f" The nearest that can be {can} {_is(near)} {_listed(near)}." if near and can else ""
    what = "here" if resolution.intent.verb == "query" else f"that I can {verb}"
    return f"I don't know {_article(said)} {what}.{rest}"


def _not_in_room(resolution: Resolution, able: list[Entity], context: Context, home: Home) -> str:
    """There is no such thing in that room, or no such room; where there is one."""
    slots = resolution.intent.slots
    area = str(slots["area"])
    rooms = [
        each for each in home.areas.values() if max(likeness(area, n).score for n in (each.name, *each.aliases)) > 0.8
    ]
    noun = _noun(slots)
    some = [each for each in able if is_kind(each, slots.get("domain"), slots.get("device_class"))]
    if slots.get("name") and not slots.get("domain") and not slots.get("device_class"):
        some = _called(str(slots["name"]), able)
    counts = Counter(each.area for each in some if each.area in home.areas)
    best = sorted(counts, key=lambda room: (room != context.room, -counts[room], str(room)))[:MOST]
    if noun == "device" and rooms and resolution.intent.verb == "query" and slots.get("attribute"):
        what = str(slots["attribute"]).replace("_", " ")
        return f"Nothing in the {area} tells the {what}.{_elsewhere(able, slots, context)}"
    if noun == "device":
        can = PARTICIPLES.get(resolution.intent.verb, "used like that")
        can = f"made {slots['color']}" if slots.get("color") else can
        return f"Nothing in the {area} can be {can}." if rooms else f"There is no {area} here."
    here = [each for each in home.entities.values() if each.area in {room.id for room in rooms}]
    if unable := [each for each in here if is_kind(each, slots.get("domain"), slots.get("device_class"))]:
        return _cannot(unable, resolution.intent)
    lead = f"There is no {noun} in the {area}."
    if not best:
        return f"{lead} There is none anywhere else either."
    first = home.areas[str(best[0])].name
    if len(best) == 1 or best[0] == context.room:
        return f"{lead} The {first} has {_number(counts[best[0]])}."
    return f"{lead} There is one in {joined([f'the {home.areas[str(room)].name}' for room in best])}."


def _elsewhere(able: Sequence[Entity], slots: Mapping[str, Any], context: Context) -> str:
    """The nearest that tells what is asked."""
    telling = [each for each in able if reading(each, str(slots["attribute"]), context.states.get(each.id)) is not None]
    return f" {_capital(_listed(telling[:MOST]))} {'does' if len(telling) == 1 else 'do'}." if telling else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cannot(existing: Sequence[Entity], intent: Intent) -> str:
    """It is there, and can't do that; what it can do."""
    entity, verb = existing[0], intent.verb
    if entity.domain == "light" and verb in {"set", "increase", "decrease"}:
        tone = intent.slots.get("color") or intent.slots.get("color_temp")
        tone = f"{tone} kelvin" if isinstance(tone, int | float) else tone
        return f"The {entity.name} can't {f'shine in {tone}' if tone else 'be dimmed'}."
    can = [PARTICIPLES[other] for other in _SHOWN if other != verb and supports(entity, other, {})][:MOST]
    rest = f"; it can be {joined(can)}" if can else ""
    return f"The {entity.name} can't be {PARTICIPLES.get(verb, 'used like that')}{rest}."


def _called(said: str, entities: Iterable[Entity]) -> list[Entity]:
    return [entity for entity in entities if any(likeness(said, name).score >= IS_IT for name in entity.names)]


def _nearest(said: str, slots: Mapping[str, Any], able: list[Entity]) -> list[Entity]:
    """Things of the kind that was named, or else those with the likest names."""
    kind = (slots.get("domain"), slots.get("device_class"))
    if any(kind) and (same := [each for each in able if is_kind(each, *kind)]):
        return same[:MOST]
    scored = [(max(likeness(said, name).score for name in each.names), each.id, each) for each in able]
    best = max(scored, default=None, key=lambda one: (one[0], one[1]))
    return [best[2]] if best is not None and best[0] >= NEAR else []


def _noun(slots: Mapping[str, Any]) -> str:
    word = slots.get("name") or slots.get("device_class") or slots.get("domain") or "device"
    return "device" if word == "all" else str(word).replace("_", " ").removesuffix("s")


def _article(words: str) -> str:
    if words.startswith(("a ", "an ", "the ", "my ")):
        return words
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _is(some: Sequence[object]) -> str:
    return "is" if len(some) == 1 else "are"


def _listed(entities: Sequence[Entity]) -> str:
    return joined(list(dict.fromkeys(f"the {entity.name}" for entity in entities)))
