"""Why a turn went as it did, in plain words, from what it recorded alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.home import Home
from assistant.resolve.evidence import reason_of
from assistant.resolve.likeness import LEFT_OUT, MORE, NOT_NAMED, PART
from assistant.resolve.preferred import ANSWERED, CHOSEN_BEFORE
from assistant.risk import risk_of
from assistant.spoken import joined, spoken_name
from assistant.turn import Ask, Candidate, Command, Confirm, Execute, Ignore, Refuse, Resolution, Turn

MOST = 3
"""Reasons and rivals that are told."""
WORTH_TELLING = 0.005
"""Shares of the cost from which a circumstance is told."""
_BY_NAME = re.compile(r'^"(?P<said>.*)": (?P<how>.+?)(?: \d\.\d\d)?$')
_NAMES = {
    PART: '"{said}" is part of the name',
    f"{PART}, here": '"{said}" is part of the name, and it is here',
    MORE: 'the name is in "{said}"',
    "sounds alike": 'the name sounds like "{said}"',
    "spelled alike": 'the name is spelled like "{said}"',
}
"""How a name was found -> how that is told; else the thing is called so."""
_PLAIN = {
    ANSWERED: "you said so",
    "what the last turn acted on": "we spoke of that last",
    "the other one": "it is the other one",
    "all of that name": "all of them are called so",
    "1 of that kind": "there is no other of that kind to be meant",
}
_ALL = re.compile(r"^\d+ of that kind$")


def explained(turn: Turn, home: Home) -> str:
    """What was heard, what it was taken for and why, and why it was asked about or declined, if it was."""
    return " ".join(_sentences(turn, home))


def _sentences(turn: Turn, home: Home) -> Iterator[str]:
    yield f'I heard "{turn.said}".'
    if turn.rewrite is not None:
        yield f'I took it as "{turn.rewrite.after}", because {turn.rewrite.because}.'
    elif turn.parse is not None and turn.parse.best.text.lower() not in {"", turn.said.lower()}:
        # An answer, with what it answers; or another hypothesis.
        yield f'I understood "{turn.parse.best.text}".'
    match turn.decision:
        case Ask(_, (_, _, *_) as options):
            names = [spoken_name(home.entities[each], home, options) for each in options if each in home.entities]
            yield f"I asked, because {joined(names)} fit about equally well."
            return
        case Refuse(_, reason):
            yield f'I declined: "{reason}"'
            return
    for resolution in turn.resolutions:
        yield from _meant(resolution, home)
    match turn.decision:
        case Confirm(_, commands):
            yield f"I asked first, because {_doubt(commands, home)}."
        case Ask():
            yield "I asked, because something was left open."
        case Execute(()) if not turn.resolutions:
            yield "There was nothing to be done."
        case Ignore(reason):
            yield f"I did nothing, because {reason}."


def _doubt(commands: Sequence[Command], home: Home) -> str:
    known = [each for each in commands if each.entity in home.entities]
    risky = any(risk_of(home.entities[each.entity], each.value, home) != "none" for each in known)
    return "that is risky" if risky else "I was not sure that this was meant"


def _meant(resolution: Resolution, home: Home) -> Iterator[str]:
    """Which things, for which reasons, and which others were less likely, and why."""
    known = [entity for entity in resolution.entities if entity in home.entities]
    if not known:
        return
    first, *others = resolution.candidates
    told = _reasons(first, others, lambda share: share < 0)
    yield f"I took that to mean {_called(known, home)}{', because ' + joined(told) if told else ''}."
    excepted = [each.removeprefix(LEFT_OUT).split(", ") for each in first.because if each.startswith(LEFT_OUT)]
    if left := [entity for each in excepted for entity in each if entity in home.entities]:
        yield f"I left out {_called(left, home)}."
    for rival in others[: MOST - 1]:
        if rival.entities and rival.entities[0] in home.entities:
            name = spoken_name(home.entities[rival.entities[0]], home, home.entities)
            against = _reasons(rival, [first], lambda share: share > 0)
            yield f"{name[0].upper()}{name[1:]} was less likely{': ' + joined(against) if against else ''}."


def _called(entities: Sequence[str], home: Home) -> str:
    names = [spoken_name(home.entities[entity], home, home.entities) for entity in entities]
    return f"{len(names)} devices" if len(names) > MOST else joined(names)


def _reasons(one: Candidate, others: Sequence[Candidate], tells: Callable[[float], bool]) -> list[str]:
    """What speaks for one candidate, or against it, and is not as true of every other; the strongest first."""
    shared = [set(map(plain, each.because)) for each in others]
    found = []
    for printed in one.because:
        words, share = plain(printed), reason_of(printed)[1]
        is_name = share is None and tells(-1.0) and not printed.startswith((NOT_NAMED, LEFT_OUT))
        told = is_name or (share is not None and tells(share) and abs(share) >= WORTH_TELLING)
        if told and not (share is not None and shared and all(words in each for each in shared)):
            found.append((share or -1.0, words))
    return list(dict.fromkeys(words for _, words in sorted(found, key=lambda each: -abs(each[0]))))[:MOST]


def plain(printed: str) -> str:
    """A printed reason as a clause, without its figures.

    >>> plain('"kitchen light": same name 1.00'), plain("it is in this room -0.10")
    ('it is called "kitchen light"', 'it is in this room')
    >>> plain("3 of that kind"), plain('"lamp": part of the name 0.88')
    ('all of that kind were meant', '"lamp" is part of the name')
    """
    words = reason_of(printed)[0]
    if by_name := _BY_NAME.match(words):
        return _NAMES.get(by_name["how"], 'it is called "{said}"').format(said=by_name["said"])
    if words.startswith(CHOSEN_BEFORE):
        return "you chose it before"
    return _PLAIN.get(words) or ("all of that kind were meant" if _ALL.match(words) else words)
