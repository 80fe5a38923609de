"""Names that people use and the home does not know, learned from requests that failed at just that.

The failure point decides the repair: where resolution failed, and the attempt that worked differs in what it calls the
thing, the words are learned as a name of it. Nothing is learned for what opens, locks or heats before it is approved.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.home import Entity, Home
from assistant.learning.budgets import budget
from assistant.learning.labelling.evidence import Seen
from assistant.learning.labelling.labelled import Labelled
from assistant.learning.labelling.loghome import home_of
from assistant.learning.labelling.whatif import differences
from assistant.learning.phrases import stripped
from assistant.learning.text import content
from assistant.learning.words import NUMBERS, PRONOUNS, VERBS
from assistant.resolve.kinds import kind_words
from assistant.store.items import Beta, Item, ItemState, Layer
from assistant.teaching.taught import NAME, TOLD

SURE = 0.6
"""From this probability on a turn failed at resolution."""
RIGHT = 0.8
"""How surely it must be known what was meant."""
TIMES = 2
"""How often a name must have been meant for the same thing before it is tried."""
REFUSED = frozenset({"rejected", "unsupported", "ignored"})
"""Outcomes of turns in which nothing was done with any thing."""
LONGEST = 3
"""Words of a name."""
Mention = tuple[str, str]
"""A household and the words that somebody there used."""


def learned_names(labelled: Labelled) -> list[Item]:
    """The names that a log teaches, for the household in which they were used."""
    homes = _homes(labelled)
    known = {household: _known_words(home) for household, home in homes.items()}
    meant: dict[Mention, list[tuple[str, Seen]]] = defaultdict(list)
    for each in labelled.seen:
        label = labelled.labels[each.turn.id]
        failed = labelled.failures[each.turn.id]["er"] >= SURE and label.sure >= RIGHT
        if failed and each.worked is not None and len(label.entities) == 1:
            household = each.logged.household
            for words in mentions(each, known[household]):
                meant[household, words].append((label.entities[0], each))
    return [
        _measured(_item(mention, some, homes[mention[0]].entities[some[0][0]]), labelled)
        for mention, some in meant.items()
        if len({entity for entity, _ in some}) == 1 and some[0][0] in homes[mention[0]].entities
    ]


def mentions(seen: Seen, known: frozenset[str]) -> Iterator[str]:
    """What a failed request called the thing, where the one that worked calls it otherwise; not by `known` words."""
    assert seen.worked is not None, "only what worked tells"
    name = {word for entity in seen.worked.entities for word in entity.partition(".")[2].split("_")}
    # Words of both are the request's, wherever they stand: "turn the breeze OFF".
    shared = VERBS | PRONOUNS | NUMBERS | set(seen.worked.executed.split())
    for piece in differences(stripped(seen.logged.said), stripped(seen.worked.executed)):
        words = [word for word in content(piece.before) if word not in shared] if piece.before else []
        new = words and not known.issuperset(word.removesuffix("s") for word in words) and len(words) <= LONGEST
        if new and name & set(piece.after.split()):
            yield " ".join(words)


def _measured(item: Item, labelled: Labelled) -> Item:
    """The item with its wins and losses: what came of its words when the thing was taken for meant, and when not.

    The ledger retires what loses.
    """
    counts = {True: [0.0, 0.0], False: [0.0, 0.0]}
    for each in labelled.seen:
        turn = each.logged
        if turn.household == item.household and f" {item.before} " in f" {turn.said} ":
            defect = labelled.labels[turn.id].defect
            taken = counts[turn.outcome not in REFUSED and turn.entities == (item.after,)]
            taken[0], taken[1] = taken[0] + 1 - defect, taken[1] + defect
    applied, plain = (Beta(round(wins, 2), round(losses, 2)) for wins, losses in (counts[True], counts[False]))
    return replace(item, applied=applied, plain=plain)


def _homes(labelled: Labelled) -> dict[str, Home]:
    """The home of each household, as far as the log tells."""
    turns = defaultdict(list)
    for each in labelled.seen:
        turns[each.logged.household].append(each.turn)
    return {household: home_of(some) for household, some in turns.items()}


def _known_words(home: Home) -> frozenset[str]:
    """The words by which things are called already: their names, rooms and kinds."""
    words = {word for area in home.areas.values() for word in area.name.lower().split()}
    for entity in home.entities.values():
        words |= {word for kind in kind_words(entity) for word in kind.split("_")}
        words |= set(entity.name.lower().split())
    return frozenset(word.removesuffix("s") for word in words)


def _item(mention: Mention, some: Sequence[tuple[str, Seen]], meant: Entity) -> Item:
    """The name as an item of the ledger: tried from the second time on, where nothing delicate is meant."""
    household, words = mention
    first = some[0][1]
    evidence = tuple(dict.fromkeys(each.turn.id for _, each in some))
    people = Counter(each.logged.who for _, each in some)
    tried = len(evidence) >= TIMES and budget([meant.id]) > 0
    key = hashlib.sha256("|".join(("learned name", household, words)).encode()).hexdigest()[:8]
    return Item(
        id=f"{NAME}-{key}",
        kind=NAME,
        layer=Layer.PERSONAL,
        before=words,
        after=meant.id,
        state=ItemState.TRIAL if tried else ItemState.SHADOW,
        household=household,
        score=round(len(evidence) / (len(evidence) + 1), 4),
        support=len(evidence),
        customers=len(people),
        reason=f'"{first.logged.said}" failed {len(evidence)} times, and the {meant.name} was meant',
        evidence=evidence,
        since=first.logged.moment.replace(microsecond=0),
        details={TOLD: f'"{words}" is the {meant.name}.'},
    )
