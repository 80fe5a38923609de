"""Requests that went well: found again when they are misheard, one's own first, and never pushed on a healthy one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.learning.encoder import shipped
from assistant.learning.retrieval import Known, Proven, Requests, likeness
from tests.learning.test_substitutions import Cottage

SONGS = (
    Known("play we dont talk about bruno", 200, 0.97, 80),
    Known("play purple haze", 40, 0.95, 20),
    Known("whats the weather in wilkerson washington", 90, 0.9, 40),
)
ANN = ("home", "ann")


def test_vectors_are_unit_and_sounds_count():
    vectors = shipped().encode(["open the garage door", "open the garbage door", "play some jazz"])
    assert abs(float((vectors[0] ** 2).sum()) - 1) < 1e-3
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_a_misheard_request_finds_its_own_first():
    own = {ANN: (Known("play we dont talk anymore", 5, 1.0, 1),)}
    found = Requests(Proven(SONGS, own)).find("play we dont talk any more", ANN)
    assert found[0].known.text == "play we dont talk anymore"
    assert found[0].own


def test_liking_one_song_does_not_turn_into_a_request_for_another():
    """Article: who often plays one is not to be given the other because more people like it."""
    own = {ANN: (Known("play we dont talk anymore", 5, 1.0, 1),)}
    requests = Requests(Proven(SONGS, own))
    asked = requests.find("play we dont talk anymore", ANN)
    assert all(match.score < 0.62 for match in asked)


def test_ones_own_place_wins_over_the_more_popular_one():
    """Article: Wilkerson, California, for who always means that one."""
    own = {ANN: (Known("whats the weather in wilkerson california", 6, 1.0, 1),)}
    requests = Requests(Proven(SONGS, own))
    assert requests.find("whats the weather in wilkerson", ANN)[0].known.text.endswith("california")
    assert requests.find("whats the weather in wilkerson", ("home", "ben"))[0].known.text.endswith("washington")


def test_it_survives_being_kept():
    proven = Proven(SONGS, {ANN: SONGS[:1], ("home", None): SONGS[1:]})
    assert Proven.from_json(proven.as_json()) == proven


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share(one, other):
    assert 0 <= likeness(one, other) <= 1


@pytest.mark.parametrize(
    ("said", "retrieved"),
    [
        ("turnip the bedroom fan", "turn on the bedroom fan"),
        # here the understanding makes the same guess by itself, which needs no rewrite to be asked about
        ("churn on the bedroom van", None),
    ],
)
def test_what_is_only_alike_is_asked_about_and_a_yes_is_learned(said, retrieved):
    home = Cottage()
    for _ in range(3):
        for request in ("turn on the bedroom fan", "turn off the bedroom fan"):
            home.say(request)
            home.stage.run(60)
    home.learn()
    turn = home.say(said)
    assert (turn.rewrite and turn.rewrite.after) == retrieved
    assert turn.decision is not None
    assert turn.decision.kind == "confirm"
    home.say("yes")
    home.learn()
    again = home.say(said).decision
    assert again is not None
    assert again.kind == "execute"
