"""Numbers, times and normalisation: the exact part of the language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.nlu.normalise import tokenise, words_of
from assistant.nlu.numerals import read_number, spell
from assistant.nlu.times import Span, fold


def _folded(text: str) -> list[Span]:
    return fold(tokenise(words_of(text)))


@given(st.integers(0, 999_999))
def test_a_spelt_number_reads_as_itself(number: int) -> None:
    words = spell(number).split()
    assert read_number(words) == (number, len(words))


@given(st.integers(0, 9999), st.integers(1, 99))
def test_decimals_read_as_themselves(whole: int, hundredths: int) -> None:
    number = float(f"{whole}.{hundredths:02d}")
    words = spell(number).split()
    assert read_number(words) == (number, len(words))


@given(st.integers(0, 999), st.sampled_from(["", "set it to ", "about "]))
def test_digits_and_words_are_the_same(number: int, before: str) -> None:
    said, typed = (tokenise(words_of(f"{before}{form} percent")) for form in (spell(number), str(number)))
    assert [token.text for token in said] == [token.text for token in typed]


@pytest.mark.parametrize("text", ["five more minutes", "another five minutes", "5 extra minutes"])
def test_more_minutes_are_minutes(text: str) -> None:
    assert [(span.kind, span.value) for span in _folded(text)] == [("dur", 300)]


@pytest.mark.parametrize("text", ["every second tuesday", "every other day", "every two hours", "every hour"])
def test_what_repeats_is_one_time(text: str) -> None:
    assert [span.kind for span in _folded(text)] == ["repeat"]


@given(st.integers(1, 23), st.integers(1, 59), st.integers(1, 59))
def test_durations_add_up(hours: int, minutes: int, seconds: int) -> None:
    text = f"{spell(hours)} hours {spell(minutes)} minutes and {spell(seconds)} seconds"
    (span,) = _folded(text)
    assert (span.kind, span.value) == ("dur", hours * 3600 + minutes * 60 + seconds)


@given(st.integers(1, 12), st.integers(0, 59), st.sampled_from(["am", "pm"]))
def test_clock_times_with_half_of_day_are_sure(hour: int, minute: int, half: str) -> None:
    (span,) = _folded(f"{hour}:{minute:02d} {half}")
    expected = hour % 12 + (12 if half == "pm" else 0)
    assert span.value == (f"{expected:02d}:{minute:02d}", True)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("half an hour", "dur", 1800),
        ("an hour and a half", "dur", 5400),
        ("two and a half minutes", "dur", 150),
        ("a quarter of an hour", "dur", 900),
        ("three quarters of an hour", "dur", 2700),
        ("a couple of minutes", "dur", 120),
        ("90 seconds", "dur", 90),
        ("10min", "dur", 600),
        ("1 hour and 30 minutes", "dur", 5400),
        ("half past seven", "clock", ("07:30", False)),
        ("quarter to eight", "clock", ("07:45", False)),
        ("a quarter past one", "clock", ("01:15", False)),
        ("quarter to one pm", "clock", ("12:45", True)),
        ("ten past six in the evening", "clock", ("18:10", True)),
        ("seven o'clock", "clock", ("07:00", False)),
        ("nine pm", "clock", ("21:00", True)),
        ("9 p.m.", "clock", ("21:00", True)),
        ("seven thirty am", "clock", ("07:30", True)),
        ("midnight", "clock", ("00:00", True)),
        ("noon", "clock", ("12:00", True)),
        ("19:45", "clock", ("19:45", True)),
        ("eleven at night", "clock", ("23:00", True)),
        ("tomorrow morning", "day", "tomorrow morning"),
        ("every weekday", "repeat", "every weekday"),
        ("50%", "pct", 50),
        ("21.5°C", "temp", (21.5, "C")),
        ("seventy degrees fahrenheit", "temp", (70, "F")),
        ("minus five degrees", "temp", (-5, "degrees")),
        ("4000 kelvin", "kelvin", 4000),
        ("one hundred and eighty", "num", 180),
        ("nine thousand", "num", 9000),
    ],
)
def test_one_amount(text: str, kind: str, value: object) -> None:
    (span,) = _folded(text)
    assert (span.kind, span.value) == (kind, value)


@pytest.mark.parametrize("text", ["the other one", "this one", "the one in the kitchen", "no one"])
def test_one_is_not_always_a_number(text: str) -> None:
    assert all(span.kind == "word" for span in _folded(text))


@given(st.text(max_size=200))
def test_normalising_survives_anything_and_is_idempotent(text: str) -> None:
    words = words_of(text)
    assert all(word and word == word.lower() for word in words if word.isascii())
    fold(tokenise(words))
    assert words_of(" ".join(words)) == words
