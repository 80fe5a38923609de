"""A broker that is killed again and again, at random moments, while a home and a controller are busy with each other.

    python -m simulator.benchmarks.restarts --times 200

No command may be executed twice, none late, and at the end every state must be right. Prints JSON; 1 when something
did not hold.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from assistant.cli.common import note, print_json
from assistant.engine import COMMAND_EXPIRY
from assistant.mqtt import MqttBroker, PahoTransport, Timing
from devices.wire import Broker, Message, Transport, Will, entity_topic
from simulator.broker import EmbeddedBroker
from simulator.homes import load_home
from simulator.live import LiveHome
from simulator.mosquitto import Mosquitto
from simulator.world import World

RATE = 200
"""Commands a second."""
BY_HAND = 50
"""Changes by hand a second."""
UP = (0.02, 0.5)
"""Seconds, from and to, that a broker lives once both ends are back."""
DOWN = (0.0, 0.4)
"""Seconds that it is gone."""
BACK = 30.0
"""Seconds within which both ends must be back, and the last states have arrived."""
QUICK = Timing(back_off=(0.1, 0.2, 0.4))
"""A minute of waiting for each of 200 restarts would show nothing more."""
LOWEST = 30.0
"""Degrees that the oven takes at least; every command asks for another temperature, and so can be told apart."""


class Restartable(Protocol):
    """A broker that can be ended and started again on the same port."""

    url: str

    def end(self, rudely: bool) -> None:
        """Stop it."""

    def begin(self) -> None:
        """Start it."""


class RestartableEmbedded:
    """The embedded broker; it forgets everything."""

    def __init__(self) -> None:
        self._server = EmbeddedBroker()
        self.url = self._server.url

    def end(self, rudely: bool) -> None:  # noqa: ARG002  # it knows one way
        """Stop it."""
        self._server.close()

    def begin(self) -> None:
        """Start it, empty."""
        self._server = EmbeddedBroker(self._server.port)


class RestartableMosquitto:
    """A Mosquitto that keeps what is retained when it is asked to end, and loses what is new when it is killed."""

    def __init__(self, folder: Path) -> None:
        kept = folder / "kept"
        kept.mkdir()
        settings = ("allow_anonymous true", "persistence true", f"persistence_location {kept}/")
        self._server = Mosquitto(folder, *settings)
        self.url = self._server.url

    def end(self, rudely: bool) -> None:
        """Kill it, or ask it to end."""
        if rudely:
            self._server.kill()
        else:
            self._server.close()

    def begin(self) -> None:
        """Start it with what it had kept."""
        self._server.again()


@dataclass
class Journal:
    """When each command was sent, when it came to the home, and when the broker was started."""

    sent: dict[str, float] = field(default_factory=dict)
    came: list[tuple[str, float]] = field(default_factory=list)
    started: list[float] = field(default_factory=list)

    def twice(self) -> int:
        """How many commands came more than once."""
        return sum(count > 1 for count in Counter(payload for payload, _at in self.came).values())

    def late(self) -> int:
        """How many came over another run of the broker than they were sent to, or after their time."""
        return sum(self._is_late(self.sent[payload], at) for payload, at in self.came)

    def _is_late(self, sent: float, came: float) -> bool:
        return came - sent > COMMAND_EXPIRY or any(sent < start < came for start in self.started)

    def longest(self) -> float:
        """Seconds from sending to arriving, of the slowest."""
        return max((at - self.sent[payload] for payload, at in self.came), default=0.0)


@dataclass(frozen=True)
class Overheard:
    """A broker whose connections write down every command that comes to them."""

    broker: Broker
    journal: Journal

    def connect(self, will: Will | None = None, on_state: Callable[[bool], None] | None = None) -> Transport:
        """A connection as the broker gives it, with an ear on it."""
        transport = self.broker.connect(will, on_state)
        subscribe = transport.subscribe

        def overhear(pattern: str, callback: Callable[[Message], None], commands: bool = False) -> None:
            def called(message: Message) -> None:
                if message.topic.endswith("/set") and message.payload and not message.retain:
                    self.journal.came.append((message.payload.decode(), time.monotonic()))
                callback(message)

            subscribe(pattern, called, commands)

        transport.subscribe = overhear  # type: ignore[method-assign]
        return transport


class Controller(threading.Thread):
    """Sends commands, each of them only once, as fast as it is told."""

    def __init__(self, url: str, home: str, journal: Journal) -> None:
        super().__init__(name="controller", daemon=True)
        self.transport = PahoTransport(url, "mynah-controller", timing=QUICK)
        self.sent = 0
        self.last = ""
        self._topic = entity_topic(home, "climate.oven", "set")
        self._journal = journal
        self._ending = threading.Event()

    def run(self) -> None:
        """Send until the end."""
        while not self._ending.wait(1 / RATE):
            self.send()

    def send(self) -> None:
        """The next command. What can't be sent now is never sent."""
        self.sent += 1
        payload = json.dumps({"temperature": round(LOWEST + self.sent * 0.001, 3)})
        if self.transport.connected:
            self._journal.sent[payload] = time.monotonic()
            self.last = payload
            self.transport.publish(self._topic, payload, expiry=COMMAND_EXPIRY)

    def end(self) -> None:
        """Stop sending."""
        self._ending.set()
        self.join()


