"""Reasons that people give beside what they ask for: "I'm going to bed, turn off the lights".

A reason is a clause of its own with a subject and a verb, that names no thing, no time and no condition, and forbids
nothing; what is left without it must be a whole request. So nothing that could change the request is ever dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.nlu.breaths import COMMANDS
from assistant.nlu.gazetteer import Gazetteer
from assistant.nlu.lexicon import lexicon
from assistant.nlu.normalise import tokenise, words_of
from assistant.nlu.times import fold

_REASON = re.compile(
    r"^(?:(?:because|cause|since|as|so|and|oh|well) )*"
    r"(?:i|we|he|she|they|it|there|nobody|no one|everybody|everyone|somebody|someone|"
    r"(?:my|our|the|a) (?:\w+ ){1,2}?)\s*"
    r"(?:am|is|are|was|were|have|has|had|will|can not|can|could not|do not|does not|did not|got|get|gets|just|going|"
    r"feel|feels|came|comes|left|fell|look|looks|want|wants|need|needs)\b"
)
"""How a reason begins: a subject and its verb."""
_OTHER = frozenset({
    "not now", "never", "unless", "until", "till", "when", "whenever", "if", "except", "but", "before", "after",
    "while", "instead", "only", "mean", "meant", "said", "say", "asked", "told", "tell", "please", "want you",
    "need you",
})  # fmt: skip
"""Words that make a clause more than a reason."""
_KINDS_OF_TIME = frozenset({"dur", "clock", "repeat", "pct", "temp", "kelvin"})


def without_reason(text: str, gazetteer: Gazetteer) -> Iterator[tuple[str, bool]]:
    """What is left of a request when a clause that may only be its reason is left out; the likeliest first.

    The second value tells that the reason names a room ("I'm leaving the office"), which may be where it is meant.

    >>> list(without_reason("I'm going to bed, turn off the lights", Gazetteer()))
    [('turn off the lights', False)]
    """
    seen = set()
    for reason, rest in _cuts(text):
        if rest and rest not in seen and is_reason(words_of(reason), gazetteer):
            seen.add(rest)
            hints = gazetteer.hints(fold(tokenise(words_of(reason))))
            yield rest, any(hint.partition("|")[0] for hint in hints)


def is_reason(words: Sequence[str], gazetteer: Gazetteer) -> bool:
    """Whether a clause only tells why: it has a subject and a verb, and nothing that could be asked for."""
    text = " ".join(words)
    if _REASON.match(text) is None or any(f" {other} " in f" {text} " for other in _OTHER) or COMMANDS & set(words):
        return False
    spans = fold(tokenise(words))
    if any(span.kind in _KINDS_OF_TIME for span in spans):
        return False
    kinds = lexicon().kinds
    named = {hint.partition("|")[0].partition("-")[2] for hint in gazetteer.hints(spans)} - {"", "area", "person"}
    return not named and not any(kinds[span.text].domain != "valve" for span in spans if span.text in kinds)


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """Each way to cut a text into a clause at its beginning or end, and the rest: at commas, or before a verb."""
    for found in re.finditer(r"[,;.!?:]+ *", text):
        before, after = text[: found.start()], text[found.end() :]
        yield before, after
        yield after, before
    for found in re.finditer(r"\b(?:so|because|cause|since)\b", text):
        before, after = text[: found.start()], text[found.end() :]
        yield (before, after) if found.group() == "so" else (after, before)
    words = words_of(text)
    first = next((i for i, word in enumerate(words) if word in COMMANDS), 0)
    if first > 1:
        yield " ".join(words[:first]), " ".join(words[first:])
    for i in range(3, len(words) - 1):
        if _REASON.match(" ".join(words[i:])):
            yield " ".join(words[i:]), " ".join(words[:i])
