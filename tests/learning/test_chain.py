"""The absorbing Markov chain: its identities, and agreement with walks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.learning.chain import LEAK, MarkovChain
from tests.learning.logs import Diary, declined, done

names = st.sampled_from("abcdefgh")
weights = st.floats(0.01, 20)
counts = st.tuples(
    st.lists(st.tuples(names, names, weights), min_size=1, max_size=14),
    st.dictionaries(names, weights, max_size=8),
    st.dictionaries(names, weights, max_size=8),
)


@given(counts)
@settings(max_examples=80, deadline=None)
def test_rows_sum_to_one_and_every_walk_ends(found):
    moves, good, bad = found
    chain = MarkovChain().fit_counts(moves, good, bad)
    rows = np.asarray(chain.Q_.sum(axis=1)).ravel() + chain.r_plus_ + chain.r_minus_
    assert np.allclose(rows, 1)
    assert (chain.r_minus_ >= LEAK - 1e-12).all()
    dense = chain.Q_.toarray()
    fundamental = np.linalg.inv(np.eye(len(dense)) - dense)
    plus, minus = fundamental @ chain.r_plus_, fundamental @ chain.r_minus_
    assert np.allclose(plus + minus, 1)
    assert np.allclose(chain.b_plus_, plus)
    assert np.allclose(np.linalg.matrix_power(dense, 50_000), 0, atol=1e-3)
    for place, state in enumerate(chain.states_):
        reached = chain.reach(state)
        expected = fundamental[place] * chain.r_plus_
        assert sum(reached.values()) == pytest.approx(chain.b_plus_[place])
        for target, value in reached.items():
            assert value == pytest.approx(expected[chain.index_[target]])


THREE = ([("i", "j", 60), ("i", "k", 12), ("j", "k", 88)], {"i": 5, "j": 2, "k": 95}, {"i": 23, "j": 10, "k": 5})


def test_walks_agree_with_the_solution():
    chain = MarkovChain().fit_counts(*THREE)
    rng = np.random.default_rng(0)
    dense = chain.Q_.toarray()
    rows = np.column_stack([dense, chain.r_plus_, chain.r_minus_])
    ends = dict.fromkeys(chain.states_, 0)
    walks = 20_000
    for _ in range(walks):
        here = chain.index_["i"]
        while True:
            step = rng.choice(len(rows[here]), p=rows[here])
            if step == len(dense):
                ends[chain.states_[here]] += 1
            if step >= len(dense):
                break
            here = step
    for state, value in chain.reach("i").items():
        assert ends[state] / walks == pytest.approx(value, abs=0.012)


def test_the_target_is_not_the_most_frequent_next_request():
    chain = MarkovChain().fit_counts(*THREE)
    assert chain.Q_[[0]].toarray().ravel().argmax() == chain.index_["j"]
    assert chain.predict_one("i").state == "k"
    assert chain.predict_one("i").score > 0.6
    assert chain.predict_one("never heard") is None


def test_a_repeat_is_a_loop_and_alone_it_leads_nowhere_else():
    chain = MarkovChain().fit_counts([("a", "a", 3)], {"a": 1}, {"a": 1})
    assert set(chain.reach("a")) == {"a"}
    assert MarkovChain().fit([]).states_ == []


def test_paraphrases_fall_together_and_lead_to_what_works_most():
    turns = []
    for speaker in "abcd":
        diary = Diary(speaker=speaker)
        diary.say("play maj and dragons", **declined())
        diary.say("play imagine dragons", **done("media.play", title="Imagine Dragons"))
        diary.day().say("please play imagine dragons", **done("media.play", title="imagine dragons"))
        turns += diary.turns
    chain = MarkovChain().fit(turns)
    target = chain.predict_one("play maj and dragons")
    assert target.state == "media.play|title=imagine dragons"
    assert target.text in {"play imagine dragons", "please play imagine dragons"}
    assert len(chain.states_) == 2


def test_one_person_counts_only_so_much():
    turns = []
    stubborn = Diary(speaker="troll")
    for _ in range(40):
        stubborn.day().say("play jazz music now", **declined())
        stubborn.say("play jaws music now", **done("media.play", title="jaws"))
    for speaker in "abcdefgh":
        diary = Diary(speaker=speaker)
        diary.day(30).say("play jazz music now", **declined())
        diary.say("play jazz", **done("media.play", title="jazz"))
        turns += diary.turns
    chain = MarkovChain().fit(turns + stubborn.turns)
    assert chain.predict_one("play jazz music now").state == "media.play|title=jazz"
