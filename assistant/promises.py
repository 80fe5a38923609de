"""What waits, said back: the person's own request without its time, as something the assistant will do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from assistant.nlu.clauses import split
from assistant.nlu.lexicon import without_courtesies
from assistant.nlu.normalise import tokenise, words_of
from assistant.nlu.times import Span, fold
from assistant.timers import moment_in_words

if TYPE_CHECKING:
    from assistant.rules import Rule

_PRONOUNS = {"i": "you", "my": "your", "me": "you", "am": "are", "we": "you", "our": "your", "mine": "yours"}
_BEFORE_A_TIME = frozenset({"at", "on", "in", "after", "around", "by", "from", "starting", "and"})
_AFTER_A_TIME = frozenset({"from", "now", "later", "onwards"})
_TIMES = frozenset({"clock", "day", "repeat"})
_DEEDS = frozenset({
    "turn", "switch", "put", "set", "make", "open", "close", "shut", "lock", "unlock", "start", "stop", "run",
    "play", "pause", "resume", "dim", "brighten", "raise", "lower", "increase", "decrease", "warm", "cool", "heat",
    "preheat", "bake", "brew", "clean", "vacuum", "mow", "water", "dock", "send", "activate", "mute", "unmute",
    "add", "remove", "tell", "remind", "get", "bring", "lift", "drop", "leave", "light", "wake", "announce", "say",
    "shuffle", "cut", "kill",
})  # fmt: skip
"""Verbs that a request may begin with; what begins otherwise ("lights off") is quoted."""


def to_you(words: str) -> str:
    """The person's words, said back to them.

    >>> to_you("i leave my room")
    'you leave your room'
    """
    return " ".join(_PRONOUNS.get(word, word) for word in words.split())


def requested(about: str) -> str:
    """What is to be done, without when and without courtesies.

    >>> requested("When the garage opens, turn on the hall light")
    'turn on the hall light'
    >>> requested("turn off the oven at nine pm please"), requested("turn on the lamp for 10 minutes at 7")
    ('turn off the oven', 'turn on the lamp for 10 minutes')
    """
    found = split(words_of(about))
    words = words_of(found.request) if found is not None and found.request else words_of(about)
    spans = fold(tokenise(without_courtesies(words)))
    kept = [span for i, span in enumerate(spans) if span.text != "please" and not _tells_time(spans, i)]
    return " ".join(span.spoken for span in kept) or about


def promised(about: str) -> str:
    """What will be done, to follow "I will".

    >>> promised("turn off my lamp at nine"), promised("lights off at nine")
    ('turn off your lamp', 'do that: "lights off"')
    """
    request = to_you(requested(about))
    return request if request.partition(" ")[0] in _DEEDS else f'do that: "{request}"'


def promise(rule: Rule, now: datetime, words: str = "") -> str:
    """A sentence about what waits. `words` say when, where that is not in the rule itself."""
    when = words or _when(rule, now)
    if rule.text.startswith("Reminder: "):
        will = f"remind you: {rule.text.removeprefix('Reminder: ').rstrip('.')}"
    else:
        will = "tell you" if rule.text else promised(rule.about)
        if rule.commands:
            will = f'undo "{to_you(rule.about)}"'
    once = "" if rule.due or rule.stays or rule.text else ", once"
    return f"{when[:1].upper()}{when[1:]}, I will {will}{once}."


def _when(rule: Rule, now: datetime) -> str:
    often = f", {rule.repeat}" if rule.repeat else ""
    if rule.due is not None:
        return f"{moment_in_words(rule.due, now)}{often}"
    found = split(words_of(rule.about))
    if found is None:
        return "when it is time"
    trigger = "as soon as" if found.clause.trigger == "if" else found.clause.trigger
    return f"{trigger} {to_you(found.clause.words)}"


def _tells_time(spans: list[Span], i: int) -> bool:
    """Whether a span is part of what says when: a time, the word that leads to it, or one that follows it."""
    if _is_time(spans, i):
        return True
    word, after, before = spans[i].text, spans[i + 1 : i + 2], spans[max(0, i - 1) : i]
    if word in _BEFORE_A_TIME and after and _is_time(spans, i + 1):
        return True
    return word in _AFTER_A_TIME and bool(before) and _tells_time(spans, i - 1)


def _is_time(spans: list[Span], i: int) -> bool:
    before = spans[i - 1].text if i else ""
    following = spans[i + 1].text if i + 1 < len(spans) else ""
    if spans[i].kind == "dur":
        return before in {"in", "after"} or following in {"later", "from"}
    alone = i <= 2 or not following
    return spans[i].kind in _TIMES or (spans[i].kind == "num" and before == "at" and alone)
