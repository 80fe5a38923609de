"""Training and test sets: generated sentences and the declared part of open data, aligned with tokens."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.home import Home
from assistant.nlu.gazetteer import Gazetteer
from assistant.nlu.generate import Generator, Sentence
from assistant.nlu.inventing import invent_home
from assistant.nlu.lexicon import DATA, without_courtesies
from assistant.nlu.noise import Tagged, spoil
from assistant.nlu.normalise import aligned, words_of
from assistant.nlu.open_data import FOREIGN, SENTENCES
from assistant.nlu.times import Span, fold

SENTENCES_PER_HOME = 25
NOBODY = Gazetteer.of(Home())
"""The gazetteer of open sentences: no home is known."""


@dataclass(frozen=True, slots=True)
class Example:
    """One annotated sentence. `tags` is empty where only the class is known; `labels` has one class for each clause.

    `source` is the open set that it comes from, `fold` the part of it and `asked` the intent there; a generated
    sentence has none of them.
    """

    spans: tuple[Span, ...]
    hints: tuple[str, ...]
    tags: tuple[str, ...]
    starts: tuple[int, ...]
    labels: tuple[str, ...]
    gazetteer: Gazetteer
    noisy: bool = False
    source: str = ""
    fold: int = -1
    asked: str = ""

    @property
    def text(self) -> str:
        """The words as spoken."""
        return " ".join(span.spoken for span in self.spans)


def generated(count: int, seed: int, noise: float = 0.3) -> Iterator[Example]:
    """Annotated sentences of invented homes; in a quarter of the homes some names are not known to the gazetteer."""
    rng = random.Random(seed)
    made = 0
    while made < count:
        home = invent_home(rng)
        gazetteer = Gazetteer.of(home if rng.random() < 0.7 else _forgetful(home, rng))
        sentences = Generator(home, rng).sentences()
        for _ in range(min(SENTENCES_PER_HOME, count - made)):
            noisy = rng.random() < noise
            yield annotate(next(sentences), gazetteer, rng if noisy else None)
            made += 1


def _forgetful(home: Home, rng: random.Random) -> Home:
    """The home without a third of its names: what is new, renamed or misheard is unknown too."""
    kept = {key: each for key, each in home.entities.items() if rng.random() < 0.66}
    areas = {key: each for key, each in home.areas.items() if rng.random() < 0.75}
    return replace(home, entities=kept, areas=areas)


def annotate(sentence: Sentence, gazetteer: Gazetteer, noise: random.Random | None = None) -> Example:
    """Bring the tags of a sentence's pieces to its tokens."""
    words: Tagged = []
    starts_at_piece: list[int] = []
    number = 0
    for clause in sentence.clauses:
        starts_at_piece.append(number)
        for piece in clause.pieces:
            words.extend((word, piece.tag, number) for word in words_of(piece.text))
            number += 1
    if noise is not None:
        words = spoil(words, noise)
    words = _without_courtesies(words)
    spans, sources = _folded([word for word, _, _ in words])
    tags = [_bio(words, sources, i) for i in range(len(spans))]
    pieces = [words[source][2] for source in sources]
    starts = [next((i for i, piece in enumerate(pieces) if piece >= first), len(pieces)) for first in starts_at_piece]
    labels = tuple(clause.label for clause in sentence.clauses)
    return Example(
        tuple(spans), tuple(gazetteer.hints(spans)), tuple(tags), (0, *starts[1:]), labels, gazetteer, noise is not None
    )


def _without_courtesies(words: Tagged) -> Tagged:
    """What `without_courtesies` leaves of the words, with their tags."""
    kept: Tagged = []
    wanted = without_courtesies([word for word, _, _ in words])
    i = len(words) - 1
    for word in reversed(wanted):
        while words[i][0] != word:
            i -= 1
        kept.append(words[i])
        i -= 1
    return kept[::-1] or words


def _folded(words: Sequence[str]) -> tuple[list[Span], list[int]]:
    """The spans of some words, each with the index of its last word (a preposition at its front carries no tag)."""
    tokens = aligned(words)
    spans = fold([token for token, _ in tokens])
    ends = [*(span.first for span in spans[1:]), len(tokens)]
    return spans, [tokens[end - 1][1] for end in ends]


def _bio(words: Tagged, sources: Sequence[int], i: int) -> str:
    _, tag, piece = words[sources[i]]
    if not tag:
        return "O"
    before = words[sources[i - 1]] if i else ("", "", -2)
    return f"I-{tag}" if before[1] == tag and before[2] == piece else f"B-{tag}"


def background_sentences() -> Iterator[Example]:
    """Sentences of everyday talk that ask nothing of a home, written for this project."""
    for line in (DATA / "background.txt").read_text(encoding="utf-8").splitlines():
        spans, _ = _folded(words_of(line))
        yield Example(
            tuple(spans), tuple(NOBODY.hints(spans)), ("O",) * len(spans), (0,), (FOREIGN,), NOBODY, source="own"
        )


def open_sentences() -> Iterator[Example]:
    """The training part of open data; slots are annotated in some sentences only."""
    for line in (DATA / SENTENCES).read_text(encoding="utf-8").splitlines():
        if line[0] == "#":
            continue
        fold, source, asked, label, marked = line.split("\t")
        words, tagged = parse_marked(marked)
        spans, sources = _folded([word for word, _, _ in words])
        hints = NOBODY.hints(spans)
        tags = [_bio(words, sources, i) for i in range(len(spans))]
        if label != FOREIGN:
            _complete(tags, spans, hints)
        if spans:
            yield Example(
                tuple(spans), tuple(hints), tuple(tags) if tagged else (), (0,), (label,), NOBODY, False, source,
                int(fold), asked,
            )  # fmt: skip


def _complete(tags: list[str], spans: Sequence[Span], hints: Sequence[str]) -> None:
    """Tag what only the lexicon knows: kinds, quantities, references, attributes and times."""
    known = {"kind": "KIND", "quant": "QUANT", "ref": "REF", "attr": "ATTR"}
    for i, hint in enumerate(hints):
        tag = "TIME" if spans[i].kind in {"dur", "clock", "day", "repeat"} else known.get(hint.partition("|")[2])
        if tags[i] == "O" and tag:
            inside = i > 0 and tag != "TIME" and tags[i - 1][2:] == tag and hints[i - 1] == hint
            tags[i] = f"I-{tag}" if inside else f"B-{tag}"


def parse_marked(marked: str) -> tuple[Tagged, bool]:
    """Words with tags from `turn off the [bathroom|AREA] lights`; the second value is false when it begins with `?`.

    >>> parse_marked("dim [lamp|NAME]")
    ([('dim', '', 0), ('lamp', 'NAME', 1)], True)
    """
    tagged = not marked.startswith("?")
    words: Tagged = []
    for number, part in enumerate(marked.lstrip("?").replace("]", "[").split("[")):
        text, _, tag = part.partition("|")
        words.extend((word, tag, number) for word in words_of(text))
    return words, tagged
