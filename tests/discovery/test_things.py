"""The twin, fed with announcements: names, ids, rooms, availability, time; and with what nobody should announce."""

import json
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.discovery import things
from assistant.discovery.payloads import in_full
from assistant.risk import risk_of
from assistant.turn import Command, State
from assistant.twin import Twin
from devices.wire import Message

LAMP = {"name": "Hall Lamp", "uniq_id": "1", "stat_t": "a/lamp", "cmd_t": "a/lamp/set"}


class Fed:
    """A twin and what it asks of its connection."""

    def __init__(self, home=None):
        self.subscribed = []
        self.published = []
        self.twin = Twin(home)
        self.twin.connect(self, lambda _message: None)
        self.subscribed.clear()

    def subscribe(self, pattern, _callback):
        self.subscribed.append(pattern)

    def publish(self, topic, payload, retain=False, expiry=None):
        assert not retain
        self.published.append((topic, payload))

    def announce(self, component="light", object_id="lamp", time=0.0, **options):
        return self.say(f"homeassistant/{component}/{object_id}/config", {**LAMP, **options}, time)

    def say(self, topic, payload, time=0.0):
        raw = payload if isinstance(payload, bytes) else payload if isinstance(payload, str) else json.dumps(payload)
        return self.twin.feed(Message(topic, raw.encode() if isinstance(raw, str) else raw), time)

    def ask(self, entity, **value):
        return self.twin.outgoing(Command(entity, "test.set", value))

    @property
    def entities(self):
        return self.twin.home.entities


@pytest.fixture
def fed():
    return Fed()


def test_a_device_with_components():
    fed = Fed()
    fed.say(
        "homeassistant/device/esp1/config",
        {
            "dev": {"ids": "esp1", "name": "Lounge Node", "sa": "Lounge"},
            "o": {"name": "esp"},
            "~": "lounge",
            "avty": {"t": "~/status"},
            "cmps": {
                "fan": {"p": "fan", "name": "Fan", "uniq_id": "f", "cmd_t": "~/fan/set", "stat_t": "~/fan"},
                "heat": {"p": "sensor", "dev_cla": "temperature", "unit_of_meas": "°C", "uniq_id": "t",
                         "stat_t": "~/temperature"},
                "gone": {"p": "sensor"},
            },
        },
    )  # fmt: skip
    assert {id: (each.name, each.area) for id, each in fed.entities.items()} == {
        "fan.lounge_node_fan": ("Lounge Node Fan", "lounge"),
        "sensor.lounge_node_temperature": ("Lounge Node Temperature", "lounge"),
    }
    assert set(fed.subscribed) == {"lounge/status", "lounge/fan", "lounge/temperature"}
    fed.say("lounge/status", "online")
    fed.say("lounge/temperature", "21.5")
    assert fed.twin.states()["sensor.lounge_node_temperature"] == State("21.5")
    fed.say("homeassistant/device/esp1/config", "")
    assert fed.entities == {} == fed.twin.states()


@pytest.mark.parametrize(
    ("options", "name", "id", "aliases"),
    [
        ({"name": "Lamp"}, "Lamp", "light.lamp", ()),
        ({"name": None, "dev": {"ids": "1", "name": "Hall Lamp"}}, "Hall Lamp", "light.hall_lamp", ()),
        ({"name": "Light", "dev": {"ids": "1", "name": "Porch"}}, "Porch Light", "light.porch_light", ()),
        ({"name": "Night Light", "dev": {"ids": "1", "name": "esp-1"}}, "esp-1 Night Light", "light.esp_1_night_light",
         ("Night Light",)),
        ({"name": "Porch Light", "dev": {"ids": "1", "name": "Porch"}}, "Porch Light", "light.porch_light", ()),
        ({"name": "living_room  lamp"}, "living room lamp", "light.living_room_lamp", ()),
        ({"name": "Lamp", "def_ent_id": "light.sun"}, "Lamp", "light.sun", ()),
        ({"name": "Lamp", "def_ent_id": "lock.front"}, "Lamp", "light.lamp", ()),
        ({"name": "Lamp", "obj_id": "Old Lamp"}, "Lamp", "light.old_lamp", ()),
        ({"name": "\u202e\x00"}, "lamp", "light.lamp", ()),
    ],
)  # fmt: skip
def test_names_and_ids(fed, options, name, id, aliases):
    fed.announce(**options)
    (entity,) = fed.entities.values()
    assert (entity.name, entity.id, entity.aliases) == (name, id, aliases)


