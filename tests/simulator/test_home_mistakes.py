"""Whatever is wrong with a home file, the answer is a home or one clear line that names file and line."""

import copy
import random
import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import UserError
from devices.kinds import make
from simulator.homes import load_home
from tests.simulator.test_home_files import HEAD, write

VALID = """name: Hut
unit: C
people: [Ann]
floors:
  - {id: ground, name: Ground Floor, level: 0, aliases: [downstairs]}
areas:
  - {id: kitchen, name: Kitchen, floor: ground, window: 0.02}
  - {id: garden, name: Garden, outdoors: true}
devices:
  - {entity: light.kitchen, kind: light, name: Kitchen Light, area: kitchen, aliases: [worktop light],
     attributes: {supported_color_modes: [brightness], brightness: 100}, state: "on"}
  - {entity: climate.oven, kind: oven, name: Oven, area: kitchen, attributes: {temperature: 180}}
  - entity: cover.door
    kind: garage_door
    name: Door
    area: garden
    attributes: {travel_seconds: 12}
  - {entity: scene.dinner, kind: scene, name: Dinner,
     attributes: {entities: [{entity_id: light.kitchen, state: "on", brightness: 40}]}}
"""


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("brightness: 100", "brightnes: 100", ":11: light.kitchen has no attribute 'brightnes', did you mean 'bright"),
        ("brightness: 100", "brightness: 400", ":11: light.kitchen: brightness must be 0 to 255, not 400"),
        ("temperature: 180", "temperature: hot", ":12: climate.oven: temperature must be a number"),
        ("entity_id: light.kitchen", "entity_id: light.kichen", ":19: unknown entity 'light.kichen', did you mean"),
        ("entity_id: light.kitchen", "entity: light.kitchen", ":19: an entry of 'entities' has an entity_id"),
        ("    kind: garage_door", "    kind: garage", ":14: unknown kind 'garage', did you mean 'garage_door'?"),
        ("    name: Door", "    name: Door\n    name: Gate", ":16: 'name' is there already, on line 15"),
        ("floor: ground", "floor: grund", ":7: unknown floor 'grund', did you mean 'ground'?"),
        ("unit: C", "unit: K", ":2: unit: Input should be 'C' or 'F'"),
        ("window: 0.02", "window: 20", ":7: window: "),
        ("people:", "peopel:", ":3: unknown key 'peopel', did you mean 'people'?"),
        ("travel_seconds: 12", "travel_seconds: 0", "travel_seconds must be a number above 0"),
        ("id: garden", "id: kitchen", ":8: 'kitchen' is there already, on line 7"),
        ("area: garden", "area: Garden", ":16: unknown area 'Garden', did you mean 'garden'?"),
    ],
)
def test_where_and_what(tmp_path, was, now, told):
    assert was in VALID
    with pytest.raises(UserError) as raised:
        load_home(write(tmp_path, VALID.replace(was, now, 1)))
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_unknown_kind_is_told_as_promised(tmp_path):
    with pytest.raises(UserError, match="unknown kind 'lamp', did you mean 'light'"):
        load_home(write(tmp_path, HEAD + "  - {entity: light.a, kind: lamp, name: A}\n"))


def a_home_or_one_line(path):
    """Whether the file is a home; where it is not, the error is one line that begins with the file's name."""
    try:
        home = load_home(str(path))
    except UserError as error:
        assert re.match(rf"{re.escape(str(path))}(:\d+)?: .+$", str(error))  # noqa: PT017
        assert "\n" not in str(error)  # noqa: PT017
        return False
    for spec in home.devices:
        make(spec.kind, spec.entity, spec.features, spec.start).report()
    return True


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 1 << 32), count=st.integers(1, 4))
def test_texts_with_random_slips(tmp_path_factory, seed, count):
    draw, text = random.Random(seed), VALID
    for _ in range(count):
        at = draw.randrange(len(text))
        some = draw.choice(["", "", " ", "\n", ":", "-", "{", "]", "'", "&a ", "*a ", "x", "0", "\t", "#", "é", "!!x "])
        text = draw.choice([text[:at] + some + text[at:], text[:at] + some + text[at + 1 + draw.randrange(8) :]])
    path = tmp_path_factory.getbasetemp() / "slips.yaml"
    path.write_text(text, encoding="utf-8")
    a_home_or_one_line(path)


ODD = [None, True, 0, -1, 1e308, float("nan"), "", "on", "x" * 300, [], {}, [None], {"a": [1]}, "light.kitchen", 10**30]


def places(value, path=()):
    """All places in a document."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield from places(each, (*path, key))


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 1 << 32), count=st.integers(1, 3))
def test_documents_with_odd_values(tmp_path_factory, seed, count):
    draw, data = random.Random(seed), yaml.safe_load(VALID)
    for _ in range(count):
        *way, last = draw.choice([place for place in places(data) if place])
        inner = data
        for key in way:
            inner = inner[key]
        if draw.random() < 0.2:
            del inner[last]
        elif isinstance(inner, dict) and draw.random() < 0.3:
            inner[draw.choice([f"{last}x", None, 5])] = inner.pop(last)
        else:
            inner[last] = copy.deepcopy(draw.choice(ODD))
    path = tmp_path_factory.getbasetemp() / "odd.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    a_home_or_one_line(path)


def test_the_valid_one_is_valid(tmp_path):
    path = tmp_path / "hut.yaml"
    path.write_text(VALID, encoding="utf-8")
    assert a_home_or_one_line(path)


@pytest.mark.parametrize(
    "text",
    [
        "name: A\nareas: &a [*a]\ndevices: [{entity: light.a, kind: light, name: A}]\n",
        "name: A\nareas: []\ndevices: &a [{entity: light.a, kind: light, name: A, attributes: {entities: *a}}]\n",
        "name: A\nareas: []\ndevices:\n  - &d {entity: light.a, kind: light, name: A, attributes: {x: *d}}\n",
        "devices:\n  - {entity: light.a}\n? [a, b]\n: 1\n",
        "entities: &a\n  - {id: light.a, attributes: {x: *a}}\n",
        "&a\nname: *a\ndevices: [{entity: light.a}]\n",
        "name: " + "[" * 5000,
        "name: A\n<<: {areas: []}\ndevices: [{entity: light.a, kind: light, name: A}]\n",
    ],
)
def test_files_that_bite_their_own_tail(tmp_path, text):
    path = tmp_path / "tail.yaml"
    path.write_text(text, encoding="utf-8")
    a_home_or_one_line(path)
