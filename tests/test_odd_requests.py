"""Whatever is typed gets one clear answer, and nothing moves that was not asked for."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.nlu import Understander
from assistant.turn import Hypothesis, Utterance
from simulator.benchmarks.peers import DATA
from simulator.homes import home_from_inventory, load_home
from simulator.replay.stage import Stage

NOW = datetime(2026, 3, 2, 12, 0)
UNHARMED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def understander():
    return Understander.load()


@pytest.fixture(scope="module")
def home(understander):
    stage = Stage(load_home(str(DATA / "everyday.yaml")), NOW, understander=understander)
    yield stage
    stage.close()


def said(stage, text, room="kitchen"):
    """The turn of a request."""
    stage.run(40.0)
    return stage.assistant.engine.hear(Utterance((Hypothesis(text),)), room)


def assert_nothing_done(turn):
    assert not (turn.outcome and turn.decision.kind == "execute" and turn.decision.commands), turn.decision
    assert turn.decision.kind in {"refuse", "ignore", "ask", "execute"}
    if turn.decision.kind != "ignore":
        assert turn.reply.text.strip()
        assert "\n" not in turn.reply.text


FOREIGN = st.text(st.characters(min_codepoint=0x370, max_codepoint=0x2FFF), max_size=80)
CONTROLS = st.text(st.characters(categories=["Cc", "Cf", "Zs", "So", "Sm"]), max_size=80)


@given(st.one_of(FOREIGN, CONTROLS, st.text(st.sampled_from("💡🔥🏠👍🤖\u200d\ufe0f "), max_size=40)))
@UNHARMED
def test_signs_of_any_kind_move_nothing(home, text):
    assert_nothing_done(said(home, text))


@pytest.mark.parametrize(
    "text",
    [
        "schalte bitte das licht in der küche ein", "enciende la luz de la cocina por favor", "allume la lumière",
        "accendi la luce in cucina", "включи свет на кухне", "打开厨房的灯", "キッチンの電気をつけて",
        "doe het licht aan", "tænd lyset i køkkenet", "encienda todas las luces",
    ],
)  # fmt: skip
def test_another_language_moves_nothing(home, text):
    assert_nothing_done(said(home, text))


ABOVE = st.integers(min_value=400, max_value=10**12)
RANGED = st.sampled_from([
    "set the oven to {} degrees", "preheat the oven to {}", "set the thermostat to {} degrees", "heat the lounge to {}",
    "set the desk lamp to {} percent", "dim the bedroom light to {} percent", "set the volume of the tv to {} percent",
    "open the office blinds to {} percent", "set the ceiling fan to {} percent",
])  # fmt: skip


@given(RANGED, ABOVE)
@UNHARMED
def test_a_number_out_of_range_is_told_and_nothing_is_set(home, text, number):
    turn = said(home, text.format(number))
    assert_nothing_done(turn)
    assert turn.decision.kind == "refuse"


@pytest.mark.parametrize("number", ["nine thousand", "a million", "minus fifty", "eleven hundred"])
def test_a_spoken_number_out_of_range_is_told(home, number):
    assert_nothing_done(said(home, f"set the oven to {number} degrees"))


THINGS = st.sampled_from([
    "swimming pool", "jacuzzi", "dragon", "time machine", "chandelier", "helicopter", "milking machine",
    "espresso cannon",
])  # fmt: skip
VERBS = st.sampled_from(
    ["turn on the {}", "switch off the {}", "open the {}", "dim the {}", "set the {} to 40 percent"]
)


@given(VERBS, THINGS)
@UNHARMED
def test_what_is_not_there_is_named_and_not_replaced(home, verb, thing):
    turn = said(home, verb.format(thing))
    assert_nothing_done(turn)
    assert turn.decision.kind == "refuse"
    assert any(word in turn.reply.text for word in thing.split())


@given(
    st.lists(
        st.sampled_from(
            ["turn", "on", "off", "the", "kitchen", "light", "and", "dim", "oven", "to", "no", "not", "all"]
        ),
        min_size=70,
    )
)
@UNHARMED
def test_a_request_without_end_moves_nothing(home, words):
    assert_nothing_done(said(home, " ".join(words * 28)))


@pytest.fixture(scope="module")
def barracks(understander):
    """Two hundred lamps of one name, in twenty rooms."""
    entities = [
        {"name": "Lamp", "id": f"light.lamp_{number}", "domain": "light", "area": f"Room {number % 20}"}
        for number in range(200)
    ]
    areas = [{"name": f"Room {number}"} for number in range(20)]
    stage = Stage(
        home_from_inventory({"areas": areas, "entities": entities}, "barracks"), NOW, understander=understander
    )
    yield stage
    stage.close()


def test_two_hundred_equal_names_are_asked_about_with_at_most_three(barracks):
    turn = said(barracks, "turn on the lamp", None)
    assert_nothing_done(turn)
    assert turn.decision.kind in {"ask", "refuse"}
    assert turn.reply.text.count("Lamp") <= 3


def test_all_of_two_hundred_equal_names_are_reached(barracks):
    said(barracks, "turn on all the lamps", None)
    turn = said(barracks, "turn off all the lamps", None)
    assert turn.decision.kind == "execute"
    assert len(turn.commands) == 200
    assert "200" in turn.reply.text
