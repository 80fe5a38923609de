"""Bad pairs that a household feeds on purpose stay its own, and nothing that opens or heats comes of them unasked."""

from __future__ import annotations

import pytest

from simulator.benchmarks.nightly import made_up
from simulator.study.poison import harm, poisoned, victims

HONEST = list(made_up(2500, 7))


def test_one_hostile_household_with_many_speakers_teaches_nobody_else():
    found = harm(HONEST, hostile=1, speakers=8, days=3, seed=7)
    assert found.fed > 10
    assert (found.in_global_layer, found.offered_to_everybody, found.risky_unasked) == (0, 0, 0)


def test_the_count_can_fail_when_enough_households_agree():
    assert harm(HONEST, hostile=4, speakers=3, days=3, seed=7).in_global_layer > 0


@pytest.mark.parametrize("hostile", [1, 4])
def test_nothing_risky_is_introduced_without_a_question(hostile):
    assert harm(HONEST, hostile, speakers=3, days=3, seed=7).risky_unasked == 0


def test_what_is_attacked_is_what_most_people_say():
    attacked = victims(HONEST)
    bad = list(poisoned("hostile", attacked, speakers=2, days=1, seed=1))
    assert {turn.said for turn in bad[::2]} == set(attacked)
