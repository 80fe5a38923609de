"""Amounts of time, clock times, days, percentages and temperatures: an exact grammar over tokens.

What it finds is folded into one token of a class (`<dur>`, `<clock>` ...), so that the statistics that follow see every
time alike, and its value is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.nlu.normalise import Token

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_UNIT = {form: seconds for unit, seconds in SECONDS.items() for form in (unit, f"{unit}s")}
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_DAYS = frozenset({"today", "tomorrow", *_WEEKDAYS})
_PARTS = {"morning": "am", "afternoon": "pm", "evening": "pm", "night": "pm"}
_CLOCK_CUES = frozenset({"at", "for", "by", "until", "till", "around", "before", "after", "about", "from"})


@dataclass(frozen=True, slots=True)
class Span:
    """A folded stretch of tokens. `kind` is the class (`dur`, `clock`, `day`, `pct`, `temp`, `num`, `word` ...).

    `value` holds seconds for `dur`, `("HH:MM", sure)` for `clock` (`sure` is false when it may be either half of the
    day), the words for `day` and `repeat`, a number for `pct` and `num`, `(number, unit)` for `temp`.
    """

    kind: str
    text: str
    spoken: str
    value: Any = None
    first: int = field(default=0, compare=False)
    """The index of the first token."""


_Found = tuple[str, Any, int] | None
"""Kind, value, and the index after the last token."""


class _Reader:
    """Looks at the tokens of one sentence."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens

    def word(self, i: int) -> str:
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def number(self, i: int) -> float | None:
        return self.tokens[i].number if 0 <= i < len(self.tokens) else None

    def words(self, i: int, *wanted: str) -> bool:
        return all(self.word(i + k) == one for k, one in enumerate(wanted))

    def whole(self, i: int, low: int, high: int) -> int | None:
        number = self.number(i)
        return int(number) if number is not None and number == int(number) and low <= number <= high else None

    # durations -------------------------------------------------------------------------------------------------

    def duration(self, i: int) -> _Found:
        part = self._part(i)
        if part is None:
            return None
        total, end = part
        while True:
            after = end + 1 if self.word(end) == "and" else end
            more = self._part(after)
            if more is None or not self._quantity_starts(after):
                break
            total, end = total + more[0], more[1]
        return "dur", total, end

    def _quantity_starts(self, i: int) -> bool:
        return self.number(i) is not None or self.word(i) in {"a", "an", "half"}

    def _part(self, i: int) -> tuple[float, int] | None:
        quantity, end = self._quantity(i)
        if self.word(end) in {"more", "extra"}:
            end += 1
        if quantity is None or self.word(end) not in _UNIT:
            return None
        unit = _UNIT[self.word(end)]
        end += 1
        if self.words(end, "and", "a", "half"):
            following = self.word(end + 3)
            if following not in _UNIT:
                return (quantity + 0.5) * unit, end + 3
        if self.words(end, "and", "a", "quarter") and self.word(end + 3) not in {"of", *_UNIT}:
            return (quantity + 0.25) * unit, end + 3
        return quantity * unit, end

    def _quantity(self, i: int) -> tuple[float | None, int]:
        for phrase, value in _QUANTITIES:
            if self.words(i, *phrase) and self.word(i + len(phrase)) in _UNIT:
                return value, i + len(phrase)
        if self.word(i) == "another" and self.number(i + 1) is not None:
            i += 1
        if (number := self.number(i)) is not None:
            if self.words(i + 1, "and", "a", "half") and self.word(i + 4) in _UNIT:
                return number + 0.5, i + 4
            return number, i + 1
        return None, i

    # clock times -----------------------------------------------------------------------------------------------

    def clock(self, i: int) -> _Found:
        return self._clock_named(i) or self._clock_colon(i) or self._clock_past(i) or self._clock_hour(i)

    def _clock_named(self, i: int) -> _Found:
        named = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}.get(self.word(i))
        return ("clock", (named, True), i + 1) if named else None

    def _clock_colon(self, i: int) -> _Found:
        hour, colon, minute = self.word(i).partition(":")
        if not colon or not hour.isdigit() or not minute.isdigit() or int(hour) > 23 or int(minute) > 59:
            return None
        return self._half_of_day(int(hour), int(minute), i + 1)

    def _clock_past(self, i: int) -> _Found:
        if self.words(i, "half", "past") and (hour := self.whole(i + 2, 1, 12)):
            return self._half_of_day(hour, 30, i + 3)
        if self.word(i) == "half" and self._cued(i, i + 2) and (hour := self.whole(i + 1, 1, 12)):
            # As it is said in Britain: "at half six".
            return self._half_of_day(hour, 30, i + 2)
        start = i + 1 if self.words(i, "a", "quarter") else i
        minutes = 15 if self.word(start) == "quarter" else self.whole(start, 1, 29)
        end = start + 2 if self.word(start + 1) in {"minutes", "minute"} else start + 1
        hour = self.whole(end + 1, 1, 12)
        if not minutes or not hour or self.word(end) not in {"past", "to", "after", "before", "till"}:
            return None
        if self.word(start) != "quarter" and self.word(end) in {"to", "after", "before", "till"}:
            cued = self.word(i - 1) in _CLOCK_CUES - {"from"} or self.word(end + 2) in {"am", "pm"}
            if not cued or self.word(end + 2) in {"percent", "degrees", "degree"}:
                return None
        if self.word(end) in {"past", "after"}:
            return self._half_of_day(hour, minutes, end + 2)
        return self._half_of_day((hour - 2) % 12 + 1, 60 - minutes, end + 2)

    def _clock_hour(self, i: int) -> _Found:
        hour = self.whole(i, 0, 23)
        if hour is None:
            return None
        minute = self._minute(i + 1)
        if minute is not None and (self.word(i + 2) in {"am", "pm"} or self._says_part(i + 2) or self._cued(i, i + 2)):
            return self._half_of_day(hour, minute, i + 2)
        if self.word(i + 1) in {"am", "pm", "oclock"} or self._says_part(i + 1):
            return self._half_of_day(hour, 0, i + 1)
        return None

    def _minute(self, i: int) -> int | None:
        """Minutes after the hour: at least ten, or spoken with "oh"."""
        return self.whole(i, 10, 59)

    def _cued(self, i: int, end: int) -> bool:
        units = {"percent", "degrees", "degree", *_UNIT}
        return self.word(i - 1) in _CLOCK_CUES and self.word(end) not in units

    def _says_part(self, i: int) -> bool:
        return (
            (self.words(i, "in", "the") and self.word(i + 2) in _PARTS)
            or self.words(i, "at", "night")
            or (self.word(i) == "tonight")
        )

    def _half_of_day(self, hour: int, minute: int, end: int) -> _Found:
        """Read what says which half of the day is meant."""
        if self.word(end) == "oclock":
            end += 1
        half = ""
        if self.word(end) in {"am", "pm"}:
            half, end = self.word(end), end + 1
        elif self.words(end, "in", "the") and self.word(end + 2) in _PARTS:
            half, end = _PARTS[self.word(end + 2)], end + 3
        elif self.words(end, "at", "night"):
            half, end = "pm" if hour >= 5 else "am", end + 2
        elif self.word(end) == "tonight":
            half, end = "pm", end + 1
        if half and hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        sure = bool(half) or hour > 12 or hour == 0
        return "clock", (f"{hour:02d}:{minute:02d}", sure), end

    # days ------------------------------------------------------------------------------------------------------

    def day(self, i: int) -> _Found:
        start = i + 1 if self.word(i) in {"on", "next", "this"} else i
        word = self.word(start)
        if word in _DAYS:
            half = self.word(start + 1)
            if half in _PARTS:
                return "day", f"{word} {half}", start + 2
            return "day", word, start + 1
        if word == "tonight" or (self.word(i) == "this" and word in _PARTS):
            return "day", "tonight" if word in {"tonight", "night"} else word, start + 1
        if self.words(i, "in", "the") and self.word(i + 2) in _PARTS:
            return "day", self.word(i + 2), i + 3
        return None

    def repeat(self, i: int) -> _Found:
        if self.word(i) in {"every", "each"}:
            if (word := self.word(i + 1)) in {"day", "weekday", "weekend", *_WEEKDAYS, *_PARTS}:
                return "repeat", f"every {word}", i + 2
            counted = self.word(i + 1) in {"other", "second", "third", "fourth"} or self.number(i + 1) is not None
            if counted and self.word(i + 2) in {*_UNIT, *_WEEKDAYS}:
                return "repeat", f"every {self.word(i + 1)} {self.word(i + 2)}", i + 3
            if word in _UNIT:
                return "repeat", f"every {word}", i + 2
        elif self.word(i) == "daily" or (self.word(i) in {"weekdays", "weekends"}):
            return "repeat", {"daily": "every day"}.get(self.word(i), f"every {self.word(i)[:-1]}"), i + 1
        elif self.word(i) == "on" and self.word(i + 1) in {"weekdays", "weekends"}:
            return "repeat", f"every {self.word(i + 1)[:-1]}", i + 2
        elif self.word(i).endswith("s") and self.word(i)[:-1] in _WEEKDAYS:
            return "repeat", f"every {self.word(i)[:-1]}", i + 1
        return None

    # amounts ---------------------------------------------------------------------------------------------------

    def amount(self, i: int) -> _Found:
        number = self.number(i)
        if number is None:
            return None
        if self.word(i + 1) == "percent":
            return "pct", number, i + 2
        parts = _PARTS_OF_ONE.get(self.word(i + 1).removesuffix("s"), 0)
        if 0 < number < parts and (number == 1 or self.word(i + 1).endswith("s")):
            return "pct", int(100 * number / parts), i + 2
        end, degrees = (i + 2, True) if self.word(i + 1) in {"degrees", "degree"} else (i + 1, False)
        unit = {"celsius": "C", "fahrenheit": "F", "c": "C", "f": "F"}.get(self.word(end), "")
        if unit:
            return "temp", (number, unit), end + 1
        if degrees:
            return "temp", (number, "degrees"), end
        if self.word(i + 1) in {"kelvin", "k"}:
            return "kelvin", number, i + 2
        return "num", number, i + 1


