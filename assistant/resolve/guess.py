"""What words that mean nothing may have been: a device that sounds like them. Good for a question, not for an act.

"Close the garlic store" has a verb that this home knows and a thing that it does not. Where exactly one device that can
be closed sounds much like it, the person is asked whether it was meant. Both limits were set on the development part
of open data: foreign requests that name a verb of the home ("turn in my homework") must not be asked about.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.nlu.normalise import tokenise
from assistant.resolve.names import normalise
from assistant.resolve.resolver import Resolver
from assistant.services import supports
from assistant.turn import Candidate, Intent, Parse, Resolution

NEAR = 0.6
"""From this likeness on a mention may have been a device's name."""
NEAR_ALONE = 0.7
"""The same for a single word, which sounds like more things."""
AHEAD = 0.05
"""How much likelier it must be than any other device that the verb suits."""
UNLIKELY = 0.05
"""Readings whose intent is less likely are not looked at."""
MOST_WORDS = 4
"""More words are no name."""
_VERBS = frozenset({"turn_on", "turn_off", "open", "close", "lock", "unlock", "start"})


def nearest(parse: Parse, resolver: Resolver) -> Resolution | None:
    """The one device that unexplained words may have meant, or `None`."""
    for intent, words in _unheard(parse):
        able = [each for each in resolver.home.entities.values() if supports(each, intent.verb, {})]
        found = resolver.index.best(" ".join(words), able)[:2]
        least = NEAR if len(words) > 1 else NEAR_ALONE
        if found and found[0][1].score >= least and (len(found) < 2 or found[0][1].score - found[1][1].score >= AHEAD):
            entity, alike = found[0]
            if not _numbers(words) <= _numbers(normalise(entity.name).split()):
                # A time or a value is no part of a name that was misheard.
                continue
            meant = Intent(f"{entity.domain}.{intent.verb}", {"name": normalise(entity.name)}, intent.confidence)
            candidate = Candidate((entity.id,), 1 - alike.score, (alike.because,), alike.score)
            return Resolution(meant, (candidate,), round(alike.score**3, 4), None, (alike.because,), guessed=True)
    return None


def _numbers(words: list[str]) -> set[str]:
    """What is a number in digits or in words, as it was said."""
    digits = {word for word in words if any(sign.isdigit() for sign in word)}
    return digits | {token.spoken for token in tokenise(words) if token.number is not None}


def _unheard(parse: Parse) -> Iterator[tuple[Intent, list[str]]]:
    """The readings that command one thing by words that nothing explains, perhaps beside those of a name or a room."""
    for reading in (parse.best, *parse.alternatives):
        if len(reading.intents) != 1 or not reading.unexplained:
            continue
        intent = reading.intents[0]
        known = " ".join(str(intent.slots[key]) for key in ("name", "area") if key in intent.slots)
        odd = {*" ".join(reading.unexplained).split(), *known.split()}
        words = [word for word in normalise(reading.text).split() if word in odd]
        able = intent.domain == "home" and intent.verb in _VERBS and intent.confidence >= UNLIKELY
        if able and 0 < len(words) <= MOST_WORDS and not intent.slots.keys() - {"quantity", "name", "area"}:
            yield intent, words
