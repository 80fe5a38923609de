"""What rooms do: warmth, water in the air, light, contacts, meters; against what one would measure at home."""

from datetime import datetime

import pytest

from assistant.errors import UserError
from simulator.homes import load_home
from simulator.weather import Weather, saturation
from tests.simulator.stepped import NOON, Stepped

HOME = """
name: Hut
people: [Ann]
areas:
  - {id: kitchen, name: Kitchen}
  - {id: bathroom, name: Bathroom}
  - {id: garage, name: Garage}
  - {id: garden, name: Garden, outdoors: true}
devices:
  - {entity: climate.oven, kind: oven, name: Oven, area: kitchen}
  - {entity: light.kitchen, kind: light, name: Light, area: kitchen, attributes: {watts: 10}}
  - {entity: switch.heater, kind: plug, name: Heater, area: bathroom, attributes: {watts: 900}}
  - {entity: humidifier.dry, kind: humidifier, name: Dryer, area: bathroom,
     attributes: {device_class: dehumidifier, humidity: 40}}
  - {entity: fan.exhaust, kind: fan, name: Exhaust Fan, area: bathroom}
  - {entity: cover.roof_window, kind: window, name: Roof Window, area: kitchen}
  - {entity: cover.left, kind: garage_door, name: Left Door, area: garage, state: open}
  - {entity: cover.right, kind: garage_door, name: Right Door, area: garage}
  - {entity: binary_sensor.window, kind: binary_sensor, name: Window, area: bathroom,
     attributes: {device_class: window}}
  - {entity: binary_sensor.roof, kind: binary_sensor, name: Roof, area: kitchen, attributes: {device_class: window}}
  - {entity: binary_sensor.left, kind: binary_sensor, name: Left Door Contact, area: garage,
     attributes: {device_class: garage_door}}
  - {entity: binary_sensor.right, kind: binary_sensor, name: Right Door Contact, area: garage,
     attributes: {device_class: garage_door}}
  - {entity: sensor.power, kind: sensor, name: Power, attributes: {device_class: power}}
  - {entity: sensor.bathroom_power, kind: sensor, name: Power, area: bathroom, attributes: {device_class: power}}
"""
MEASURED = [
    f"  - {{entity: sensor.{room}_{what}, kind: sensor, name: X, area: {room}, attributes: {{device_class: {what}}}}}"
    for room in ("kitchen", "bathroom", "garden")
    for what in ("temperature", "humidity")
]


@pytest.fixture
def hut(tmp_path):
    path = tmp_path / "hut.yaml"
    path.write_text(HOME + "\n".join(MEASURED), encoding="utf-8")

    def begin(start=NOON):
        return Stepped(load_home(str(path)), start=start)

    return begin


def reading(home, entity):
    return float(home.state(f"sensor.{entity}"))


def test_an_open_window_cools_in_winter_and_warms_in_summer(hut):
    winter, summer = hut(datetime(2026, 1, 20, 12)), hut(datetime(2026, 7, 20, 13))
    for home in (winter, summer):
        home.world.by_hand("binary_sensor.window", {"state": "open"})
        assert home.changes[-1].cause == "hand"
    winter.run(1800, 60)
    summer.run(3600, 60)
    assert reading(winter, "bathroom_temperature") < 15
    assert reading(winter, "kitchen_temperature") > 18
    assert reading(summer, "kitchen_temperature") < reading(summer, "bathroom_temperature")
    assert reading(summer, "bathroom_temperature") <= reading(summer, "garden_temperature") + 1
    winter.world.by_hand("binary_sensor.window", {"state": "closed"})
    winter.run(4 * 3600, 60)
    assert reading(winter, "bathroom_temperature") > 18


def test_a_shower_is_aired_out(hut):
    def evening(*deeds):
        home = hut()
        home.world.rooms.showers.add("bathroom")
        home.run(600, 60)
        home.world.rooms.showers.clear()
        wet = reading(home, "bathroom_humidity")
        for entity, wanted in deeds:
            home.world.by_hand(entity, wanted)
        home.run(1200, 60)
        return wet, reading(home, "bathroom_humidity")

    wet, left_alone = evening()
    assert wet > 80
    assert left_alone > 60
    assert evening(("binary_sensor.window", {"state": "on"}))[1] < left_alone - 5
    assert evening(("fan.exhaust", {"state": "on"}))[1] < left_alone - 5
    assert evening(("humidifier.dry", {"state": "on"}))[1] < left_alone - 5


