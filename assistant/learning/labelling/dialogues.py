"""Looks at every turn of a log in its dialogue, and tries the failed ones again where the log tells enough to do so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.learning.labelling.evidence import Seen, neighbours
from assistant.learning.labelling.loghome import LogHome
from assistant.learning.labelling.phrasebook import Phrasebook
from assistant.learning.labelling.whatif import WhatIf
from assistant.learning.learn import Studied
from assistant.learning.logged import Logged, by_person
from assistant.learning.phrases import control
from assistant.learning.rephrase import Rephrase
from assistant.learning.sessions import Goal
from assistant.nlu import Understander
from assistant.turn import Turn

DIALOGUE = 150.0
"""Seconds between two turns of a person within which one may speak of the other."""
LIKELY = 0.2
"""From this probability of a defect on a turn is tried again."""
GOOD = 0.5
"""Below it, the later attempt counts as one that worked."""
SURE = 0.3
"""Below it, a turn shows how something is said."""
Again = Callable[[str], WhatIf | None]
"""What can try the turns of a household again; None where nothing can."""


@dataclass(frozen=True)
class Dialogues:
    """A log that is segmented into goals: `turns` by id, and what was found in it."""

    turns: Mapping[str, Turn]
    log: Sequence[Logged]
    goals: Sequence[Goal]
    rephrases: Sequence[Rephrase]

    @classmethod
    def of(cls, turns: Iterable[Turn], log: Sequence[Logged], studied: Studied) -> Dialogues:
        """A log as `learn.study` understood it."""
        return cls({turn.id: turn for turn in turns}, log, studied.goals, studied.rephrases)

    def look(self, again: Again = lambda _household: None) -> list[Seen]:
        """Every turn as it is seen in its dialogue, household by household."""
        goals = {turn.id: goal for goal in self.goals for turn in goal.turns}
        said_again: dict[str, float] = defaultdict(float)
        says_again: dict[str, float] = {}
        for each in self.rephrases:
            says_again[each.later.id] = each.probability
            said_again[each.earlier.id] = max(said_again[each.earlier.id], each.probability)
        book = self._phrasebook()
        found = []
        for household, people in _households(self.log).items():
            whatif = again(household)
            for person in people:
                for place, turn in enumerate(person):
                    before, after = neighbours(person, place)
                    found.append(
                        replace(
                            self._seen(turn, goals[turn.id], whatif, book),
                            before=_near(turn, before),
                            after=_near(turn, after),
                            rephrased=said_again.get(turn.id, 0.0),
                            rephrases=says_again.get(turn.id, 0.0),
                        )
                    )
        return found

    def _phrasebook(self) -> Phrasebook:
        """How people say what goes well."""
        good = [
            attempt
            for goal in self.goals
            for attempt, defect in zip(goal.attempts, goal.defects, strict=True)
            if defect < SURE and attempt.outcome in {"done", None}
        ]
        return Phrasebook().fit(good, self.log)

    def _seen(self, logged: Logged, goal: Goal, whatif: WhatIf | None, book: Phrasebook) -> Seen:
        """A turn with what is known of its goal."""
        turn = self.turns[logged.id]
        defects = {each.id: defect for each, defect in zip(goal.attempts, goal.defects, strict=True)}
        place = next((place for place, each in enumerate(goal.attempts) if each.id == logged.id), 0)
        later = goal.attempts[place + 1 :]
        worked = next((each for each in reversed(later) if defects[each.id] < GOOD), None)
        defect = defects.get(logged.id, 0.0)
        tried = {}
        if whatif is not None and worked is not None and defect >= LIKELY and control(logged.said) is None:
            tried = dict(whatif.ask(turn, self.turns[worked.id]))
        return Seen(
            turn,
            logged,
            (),
            (),
            worked,
            defect,
            goal.success,
            place,
            goal.turns[0].id == logged.id,
            whatif=tried,
            wording=book.look_up(logged, worked),
        )


def _households(log: Iterable[Logged]) -> dict[str, list[list[Logged]]]:
    """The turns of each person of each household, in order of time."""
    found: dict[str, list[list[Logged]]] = defaultdict(list)
    for person in by_person(log):
        found[person[0].household].append(person)
    return found


def _near(turn: Logged, others: Iterable[Logged]) -> tuple[Logged, ...]:
    """The neighbours that may have to do with it."""
    return tuple(each for each in others if abs(each.time - turn.time) <= DIALOGUE)


def from_log(turns: Iterable[Turn], understander: Understander) -> Again:
    """Tries turns again with the home that the log itself tells of; one household after the other."""
    by_household: dict[str, list[Turn]] = defaultdict(list)
    for turn in turns:
        by_household[turn.context.household].append(turn)

    def again(household: str) -> WhatIf | None:
        """The stages of a household, where any states were logged."""
        found = LogHome(by_household.get(household, ()), understander)
        return WhatIf(found.pipeline) if found.home.entities else None

    return again
