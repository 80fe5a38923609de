"""One suite over all kinds, and what is particular to each."""

import json
import math
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from devices.catalogue import catalogue
from devices.device import Device, Surroundings
from devices.kinds import KINDS, guess_kind, make
from devices.kinds.scene import Scene
from devices.traits import Choice, Colour, DeviceError, Flag, Items, Number, Text, TimeOfDay, Words

AROUND = Surroundings(datetime(2026, 3, 2, 12, 0))
FEATURES = {
    "options": ["a", "b"],
    "effect_list": ["rainbow"],
    "source_list": ["HDMI"],
    "preset_modes": ["eco", "away"],
    "fan_speed_list": ["quiet", "max"],
    "areas": ["hall", "kitchen"],
    "available_tones": ["fire", "burglar"],
    "available_modes": ["auto", "baby"],
    "metering": True,
    "watts": 500,
}


def device(kind: str, **values) -> Device:
    return make(kind, f"{KINDS[kind].domain}.x", FEATURES, values)


def around(seconds: float) -> Surroundings:
    return replace(AROUND, now=AROUND.now + timedelta(seconds=seconds))


def run(what: Device, seconds: float, tick: float = 0.5, start: float = 0.0) -> Device:
    """Let time pass in ticks, the last of them shorter."""
    for i in range(math.ceil(seconds / tick)):
        end = min((i + 1) * tick, seconds)
        what.step(end - i * tick, around(start + end))
    return what


def valid(trait) -> st.SearchStrategy:
    match trait:
        case Text("media_content_id"):
            return st.sampled_from([media.id for media in catalogue().values() if not media.on_screen])
        case Number(_, low, high):
            return st.floats(low, high) | st.integers(math.ceil(low), math.floor(high))
        case Choice(_, options):
            return st.sampled_from(list(options))
        case Words(_, options):
            return st.lists(st.sampled_from(list(options)), max_size=len(options), unique=True)
        case TimeOfDay():
            return st.times().map(lambda time: f"{time:%H:%M}")
        case Flag():
            return st.booleans()
        case Text():
            return st.text(st.characters(categories=["L", "N"]), max_size=20)
        case Colour():
            return st.lists(st.integers(0, 255), min_size=3, max_size=3)
        case Items():
            return st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=9), max_size=5)
    raise AssertionError(trait)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=6,
)
COMMANDABLE = [name for name in KINDS if device(name).traits]


def in_range(what: Device) -> None:
    """Whatever is reported is JSON and within its range."""
    report = what.report()
    json.dumps(report, allow_nan=False)
    assert isinstance(report["state"], str)
    assert len(report["state"]) <= 255
    for key, value in [("state", report["state"]), *report["attributes"].items()]:
        trait = what.traits.get(key) or what.manual.get(key)
        moment = isinstance(what, Scene) and key == "state"
        if trait is not None and not moment and not (isinstance(trait, Choice) and value in (*trait.told, "unknown")):
            trait.check(value)


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


def a_wish(data, what: Device) -> dict:
    keys = data.draw(st.lists(st.sampled_from(list(what.traits)), min_size=1, max_size=3, unique=True))
    wanted = {key: data.draw(valid(what.traits[key])) for key in keys}
    assume(wanted.get("target_temp_low", 0) <= wanted.get("target_temp_high", math.inf))
    return wanted


SETTLES = 240
"""Seconds after which whatever was on its way has arrived."""


@pytest.mark.parametrize("kind", COMMANDABLE)
@settings(max_examples=40, deadline=None)
@given(data=st.data(), between=st.floats(0, 60))
def test_what_is_possible_is_done_and_can_be_put_back(kind, data, between):
    what = device(kind)
    for start in (0, SETTLES):
        what.apply(a_wish(data, what))
        what.step(0, around(start))
        run(what, SETTLES, 30, start)
    now = 2.0 * SETTLES
    before = heard(what.report(), now)
    in_range(what)
    wanted = a_wish(data, what)
    back = what.inverse(wanted)
    what.apply(wanted)
    what.step(0, around(now))
    in_range(what)
    run(what, between, 20, now)
    in_range(what)
    if isinstance(what, Scene):
        assert not back
        return
    now += between
    what.apply(back)
    what.step(0, around(now))
    after = heard(what.report(), now)
    if not put_back(what, wanted, before, after):
        run(what, SETTLES, 30, now)
        after = heard(what.report(), now + SETTLES)
    assert put_back(what, wanted, before, after), (before, wanted, back, after)


def heard(report: dict, seconds: float) -> dict:
    """A report with the place in what plays, and what is left of a timer, as it is now and not as it was told."""
    attributes = dict(report["attributes"])
    if (updated := attributes.get("media_position_updated_at")) and report["state"] == "playing":
        attributes["media_position"] += (around(seconds).now - datetime.fromisoformat(updated)).total_seconds()
    if "duration" in attributes and (finishes := attributes.get("finishes_at")):
        attributes["duration"] = (datetime.fromisoformat(finishes) - around(seconds).now).total_seconds()
    return {**report, "attributes": attributes}


def put_back(what: Device, wanted: dict, before: dict, now: dict) -> bool:
    """Whether state and commanded attributes are as before; what was not told counts as what it amounts to."""
    told = [{**what.unset, **each["attributes"], "state": each["state"]} for each in (before, now)]
    return all(near(told[0].get(key), told[1].get(key)) for key in {"state", *wanted} - {"color_mode"})


@pytest.mark.parametrize("kind", COMMANDABLE)
@settings(max_examples=15, deadline=None)
@given(data=st.data(), tick=st.floats(0.3, 700), seconds=st.floats(0, 9000))
def test_time_may_pass_in_one_step_or_in_many(kind, data, tick, seconds):
    one, many = device(kind), device(kind)
    for what in (one, many):
        what.step(0, AROUND)
    wanted = a_wish(data, one)
    for what in (one, many):
        what.apply(wanted)
        what.step(0, AROUND)
    one.step(seconds, around(seconds))
    run(many, seconds, max(tick, seconds / 400))
    assert near(one.report(), many.report())


def near(one, other) -> bool:
    """The same, but for the rounding of what is told."""
    match one:
        case dict():
            return one.keys() == other.keys() and all(near(one[key], other[key]) for key in one)
        case bool() | None:
            return one is other
        case int() | float():
            return other is not None and abs(one - other) <= 1
        case str() if len(one) > 16 and one[10] == "T" == other[10]:
            return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= timedelta(seconds=1)
    return one == other


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
