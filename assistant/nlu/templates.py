"""Templates of sentences: a tiny notation, its parser and its sampler.

`(a|b)` is one of, `[x]` perhaps, `<rule>` a named rule, `{slot:argument}` something that a filler provides,
`word#TAG` a word with its slot tag (`_` stands for a space), and `*3` at the end makes a sentence three times as
frequent.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from assistant.nlu.lexicon import DATA


class NothingToSayError(LookupError):
    """A home that has nothing with which the slot could be filled."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words with one slot tag; an empty tag marks words that carry no slot."""

    text: str
    tag: str = ""


Filler = Callable[[str, str], Sequence[Piece]]
"""From the name and argument of a slot to words. Raises `NothingToSayError`."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a template. `kind` is `seq`, `alt`, `opt`, `word` or `slot`."""

    kind: str
    parts: tuple[Node, ...] = ()
    text: str = ""
    argument: str = ""


_TOKEN = re.compile(r"[()\[\]|]|<\w+>|\{\w+(?::\w+)?\}|#[A-Z]+|[^()\[\]|<>{}#\s]+")


def parse(template: str, rules: Mapping[str, str]) -> Node:
    """The tree of a template.

    >>> parse("turn (on|off) [the] {lamp}", {}).parts[1].kind
    'alt'
    """
    tokens = _TOKEN.findall(template)
    node, end = _sequence(tokens, 0, rules)
    if end != len(tokens):
        raise ValueError(f"template {template!r}: unexpected {tokens[end]!r}")
    return node


def _sequence(tokens: Sequence[str], i: int, rules: Mapping[str, str]) -> tuple[Node, int]:
    parts: list[Node] = []
    while i < len(tokens) and tokens[i] not in ")]|":
        token = tokens[i]
        if token in "([":
            node, i = _choice(tokens, i + 1, rules, ")" if token == "(" else "]")
            parts.append(node if token == "(" else Node("opt", (node,)))
            continue
        i += 1
        if token[0] == "#":
            parts[-1] = _tagged(parts[-1], token[1:])
        elif token[0] == "<":
            parts.append(parse(rules[token[1:-1]], rules))
        elif token[0] == "{":
            name, _, argument = token[1:-1].partition(":")
            parts.append(Node("slot", text=name, argument=argument))
        else:
            parts.append(Node("word", text=token.replace("_", " ")))
    return Node("seq", tuple(parts)), i


def _choice(tokens: Sequence[str], i: int, rules: Mapping[str, str], closing: str) -> tuple[Node, int]:
    options: list[Node] = []
    while True:
        node, i = _sequence(tokens, i, rules)
        options.append(node)
        if i >= len(tokens) or tokens[i] not in "|" + closing:
            raise ValueError(f"template: {closing!r} is missing in {' '.join(tokens)!r}")
        i += 1
        if tokens[i - 1] == closing:
            return Node("alt", tuple(options)), i


def _tagged(node: Node, tag: str) -> Node:
    """The node with the tag on all of its words: words in a row become one piece."""
    if node.kind == "word":
        return Node("word", text=node.text, argument=tag)
    if node.kind == "seq" and all(part.kind == "word" and not part.argument for part in node.parts):
        return Node("word", text=" ".join(part.text for part in node.parts), argument=tag)
    return Node(node.kind, tuple(_tagged(part, tag) for part in node.parts), node.text, node.argument)


def sample(node: Node, fill: Filler, rng: random.Random) -> list[Piece]:
    """One sentence of a template. Raises `NothingToSayError` when a slot that it chose can't be filled."""
    if node.kind == "word":
        return [Piece(node.text, node.argument)]
    if node.kind == "slot":
        return list(fill(node.text, node.argument))
    if node.kind == "alt":
        return sample(rng.choice(node.parts), fill, rng)
    if node.kind == "opt":
        return sample(node.parts[0], fill, rng) if rng.random() < 0.5 else []
    return [piece for part in node.parts for piece in sample(part, fill, rng)]


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence of one class (`home.query/is`): the intent, after the slash a finer class."""

    label: str
    node: Node
    weight: int = 1


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """All templates that come with the project. Raises `ValueError` naming a template that can't be read."""
    found: list[Template] = []
    rules: dict[str, str] = {}
    label = ""
    for line in (DATA / "templates.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            label = line.rstrip(":") if line and line[0] != "#" else label
        elif label == "rules":
            name, _, text = line.strip().partition(": ")
            rules[name] = text
        else:
            found.append(_template(label, line.strip(), rules))
    return tuple(found)


def _template(label: str, line: str, rules: Mapping[str, str]) -> Template:
    text, _, weight = line.rpartition("*")
    if not text or not weight.isdigit():
        text, weight = line, "1"
    return Template(label, parse(text, rules), int(weight))


@lru_cache(maxsize=4)
def read_yaml(name: str) -> dict[str, Any]:
    """A data file of this package; callers must not keep what they change."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (DATA / name).open(encoding="utf-8") as file:
        return dict(yaml.load(file, Loader=loader))


Choices = Mapping[tuple[str, ...], float]
"""What may stand in a slot, as words, and how often; none when the slot can't be filled."""
Fill = Callable[[str, str], Choices]
"""From the name and argument of a slot to all that may stand in it."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Weighted templates, and what fills their slots: all that may be said, without a list of it.

    `share` is how much of what is said is in no list of sentences that stands beside the templates, 0 to 1.
    """

    templates: tuple[tuple[Node, float], ...]
    fill: Fill
    share: float
