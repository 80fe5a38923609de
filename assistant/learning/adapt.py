"""Understanding that improves by itself: the home's own labels adapt its classifier, and a regression suite decides.

Run by the pass over the whole log. What was learned is kept beside the ledger, whose items decide what of it is used:
what is forgotten, blocked or retired there is no longer understood, from the next sentence on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.learning.labelling.labelled import Labelled
from assistant.learning.labelling.loghome import home_of
from assistant.learning.labelling.names import REFUSED
from assistant.learning.labelling.wordings import WORDING, by_household, learned_wordings
from assistant.learning.ledger import Ledger
from assistant.nlu import Understander, corpus
from assistant.nlu.adapting import Adaptation, Clause, HomeUnderstander
from assistant.nlu.evaluate import wanted
from assistant.nlu.gazetteer import Gazetteer
from assistant.nlu.train import clauses
from assistant.store.items import Item, ItemState
from assistant.turn import Intent

REHEARSED, CHECKED = 2000, 2000
"""Generated sentences that are rehearsed, and others that are checked."""
SEED = 11
"""Of these; training uses 7 to 9."""
LOST = 0.003
"""The share of a suite that may be lost at most (0.3 points)."""
RIGHT = 0.1
"""How likely a defect may be at most where nothing was done, and rightly so."""


@dataclass(frozen=True, slots=True)
class Check:
    """A sentence in its home with what it means; with no `intents`, nothing may be done."""

    text: str
    gazetteer: Gazetteer
    intents: tuple[Intent, ...] = ()


def adapt(ledger: Ledger, labelled: Labelled, now: datetime) -> None:
    """Bring the wordings in line with the labels; those that would lose more than `LOST` of a suite are retired."""
    understander = Understander.load()
    items, lessons = learned_wordings(labelled, understander)
    ledger.offer(items, now)
    used = sorted(item.id for item in ledger.live(WORDING) if item.id in lessons)
    taught = [(id, each) for id in used for each in lessons[id]]
    if not taught:
        ledger.keep_adapted({})
        return
    found = Adaptation.fit(understander.model.classifier, taught, _rehearsal())
    suites = [list(_generated(understander)), list(_refused(labelled))]
    harmful = {id for suite in suites for id in costly(found, understander, suite)}
    ledger.keep_adapted(found.without(harmful).as_json())
    ledger.put([_retired(item, now) for item in ledger.items(WORDING) if item.id in harmful])


def costly(found: Adaptation, understander: Understander, suite: Sequence[Check]) -> set[str]:
    """The wordings without which no more than `LOST` of a suite is lost: what was right, or safely declined."""
    adapted = HomeUnderstander(understander.model, lambda: found)
    lost: Counter[str] = Counter()
    for check in suite:
        adapted.gazetteer = check.gazetteer
        if present := found.present(adapted.words(check.text)):
            best = adapted.parse(check.text).best
            if best.learned and best.intents != check.intents:
                lost.update(each.id for each in present)
    gone = set()
    while sum(lost.values()) > LOST * len(suite):
        ((worst, _),) = lost.most_common(1)
        gone.add(worst)
        del lost[worst]
    return gone


def _rehearsal() -> Iterator[Clause]:
    """What the words of lessons mean elsewhere: generated sentences and everyday talk, with their classes."""
    for example in (*corpus.generated(REHEARSED, SEED, noise=0.0), *corpus.background_sentences()):
        for words, said, label in clauses(example, example.tags):
            yield Clause(words, said, label, 1.0)


def _generated(understander: Understander) -> Iterator[Check]:
    """Sentences that training never saw, and everyday talk."""
    for example in corpus.generated(CHECKED, SEED + 1):
        yield Check(example.text, example.gazetteer, wanted(understander.model, example))
    for example in corpus.background_sentences():
        yield Check(example.text, example.gazetteer)


def _refused(labelled: Labelled) -> Iterator[Check]:
    """What this home has rightly declined; what it has done is understood without any wording, and left alone."""
    for seen in by_household(labelled).values():
        gazetteer = Gazetteer.of(home_of(each.turn for each in seen))
        for each in seen:
            if each.logged.outcome in REFUSED and labelled.labels[each.turn.id].defect < RIGHT:
                yield Check(each.logged.said, gazetteer)


def _retired(item: Item, now: datetime) -> Item:
    reason = f"{item.reason}; retired: other requests would be misread"
    return replace(item, state=ItemState.RETIRED, reason=reason, since=now)


class LearnedWordings:
    """The adaptation that a household uses now: what the last pass kept, as far as the ledger still has it in use."""

    def __init__(self, ledger: Ledger, understander: Understander, household: str) -> None:
        self._ledger = ledger
        self._base = understander.model.classifier
        self._household = household
        self._version = -1
        self._found: Adaptation | None = None

    def __call__(self) -> Adaptation | None:
        """The adaptation; `None` when there is none, or it was made for another model."""
        version = self._ledger.version
        if version != self._version:
            kept = Adaptation.from_json(self._ledger.adapted(), self._base)
            live = {item.id for item in self._ledger.live(WORDING) if item.household == self._household}
            gone = {each.id for each in kept.wordings} - live if kept else ()
            self._found, self._version = kept.without(gone) if kept else None, version
        return self._found
