"""What a real recogniser heard: the lists are what the assistant gets, and hardly any of them ends in a wrong act."""

import json
import random
from itertools import islice

from simulator.acoustics.mishearings import home_of
from simulator.benchmarks.heard import HEARD, HOME, heard, requests


def test_the_lists_are_of_probabilities_and_mostly_hold_what_was_said():
    lines = [json.loads(line) for line in HEARD.read_text(encoding="utf-8").splitlines()]
    lists = [line["heard"] for line in lines if line["heard"]]
    assert len(lists) > 200
    assert all(0 <= sure <= 1 for each in lists for _, sure in each)
    assert all(sum(sure for _, sure in each) < 1.01 for each in lists)
    assert all([sure for _, sure in each] == sorted((sure for _, sure in each), reverse=True) for each in lists)
    assert sum(line["said"] in dict(line["heard"]) for line in lines) > 0.7 * len(lines)


def test_requests_name_things_of_the_home():
    home = home_of(HOME)
    names = [name.lower() for entity in home.entities.values() for name in entity.names]
    for request in islice(requests(home, random.Random(1)), 50):
        assert any(name in request for name in names), request


def test_few_wrong_acts_and_no_fewer_right_ones_with_all_hypotheses():
    figures = {figure.what: figure.raw for figure in heard(None, 0)}
    share = {what: raw["passed"] / raw["of"] for what, raw in figures.items()}
    assert share["all hypotheses: wrong act"] < 0.08
    assert share["all hypotheses: right act"] >= share["the best alone: right act"] > 0.6
    assert share["asked for again what is so already: something else"] < 0.05