_PARTS_OF_ONE = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
"""What "two thirds" counts in."""
_QUANTITIES: tuple[tuple[tuple[str, ...], float], ...] = (
    (("3", "quarters", "of", "an"), 0.75),
    (("1", "quarter", "of", "an"), 0.25),
    (("a", "quarter", "of", "an"), 0.25),
    (("quarter", "of", "an"), 0.25),
    (("half", "of", "an"), 0.5),
    (("half", "an"), 0.5),
    (("half", "a"), 0.5),
    (("a", "half"), 0.5),
    (("a", "couple", "of"), 2),
    (("a", "couple"), 2),
    (("couple", "of"), 2),
    (("another",), 1),
    (("an",), 1),
    (("a",), 1),
)


def fold(tokens: Sequence[Token]) -> list[Span]:
    """Fold what the grammar reads; every other token becomes a span of kind `word`.

    >>> from assistant.nlu.normalise import tokenise
    >>> [(span.text, span.value) for span in fold(tokenise("an hour and a half at half past seven pm".split()))]
    [('<dur>', 5400.0), ('at', None), ('<clock>', ('19:30', True))]
    """
    reader = _Reader(tokens)
    rules: tuple[Callable[[int], _Found], ...] = (
        reader.repeat, reader.duration, reader.clock, reader.day, reader.amount,
    )  # fmt: skip
    spans: list[Span] = []
    i = 0
    while i < len(tokens):
        found = next((result for rule in rules if (result := rule(i))), None)
        if found is None:
            spans.append(Span("word", tokens[i].text, tokens[i].spoken, first=i))
            i += 1
            continue
        kind, value, end = found
        spoken = " ".join(token.spoken for token in tokens[i:end])
        spans.append(Span(kind, _shape(kind, value), spoken, value, i))
        i = end
    return spans


def _shape(kind: str, value: Any) -> str:
    """The class that stands in the text; numbers are told apart by size, because hours are small."""
    if kind != "num":
        return f"<{kind}>"
    return "<hour>" if 0 < value <= 12 and value == int(value) else "<num>" if value <= 100 else "<big>"
