"""Devices of strangers, seen and driven through a real broker by what a person says."""

import time

import pytest

from assistant.assemble import Outside, assemble
from assistant.clock import SystemClock
from assistant.config import Settings
from assistant.events import QueueInbox
from assistant.mqtt import MqttBroker, PahoTransport
from assistant.nlu import Understander
from assistant.store import Store
from assistant.turn import Hypothesis, OutcomeKind, Utterance
from assistant.voice import TextVoice
from simulator.broker import EmbeddedBroker
from tests.discovery.bridges import Bridge
from tests.simulator.test_brokers import Mosquitto, needs_mosquitto

WAIT = 5.0


class Room:
    """An assistant and a bridge on one broker."""

    def __init__(self, url, understander):
        self.bridge = Bridge(MqttBroker(url).connect())
        self.bridge.announce()
        clock, inbox = SystemClock(), QueueInbox()
        self.store = Store.open(":memory:")
        self.transport = PahoTransport(url)
        outside = Outside(clock, inbox, self.transport, TextVoice(clock), None)
        self.assistant = assemble(outside, self.store, Settings(), understander)
        self.twin = self.assistant.twin

    def until(self, holds):
        end = time.monotonic() + WAIT
        while not holds():
            assert time.monotonic() < end, {id: str(state) for id, state in self.twin.states().items()}
            self.assistant.engine.advance()
            time.sleep(0.01)

    def state(self, entity):
        return self.twin.states()[entity].state

    def say(self, text, room=None):
        self.bridge.commands.clear()
        self.assistant.engine.advance()
        return self.assistant.engine.hear(Utterance((Hypothesis(text),)), room)

    def close(self):
        self.transport.close()
        self.bridge.transport.close()
        self.store.close()


@pytest.fixture(scope="module")
def understander():
    return Understander.load()


@pytest.fixture(scope="module", params=["embedded", pytest.param("mosquitto", marks=needs_mosquitto)])
def room(request, understander, tmp_path_factory):
    if request.param == "embedded":
        server = EmbeddedBroker()
    else:
        server = Mosquitto(tmp_path_factory.mktemp("mosquitto"), "allow_anonymous true")
    here = Room(server.url, understander)
    here.until(lambda: len(here.twin.states()) >= 16)
    here.until(lambda: {"unknown", "unavailable"}.isdisjoint(each.state for each in here.twin.states().values()))
    yield here
    here.close()
    server.close()


def test_what_was_announced_is_known(room):
    home = room.twin.home
    assert {id: (entity.name, entity.kind) for id, entity in home.entities.items()} == {
        "light.hallway_light": ("Hallway Light", "light"),
        "cover.bedroom_blind": ("Bedroom Blind", "blind"),
        "binary_sensor.back_door": ("Back Door", "binary_sensor"),
        "binary_sensor.hallway_motion": ("Hallway Motion", "binary_sensor"),
        "sensor.nursery_climate_temperature": ("Nursery Climate Temperature", "sensor"),
        "lock.front_door_lock": ("Front Door Lock", "lock"),
        "climate.bedroom_radiator": ("Bedroom Radiator", "thermostat"),
        "light.desk_lamp": ("Desk Lamp", "light"),
        "switch.garden_pump": ("Garden Pump", "switch"),
        "sensor.garden_pump_power": ("Garden Pump Power", "sensor"),
        "fan.attic_ceiling_fan": ("attic Ceiling Fan", "fan"),
        "climate.lounge_heat_pump": ("lounge Heat Pump", "thermostat"),
        "light.lounge_corner_light": ("lounge Corner Light", "light"),
        "cover.drive_garage_door": ("drive Garage Door", "garage_door"),
        "select.lounge_scent": ("lounge Scent", "select"),
        "number.lounge_fan_minutes": ("lounge Fan Minutes", "number"),
    }
    assert {area.name for area in home.areas.values()} == {"Attic", "Lounge", "Garage"}
    assert home.entities["fan.attic_ceiling_fan"].area == "attic"
    assert home.entities["light.hallway_light"].features["max_color_temp_kelvin"] == 6536
    assert room.twin.rejected == 0
    assert room.twin.things.left_out == 2, "the link quality and the child lock are for nobody to talk about"


def test_states_in_the_scales_of_home_assistant(room):
    states = room.twin.states()
    assert states["sensor.nursery_climate_temperature"].state == "20.4"
    assert states["sensor.garden_pump_power"].state == "42"
    assert states["binary_sensor.hallway_motion"].state == "off"
    radiator = states["climate.bedroom_radiator"]
    assert radiator.attributes["current_temperature"] == 19.5
    assert radiator.attributes["hvac_action"] == "idle"


