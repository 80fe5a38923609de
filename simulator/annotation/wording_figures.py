"""What own labels do for understanding: `python -m simulator.annotation.wording_figures test --homes 8 --days 28`.

Each household's own log teaches its assistant. Then its people's odd wordings are tried with things of which nobody
there ever said them: with nothing learned, with rewrites, their parts and names, with the adapted model, and with all;
and so are ordinary wordings, generated sentences and open ones, for what is lost.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.config import Learning, Settings
from assistant.learning.adapt import LearnedWordings
from assistant.learning.files import learn_store
from assistant.learning.labelling.wordings import WORDING
from assistant.nlu import Understander, corpus
from assistant.nlu.adapting import HomeUnderstander
from assistant.nlu.evaluate import wanted
from assistant.turn import Context, Hypothesis, Intent, Turn, Utterance
from simulator.annotation.logs import Annotated, add_arguments, lived_or_read
from simulator.people.goals import Goal, wishes
from simulator.people.household import Household
from simulator.people.person import Person, filled
from simulator.people.population import load_population
from simulator.replay.stage import Stage
from simulator.study.judge import right
from simulator.study.run import START

NOTHING, REWRITES, WORDINGS, ALL = "nothing learned", "rewrites and names", "wordings alone", "all"
Found = Counter[tuple[str, bool]]
"""How many sentences of a kind came right, and how many did not."""
VALUES = {"brightness": 30, "temperature": 20}
"""What a wish for a value is tried with."""
GENERATED, SEED = 4000, 31
"""Sentences for what is lost elsewhere; neither training nor the regression suite saw any of this seed."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Something that a person may say; `kind` tells whether the wording is odd, and was ever used there."""

    person: Person
    goal: Goal
    text: str
    kind: str


def trials(household: Household, said: frozenset[str]) -> Iterator[Trial]:
    """The odd wordings of a household's people with every thing of which they were never said, and ordinary ones."""
    for person in household.people:
        for spec, verb in sorted({(spec.entity, verb) for spec, verb in wishes(household.home)}):
            goal = Goal(verb, spec, VALUES.get(verb))
            known = person.population.wordings[verb]
            usual = person.usual(verb)
            for wording in {*known.plain, usual}:
                text = filled(wording, person.full[spec], goal.value)
                odd = wording in known.odd
                used = any(_uses(each, wording) for each in said)
                kind = "odd, used" if odd and used else "odd, never used" if odd else "ordinary"
                if not odd or text not in said:
                    yield Trial(person, goal, text, kind)


def _uses(text: str, wording: str) -> bool:
    """Whether a text is worded so, with a protest before it or not."""
    pattern = re.escape(wording).replace("<name>", ".+").replace("<value>", r"\d+")
    return re.fullmatch(f"(?:.+ )?{pattern}", text) is not None


def measure(household: Household, log: Annotated, understander: Understander) -> dict[str, Found]:
    """How many trials come right in one household, by what has been learned."""
    some = list(trials(household, _said(log, household)))
    found: dict[str, Found] = {}
    fresh = _moved_in(household, understander)
    found[NOTHING] = _right(fresh, household, some)
    taught = _moved_in(household, understander)
    taught.store.import_turns(_turns(log, household))
    learn_store(taught.store, settings=taught.settings.learning)
    found[ALL] = _right(taught, household, some)
    learned, adapted = taught.assistant.ledger, fresh.assistant.ledger
    adapted.put(learned.items(WORDING))
    adapted.keep_adapted(learned.adapted())
    found[WORDINGS] = _right(fresh, household, some)
    found[ALL].update(lost(understander, LearnedWordings(learned, understander, household.id)))
    learned.keep_adapted({})
    found[REWRITES] = _right(taught, household, some)
    taught.close()
    fresh.close()
    return found


def _moved_in(household: Household, understander: Understander) -> Stage:
    settings = Settings(learning=Learning(household=household.id, promptly=False, questions=0, explore=0.0))
    return Stage(household.home, START, None, 0, settings, understander)


def _right(stage: Stage, household: Household, some: Sequence[Trial]) -> Found:
    return Counter((each.kind, right(_tried(stage, household, each), each.goal)) for each in some)


def _tried(stage: Stage, household: Household, trial: Trial) -> Turn:
    assistant, person = stage.assistant, trial.person
    assistant.sync_home()
    room = household.room_of(trial.goal.entity)
    context = Context(stage.clock.now(), household.id, room, person.name, assistant.engine.states())
    return assistant.pipeline.run(Turn("trial", context, Utterance((Hypothesis(trial.text),))), stop="decide")


def _turns(log: Annotated, household: Household) -> list[Turn]:
    return [turn for turn in log.turns if turn.context.household == household.id]


def _said(log: Annotated, household: Household) -> frozenset[str]:
    return frozenset(log.truth[turn.id].transcript for turn in _turns(log, household))


def lost(understander: Understander, learned: LearnedWordings) -> Found:
    """Of generated and open sentences, how many are read as before or rightly (`True`), and how many are now wrong."""
    model = understander.model
    adapted = HomeUnderstander(model, learned)
    found: Found = Counter()
    checks: list[tuple[str, corpus.Example, tuple[Intent, ...]]] = [
        ("generated", each, wanted(model, each)) for each in corpus.generated(GENERATED, SEED)
    ]
    checks += [("open, nothing for a home", each, ()) for each in corpus.open_sentences() if _foreign(each)]
    adaptation = learned()
    for kind, example, meant in checks:
        adapted.gazetteer = example.gazetteer
        harmed = False
        if adaptation is not None and adaptation.present(adapted.words(example.text)):
            best = adapted.parse(example.text).best
            harmed = best.learned and best.intents != meant
        found[kind, not harmed] += 1
    return found


def _foreign(example: corpus.Example) -> bool:
    return example.labels[0].startswith("foreign")


def table(found: dict[str, Found]) -> Iterator[str]:
    """A line for each arm and kind of sentence."""
    for kind in sorted({kind for counts in found.values() for kind, _ in counts}):
        for arm, counts in found.items():
            total = counts[kind, True] + counts[kind, False]
            if total:
                yield f"{kind:26} {arm:20} {counts[kind, True]:6} of {total:6}  {counts[kind, True] / total:7.1%}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_arguments(parser, "test", 8, 7)
    options = parser.parse_args(arguments)
    log = lived_or_read(options)
    understander = Understander.load()
    population = load_population(options.population)
    found: dict[str, Found] = {arm: Counter() for arm in (NOTHING, REWRITES, WORDINGS, ALL)}
    for number in range(options.homes):
        household = Household.of(population, number, options.seed)
        for arm, counts in measure(household, log, understander).items():
            found[arm].update(counts)
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
