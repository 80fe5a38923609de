"""A study in small: the same people in every arm, judged by what they wanted."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime, timedelta

import pytest

from assistant.learning.logged import Logged
from simulator.people.goals import Goal
from simulator.people.life import Attempt
from simulator.people.population import load_population
from simulator.study.arms import ARMS
from simulator.study.measure import findings, second_time
from simulator.study.report import write
from simulator.study.run import ArmResult, Plan, run_arm

LAMP = Goal("turn_on", "light.hall")
START = datetime(2026, 3, 2, 8)


def attempt(minute: int, right: bool, number: int = 0, heard: str = "the glow", **more) -> Attempt:
    time = START + timedelta(minutes=minute)
    return Attempt(f"t{minute}", "home", "ann", time, LAMP, heard, heard, number, right, "execute", **more)


@pytest.fixture(scope="module")
def results():
    plan = Plan(load_population("tune"), households=2, days=3, seed=7)
    return plan, [run_arm(plan, arm) for arm in ARMS if arm.name in {"off", "prompt", "oracle"}]


def test_learning_helps_and_the_oracle_is_the_ceiling(results):
    _plan, arms = results
    found = {each.arm: each for each in findings(arms)}
    assert found["oracle"].defects.value < 0.05
    assert found["prompt"].defects.value < found["off"].defects.value
    assert found["prompt"].wins > found["prompt"].losses
    assert found["off"].coverage == 0


def test_every_arm_has_the_same_people_who_want_much_the_same(results):
    _plan, arms = results
    counts = [len({(each.household, each.speaker) for each in arm.attempts}) for arm in arms]
    assert len(set(counts)) == 1
    firsts = [sum(each.number == 0 and not each.answer for each in arm.attempts) for arm in arms]
    assert max(firsts) - min(firsts) <= 0.1 * max(firsts)


def test_no_learner_sees_the_truth():
    """What a learner reads has no field for what a person wanted, and the truth has one."""
    assert "goal" in {field.name for field in fields(Attempt)}
    assert not {"goal", "right", "healthy", "wanted", "truth"} & {field.name for field in fields(Logged)}


def test_the_same_seed_gives_the_same_study():
    plan = Plan(load_population("tune"), households=1, days=2, seed=3)
    arm = next(arm for arm in ARMS if arm.name == "personal")
    first, second = run_arm(plan, arm), run_arm(plan, arm)
    assert [each.after for each in first.live] == [each.after for each in second.live]
    assert [each.right for each in first.attempts] == [each.right for each in second.attempts]


def test_files_hold_figures_truth_and_a_picture(results, tmp_path):
    plan, arms = results
    figures, truth, picture = write(tmp_path / "out", plan, arms, findings(arms))
    assert json.loads(figures.read_text())["arms"]["prompt"]["requests"] > 0
    assert len(truth.read_text().splitlines()) == sum(len(arm.attempts) for arm in arms)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_only_the_next_occasion_counts():
    mine = [attempt(0, False), attempt(1, True, 1, "the hall light"), attempt(60, True), attempt(90, False)]
    found = second_time(mine)
    assert found is not None
    assert (found.value, found.n) == (1.0, 1)


def test_wins_and_losses_are_judged_by_what_would_have_come_without():
    rewritten = {"rewrite": "r-1", "layer": "personal"}
    arm = ArmResult(
        "prompt",
        (
            attempt(0, True, healthy=False, **rewritten),
            attempt(5, False, healthy=True, **rewritten),
            attempt(9, True, healthy=True, **rewritten),
        ),
        1,
    )
    found = findings([arm])[0]
    assert (found.wins, found.losses, found.ties) == (1, 1, 1)
    assert (found.correct, found.incorrect) == (2, 1)
