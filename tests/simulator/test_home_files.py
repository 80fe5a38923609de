"""Homes as data: what is read, and the one clear line for what can't be."""

import json
from datetime import datetime

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import UserError
from devices.features import FEATURES
from devices.kinds import KINDS, make
from simulator.clock import SteppedClock
from simulator.homes import bundled, home_from_inventory, load_home, normalised
from simulator.loopback import LoopbackBroker
from simulator.presence import Presence
from simulator.world import World

HEAD = "name: Test\nareas:\n  - {id: kitchen, name: Kitchen}\ndevices:\n"


def write(tmp_path, text: str, name: str = "home.yaml") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", bundled())
def test_bundled_homes(name):
    home = load_home(name)
    assert home.id == name
    assert home.lively
    ids = {spec.entity for spec in home.devices}
    for spec in home.devices:
        assert make(spec.kind, spec.entity, spec.features, spec.start).report()["state"] is not None
        for asked in spec.values.get("entities", ()):
            assert asked["entity_id"] in ids


def test_the_cottage_has_what_the_documentation_promises():
    home = load_home("cottage")
    kinds = {spec.entity: (spec.kind, spec.area) for spec in home.devices}
    assert kinds["cover.garage_door"] == ("garage_door", "garage")
    assert kinds["climate.oven"] == ("oven", "kitchen")
    assert kinds["switch.coffee_maker"][0] == "coffee_maker"
    assert kinds["media_player.tv"] == ("tv", "living_room")
    assert len({area for spec in home.devices if spec.name == "Lamp" for area in [spec.area]}) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "  - {entity: light.a, kind: lamp, name: A}\n", ":5: unknown kind 'lamp', did you mean 'light'?"),
        (
            HEAD + "  - entity: light.a\n    kind: ligth\n    name: A\n",
            ":6: unknown kind 'ligth', did you mean 'light'?",
        ),
        (
            HEAD + "  - {entity: light.a, kind: light, name: A, area: kitchn}\n",
            ":5: unknown area 'kitchn', did you mean",
        ),
        (HEAD + "  - {entity: light.a, kind: light}\n", ":5: 'name' is missing"),
        (HEAD + "  - {entity: light.a, kind: light, name: A, colour: x}\n", ":5: unknown key 'colour'"),
        (HEAD + "  - {entity: Light A, kind: light, name: A}\n", ":5: an entity is written domain.object_id"),
        (HEAD + "  - {entity: switch.a, kind: light, name: A}\n", "did you mean 'light.a'?"),
        (HEAD + "  - {entity: light.a, kind: light, name: A, state: maybe}\n", ":5: light.a: state must be on or off"),
        (HEAD + "  - {entity: light.a, kind: light, name: A}\n" * 2, ":6: 'light.a' is there already, on line 5"),
        (HEAD + "  - [\n", "not valid YAML"),
        ("- a\n- b\n", "expected a mapping"),
        ("name: x\nareas: 5\ndevices: [{entity: light.a}]\n", ":2: areas: "),
        ("entities:\n  - {name: A}\n", ":2: an entity has an id, or a domain and a name"),
        ("entities:\n  - {id: nonsense}\n", ":2: an id is written domain.object_id, not 'nonsense'"),
        ("entities:\n  - {id: light.a, attributes: [1]}\n", ":2: attributes: "),
    ],
)
def test_one_clear_line(tmp_path, text, expected):
    path = write(tmp_path, text)
    with pytest.raises(UserError) as raised:
        load_home(path)
    message = str(raised.value)
    assert expected in message
    assert message.startswith(path)
    assert "\n" not in message


def test_names_that_are_no_homes(tmp_path):
    with pytest.raises(UserError, match="unknown home 'cotage', did you mean 'cottage'"):
        load_home("cotage")
    with pytest.raises(UserError, match="no such file"):
        load_home("missing.yaml", tmp_path)
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="can't be read"):
        load_home("bytes.yaml", tmp_path)
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(UserError, match="can't be read"):
        load_home("folder.yaml", tmp_path)


