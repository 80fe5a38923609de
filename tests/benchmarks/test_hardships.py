"""The long runs against the home, in short: a flood of hostile messages, and a broker that keeps dying."""

import logging
from pathlib import Path

import pytest

from simulator.benchmarks.fuzz import held, in_process, out_of_range, over_a_broker
from simulator.benchmarks.hostile import Hostile
from simulator.benchmarks.restarts import Journal, RestartableEmbedded, RestartableMosquitto, restarts
from simulator.broker import EmbeddedBroker
from simulator.mosquitto import find_mosquitto
from tests.simulator.stepped import Stepped


def test_a_flood_of_hostile_messages():
    told = in_process("cottage", 5_000, seed=3)
    assert told["crashes"] == []
    assert held({"in_process": told, "errors_logged": []}), told
    assert {"broken", "impossible", "unknown", "retained", "fault"} <= told["commands_refused"].keys()
    assert told["changes"] > 100
    assert told["not_understood"] > 500


def test_a_flood_over_a_real_broker(caplog):
    with EmbeddedBroker() as server, caplog.at_level(logging.ERROR):
        told = over_a_broker("cottage", 400, 3, server.url)
    assert held({"over": told, "errors_logged": caplog.messages}), told
    assert told["changes"] > 10


def test_the_judge_of_the_flood_sees_what_is_out_of_range():
    device = Stepped().world.devices["light.kitchen"]
    assert out_of_range(device, {"state": "on", "attributes": {"brightness": 255}}) is None
    assert "brightness must be" in out_of_range(device, {"state": "on", "attributes": {"brightness": 256}})
    assert "state must be" in out_of_range(device, {"state": "bright", "attributes": {}})
    with pytest.raises(ValueError, match="JSON"):
        out_of_range(device, {"state": "on", "attributes": {"x": float("nan")}})


def test_the_same_seed_makes_the_same_flood():
    devices = Stepped().world.devices
    one, other = (Hostile("cottage", devices, 5) for _ in range(2))
    assert [one.shot() for _ in range(200)] == [other.shot() for _ in range(200)]


@pytest.mark.parametrize("kind", ["embedded", "mosquitto"])
def test_a_broker_that_keeps_dying(kind, tmp_path):
    if kind == "mosquitto" and find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    server = RestartableEmbedded() if kind == "embedded" else RestartableMosquitto(Path(tmp_path))
    told = restarts(server, 3, seed=3)
    assert told["executed"] > 10
    assert (told["twice"], told["late"], told["states_right"]) == (0, 0, True), told


def test_the_journal_knows_late_and_twice():
    journal = Journal(sent={"a": 1.0, "b": 1.0, "c": 1.0}, came=[("a", 1.1), ("b", 1.2), ("b", 1.3), ("c", 9.0)])
    assert (journal.twice(), journal.late()) == (1, 1)
    journal.started.append(1.15)
    assert journal.late() == 3
