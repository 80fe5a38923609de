"""The assistant's twin of the home, fed with what a real presence says and with what nobody should."""

import json
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.twin import Twin
from devices.wire import Message
from simulator.homes import load_home
from simulator.presence import Presence
from tests.simulator.test_presence import Wired


class Twinned(Wired):
    def __init__(self):
        super().__init__()
        self.twin = Twin("cottage")
        self.twin.connect(self.client, self.heard.append)
        self.feed()

    def feed(self):
        changed = [each for message in self.heard for each in self.twin.feed(message, 1.0)]
        self.heard.clear()
        return changed


@pytest.fixture
def home():
    return Twinned()


def say(twin, leaf, payload, entity="light/hall"):
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return twin.feed(Message(f"mynah/cottage/{entity}/{leaf}", raw), 2.0)


def test_the_twin_learns_the_home(home):
    known = home.twin.home
    assert known.name == "cottage"
    assert set(known.entities) == {spec.entity for spec in load_home("cottage").devices}
    assert known.areas["living_room"].aliases == ("lounge", "sitting room")
    assert known.floors["ground"].name == "Ground Floor"
    assert known.people == ("Ann", "Ben")
    assert known.entities["climate.oven"].kind == "oven"
    assert known is home.twin.home, "the same object until a description changes"
    assert home.twin.rejected == 0


def test_states_are_shared_until_they_change(home):
    before = home.twin.states()
    assert before is home.twin.states()
    home.world.by_hand("light.hall", {"state": "on"})
    assert home.feed() == ["light.hall"]
    after = home.twin.states()
    assert after["light.hall"].state == "on"
    assert before["light.hall"].state == "off"
    assert after["light.kitchen"] is before["light.kitchen"]
    assert home.twin.reports["light.hall"].time == 1.0


def test_the_same_state_again_is_no_change(home):
    assert say(home.twin, "state", {"state": "off", "attributes": {}}) == ()
    assert home.twin.reports["light.hall"].time == 2.0


def test_offline_devices_are_unavailable(home):
    home.world.fault("light.hall", "offline")
    assert home.feed() == ["light.hall"]
    assert home.twin.states()["light.hall"].state == "unavailable"
    assert not home.twin.reports["light.hall"].online
    home.world.fault("light.hall", "none")
    home.feed()
    assert home.twin.states()["light.hall"].state == "off"


def test_a_lost_home_is_unavailable_until_it_comes_back(home):
    home.presence._transport.drop()
    home.feed()
    assert {state.state for state in home.twin.states().values()} == {"unavailable"}
    Presence(home.world, home.broker)
    home.feed()
    assert home.twin.states()["light.hall"].state == "off"


def test_a_changed_description_makes_a_new_home(home):
    before, version = home.twin.home, home.twin.home_version
    say(home.twin, "config", {"entity": "light.hall", "kind": "light", "name": "Hallway"})
    assert home.twin.home is not before
    assert home.twin.home_version == version + 1
    assert home.twin.home.entities["light.hall"].name == "Hallway"
    say(home.twin, "config", b"")
    assert "light.hall" not in home.twin.home.entities
    assert "light.hall" not in home.twin.states()


@pytest.mark.parametrize(
    ("leaf", "payload"),
    [
        ("state", b"{"),
        ("state", b"on"),
        ("state", {"state": 5}),
        ("state", {"state": "x" * 300}),
        ("state", {"state": "on", "attributes": []}),
        ("state", b'{"state": "on", "attributes": {"x": NaN}}'),
        ("state", b"[" * 60_000),
        ("state", b" " * 70_000),
        ("availability", b"maybe"),
        ("config", {"entity": "light.other", "kind": "light", "name": "A"}),
        ("config", {"entity": "light.hall"}),
        ("config", b"\xff"),
    ],
)
def test_broken_payloads_are_counted_and_ignored(home, leaf, payload):
    before, known = home.twin.states(), home.twin.home
    assert say(home.twin, leaf, payload) == ()
    assert home.twin.rejected == 1
    assert home.twin.states() == before
    assert home.twin.home is known


@settings(max_examples=400, deadline=None)
@given(
    topic=st.sampled_from(
        ["mynah/cottage/light/hall/state", "mynah/cottage/light/hall/config", "mynah/cottage/light/hall/availability",
         "mynah/cottage/home", "mynah/cottage/availability", "mynah/other/light/hall/state", "x", ""]
    )
    | st.text(max_size=30),
    payload=st.binary(max_size=80)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=9),
        lambda inner: st.dictionaries(
            st.sampled_from(["state", "attributes", "entity", "kind", "name", "areas", "id", "unit"]), inner, max_size=4
        )
        | st.lists(inner, max_size=3),
        max_leaves=8,
    ).map(lambda told: json.dumps(told).encode()),
)  # fmt: skip
def test_anything_may_come_over_the_wire(topic, payload):
    FUZZED.feed(Message(topic, payload), 0.0)
    for state in FUZZED.states().values():
        assert isinstance(state.state, str)
    assert FUZZED.home is not None


FUZZED = Twin("cottage")


def test_a_state_message_costs_microseconds(home):
    payloads = [
        Message("mynah/cottage/light/hall/state", b'{"state":"%s","attributes":{}}' % s) for s in (b"on", b"off")
    ]
    rounds = 2000
    best = min(timed(home.twin, payloads, rounds) for _ in range(3))
    assert best / (2 * rounds) < 50e-6


def timed(twin, messages, rounds):
    began = perf_counter()
    for _ in range(rounds):
        for message in messages:
            twin.feed(message, 0.0)
    return perf_counter() - began
