"""What a home's people are likely to say: words, a trigram model and an automaton, all made of example sentences."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

DISCOUNT = 0.5
"""Taken from every count and given to what was not seen."""
START, END = "<s>", "</s>"
_SIGNS = {"%": " percent ", "°c": " degrees ", "°f": " degrees ", "°": " degrees ", "&": " and "}
Trie: TypeAlias = "dict[str, Trie]"
"""Sentences by their first word, and so on; `END` leads to an empty one."""
Arc = tuple[int, int, float, str] | tuple[int, int, float]
Automaton = tuple[int, int, list[Arc]]
"""Start, final state and arcs with probabilities; an arc without a word is free."""


def words_of(sentence: str) -> tuple[str, ...]:
    """The words of a sentence as they are spoken: lower case, numbers in words, no punctuation.

    >>> words_of("Set the oven to 180 °C, Ann's way!")
    ('set', 'the', 'oven', 'to', 'one', 'hundred', 'and', 'eighty', 'degrees', "ann's", 'way')
    """
    text = sentence.lower().replace("’", "'")
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    text = re.sub(r"\d{1,6}(\.\d{1,4})?(?!\d)", _in_words, text)
    return tuple(word.strip("'") for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", text))


def _in_words(digits: re.Match[str]) -> str:
    from assistant.nlu.numerals import spell  # understanding takes a second to import, and is seldom needed here

    return f" {spell(float(digits[0]))} "


def arpa(sentences: Iterable[tuple[str, ...]]) -> str:
    """A trigram model in ARPA format. A sentence that occurs more often counts more.

    Method: interpolated absolute discounting (Ney, Essen, Kneser 1994), which always adds up to one.
    """
    counts: list[Counter[tuple[str, ...]]] = [Counter(), Counter(), Counter()]
    for sentence in sentences:
        padded = (START, *sentence, END)
        for order in (1, 2, 3):
            counts[order - 1].update(padded[i : i + order] for i in range(len(padded) - order + 1))
    total = sum(counts[0].values()) - counts[0][(START,)]
    prob: dict[tuple[str, ...], float] = {gram: count / total for gram, count in counts[0].items()}
    left: dict[tuple[str, ...], float] = {}
    for order in (2, 3):
        sums: Counter[tuple[str, ...]] = Counter()
        kinds: Counter[tuple[str, ...]] = Counter()
        for gram, count in counts[order - 1].items():
            sums[gram[:-1]] += count
            kinds[gram[:-1]] += 1
        left |= {history: DISCOUNT * kinds[history] / sums[history] for history in sums}
        for gram, count in counts[order - 1].items():
            history = gram[:-1]
            prob[gram] = (count - DISCOUNT) / sums[history] + left[history] * prob[gram[1:]]
    return "\n".join(_lines(counts, prob, left))


def _lines(
    counts: list[Counter[tuple[str, ...]]], prob: dict[tuple[str, ...], float], left: dict[tuple[str, ...], float]
) -> Iterator[str]:
    yield "\\data\\"
    for order, grams in enumerate(counts, start=1):
        yield f"ngram {order}={len(grams)}"
    for order, grams in enumerate(counts, start=1):
        yield f"\n\\{order}-grams:"
        for gram in sorted(grams):
            value = -99.0 if gram == (START,) else math.log10(prob[gram])
            weight = f" {math.log10(left.get(gram, 1.0)):.4f}" if order < 3 else ""
            yield f"{value:.4f} {' '.join(gram)}{weight}"
    yield "\n\\end\\\n"


def automaton(sentences: Iterable[tuple[str, ...]]) -> Automaton:
    """The smallest automaton that accepts exactly these sentences: start, final state and arcs with probabilities.

    Method: minimise a trie from its leaves, joining states with equal futures (Daciuk et al. 2000). Arcs out of a
    state are equally likely; an arc without a word is free.

    >>> start, final, arcs = automaton([("open", "it"), ("close", "it")])
    >>> len(arcs)
    4
    """
    trie: Trie = {}
    for sentence in sentences:
        node = trie
        for word in sentence:
            node = node.setdefault(word, {})
        node[END] = {}
    register: dict[tuple[tuple[str, int], ...], int] = {}
    start = _minimise(trie, register)
    final = len(register)
    arcs: list[Arc] = []
    for signature, state in register.items():
        for word, target in signature:
            likely = 1.0 / len(signature)
            arcs.append((state, final, likely) if word == END else (state, target, likely, word))
    return start, final, arcs


def _minimise(node: Trie, register: dict[tuple[tuple[str, int], ...], int]) -> int:
    """The state of a trie node; sentences are far shorter than the recursion limit."""
    signature = tuple(sorted((word, _minimise(child, register)) for word, child in node.items()))
    return register.setdefault(signature, len(register))


def word_errors(reference: tuple[str, ...], heard: tuple[str, ...]) -> int:
    """The least number of words put in, left out or exchanged (Levenshtein distance over words).

    >>> word_errors(("open", "the", "door"), ("open", "a", "garage", "door"))
    2
    """
    row = list(range(len(heard) + 1))
    for i, word in enumerate(reference, start=1):
        previous, row[0] = row[0], i
        for j, other in enumerate(heard, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (word != other))
    return row[-1]


def vocabulary(sentences: Iterable[tuple[str, ...]]) -> set[str]:
    """All words that occur."""
    return {word for sentence in sentences for word in sentence}