def test_ids_are_unique_and_stay(fed):
    fed.announce(object_id="one")
    fed.announce(object_id="two", uniq_id="2", stat_t="b")
    assert set(fed.entities) == {"light.hall_lamp", "light.hall_lamp_2"}
    fed.announce(object_id="two", uniq_id="2", stat_t="c")
    fed.say("c", "ON")
    assert fed.twin.states()["light.hall_lamp_2"].state == "on"
    version = fed.twin.home_version
    fed.announce(object_id="two", uniq_id="2", stat_t="c")
    assert fed.twin.home_version == version, "the same announcement again changes nothing"


def test_the_homes_own_devices_have_their_ids_and_rooms():
    fed = Fed("cottage")
    fed.announce(dev={"ids": "1", "name": "x", "sa": "the Lounge"}, name="Hall Lamp", obj_id="hall")
    areas = [{"id": "living_room", "name": "Living Room", "aliases": ["lounge"]}]
    fed.say("mynah/cottage/home", {"name": "Cottage", "areas": areas})
    fed.say("a/lamp", "ON")
    assert fed.entities["light.hall"].area == "living_room"
    fed.say("mynah/cottage/light/hall/config", {"entity": "light.hall", "kind": "light", "name": "Hall"})
    assert {id: each.name for id, each in fed.entities.items()} == {"light.hall": "Hall", "light.hall_2": "x Hall Lamp"}
    assert fed.twin.states() == {"light.hall_2": State("on")}
    fed.say("mynah/cottage/availability", "offline")
    assert fed.twin.states() == {"light.hall_2": State("on")}, "a stranger's device does not go with the home"


def test_a_mynah_home_is_not_seen_twice():
    payload = {**LAMP, "origin": {"name": "Mynah"}}
    named, alone = Fed("cottage"), Fed()
    for fed in (named, alone):
        fed.say("homeassistant/light/mynah_cottage/hall/config", payload)
    assert named.entities == {}
    assert list(alone.entities) == ["light.hall_lamp"]


def test_a_state_that_came_before_the_announcement_is_known(fed):
    fed.announce(object_id="one")
    fed.say("a/lamp", "ON")
    fed.announce(object_id="two", name="Other", uniq_id="2")
    assert fed.twin.states()["light.other"].state == "on"
    assert fed.subscribed == ["a/lamp"]


def test_what_does_not_report_is_taken_for_done_and_said_so(fed):
    fed.announce(component="switch", stat_t=None, name="Pump")
    assert fed.entities["switch.pump"].features["assumed_state"]
    assert fed.ask("switch.pump", state="on") == [("a/lamp/set", "ON")]
    assert fed.twin.states()["switch.pump"].state == "on"


@pytest.mark.parametrize(
    ("mode", "told", "state"),
    [
        ("all", {"p": "online"}, "unavailable"),
        ("all", {"p": "online", "q": "yes"}, "on"),
        ("any", {"q": "yes"}, "on"),
        ("latest", {"q": "yes", "p": "offline"}, "unavailable"),
        ("latest", {"p": "offline", "q": "yes"}, "on"),
        ("all", {}, "unavailable"),
    ],
)
def test_availability(fed, mode, told, state):
    fed.announce(avty=[{"t": "p"}, {"t": "q", "pl_avail": "yes", "pl_not_avail": "no"}], avty_mode=mode)
    fed.say("a/lamp", "ON")
    for topic, payload in told.items():
        fed.say(topic, payload)
    assert fed.twin.states()["light.hall_lamp"].state == state


def test_what_is_told_runs_out(fed):
    fed.announce(component="binary_sensor", name="Motion", off_dly=30, exp_aft=100)
    fed.announce(component="sensor", name="Power", object_id="p", exp_aft=60)
    for topic, payload in (("a/lamp", "ON"),):
        fed.say(topic, payload, 10.0)
    assert fed.twin.states()["binary_sensor.motion"].state == "on"
    assert fed.twin.tick(39.0) == ()
    assert fed.twin.tick(40.0) == ("binary_sensor.motion",)
    assert fed.twin.states()["binary_sensor.motion"].state == "off"
    assert fed.twin.tick(71.0) == ("sensor.power",)
    assert fed.twin.states()["sensor.power"].state == "unavailable"
    fed.say("a/lamp", "5", 80.0)
    assert fed.twin.states()["sensor.power"].state == "5"


