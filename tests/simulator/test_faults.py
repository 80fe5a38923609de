"""Every kind of fault, and asking for one over MQTT."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import UserError
from simulator.faults import KINDS, read_request, seconds
from simulator.loopback import LoopbackBroker
from simulator.presence import Presence
from tests.simulator.stepped import Stepped


@pytest.fixture
def cottage():
    return Stepped()


def test_a_lost_report_leaves_the_old_state_on_the_wire(cottage):
    cottage.world.fault("light.hall", "lost_report")
    cottage.world.command("light.hall", {"state": "on"})
    assert cottage.state("light.hall") == "off"
    assert cottage.world.devices["light.hall"].state == "on"
    cottage.run(120)
    assert cottage.state("light.hall") == "off"
    cottage.world.command("light.hall", {"state": "off"})
    cottage.world.command("light.hall", {"state": "on"})
    assert cottage.state("light.hall") == "on"


def test_a_wrong_report_until_it_is_mended(cottage):
    cottage.world.set("sensor.kitchen_temperature", {"state": 20})
    for entity, wrong in {
        "light.hall": "on",
        "sensor.kitchen_temperature": "30",
        "lock.front_door": "unlocked",
    }.items():
        right = cottage.state(entity)
        cottage.world.fault(entity, "wrong_report", 60)
        assert cottage.state(entity) == wrong
        cottage.run(60)
        assert cottage.state(entity) == right
    cottage.world.fault("light.kitchen", "wrong_report")
    cottage.world.command("light.kitchen", {"state": "on", "brightness": 100})
    assert cottage.world.report("light.kitchen") == {"state": "off", "attributes": {}}
    cottage.world.fault("light.kitchen", "none")
    assert cottage.attribute("light.kitchen", "brightness") == 100


def test_flapping_goes_and_comes(cottage):
    cottage.world.fault("light.hall", "flapping", 22)
    seen = []
    for _ in range(30):
        seen.append(cottage.world.online("light.hall"))
        cottage.world.command("light.hall", {"state": "off" if cottage.state("light.hall") == "on" else "on"})
        cottage.run(1)
    assert seen == [False] * 5 + [True] * 5 + [False] * 5 + [True] * 5 + [False] * 2 + [True] * 8
    told = [change for change in cottage.changes if change.entity == "light.hall" and change.what == "state"]
    assert len(told) == 18, "commands reach it only while it is there"


def test_a_skewed_clock(cottage):
    cottage.world.fault("scene.movie_night", "skew")
    cottage.world.command("scene.movie_night", {"state": "on"})
    assert cottage.state("scene.movie_night") == "2026-03-02T12:05:00"


def test_a_new_fault_takes_the_place_of_the_old_one(cottage):
    cottage.world.fault("light.hall", "offline", 10)
    cottage.world.fault("light.hall", "jammed", 30)
    assert cottage.world.online("light.hall")
    cottage.run(20)
    cottage.world.command("light.hall", {"state": "on"})
    assert cottage.state("light.hall") == "off", "the end of the first fault does not end the second"
    cottage.run(10)
    cottage.world.command("light.hall", {"state": "on"})
    assert cottage.state("light.hall") == "on"


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_on_every_device_is_mended_in_the_end(kind):
    home = Stepped()
    for entity in home.world.devices:
        home.world.fault(entity, kind, 30)
    home.world.command("light.hall", {"state": "on"})
    home.run(60)
    for entity, device in home.world.devices.items():
        assert home.world.online(entity)
        assert not device.jammed
    home.world.command("light.hall", {"state": "off"})
    assert home.state("light.hall") == "off"


class Outside:
    """Somebody at the other end of the wire."""

    def __init__(self):
        self.home = Stepped()
        self.broker = LoopbackBroker()
        self.presence = Presence(self.home.world, self.broker)
        self.transport = self.broker.connect()

    def ask(self, payload, retain=False):
        self.transport.publish("mynah/cottage/fault", payload, retain)


def test_faults_are_asked_for_over_mqtt():
    tester = Outside()
    tester.ask('{"entity": "light.hall", "kind": "offline", "for": "1m"}')
    assert tester.broker.retained["mynah/cottage/light/hall/availability"] == b"offline"
    tester.home.run(60)
    assert tester.broker.retained["mynah/cottage/light/hall/availability"] == b"online"
    tester.ask('{"entity": "light.hall", "kind": "wrong_report"}')
    assert b'"on"' in tester.broker.retained["mynah/cottage/light/hall/state"]
    tester.ask('{"entity": "light.hall", "kind": "none"}')
    assert b'"off"' in tester.broker.retained["mynah/cottage/light/hall/state"]
    assert not tester.presence.rejected


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ('{"entity": "light.hal", "kind": "late"}', "did you mean 'light.hall'"),
        ('{"entity": "light.hall", "kind": "jamed"}', "did you mean 'jammed'"),
        ('{"entity": "light.hall", "kind": "late", "for": "soon"}', "is no duration"),
        ('{"entity": "light.hall", "kind": "late", "why": 1}', "why: "),
        ('{"kind": "late"}', "entity: "),
        ('{"entity": "light.hall", "kind": {"offline": 1}}', "unknown fault"),
        ("[]", "payload: "),
        ("\x00", "payload: "),
    ],
)
def test_what_is_no_request_is_counted_and_told(caplog, payload, told):
    tester = Outside()
    tester.ask(payload)
    assert tester.presence.rejected["fault"] == 1
    assert told in caplog.text


def test_a_retained_request_is_ignored():
    broker = LoopbackBroker()
    broker.connect().publish("mynah/cottage/fault", '{"entity": "light.hall", "kind": "offline"}', retain=True)
    home = Stepped()
    presence = Presence(home.world, broker)
    assert home.world.online("light.hall")
    assert presence.rejected == {"retained": 1}


@given(
    st.binary(max_size=60)
    | st.recursive(st.none() | st.floats() | st.text(max_size=5), st.lists).map(json.dumps).map(str.encode)
    | st.fixed_dictionaries(
        {"entity": st.text(), "kind": st.sampled_from([*KINDS]) | st.integers(), "for": st.text() | st.floats()}
    )
    .map(json.dumps)
    .map(str.encode)
)
def test_any_payload_is_a_request_or_one_clear_line(payload):
    try:
        asked = read_request(payload)
    except ValueError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert asked.kind in KINDS


def test_durations():
    assert [seconds(each) for each in ("90", "1.5 m", "2h", "1d", 0)] == [90, 90, 7200, 86400, 0]
    with pytest.raises(ValueError, match="is no duration"):
        seconds("-1s")
    with pytest.raises(UserError, match="unknown fault"):
        Stepped().world.fault("light.hall", "broken")
