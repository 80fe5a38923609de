"""The closed classes of the language: kinds, attributes, states, colours, triggers (from `data/lexicon.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.nlu.normalise import tokenise, words_of

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind word means. `plural` is about the word; `named` keeps the word as a name beside the kind."""

    domain: str | None
    device_class: str | None
    plural: bool
    named: bool


@dataclass(frozen=True)
class Lexicon:
    """Phrase (normal form) -> meaning, for each closed class."""

    kinds: Mapping[str, Kind]
    quantities: Mapping[str, str]
    references: Mapping[str, str]
    floors: Mapping[str, str]
    attributes: Mapping[str, str]
    states: Mapping[str, str]
    values: Mapping[str, float]
    factors: Mapping[str, float]
    fractions: Mapping[str, float]
    colors: frozenset[str]
    color_temps: frozenset[str]
    modes: frozenset[str]
    sources: frozenset[str]
    exceptions: frozenset[str]
    conditions: frozenset[str]
    repairs: frozenset[str]
    prohibitions: frozenset[str]
    fillers: frozenset[str]
    function_words: frozenset[str]
    courtesies: tuple[tuple[str, ...], ...]
    implied: Mapping[str, Mapping[str, str]]
    asked: Mapping[str, str]
    gerunds: Mapping[str, str]
    outdoor_places: frozenset[str]

    def phrases(self) -> Iterator[tuple[str, str]]:
        """Every phrase with the class under which the tagger sees it; the first class of a phrase counts."""
        classes = {
            "kind": self.kinds, "quant": self.quantities, "ref": self.references, "floor": self.floors,
            "attr": self.attributes, "except": self.exceptions, "cond": self.conditions, "value": self.values,
            "factor": {**self.factors, **self.fractions},
            "color": self.colors, "ctemp": self.color_temps, "source": self.sources, "state": self.states,
            "mode": self.modes, "repair": self.repairs,
        }  # fmt: skip
        for name, phrases in classes.items():
            for phrase in phrases:
                yield phrase, name


def normal(text: str) -> str:
    """The form in which phrases are compared.

    >>> normal("Anna's Lamp Two")
    "anna's lamp 2"
    """
    return " ".join(token.text for token in tokenise(words_of(text)))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon that comes with the project, read once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (DATA / "lexicon.yaml").open(encoding="utf-8") as file:
        raw: dict[str, Any] = yaml.load(file, Loader=loader)
    sets = {key: frozenset(map(normal, raw[key])) for key in (
        "colors", "color_temps", "modes", "sources", "conditions", "repairs", "prohibitions", "fillers",
        "outdoor_places")}  # fmt: skip
    return Lexicon(
        kinds=_kinds(raw["kinds"]),
        quantities=_inverted(raw["quantities"]),
        references=_inverted(raw["references"]),
        floors=_inverted(raw["floors"]),
        attributes=_inverted(raw["attributes"]),
        states=_inverted(raw["states"]),
        values=_numbers(raw["values"]),
        factors=_numbers(raw["factors"]),
        fractions=_numbers(raw["fractions"]),
        exceptions=frozenset(map(normal, raw["except"])),
        function_words=frozenset(word for each in raw["function_words"] for word in normal(each).split()),
        courtesies=tuple(sorted((tuple(words_of(each)) for each in raw["courtesies"]), key=len, reverse=True)),
        implied={normal(verb): slots for verb, slots in raw["implied"].items()},
        asked=_inverted(raw["asked"]),
        gerunds={_gerund(verb): verb for verb in raw["gerunds"]},
        **sets,
    )


def without_courtesies(words: Sequence[str]) -> list[str]:
    """The words without fillers and without courtesies of several words; one that is the whole request stays.

    >>> without_courtesies("um turn it off if you can".split())
    ['turn', 'it', 'off']
    """
    words = [word for word in words if word not in lexicon().fillers]
    for courtesy in lexicon().courtesies:
        size = len(courtesy)
        for i in range(len(words) - size, -1, -1):
            following = words[i + size : i + size + 1]
            if courtesy[-1] == "about" and not set(following) & lexicon().gerunds.keys():
                # "How about the kitchen?" is no courtesy.
                continue
            if tuple(words[i : i + size]) == courtesy and size < len(words):
                words = [*words[:i], *words[i + size :]]
                if courtesy[-1] in {"mind", "about"} and words[i : i + 1]:
                    words[i] = lexicon().gerunds.get(words[i], words[i])
    return words


def _inverted(groups: Mapping[str, list[str]]) -> dict[str, str]:
    return {normal(phrase): meaning for meaning, phrases in groups.items() for phrase in phrases}


def _numbers(groups: Mapping[str, list[str]]) -> dict[str, float]:
    return {phrase: float(value) for phrase, value in _inverted(groups).items()}


def _gerund(verb: str) -> str:
    """The form that follows "would you mind".

    >>> [_gerund(verb) for verb in ("turn", "close", "shut")]
    ['turning', 'closing', 'shutting']
    """
    if verb.endswith("e"):
        return f"{verb[:-1]}ing"
    short = len(verb) <= 4 and verb[-1] in "tnpm" and verb[-2] in "aeiou" and verb[-3] not in "aeiou"
    return f"{verb}{verb[-1]}ing" if short else f"{verb}ing"


def _kinds(entries: list[dict[str, Any]]) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for entry in entries:
        singular = {word for word in entry["words"] if f"{word}s" in entry["words"]}
        for word in entry["words"]:
            plural = word.endswith("s") and word[:-1] in singular
            kinds[normal(word)] = Kind(
                entry.get("domain"), entry.get("device_class"), plural, bool(entry.get("name", False))
            )
    return kinds
