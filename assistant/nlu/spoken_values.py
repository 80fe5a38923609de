"""Values as people say them, for templates: percentages, degrees, durations, clock times, colours."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from assistant.nlu.lexicon import lexicon
from assistant.nlu.numerals import spell
from assistant.nlu.templates import Piece


def _number(low: int, high: int, step: int = 1) -> Callable[[random.Random], str]:
    return lambda rng: spell(rng.randrange(low, high + 1, step))


def _choose(words: Sequence[str], tag: str) -> Callable[[random.Random], list[Piece]]:
    return lambda rng: [Piece(rng.choice(words), tag)]


_EXTREMES = ("max", "maximum", "the maximum", "half", "full", "minimum", "min", "the minimum")


def _percent(rng: random.Random) -> list[Piece]:
    if rng.random() < 0.06:
        return [Piece(rng.choice(_EXTREMES), "VALUE")]
    number = spell(rng.choice((rng.randrange(0, 101, 5), rng.randrange(0, 101, 10), rng.randrange(1, 101))))
    return [Piece(number + (" percent" if rng.random() < 0.75 else ""), "VALUE")]


def _degrees(low: int, high: int, step: int) -> Callable[[random.Random], list[Piece]]:
    def make(rng: random.Random) -> list[Piece]:
        number = spell(rng.randrange(low, high + 1, step))
        if rng.random() < 0.1 and high < 100:
            number += " point five"
        return [
            Piece(number + rng.choice(("", " degrees", " degrees", " degrees celsius", " degrees fahrenheit")), "VALUE")
        ]

    return make


def _oven_degrees(rng: random.Random) -> list[Piece]:
    """A temperature of an oven, one in eight spoken short: "one eighty", "three fifty"."""
    if rng.random() < 0.12:
        short = f"{spell(rng.randint(1, 4))} {spell(rng.randrange(20, 100, 5))}"
        return [Piece(short + rng.choice(("", " degrees")), "VALUE")]
    return (_degrees(100, 260, 10) if rng.random() < 0.7 else _degrees(250, 500, 25))(rng)


def duration(rng: random.Random) -> str:
    """A duration as people say it."""
    minutes = spell(rng.choice((1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 10, 12, 15, 20, 25, 30, 40, 45, 50, 90)))
    unit = "minute" if minutes == "one" else "minutes"
    hours = rng.choice(("an hour", "one hour", "two hours", "three hours", "eight hours"))
    return rng.choice((
        f"{minutes} {unit}", f"{minutes} {unit}", f"{minutes} {unit}", f"{minutes} minute", hours, "half an hour",
        "an hour and a half", f"{spell(rng.randrange(5, 60, 5))} seconds", f"{hours} and {minutes} {unit}", "a minute",
        f"{minutes} and a half minutes", f"{minutes} {unit} and {spell(rng.randrange(5, 60, 5))} seconds",
        "a quarter of an hour", "a couple of minutes",
    ))  # fmt: skip


def clock(rng: random.Random) -> str:
    """A clock time as people say it."""
    hour, minute = spell(rng.randint(1, 12)), spell(rng.choice((15, 20, 30, 30, 40, 45, 50)))
    half = rng.choice(("am", "pm"))
    part = rng.choice(("in the morning", "in the evening", "at night", "in the afternoon", "tonight"))
    return rng.choice((
        f"{hour} {half}", f"{hour} {half}", f"{hour} {minute} {half}", hour, hour, f"{hour} o'clock",
        f"half past {hour}",
        f"quarter to {hour}", f"quarter past {hour}", f"{hour} {part}", f"{hour} {minute}", "noon", "midnight",
        f"{rng.choice(('ten', 'twenty', 'five'))} past {hour}", f"{hour} {minute} {part}",
    ))  # fmt: skip


_WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS = ("tomorrow", "tomorrow morning", "tonight", "this evening", "today", "on monday", "on friday", "on sunday",
        "this afternoon", "this weekend", *_WEEK)  # fmt: skip
REPEATS = (
    "every day",
    "every morning",
    "every monday",
    "every weekday",
    "on weekdays",
    "daily",
    "every night",
    "every hour",
    "every other day",
    "every second tuesday",
    "every two hours",
)

_MORE = ("{}", "{} more", "another {}")
_LEXICON = lexicon()
VALUES: Mapping[str, Callable[[random.Random], list[Piece]]] = {
    "pct": _percent,
    "vol": _percent,
    "pctamount": lambda rng: [Piece(spell(rng.randrange(5, 60, 5)) + rng.choice((" percent", "")), "AMOUNT")],
    "tempamount": lambda rng: [Piece(spell(rng.randint(1, 9)) + rng.choice((" degrees", " degrees", "")), "AMOUNT")],
    "temp": lambda rng: (_degrees(14, 30, 1) if rng.random() < 0.7 else _degrees(58, 84, 1))(rng),
    "oventemp": lambda rng: _oven_degrees(rng),
    "kelvin": lambda rng: [Piece(spell(rng.randrange(2000, 6600, 100)) + rng.choice((" kelvin", " k")), "CTEMP")],
    "smallnum": lambda rng: [Piece(_number(1, 6)(rng), "VALUE")],
    "part": _choose(("half", "halfway", "half way", "a quarter", "a third", "three quarters", "two thirds",
                     "a quarter of the way", "a third of the way", "half of the way"), "VALUE"),
    "factor": _choose(sorted(each for each in _LEXICON.factors if each.endswith(" as")), "FACTOR"),
    "fraction": _choose(("a third", "a quarter", "half again", "a fifth"), "FACTOR"),
    "valueword": _choose(sorted(set(_LEXICON.values) - {"a quarter", "quarter", "a third", "mid"}), "VALUE"),
    "color": _choose(sorted(_LEXICON.colors), "COLOR"),
    "ctemp": _choose(sorted(_LEXICON.color_temps), "CTEMP"),
    "hvac": _choose(("heat", "cool", "auto", "off", "dry", "heating", "cooling", "fan only", "heat cool"), "MODE"),
    "preset": _choose(("eco", "sleep", "away", "boost", "comfort", "home", "vacation", "night", "turbo"), "MODE"),
    "source": _choose(sorted(_LEXICON.sources), "SOURCE"),
    "dur": lambda rng: [Piece(duration(rng), "TIME")],
    "more": lambda rng: [Piece(f"{rng.choice(_MORE)} minutes".format(spell(rng.randint(2, 20))), "TIME")],
    "hour": lambda rng: [Piece(spell(rng.randint(1, 12)), "TIME")],
    "clock": lambda rng: [Piece(clock(rng), "TIME")],
    "day": _choose(DAYS, "TIME"),
    "repeat": _choose(REPEATS, "TIME"),
}  # fmt: skip
