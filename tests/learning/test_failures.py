"""Failure points: the article's garage dialogue, what trying again shows, the trees, and how well it does on people."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.learning.failures import Isolator, failure_points, shipped
from assistant.learning.labelling.evidence import evidence
from assistant.learning.labelling.plain import POINTS
from assistant.learning.labelling.trees import Trees
from assistant.learning.labelling.whatif import WhatIf
from assistant.turn import Hypothesis, OutcomeKind, Utterance
from simulator.annotation.cases import requests
from simulator.annotation.figures import scores
from simulator.annotation.logs import annotated, write_files
from simulator.annotation.train import fit
from simulator.homes import load_home
from simulator.people.population import load_population
from simulator.replay.stage import Stage
from simulator.study.run import START, Plan


class Dialogue:
    """Talks to an assistant in a simulated home, and keeps its turns."""

    def __init__(self, home="cottage", room="garage"):
        self.turns = {}
        self.stage = Stage(load_home(home), START, observers=[self])
        self.room = room

    def turn_changed(self, turn):
        self.turns[turn.id] = turn

    def said(self, text):
        """Nothing to keep."""

    def phase_changed(self, phase):
        """Nothing to keep."""

    def home_changed(self, entity):
        """Nothing to keep."""

    def say(self, *heard, wait=4.0):
        guesses = tuple(Hypothesis(text, 0.9 / (rank + 1)) for rank, text in enumerate(heard))
        turn = self.stage.assistant.engine.hear(Utterance(guesses), self.room, "ann")
        self.stage.run(wait)
        return turn.id

    def points(self):
        return failure_points(self.turns.values(), self.stage.assistant.pipeline)

    def whatif(self):
        return WhatIf(self.stage.assistant.pipeline)


def test_the_garage_dialogue_of_the_article():
    """Misheard and wrong; a lost article that did no harm; and something that no home can do."""
    talk = Dialogue()
    first = talk.say("open the cabbage roll", wait=3.0)
    second = talk.say("open garage door", wait=20.0)
    third = talk.say("make me a sandwich", wait=60.0)
    points = talk.points()
    assert [points[first], points[second], points[third]] == ["asr", "correct", "correct"]


def test_a_device_that_does_not_answer_is_a_failure_of_the_result():
    talk = Dialogue(room="kitchen")
    talk.stage.world.fault("light.kitchen", "offline")
    first = talk.say("turn on the kitchen light")
    talk.stage.world.fault("light.kitchen", "none")
    talk.stage.run(1.0)
    second = talk.say("turn on the kitchen light", wait=60.0)
    assert talk.turns[second].outcome.kind is OutcomeKind.DONE
    points = talk.points()
    assert (points[first], points[second]) == ("result", "correct")


def test_trying_again_finds_the_stage_whose_mending_helps():
    talk = Dialogue(room="kitchen")
    misheard = talk.say("turn podcast the kitchen light", "turn on the kitchen light")
    nickname = talk.say("turn on the zirkoniq")
    odd = talk.say("defrobnicate the kitchen light")
    worked = talk.turns[talk.say("turn on the kitchen light", wait=40.0)]
    asked = {name: talk.whatif().ask(talk.turns[name], worked) for name in (misheard, nickname, odd)}
    assert all(found["as_is"] == 0 for found in asked.values())
    assert asked[misheard]["nbest"] == 1
    assert asked[nickname]["name"] == 1
    assert asked[odd]["wording"] == 1


def test_what_worked_elsewhere_can_not_be_tried_here():
    talk = Dialogue(room="kitchen")
    failed = talk.turns[talk.say("play something nice")]
    foreign = talk.turns[talk.say("make me a sandwich")]
    assert all(np.isnan(value) for value in talk.whatif().ask(failed, foreign).values())


def test_trees_as_arrays_say_what_scikit_learn_says(tmp_path):
    from sklearn.ensemble import HistGradientBoostingClassifier

    chance = np.random.default_rng(4)
    values = chance.normal(size=(600, 5))
    values[chance.random(values.shape) < 0.2] = np.nan
    for labels in (np.nansum(values, axis=1) > 0, np.digitize(np.nan_to_num(values[:, 0]), (-0.5, 0.5))):
        names = [f"x{column}" for column in range(5)]
        model = HistGradientBoostingClassifier(max_iter=20, random_state=0).fit(values, labels.astype(str))
        Trees.of(model, names).save(tmp_path / "trees.npz")
        trees = Trees.load(tmp_path / "trees.npz")
        rows = [dict(zip(names, row, strict=True)) for row in values]
        assert trees.labels == tuple(model.classes_)
        assert trees.probabilities(rows) == pytest.approx(model.predict_proba(values), abs=1e-5)
    assert trees.probabilities([]).shape == (0, 3)


def test_people_that_nothing_was_trained_on(known):
    asked = requests(known)
    found = shipped().predict([case.seen for case in asked], [case.numbers for case in asked])
    truth = [str(case.truth.failure) for case in asked]
    mean = np.mean(list(scores(truth, [max(shares, key=shares.get) for shares in found.values()]).values()))
    assert len(asked) > 200
    assert mean > 0.8


def test_a_distribution_over_all_points(known):
    shares = shipped().predict([case.seen for case in known])
    for found in shares.values():
        assert tuple(found) == POINTS
        assert sum(found.values()) == pytest.approx(1, abs=1e-3)


def test_no_learner_sees_the_truth(known):
    """What is seen of a turn is the same whatever the truth says."""
    case = known[0]
    assert evidence(case.seen).keys() == case.numbers.keys()
    assert not {"failure", "right", "transcript", "goal"} & case.numbers.keys()


def test_training_on_one_population_beats_guessing(known):
    labels = [str(case.truth.failure) for case in known]
    model = fit(known, labels)
    found = Isolator(model).predict([case.seen for case in known[:50]])
    guessed = [max(shares, key=shares.get) for shares in found.values()]
    assert np.mean([one == other for one, other in zip(guessed, labels, strict=False)]) > 0.85


def test_a_log_with_its_truth_is_written_apart(tmp_path):
    log = annotated(Plan(load_population("tune"), 1, 1, 3))
    write_files(log, tmp_path)
    turns = [json.loads(line) for line in Path(tmp_path / "turns.jsonl").read_text().splitlines()]
    truth = [json.loads(line) for line in Path(tmp_path / "truth.jsonl").read_text().splitlines()]
    assert [line["id"] for line in turns] == [line["turn"] for line in truth]
    assert not {"failure", "transcript", "right"} & turns[0].keys()
