"""Timers that run are things a person may call by name: "cancel the eggs", "how long have I got left on the pizza"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.nlu.lexicon import normal
from assistant.timers import Timer
from assistant.turn import Intent, Interpretation, Parse

_MEANS = {
    "dialogue.cancel": "timer.cancel", "schedule.cancel": "timer.cancel", "timer.cancel": "timer.cancel",
    "home.stop": "timer.cancel", "home.turn_off": "timer.cancel", "home.query": "timer.query",
    "timer.query": "timer.query", "home.pause": "timer.pause", "timer.pause": "timer.pause",
    "timer.resume": "timer.resume", "timer.change": "timer.change",
}  # fmt: skip
"""What a request is about a timer, when it names one."""
_ANOTHER = frozenset({"one", "another", "another one", "too", "also"})
_KINDS = frozenset({"timer", "alarm"})


def about_timers(parse: Parse, timers: Iterable[Timer], last: Intent | None) -> Parse | None:
    """The request read as one about a timer that runs; `None` when it names none. `last` is the last intent.

    Of the words that nothing explained, the timer's name is explained, and "one" right after setting a timer.
    """
    best = parse.best
    if len(best.intents) != 1:
        return None
    intent = best.intents[0]
    if intent.name == "timer.start":
        if last is None or last.name != "timer.start" or not set(best.unexplained) & _ANOTHER:
            return None
        return _read(parse, intent, [words for words in best.unexplained if words not in _ANOTHER])
    name = _MEANS.get(intent.name)
    called = {normal(word) for words in (*best.unexplained, *_named(intent)) for word in words.split()} - _KINDS
    meant = next((timer for timer in timers if called and called <= _given(timer)), None)
    if name is None or meant is None:
        return None
    kept = {key: each for key, each in intent.slots.items() if key in {"amount", "change", "at", "at_ambiguous"}}
    return _read(parse, Intent(name, {**kept, "timer_name": " ".join(called)}, intent.confidence), [])


def _read(parse: Parse, intent: Intent, unexplained: list[str]) -> Parse:
    best: Interpretation = replace(parse.best, intents=(intent,), unexplained=tuple(unexplained))
    return Parse(best, parse.alternatives)


def _named(intent: Intent) -> list[str]:
    """What the request names, by which it could also be about a device."""
    return [str(intent.slots[key]) for key in ("name", "about", "timer_name") if intent.slots.get(key)]


def _given(timer: Timer) -> set[str]:
    """The words of the name that somebody gave to a timer."""
    return {normal(word) for word in timer.name.split()} - _KINDS
