"""The world: physics, hands, faults, scenes, and that it does not depend on how finely time is cut."""

from datetime import datetime

import pytest

from assistant.errors import UserError
from devices.traits import DeviceError
from simulator.clock import RunningClock
from simulator.homes import home_from_inventory
from tests.simulator.stepped import NOON, Stepped


@pytest.fixture
def cottage():
    return Stepped()


def test_an_oven_warms_its_kitchen(cottage):
    before = float(cottage.state("sensor.kitchen_temperature"))
    cottage.world.command("climate.oven", {"state": "heat", "temperature": 220})
    cottage.run(3600, 30)
    assert float(cottage.state("sensor.kitchen_temperature")) >= before + 2
    assert cottage.attribute("climate.oven", "current_temperature") == 220
    cottage.world.command("climate.oven", {"state": "off"})
    cottage.run(6 * 3600, 60)
    assert float(cottage.state("sensor.kitchen_temperature")) < before + 2


def test_nothing_drifts_right_after_the_start(cottage):
    cottage.run(120)
    assert [change for change in cottage.changes if not change.entity.startswith("sensor.")] == []


def test_daylight_follows_the_hour_and_the_blinds():
    night, noon = Stepped(start=datetime(2026, 3, 2, 2, 0)), Stepped()
    assert night.state("sensor.living_room_light_level") == "0"
    bright = float(noon.state("sensor.living_room_light_level"))
    assert bright > 100
    noon.world.by_hand("cover.living_room_blinds", {"state": "closed"})
    noon.run(120)
    assert float(noon.state("sensor.living_room_light_level")) < bright / 5
    night.world.command("light.living_room", {"state": "on"})
    night.run(60)
    assert float(night.state("sensor.living_room_light_level")) > 100


def test_a_person_in_a_room_is_seen(cottage):
    cottage.world.place("Ann", "hall")
    assert cottage.state("binary_sensor.hall_motion") == "on"
    cottage.world.place("Ann", None)
    cottage.run(59)
    assert cottage.state("binary_sensor.hall_motion") == "on"
    cottage.run(1)
    assert cottage.state("binary_sensor.hall_motion") == "off"
    with pytest.raises(UserError, match="did you mean 'hall'"):
        cottage.world.place("Ann", "halll")


def test_a_thermostat_keeps_its_room():
    home = Stepped()
    home.world.command("climate.thermostat", {"temperature": 23})
    home.run(4 * 3600, 60)
    assert 21.5 <= home.attribute("climate.thermostat", "current_temperature") <= 23.5


def test_who_did_it(cottage):
    cottage.world.command("light.hall", {"state": "on"})
    cottage.world.by_hand("light.hall", {"state": "off"})
    cottage.world.set("sensor.kitchen_temperature", {"state": 31})
    assert [(change.entity, change.cause) for change in cottage.changes] == [
        ("light.hall", "command"),
        ("light.hall", "hand"),
        ("sensor.kitchen_temperature", "world"),
    ]


def test_a_set_sensor_stays_until_the_next_set(cottage):
    cottage.world.set("sensor.kitchen_temperature", {"state": 31})
    cottage.world.command("climate.oven", {"state": "heat"})
    cottage.run(1800, 30)
    assert cottage.state("sensor.kitchen_temperature") == "31"
    cottage.world.set("sensor.kitchen_temperature", {"state": 18.5})
    assert cottage.state("sensor.kitchen_temperature") == "18.5"


def test_set_takes_the_words_of_inventories(cottage):
    cottage.world.set("climate.thermostat", {"hvac_mode": "cool", "target_temperature": 26, "current_temperature": 25})
    assert cottage.state("climate.thermostat") == "cool"
    assert cottage.attribute("climate.thermostat", "temperature") == 26
    assert cottage.attribute("climate.thermostat", "current_temperature") == 25
    cottage.world.set("todo.shopping_list", {"todo_items": [{"summary": "milk", "status": "needs_action"}]})
    assert cottage.state("todo.shopping_list") == "1"
    cottage.world.set("light.kitchen", {"state": "on", "supported_color_modes": ["rgb"], "rgb_color": [0, 0, 255]})
    assert cottage.attribute("light.kitchen", "rgb_color") == [0, 0, 255]
    assert ("light.kitchen", "config") in [(change.entity, change.what) for change in cottage.changes]
    cottage.world.set("cover.garage_door", {"state": "open"})
    assert cottage.attribute("cover.garage_door", "current_position") == 100


def test_an_inventory_does_not_drift():
    inventory = {
        "areas": [{"name": "Garage", "id": "garage"}],
        "entities": [
            {"id": "sensor.t", "area": "garage", "attributes": {"device_class": "temperature"}, "state": "42"},
            {"id": "climate.t", "area": "garage", "attributes": {"current_temperature": 68}, "state": "heat"},
        ],
    }
    home = Stepped(home_from_inventory(inventory, "x"))
    home.run(3600, 60)
    assert home.changes == []


