"""What the intent classifier sees of a clause: its words with the slots replaced by their classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.nlu.gazetteer import Gazetteer, key_of
from assistant.nlu.lexicon import lexicon
from assistant.nlu.times import Span

_OUTSIDE = frozenset({"outside", "outdoors", "out"})
"""Places that ask for the weather rather than for a room."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Neighbouring tokens with one slot tag. `tag` is empty for a single token without a slot."""

    tag: str
    spans: tuple[Span, ...]
    first: int
    probability: float = 1.0

    @property
    def text(self) -> str:
        """The normal form; numbers by value."""
        return " ".join(f"{span.value:g}" if span.kind == "num" else span.text for span in self.spans)

    @property
    def spoken(self) -> str:
        """The words as they were spoken."""
        return " ".join(span.spoken for span in self.spans)


def mentions(spans: Sequence[Span], tags: Sequence[str], probabilities: Sequence[float] = ()) -> list[Mention]:
    """Group tokens by their BIO tags; tokens without a slot stay alone."""
    found: list[Mention] = []
    for i, (span, tag) in enumerate(zip(spans, tags, strict=True)):
        probability = probabilities[i] if probabilities else 1.0
        last = found[-1] if found else None
        if last is not None and last.tag == tag[2:] and (tag[0] == "I" or _one_color(last, span)):
            found[-1] = Mention(last.tag, (*last.spans, span), last.first, min(last.probability, probability))
        else:
            found.append(Mention(tag[2:], (span,), i, probability))
    return found


def _one_color(last: Mention, span: Span) -> bool:
    """Whether a color goes on: "light BLUE"."""
    return last.tag == "COLOR" and f"{last.text} {span.text}" in lexicon().colors


def tokens(clause: Sequence[Mention], place: str, gazetteer: Gazetteer) -> list[str]:
    """The clause with its slots replaced: "turn off the <KIND:light>". `place` tells `only`, `first`, `later`."""
    words = [f"<{place}>"]
    for mention in clause:
        if mention.tag == "DROP":
            continue
        if mention.tag == "NAME":
            words.append(f"<NAME:{gazetteer.known([key_of(span) for span in mention.spans]) or _head(mention)}>")
        else:
            words.append(_replaced(mention) if mention.tag else mention.text)
    return words


def _head(mention: Mention) -> str:
    """What an unknown name says of itself by its last word: the kitten LIGHTS, the garbage DOOR."""
    kind = lexicon().kinds.get(mention.spans[-1].text)
    return (kind.device_class or kind.domain or "?") if kind else "?"


def _replaced(mention: Mention) -> str:
    if mention.tag == "KIND":
        kind = lexicon().kinds.get(mention.text)
        return f"<KIND:{(kind.device_class or kind.domain) if kind else '?'}>"
    if mention.tag in {"TIME", "VALUE", "AMOUNT"}:
        return f"<{mention.tag}:{mention.spans[-1].kind}>"
    if mention.tag in {"STATE", "REF", "ATTR", "QUANT"}:
        words = lexicon()
        table = {
            "STATE": words.states,
            "REF": words.references,
            "ATTR": words.attributes,
            "QUANT": words.quantities,
        }[mention.tag]
        return f"<{mention.tag}:{table.get(mention.text, '?')}>"
    if mention.tag == "AREA" and mention.text in lexicon().outdoor_places | _OUTSIDE:
        return "<AREA:outside>"
    return f"<{mention.tag}>"


def said_words(clause: Sequence[Mention]) -> list[str]:
    """The words of a clause as they were said, those of its slots too."""
    return [word for mention in clause if mention.tag != "DROP" for word in mention.text.split()]


def features(words: Sequence[str], said: Sequence[str]) -> Iterator[str]:
    """Words, pairs and triples of words, and pieces of words of a delexicalised clause, and the words `said` in it.

    A slot hides words that tell the intent as well ("song" in a name, "minutes" in a time).

    >>> sorted(features(["<only>", "lights", "<AREA>"], ["lights", "attic"]))[:4]
    ['#ght', '#hts', '#igh', '#lig']
    """
    padded = [*words, "</s>"]
    yield from words
    yield from ("=" + word for word in said)
    yield from (f"{a} {b}" for a, b in pairwise(padded))
    yield from (f"{a} {b} {c}" for a, b, c in zip(padded, padded[1:], padded[2:], strict=False))
    content = [word for word in words if word[0] != "<"]
    for word in content:
        if len(word) > 3:
            yield from ("#" + word[i : i + 3] for i in range(len(word) - 2))
    slots = sorted({word for word in words if word[0] == "<"})
    yield "+".join(slots)
    yield from (word.partition(":")[0] + ">" for word in slots if ":" in word)