@pytest.mark.parametrize(
    ("said", "commands", "entity", "state", "attributes", "reply"),
    [
        ("turn on the hallway light", [("zigbee2mqtt/Hallway Light/set", '{"state": "ON"}')],
         "light.hallway_light", "on", {}, "Hallway Light is on"),
        ("set the hallway light to 50 percent",
         [("zigbee2mqtt/Hallway Light/set", '{"state": "ON", "brightness": 127}')],
         "light.hallway_light", "on", {"brightness": 128}, "at 50 percent"),
        ("make the hallway light red",
         [("zigbee2mqtt/Hallway Light/set", '{"state": "ON", "color": {"x": 0.701, "y": 0.299}}')],
         "light.hallway_light", "on", {"rgb_color": [255, 0, 0]}, "red"),
        ("set the bedroom radiator to 21 degrees",
         [("zigbee2mqtt/Bedroom Radiator/set/current_heating_setpoint", "21")],
         "climate.bedroom_radiator", "heat", {"temperature": 21}, "21 degrees"),
        ("open the bedroom blind", [("zigbee2mqtt/Bedroom Blind/set", "OPEN")],
         "cover.bedroom_blind", "open", {"current_position": 100}, "open"),
        ("set the bedroom blind to 30 percent", [("zigbee2mqtt/Bedroom Blind/set", '{ "position": 30 }')],
         "cover.bedroom_blind", "open", {"current_position": 30}, "30 percent"),
        ("set the desk lamp to 70 percent", [("cmnd/desk/Dimmer", "70")],
         "light.desk_lamp", "on", {"brightness": 179}, "70 percent"),
        ("turn the desk lamp off", [("cmnd/desk/POWER", "OFF")], "light.desk_lamp", "off", {}, "off"),
        ("turn on the garden pump", [("pump/cmnd/POWER", "ON")], "switch.garden_pump", "on", {}, "on"),
        ("set the ceiling fan to 60 percent",
         [("attic/fan/ceiling_fan/command", "ON"), ("attic/fan/ceiling_fan/speed_level/command", "2")],
         "fan.attic_ceiling_fan", "on", {"percentage": 66}, "66 percent"),
        ("turn on the heat pump", [("lounge/climate/heat_pump/mode/command", "heat")],
         "climate.lounge_heat_pump", "heat", {}, "heat"),
        ("turn on the corner light", [("lounge/light/corner_light/command", '{"state": "ON"}')],
         "light.lounge_corner_light", "on", {}, "on"),
        ("open the garage door", [("drive/cover/garage_door/command", "OPEN")],
         "cover.drive_garage_door", "open", {"current_position": 100}, "open"),
        ("lock the front door", [("zigbee2mqtt/Front Door Lock/set", "LOCK")],
         "lock.front_door_lock", "locked", {}, "locked"),
    ],
)  # fmt: skip
def test_what_is_said_is_done_and_confirmed(room, said, commands, entity, state, attributes, reply):
    turn = room.say(said)
    assert turn.outcome is not None, turn.reply
    assert turn.outcome.kind is OutcomeKind.DONE, turn.reply
    room.until(lambda: room.bridge.commands == commands)
    assert room.state(entity) == state
    shown = room.twin.states()[entity].attributes
    assert {key: shown[key] for key in attributes} == attributes
    assert reply in turn.reply.text


def test_a_question(room):
    assert room.say("is the back door open").reply.text == "Yes, the Back Door is open."
    room.bridge.zigbee["Back Door"]["contact"] = True
    room.bridge.report()
    room.until(lambda: room.state("binary_sensor.back_door") == "off")
    assert room.say("is the back door open").reply.text == "No, the Back Door is closed."


def test_a_lock_of_a_stranger_is_no_less_risky(room):
    turn = room.say("unlock the front door")
    assert turn.decision.kind == "confirm"
    assert room.bridge.commands == []
    assert room.say("yes").outcome.kind is OutcomeKind.DONE
    assert room.bridge.commands == [("zigbee2mqtt/Front Door Lock/set", "UNLOCK")]
    assert room.state("lock.front_door_lock") == "unlocked"


def test_a_device_that_does_not_answer(room):
    room.bridge.deaf = {"Bedroom Radiator"}
    turn = room.say("set the bedroom radiator to 25 degrees")
    assert turn.outcome.kind is OutcomeKind.FAILED
    assert "did not answer" in turn.reply.text
    room.bridge.deaf = set()


def test_offline_and_gone(room):
    publish = room.bridge.transport.publish
    publish("zigbee2mqtt/Nursery Climate/availability", '{"state": "offline"}', retain=True)
    room.until(lambda: room.state("sensor.nursery_climate_temperature") == "unavailable")
    publish("homeassistant/sensor/0x05/temperature/config", "", retain=True)
    room.until(lambda: "sensor.nursery_climate_temperature" not in room.twin.home.entities)
    assert "sensor.nursery_climate_temperature" not in room.twin.states()
