"""What parts of requests stand for: "sparkle" for "living room light", "kill ..." for "turn ... off".

From an episode (said in vain, said otherwise, worked) the words that both sentences share are taken out; what is left
is the substitution. It holds in sentences never heard before, where a rewrite of a whole request does not. Compare
KG-ECO (Cai et al., ICASSP 2023, arXiv 2302.10454): a corrupt span is found and replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from assistant.learning.words import COURTESY, DETERMINERS, FILLERS

GAPS = "①②③"
"""What stands for the words that both sides share, in the order of `before`."""
Rule = TypeVar("Rule")
PARTICLE_LAST = re.compile(rf"^(\w+) ((?:{'|'.join(sorted(DETERMINERS))}) .+) (on|off|up|down)$")
LONGEST = 6
"""Words of a substitution, at most, on each side."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """`before` becomes `after`. Both are normal texts; a *frame* has gaps, a *phrase* has none and fits anywhere."""

    before: str
    after: str

    @property
    def frame(self) -> bool:
        """Whether it says how the whole sentence is built."""
        return any(gap in self.before for gap in GAPS)

    def apply(self, text: str) -> str | None:
        """The normal text with the substitution made; `None` where it does not fit.

        >>> Substitution("sparkle", "living room light").apply("turn off the sparkle")
        'turn off the living room light'
        >>> Substitution("kill ①", "turn ① off").apply("kill the hall light")
        'turn the hall light off'
        >>> Substitution("sparkle", "hall light").apply("could you turn the sparkle off please")
        'turn off the hall light'
        """
        text = plain(text)
        if self.frame:
            found = _pattern(self.before).fullmatch(text)
            return _filled(self.after, found.groups()) if found else None
        changed = _whole(self.before).sub(lambda _: self.after, text, count=1)
        return changed if changed != text else None


def substitutions(before: str, after: str) -> list[Substitution]:
    """What makes `after` of `before` (normal texts), without the words that they share.

    >>> substitutions("turn off the sparkle", "turn off the living room light")
    [Substitution(before='sparkle', after='living room light')]
    >>> substitutions("give me 30 percent on the hall light", "set the hall light to 30 percent")
    [Substitution(before='give me ① on ②', after='set ② to ①')]
    """
    first, second = plain(before).split(), plain(after).split()
    if not first or not second or len(first) > 20 or len(second) > 20:
        return []
    one, other = _without_shared(first, second)
    pairs = _phrases(one, other)
    if pairs is None:
        pairs = [(" ".join(one), " ".join(other))]
    found = [Substitution(*pair) for pair in pairs]
    return [each for each in found if _worth(each)]


def plain(text: str) -> str:
    """A normal text without courtesies, its particle beside its verb; one that is nothing else stays.

    >>> plain("could you turn on the lamp please"), plain("turn the lamp on")
    ('turn on the lamp', 'turn on the lamp')
    """
    return PARTICLE_LAST.sub(r"\1 \3 \2", " ".join(COURTESY.sub(" ", text).split())) or text


def _worth(found: Substitution) -> bool:
    """Whether it says anything: literal words on both sides, one of them with a meaning of its own."""
    one, other = _literal(found.before), _literal(found.after)
    if len(one) > LONGEST or len(other) > LONGEST or found.before == found.after:
        return False
    return bool(other) and any(word not in FILLERS for word in one)


def _literal(text: str) -> list[str]:
    return [word for word in text.split() if word not in GAPS]


def _without_shared(first: list[str], second: list[str]) -> tuple[list[str], list[str]]:
    """Both sides with their longest common runs of words, wherever they stand, replaced by gaps."""
    blocks: list[tuple[str, ...]] = []
    one, other = list(first), list(second)
    while len(blocks) < len(GAPS) and (block := _longest(one, other)):
        mark = f"<{len(blocks)}>"
        blocks.append(block)
        one, other = _replaced(one, block, mark), _replaced(other, block, mark)
    order = [word for word in one if word.startswith("<")]
    names = {mark: GAPS[place] for place, mark in enumerate(order)}
    return [names.get(word, word) for word in one], [names.get(word, word) for word in other]


def _longest(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...] | None:
    """The longest run of words that both have and that means something; inflections count as the same."""
    stems = [_stem(word) for word in other]
    for size in range(min(len(one), len(other)), 0, -1):
        for start in range(len(one) - size + 1):
            run = [_stem(word) for word in one[start : start + size]]
            if any(word.startswith("<") for word in run) or all(word in FILLERS for word in run):
                continue
            if any(stems[place : place + size] == run for place in range(len(other) - size + 1)):
                return tuple(run)
    return None


def _replaced(words: list[str], block: tuple[str, ...], mark: str) -> list[str]:
    stems = [_stem(word) for word in words]
    for start in range(len(words) - len(block) + 1):
        if tuple(stems[start : start + len(block)]) == block:
            return [*words[:start], mark, *words[start + len(block) :]]
    return words


def _stem(word: str) -> str:
    """The word without a plural s.

    >>> _stem("lights"), _stem("glass")
    ('light', 'glass')
    """
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _phrases(one: list[str], other: list[str]) -> list[tuple[str, str]] | None:
    """The literal runs in pairs, where the gaps are in the same order and every run has a partner; else `None`."""
    if [word for word in one if word in GAPS] != [word for word in other if word in GAPS]:
        return None
    first, second = _runs(one), _runs(other)
    if [bool(run) for run in first] != [bool(run) for run in second]:
        return None
    return [_trimmed(a, b) for a, b in zip(first, second, strict=True) if a]


def _runs(words: list[str]) -> list[list[str]]:
    """The literal words before, between and after the gaps."""
    runs: list[list[str]] = [[]]
    for word in words:
        if word in GAPS:
            runs.append([])
        else:
            runs[-1].append(word)
    return runs


def _trimmed(one: list[str], other: list[str]) -> tuple[str, str]:
    """Without the words that both begin or end with ("the")."""
    while len(one) > 1 and len(other) > 1 and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while len(one) > 1 and len(other) > 1 and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    # an article before what is replaced stays where it is, whichever it is
    if len(other) > 1 and other[0] in DETERMINERS:
        other = other[1:]
        one = one[1:] if len(one) > 1 and one[0] in DETERMINERS else one
    return " ".join(one), " ".join(other)


def _pattern(frame: str) -> re.Pattern[str]:
    return re.compile(" ".join("(.+?)" if word in GAPS else re.escape(word) for word in frame.split()))


def _filled(frame: str, gaps: Sequence[str]) -> str:
    """The words put back into their gaps; the gaps of `before` are numbered in order."""
    filled = [gaps[GAPS.index(word)] if word in GAPS else word for word in frame.split()]
    return " ".join(filled)


def _whole(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S){re.escape(phrase)}(?!\S)")


class SubstitutionIndex(Generic[Rule]):
    """Finds the rules that fit a text without trying them all: by the first literal word of each."""

    def __init__(self, rules: Sequence[tuple[Substitution, Rule]]) -> None:
        self._by_word: dict[str, list[tuple[Substitution, Rule]]] = {}
        for substitution, rule in rules:
            word = next(word for word in substitution.before.split() if word not in GAPS)
            self._by_word.setdefault(word, []).append((substitution, rule))

    def __len__(self) -> int:
        return sum(map(len, self._by_word.values()))

    def find(self, text: str) -> Iterator[tuple[str, Rule]]:
        """The changed text and the rule, for every rule that fits a normal text."""
        for word in dict.fromkeys(text.split()):
            for substitution, rule in self._by_word.get(word, ()):
                changed = substitution.apply(text)
                if changed is not None:
                    yield changed, rule
