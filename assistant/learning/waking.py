"""How sure the wake word must be in this home: learned from wakes that were none, and from those that were missed.

A wake was none when nobody said anything after it, when what was said was not for the assistant, or when somebody said
so ("I wasn't talking to you"). One was missed when the same person had to say it again, a little more clearly. The
cutoff is the one that would have done least harm; it never rises above what the people of the home reach themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from assistant.learning.ledger import Ledger
from assistant.learning.text import normal
from assistant.learning.words import NOT_FOR_IT
from assistant.store import Store
from assistant.store.items import Item, ItemState, Layer
from assistant.turn import Ignore, OutcomeKind, Source, Turn

WAKE = "wake"
"""The kind of the item that holds the cutoff."""
ID = "wake-cutoff"
TURNS = 200
"""Turns that are looked at."""
STRAYS, MISSES = 3, 2
"""Wakes that were none, and wakes that were missed, from which on something is learned."""
OWN = 5
"""Wakes that were meant, from which on it is known what the people of the home reach."""
REACTION = 15.0
"""Seconds within which somebody says that it was not meant."""
AGAIN = 10.0
"""Seconds within which a person who fell silent calls it again."""
LOWER, HIGHER = 0.2, 0.15
"""How far it may go below and above the setting ..."""
LEAST, MOST = 0.5, 0.97
"""... and in all."""
LOST = 0.02
"""Share of the meant wakes that a higher cutoff may lose, as far as their scores tell."""
MARGIN = 0.02
"""What must be left between a higher cutoff and the scores of the people of the home."""
HARM = 5.0
"""How many false wakes a lost one weighs."""
STAY = 10.0
"""False wakes that a change of the cutoff by one must at least be worth."""


@dataclass(frozen=True, slots=True)
class Call:
    """The wake word was heard: `score` is what it reached, `meant` is `None` where that is not known.

    `missed` are the scores of the attempts just before, which were not heard.
    """

    turn: str
    score: float
    meant: bool | None
    missed: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Tuning:
    """A better cutoff: it keeps out `kept_out` of `strays` false wakes, and hears `gained` of `missed` attempts."""

    cutoff: float
    kept_out: int
    strays: int
    gained: int
    missed: int
    evidence: tuple[str, ...]

    @property
    def reason(self) -> str:
        """In words."""
        told = []
        if self.kept_out:
            told.append(f"it would have kept out {self.kept_out} of {self.strays} wakes that were not meant")
        if self.gained:
            told.append(f"it would have heard {self.gained} of {self.missed} calls that were missed")
        return " and ".join(told)


def calls(turns: Sequence[Turn]) -> list[Call]:
    """The wakes in a log, oldest first."""
    spoken = [turn for turn in turns if turn.utterance.source is Source.VOICE]
    found = []
    for turn, following in pairwise([*spoken, None]):
        if turn is not None and turn.utterance.wake is not None:
            tries = turn.utterance.tries or (turn.utterance.wake,)
            meant = _meant(turn, following)
            found.append(Call(turn.id, tries[-1], meant, tries[:-1] if meant else ()))
    return found


def _meant(turn: Turn, following: Turn | None) -> bool | None:
    """Whether somebody called the assistant."""
    later = (following.context.now - turn.context.now).total_seconds() if following is not None else REACTION
    if following is not None and later < REACTION and normal(following.said) in NOT_FOR_IT:
        return False
    if normal(turn.said) in NOT_FOR_IT:
        return None
    if not turn.utterance.hypotheses:
        called_again = following is not None and later < AGAIN and bool(following.utterance.hypotheses)
        return None if called_again else False
    if isinstance(turn.decision, Ignore):
        return False
    return True if turn.outcome is not None and turn.outcome.kind is OutcomeKind.DONE else None


def tuned(known: Iterable[Call], setting: float) -> Tuning | None:
    """The cutoff for which these wakes speak; `None` when they speak for the setting, or are too few.

    >>> own = [Call(str(i), 0.97, True) for i in range(10)]
    >>> stray = [Call(f"s{i}", 0.85, False) for i in range(4)]
    >>> tuned([*own, *stray], 0.8).cutoff, tuned(own, 0.8)
    (0.85, None)
    """
    found = list(known)
    strays = [call.score for call in found if call.meant is False]
    own = sorted(call.score for call in found if call.meant)
    missed = [score for call in found for score in call.missed]
    strays = strays if len(strays) >= STRAYS else []
    missed = missed if len(missed) >= MISSES else []
    reached = own[int(len(own) * LOST)] - MARGIN if len(own) >= OWN else setting
    high = max(setting, min(setting + HIGHER, MOST, reached))
    low = min(setting, max(setting - LOWER, LEAST))

    def harm(cutoff: float) -> float:
        lost = sum(score <= cutoff for score in (*own, *missed))
        return sum(score > cutoff for score in strays) + HARM * lost + STAY * abs(cutoff - setting)

    steps = [setting, *(step / 100 for step in range(100) if low <= step / 100 <= high)]
    best = min(steps, key=lambda cutoff: (round(harm(cutoff), 6), abs(cutoff - setting)))
    if best == setting:
        return None
    kept_out = sum(setting < score <= best for score in strays)
    gained = sum(best < score <= setting for score in missed)
    evidence = tuple(call.turn for call in found if call.meant is False or call.missed)
    return Tuning(best, kept_out, len(strays), gained, len(missed), evidence)


class WakeTuner:
    """Keeps the cutoff of this home in the ledger. `setting` is the one of the settings (0 to 1)."""

    def __init__(self, ledger: Ledger, store: Store, setting: float) -> None:
        self._ledger = ledger
        self._store = store
        self._setting = setting

    @property
    def cutoff(self) -> float:
        """The one that holds now: what was learned and not taken back, else the setting."""
        item = self._item()
        return float(item.details["cutoff"]) if item is not None and item.live else self._setting

    def learn(self, now: datetime) -> float:
        """Look at the last turns again; the cutoff that holds from now on."""
        old = self._item()
        if old is not None and old.decided is not None:
            return self.cutoff
        used_up = self._ledger.forgotten(ID)
        known = [call for call in calls(self._store.last(TURNS)) if call.turn not in used_up]
        tuning = tuned(known, self._setting)
        if tuning is not None:
            if old is None or not old.live or old.details["cutoff"] != tuning.cutoff:
                self._ledger.keep(self._made(tuning, old, now))
        elif old is not None and old.live:
            reason = f"{old.reason}; retired: the last {TURNS} turns no longer speak for it"
            self._ledger.keep(replace(old, state=ItemState.RETIRED, reason=reason, since=now))
        return self.cutoff

    def _item(self) -> Item | None:
        """What was learned about this setting."""
        items = self._ledger.items(WAKE)
        return next((item for item in items if item.id == ID and item.details["setting"] == self._setting), None)

    def _made(self, tuning: Tuning, old: Item | None, now: datetime) -> Item:
        sure = "surer" if tuning.cutoff > self._setting else "less sure"
        told = f"I must be {sure} of the wake word: {tuning.cutoff:g} instead of {self._setting:g}."
        return Item(
            id=ID,
            kind=WAKE,
            layer=Layer.GLOBAL,
            before=f"wake word from {self._setting:g}",
            after=f"from {tuning.cutoff:g}",
            state=ItemState.ACTIVE,
            support=len(tuning.evidence),
            reason=tuning.reason,
            evidence=tuning.evidence,
            version=old.version + 1 if old is not None else 1,
            since=now,
            details={"told": told, "cutoff": tuning.cutoff, "setting": self._setting},
        )
