"""Days and clock times are what they are, whatever the tagger makes of them; one that leads a request belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.nlu.tagger import Tagged
from assistant.nlu.times import Span

_MOMENTS = frozenset({"day", "clock"})
_LEADING = frozenset({"at", "on", "in", "by", "around", "and", "every", "from", "o'clock", "oclock"})
"""Words that stand among times and say nothing themselves."""


def with_moments(tagged: Tagged) -> Tagged:
    """Tag every day and clock time, and the hour beside a day; join a clause that is only a time to what follows it.

    "Tomorrow at seven turn on the light" must not set an alarm, and turn on the light now.
    """
    tags = tuple("B-TIME" if tag == "O" and _is_moment(tagged.spans, i) else tag for i, tag in enumerate(tagged.tags))
    ends = (*tagged.starts[1:], len(tagged.spans))
    clauses = list(zip(tagged.starts, ends, strict=True))
    starts = tuple(
        start
        for number, (start, _) in enumerate(clauses)
        if number == 0 or not _only_time(tagged.spans, tags, clauses[number - 1])
    )
    return replace(tagged, tags=tags, starts=starts)


def _is_moment(spans: Sequence[Span], i: int) -> bool:
    """Whether a span is a day, a time, or an hour beside one: "tomorrow evening at 8"."""
    if spans[i].kind in _MOMENTS:
        return True
    hour = spans[i].kind == "num" and 0 <= spans[i].value < 24 and i > 0 and spans[i - 1].text == "at"
    return hour and any(span.kind == "day" for span in (*spans[max(0, i - 2) : i], *spans[i + 1 : i + 2]))


def _only_time(spans: Sequence[Span], tags: Sequence[str], clause: tuple[int, int]) -> bool:
    inside = range(*clause)
    told = [tags[i] for i in inside if tags[i] != "O"]
    others = [spans[i].text for i in inside if tags[i] == "O"]
    return bool(told) and all(tag.endswith("-TIME") for tag in told) and set(others) <= _LEADING
