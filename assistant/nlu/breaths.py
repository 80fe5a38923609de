"""Several commands in one breath, with nothing between them: "lock the front door turn off the oven".

Only where the sentence as a whole leaves words unexplained: it is cut at its commas, before each further word that
commands, or after each word that tells a state, and taken so when every piece is a request of its own that is
understood in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

COMMANDS = frozenset(
    {"turn", "switch", "set", "dim", "open", "close", "shut", "lock", "unlock", "start", "stop", "play", "put", "pause"}
)
"""Words that begin a command, and hardly ever stand inside a name."""
STATES = frozenset({"on", "off", "open", "closed", "shut", "locked", "up", "down"})
"""Words that end a request without a verb: "kettle on, blinds up"."""
MOST = 5
JOINING = frozenset({"and", "then", "also", "please", "oh", "now"})
_BREAK = re.compile(r"[,;.!]+ *|\band then\b|\band\b|\bthen\b")


def pieces(words: list[str], text: str = "") -> Iterator[tuple[str, ...]]:
    """The ways to cut a sentence into commands. `text` is the sentence as it was written, with its commas.

    >>> next(pieces("lock the front door turn off the oven and shut the garage".split()))
    ('lock the front door', 'turn off the oven', 'shut the garage')
    >>> list(pieces("kettle on lights on blinds open".split()))
    [('kettle on', 'lights on', 'blinds open')]
    >>> list(pieces("turn off the oven".split()))
    []
    """
    written = tuple(part.strip() for part in _BREAK.split(text) if part.strip())
    if 2 <= len(written) <= MOST and all(len(part.split()) > 1 for part in written):
        yield written
    for starts in (_at_commands(words), _after_states(words)):
        if 2 <= len(starts) <= MOST:
            cut = tuple(" ".join(_bare(words[start:end])) for start, end in _spans(starts, len(words)))
            if all(len(piece.split()) > 1 for piece in cut):
                yield cut


def _at_commands(words: list[str]) -> list[int]:
    starts = [place for place, word in enumerate(words) if word in COMMANDS]
    return starts if starts and all(word in JOINING for word in words[: starts[0]]) else []


def _after_states(words: list[str]) -> list[int]:
    ends = [place for place, word in enumerate(words) if word in STATES and 0 < place < len(words) - 1]
    return [0, *(place + 1 for place in ends)] if {*STATES, *JOINING} & set(words[-1:]) else []


def _spans(starts: list[int], end: int) -> Iterator[tuple[int, int]]:
    yield from zip(starts, [*starts[1:], end], strict=True)


def _bare(words: list[str]) -> list[str]:
    """Without the words that only join it to the next or the last."""
    while words and words[-1] in JOINING:
        words = words[:-1]
    while words and words[0] in JOINING:
        words = words[1:]
    return words
