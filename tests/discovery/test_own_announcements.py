"""What we announce is what Home Assistant takes, and says the same as our own topics do.

`home_assistant.json` holds the options of Home Assistant's MQTT platforms. The strongest check is the round trip: our
announcements, read as if a stranger had sent them, must give the same states and lead to the same commands.
"""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from assistant.discovery.templates import Template
from assistant.turn import Command
from assistant.twin import Twin
from devices.discovery import Described, discovery
from devices.kinds import KINDS, make
from devices.wire import Message
from simulator.clock import SteppedClock
from simulator.homes import load_home
from simulator.loopback import LoopbackBroker
from simulator.presence import Presence
from simulator.world import World

SCHEMA = json.loads(Path(__file__).with_name("home_assistant.json").read_text(encoding="utf-8"))
HOMES = ("cottage", "flat", "house")
TYPES = {
    "template": str, "text": str, "boolean": bool, "list": list, "number": int | float, "integer": int, "qos": int,
    "topic": str, "command topic": str, "device": dict, "origin": dict, "other": object,
}  # fmt: skip
NOT_ANNOUNCED = frozenset(
    {"media_player", "todo", "script", "input_boolean", "input_number", "input_select", "input_text", "input_button",
     "automation", "counter", "weather", "person", "calendar", "timer", "sun"}
)  # fmt: skip
"""Domains that Home Assistant's MQTT integration does not have."""


def announced(name):
    broker = LoopbackBroker()
    Presence(World(load_home(name), 0, SteppedClock(datetime(2026, 3, 2, 12))), broker)
    return {
        topic: json.loads(payload) for topic, payload in broker.retained.items() if topic.startswith("homeassistant/")
    }


def problems(component, payload):
    """What Home Assistant would not take, or would leave out."""
    name = f"light.{payload.get('schema', 'basic')}" if component == "light" else component
    options = SCHEMA["common"] | SCHEMA["platforms"][name]
    yield from checked(payload, options)
    yield from checked(payload["device"], SCHEMA["device"])
    yield from checked(payload["origin"], SCHEMA["origin"])
    for row in payload["availability"]:
        yield from checked(row, SCHEMA["availability"])
    if not payload["device"].get("identifiers"):
        yield "a device needs an identifier"
    if payload["availability_mode"] not in {"all", "any", "latest"}:
        yield "availability_mode"
    if not payload.get("unique_id"):
        yield "unique_id"
    yield from classes(component, payload)
    yield from together(component, payload)


def checked(payload, options):
    for key, value in payload.items():
        kind = options.get(key, "unknown").removesuffix(", required")
        if kind == "unknown":
            yield f"{key} is no option"
        elif not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind in {"number", "integer"}):
            yield f"{key} should be {kind}, not {value!r}"
        elif kind.endswith("topic") and (not value or re.search(r"[+#\0]", value) or len(value.encode()) > 65_535):
            yield f"{key} is no topic: {value}"
        elif kind == "template":
            Template(value)
    for key, kind in options.items():
        if kind.endswith(", required") and key not in payload:
            yield f"{key} is missing"


def classes(component, payload):
    found = payload.get("device_class")
    if found and found not in SCHEMA["device_classes"].get(component, ()):
        yield f"no device class of {component}: {found}"
    unit = payload.get("unit_of_measurement")
    if component == "sensor" and found in SCHEMA["units"] and unit not in SCHEMA["units"][found]:
        yield f"{unit!r} is no unit of {found}"
    if payload.get("state_class") not in {None, *SCHEMA["state_classes"]}:
        yield f"no state class: {payload['state_class']}"
    if component == "sensor" and payload.get("options") and (found != "enum" or unit or "state_class" in payload):
        yield "options are for sensors of the class enum alone"


def together(component, payload):
    """The rules between options, from the validators of Home Assistant's platforms."""
    pairs = {
        "cover": [("set_position_topic", "position_topic"), ("value_template", "state_topic"),
                  ("position_template", "position_topic"), ("set_position_template", "set_position_topic")],
        "fan": [("preset_modes", "preset_mode_command_topic")],
        "humidifier": [("modes", "mode_command_topic")],
        "climate": [("preset_modes", "preset_mode_command_topic")],
    }  # fmt: skip
    for one, other in pairs.get(component, ()):
        if one in payload and other not in payload:
            yield f"{one} without {other}"
    if component == "valve" and payload.get("reports_position"):
        yield from (
            f"{key} is not for valves with a position"
            for key in ("payload_open", "payload_close", "state_open", "state_closed")
            if key in payload
        )
    if component in {"number", "text"} and payload.get("min", 0) > payload.get("max", 100):
        yield "max must be min or more"
    if "min_temp" in payload and not payload["min_temp"] < payload["max_temp"]:
        yield "max_temp must be above min_temp"


@pytest.mark.parametrize("name", HOMES)
def test_home_assistant_takes_every_announcement(name):
    told = announced(name)
    assert told
    assert {topic: list(problems(topic.split("/")[1], payload)) for topic, payload in told.items()} == {
        topic: [] for topic in told
    }
    assert len({payload["unique_id"] for payload in told.values()}) == len(told)


