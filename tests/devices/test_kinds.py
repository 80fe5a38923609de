"""One suite over all kinds, and what is particular to each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.device import Device
from devices.kinds import KINDS, guess_kind, make
from devices.traits import DeviceError
from tests.devices.suite import AROUND, FEATURES, in_range, inverse_holds, run, time_may_be_cut, twin_agrees, valid


def device(kind: str, **values) -> Device:
    return make(kind, f"{KINDS[kind].domain}.x", FEATURES, values)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=6,
)
COMMANDABLE = [name for name in KINDS if device(name).traits]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_reports_and_tells_its_risk(kind):
    what = device(kind)
    in_range(what)
    run(what, 2)
    in_range(what)
    if not what.traits:
        with pytest.raises(DeviceError, match="only reports"):
            what.apply({"state": "on"})
    assert what.risk({"state": "off"}) in {"none", "always"}


@pytest.mark.parametrize("kind", COMMANDABLE)
@settings(max_examples=40, deadline=None)
@given(data=st.data(), between=st.floats(0, 60))
def test_what_is_possible_is_done_and_can_be_put_back(kind, data, between):
    inverse_holds(device(kind), data, between)


@pytest.mark.parametrize("kind", COMMANDABLE)
@settings(max_examples=15, deadline=None)
@given(data=st.data(), tick=st.floats(0.3, 700), seconds=st.floats(0, 9000))
def test_time_may_pass_in_one_step_or_in_many(kind, data, tick, seconds):
    time_may_be_cut(lambda: device(kind), data, tick, seconds)


@pytest.mark.parametrize("kind", COMMANDABLE)
@settings(max_examples=15, deadline=None)
@given(data=st.data(), seconds=st.floats(0, 3000))
def test_the_inverse_follows_from_what_is_reported(kind, data, seconds):
    twin_agrees(device(kind), lambda: device(kind), data, seconds)


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    wanted=st.dictionaries(
        st.sampled_from(["state", "brightness", "current_position", "temperature", "items", "rgb_color", "", "x"])
        | st.text(max_size=8),
        ANYTHING,
        max_size=4,
    ),
)
def test_hostile_commands_are_refused_and_change_nothing(kind, wanted):
    what = device(kind)
    before = what.report()
    refused = False
    try:
        what.apply(wanted)
    except DeviceError:
        refused = True
    assert not refused or what.report() == before
    in_range(what)


@settings(max_examples=400, deadline=None)
@given(kind=st.sampled_from(sorted(KINDS)), data=st.data())
def test_whatever_is_reported_of_a_device_never_breaks_it(kind, data):
    """The assistant makes a device of what came over the wire, to find an inverse: that must not fail later."""
    what = device(kind)
    keys = [*what.report()["attributes"], *what.traits, *what.manual, *ODD]
    odd = ANYTHING | st.sampled_from(["2026-03-02T12:00:00+02:00", "07:00", "on", "playing", "run", ["mon"], [], 1e308])
    values = data.draw(st.dictionaries(st.sampled_from(keys), odd, max_size=5))
    try:
        what.force(values)
    except DeviceError:
        return
    for seconds in (0, 1000):
        what.step(seconds, AROUND)
        what.report()
        assert what.power == what.power
        assert what.heat == what.heat
    for key, trait in what.traits.items():
        what.inverse({key: data.draw(valid(trait))})


ODD = (
    "state",
    "media_position_updated_at",
    "finishes_at",
    "energy",
    "battery_level",
    "current_temperature",
    "obstruction_detected",
)


def test_a_light_restores_its_brightness():
    lamp = device("light", supported_color_modes=["brightness"])
    lamp.apply({"state": "on"})
    assert lamp.report()["attributes"] == {"color_mode": "brightness", "brightness": 255}
    lamp.apply({"brightness": 40})
    lamp.apply({"state": "off"})
    assert lamp.report() == {"state": "off", "attributes": {}}
    lamp.apply({"state": "on"})
    assert lamp.report()["attributes"]["brightness"] == 40
    lamp.apply({"brightness": 0})
    assert lamp.report()["state"] == "off"


def test_a_light_takes_only_what_it_can_do():
    with pytest.raises(DeviceError, match=r"has no 'rgb_color'; it takes state, brightness"):
        device("light", supported_color_modes=["brightness"]).apply({"rgb_color": [255, 0, 0]})
    coloured = device("light", supported_color_modes=["rgb", "color_temp"])
    coloured.apply({"rgb_color": [255, 0, 0]})
    assert coloured.report()["attributes"]["color_mode"] == "rgb"
    coloured.apply({"color_temp_kelvin": 3000})
    assert coloured.report()["attributes"] == {"color_mode": "color_temp", "brightness": 255, "color_temp_kelvin": 3000}
    assert coloured.inverse({"state": "off"}) == {"state": "on", "brightness": 255, "color_temp_kelvin": 3000}


def test_a_garage_door_takes_twelve_seconds_and_can_be_stopped():
    door = device("garage_door")
    assert door.risk({"state": "open"}) == "confirm"
    assert door.risk({"state": "closed"}) == "none"
    door.apply({"state": "open"})
    assert door.report() == {"state": "opening", "attributes": {"current_position": 0}}
    run(door, 6)
    assert door.report()["attributes"]["current_position"] == 50
    door.apply({"state": "stop"})
    assert run(door, 6).report() == {"state": "open", "attributes": {"current_position": 50}}
    door.apply({"state": "open"})
    assert run(door, 6).report() == {"state": "open", "attributes": {"current_position": 100}}


@pytest.mark.parametrize(("start", "wish", "end"), [("closed", "open", 40), ("open", "closed", 40)])
def test_a_jammed_door_stops_at_forty_percent(start, wish, end):
    door = device("garage_door", state=start)
    door.jammed = True
    door.apply({"state": wish})
    assert run(door, 20).report() == {"state": "open", "attributes": {"current_position": end}}
    assert not door.busy


def test_a_cover_without_positions_refuses_one():
    cover = device("cover", supported_features=["open", "close"])
    with pytest.raises(DeviceError, match="current_position"):
        cover.apply({"current_position": 50})


def test_an_oven_heats_up_and_cools_down():
    oven = device("oven")
    assert oven.risk({"state": "heat"}) == "confirm"
    assert oven.risk({"state": "off"}) == "none"
    oven.apply({"state": "heat", "temperature": 200})
    run(oven, 60)
    assert 30 < oven.report()["attributes"]["current_temperature"] < 40
    run(oven, 900)
    assert oven.report()["attributes"]["current_temperature"] == 200
    oven.apply({"state": "off"})
    run(oven, 1200)
    assert 100 < oven.report()["attributes"]["current_temperature"] < 160
    assert oven.busy
    with pytest.raises(DeviceError, match=r"climate.x: temperature must be 30 to 280 degrees, not 9000"):
        oven.apply({"temperature": 9000})


def test_an_oven_in_fahrenheit():
    oven = device("oven", temperature_unit="F")
    oven = make("oven", "climate.oven", {"temperature_unit": "F"}, {})
    oven.apply({"state": "heat", "temperature": 350})
    run(oven, 900)
    assert oven.report()["attributes"]["current_temperature"] == 350


def test_a_coffee_maker_switches_itself_off():
    maker = device("coffee_maker")
    maker.apply({"state": "on"})
    assert run(maker, 200).state == "on"
    maker.apply({"state": "on"})
    assert run(maker, 60).state == "off"


def test_a_lock_and_its_stuck_bolt():
    lock = device("lock")
    assert lock.risk({"state": "unlocked"}) == "always"
    assert lock.risk({"state": "locked"}) == "none"
    lock.jammed = True
    lock.apply({"state": "unlocked"})
    assert lock.state == "jammed"
    assert lock.inverse({"state": "locked"}) == {}


def test_a_player_plays_what_it_is_asked_for():
    tv = device("tv")
    assert tv.features["screen"]
    tv.apply({"media_title": "Purple Haze"})
    assert tv.report()["state"] == "playing"
    tv.apply({"volume_level": 0.3, "is_volume_muted": True})
    assert tv.inverse({"volume_level": 0.9})["volume_level"] == 0.3
    tv.apply({"state": "off"})
    assert "media_title" not in tv.report()["attributes"]


def test_a_fan_runs_at_full_speed_and_stops_at_zero():
    fan = device("fan")
    fan.apply({"state": "on"})
    assert fan.report()["attributes"]["percentage"] == 100
    fan.apply({"percentage": 30})
    fan.apply({"percentage": 0})
    assert fan.report() == {"state": "off", "attributes": {"percentage": 0}}


def test_a_vacuum_drives_home_first():
    robot = device("vacuum")
    robot.apply({"state": "cleaning"})
    robot.apply({"state": "docked"})
    assert run(robot, 50).state == "returning"
    assert run(robot, 20).state == "docked"


def test_a_valve_reports_its_position():
    valve = device("valve")
    valve.apply({"state": "open"})
    assert run(valve, 5).report() == {"state": "open", "attributes": {"current_position": 100}}


def test_a_list_counts_its_open_items():
    shopping = device("todo")
    shopping.apply({"items": ["milk", {"summary": "bread", "status": "completed"}]})
    assert shopping.report()["state"] == "1"
    assert shopping.inverse({"items": []}) == {"items": shopping.report()["attributes"]["items"]}


def test_a_scene_asks_others_and_notes_the_time():
    scene = make("scene", "scene.x", {"entities": [{"entity_id": "light.a", "state": "on", "brightness": 9}]}, {})
    scene.apply({"state": "on"})
    scene.step(0, AROUND)
    assert scene.state == "2026-03-02T12:00:00"
    assert scene.requests() == [("light.a", {"state": "on", "brightness": 9})]
    assert scene.requests() == []


@pytest.mark.parametrize(
    ("domain", "device_class", "words", "kind"),
    [
        ("switch", "outlet", "Coffee Maker", "coffee_maker"),
        ("switch", "outlet", "Smart Plug", "plug"),
        ("media_player", "tv", "Samsung", "tv"),
        ("media_player", None, "Kitchen", "media_player"),
        ("cover", None, "Garage Door", "garage_door"),
        ("cover", "curtain", "Left", "curtain"),
        ("climate", None, "Thermostat", "thermostat"),
    ],
)
def test_kinds_are_guessed(domain, device_class, words, kind):
    assert guess_kind(domain, device_class, words) == kind
