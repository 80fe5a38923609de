"""What was taught, as items of the ledger: made here, found here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from assistant.home import Home
from assistant.learning.ledger import Ledger
from assistant.learning.text import normal
from assistant.resolve.preferred import PREFERENCE
from assistant.store.items import Item, ItemState, Layer
from assistant.turn import Context, Turn

PHRASE, VALUE, NAME, RULE = "phrase", "value", "name", "rule"
"""Kinds of items: words for requests, words for a value, a name of a device, what must not be done."""
HABIT = "habit"
"""The kind of an item that tells what usually follows what; nobody told it, the log did."""
TOLD = "told"
"""The detail of an item that a person told: what it does, in one sentence."""
HOURS: Mapping[str, tuple[int, int]] = {"night": (22, 6), "evening": (17, 23), "morning": (5, 12), "day": (6, 22)}
"""From which hour to which a time of day lasts; it may pass midnight."""
SHARED = frozenset({NAME, RULE})
"""Kinds that hold for the whole household, whoever told them."""


def within(when: str, hour: int) -> bool:
    """Whether an hour belongs to a time of day; every hour belongs to none named.

    >>> within("night", 23), within("night", 12), within("", 12)
    (True, False, True)
    """
    start, end = HOURS.get(when.removesuffix("s"), (0, 24))
    return start <= hour < end if start < end else hour >= start or hour < end


def told(turn: Turn, kind: str, before: str, after: str, sentence: str, **details: Any) -> Item:
    """A new item that a person told in this turn, in use at once. `details["key"]` tells apart items of one name."""
    speaker = None if kind in SHARED else turn.context.speaker
    key = "|".join((kind, turn.context.household, speaker or "", details.get("key", normal(before))))
    return Item(
        id=f"{kind}-{hashlib.sha256(key.encode()).hexdigest()[:8]}",
        kind=kind,
        layer=Layer.PERSONAL,
        before=before,
        after=after,
        state=ItemState.ACTIVE,
        household=turn.context.household,
        speaker=speaker,
        score=1.0,
        support=1,
        customers=1,
        reason=f'you said "{turn.said}"',
        evidence=(turn.id,),
        since=turn.context.now.replace(microsecond=0),
        details={TOLD: sentence, **details},
    )


class Taught:
    """What was taught, read anew when the ledger has changed."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._version = -1
        self._items: list[Item] = []
        self._named: tuple[Home, int, Home] | None = None

    def items(self) -> list[Item]:
        """What is in use, the newest first."""
        version = self._ledger.version
        if version != self._version:
            self._items = _newest_first(item for item in self._ledger.items() if TOLD in item.details and item.live)
            self._version = version
        return self._items

    def of(self, turn: Turn, *kinds: str) -> list[Item]:
        """What holds for the person of a turn: what they told before what the household was told; the newest first."""
        who = turn.context.household, turn.context.speaker
        mine = [item for item in self.items() if item.household == who[0] and item.kind in (kinds or ALL)]
        own = [item for item in mine if item.speaker == who[1]]
        return own + [item for item in mine if item.speaker is None and who[1] is not None]

    def find(self, turn: Turn, term: str, *kinds: str) -> list[Item]:
        """What these words were taught to mean to the person of a turn."""
        said = normal(term)
        return [item for item in self.of(turn, *kinds) if normal(item.before) == said]

    def disliked(self, context: Context) -> frozenset[str]:
        """What this person, or the household, told not to like."""
        who = (context.speaker, None)
        found = (item for item in self.items() if item.kind == PREFERENCE and item.household == context.household)
        return frozenset(
            normal(item.after).removesuffix(" music")
            for item in found
            if item.speaker in who and item.details["polarity"] < 0
        )

    def named(self, home: Home) -> Home:
        """The home with the names that its people gave to devices."""
        names = [item for item in self.items() if item.kind == NAME and item.after in home.entities]
        if not names:
            return home
        if self._named is None or self._named[0] is not home or self._named[1] != self._version:
            entities = dict(home.entities)
            for item in names:
                entity = entities[item.after]
                taught = (*entity.features.get("taught_names", ()), item.before)
                features = {**entity.features, "taught_names": taught}
                entities[item.after] = replace(entity, aliases=(*entity.aliases, item.before), features=features)
            self._named = home, self._version, replace(home, entities=entities)
        return self._named[2]

    def change(self, keep: tuple[Item, ...], drop: tuple[str, ...]) -> None:
        """Take in and take out, at once; what is known already need not be read again."""
        known = self.items()
        for item in keep:
            self._ledger.keep(item)
        for id in drop:
            self._ledger.forget(id)
        gone = {*drop, *(item.id for item in keep)}
        self._items = _newest_first([*keep, *(item for item in known if item.id not in gone)])
        self._version = self._ledger.version


def _newest_first(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (str(item.since), item.id), reverse=True)


ALL = (PHRASE, VALUE, NAME, RULE, PREFERENCE, HABIT)
