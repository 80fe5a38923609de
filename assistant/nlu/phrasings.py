"""Sentences that the assistant understands in one home: for the recogniser's language model, help and tests."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources

from assistant.home import Home
from assistant.nlu.fillers import GROUPS, Fillers
from assistant.nlu.generate import Generator, balanced
from assistant.nlu.normalise import words_of
from assistant.nlu.numerals import spell
from assistant.nlu.templates import Choices, NothingToSayError, Patterns, templates

NOT_LISTED = 0.03
"""Chance that a request is not among the thousands of `phrasings`. A larger one costs more of those than it brings of
others: of 100 of each in synthetic voices, quiet and at 10 dB, 0.02 heard 90 and 72 right, 0.1 84 and 74."""
DRAWN = 600
"""Times that a slot is filled at random to learn what may stand in it, and how often."""
IN_VAIN = 20
"""Times until a slot is given up that nothing fills."""
_NOT_UNDERSTOOD = ("foreign.", "dialogue.prohibit")


def phrasings(home: Home, count: int, seed: int = 0) -> Iterator[str]:
    """Up to `count` different sentences in spoken form: lower case, numbers in words, no punctuation.

    The same home, count and seed give the same sentences. Every name of the home occurs first; a tiny home may have
    fewer than `count`.

    >>> from assistant.home import Area, Entity, Home
    >>> home = Home(areas={"k": Area("k", "Kitchen")}, entities={"light.k": Entity("light.k", "light", "Lamp 2", "k")})
    >>> "turn on the lamp two" in set(phrasings(home, 50))
    True
    """
    seen: set[str] = set()
    for tries, text in enumerate(_texts(home, random.Random(seed))):
        if len(seen) >= count or tries > 20 * count + 200:
            return
        spoken_text = spoken(text)
        if spoken_text not in seen:
            seen.add(spoken_text)
            yield spoken_text


def patterns(home: Home, seed: int = 0) -> Patterns:
    """All templates as a grammar for this home, each class of requests as likely as any other.

    >>> from assistant.home import Area, Entity, Home
    >>> home = Home(areas={"k": Area("k", "Kitchen")}, entities={"light.k": Entity("light.k", "light", "Lamp 2", "k")})
    >>> sorted(patterns(home).fill("one", "light"))[0]
    ('kitchen', 'lamp')
    """
    fillers = Fillers(home, random.Random(seed), open=False)

    def fill(slot: str, argument: str) -> Choices:
        return _choices(fillers, slot, argument)

    known = [template for template in templates() if not template.label.startswith(_NOT_UNDERSTOOD)]
    return Patterns(tuple(zip((template.node for template in known), balanced(known), strict=True)), fill, NOT_LISTED)


def _choices(fillers: Fillers, slot: str, argument: str) -> Choices:
    """What stands in a slot, drawn often, and of every thing that fits each name at least once."""
    found: Counter[tuple[str, ...]] = Counter()
    if slot in {"one", "target"} and argument in GROUPS:
        fitting = [entity for entity in fillers.home.entities.values() if GROUPS[argument](entity)]
        found.update(tuple(spoken(name).split()) for entity in fitting for name in entity.names)
    for drawn in range(DRAWN):
        try:
            pieces = fillers(slot, argument)
        except NothingToSayError:
            if drawn > IN_VAIN and not found:
                break
            continue
        found[tuple(spoken(" ".join(piece.text for piece in pieces if piece.text)).split())] += 1
    return found


@cache
def background() -> tuple[str, ...]:
    """What people say that is not for a home: without it, a recogniser would hear a command in all of it."""
    text = resources.files("assistant.nlu").joinpath("data/background.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line)


def spoken(text: str) -> str:
    """The text as a person says it: numbers in words, nothing but words.

    >>> spoken("Set the Desk-Lamp 2 to 40%")
    'set the desk lamp two to forty percent'
    """
    return " ".join(_said(word) for word in words_of(text))


def _said(word: str) -> str:
    if not word[0].isdigit():
        return word
    hours, _, minutes = word.partition(":")
    return " ".join(spell(float(part)) for part in (hours, minutes) if part and float(part) < 1e6)


def _texts(home: Home, rng: random.Random) -> Iterator[str]:
    yield from _EVERYDAY
    yield from _names(home)
    yield from _timers()
    for sentence in Generator(home, rng, rich=False).sentences():
        if not sentence.clauses[0].label.startswith(_NOT_UNDERSTOOD):
            yield sentence.text


_VERBS = {
    "light": ("turn on the", "turn off the", "dim the"),
    "cover": ("open the", "close the"),
    "lock": ("lock the", "unlock the"),
    "scene": ("activate", ""),
    "script": ("run", ""),
    "vacuum": ("start the",),
    "sensor": ("what is the",),
    "todo": ("what is on the",),
    "media_player": ("turn on the", "turn off the", "pause the"),
}


_EVERYDAY = (
    *("yes", "yes please", "yeah", "sure", "okay", "do it", "no", "no thanks", "nope", "never mind", "stop", "cancel"),
    *("undo that", "undo", "say that again", "repeat that", "thank you", "thanks", "help", "what can i say"),
    *(
        "turn it on",
        "turn it off",
        "turn them on",
        "turn them off",
        "open it",
        "close it",
        "dim it",
        "brighter",
        "louder",
    ),
    *("quieter", "turn it up", "turn it down", "make it brighter", "make it warmer", "make it colder", "a bit warmer"),
    *(
        "which lights are on",
        "which doors are open",
        "what is the temperature",
        "turn on the lights",
        "turn off the lights",
    ),
    *("turn off all the lights", "turn everything off", "turn the volume up", "turn the volume down", "mute the tv"),
)
"""What is said in every home, every day."""


def _timers() -> Iterator[str]:
    """Timers and alarms of the usual lengths, names and hours."""
    for minutes in (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 45, 50, 60, 90):
        yield f"set a timer for {minutes} minutes"
        yield f"set a {minutes} minute timer"
        yield from (f"set a {minutes} minute {name} timer" for name in ("pizza", "egg", "tea", "pasta", "laundry"))
    for hour in range(1, 13):
        yield from (f"wake me up at {hour}", f"set an alarm for {hour}", f"wake me up at {hour} thirty")
    for name in ("", "pizza ", "egg ", "tea ", "pasta ", "laundry "):
        yield from (f"cancel the {name}timer", f"how much time is left on the {name}timer", f"stop the {name}timer")


_SPANS = {
    "light": ("set the {} to {} percent", range(10, 101, 10)),
    "fan": ("set the {} to {} percent", range(25, 101, 25)),
    "cover": ("set the {} to {} percent", range(25, 101, 25)),
    "media_player": ("set the {} volume to {} percent", range(10, 101, 10)),
    "thermostat": ("set the {} to {} degrees", range(15, 27)),
    "oven": ("set the {} to {} degrees", range(100, 251, 10)),
}
"""Values that people give to a kind or a domain, said in full."""


def _names(home: Home) -> Iterator[str]:
    """Every name at least once, with the verbs that fit it and the values that it usually gets."""
    for entity in home.entities.values():
        area = home.areas.get(entity.area or "")
        for name in entity.names:
            for verb in _VERBS.get(entity.domain, ("turn on the", "turn off the")):
                yield f"{verb} {name}"
                if area and area.name.lower() not in name.lower() and entity.domain in {"light", "cover", "fan"}:
                    yield f"{verb} {area.name} {name}"
            yield from (f"no the {name}", f"the {name}", f"is the {name} {_ASKED.get(entity.domain, 'on')}")
            template, values = _SPANS.get(entity.kind) or _SPANS.get(entity.domain) or ("", ())
            yield from (template.format(name, value) for value in values)
    for area in home.areas.values():
        for name in (area.name, *area.aliases):
            yield from (f"turn on the {name} lights", f"turn off the lights in the {name}", f"no the {name}", name)
            yield from (f"the {name} one", f"what is the temperature in the {name}")


_ASKED = {"cover": "open", "lock": "locked", "media_player": "playing", "vacuum": "cleaning"}
"""What is asked about first, by domain."""