def test_an_inventory_with_all_its_liberties(tmp_path):
    inventory = {
        "areas": [{"name": "Living Room", "floor": "First Floor"}, {"name": "Kitchen", "id": "kitchen"}],
        "floors": [{"name": "Second Floor"}],
        "devices": [
            {"name": "Bosch Oven", "id": "range", "area": "kitchen", "info": {"model": "Series 8", "sw_version": 1.2}},
            {"name": "Hub", "id": "hub", "area": "Living Room"},
        ],
        "entities": [
            {"name": "Range", "id": "climate.range", "device": "range", "attributes": {"target_temperature": 350}},
            {"name": "Heat", "id": "climate.heat", "attributes": {"hvac_mode": "heat", "current_temperature": 68}},
            {"name": "Coffee Maker", "id": "switch.coffee", "state": True,
             "attributes": {"device_class": "switch.SwitchDeviceClass.OUTLET"}},
            {"name": "Garage Door", "domain": "cover", "state": False, "area": "Garage"},
            {"name": "TV", "id": "media_player.tv", "device": "hub",
             "attributes": {"device_class": "media_player.MediaPlayerDeviceClass.TV"}},
            {"name": "Outside", "id": "sensor.out", "attributes": {"native_value": 42, "unit_of_measurement": "°F"}},
            {"name": "Pets", "id": "binary_sensor.pets", "state": {"in": "closed", "out": "off"}},
            {"name": "Tank", "id": "moon_base.tank", "state": 5},
            {"name": "Tap", "id": "valve.tap", "attributes": {"current_valve_position": 0}},
            {"name": "Tasks", "id": "todo.tasks",
             "attributes": {"todo_items": [{"summary": "Call", "status": "needs_action"}]}},
            {"name": "Kids", "id": "light.kids", "attributes": {"brightness": 100}},
        ],
        "timers": [{"total_seconds_left": 60}],
        "language": "en",
    }  # fmt: skip
    path = write(tmp_path, json.dumps(inventory), "my-home.json")
    home = load_home(path)
    specs = {spec.entity: spec for spec in home.devices}
    reports = {e: make(s.kind, e, s.features, s.start).report() for e, s in specs.items()}
    assert (home.id, home.unit, home.lively) == ("my_home", "F", False)
    assert [room.id for room in home.rooms] == ["living_room", "kitchen", "garage"]
    assert {storey.id for storey in home.storeys} == {"first_floor", "second_floor"}
    assert (specs["climate.range"].kind, specs["climate.range"].area) == ("oven", "kitchen")
    assert reports["climate.range"]["attributes"]["temperature"] == 350
    assert specs["climate.heat"].kind == "thermostat"
    heat = {"temperature": 68.0, "current_temperature": 68, "hvac_action": "idle"}
    assert reports["climate.heat"] == {"state": "heat", "attributes": heat}
    assert (specs["switch.coffee"].kind, reports["switch.coffee"]["state"]) == ("coffee_maker", "on")
    assert (specs["cover.garage_door"].kind, reports["cover.garage_door"]["state"]) == ("garage_door", "closed")
    assert (specs["media_player.tv"].kind, specs["media_player.tv"].area) == ("tv", "living_room")
    assert reports["sensor.out"]["state"] == "42"
    assert reports["binary_sensor.pets"]["state"] == "off"
    assert reports["moon_base.tank"]["state"] == "5"
    assert reports["valve.tap"]["attributes"]["current_position"] == 0
    assert reports["todo.tasks"]["state"] == "1"
    assert home.timers == ({"total_seconds_left": 60},)


def test_an_empty_inventory_is_an_empty_home(tmp_path):
    assert load_home(write(tmp_path, "{}", "empty.json")).devices == ()
    assert load_home(write(tmp_path, "", "nothing.yaml")).devices == ()


def test_an_inventory_in_memory():
    home = home_from_inventory({"areas": [{"name": "Den", "id": "den"}], "entities": [{"id": "light.a"}]}, "Some Home")
    assert home.id == "some_home"
    assert home.devices[0].name == "A"


def test_home_ids_never_break_topics(tmp_path):
    assert load_home(write(tmp_path, "{}", "My Home+#.json")).id == "my_home"


def test_values_are_normalised():
    assert normalised("sensor", {"native_value": 9.0, "native_unit_of_measurement": "kWh"}) == {
        "unit_of_measurement": "kWh",
        "state": "9",
    }
    assert normalised("light", {"color_mode": ["onoff"], "state": False}) == {"color_mode": "onoff", "state": "off"}


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["areas", "entities", "devices", "floors", "id", "name", "domain", "state", "attributes", "kind"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(data=JSONISH)
def test_any_file_is_a_home_or_one_clear_line(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    try:
        home = load_home(str(path))
    except UserError as error:
        assert "\n" not in str(error)  # noqa: PT017
        return
    for spec in home.devices:
        make(spec.kind, spec.entity, spec.features, spec.start).report()


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)), values=st.dictionaries(st.sampled_from(sorted(FEATURES)), JSONISH, max_size=3)
)
def test_any_features_are_a_device_or_one_clear_line(tmp_path_factory, kind, values):
    path = tmp_path_factory.getbasetemp() / "features.json"
    entity = {"id": f"{KINDS[kind].domain}.x", "name": kind, "attributes": values}
    path.write_text(json.dumps({"entities": [entity]}), encoding="utf-8")
    try:
        home = load_home(str(path))
    except UserError as error:
        assert "\n" not in str(error)  # noqa: PT017
        return
    world = World(home, 0, SteppedClock(datetime(2026, 3, 2, 12)))
    Presence(world, LoopbackBroker())
    world.step(70)
