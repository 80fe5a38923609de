"""Why a turn went as it did, in plain words, from its trace alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.home import Home
from assistant.spoken import spoken_name
from assistant.turn import Ask, Confirm, Ignore, Refuse, Resolution, Turn

_FIGURES = re.compile(r"\s*\(?[+-]?\d+\.\d+\)?")
MOST = 3
"""Reasons and rivals that are told."""


def explained(turn: Turn, home: Home) -> str:
    """What was heard, what it was taken for and why, and why it was asked about or declined, if it was."""
    return " ".join(_sentences(turn, home))


def _sentences(turn: Turn, home: Home) -> Iterator[str]:
    yield f'I heard "{turn.said}".'
    if turn.rewrite is not None:
        yield f'I took it as "{turn.rewrite.after}", because {turn.rewrite.because}.'
    for resolution in turn.resolutions:
        yield from _meant(resolution, home)
    match turn.decision:
        case Confirm():
            yield "I asked before acting, because it is risky or I was not sure."
        case Ask():
            yield "I asked, because more than one thing fits."
        case Refuse(_, reason):
            yield f'I declined: "{reason}"'
        case Ignore(reason):
            yield f"I did nothing, because {reason}."


def _meant(resolution: Resolution, home: Home) -> Iterator[str]:
    """Which devices, for which reasons, before which others."""
    known = [entity for entity in resolution.entities if entity in home.entities]
    if not known:
        return
    names = [spoken_name(home.entities[entity], home, known) for entity in known]
    many = f"{len(names)} devices" if len(names) > MOST else " and ".join(names)
    reasons = [plain(each) for each in resolution.candidates[0].because]
    told = "; ".join(dict.fromkeys(reason for reason in reasons if reason))
    rivals = [
        spoken_name(home.entities[each.entities[0]], home, (*known, each.entities[0]))
        for each in resolution.candidates[1:MOST]
        if each.entities and each.entities[0] in home.entities
    ]
    rather = f", rather than {' or '.join(rivals)}" if rivals else ""
    yield f"I took that to mean {many}{rather}{f' ({told})' if told else ''}."


def plain(reason: str) -> str:
    """A reason without its figures.

    >>> plain('"kitchen light": same name 1.00'), plain("in this room -0.10")
    ('"kitchen light": same name', 'in this room')
    """
    return _FIGURES.sub("", reason)