def test_cooking_steams_and_heats(hut):
    home = hut()
    home.world.command("climate.oven", {"state": "heat", "temperature": 200})
    home.run(3600, 60)
    assert reading(home, "kitchen_temperature") >= 22
    assert reading(home, "kitchen_humidity") != 45


def test_an_oven_that_only_keeps_or_loses_its_heat_still_obeys_at_once(hut):
    home = hut()
    home.world.command("climate.oven", {"state": "heat", "temperature": 60})
    assert home.world.busy
    home.run(1200, 60)
    assert not home.world.busy
    home.world.command("climate.oven", {"duration": 90})
    home.run(95)
    assert home.state("climate.oven") == "off"
    home.run(1800, 60)
    report = home.world.report("climate.oven")["attributes"]
    assert 20 < report["current_temperature"] < 45
    home.world.command("climate.oven", {"state": "heat", "temperature": 60})
    home.run(30)
    assert home.world.report("climate.oven")["attributes"]["current_temperature"] >= report["current_temperature"] + 6


def test_contacts_follow_their_doors(hut):
    home = hut()
    assert (home.state("binary_sensor.left"), home.state("binary_sensor.right")) == ("on", "off")
    home.world.command("cover.left", {"state": "closed"})
    home.run(11)
    assert home.state("binary_sensor.left") == "on"
    home.run(1)
    assert (home.state("binary_sensor.left"), home.state("binary_sensor.right")) == ("off", "off")
    home.world.command("cover.roof_window", {"state": "open"})
    assert (home.state("binary_sensor.roof"), home.state("binary_sensor.window")) == ("on", "off")
    with pytest.raises(UserError, match="nobody can switch"):
        home.world.by_hand("binary_sensor.roof", {"state": "off"})
    with pytest.raises(UserError, match=r"must be on \(open\) or off"):
        home.world.by_hand("binary_sensor.window", {"state": "ajar"})


def test_meters_follow_what_is_on(hut):
    home = hut()
    home.world.by_hand("switch.heater", {"state": "on"})
    assert reading(home, "power") == 0
    home.run(1)
    assert (reading(home, "bathroom_power"), reading(home, "power")) == (900, 900)
    home.world.by_hand("light.kitchen", {"state": "on"})
    home.run(1)
    assert (reading(home, "bathroom_power"), reading(home, "power")) == (900, 910)


def test_a_door_can_be_stopped_on_the_way(hut):
    home = hut()
    home.world.command("cover.right", {"state": "open"})
    home.run(6.3, 0.1)
    home.world.command("cover.right", {"state": "stop"})
    assert home.world.report("cover.right")["attributes"]["current_position"] == pytest.approx(52, abs=1)


def test_people_warm_and_wet_their_room(hut):
    home = hut()
    for person in "abcdefghij":
        home.world.place(person, "kitchen")
    home.run(3600, 60)
    assert reading(home, "kitchen_temperature") > reading(home, "bathroom_temperature") + 3
    assert reading(home, "kitchen_humidity") > 60


def test_the_weather_has_seasons_days_and_nights():
    weather = Weather(7)
    january, july = datetime(2026, 1, 15), datetime(2026, 7, 15)
    assert weather.temperature(july.replace(hour=15)) > weather.temperature(january.replace(hour=15)) + 10
    assert weather.temperature(july.replace(hour=16)) > weather.temperature(july.replace(hour=4)) + 5
    assert weather.lux(july.replace(hour=5)) > 0 == weather.lux(january.replace(hour=6))
    assert weather.lux(july) == 0 < weather.lux(january.replace(hour=12))
    late, early = january.replace(hour=23, minute=59), datetime(2026, 1, 16)
    assert abs(weather.temperature(late) - weather.temperature(early)) < 0.1
    assert saturation(30) > saturation(10)
