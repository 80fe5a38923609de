import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.home import Entity
from assistant.services import SCALES, spoken_value, stored_value
from assistant.turn import State
from assistant.wishes import OutOfRangeError, wanted
from tests.assistant.homes import HOME, STATES

LIGHT = HOME.entities["light.living_lamp"]


@given(st.sampled_from(sorted(SCALES)), st.floats(0, 1))
def test_a_stored_value_reads_back_as_spoken(key, share):
    scale = SCALES[key]
    spoken = round(scale.low + share * (scale.high - scale.low))
    state = State(str(stored_value(scale, spoken)), {scale.key: stored_value(scale, spoken)})
    assert spoken_value(scale, state) == pytest.approx(spoken, abs=1.01 if scale.full == 255 else 0.51)


def test_relative_changes_read_the_state():
    assert wanted(LIGHT, STATES["light.living_lamp"], "decrease", {})["brightness"] == 77
    assert wanted(LIGHT, STATES["light.living_lamp"], "increase", {"amount": 50})["brightness"] == 255


@pytest.mark.parametrize(("factor", "brightness"), [(0.5, 64), (1.33, 171), (2, 255), (3, 255)])
def test_half_as_bright_is_half_of_what_it_is(factor, brightness):
    value = wanted(LIGHT, STATES["light.living_lamp"], "increase", {"attribute": "brightness", "factor": factor})
    assert value["brightness"] == pytest.approx(brightness, abs=1)


@pytest.mark.parametrize(("tone", "kelvin"), [(4000, 4000), ("warm white", 2700), ("daylight", 6500), (9000, 6500)])
def test_a_tone_of_white_is_a_number_or_a_word(tone, kelvin):
    assert wanted(LIGHT, State("off"), "set", {"color_temp": tone})["color_temp_kelvin"] == kelvin


def test_dimming_to_nothing_switches_off():
    assert wanted(LIGHT, State("on", {"brightness": 10}), "decrease", {"amount": 80}) == {"state": "off"}


@pytest.mark.parametrize("degrees", [9000, -40, 49, 251])
def test_what_an_oven_cannot_do_is_said(degrees):
    with pytest.raises(OutOfRangeError, match="Oven takes 50 to 250"):
        wanted(HOME.entities["climate.oven"], State("off"), "set", {"value": degrees})


def test_an_unknown_colour_is_said():
    with pytest.raises(OutOfRangeError, match="blurple"):
        wanted(LIGHT, State("on"), "set", {"color": "blurple"})


def test_setting_the_oven_switches_it_on():
    oven = Entity("climate.oven", "oven", "Oven", features={"max_temp": 250})
    assert wanted(oven, State("off"), "set", {"value": 180}) == {"state": "heat", "temperature": 180}