def test_states_are_asked_for_once_when_all_is_announced(fed):
    fed.announce(time=1.0)
    fed.announce(object_id="two", uniq_id="2", time=1.8)
    fed.twin.tick(2.5)
    assert fed.published == []
    fed.twin.tick(2.9)
    fed.announce(object_id="three", uniq_id="3", time=3.0)
    fed.twin.tick(9.0)
    assert fed.published == [("homeassistant/status", "online")]


def test_further_attributes_change_no_own_value(fed):
    fed.announce(json_attr_t="a/more", schema="json", brightness=True)
    fed.say("a/lamp", {"state": "ON", "brightness": 100})
    fed.say("a/more", {"brightness": 7, "linkquality": 3, "state": "x", "supported_color_modes": ["rgb"]})
    assert fed.twin.states()["light.hall_lamp"] == State("on", {"linkquality": 3, "brightness": 100})


# -- hostile -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("component", "options"),
    [
        ("light", {"cmd_t": "a/+/set"}),
        ("light", {"cmd_t": "#"}),
        ("light", {"cmd_t": "$SYS/broker"}),
        ("light", {"cmd_t": ""}),
        ("light", {"cmd_t": "x" * 300}),
        ("light", {"cmd_t": "a\x00b"}),
        ("light", {"cmd_t": "homeassistant/status"}),
        ("light", {"cmd_t": "homeassistant/lock/front/config"}),
        ("light", {"stat_t": "#"}),
        ("light", {"stat_t": "$SYS/#"}),
        ("light", {"cmd_t": None}),
        ("light", {"bri_scl": 0}),
        ("light", {"stat_val_tpl": "{% macro a() %}{% endmacro %}"}),
        ("light", {"avty": [{"t": "a"}] * 50}),
        ("light", {"schema": "template"}),
        ("cover", {"pos_open": 0}),
        ("fan", {"spd_rng_max": 1}),
        ("select", {}),
        ("humidifier", {}),
        ("number", {"min": "nan"}),
    ],
)
def test_what_is_not_valid_is_counted_and_ignored(fed, component, options):
    fed.announce(component, **options)
    assert fed.entities == {}
    assert fed.subscribed == []
    assert fed.twin.rejected + fed.twin.things.rejected == 1


@pytest.mark.parametrize(
    "payload",
    [b"{", b"[]", b"5", b"\xff", b"{" * 5000, b'{"dev": 5}', b'{"avty": 5, "cmd_t": "x"}', b" " * 70_000, b'{"~": 1}'],
)
def test_broken_announcements(fed, payload):
    fed.say("homeassistant/light/lamp/config", payload)
    fed.say("homeassistant/device/lamp/config", payload)
    assert fed.entities == {}
    assert fed.twin.rejected + fed.twin.things.rejected >= 1


def test_commands_to_the_homes_own_devices_do_not_go_through_strangers():
    fed = Fed("cottage")
    fed.announce(cmd_t="mynah/cottage/lock/front_door/set", pl_on='{"state": "unlocked"}')
    assert fed.entities == {}
    assert fed.twin.things.rejected == 1


@pytest.mark.parametrize("first", ["light", "lock"])
def test_what_shares_a_topic_with_a_lock_is_asked_about(fed, first):
    for component in sorted(("light", "lock"), key=lambda each: each != first):
        fed.announce(component, name=f"My {component}", object_id=component, cmd_t="door/set", pl_on="UNLOCK")
    fed.announce("light", object_id="other", name="Other", uniq_id="9")
    assert risk_of(fed.entities["light.my_light"], {"state": "on"}) == "always"
    assert risk_of(fed.entities["light.other"], {"state": "on"}) == "none"
    assert risk_of(fed.entities["lock.my_lock"], {"state": "unlocked"}) == "always"


