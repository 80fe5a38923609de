"""Misheard names: what the benchmark asks, and that in a home none of it ends in a wrong act."""

import random

from assistant.resolve.names import normalise
from simulator.acoustics.mishearings import home_of
from simulator.benchmarks.similar import absent, cases, measured


def test_no_request_names_a_thing_of_the_home():
    home = home_of("cottage")
    names = {normalise(name) for entity in home.entities.values() for name in entity.names}
    asked = list(cases(home, random.Random(1)))
    assert {each.kind for each in asked} == {"misheard by 1", "misheard by 2", "misheard by 3", "not there"}
    assert not [each.text for each in asked if normalise(each.text.partition(" the ")[2]) in names]
    assert all(bool(each.meant) == (each.kind != "not there") for each in asked)
    assert "movie night" not in absent(home)


def test_what_was_misheard_is_hardly_ever_done_to_another_thing():
    figures = {figure.what: figure.raw for figure in measured(("cottage",), seed=1)}
    wrong = sum(raw["passed"] for what, raw in figures.items() if what.endswith("wrong act"))
    assert wrong / sum(raw["of"] for what, raw in figures.items() if what.endswith("other question")) < 0.01
    right, asked = (figures[f"misheard by 1: {what}"] for what in ("right act", "question that names it"))
    assert right["passed"] + asked["passed"] > 0.5 * right["of"]
