"""What is said beside the target: values, amounts, times, states, titles. What can't be read is not explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.nlu.features import Mention
from assistant.nlu.lexicon import lexicon
from assistant.nlu.times import Span

Slots = dict[str, Any]
Reading = Slots | None
"""`None`: the mention is not what its tag says, so its words are not explained."""


def read_values(clause: Sequence[Mention], label: str) -> tuple[Slots, list[str]]:
    """The slots of all mentions that are no target, and the words that could not be read."""
    slots: Slots = {}
    odd: list[str] = []
    for i, mention in enumerate(clause):
        if mention.tag == "TIME":
            reading = read_time(clause, i, label)
        elif mention.tag == "WHEN":
            reading = _condition(clause, i)
        elif mention.tag == "VALUE" and _is_change(clause, i, label):
            reading = _amount(mention, label)
        elif mention.tag == "FACTOR":
            reading = _factor(mention, label)
        elif mention.tag in _READERS:
            reading = _READERS[mention.tag](mention)
        else:
            continue
        if reading is None:
            odd.append(mention.spoken)
        else:
            for key, value in reading.items():
                slots[key] = f"{slots[key]} {value}" if key in _ADDED_UP and key in slots else value
    if slots.get("attribute") in _MEASURED and slots.get("mode") in lexicon().values:
        slots |= {"value": lexicon().values[slots.pop("mode")], "unit": "%"}
    return slots, odd


def _is_change(clause: Sequence[Mention], i: int, label: str) -> bool:
    """Whether a number says by how much: "down two degrees", in contrast to "down to two degrees"."""
    before = clause[i - 1].text if i else ""
    return label.startswith(("home.increase", "home.decrease")) and before not in {"to", "at", "on"}


_MEASURED = frozenset({"brightness", "volume", "position"})
"""Attributes that have no modes: "max" is a value there."""
_ADDED_UP = frozenset({"title", "message", "when", "timer_name"})


def _number(mention: Mention) -> tuple[float, str | None] | None:
    """A number with its unit: `%`, `C`, `F`, `degrees`, `K`; two numbers in a row are read like "one eighty"."""
    numbers = [span for span in mention.spans if span.kind in {"num", "pct", "temp", "kelvin"}]
    if not numbers:
        value = lexicon().values.get(mention.text)
        return (value, "%") if value is not None else None
    last = numbers[-1]
    value, unit = last.value if last.kind == "temp" else (last.value, {"pct": "%", "kelvin": "K"}.get(last.kind))
    if len(numbers) == 2 and numbers[0].kind == "num" and numbers[0].value < 10 <= value < 100:
        value += 100 * numbers[0].value
    elif len(numbers) > 1:
        return None
    return (int(value) if float(value).is_integer() else value), unit


def _value(mention: Mention) -> Reading:
    found = _number(mention)
    return None if found is None else {"value": found[0], **({"unit": found[1]} if found[1] else {})}


_FRACTIONS = frozenset({25.0, 33.0, 50.0, 66.0, 75.0})
"""Percentages that were said as words: "by half", "by a third"."""


def _amount(mention: Mention, label: str = "") -> Reading:
    """By how much; a fraction said in words is one of what is there now, but not of how far something is open."""
    found = _number(mention)
    worded = not any(span.kind in {"num", "pct", "temp"} for span in mention.spans)
    if found is not None and worded and found[0] in _FRACTIONS and not label.endswith("/position"):
        share = found[0] / 100
        return {"factor": round(1 - share if label.startswith("home.decrease") else 1 + share, 2)}
    return None if found is None else {"amount": found[0], **({"unit": found[1]} if found[1] else {})}


def _factor(mention: Mention, label: str) -> Reading:
    """How many times as much as now: "half as" bright is 0.5; "a third" dimmer is 0.67."""
    words = lexicon()
    if mention.text in words.factors:
        return {"factor": words.factors[mention.text]}
    fraction = words.fractions.get(mention.text)
    if fraction is None:
        return None
    return {"factor": round(1 - fraction if label.startswith("home.decrease") else 1 + fraction, 2)}


def _color_temp(mention: Mention) -> Reading:
    if mention.spans[0].kind in {"kelvin", "num"} and len(mention.spans) == 1:
        return {"color_temp": int(mention.spans[0].value)}
    return {"color_temp": mention.text} if mention.text in lexicon().color_temps else None


def _known(slot: str, table: Callable[[], Mapping[str, str]]) -> Callable[[Mention], Reading]:
    def read(mention: Mention) -> Reading:
        last = " ".join(span.text for span in mention.spans[1:])
        meaning = table().get(mention.text) or table().get(last)
        return {slot: meaning} if meaning else None

    return read


def _color(mention: Mention) -> Reading:
    if mention.text in lexicon().colors:
        return {"color": mention.text}
    return {"color_temp": mention.text} if mention.text in lexicon().color_temps else None


def _words(slot: str) -> Callable[[Mention], Reading]:
    return lambda mention: {slot: mention.spoken}


_ATTRIBUTE = _known("attribute", lambda: lexicon().attributes)
_READERS: Mapping[str, Callable[[Mention], Reading]] = {
    "VALUE": _value,
    "AMOUNT": _amount,
    "COLOR": _color,
    "CTEMP": _color_temp,
    "MODE": lambda mention: {"mode": mention.text} if mention.text in lexicon().modes else None,
    "SOURCE": lambda mention: {"source": mention.text},
    "STATE": _known("state", lambda: lexicon().states),
    "ATTR": lambda mention: {} if mention.text in lexicon().function_words else _ATTRIBUTE(mention),
    "TNAME": _words("timer_name"),
    "TITLE": _words("title"),
    "ITEM": _words("item"),
    "LIST": _words("list"),
    "MESSAGE": _words("message"),
    "PLACE": _words("place"),
}


def read_time(clause: Sequence[Mention], i: int, label: str) -> Reading:
    """What a time means by the word before it: in, for, at, until."""
    span = clause[i].spans[0]
    before = clause[i - 1].text if i and not clause[i - 1].tag else ""
    following = [mention.text for mention in clause[i + 1 : i + 3]]
    if span.kind == "dur" and _is_length(clause, i, label):
        return {"length": _whole(span.value)}
    if before in {"until", "till"}:
        return _until(span)
    if span.kind == "dur":
        return _duration(span.value, before, following, label)
    if span.kind == "clock":
        text, sure = span.value
        return {"at": text} if sure else {"at": text, "at_ambiguous": True}
    if span.kind == "num" and span.value == int(span.value) and 0 <= span.value < 24 and before not in {"in", "for"}:
        return _hour(int(span.value), clause[i].spans[1:])
    if span.kind == "num" and label == "timer.start" and before == "for" and span.value > 0:
        # A timer is set for minutes; an alarm, for an hour of the clock.
        return {"duration": _whole(span.value * 60)}
    if span.kind == "num" and label.startswith("timer.") and before == "for" and 0 < span.value < 24:
        return _hour(int(span.value), clause[i].spans[1:])
    if span.kind == "day":
        return {"day": span.value}
    if span.kind == "repeat":
        return {"repeat": span.value} if label.startswith("timer.") else {"when": span.value}
    return None


def _until(span: Span) -> Slots:
    """The end of something, where it is a time of the clock; an hour that may be either is the next one."""
    if span.kind == "clock":
        text, sure = span.value
        return {"until": text} if sure else {"until": text, "until_ambiguous": True}
    if span.kind == "num" and span.value == int(span.value) and 0 < span.value <= 12:
        return {"until": f"{int(span.value):02d}:00", "until_ambiguous": True}
    return {"when": f"until {span.spoken}"}


def _hour(hour: int, rest: Sequence[Any]) -> Reading:
    """An hour without am or pm: "at nine", "at seven thirty"."""
    if len(rest) > 1 or (rest and (rest[0].kind != "num" or not 0 <= rest[0].value < 60)):
        return None
    minute = int(rest[0].value) if rest else 0
    ambiguous = {"at_ambiguous": True} if 0 < hour <= 12 else {}
    return {"at": f"{hour:02d}:{minute:02d}", **ambiguous}


_OF_RUNNING = ("timer.cancel", "timer.query", "timer.change", "timer.pause", "timer.resume")


def _is_length(clause: Sequence[Mention], i: int, label: str) -> bool:
    """Whether a duration is that of the timer that is meant: "the 5 minute TIMER", "the TIMER FOR 5 minutes"."""
    if not label.startswith(_OF_RUNNING):
        return False
    before = [mention.text for mention in clause[max(0, i - 2) : i]]
    after = [mention.text for mention in clause[i + 1 : i + 2]]
    return after in (["timer"], ["timers"]) or before in (["timer", "for"], ["timer", "of"])


def _whole(seconds: float) -> float:
    return int(seconds) if float(seconds).is_integer() else seconds


def _duration(seconds: float, before: str, following: Sequence[str], label: str) -> Slots:
    seconds = _whole(seconds)
    if label == "timer.change/add":
        return {"amount": seconds}
    if label == "timer.change/remove":
        return {"amount": -seconds}
    if label.startswith("timer."):
        return {"duration": seconds}
    if before in {"in", "after"} or following[:1] == ["later"] or following == ["from", "now"]:
        return {"after": seconds}
    return {"for": seconds}


def _condition(clause: Sequence[Mention], i: int) -> Reading:
    """The words of a condition; a plain "when" or "if" is left out, "until" and "unless" are kept."""
    before = [mention.text for mention in clause[max(0, i - 3) : i] if not mention.tag]
    trigger = next(
        (text for size in (3, 2, 1) if (text := " ".join(before[-size:])) in lexicon().conditions and text), None
    )
    if trigger is None:
        return None
    plain = trigger in {"when", "if", "once", "as soon as", "whenever", "every time", "in case"}
    return {"when": clause[i].spoken if plain else f"{trigger} {clause[i].spoken}"}
