from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.home import Entity, Home
from assistant.resolve import Memory, Resolver
from assistant.resolve.names import likeness, normalise
from assistant.resolve.nearest import CUTOFF, Nearest
from assistant.turn import Intent, State
from assistant.wishes import wanted
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
    ("turn_on", {"area": "kitchen"}, None, {"light.kitchen"}),
    ("decrease", {"name": "heating", "domain": "climate", "attribute": "temperature"}, None, {"climate.thermostat"}),
    ("open", {"area": "yard", "device_class": "gate"}, None, {"cover.garden_gate"}),
    ("open", {"area": "outside", "device_class": "gate"}, None, {"cover.garden_gate"}),
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


@pytest.mark.parametrize("name", ["milking machine", "rear door", "time machine"])
def test_a_name_with_a_word_of_its_own_is_another_name(name):
    assert resolver.resolve(Intent("home.turn_on", {"name": name}), context()).missing == name


def test_a_thing_of_another_kind_is_not_meant_for_its_room():
    blinds = {"name": "kitchen blinds", "domain": "cover", "device_class": "blind"}
    assert resolver.resolve(Intent("home.turn_on", blinds), context()).entities == ()


def test_more_means_more_of_what_was_just_changed():
    changed = Memory(("light.kitchen",), Intent("light.set", {"value": 40}), NOW)
    asked = Intent("home.increase", {"attribute": "brightness"})
    assert resolver.resolve(asked, context("bedroom"), changed).entities == ("light.kitchen",)


ROVER = Entity("vacuum.rover", "vacuum", "Rover", "hall", features={"areas": ["kitchen", "hall"]})
CLEANED = [
    ({"area": "kitchen", "domain": "vacuum"}, ["kitchen"]),
    ({"area": "kitchen", "name": "rover"}, ["kitchen"]),
    ({"floor": "downstairs", "domain": "vacuum"}, None),
]


@pytest.mark.parametrize(("slots", "areas"), CLEANED)
def test_a_place_is_cleaned_by_what_stands_elsewhere(slots, areas):
    swept = Resolver()
    swept.learn_home(replace(HOME, entities={**HOME.entities, ROVER.id: ROVER}))
    found = swept.resolve(Intent("home.clean", slots), context())
    assert found.entities == (ROVER.id,)
    assert wanted(ROVER, None, "clean", found.intent.slots).get("cleaning_area_id") == areas


def test_a_place_that_is_not_there_is_not_cleaned():
    assert resolver.resolve(Intent("home.clean", {"area": "ballroom"}), context()).missing == "ballroom"


@given(st.text(st.sampled_from("abdeiklmnorst "), min_size=1, max_size=20))
def test_the_index_finds_what_comparing_with_each_name_finds(mention):
    names = {str(number): name for number, name in enumerate(("Desk Lamp", "Kitchen Light", "Red Lantern", "Oven"))}
    each = {key: like for key, name in names.items() if (like := likeness(mention, name)).score >= CUTOFF}
    assert Nearest({key: [name] for key, name in names.items()}).scores(mention) == each


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
