"""The failure point decides the repair: names that a home does not know are learned from what failed at just that."""

from __future__ import annotations

from assistant.learning.budgets import budget
from assistant.learning.files import learn_store
from assistant.learning.labelling.labelled import Labelled
from assistant.learning.labelling.names import learned_names
from assistant.learning.ledger import Ledger
from assistant.store.items import ItemState
from assistant.teaching.taught import NAME, Taught
from assistant.turn import Hypothesis, Utterance
from simulator.annotation.cases import look
from simulator.homes import load_home
from simulator.replay.stage import Stage
from simulator.study.run import START


def say(stage, text, wait=4.0):
    turn = stage.assistant.engine.hear(Utterance((Hypothesis(text, 0.95),)), "kitchen", "ann")
    stage.run(wait)
    return turn


def lived(name, plain, times=3):
    """A household that calls something by a name of its own, and says it plainly when that fails."""
    stage = Stage(load_home("cottage"), START)
    for _ in range(times):
        say(stage, f"turn off the {plain}", 300.0)
        say(stage, f"turn on the {name}")
        say(stage, f"turn on the {plain}", 300.0)
    return stage


def test_a_name_is_learned_used_explained_and_forgotten():
    stage = lived("zirkonia", "kitchen light")
    assert say(stage, "turn off the zirkonia", 300.0).outcome.kind != "done"
    learn_store(stage.store)
    (item,) = stage.assistant.ledger.items(NAME)
    assert (item.before, item.after, item.state) == ("zirkonia", "light.kitchen", ItemState.TRIAL)
    assert '"zirkonia" is the kitchen light.' in stage.assistant.ledger.why(item.id)
    home = stage.assistant.sync_home()
    assert "zirkonia" in home.entities["light.kitchen"].aliases
    turn = say(stage, "could you turn the zirkonia off please")
    assert (turn.outcome.kind, turn.entities) == ("done", ("light.kitchen",))
    stage.assistant.ledger.forget(item.id)
    assert "zirkonia" not in stage.assistant.sync_home().entities["light.kitchen"].aliases
    learn_store(stage.store)
    assert stage.assistant.ledger.items(NAME) == []


def test_a_name_that_does_harm_is_given_up():
    stage = lived("zirkonia", "kitchen light")
    learn_store(stage.store)
    (item,) = stage.assistant.ledger.items(NAME)
    for _ in range(5):
        say(stage, "turn off the kitchen light", 300.0)
        turn = say(stage, "turn on the zirkonia", 2.0)
        assert turn.entities == ("light.kitchen",)
        say(stage, "no that's wrong", 2.0)
        say(stage, "turn on the hall light", 300.0)
    learn_store(stage.store)
    found = stage.assistant.ledger.get(item.id)
    assert found.state is ItemState.RETIRED
    assert found.applied.losses > found.applied.wins
    assert "zirkonia" not in stage.assistant.sync_home().entities["light.kitchen"].aliases


def test_what_was_said_once_is_only_noticed():
    stage = lived("zirkonia", "kitchen light", times=1)
    learn_store(stage.store)
    assert [item.state for item in stage.assistant.ledger.items(NAME)] in ([], [ItemState.SHADOW])
    assert not Taught(Ledger(stage.store)).items()


def test_nothing_delicate_is_learned_unasked():
    stage = lived("hot grumbler", "oven")
    learn_store(stage.store)
    assert all(item.state is ItemState.SHADOW for item in stage.assistant.ledger.items(NAME))
    assert budget(["climate.oven"]) == budget(["lock.front_door"]) == budget(["cover.garage_door"]) == 0
    assert budget(["light.hall", "media_player.tv"]) == budget(["light.hall"]) < budget(["media_player.tv"])


def test_people_who_word_things_otherwise_teach_few_wrong_names(known):
    found = learned_names(Labelled.of(look([case.seen.turn for case in known])))
    wanted = {case.truth.entity for case in known if case.truth.failure == "er"}
    live = [item for item in found if item.live]
    assert all(item.after in wanted for item in live)
    assert all(1 <= len(item.before.split()) <= 3 for item in found)
