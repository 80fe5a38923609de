"""Whatever people say in whatever order, learning comes to an end with shares that are shares."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.learning.chain import MarkovChain
from tests.learning.logs import GARAGE, Diary, declined, done

SAID = st.sampled_from(
    ["close the garage", "close them off", "no the garage door", "yes", "stop", "close the garage door", "the lamp"]
)
HOW = st.sampled_from(
    [
        declined(),
        GARAGE,
        done("light.turn_on", "light.lamp", name="lamp"),
        {"decision": "confirm", "outcome": "asked", "intent": "cover.close", "entities": ["cover.garage_door"]},
        {"decision": "ask", "outcome": "asked"},
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(SAID, HOW, st.floats(1, 60), st.sampled_from([None, 0.8])), min_size=1, max_size=8))
def test_any_dialogue_can_be_learned_from(steps):
    diary = Diary()
    for said, how, wait, barge_in in steps:
        diary.say(said, wait, **how, barge_in=barge_in)
    chain = MarkovChain().fit(diary.turns)
    for state, plus, minus in zip(chain.states_, chain.b_plus_, chain.r_minus_, strict=True):
        assert state
        assert -1e-9 <= plus <= 1 + 1e-9
        assert minus >= 0
