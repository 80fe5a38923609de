"""Self-repairs that the words alone tell: what is taken back, a word that marks it, and what is said instead.

A repair has a reparandum, an interregnum and a repair (Shriberg, 1994, "Preliminaries to a theory of speech
disfluencies"). Here are the two forms in which the repair fits its reparandum word by word; the slot tagger, which is
trained on all others, knows of no word outside the sentence that it reads. Beside them "but", where it opposes one
command to another instead of excepting something.
"""

from __future__ import annotations

from collections.abc import Sequence

HESITATIONS = frozenset({"er", "err", "erm", "uh", "uhm", "um", "umm", "hmm", "eh"})
MARKERS = (
    ("no", "i", "mean"), ("i", "mean"), ("no", "wait"), ("wait", "no"), ("no", "sorry"), ("sorry", "no"),
    ("or", "rather"), ("make", "that"), ("no",), ("wait",), ("sorry",), ("actually",), ("rather",), ("oops",),
)  # fmt: skip
"""What may stand between, longest first where one ends like another."""
OPPOSED = {
    "on": "off", "off": "on", "open": "close", "close": "open", "up": "down", "down": "up", "lock": "unlock",
    "unlock": "lock", "closed": "open",
}  # fmt: skip
_ARTICLES = frozenset({"the", "my", "our", "a"})
_KEEPING = frozenset({"leave", "keep", "leaving", "keeping", "not", "is", "are", "that", "for"})
_STATES = frozenset({"on", "off", "open", "closed", "up", "down", "locked", "unlocked"})
MOST = 3
"""Words that are taken back after an article, and words of what is opposed."""


def repaired(words: Sequence[str]) -> list[str]:
    """The words as they were meant.

    >>> " ".join(repaired("turn on the kitchen light wait off".split()))
    'turn off the kitchen light'
    >>> " ".join(repaired("switch on the left er the right lamp".split()))
    'switch on the right lamp'
    >>> " ".join(repaired("kitchen light on but hall light off".split()))
    'kitchen light on and hall light off'
    >>> " ".join(repaired("all the lights off but leave the hall on".split()))
    'all the lights off but leave the hall on'
    """
    return _opposing(_retraced(_turned_round(list(words))))


def _turned_round(words: list[str]) -> list[str]:
    """With the direction that was said last: "turn ON the light, wait, OFF"."""
    meant = words[-1] if words else ""
    if meant not in OPPOSED:
        return words
    marker = next((each for each in MARKERS if tuple(words[-1 - len(each) : -1]) == each), ())
    begun = words[: len(words) - 1 - len(marker)]
    if not marker or begun.count(OPPOSED[meant]) != 1:
        return words
    return [meant if word == OPPOSED[meant] else word for word in begun]


def _retraced(words: list[str]) -> list[str]:
    """Without what stands between two equal articles, up to a hesitation: "the left, er, the right lamp"."""
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else ""
        if word in HESITATIONS and after in _ARTICLES:
            starts = [i for i in range(max(0, place - MOST - 1), place) if words[i] == after]
            if starts:
                return words[: starts[-1]] + words[place + 1 :]
    return words


def _opposing(words: list[str]) -> list[str]:
    """With "and" for a "but" that begins a command of its own: "the kitchen on but the hall OFF"."""
    if words.count("but") != 1 or not words or words[-1] not in _STATES:
        return words
    place = words.index("but")
    opposed = words[place + 1 :]
    short = 1 < len(opposed) <= MOST + 2
    if not short or _KEEPING & set(opposed) or not _STATES & set(words[:place]):
        return words
    return [*words[:place], "and", *opposed]
