"""Simulated people: the same seed gives the same people, and what they know stays out of the log."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UserError
from simulator.homes import load_home
from simulator.people.channel import Channel, Confusions
from simulator.people.goals import Goal, draw, full_names
from simulator.people.household import Household, drifted
from simulator.people.population import DATA, load_population

DAY = datetime(2026, 3, 2)
CONFUSIONS = Confusions.load(DATA / "confusions-a.tsv")


@pytest.mark.parametrize("name", ["tune", "test", "drift"])
def test_bundled_populations_load(name):
    assert load_population(name).name == name


def test_tuning_and_testing_share_no_odd_words_no_names_and_no_confusions_table():
    tune, test = load_population("tune"), load_population("test")
    odd = [{text for words in each.wordings.values() for text in words.odd} for each in (tune, test)]
    names = [{text for words in each.nicknames.values() for text in words} for each in (tune, test)]
    assert not odd[0] & odd[1]
    assert not names[0] & names[1]
    assert not set(tune.people) & set(test.people)
    assert tune.confusions != test.confusions


def test_the_same_seed_gives_the_same_household_and_wishes():
    population = load_population("test")
    one, other = Household.of(population, 3, 7), Household.of(population, 3, 7)
    assert [wish.goal for wish in one.plan(DAY)] == [wish.goal for wish in other.plan(DAY)]
    assert Household.of(population, 3, 8).plan(DAY) != one.plan(DAY)


def test_drift_gives_an_own_name_to_another_device():
    population = load_population("drift")
    before = Household.of(population, 1, 7)
    after = drifted(before, 1.0)
    assert after.people[0].names != before.people[0].names
    assert drifted(before, 0.0).people[0].names == before.people[0].names


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("name: x\n", "homes"),
        ("name: [\n", "YAML"),
        ("name: x\nhomes: [cottage]\npeople: [a]\nwordings: {turn_onn: {plain: [a]}}\n", "turn_on"),
    ],
)
def test_a_wrong_population_is_told_in_one_line(tmp_path, text, wrong):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=wrong) as told:
        load_population(str(path))
    assert "\n" not in str(told.value)


def test_an_unknown_population_gets_a_suggestion():
    with pytest.raises(UserError, match="test"):
        load_population("tset")


@given(st.integers(0, 10_000))
def test_a_goal_can_always_be_told_from_the_states(seed):
    home = load_home("cottage")
    goal = draw(home, random.Random(seed))
    assert goal.entity in {spec.entity for spec in home.devices}
    assert full_names(home)[goal.entity]


def test_a_wish_that_holds_is_turned_round():
    reports = {"light.hall": {"state": "on", "attributes": {}}}
    assert Goal("turn_on", "light.hall").sensible(reports) == Goal("turn_off", "light.hall")
    assert Goal("turn_off", "light.hall").sensible(reports) == Goal("turn_off", "light.hall")


@given(st.text("abc turnonf", max_size=30), st.integers(0, 99))
def test_hearing_never_fails_and_confidence_is_a_probability(text, seed):
    heard = Channel(CONFUSIONS, "ann", 0.5, 0.5).hear(text, random.Random(seed))
    assert 1 <= len(heard) <= 2
    assert all(0 <= each.confidence <= 1 for each in heard)


def test_a_habit_of_mishearing_stays():
    channel = Channel(CONFUSIONS, "ann", 0.0, 1.0)
    heard = [channel.hear("off", random.Random(seed))[0].text for seed in range(40)]
    wrong = {text for text in heard if text != "off"}
    assert len(wrong) == 1
    assert heard.count(wrong.pop()) > 25
