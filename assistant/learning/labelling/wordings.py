"""Other ways to say things, learned from requests whose understanding failed: lessons for the home's own classifier.

The failure point decides: where understanding failed, and a later attempt worked, the failed words are a lesson that
they mean what worked. Equal wordings are one item of the ledger; from the second time on they are taught. Nothing is
learned for what opens, unlocks or heats.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.learning.guard import forbidden, risky
from assistant.learning.labelling.evidence import Seen
from assistant.learning.labelling.labelled import Labelled
from assistant.learning.labelling.loghome import home_of
from assistant.learning.labels import SURE
from assistant.learning.phrases import stripped
from assistant.nlu import Understander
from assistant.nlu.adapting import Clause, is_explained, lesson
from assistant.store.items import Beta, Item, ItemState, Layer
from assistant.teaching.taught import TOLD

WORDING = "wording"
"""The kind of an item that tells another way to say something."""
FAILED = 0.5
"""From this probability on a turn failed at understanding."""
TIMES = 2
"""How often a wording must have meant the same before it is used."""
AGREED = 0.75
"""How many of the lessons of the same new words must be of one class."""
WEIGHT = 8.0
"""What a person's own wording counts beside a generated sentence, as in training."""
ACTED = frozenset({"done", "failed"})
"""Outcomes of turns in which something was done, or tried."""
Known = Callable[[str], bool]
"""Whether the shipped model understands a sentence by itself."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A lesson with the turn that it comes from, and the sentence that worked instead."""

    seen: Seen
    clause: Clause
    like: str

    @property
    def pattern(self) -> str:
        """The sentence with its slots as types: "snuff the <name>"."""
        words = (word.partition(":")[0].strip("<>") for word in self.clause.tokens if word != "<only>")
        kinds = (word.startswith("<") for word in self.clause.tokens if word != "<only>")
        return " ".join(f"<{word.lower()}>" if slot else word for word, slot in zip(words, kinds, strict=True))


def learned_wordings(labelled: Labelled, understander: Understander) -> tuple[list[Item], dict[str, list[Clause]]]:
    """The wordings that a log teaches, as items, and the lessons of each, by the item's id."""
    items, lessons = [], {}
    for household, seen in by_household(labelled).items():
        understander.learn_home(home_of(each.turn for each in seen))
        known = lru_cache(maxsize=None)(lambda said: is_explained(understander.parse(said)))
        taught: dict[frozenset[str], list[Taught]] = defaultdict(list)
        for each in seen:
            for found in _lessons(each, labelled, understander):
                taught[found.clause.words].append(found)
        for words, some in taught.items():
            (label, times), *_ = Counter(each.clause.label for each in some).most_common()
            if times < AGREED * len(some):
                continue
            agreeing = [each for each in some if each.clause.label == label]
            item = _measured(_item(household, agreeing), words, seen, labelled, known)
            items.append(item)
            lessons[item.id] = [each.clause for each in agreeing]
    return items, lessons


def by_household(labelled: Labelled) -> Mapping[str, list[Seen]]:
    """What was seen in each household."""
    found: dict[str, list[Seen]] = defaultdict(list)
    for each in labelled.seen:
        found[each.logged.household].append(each)
    return found


def _lessons(seen: Seen, labelled: Labelled, understander: Understander) -> Iterator[Taught]:
    """What a turn teaches, if it failed at understanding and it is known what was meant."""
    label = labelled.labels[seen.turn.id]
    if seen.worked is None or label.sure < SURE or labelled.failures[seen.turn.id]["nlu"] < FAILED:
        return
    said, like = stripped(seen.logged.said), stripped(seen.worked.executed)
    if forbidden(said, like) or risky(like, seen.worked.intent) or risky(said):
        return
    clause = lesson(understander, said, like, label.sure * WEIGHT)
    if clause is not None and verb(clause.label) == verb(seen.worked.intent or ""):
        yield Taught(seen, clause, like)


def verb(name: str) -> str:
    """What is to be done, of a class or of an intent of whatever kind of thing.

    >>> verb("home.set/brightness"), verb("light.set")
    ('set', 'set')
    """
    return name.partition("/")[0].rpartition(".")[2]


def _item(household: str, some: list[Taught]) -> Item:
    first = some[0]
    label = first.clause.label
    evidence = tuple(dict.fromkeys(each.seen.turn.id for each in some))
    people = {each.seen.logged.who for each in some}
    key = hashlib.sha256("|".join((WORDING, household, *sorted(first.clause.words))).encode()).hexdigest()[:8]
    return Item(
        id=f"{WORDING}-{key}",
        kind=WORDING,
        layer=Layer.PERSONAL,
        before=first.pattern,
        after=label,
        state=ItemState.TRIAL if len(evidence) >= TIMES else ItemState.SHADOW,
        household=household,
        score=round(len(evidence) / (len(evidence) + 1), 4),
        support=len(evidence),
        customers=len(people),
        reason=f'"{first.seen.logged.said}" was not understood, and "{first.like}" was meant',
        evidence=evidence,
        since=first.seen.logged.moment.replace(microsecond=0),
        details={TOLD: f'"{first.seen.logged.said}" is said as "{first.like}" is, and so of other things.'},
    )


def _measured(item: Item, words: frozenset[str], seen: Sequence[Seen], labelled: Labelled, known: Known) -> Item:
    """The item with its wins and losses: what came of its words when they were taken as it says, and when not.

    Only what the shipped model does not understand by itself counts as taken.
    """
    counts = {True: [0.0, 0.0], False: [0.0, 0.0]}
    for each in seen:
        turn = each.logged
        if words <= set(turn.said.split()) and turn.rewrite is None:
            defect = labelled.labels[turn.id].defect
            same = turn.outcome in ACTED and verb(turn.intent or "") == verb(item.after)
            taken = counts[same and not known(turn.words)]
            taken[0], taken[1] = taken[0] + 1 - defect, taken[1] + defect
    applied, plain = (Beta(round(wins, 2), round(losses, 2)) for wins, losses in (counts[True], counts[False]))
    return replace(item, applied=applied, plain=plain)