@pytest.mark.parametrize("kind", KINDS)
def test_home_assistant_takes_every_kind(kind):
    domain = KINDS[kind].domain
    found = discovery(described(kind, make_one(kind)))
    assert (found is None) == (domain in NOT_ANNOUNCED)
    if found is not None:
        assert list(problems(domain, json.loads(json.dumps(found[1])))) == []


def make_one(kind):
    return make(kind, f"{KINDS[kind].domain}.x", {"options": ["a", "b"]} if kind == "select" else {}, {})


def described(kind, device):
    return Described("cottage", "Cottage", f"{KINDS[kind].domain}.x", kind, "X", "Kitchen", device.features)


# -- the round trip ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOMES)
def test_a_home_looks_the_same_through_its_announcements(name):
    home = load_home(name)
    broker = LoopbackBroker()
    Presence(World(home, 0, SteppedClock(datetime(2026, 3, 2, 12))), broker)
    native, foreign = seen(broker, home.id), seen(broker, None)
    assert foreign.rejected == foreign.things.rejected == foreign.things.left_out == 0
    through = {id: each for id, each in native.home.entities.items() if each.domain not in NOT_ANNOUNCED}
    assert set(foreign.home.entities) == set(through)
    for id, entity in through.items():
        same = foreign.home.entities[id]
        assert (same.name, same.kind, same.area) == (entity.name, entity.kind, entity.area)
        assert foreign.states()[id].state == native.states()[id].state
        told = foreign.states()[id].attributes
        assert told == {key: native.states()[id].attributes.get(key, UNSAID.get(key)) for key in told}
    shown = {area.name for area in foreign.home.areas.values()}
    assert shown == {native.home.areas[each.area].name for each in through.values() if each.area}


UNSAID = {"oscillating": False, "direction": "forward"}
"""What an announcement says of a fan that never swung or turned."""


def seen(broker, home):
    twin, heard = Twin(home), []
    twin.connect(broker.connect(), heard.append)
    for message in heard:
        twin.feed(message, 1.0)
    return twin


WISHES = {
    "light": [{"state": "on"}, {"state": "off"}, {"state": "on", "brightness": 77},
              {"state": "on", "rgb_color": [10, 200, 30]}, {"state": "on", "color_temp_kelvin": 3000}],
    "switch": [{"state": "on"}, {"state": "off"}],
    "siren": [{"state": "on"}, {"state": "off"}],
    "cover": [{"state": "open"}, {"state": "stop"}, {"current_position": 30}, {"state": "closed"}],
    "valve": [{"state": "open"}, {"current_position": 30}, {"state": "closed"}],
    "lock": [{"state": "unlocked"}, {"state": "locked"}],
    "climate": [{"state": "heat"}, {"temperature": 31}, {"state": "off"}],
    "water_heater": [{"state": "eco"}, {"temperature": 45.5}, {"state": "off"}],
    "fan": [{"state": "on"}, {"state": "on", "percentage": 40}, {"state": "off"}],
    "vacuum": [{"state": "cleaning"}, {"state": "paused"}, {"state": "returning"}, {"state": "idle"}],
    "lawn_mower": [{"state": "mowing"}, {"state": "paused"}, {"state": "returning"}],
    "humidifier": [{"state": "on"}, {"state": "on", "humidity": 61}, {"state": "off"}],
    "number": [{"state": "42"}],
    "select": [{"state": "b"}],
    "text": [{"state": 'say "hello"'}],
    "scene": [{"state": "on"}],
    "button": [{"state": "press"}],
    "alarm_control_panel": [{"state": "armed_away"}, {"state": "disarmed"}],
}  # fmt: skip
LISTENING = frozenset({"sensor", "binary_sensor", "device_tracker"})


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.domain not in NOT_ANNOUNCED | LISTENING])
def test_a_command_through_the_announcement_is_the_same_command(kind):
    """One device is asked on its own topic, its twin by its announcement; they must end alike, step by step."""
    direct, announced = make_one(kind), make_one(kind)
    topic, payload = discovery(described(kind, announced))
    twin = Twin(None)
    twin.feed(Message(topic, json.dumps(payload).encode()), 0.0)
    for leaf in ("mynah/cottage/availability", announced_topic(kind, "availability")):
        twin.feed(Message(leaf, b"online"), 0.0)
    entity = f"{KINDS[kind].domain}.x"
    for wish in WISHES[KINDS[kind].domain]:
        if not set(wish) <= set(direct.traits) or not takes(direct, wish):
            continue
        direct.apply(wish)
        sent = twin.outgoing(Command(entity, "test.set", wish))
        assert sent, f"no message for {wish}"
        for where, what in sent:
            assert where == announced_topic(kind, "set")
            announced.apply(json.loads(what))
        assert announced.report() == direct.report(), wish
        if KINDS[kind].domain not in {"scene", "button"}:
            twin.feed(Message(announced_topic(kind, "state"), json.dumps(announced.report()).encode()), 1.0)
            assert twin.states()[entity].state == direct.report()["state"]
    assert twin.rejected == twin.things.rejected == 0


def announced_topic(kind, leaf):
    return f"mynah/cottage/{KINDS[kind].domain}/x/{leaf}"


def takes(device, wish):
    try:
        device.check(wish)
    except ValueError:
        return False
    return True
