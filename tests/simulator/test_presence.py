"""The home on MQTT: what is said, what is retained, and what is ignored."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.wire import Will
from simulator.loopback import LoopbackBroker
from simulator.presence import Presence
from tests.simulator.test_world import Stepped

GARAGE = "mynah/cottage/cover/garage_door"


class Wired(Stepped):
    def __init__(self):
        super().__init__()
        self.broker = LoopbackBroker()
        self.presence = Presence(self.world, self.broker)
        self.client = self.broker.connect()
        self.heard = []

    def retained(self, topic):
        return json.loads(self.broker.retained[topic])


@pytest.fixture
def home():
    return Wired()


def test_everything_is_described(home):
    told = home.retained("mynah/cottage/home")
    assert told["name"] == "Cottage"
    assert told["people"] == ["Ann", "Ben"]
    assert {"id": "kitchen", "name": "Kitchen", "floor": "ground", "aliases": []} in told["areas"]
    config = home.retained("mynah/cottage/light/kitchen/config")
    assert config["kind"] == "light"
    assert config["features"] == {"supported_color_modes": ["brightness"], "has_brightness": True}
    assert home.retained("mynah/cottage/climate/oven/config")["features"]["max_temp"] == 280
    assert home.broker.retained[f"{GARAGE}/availability"] == b"online"
    assert home.retained(f"{GARAGE}/state") == {"state": "closed", "attributes": {"current_position": 0}}
    assert "homeassistant/cover/mynah_cottage/garage_door/config" in home.broker.retained


def test_a_command_and_its_reports(home):
    home.client.subscribe(f"{GARAGE}/state", home.heard.append)
    home.client.publish(f"{GARAGE}/set", '{"state": "open"}')
    home.run(13)
    states = [json.loads(message.payload) for message in home.heard]
    assert states[0] == {"state": "closed", "attributes": {"current_position": 0}}
    assert states[1]["state"] == "opening"
    assert states[-1] == {"state": "open", "attributes": {"current_position": 100}}
    assert len({json.dumps(state) for state in states}) == len(states), "said only when something changed"


def test_a_retained_command_is_ignored():
    home = Stepped()
    broker = LoopbackBroker()
    broker.connect().publish(f"{GARAGE}/set", '{"state": "open"}', retain=True)
    presence = Presence(home.world, broker)
    home.run(20)
    assert home.state("cover.garage_door") == "closed"
    assert presence.rejected == {"retained": 1}


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("light/kitchen", "{", "broken"),
        ("light/kitchen", '["on"]', "broken"),
        ("light/kitchen", '{"state": NaN}', "broken"),
        ("light/kitchen", "[" * 30_000, "broken"),
        ("light/kitchen", '{"state": "on"' + " " * 70_000 + "}", "oversized"),
        ("light/kitchen", '{"state": "toggle"}', "impossible"),
        ("light/kitchen", '{"brightness": 256}', "impossible"),
        ("light/kitchen", '{"volume_level": 1}', "impossible"),
        ("light/kitchen", "{}", "impossible"),
        ("sensor/kitchen_temperature", '{"state": "5"}', "impossible"),
        ("light/nowhere", '{"state": "on"}', "unknown"),
        ("light/\x01", '{"state": "on"}', "unknown"),
    ],
)
def test_bad_commands_are_counted_and_ignored(home, topic, payload, reason):
    home.client.publish(f"mynah/cottage/{topic}/set", payload)
    assert home.presence.rejected == {reason: 1}
    assert home.changes == []


@settings(max_examples=300, deadline=None)
@given(
    entity=st.sampled_from(
        ["light/kitchen", "cover/garage_door", "climate/oven", "lock/front_door", "todo/shopping_list"]
    ),
    payload=st.binary(max_size=60)
    | st.dictionaries(
        st.sampled_from(["state", "brightness", "temperature", "items", "current_position"]),
        st.none() | st.integers() | st.floats() | st.text(max_size=9) | st.lists(st.text(max_size=5), max_size=3),
    ).map(lambda told: json.dumps(told).encode()),
)
def test_hostile_payloads_never_stop_the_home(entity, payload):
    topic = f"mynah/cottage/{entity}/set"
    FUZZED.broker.publish(topic, payload, retain=False)
    FUZZED.run(2)
    for name, device in FUZZED.world.devices.items():
        report = FUZZED.world.report(name)
        json.dumps(report, allow_nan=False)
        assert report["state"] in {"locked", "unlocked"} if name.startswith("lock.") else True
        if name == "climate.oven":
            assert 30 <= report["attributes"]["temperature"] <= 280
        assert device.report() == report


FUZZED = Wired()


def test_availability_follows_faults(home):
    home.world.fault("light.hall", "offline", 10)
    assert home.broker.retained["mynah/cottage/light/hall/availability"] == b"offline"
    home.world.by_hand("light.hall", {"state": "on"})
    assert home.retained("mynah/cottage/light/hall/state")["state"] == "off"
    home.run(11)
    assert home.broker.retained["mynah/cottage/light/hall/availability"] == b"online"
    assert home.retained("mynah/cottage/light/hall/state")["state"] == "on"


def test_home_assistant_coming_up_is_told_again(home):
    home.client.subscribe("homeassistant/light/+/+/config", home.heard.append)
    first = len(home.heard)
    home.client.publish("homeassistant/status", "online")
    assert len(home.heard) == 2 * first > 0


def test_a_removed_device_leaves_nothing_behind(home):
    home.presence.remove("light.hall")
    assert not [topic for topic in home.broker.retained if "light/hall/" in topic or "mynah_cottage/hall/" in topic]


def test_leaving_in_order_and_by_accident(home):
    home.presence.close()
    assert home.broker.retained["mynah/cottage/availability"] == b"offline"
    assert home.broker.retained["mynah/cottage/light/hall/availability"] == b"offline"
    broker = LoopbackBroker()
    lost = broker.connect(Will("mynah/x/availability", "offline"))
    lost.drop()
    assert broker.retained["mynah/x/availability"] == b"offline"
