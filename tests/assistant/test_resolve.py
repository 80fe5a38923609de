import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.home import Entity, Home
from assistant.resolve import Memory, Resolver
from assistant.resolve.names import likeness, normalise
from assistant.turn import Intent, State
from tests.assistant.homes import HOME, NOW, context

resolver = Resolver()
resolver.learn_home(HOME)

CASES = [
    # verb, slots, room, entities of the best candidate
    ("turn_on", {"name": "kitchen light"}, None, {"light.kitchen"}),
    ("open", {"name": "garbage door"}, None, {"cover.garage_door"}),
    ("turn_on", {"name": "lamp"}, "bedroom", {"light.bedroom_lamp"}),
    ("turn_on", {"name": "lamp", "area": "living room"}, "bedroom", {"light.living_lamp"}),
    ("turn_on", {"domain": "light", "quantity": "plural"}, "living_room", {"light.living_lamp", "light.ceiling"}),
    ("turn_off", {"domain": "light", "floor": "upstairs"}, None, {"light.bedroom_lamp"}),
    ("close", {"device_class": "garage"}, "kitchen", {"cover.garage_door"}),
    ("lock", {"domain": "lock"}, None, {"lock.front_door"}),
    ("set", {"device_class": "oven", "value": 180}, None, {"climate.oven"}),
    ("set", {"device_class": "thermostat", "value": 20}, "kitchen", {"climate.thermostat"}),
    ("increase", {"attribute": "temperature"}, "living_room", {"climate.thermostat"}),
    ("turn_on", {"name": "bed room lamb"}, None, {"light.bedroom_lamp"}),
    (
        "turn_off",
        {"domain": "light", "quantity": "all", "except": [{"area": "bedroom"}]},
        None,
        {"light.kitchen", "light.living_lamp", "light.ceiling"},
    ),
]


@pytest.mark.parametrize(("verb", "slots", "room", "entities"), CASES)
def test_finds_what_is_meant(verb, slots, room, entities):
    assert set(resolver.resolve(Intent(f"home.{verb}", slots), context(room)).entities) == entities


def test_names_the_real_domain():
    assert resolver.resolve(Intent("home.open", {"name": "garage door"}), context()).intent.name == "cover.open"


def test_the_temperature_means_the_oven_only_while_it_is_on():
    asked = Intent("home.query", {"question": "what", "attribute": "temperature"})
    hot = context("kitchen", climate__oven=State("heat", {"temperature": 200, "current_temperature": 150}))
    assert resolver.resolve(asked, hot).entities == ("climate.oven",)
    assert resolver.resolve(asked, context("kitchen")).entities == ("sensor.kitchen_temperature",)


def test_two_things_of_one_name_are_rivals_outside_their_rooms():
    found = resolver.resolve(Intent("home.turn_off", {"name": "lamp"}), context("garage"))
    assert len(found.candidates) == 2


def test_everything_leaves_out_what_is_dangerous():
    opened = resolver.resolve(Intent("home.open", {"domain": "cover", "quantity": "all"}), context())
    assert "cover.garage_door" not in opened.entities
    unlocked = resolver.resolve(Intent("home.unlock", {"domain": "lock", "quantity": "all"}), context())
    assert unlocked.entities == ()


def test_an_exception_that_is_not_known_stops_the_hand():
    slots = {"domain": "light", "quantity": "all", "except": [{"area": "attic"}]}
    found = resolver.resolve(Intent("home.turn_off", slots), context())
    assert (found.entities, found.missing) == ((), "attic")


def test_pronouns_mean_what_was_acted_on():
    memory = Memory(("light.kitchen",), None, NOW)
    assert resolver.resolve(Intent("home.turn_off", {"reference": "it"}), context(), memory).entities == (
        "light.kitchen",
    )
    assert resolver.resolve(Intent("home.turn_off", {"reference": "it"}), context(), Memory()).missing == "it"


@pytest.mark.parametrize("name", ["sandwich", "spaceship", "attic fan", "xylophone"])
def test_what_this_home_lacks_is_missing(name):
    assert resolver.resolve(Intent("home.turn_on", {"name": name}), context()).missing == name


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share_and_knows_itself(one, other):
    assert 0.0 <= likeness(one, other).score <= 1.0
    if normalise(one):
        assert likeness(one, one).score == 1.0


def test_a_name_that_cannot_do_it_is_not_replaced_by_one_that_sounds_alike():
    entities = {
        "light.bathroom": Entity(
            "light.bathroom", "light", "Bathroom Light", features={"supported_color_modes": ["onoff"]}
        ),
        "light.bedroom": Entity("light.bedroom", "light", "Bedroom Light"),
    }
    other = Resolver()
    other.learn_home(Home(entities=entities))
    found = other.resolve(Intent("home.set", {"name": "bathroom light", "value": 40, "unit": "%"}), context())
    assert (found.entities, found.missing) == ((), "bathroom light")
