"""Understanding improves by itself: wordings learned from what failed at it, used for things never said so before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.learning.adapt import Check, costly
from assistant.learning.files import learn_store
from assistant.learning.labelling.wordings import WORDING
from assistant.nlu import Understander
from assistant.nlu.adapting import Adaptation, HomeUnderstander, lesson
from assistant.nlu.gazetteer import Gazetteer
from assistant.store.items import ItemState
from assistant.turn import Hypothesis, Utterance
from simulator.annotation.wording_figures import trials
from simulator.homes import load_home
from simulator.people.household import Household
from simulator.people.population import load_population
from simulator.replay.stage import Stage
from simulator.study.run import START


def say(stage, text, wait=4.0):
    turn = stage.assistant.engine.hear(Utterance((Hypothesis(text, 0.95),)), "kitchen", "ann")
    stage.run(wait)
    return turn


def lived(times=3):
    """A household in which "snuff" means to turn off, and is said plainly when that fails."""
    stage = Stage(load_home("cottage"), START)
    for _ in range(times):
        for name in ("kitchen light", "hall light"):
            say(stage, f"turn on the {name}", 300.0)
            say(stage, f"snuff the {name}")
            say(stage, f"turn off the {name}", 300.0)
    return stage


@pytest.fixture(scope="module")
def taught():
    stage = lived()
    assert say(stage, "snuff the bathroom light", 300.0).outcome.kind == "rejected"
    learn_store(stage.store)
    return stage


def test_a_wording_is_understood_of_things_of_which_it_was_never_said(taught):
    (item,) = [each for each in taught.assistant.ledger.items(WORDING) if each.live]
    assert (item.before, item.after, item.state) == ("snuff the <name>", "home.turn_off", ItemState.TRIAL)
    assert "is said as" in taught.assistant.ledger.why(item.id)
    for text in ("snuff the bathroom light", "could you snuff the lights in the bathroom please"):
        say(taught, "turn on the bathroom light", 300.0)
        turn = say(taught, text, 300.0)
        assert turn.rewrite is None
        assert turn.parse.best.learned
        assert (turn.outcome.kind, turn.entities) == ("done", ("light.bathroom",))


def test_what_it_does_not_explain_still_stops_the_hand(taught):
    for text in ("do not snuff the kitchen light", "snuff the kitchen light unless", "snuff my landlord", "snuff on"):
        assert say(taught, text, 300.0).commands == ()


def test_what_is_understood_is_left_alone(taught):
    shipped = Understander.load()
    shipped.learn_home(taught.assistant.sync_home())
    for text in ("turn on the kitchen light", "set the hall light to 40 percent", "what time is it"):
        assert taught.assistant.understander.parse(text) == shipped.parse(text)


def test_forgetting_takes_it_back_at_once_and_for_good():
    stage = lived()
    learn_store(stage.store)
    (item,) = [each for each in stage.assistant.ledger.items(WORDING) if each.live]
    stage.assistant.ledger.forget(item.id)
    assert not stage.assistant.understander.parse("snuff the bathroom light").best.learned
    learn_store(stage.store)
    assert not [each for each in stage.assistant.ledger.items(WORDING) if each.live]
    stage.store.forget(everything=True)
    assert stage.assistant.ledger.adapted() == {}


def test_what_was_said_once_is_only_noticed():
    stage = Stage(load_home("cottage"), START)
    say(stage, "turn on the kitchen light", 300.0)
    say(stage, "snuff the kitchen light")
    say(stage, "turn off the kitchen light", 300.0)
    learn_store(stage.store)
    assert all(item.state is ItemState.SHADOW for item in stage.assistant.ledger.items(WORDING))
    assert stage.assistant.ledger.adapted() == {}


def test_what_is_risky_is_asked_about_when_it_rests_on_a_learned_wording(understander):
    found = adaptation(understander, "boot the lamp", "turn on the lamp")
    stage = Stage(load_home("cottage"), START)
    learned = HomeUnderstander(stage.assistant.understander.model, lambda: found)
    learned.learn_home(stage.assistant.sync_home())
    parse = learned.parse("boot the oven")
    assert parse.best.learned
    turn = say(stage, "turn on the oven")
    assert turn.decision.kind == "execute"
    again = stage.assistant.pipeline.run(replace(turn, parse=parse, decision=None), start="resolve", stop="decide")
    assert again.decision.kind == "confirm"


@pytest.fixture(scope="module")
def understander():
    return Understander.load()


def adaptation(understander, text, like):
    clause = lesson(understander, text, like, 8.0)
    assert clause is not None
    return Adaptation.fit(understander.model.classifier, [("one", clause), ("one", clause)], [])


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("do not snuff the lamp", "turn off the lamp"),
        ("turn off the lamp", "turn off the lamp"),
        ("snuff the lamp", "turn off the lamp and open the window"),
        ("snuff", "turn off the lamp"),
        ("", "turn off the lamp"),
    ],
)
def test_what_teaches_nothing(understander, text, like):
    assert lesson(understander, text, like, 1.0) is None


def test_the_regression_suite_rejects_a_wording_that_takes_over_other_requests(understander):
    found = adaptation(understander, "snuff the lamp", "turn off the lamp")
    gazetteer = Gazetteer.of(Stage(load_home("cottage"), START).assistant.sync_home())
    declined = [Check("snuff the kitchen light", gazetteer)]
    harmless = [Check("tell me a joke", gazetteer)] * 400
    assert costly(found, understander, [*declined, *harmless]) == set()
    assert costly(found, understander, [*declined * 3, *harmless]) == {"one"}


def test_it_survives_being_written_and_is_refused_when_it_is_not_whole(understander):
    base = understander.model.classifier
    found = adaptation(understander, "snuff the lamp", "turn off the lamp")
    told = found.as_json()
    again = Adaptation.from_json(told, base)
    assert again.wordings == found.wordings
    assert again.features == found.features
    for broken in ({}, {**told, "base": "other"}, {**told, "weights": told["weights"][:40]}, {**told, "wordings": [1]}):
        assert Adaptation.from_json(broken, base) is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_a_lesson_never_fails(understander, text):
    lesson(understander, text, "turn off the lamp", 1.0)
    lesson(understander, "snuff the lamp", text, 1.0)


def test_the_figures_try_odd_wordings_only_of_things_of_which_nobody_said_them():
    household = Household.of(load_population("school"), 0, 7)
    every = list(trials(household, frozenset()))
    odd = {each.text for each in every if each.kind == "odd, never used"}
    assert odd
    assert {each.kind for each in every} == {"odd, never used", "ordinary"}
    one = min(odd)
    left = {each.text: each.kind for each in trials(household, frozenset({one}))}
    assert one not in left
    assert "odd, used" in left.values()
