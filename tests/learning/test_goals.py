"""Goals as the labels tell them: attempts that sound nothing alike belong together, and propose rewrites."""

from __future__ import annotations

from collections import Counter, defaultdict

from assistant.learning.files import learn_store
from assistant.learning.labelling.goals import goals, with_mined
from assistant.learning.labelling.labelled import Labelled
from assistant.learning.ledger import REWRITE, Ledger
from assistant.learning.text import normal
from assistant.learning.views import forget
from assistant.store import Store
from simulator.annotation.cases import look
from tests.learning.logs import GARAGE, Diary, declined, misheard_episode


def test_every_turn_is_in_one_goal(known):
    labelled = Labelled.of(look([case.seen.turn for case in known]))
    found = goals(labelled)
    counted = Counter(turn.id for goal in found for turn in goal.turns)
    assert counted.keys() == {case.seen.turn.id for case in known}
    assert set(counted.values()) == {1}
    times = [goal.attempts[0].time for goal in found]
    assert times == sorted(times)
    assert all(len(goal.links) == len(goal.attempts) - 1 for goal in found)


def test_rewrites_from_labels_are_right_and_come_beside_the_others(known):
    dialogues = look([case.seen.turn for case in known])
    labelled = Labelled.of(dialogues)
    meant = defaultdict(set)
    for case in known:
        if case.truth.kind == "request":
            meant[case.seen.logged.household, case.seen.logged.said].add(case.truth.entity)
    found = [item for item in with_mined([], labelled, 5) if item.live and item.household]
    judged = [
        bool(meant[item.household, item.before] & meant[item.household, normal(item.after)])
        for item in found
        if (item.household, normal(item.after)) in meant
    ]
    assert judged
    assert sum(judged) >= 0.9 * len(judged)
    assert found[0] in with_mined(found[:1], labelled, 5)


def test_what_the_labels_taught_outlives_forgetting_somebody_else():
    store, diary = Store.open(":memory:"), Diary()
    misheard_episode(diary)
    other = Diary(speaker="ben")
    other.say("close the garlic door", **declined())
    other.say("close the garage door", **GARAGE)
    store.import_turns([*diary.turns, *other.turns])
    learn_store(store)
    before = {item.id for item in Ledger(store).items(REWRITE) if item.live and item.speaker == "ann"}
    forget(store, speaker="ben")
    after = {item.id for item in Ledger(store).items(REWRITE) if item.live and item.speaker == "ann"}
    assert before
    assert before == after
