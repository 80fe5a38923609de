"""What a policy would have been worth: right in the long run, with intervals that hold."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.learning.offpolicy import CLIP, METHODS, Choice, estimates

WORTH = {("easy", "as it is"): 0.9, ("easy", "rewrite"): 0.6, ("odd", "as it is"): 0.2, ("odd", "rewrite"): 0.8}
ACTIONS = ("as it is", "rewrite")


def lived(count, seed, explore=0.2):
    """Choices of a home in which odd requests are mostly rewritten, and the others mostly not."""
    chance = random.Random(seed)
    for number in range(count):
        about = chance.choice(("easy", "easy", "odd"))
        usual = "rewrite" if about == "odd" else "as it is"
        action = usual if chance.random() >= explore else next(each for each in ACTIONS if each != usual)
        propensity = 1 - explore if action == usual else explore
        reward = float(chance.random() < WORTH[about, action])
        yield Choice(f"home{number % 25}", about, action, propensity, reward)


def always(action):
    return lambda _about, other: float(other == action)


def truth(policy):
    means = {about: sum(policy(about, one) * WORTH[about, one] for one in ACTIONS) for about in ("easy", "odd")}
    return means["easy"] * 2 / 3 + means["odd"] / 3


@pytest.mark.parametrize("action", ACTIONS)
def test_what_was_rarely_done_is_valued_rightly(action):
    found = {each.method: each for each in estimates(list(lived(20000, 1)), always(action), ACTIONS)}
    assert tuple(found) == METHODS
    for value in found.values():
        assert value.value == pytest.approx(truth(always(action)), abs=0.03)
        assert value.low < value.value < value.high


def test_a_naive_mean_would_be_wrong():
    log = list(lived(20000, 2))
    naive = [each.reward for each in log if each.action == "rewrite"]
    assert abs(sum(naive) / len(naive) - truth(always("rewrite"))) > 0.05


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    held = dict.fromkeys(METHODS, 0)
    for seed in range(40):
        for each in estimates(list(lived(1500, 100 + seed)), always("rewrite"), ACTIONS):
            held[each.method] += each.low <= truth(always("rewrite")) <= each.high
    assert all(count >= 33 for count in held.values())


def test_doubly_robust_is_narrower_where_the_model_is_good():
    log = list(lived(3000, 5))
    found = estimates(log, always("rewrite"), ACTIONS, lambda about, action: WORTH[about, action])
    width = {each.method: each.high - each.low for each in found}
    assert width["dr"] < width["ips"]


def test_a_log_that_can_not_be_learned_from():
    with pytest.raises(ValueError, match="no choices"):
        estimates([], always("rewrite"), ACTIONS)
    with pytest.raises(ValueError, match="propensity"):
        estimates([Choice("a", "x", "rewrite", 0.0, 1.0)], always("rewrite"), ACTIONS)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0, 1), st.sampled_from(ACTIONS)), min_size=1, max_size=30))
def test_any_log_gives_bounded_values(choices):
    log = [Choice("home", "x", action, propensity, reward) for propensity, reward, action in choices]
    ips, snips, _ = estimates(log, always("rewrite"), ACTIONS)
    assert 0 <= ips.value <= CLIP
    assert 0 <= snips.value <= 1 + 1e-9