def test_a_jammed_door_and_its_mending(cottage):
    cottage.world.fault("cover.garage_door", "jammed", 60)
    cottage.world.command("cover.garage_door", {"state": "open"})
    cottage.run(30)
    assert cottage.world.report("cover.garage_door") == {"state": "open", "attributes": {"current_position": 40}}
    cottage.run(31)
    cottage.world.command("cover.garage_door", {"state": "open"})
    cottage.run(12)
    assert cottage.attribute("cover.garage_door", "current_position") == 100


def test_an_offline_device_does_not_obey_but_can_be_switched_by_hand(cottage):
    cottage.world.fault("light.hall", "offline", 30)
    assert not cottage.world.online("light.hall")
    cottage.world.command("light.hall", {"state": "on"})
    assert cottage.state("light.hall") == "off"
    cottage.world.by_hand("light.hall", {"state": "on"})
    cottage.run(30)
    assert cottage.world.online("light.hall")
    assert cottage.state("light.hall") == "on"
    assert [c.what for c in cottage.changes if c.cause == "fault"] == ["availability", "availability"]


def test_a_late_device_obeys_after_ten_seconds(cottage):
    cottage.world.fault("light.hall", "late")
    cottage.world.command("light.hall", {"state": "on"})
    cottage.run(9.9, 0.3)
    assert cottage.state("light.hall") == "off"
    cottage.run(0.2)
    assert cottage.state("light.hall") == "on"


def test_only_the_next_command_is_lost(cottage):
    cottage.world.fault("light.hall", "lost")
    cottage.world.command("light.hall", {"state": "on"})
    assert cottage.state("light.hall") == "off"
    cottage.world.command("light.hall", {"state": "on"})
    assert cottage.state("light.hall") == "on"
    cottage.world.fault("light.hall", "lost")
    cottage.world.fault("light.hall", "none")
    cottage.world.command("light.hall", {"state": "off"})
    assert cottage.state("light.hall") == "off"


def test_mistakes_are_named(cottage):
    with pytest.raises(UserError, match=r"unknown entity 'light.hal', did you mean 'light.hall'"):
        cottage.world.by_hand("light.hal", {"state": "on"})
    with pytest.raises(UserError, match=r"light.hall: state must be on or off"):
        cottage.world.by_hand("light.hall", {"state": "maybe"})
    with pytest.raises(UserError, match="unknown fault 'jamed', did you mean 'jammed'"):
        cottage.world.fault("light.hall", "jamed")
    with pytest.raises(UserError, match=r"light.kitchen: brightness must be a number, not 'very'"):
        cottage.world.set("light.kitchen", {"brightness": "very"})
    with pytest.raises(DeviceError, match="there is no"):
        cottage.world.command("light.nowhere", {"state": "on"})


def test_a_scene_changes_others_and_notes_the_time(cottage):
    cottage.world.command("scene.movie_night", {"state": "on"})
    assert cottage.state("scene.movie_night") == "2026-03-02T12:00:00"
    assert cottage.attribute("light.living_room", "brightness") == 40
    assert cottage.state("cover.living_room_blinds") == "closing"
    assert {change.cause for change in cottage.changes} == {"command"}


def test_scenes_that_activate_each_other_end():
    scenes = [
        {"id": f"scene.{a}", "attributes": {"entities": [{"entity_id": f"scene.{b}", "state": "on"}]}}
        for a, b in ("ab", "ba")
    ]
    home = Stepped(home_from_inventory({"entities": [*scenes, {"id": "scene.c"}]}, "x"))
    home.world.command("scene.a", {"state": "on"})
    assert home.world.refused == 1


def a_busy_hour(tick, seed=7):
    """The whole history of an hour in which a lot happens."""
    home = Stepped("house", seed, start=datetime(2026, 7, 1, 6, 59, 12, 345678))
    home.world.place("Dora", "hall")
    home.world.command("climate.oven", {"state": "heat", "temperature": 200})
    home.world.command("cover.garage_left", {"state": "open"})
    home.world.fault("light.hall_ceiling", "late", 3000)
    home.world.fault("lock.front_door", "flapping", 100)
    home.run(7.2, 0.1)
    home.world.command("light.hall_ceiling", {"state": "on"})
    home.world.command("vacuum.upstairs", {"state": "cleaning"})
    home.world.by_hand("cover.garage_left", {"state": "stop"})
    home.world.by_hand("binary_sensor.bathroom_window", {"state": "open"})
    home.world.place("Dora", None)
    home.run(3592.8, tick)
    return "\n".join(home.history)


def test_history_is_the_same_byte_for_byte_however_time_is_cut():
    histories = [a_busy_hour(tick) for tick in (0.1, 7.3, 60, 3600)]
    assert histories[0].count("\n") > 200
    assert histories[0] == histories[1] == histories[2] == histories[3]
    assert histories[0] != a_busy_hour(60, seed=8)


def test_a_fast_clock():
    clock = RunningClock(NOON, speed=10_000)
    assert (clock.now() - NOON).total_seconds() < 3600
    for speed in (0, 0.5, 10_001, float("nan")):
        with pytest.raises(UserError, match="a speed is 1 to 10,000"):
            RunningClock(speed=speed)
