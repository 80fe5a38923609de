"""Several commands in one breath, with nothing between them: "lock the front door turn off the oven".

Only where the sentence as a whole leaves words unexplained: it is cut before each further word that commands, and taken
so when every piece is a request of its own that is understood in full.
"""

from __future__ import annotations

from collections.abc import Iterator

COMMANDS = frozenset(
    {"turn", "switch", "set", "dim", "open", "close", "shut", "lock", "unlock", "start", "stop", "play"}
)
"""Words that begin a command, and hardly ever stand inside a name."""
MOST = 5
JOINING = frozenset({"and", "then", "also", "please"})


def pieces(words: list[str]) -> tuple[str, ...] | None:
    """The sentence cut before its commands; `None` where there are fewer than two.

    >>> pieces("lock the front door turn off the oven and shut the garage".split())
    ('lock the front door', 'turn off the oven', 'shut the garage')
    >>> pieces("turn off the oven".split()) is None
    True
    """
    starts = [place for place, word in enumerate(words) if word in COMMANDS]
    if not 2 <= len(starts) <= MOST or any(word not in JOINING for word in words[: starts[0]]):
        return None
    cut = tuple(" ".join(_bare(words[start:end])) for start, end in _spans(starts, len(words)))
    return cut if all(len(piece.split()) > 1 for piece in cut) else None


def _spans(starts: list[int], end: int) -> Iterator[tuple[int, int]]:
    yield from zip(starts, [*starts[1:], end], strict=True)


def _bare(words: list[str]) -> list[str]:
    """Without the words that only join it to the next."""
    while words and words[-1] in JOINING:
        words = words[:-1]
    return words