@pytest.mark.parametrize(
    ("component", "options", "wish"),
    [
        ("lock", {"name": "Harmless Lamp", "dev": {"ids": 1, "mdl": "light"}}, {"state": "unlocked"}),
        ("cover", {"name": "Blind", "dev_cla": "garage"}, {"state": "open"}),
        ("cover", {"name": "Garage", "dev": {"ids": 1, "mdl": "blind"}}, {"state": "open"}),
    ],
)
def test_nothing_is_less_risky_than_its_domain(fed, component, options, wish):
    fed.announce(component, **options)
    (entity,) = fed.entities.values()
    assert risk_of(entity, wish) != "none"


def test_there_are_never_too_many(fed):
    for number in range(things.MAX_THINGS + 20):
        fed.announce(object_id=f"l{number}", uniq_id=str(number), name=f"Lamp {number}")
    assert len(fed.entities) == things.MAX_THINGS
    assert fed.twin.things.rejected == 20
    fed.say("homeassistant/light/l0/config", "")
    fed.announce(object_id="late", uniq_id="late")
    assert "light.hall_lamp" in fed.entities


def test_many_costly_templates_on_one_topic_do_not_stop_the_loop(fed):
    costly = "{% for i in range(900) %}{{ i * %d }}{% endfor %}"
    for number in range(300):
        fed.announce(object_id=f"l{number}", uniq_id=str(number), stat_val_tpl=costly.replace("%d", str(number)))
    began = perf_counter()
    fed.say("a/lamp", "ON")
    assert perf_counter() - began < 1.0
    assert fed.twin.things.rejected > 200


COMPONENTS = st.sampled_from(
    ["light", "cover", "climate", "fan", "lock", "sensor", "vacuum", "valve", "device", "siren"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["t/1", "t/2", "t/#", "~", "json", "template", "{{ value_json.a }}", "{{ value }}", "ON", "{"])
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["t", "p", "name", "ids"]), inner),
    max_leaves=4,
)  # fmt: skip
KEYS = st.sampled_from(
    ["stat_t", "cmd_t", "schema", "val_tpl", "bri_stat_t", "bri_cmd_t", "bri_scl", "pos_t", "set_pos_t", "pos_open",
     "dev", "avty", "avty_t", "json_attr_t", "temp_stat_t", "temp_cmd_t", "modes", "ops", "exp_aft", "off_dly", "cmps",
     "name", "mode_stat_t", "mode_cmd_t", "pct_stat_t", "pct_cmd_t", "spd_rng_max", "min_temp", "uniq_id",
     "~", "o", "pos"]
)  # fmt: skip
FUZZED = Fed()


@settings(max_examples=400, deadline=None)
@given(
    COMPONENTS,
    st.integers(0, 5),
    st.dictionaries(KEYS, VALUES, max_size=8),
    st.lists(st.tuples(st.sampled_from(["t/1", "t/2"]), VALUES.map(json.dumps) | st.text(max_size=20)), max_size=4),
    st.fixed_dictionaries(
        {},
        optional={
            "state": st.sampled_from(["on", "off", "open", "closed", "stop", "heat", "locked", "cleaning", "5"]),
            "brightness": st.integers(0, 255),
            "current_position": st.integers(0, 100),
            "percentage": st.integers(0, 100),
            "temperature": st.floats(-50, 300),
        },
    ),
)
def test_anything_may_be_announced_told_and_asked(component, number, options, told, wish):
    payload = {"stat_t": "t/1", "cmd_t": "c/1", **options}
    FUZZED.say(f"homeassistant/{component}/x{number}/config", payload)
    for topic, text in told:
        FUZZED.say(topic, text)
    FUZZED.twin.tick(1.0)
    for id in list(FUZZED.entities):
        for topic, message in FUZZED.ask(id, **wish):
            assert isinstance(message, str)
            assert not set("+#$") & set(topic)
    for id, state in FUZZED.twin.states().items():
        assert id in FUZZED.entities
        assert isinstance(state.state, str)
        assert 0 <= state.attributes.get("brightness", 0) <= 255
        assert 0 <= state.attributes.get("current_position", 0) <= 100


@settings(max_examples=200)
@given(st.dictionaries(st.text(max_size=6) | KEYS, VALUES, max_size=6))
def test_writing_out_abbreviations_never_fails(options):
    assert isinstance(in_full(options), dict)
