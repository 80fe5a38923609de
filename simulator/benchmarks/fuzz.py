"""A flood of hostile messages against a home and an assistant; nothing may crash, and no device leave its range.

    python -m simulator.benchmarks.fuzz --payloads 1000000 --seed 7

Most of it goes over the in-process transport, with the assistant being spoken to in between; `--over` sends a share
over real sockets and a real broker. Prints JSON; 1 when something did not hold.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from assistant.cli.common import note, print_json
from assistant.mqtt import Address, MqttBroker
from assistant.mqtt.client import V311, Timing, new_client, open_connection
from assistant.turn import Hypothesis, Utterance
from devices.device import Device
from devices.traits import Choice, DeviceError
from devices.wire import entity_topic
from simulator.benchmarks.hostile import Hostile, Shot
from simulator.broker import EmbeddedBroker
from simulator.homes import load_home
from simulator.live import LiveHome
from simulator.replay.stage import Stage
from simulator.world import Change

START = datetime(2026, 3, 2, 12, 0)
BREATH = 100
"""Messages between two moments at which time passes and the assistant takes in what came."""
SPEAK = 10_000
"""Messages between two requests."""
REQUESTS = (
    "turn on the kitchen light", "what is on in the living room", "is the garage door open", "turn everything off",
    "set the oven to 180 degrees", "make it warmer", "add milk to the shopping list", "how warm is it",
)  # fmt: skip
LAST = 30.0
"""Seconds for a message to arrive."""
MOST = 20
"""Crashes that are kept."""


def out_of_range(device: Device, report: dict[str, Any]) -> str | None:
    """What of a report is not among the values that the device's own traits allow."""
    json.dumps(report, allow_nan=False)
    for key, trait in device.traits.items():
        value = report["state"] if key == "state" else report["attributes"].get(key)
        if value is None or (isinstance(trait, Choice) and value in trait.told):
            continue
        try:
            trait.check(value)
        except DeviceError as error:
            if not (key == "state" and _is_moment(device.entity, value)):
                return f"{device.entity}: {error}"
    return None


def _is_moment(entity: str, state: str) -> bool:
    """Whether it is the moment of the last activation: what a scene or a script has as its state, here as elsewhere."""
    try:
        return entity.startswith(("scene.", "script.")) and datetime.fromisoformat(state) is not None
    except ValueError:
        return False


class Watchman:
    """Looks at every change of every device."""

    def __init__(self, devices: dict[str, Device]) -> None:
        self.changes = 0
        self.wrong: Counter[str] = Counter()
        self._devices = devices

    def note(self, change: Change) -> None:
        """A watcher of the world."""
        self.changes += 1
        device = self._devices[change.entity]
        if wrong := out_of_range(device, device.report()):
            self.wrong[wrong[:200]] += 1


