"""Numbers, as they are spoken.

`read_number` is the inverse of `spell`: an exact little grammar for 0 to 999,999 with an optional decimal part,
which is all that a home needs. Ordinals and fractions are left to the caller.
"""

from __future__ import annotations

from collections.abc import Sequence

_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUE = {word: n for n, word in enumerate(_UNITS)} | {word: 20 + 10 * n for n, word in enumerate(_TENS)}
_MULTIPLES = {"hundred", "thousand"}


def spell(number: float) -> str:
    """The number in words, as the recogniser writes it.

    >>> spell(180), spell(21), spell(2.5), spell(-3)
    ('one hundred and eighty', 'twenty one', 'two point five', 'minus three')
    """
    if number < 0:
        return f"minus {spell(-number)}"
    whole = int(number)
    if number != whole:
        decimals = f"{number:.10f}".rstrip("0").partition(".")[2]
        return " ".join([spell(whole), "point", *(_UNITS[int(digit)] for digit in decimals)])
    if whole >= 1000:
        rest = whole % 1000
        joint = "" if rest == 0 else f" and {spell(rest)}" if rest < 100 else f" {spell(rest)}"
        return f"{spell(whole // 1000)} thousand{joint}"
    if whole >= 100:
        rest = whole % 100
        return f"{_UNITS[whole // 100]} hundred" + (f" and {spell(rest)}" if rest else "")
    if whole < 20:
        return _UNITS[whole]
    tens, unit = divmod(whole, 10)
    return _TENS[tens - 2] + (f" {_UNITS[unit]}" if unit else "")


def read_number(words: Sequence[str], start: int = 0) -> tuple[float, int] | None:
    """The number that begins at `start` and the index after it; `None` when none begins there.

    It is greedy but never joins two numbers: "seven thirty" is 7, then 30.

    >>> read_number("set it to one hundred and eighty degrees".split(), 3)
    (180, 7)
    >>> read_number("seven thirty".split())
    (7, 1)
    >>> read_number("one point two five".split())
    (1.25, 4)
    """
    if start < len(words) and words[start] == "minus":
        positive = read_number(words, start + 1)
        return (-positive[0], positive[1]) if positive else None
    end, below_thousand = _below_thousand(words, start)
    if end == start:
        return None
    total = below_thousand
    if end < len(words) and words[end] == "thousand":
        total, end = total * 1000, end + 1
        after = end + 1 if end < len(words) and words[end] == "and" else end
        rest_end, rest = _below_thousand(words, after)
        if rest_end > after:
            total, end = total + rest, rest_end
    return _with_decimals(words, end, total)


def _below_thousand(words: Sequence[str], start: int) -> tuple[int, int]:
    """Index after, and value of, the number under 1,000 that begins at `start` (`start` itself when there is none)."""

    def word(i: int) -> str:
        return words[i] if i < len(words) else ""

    if word(start) == "a" and word(start + 1) in _MULTIPLES:
        end, value = start + 1, 1
    else:
        end, value = _below_hundred(words, start)
    if end == start or word(end) != "hundred" or value > 9:
        return end, value
    value, end = value * 100, end + 1
    after = end + 1 if word(end) == "and" else end
    rest_end, rest = _below_hundred(words, after)
    return (rest_end, value + rest) if rest_end > after and word(rest_end) != "hundred" else (end, value)


def _below_hundred(words: Sequence[str], start: int) -> tuple[int, int]:
    value = _VALUE.get(words[start]) if start < len(words) else None
    if value is None:
        return start, 0
    unit = _VALUE.get(words[start + 1]) if value >= 20 and start + 1 < len(words) else None
    return (start + 2, value + unit) if unit is not None and 1 <= unit <= 9 else (start + 1, value)


def _with_decimals(words: Sequence[str], end: int, whole: float) -> tuple[float, int]:
    if end >= len(words) or words[end] != "point":
        return whole, end
    digits, i = "", end + 1
    while i < len(words) and _VALUE.get(words[i], 10) <= 9:
        digits, i = digits + str(_VALUE[words[i]]), i + 1
    return (float(f"{whole}.{digits}"), i) if digits else (whole, end)
