"""How fast the home is over a broker: a command to the device's own word, with one device and with a thousand."""

from __future__ import annotations

import contextlib
import json
import queue
import random
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from assistant.errors import UserError
from assistant.mqtt import MqttBroker
from assistant.twin import Twin
from devices.wire import Message, entity_topic
from simulator.benchmarks.figures import Figure, quantile, timing
from simulator.broker import EmbeddedBroker
from simulator.homes.model import DeviceSpec, HomeFile, Room
from simulator.live import LiveHome
from simulator.mosquitto import Mosquitto, find_mosquitto
from simulator.world import World

KINDS = ("light", "light", "light", "switch", "cover", "fan", "lock", "vacuum")
DEVICES = 1_000
ROOMS = 50
REPORTS = 200
"""State messages a second, beside the commands."""
SINGLE = 300
LOADED = 1_000
GAP = 0.01
"""Seconds between two commands."""
READY = 30.0
"""Seconds within which everything must be announced, and a command confirmed."""
TARGET = "light.d0"


def generated(devices: int) -> HomeFile:
    """A home of that many devices; the first one is a light."""
    rooms = tuple(Room(f"r{number}", f"Room {number}") for number in range(min(devices, ROOMS)))
    specs = []
    for number in range(devices):
        kind = KINDS[number % len(KINDS)]
        specs.append(DeviceSpec(f"{kind}.d{number}", kind, f"{kind} {number}", rooms[number % len(rooms)].id))
    return HomeFile("estate", "Estate", rooms=rooms, devices=tuple(specs))


class Onlooker:
    """The assistant's end: a twin, fed from a queue on the caller's thread."""

    def __init__(self, url: str, home: str) -> None:
        self.twin = Twin(home)
        self.transport = MqttBroker(url).connect()
        self._inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.twin.connect(self.transport, self._inbox.put)

    def until(self, holds: Callable[[Twin], bool]) -> None:
        """Take in messages until it holds. Raises `RuntimeError` when it does not come to."""
        end = time.monotonic() + READY
        while not holds(self.twin):
            try:
                self.twin.feed(self._inbox.get(timeout=max(0.0, end - time.monotonic())), time.monotonic())
                while not self._inbox.empty():
                    self.twin.feed(self._inbox.get(), time.monotonic())
            except queue.Empty:
                raise RuntimeError(f"the home did not answer within {READY:g} s") from None

    def command(self, home: str, wanted: str) -> float:
        """Seconds from the command to the device's own word."""
        began = time.perf_counter()
        self.transport.publish(entity_topic(home, TARGET, "set"), json.dumps({"state": wanted}))
        self.until(lambda twin: twin.states()[TARGET].state == wanted)
        return time.perf_counter() - began


def wire(_data: Path | None, seed: int) -> Iterator[Figure]:
    """The same on the embedded broker and, where it is installed, on Mosquitto."""
    for name, broker in (("embedded broker", _embedded), ("Mosquitto", _mosquitto)):
        if broker is _mosquitto and find_mosquitto() is None:
            yield Figure("wire", "Mosquitto", "not installed")
            continue
        with broker() as (url, outlives):
            with _living(generated(1), url, outlives) as (_live, onlooker):
                taken = _commands(onlooker, SINGLE)
            yield timing("wire", f"command to confirmed state, one device, {name}", taken)
        with broker() as (url, outlives):
            yield from _estate(name, url, outlives, seed)


@contextlib.contextmanager
def _embedded() -> Iterator[tuple[str, bool]]:
    with EmbeddedBroker() as server:
        yield server.url, False


@contextlib.contextmanager
def _mosquitto() -> Iterator[tuple[str, bool]]:
    with tempfile.TemporaryDirectory(prefix="mynah-") as folder, Mosquitto(Path(folder)) as server:
        yield server.url, True


@contextlib.contextmanager
def _living(home: HomeFile, url: str, outlives: bool) -> Iterator[tuple[LiveHome, Onlooker]]:
    """A home with its onlooker, once that has heard from every device."""
    onlooker = Onlooker(url, home.id)
    live = LiveHome.on(home, url) if outlives else LiveHome(home, MqttBroker(url, f"mynah-{home.id}"))
    live.start()
    wanted = {device.entity for device in home.devices}
    try:
        onlooker.until(lambda twin: _announced(twin, wanted))
        yield live, onlooker
    finally:
        onlooker.transport.close()
        live.close()


def _announced(twin: Twin, wanted: set[str]) -> bool:
    """Whether every device is described, available and has told its state."""
    if len(twin.reports) < len(wanted) or len(twin.home.entities) < len(wanted):
        return False
    reports = (twin.reports.get(entity) for entity in wanted)
    return all(each is not None and each.online and each.state.state != "unknown" for each in reports)


def _commands(onlooker: Onlooker, count: int) -> list[float]:
    taken = []
    for number in range(count):
        time.sleep(GAP)
        taken.append(onlooker.command("estate", "off" if number % 2 else "on"))
    return taken


def _estate(name: str, url: str, outlives: bool, seed: int) -> Iterator[Figure]:
    began, memory = time.perf_counter(), _memory()
    with _living(generated(DEVICES), url, outlives) as (live, onlooker):
        taken = time.perf_counter() - began
        yield Figure("wire", f"{DEVICES:,} devices announced and available, {name}", f"{taken:.2f} s", "",
                     {"seconds": taken})  # fmt: skip
        ending = threading.Event()
        hands = threading.Thread(target=_flip, args=(live, ending, random.Random(seed)), daemon=True)
        hands.start()
        loaded = _commands(onlooker, LOADED)
        ending.set()
        hands.join()
    p99 = quantile(loaded, 0.99) * 1000
    yield timing("wire", f"the same with {DEVICES:,} devices and {REPORTS} states a second, {name}", loaded)
    yield Figure("wire", "99th percentile of it", f"{p99:.3g} ms", f"{len(loaded)} commands", {"p99_ms": p99})
    grown = _memory() - memory
    yield Figure("wire", "most memory of the process", f"{_memory():.0f} MB", f"{grown:.0f} of it for this home",
                 {"mb": _memory(), "grown": grown})  # fmt: skip


def _flip(live: LiveHome, ending: threading.Event, chance: random.Random) -> None:
    """Hands at the other switches, evenly in time."""
    lights = [each for each in live.world.devices if each.startswith("light.") and each != TARGET]
    due = time.monotonic()
    while not ending.wait(max(0.0, due - time.monotonic())):
        due += 1 / REPORTS
        entity = chance.choice(lights)
        with contextlib.suppress(UserError):
            live.ask(partial(_switch, entity=entity))


def _switch(world: World, entity: str) -> None:
    world.by_hand(entity, {"state": "off" if world.report(entity)["state"] == "on" else "on"})


def _memory() -> float:
    """Most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