def in_process(home: str, payloads: int, seed: int) -> dict[str, Any]:
    """The flood over the in-process transport."""
    stage = Stage(load_home(home), START, None, seed)
    watchman = Watchman(stage.world.devices)
    stage.world.watch(watchman.note)
    hostile = Hostile(stage.home.id, stage.world.devices, seed)
    crashes: list[str] = []
    aims: Counter[str] = Counter()
    memory = _memory()
    began = time.perf_counter()
    for number in range(payloads):
        shot = hostile.shot()
        aims[shot.aim] += 1
        try:
            stage.broker.publish(shot.topic, shot.payload, shot.retain)
            if number % BREATH == 0:
                stage.run(1.0)
            if number % SPEAK == 0:
                said = REQUESTS[number // SPEAK % len(REQUESTS)]
                stage.assistant.engine.hear(Utterance((Hypothesis(said),)), "kitchen", "ann")
        except Exception:
            crashes.append(_crash(shot))
            if len(crashes) >= MOST:
                break
        if number % 50_000 == 49_999:
            note(f"{number + 1:,} payloads, {time.perf_counter() - began:.0f} s, {_memory():.0f} MB")
    taken = time.perf_counter() - began
    told = {
        "payloads": sum(aims.values()), "aims": dict(aims), "seconds": round(taken, 1), "crashes": crashes,
        "commands_refused": dict(stage.presence.rejected), "changes": watchman.changes,
        "out_of_range": dict(watchman.wrong), "not_understood": stage.assistant.twin.rejected,
        "announcements_not_understood": stage.assistant.twin.things.rejected,
        "memory_grown_mb": round(_memory() - memory), "works_afterwards": _recovers(stage),
    }  # fmt: skip
    stage.close()
    return told


def _recovers(stage: Stage) -> bool:
    """Whether a light can be switched by a plain sentence once the home has announced itself again."""
    entity = "light.kitchen"
    for each in stage.world.devices:
        stage.world.fault(each, "none")
    stage.broker.publish("homeassistant/status", b"online", False)
    stage.run(1.0)
    wanted = "off" if stage.world.report(entity)["state"] == "on" else "on"
    stage.assistant.engine.hear(Utterance((Hypothesis(f"turn {wanted} the kitchen light"),)), "kitchen", "ann")
    return bool(stage.world.report(entity)["state"] == wanted)


def _crash(shot: Shot) -> str:
    where = "".join(traceback.format_exc(limit=-4))
    return f"{shot.topic[:200]} {shot.payload[:300]!r} {where}"


def over_a_broker(home: str, payloads: int, seed: int, url: str) -> dict[str, Any]:
    """A share of the flood over sockets, by a client that is not ours, against a home that lives by itself."""
    live = LiveHome(load_home(home), MqttBroker(url, "mynah-fuzzed")).start()
    watchman = Watchman(live.world.devices)
    live.ask(lambda world: world.watch(watchman.note))
    hostile = Hostile(live.world.home.id, live.world.devices, seed)
    client = new_client(Address.parse(url), V311, "", None)
    open_connection(client, Address.parse(url), Timing().keepalive)
    client.loop_start()
    aims: Counter[str] = Counter()
    for _number in range(payloads):
        shot = hostile.shot()
        try:
            sent = client.publish(shot.topic, shot.payload, qos=1, retain=shot.retain)
            sent.wait_for_publish(LAST)
            aims[shot.aim] += 1
        except ValueError:
            # The client itself won't send it: no topic, or one with a wildcard.
            aims["unsendable"] += 1
    client.disconnect()
    client.loop_stop()
    told = {
        "payloads": sum(aims.values()), "aims": dict(aims), "works_afterwards": _obeys(live, url),
        "commands_refused": dict(live.presence.rejected), "changes": watchman.changes,
        "out_of_range": dict(watchman.wrong),
    }  # fmt: skip
    live.close()
    return told


def _obeys(live: LiveHome, url: str) -> bool:
    """Whether the home still does what it is asked over the same broker."""
    entity, transport = "light.kitchen", MqttBroker(url).connect()
    live.ask(lambda world: world.fault(entity, "none"))
    was = live.ask(lambda world: world.report(entity)["state"])
    wanted = "off" if was == "on" else "on"
    transport.publish(entity_topic(live.world.home.id, entity, "set"), json.dumps({"state": wanted}))
    until = time.monotonic() + LAST
    while not (done := live.ask(lambda world: world.report(entity)["state"]) == wanted) and time.monotonic() < until:
        time.sleep(0.05)
    transport.close()
    return bool(done)


class Errors(logging.Handler):
    """Keeps what was logged as an error: an exception that somebody caught, and nobody should have had to."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Called by `logging`."""
        if len(self.told) < MOST:
            self.told.append(self.format(record)[-2000:])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the flood; 1 when something did not hold."""
    parser = argparse.ArgumentParser("python -m simulator.benchmarks.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--payloads", type=int, default=100_000)
    parser.add_argument("--over", type=int, default=20_000, metavar="N", help="this many more over a real broker")
    parser.add_argument("--broker", metavar="URL", help="that broker (default: the embedded one)")
    parser.add_argument("--home", default="cottage")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    errors = Errors()
    logging.basicConfig(level=logging.ERROR, handlers=[errors])
    told: dict[str, Any] = {}
    if options.payloads:
        told["in_process"] = in_process(options.home, options.payloads, options.seed)
    if options.over:
        with contextlib.ExitStack() as stack:
            url = options.broker or stack.enter_context(EmbeddedBroker()).url
            told["over_a_broker"] = over_a_broker(options.home, options.over, options.seed, url)
    told["errors_logged"] = errors.told
    print_json(told)
    return 0 if held(told) else 1


def held(told: dict[str, Any]) -> bool:
    """Whether everything held that should."""
    runs = [run for name, run in told.items() if name != "errors_logged"]
    bad = any(run.get("crashes") or run["out_of_range"] or not run["works_afterwards"] for run in runs)
    return not bad and not told["errors_logged"]


def _memory() -> float:
    """Most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
