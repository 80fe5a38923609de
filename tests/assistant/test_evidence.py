from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assistant.resolve.evidence import probability, signals, weights
from assistant.resolve.experience import ALARM, Experience, Occasion, part_of_day
from assistant.resolve.situations import cases
from assistant.resolve.train import calibrated, fit, measured

MORNING = datetime(2026, 3, 2, 7, 5)
UNSEEN = range(90_000, 90_040)


def test_what_ships_is_right_far_above_chance_and_means_its_probabilities_in_unseen_households():
    found = measured(list(cases(UNSEEN)), dict(weights()))
    assert found["right"] > found["by_chance"] + 0.25
    assert found["right_when_not_asked"] > 0.82
    assert found["calibration_error"] < 0.05


def test_training_is_reproducible_and_finds_what_people_do():
    some = list(cases(range(30), per_home=20))
    learned = calibrated(some, fit(some))
    assert learned == calibrated(some, fit(some))
    assert learned["same_room"] > 0 > learned["other_room"]
    assert learned["oven_on"] > learned["oven_off"]
    assert learned["nothing_to_change"] < 0
    assert learned["habit"] > 0


def test_every_signal_has_a_weight():
    seen = {
        signal.key for case in cases(UNSEEN, 10) for each in case.entities for signal in signals(each, case.situation)
    }
    assert seen <= weights().keys()


def test_a_combination_never_seen_is_judged_by_the_person_and_then_the_household():
    experience = Experience()
    things = ["switch.coffee", "switch.kettle"]
    for day in range(4):
        experience.chose("switch.kettle", Occasion("home", "ann", "on", MORNING + timedelta(days=day)))
    night = datetime(2026, 3, 7, 23, 30)
    anns, _ = experience.chosen(things, Occasion("home", "ann", "on", night))
    bens, _ = experience.chosen(things, Occasion("home", "ben", "on", night))
    others, _ = experience.chosen(things, Occasion("elsewhere", "ann", "on", night))
    assert anns["switch.kettle"] > bens["switch.kettle"] > 0
    assert others == {}


def test_what_follows_the_alarm_is_told_from_what_is_usual():
    experience = Experience()
    things = ["switch.coffee", "switch.kettle"]
    for day in range(4):
        now = MORNING + timedelta(days=day)
        experience.happened("home", ALARM, now - timedelta(minutes=4))
        experience.chose("switch.coffee", Occasion("home", "ann", "on", now))
        experience.chose("switch.kettle", Occasion("home", "ann", "on", now + timedelta(hours=12)))
    experience.happened("home", ALARM, MORNING)
    _, sequels = experience.chosen(things, Occasion("home", "ann", "on", MORNING + timedelta(minutes=2)))
    assert sequels["switch.coffee"] > 0 > sequels["switch.kettle"]
    _, none = experience.chosen(things, Occasion("home", "ann", "on", MORNING + timedelta(hours=3)))
    assert none == {}


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=8))
def test_probabilities_of_all_sum_to_one(costs):
    shares = [probability([cost, *costs[:i], *costs[i + 1 :]]) for i, cost in enumerate(costs)]
    assert abs(sum(shares) - 1) < 1e-6


@given(st.datetimes())
def test_every_moment_has_its_part_of_the_day(moment):
    assert part_of_day(moment).rstrip("+") in {"morning", "day", "evening", "night"}
