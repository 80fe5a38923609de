"""A domain that is no home: ordering coffee. Its graph, its recordings by people, and when an order was heard right.

The recordings, what can be asked for and in which wordings: Picovoice/speech-to-intent-benchmark (Apache-2.0), read in
the project's own notation.
"""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path

from assistant.asr.training.people import ORDERS, Recording, check_recordings, recordings, split
from assistant.asr.training.texts import order
from assistant.nlu.templates import Choices, Patterns, parse

LISTED = 8000
"""Orders that are drawn for recognisers that listen for a list."""
IN_TEMPLATES = 0.999
"""Share of the orders that only the templates hold."""
_AMOUNT = "[(some|lots of|a lot of|a bit of|a little bit of)]"
_RULES = {
    "opening": "(brew|can i get|can i have|i want|get me|give me|i'd like|i would like|make me|may i have)",
    "size": "(small|medium|large|eight ounce|twelve ounce|sixteen ounce|twenty ounce)",
    "roast": "(light roast|medium roast|dark roast)",
    "shots": "(single shot|double shot|triple shot)",
    "drink": "(coffee|iced coffee|house coffee|drip coffee|iced mocha|mocha|espresso|cappuccino|americano|latte)",
    "milk": f"{_AMOUNT} (milk|soy milk|cream|skim milk|whole milk|almond milk)",
    "sugar": f"{_AMOUNT} (sugar|brown sugar|sweetener)",
}
_SIDES = ("", "with <milk>", "with <sugar>", "with <milk> and <sugar>", "with <sugar> and <milk>")
_SLOT_WORDS = frozenset((
    "coffee", "iced", "mocha", "house", "drip", "espresso", "cappuccino", "americano", "latte", "light", "dark",
    "roast", "small", "large", "ounce", "milk", "soy", "cream", "skim", "whole", "almond", "sugar", "brown",
    "sweetener", "single", "double", "triple", "shot", "lots", "bit", "lot",
))  # fmt: skip


def orders_said(data: Path) -> list[Recording]:
    """Recordings of people who are in no training. Raises `UserError` when they are not in the folder."""
    check_recordings(data)
    return split(list(recordings(data, ORDERS)))[1]


def patterns() -> Patterns:
    """All orders: size, roast and shots in any order before the drink, milk and sugar in any order after it."""
    kinds = ("<size>", "<roast>", "<shots>")
    before = [" ".join(chosen) for count in range(1 + len(kinds)) for chosen in permutations(kinds, count)]
    texts = [f"[<opening>] [(a|an)] {chosen} <drink> {side}" for chosen in before for side in _SIDES]

    def nothing(_slot: str, _argument: str) -> Choices:
        return {}

    return Patterns(tuple((parse(text, _RULES), 1.0) for text in texts), nothing, IN_TEMPLATES)


def sentences(seed: int) -> list[str]:
    """Orders drawn from a grammar of our own."""
    source = random.Random(seed)
    return sorted({" ".join(order(source)) for _ in range(LISTED)})


def slots_right(wanted: Recording, text: str) -> bool:
    """Whether every slot was heard, and no other one: what is left has no word of any slot.

    >>> import numpy as np
    >>> mocha = Recording("1", np.zeros(0, np.int16), {"coffeeDrink": "iced mocha"})
    >>> slots_right(mocha, "give me an iced mocha"), slots_right(mocha, "give me an iced mocha with milk")
    (True, False)
    """
    rest = f" {text} "
    for value in sorted(wanted.slots.values(), key=len, reverse=True):
        if f" {value} " not in rest:
            return False
        rest = rest.replace(f" {value} ", "  ", 1)
    return not set(rest.split()) & _SLOT_WORDS
