"""What a person answered when asked which was meant: kept, used, and outweighed by an answer to the contrary.

Nothing tells more clearly what somebody means than the answer to a question, so it is asked only once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from assistant.learning.ledger import Ledger
from assistant.learning.logged import Logged, by_person
from assistant.observer import Phase
from assistant.resolve.evidence import Preference
from assistant.resolve.names import mention_of
from assistant.resolve.preferred import ANSWERED, PREFERENCE, is_preferred
from assistant.store.items import Beta, Item, ItemState, Layer
from assistant.turn import Execute, Resolution, Turn

ANSWER_WITHIN = 30.0
"""Seconds in which what follows a question is its answer."""
SHORT = 5
"""Words of an answer; more are a request of their own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the person, the words that were asked about, and the entity that was chosen."""

    turn: str
    household: str
    speaker: str | None
    mention: str
    chosen: str
    said: str
    time: datetime


def answered(previous: Turn | None, turn: Turn) -> Answer | None:
    """The answer that a turn is: to a question, or, as a correction, to a choice made for the person.

    A correction counts only against what an earlier answer had decided.
    """
    if turn.decision is None or turn.decision.kind not in {"execute", "confirm"}:
        return None
    for resolution in turn.resolutions:
        if ANSWERED in resolution.because and len(resolution.entities) == 1:
            return _answer(turn, resolution, resolution.entities[0])
    corrects = isinstance(turn.decision, Execute) and any("instead_of" in r.intent.slots for r in turn.resolutions)
    if previous is None or not corrects or len(turn.entities) != 1:
        return None
    chosen_for = next((each for each in previous.resolutions if is_preferred(each)), None)
    return _answer(turn, chosen_for, turn.entities[0]) if chosen_for is not None else None


def _answer(turn: Turn, resolution: Resolution, chosen: str) -> Answer | None:
    context = turn.context
    mention = mention_of(resolution.intent.slots)
    return Answer(turn.id, context.household, context.speaker, mention, chosen, turn.said, context.now)


def answers_in(log: Iterable[Logged]) -> Iterator[Answer]:
    """The answers in a log, of each person in order of time: what follows a question, briefly and at once."""
    for turns in by_person(log):
        for asked, answer in pairwise(turns):
            short = answer.elliptic or len(answer.said.split()) <= SHORT
            soon = answer.time - asked.time <= ANSWER_WITHIN
            if asked.decision != "ask" or not short or not soon or answer.outcome != "done":
                continue
            mention = mention_of(asked.slots)
            if mention and len(answer.entities) == 1:
                who = (answer.id, answer.household, answer.speaker)
                yield Answer(*who, mention, answer.entities[0], answer.words, answer.moment)


def with_answer(old: Item | None, answer: Answer) -> Item:
    """The preference in the light of one more answer; one to the contrary begins it anew."""
    if old is not None and answer.turn in old.evidence:
        return old
    same = old is not None and old.after == answer.chosen
    wins, losses = (old.applied.wins + 1, old.applied.losses) if old and same else (1.0, 0.0)
    evidence = (*old.evidence, answer.turn) if old and same else (answer.turn,)
    before = f", instead of {old.after} before" if old is not None and not same else ""
    times = f"{len(evidence)} times" if len(evidence) > 1 else "once"
    item = Item(
        id=old.id if old else _id(answer),
        kind=PREFERENCE,
        layer=Layer.PERSONAL,
        before=answer.mention,
        after=answer.chosen,
        state=ItemState.ACTIVE,
        household=answer.household,
        speaker=answer.speaker,
        score=round((wins + 1) / (wins + losses + 2), 4),
        support=len(evidence),
        customers=1,
        reason=f'when asked which {answer.mention} was meant, the answer was "{answer.said}", {times}{before}',
        evidence=evidence,
        applied=Beta(wins, losses),
        version=old.version + (not same) if old else 1,
        since=old.since if old and same else answer.time,
    )
    blocked = old is not None and old.state is ItemState.BLOCKED
    return replace(item, state=ItemState.BLOCKED, decided="block") if blocked else item


def _id(answer: Answer) -> str:
    told = "|".join((answer.household, answer.speaker or "", answer.mention))
    return f"preference-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def preferences_in(log: Iterable[Logged]) -> list[Item]:
    """The preferences that the answers in a log amount to."""
    items: dict[str, Item] = {}
    for answer in answers_in(log):
        items[_id(answer)] = with_answer(items.get(_id(answer)), answer)
    return list(items.values())


class AnswerLearner:
    """An observer of the engine that keeps every answer at once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._last: Turn | None = None

    def turn_changed(self, turn: Turn) -> None:
        """Keep what a new turn answers."""
        if self._last is not None and turn.id == self._last.id:
            self._last = turn
            return
        answer = answered(self._last, turn)
        self._last = turn
        if answer is not None and answer.mention:
            known = {item.id: item for item in self._ledger.items(PREFERENCE)}
            self._ledger.keep(with_answer(known.get(_id(answer)), answer))

    def said(self, text: str) -> None:
        """Nothing to learn."""

    def phase_changed(self, phase: Phase) -> None:
        """Nothing to learn."""

    def home_changed(self, entity: str) -> None:
        """Nothing to learn."""


class LearnedPreferences:
    """The preferences in use, read anew when the ledger has changed."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._version = -1
        self._items: dict[tuple[str | None, str | None, str], Item] = {}

    def find(self, household: str, speaker: str | None, mention: str) -> Preference | None:
        """What this person means by these words."""
        if self._ledger.version != self._version:
            self._version = self._ledger.version
            self._items = {
                (item.household, item.speaker, item.before): item
                for item in self._ledger.items(PREFERENCE)
                if item.live and "told" not in item.details
            }
        item = self._items.get((household, speaker, mention))
        return Preference(item.id, item.after, item.support) if item else None