def restarts(server: Restartable, times: int, seed: int) -> dict[str, Any]:
    """Kill the broker that often; what came of it."""
    chance = random.Random(seed)
    journal = Journal()
    home = load_home("cottage")
    live = LiveHome(home, Overheard(MqttBroker(server.url, "mynah-home", QUICK), journal)).start()
    controller = Controller(server.url, home.id, journal)
    flipping = threading.Event()
    hands = threading.Thread(target=_flip, args=(live, flipping, random.Random(seed)), daemon=True)
    hands.start()
    controller.start()
    began = time.monotonic()
    outages = []
    for number in range(times):
        time.sleep(chance.uniform(*UP))
        server.end(chance.random() < 0.5)
        cut = time.monotonic()
        time.sleep(chance.uniform(*DOWN))
        server.begin()
        journal.started.append(time.monotonic())
        _wait(lambda: live.presence.connected and controller.transport.connected)
        outages.append(time.monotonic() - cut)
        if number % 20 == 19:
            note(f"{number + 1} restarts, {len(journal.came):,} commands came")
    flipping.set()
    hands.join()
    controller.end()
    told = {
        "restarts": times, "seconds": round(time.monotonic() - began, 1), "sent": len(journal.sent),
        "not_sent": controller.sent - len(journal.sent), "executed": len(journal.came), "twice": journal.twice(),
        "late": journal.late(), "slowest_ms": round(journal.longest() * 1000, 1),
        "longest_outage_s": round(max(outages), 2), "states_right": _states_right(live, controller, server.url),
        "version": controller.transport.version,
    }  # fmt: skip
    controller.transport.close()
    live.close()
    server.end(False)
    return told


def _flip(live: LiveHome, ending: threading.Event, chance: random.Random) -> None:
    """Hands at the switches."""
    lights = [each for each in live.world.devices if each.startswith("light.")]
    while not ending.wait(1 / BY_HAND):
        wanted = {"state": chance.choice(("on", "off"))}
        live.ask(partial(World.by_hand, entity=chance.choice(lights), wanted=wanted))


def _wait(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + BACK
    while not holds():
        if time.monotonic() > until:
            raise RuntimeError(f"something is not back after {BACK:g} s")
        time.sleep(0.005)


def _states_right(live: LiveHome, controller: Controller, url: str) -> bool:
    """Whether the last command was obeyed, and a newcomer is told exactly what the world holds."""
    controller.send()
    wanted = json.loads(controller.last)["temperature"]
    seen: dict[str, Any] = {}
    newcomer = MqttBroker(url).connect()
    root = live.world.home.id
    newcomer.subscribe(entity_topic(root, "+.+", "state"), lambda each: seen.update({each.topic: each.payload}))

    def right() -> bool:
        truth = live.ask(lambda world: {each: world.report(each) for each in world.devices})
        told = {entity: json.loads(seen.get(entity_topic(root, entity, "state"), b"null")) for entity in truth}
        taken: object = truth["climate.oven"]["attributes"]["temperature"]
        return bool(told == json.loads(json.dumps(truth))) and taken == wanted

    try:
        _wait(right)
    except RuntimeError:
        return False
    finally:
        newcomer.close()
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 when something did not hold."""
    parser = argparse.ArgumentParser("python -m simulator.benchmarks.restarts", description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--kind", choices=("embedded", "mosquitto"), default="embedded")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="mynah-") as folder:
        server = RestartableEmbedded() if options.kind == "embedded" else RestartableMosquitto(Path(folder))
        told = restarts(server, options.times, options.seed)
    print_json(told)
    return 0 if told["twice"] == told["late"] == 0 and told["states_right"] else 1


if __name__ == "__main__":
    sys.exit(main())
