"""How things are said in a log: the frames by which requests went well, and how often each wording comes up.

A word that was misheard makes a sentence that nobody says, but that sounds like one that people do say. An odd wording
is said again and again by those whose wording it is, and sounds like nothing that is known.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from assistant.learning.logged import Logged
from assistant.learning.phrases import control, stripped
from assistant.learning.text import misheard, normal, phonetic, sound

GAP = "①"
MOST = 40
"""Frames of an intent that are compared."""
NEAR = 3
"""Requests of the household that are looked at for one that sounds the same."""
KNOWN = 400
"""Requests of a household that are compared at all: its commonest."""
FEATURES = (
    "frame_distance", "frame_sound", "frame_people", "said_by_me", "said_by_others", "new_pairs", "new_words",
    "near_distance", "near_sound", "near_pieces", "near_times",
)  # fmt: skip


class Phrasebook:
    """Frames and word pairs of a log. `fit` with the turns that went well, and all turns."""

    def fit(self, good: Iterable[Logged], log: Sequence[Logged]) -> Phrasebook:
        """Count who says what."""
        people: dict[str, dict[str, set[tuple[str, str | None]]]] = defaultdict(lambda: defaultdict(set))
        self.words_: Counter[str] = Counter()
        self.pairs_: Counter[tuple[str, str]] = Counter()
        self.texts_: dict[str, Counter[str]] = defaultdict(Counter)
        for turn in good:
            if turn.intent is None or control(turn.said) is not None or turn.elliptic:
                continue
            frame = masked(stripped(turn.said), turn)
            if GAP in frame.split():
                people[_verb(turn)][frame].add(turn.who)
            self.texts_[turn.household][turn.said] += 1
            words = turn.said.split()
            self.words_.update(set(words))
            self.pairs_.update(set(pairwise(["^", *words, "$"])))
        self.frames_ = {
            verb: sorted(((frame, len(who)) for frame, who in frames.items()), key=lambda each: -each[1])[:MOST]
            for verb, frames in people.items()
        }
        self.said_: dict[str, Counter[tuple[str, str | None]]] = defaultdict(Counter)
        for turn in log:
            self.said_[_beginning(turn.said)][turn.who] += 1
        self._codes: dict[str, list[tuple[str, str]]] = {}
        return self

    def look_up(self, turn: Logged, worked: Logged | None) -> dict[str, float]:
        """How a turn's wording compares, given the attempt that worked; nan is unknown."""
        said = stripped(turn.said)
        found = dict.fromkeys(FEATURES, math.nan)
        if worked is not None and worked.intent is not None:
            best = max(self._likened(said, worked), default=None)
            if best is not None:
                sound, distance, people = best
                found |= {"frame_sound": sound, "frame_distance": -distance, "frame_people": math.log1p(people)}
        found |= self._near(said, turn.household)
        by = self.said_.get(_beginning(turn.said), Counter())
        words = said.split()
        pairs = list(pairwise(["^", *words, "$"]))
        found |= {
            "said_by_me": math.log1p(max(0, by[turn.who] - 1)),
            "said_by_others": math.log1p(sum(times for who, times in by.items() if who != turn.who)),
            "new_pairs": sum(self.pairs_[pair] <= 1 for pair in pairs) / len(pairs),
            "new_words": sum(self.words_[word] <= 1 for word in words) / max(1, len(words)),
        }
        return found

    def _near(self, said: str, household: str) -> dict[str, float]:
        """The request of the household that went well and sounds most like this one."""
        known = self.texts_.get(household)
        if not known or not said:
            return {}
        if household not in self._codes:
            self._codes[household] = [(text, sound(text)) for text, _ in known.most_common(KNOWN)]
        texts = self._codes[household]
        matches = process.extract(sound(said), [code for _, code in texts], scorer=fuzz.ratio, limit=NEAR)
        others = [(texts[place][0], score) for _, score, place in matches if texts[place][0] != said]
        if not others:
            return {}
        text, score = others[0]
        return {
            "near_distance": float(Levenshtein.distance(said.split(), text.split())),
            "near_sound": score / 100,
            "near_pieces": misheard(said, text),
            "near_times": math.log1p(known[text]),
        }

    def _likened(self, said: str, worked: Logged) -> Iterator[tuple[float, float, int]]:
        """Each frame known for what was meant, filled with its name: how alike it sounds, how many words differ."""
        name = _name(worked)
        for frame, people in self.frames_.get(_verb(worked), ()):
            text = frame.replace(GAP, name)
            distance = Levenshtein.distance(said.split(), text.split())
            yield phonetic(said, text), -float(distance), people


def masked(said: str, turn: Logged) -> str:
    """A request with a gap where it names the thing.

    >>> from tests.learning.logs import Diary, done
    >>> from assistant.learning.logged import logged
    >>> masked("turn on the hall light", logged(Diary().say("x", **done("light.turn_on", name="hall light"))))
    'turn on the ①'
    """
    for name in _names(turn):
        if f" {name} " in f" {said} ":
            return f" {said} ".replace(f" {name} ", f" {GAP} ", 1).strip()
    return said


def _names(turn: Logged) -> Iterator[str]:
    """What a request may have called the thing, longest first."""
    area, name = (turn.slots.get(slot) for slot in ("area", "name"))
    told = [normal(each) for each in (area, name) if isinstance(each, str) and each]
    if len(told) == 2:
        yield " ".join(told)
    yield from reversed(told)
    for entity in turn.entities[:1]:
        yield entity.partition(".")[2].replace("_", " ")


def _name(turn: Logged) -> str:
    """What the thing was called in a request, as it was said."""
    text = turn.executed
    return next((name for name in _names(turn) if f" {name} " in f" {text} "), next(_names(turn), ""))


def _verb(turn: Logged) -> str:
    return (turn.intent or "").rpartition(".")[2]


def _beginning(said: str) -> str:
    """The first words of a request, which tell its wording."""
    return " ".join(said.split()[:2])
