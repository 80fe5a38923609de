"""Machines with programmes and timers: appliances, ovens, kettles, sirens, alarm clocks, robots, heaters."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from devices.countdown import FINISHES
from devices.device import Device, Surroundings
from devices.kinds import KINDS, make
from devices.traits import DeviceError

MONDAY = Surroundings(datetime(2026, 3, 2, 12, 0))


class Ticking:
    """A device whose clock the test moves."""

    def __init__(self, kind: str, features: dict | None = None, **values) -> None:
        self.device: Device = make(kind, f"{KINDS[kind].domain}.x", features or {}, values)
        self.around = MONDAY
        self.device.step(0, self.around)

    def ask(self, **wanted) -> None:
        self.device.apply(wanted)
        self.device.step(0, self.around)

    def hand(self, **wanted) -> None:
        self.device.apply(wanted, by_hand=True)
        self.device.step(0, self.around)

    def run(self, minutes: float) -> None:
        self.around = replace(self.around, now=self.around.now + timedelta(minutes=minutes))
        self.device.step(60 * minutes, self.around)

    def __getitem__(self, key: str):
        report = self.device.report()
        return report["state"] if key == "state" else report["attributes"].get(key)


def test_a_dishwasher_runs_its_programme_through_its_phases():
    washer = Ticking("dishwasher")
    washer.ask(program="quick")
    assert (washer["state"], washer["operation_state"], washer[FINISHES]) == ("off", "ready", None)
    washer.ask(state="on")
    assert washer[FINISHES] == "2026-03-02T12:35:00"
    phases = [washer["program_phase"]]
    for _ in range(4):
        washer.run(8)
        phases.append(washer["program_phase"])
    assert list(dict.fromkeys(phases)) == ["prewash", "wash", "rinse", "dry"]
    washer.run(8)
    assert (washer["state"], washer["operation_state"], washer[FINISHES]) == ("off", "finished", None)


def test_a_door_halts_it_and_a_pause_outlasts_the_door():
    washer = Ticking("washing_machine", program="quick", state="on")
    washer.run(10)
    washer.hand(door="open")
    assert washer["operation_state"] == "actionrequired"
    washer.run(100)
    washer.hand(door="closed")
    assert (washer["operation_state"], washer[FINISHES]) == ("run", "2026-03-02T14:15:00")
    washer.ask(operation_state="pause")
    washer.hand(door="open")
    washer.hand(door="closed")
    assert (washer["state"], washer["operation_state"]) == ("on", "pause")
    washer.ask(operation_state="run")
    washer.run(26)
    assert washer["state"] == "off"


def test_no_command_opens_a_door():
    for kind in ("oven", "dishwasher", "dryer"):
        with pytest.raises(DeviceError, match=r"x: its door is moved by hand only"):
            Ticking(kind).ask(door="open")


def test_what_was_told_to_be_done_at_a_moment_is_taken_up_again():
    first = Ticking("dishwasher")
    first.ask(state="on", program="eco")
    first.run(60)
    told = first.device.report()
    again = Ticking("dishwasher", state=told["state"], **told["attributes"])
    again.around = first.around
    again.device.step(0, again.around)
    assert again[FINISHES] == first[FINISHES]


def test_an_oven_goes_off_when_its_timer_is_over():
    oven = Ticking("oven")
    oven.ask(state="heat", temperature=200, preset_mode="convection", duration=1800)
    assert (oven["hvac_action"], oven[FINISHES]) == ("preheating", "2026-03-02T12:30:00")
    oven.run(20)
    assert (oven["hvac_action"], oven["current_temperature"]) == ("heating", 200)
    back = oven.device.inverse({"state": "off"})
    assert back == {"state": "heat", "temperature": 200, "preset_mode": "convection", "duration": 600}
    oven.run(20)
    assert (oven["state"], oven[FINISHES]) == ("off", None)
    assert 100 < oven["current_temperature"] < 190
    oven.ask(duration=600)
    assert (oven["state"], oven["duration"]) == ("off", None)


def test_an_open_door_lets_the_heat_out():
    shut, opened = (Ticking("oven", state="heat", current_temperature=180) for _ in range(2))
    opened.hand(door="open")
    for oven in (shut, opened):
        oven.run(10)
    assert shut["current_temperature"] == 180
    assert opened["current_temperature"] < 100


def test_a_kettle_tells_when_it_will_be_done():
    kettle = Ticking("kettle", {"metering": True})
    kettle.ask(state="on")
    assert (kettle[FINISHES], kettle["power"]) == ("2026-03-02T12:03:00", 1800)
    kettle.run(10)
    assert (kettle["state"], kettle["energy"], kettle["power"]) == ("off", 0.09, 0)


def test_a_plug_meters_what_goes_through_it():
    plug = Ticking("plug", {"metering": True, "watts": 60})
    plug.ask(state="on")
    plug.run(600)
    plug.ask(state="off")
    plug.run(600)
    assert (plug["power"], plug["energy"]) == (0, 0.6)
    assert "power" not in Ticking("plug").device.report()["attributes"]


def test_a_siren_falls_silent():
    siren = Ticking("siren", {"available_tones": ["fire", "burglar"]})
    siren.ask(state="on", duration=30, tone="burglar")
    siren.run(0.4)
    assert siren["state"] == "on"
    siren.run(0.2)
    assert siren["state"] == "off"
    with pytest.raises(DeviceError, match="tone must be fire or burglar"):
        siren.ask(tone="cuckoo")


def test_an_alarm_clock_rings_on_its_days():
    clock = Ticking("alarm_clock")
    clock.ask(state="on", alarm_time="6:30", alarm_days=["wed"])
    clock.run(18 * 60 + 35)
    assert (clock["alarm_time"], clock["ringing"]) == ("06:30", False), "it is Tuesday"
    clock.run(24 * 60)
    assert clock["ringing"]
    clock.ask(ringing=False)
    clock.run(1)
    assert (clock["state"], clock["ringing"]) == ("on", False)
    clock.run(7 * 24 * 60 - 1)
    assert clock["ringing"]
    clock.run(20)
    assert not clock["ringing"], "nobody stopped it"
    with pytest.raises(DeviceError, match="alarm_time must be a time from 00:00 to 23:59, not '25:00'"):
        clock.ask(alarm_time="25:00")


def test_a_vacuum_cleans_the_rooms_that_were_named():
    robot = Ticking("vacuum", {"areas": ["hall", "kitchen"], "fan_speed_list": ["quiet", "max"]})
    robot.ask(cleaning_area_id=["hall", "kitchen"], fan_speed="max")
    assert (robot["state"], robot["cleaning_area_id"]) == ("cleaning", ["hall", "kitchen"])
    robot.run(19)
    assert robot["state"] == "cleaning"
    robot.run(1.5)
    assert (robot["state"], robot["cleaning_area_id"]) == ("returning", None)
    robot.run(1)
    assert (robot["state"], robot["battery_level"]) == ("docked", 83)
    robot.run(120)
    assert robot["battery_level"] == 100
    with pytest.raises(DeviceError, match="cleaning_area_id must be hall or kitchen"):
        robot.ask(cleaning_area_id=["attic"])


def test_a_robot_goes_home_before_its_battery_is_empty():
    robot = Ticking("lawn_mower", battery_level=20)
    robot.ask(state="mowing")
    robot.run(6.5)
    assert (robot["state"], robot["battery_level"]) == ("returning", 15)


def test_a_thermostat_has_presets():
    heating = Ticking("thermostat", {"preset_modes": ["eco", "away"]}, state="heat", temperature=21)
    back = heating.device.inverse({"preset_mode": "eco"})
    heating.ask(preset_mode="eco")
    assert heating["temperature"] == 19
    heating.device.apply(back)
    assert (heating["preset_mode"], heating["temperature"]) == ("none", 21)
    heating.ask(preset_mode="away")
    heating.ask(temperature=20)
    assert (heating["preset_mode"], heating["temperature"]) == ("none", 20)


def test_a_thermostat_between_two_targets():
    heating = Ticking("thermostat", {"hvac_modes": ["off", "heat_cool"]}, state="heat_cool")
    heating.ask(target_temp_low=19, target_temp_high=24)
    for temperature, action in ((18, "heating"), (21, "idle"), (26, "cooling")):
        heating.around = replace(MONDAY, temperature=temperature)
        heating.device.step(0, heating.around)
        assert heating["hvac_action"] == action
    with pytest.raises(DeviceError, match=r"target_temp_low \(25\) must not be above target_temp_high \(20\)"):
        heating.ask(target_temp_low=25, target_temp_high=20)


def test_a_water_heater_heats_its_water():
    tank = Ticking("water_heater", temperature=40)
    tank.ask(state="eco")
    tank.run(20)
    assert tank["current_temperature"] == 32
    tank.run(60)
    assert tank["current_temperature"] == 40


def test_a_garage_door_opens_again_when_something_is_in_its_way():
    door, blind = (Ticking(kind, state="open") for kind in ("garage_door", "blind"))
    for each in (door, blind):
        each.hand(obstruction_detected=True)
        each.ask(state="closed")
        each.run(1)
    assert (door["state"], door["current_position"]) == ("open", 100)
    assert (blind["state"], blind["current_position"]) == ("open", 30)
    door.hand(obstruction_detected=False)
    door.ask(state="closed")
    door.run(1)
    assert door["state"] == "closed"


def test_a_moving_door_goes_on_to_where_it_was_going():
    door = Ticking("garage_door")
    door.ask(current_position=60)
    door.run(0.05)
    back = door.device.inverse({"state": "closed"})
    door.ask(state="closed")
    door.run(0.02)
    door.ask(**back)
    door.run(1)
    assert (back, door["current_position"]) == ({"current_position": 60}, 60)


def test_a_fan_leaves_its_preset_when_a_speed_is_set():
    fan = Ticking("fan", {"preset_modes": ["nature"], "supported_features": ["oscillate"]})
    fan.ask(preset_mode="nature")
    assert fan["state"] == "on"
    back = fan.device.inverse({"percentage": 30})
    fan.ask(percentage=30, oscillating=True)
    assert (fan["preset_mode"], fan["oscillating"]) == (None, True)
    fan.ask(**back)
    assert fan["preset_mode"] == "nature"
    with pytest.raises(DeviceError, match="has no 'direction'"):
        fan.ask(direction="reverse")
