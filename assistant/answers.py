"""What a short answer means: which of the things that were asked about, several of them, or none."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.home import Home
from assistant.nlu.lexicon import lexicon
from assistant.nlu.normalise import words_of
from assistant.resolve.names import likeness

ORDINALS = {"first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1, "latter": -1}
ALL = frozenset({"both", "all", "every", "everything"})
ANY = frozenset({
    "any", "either", "whichever", "whatever", "do not care", "do not mind", "does not matter", "any which",
    "no matter which", "you choose", "you decide",
})  # fmt: skip
"""Answers that leave the choice: the likeliest is taken."""
NONE = frozenset({"none", "neither", "nothing", "no", "nevermind"})
MAX_WORDS = 7
"""Longer ones are no answers but requests of their own."""
LIKE, AHEAD = 0.75, 0.05
"""How like a name an answer must be, and how far ahead of the next."""
_FILLERS = frozenset(
    {"one", "please", "in", "the", "of", "them", "ones", "i", "meant", "mean", "just", "only", "it", "is"}
)


def chosen(text: str, options: Sequence[str], home: Home) -> tuple[str, ...] | None:
    """The options that an answer means; empty for none of them, `None` when it is no answer to the question.

    >>> from assistant.home import Entity, Home
    >>> home = Home(entities={key: Entity(key, "light", key) for key in ("left lamp", "right lamp")})
    >>> options = list(home.entities)
    >>> chosen("the right one", options, home), chosen("both of them", options, home), chosen("neither", options, home)
    (('right lamp',), ('left lamp', 'right lamp'), ())
    """
    words = [word for word in words_of(text) if word not in lexicon().fillers]
    meant = _meant(words, options, home)
    if meant is None and "and" in words[1:-1]:
        parts = [part.split() for part in " ".join(words).split(" and ")]
        found = [_meant(part, options, home) for part in parts]
        several = tuple(dict.fromkeys(option for each in found for option in each or ()))
        return several if all(found) else None
    return meant


def _meant(words: list[str], options: Sequence[str], home: Home) -> tuple[str, ...] | None:
    """The options that one part of an answer means."""
    telling = [word for word in words if word not in _FILLERS]
    if len(words) > MAX_WORDS:
        return None
    if len(telling) == 1 and telling[0] in NONE:
        return ()
    if telling and telling[0] in ALL and len(telling) <= 2:
        return tuple(options)
    if " ".join(telling) in ANY:
        return (options[0],)
    if telling[:1] == ["not"]:
        but = _meant(telling[1:], options, home)
        return tuple(option for option in options if option not in but) if but else None
    for word, place in ORDINALS.items():
        if word in words and len(telling) <= 2:
            return (options[place],) if place < len(options) else None
    if words[-2:] == ["the", "other"] or telling == ["other"]:
        return None
    return _named(" ".join(telling), options, home)


def _named(said: str, options: Sequence[str], home: Home) -> tuple[str, ...] | None:
    """The option whose name or room is said."""
    scores = []
    for option in options:
        entity = home.entities[option]
        area = home.areas.get(entity.area or "")
        names = [*entity.names, *((area.name, f"{area.name} {entity.name}") if area else ())]
        telling = [word for name in names for word in name.lower().split()]
        alone = 0.9 if said and " " not in said and said in telling and _tells(said, option, options, home) else 0.0
        scores.append((max([alone, *(likeness(said, name).score for name in names)]), option))
    scores.sort(reverse=True)
    if not scores or scores[0][0] < LIKE or (len(scores) > 1 and scores[0][0] - scores[1][0] < AHEAD):
        return None
    return (scores[0][1],)


def _tells(word: str, option: str, options: Sequence[str], home: Home) -> bool:
    """Whether a word is in the name of only one of the options."""
    return not any(
        word in name.lower().split() for other in options if other != option for name in home.entities[other].names
    )
