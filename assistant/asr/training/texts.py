"""What the synthesised voices say: requests of many kinds, and words of the dictionary in any order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from assistant.asr.language import words_of

ORDERS = 0.15
"""Share of coffee orders, the domain of the human recordings."""
WORDS = 0.3
"""Share of sentences of words that were drawn from the dictionary, for sounds in every company."""
_LONGEST = 10


def requests() -> list[tuple[str, ...]]:
    """The open sentences that come with the assistant, in words."""
    text = (files("assistant") / "nlu" / "data" / "open_sentences.tsv").read_text(encoding="utf-8")
    rows = (line.partition("\t")[2] for line in text.splitlines() if line and not line.startswith("#"))
    found = {words_of(row) for row in rows}
    return sorted(words for words in found if 1 < len(words) <= 2 * _LONGEST)


def dictionary_words(path: Path) -> dict[str, list[list[str]]]:
    """A dictionary of CMU format: of each word its pronunciations."""
    found: dict[str, list[list[str]]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            name, *phones = line.split()
            found.setdefault(name.partition("(")[0], []).append(phones)
    return found


def texts(source: random.Random, known: dict[str, list[list[str]]]) -> Iterator[tuple[str, ...]]:
    """Sentences without end, all of whose words the dictionary knows."""
    said = [words[:_LONGEST] for words in requests()]
    said = [words for words in said if all(word in known for word in words)]
    alone = [word for word in known if word.isalpha() and 2 < len(word) < 12]
    while True:
        kind = source.random()
        if kind < ORDERS:
            yield order(source)
        elif kind < ORDERS + WORDS:
            yield tuple(source.choices(alone, k=source.randint(2, 5)))
        else:
            yield source.choice(said)


_SIZES = ["small", "medium", "large", "eight ounce", "twelve ounce", "sixteen ounce", "twenty ounce"]
_ROASTS = ["light roast", "medium roast", "dark roast"]
_SHOTS = ["single shot", "double shot", "triple shot"]
_DRINKS = (
    "coffee", "iced coffee", "iced mocha", "house coffee", "drip coffee", "espresso", "mocha", "cappuccino",
    "americano", "latte",
)  # fmt: skip
_AMOUNTS = ["", "", "", "some ", "lots of ", "a lot of ", "a bit of ", "a little bit of "]
_MILKS = ["milk", "soy milk", "cream", "skim milk", "whole milk", "almond milk"]
_SUGARS = ["sugar", "brown sugar", "sweetener"]
_OPENINGS = (
    "", "a", "i want a", "i want", "i'd like a", "i would like a", "can i have a", "can i get a", "could i have a",
    "could i get a", "may i have a", "give me a", "get me a", "make me a", "please make me a", "i need a",
    "let me have a", "let me get a", "i'll have a", "i'll take a", "can you make me a", "could you make me a",
    "can you please make me a", "i would like to have a", "can i please have a", "order a", "bring me a", "i'd love a",
    "prepare a", "i feel like having a", "how about a", "we want a",
)  # fmt: skip


def order(source: random.Random) -> tuple[str, ...]:
    """A coffee order, as a grammar of our own makes them."""
    slots = {"coffeeDrink": source.choice(_DRINKS)}
    for name, kind in (("size", _SIZES), ("numberOfShots", _SHOTS), ("roast", _ROASTS)):
        if source.random() < 0.5:
            slots[name] = source.choice(kind)
    for name, kind in (("milkAmount", _MILKS), ("sugarAmount", _SUGARS)):
        if source.random() < 0.5:
            slots[name] = source.choice(_AMOUNTS) + source.choice(kind)
    return order_with(slots, source)


def order_with(slots: Mapping[str, str], source: random.Random) -> tuple[str, ...]:
    """One of the ways to order just this."""
    before = [slots[name] for name in ("size", "numberOfShots", "roast") if name in slots]
    source.shuffle(before)
    sides = [slots[name] for name in ("milkAmount", "sugarAmount") if name in slots]
    source.shuffle(sides)
    after = [before.pop()] if before and source.random() < 0.1 else []
    parts = [source.choice(_OPENINGS), *before, slots.get("coffeeDrink", ""), *after]
    if sides:
        parts += ["with", source.choice((" and ", " and ", " with ", " ")).join(sides)]
    if source.random() < 0.15:
        parts.append("please")
    return tuple(" ".join(parts).split())
