"""The words and phrases of `words.yaml`."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import yaml

_DATA: dict[str, Any] = yaml.load(
    (files("assistant.learning") / "words.yaml").read_text(encoding="utf-8"),
    Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
)

FILLERS = frozenset(_DATA["fillers"])
GIVING_UP = frozenset(_DATA["giving_up"])
DETERMINERS = frozenset(_DATA["determiners"])
PRONOUNS = frozenset(_DATA["pronouns"])
LIMITS = frozenset(_DATA["limits"])
NUMBERS = frozenset(_DATA["numbers"])
VERBS = frozenset(_DATA["verbs"])
NOT_FOR_IT = frozenset(_DATA["not_for_it"])
CONTROL = {phrase: kind for kind, phrases in _DATA["control"].items() for phrase in phrases}
OPPOSITES = tuple((frozenset(one), frozenset(other)) for one, other in _DATA["opposites"])
OPPOSITE_VERBS = frozenset(frozenset(pair) for pair in _DATA["opposite_verbs"])


def _any(phrases: list[str]) -> str:
    return "|".join(sorted(map(re.escape, phrases), key=len, reverse=True))


COURTESY = re.compile(rf"\b(?:{_any(_DATA['courtesies'])})\b")
MARKER = re.compile(rf"^(?:(?:{_any(_DATA['markers'])})\s+)+")
CONTINUES = re.compile(rf"^(?:{_any(_DATA['continues'])})\b|\b(?:{_any(_DATA['continues_at_end'])})$")
