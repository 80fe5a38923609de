"""Tastes that no device knows of: where to eat, which team, and what a person likes; answered from what was told.

What can't be looked up offline is declined by repeating what was understood, with the person's own team in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from assistant.resolve.preferred import PREFERENCE
from assistant.store.items import Item
from assistant.teaching.taught import Taught
from assistant.turn import Execute, Outcome, OutcomeKind, Refuse, Turn

UNKNOWN = "I can't look up sports"
RESTAURANT, TEAM = "restaurant", "team"
_DINE = r"(?:eat|dine|(?:go|go out|have|get) (?:for )?(?:an? )?(?:breakfast|lunch|dinner|brunch|food|bite))"
_ASKS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("eat", r"(?:can you |could you |please )*(?:find|recommend|suggest|pick|choose|show|name|know)(?: me| us)?"
         r"(?: (?:an?|some|the|any|good|nice|great|nearby|best))*(?: (?P<cuisine>[a-z]+))?"
         r" (?:restaurants?|places? (?:to eat|for (?:lunch|dinner)))(?: .*)?"),
        ("eat", rf"where (?:should|could|can|shall|do) (?:we|i) {_DINE}(?: .*)?"),
        ("eat", r"(?:i'm|i am|we're|we are) (?:hungry|starving)[, ]+(?:where|what) .*"),
        ("team", r"(?P<start>(?:what|who|when|where|how|did|does|do|is|are|has|have|will|show|tell)\b.*?) "
         r"my (?:favou?rite )?team\b(?P<end>.*)"),
        ("mine", r"what(?:'s| is| are) my (?:favou?rite|preferred) (?P<domain>\w+)"),
        ("mine", r"(?:what|which)(?: kind of)? (?P<domain>\w+) do i (?:like|love|prefer|support|root for)(?: best)?"),
        ("mine", r"who do i (?:root|cheer) for(?P<domain>)"),
        ("likes", r"do i (?:really )?(?:like|love|prefer|enjoy|hate|dislike) (?P<value>.+)"),
    )
)  # fmt: skip
_WHOLE = re.compile(r"what (?:is|are|was)|what's|who (?:is|are)|who's|which is")
"""How a question about the team itself begins."""


@cache
def _guide() -> Mapping[str, Any]:
    text = files("assistant.teaching").joinpath("guide.yaml").read_text(encoding="utf-8")
    known: Mapping[str, Any] = yaml.safe_load(text)
    return known


def domain_of(value: str) -> str | None:
    """What a taste is about, where the words or the guide tell: `restaurant` or `team`.

    >>> domain_of("italian restaurants"), domain_of("warriors"), domain_of("jazz")
    ('restaurant', 'team', None)
    """
    last = value.split()[-1]
    if last in {"restaurants", "restaurant", "food", "cuisine", "cooking"} or value in _guide()["restaurants"]:
        return RESTAURANT
    known = value.removeprefix("the ") in _guide()["teams"]
    return TEAM if known or last in {"team", "teams"} else None


class Guide:
    """Answers from what a person told."""

    def __init__(self, taught: Taught) -> None:
        self._taught = taught

    def answer(self, turn: Turn, said: str) -> Turn | None:
        """The turn with what is said to a tidy text, or declined; `None` when it asks for nothing of that."""
        told = self._said(turn, said)
        if told is None:
            return None
        if told.startswith(UNKNOWN):
            return replace(turn, decision=Refuse("unsupported", told))
        return replace(turn, decision=Execute(), outcome=Outcome(OutcomeKind.DONE, {}, (), (told,)))

    def _said(self, turn: Turn, said: str) -> str | None:
        for kind, pattern in _ASKS:
            if found := pattern.fullmatch(said):
                if kind == "eat":
                    return self._eat(turn, found.groupdict().get("cuisine") or "")
                if kind == "team":
                    return self._team(turn, found["start"], found["end"])
                return self._mine(turn, found) if kind == "mine" else self._likes(turn, found["value"])
        return None

    def _told(self, turn: Turn, domain: str) -> list[Item]:
        return [item for item in self._taught.of(turn, PREFERENCE) if domain in {"", item.details["domain"]}]

    def _eat(self, turn: Turn, cuisine: str) -> str:
        known: Mapping[str, list[str]] = _guide()["restaurants"]
        tastes = [(_cuisine(item.after), item.details["polarity"]) for item in self._told(turn, RESTAURANT)]
        liked = [each for each, polarity in tastes if polarity > 0 and each in known]
        disliked = {each for each, polarity in tastes if polarity < 0}
        wanted = cuisine if cuisine in known else next(iter(liked), "")
        if not wanted:
            left = [each for each in known if each not in disliked]
            some = ", ".join(f"{known[each][0]} ({each})" for each in left[:3])
            return f"I know {some}. Tell me which cuisine you like."
        because = f"Since you like {wanted} food: " if wanted in liked and wanted != cuisine else ""
        return f"{because}{' or '.join(known[wanted])}, {wanted}."

    def _team(self, turn: Turn, start: str, end: str) -> str:
        teams = [item.after for item in self._told(turn, TEAM) if item.details["polarity"] > 0]
        if not teams:
            return "I don't know your team. Tell me: I'm a fan of ..."
        team = f"the {teams[0].removeprefix('the ')}"
        if _WHOLE.fullmatch(start) and not end.strip():
            return f"Your team is {team}."
        return f'{UNKNOWN}: "{start} {team}{end}".'

    def _mine(self, turn: Turn, found: re.Match[str]) -> str | None:
        domain = _singular(found["domain"] or TEAM)
        told = [item for item in self._told(turn, domain) if item.details["polarity"] > 0]
        if told:
            return f"You told me: {' '.join(str(item.details['told']) for item in told[:3])}"
        asked = {item.details["domain"] for item in self._told(turn, "")} | {RESTAURANT, TEAM, "music"}
        return f"You haven't told me your favorite {domain}." if domain in asked else None

    def _likes(self, turn: Turn, value: str) -> str | None:
        told = [item for item in self._told(turn, "") if _core(item.after) == _core(value)]
        return f"You told me: {told[0].details['told']}" if told else None


def _cuisine(value: str) -> str:
    return value.split()[0]


def _core(value: str) -> str:
    """A taste without the word for what it is."""
    return re.sub(r" (?:restaurants?|food|music|songs?|lights?)$", "", value.removeprefix("the "))


def _singular(domain: str) -> str:
    return {"food": RESTAURANT, "cuisine": RESTAURANT, "genre": "music", "songs": "music"}.get(
        domain, domain.rstrip("s")
    )
