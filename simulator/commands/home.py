"""`mynah home`: only the simulated home, for any MQTT client to drive."""

from __future__ import annotations

import argparse
import signal
import threading
from datetime import datetime

from rich.console import Console
from rich.live import Live

from assistant.cli.common import note
from assistant.errors import UserError
from assistant.mqtt import MqttBroker
from simulator.broker import EmbeddedBroker
from simulator.changes import Changes
from simulator.clock import RunningClock
from simulator.console import HomeView
from simulator.homes import load_home
from simulator.live import LiveHome
from simulator.residents import Residents
from simulator.troubles import Troubles, read_plan

REFRESH = 0.25
"""Seconds between two pictures."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which home, where, and how it lives."""
    parser.add_argument("--home", default="cottage", help="a bundled home (cottage, flat, house, estate) or a file")
    parser.add_argument("--broker", metavar="URL", help="mqtt(s)://user:password@host:port; default: an embedded one")
    parser.add_argument("--port", type=int, default=0, help="port of the embedded broker (default: a free one)")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times as fast as real time, 1 to 10,000")
    parser.add_argument("--start", metavar="TIME", help="date and time at which the home begins (default: now)")
    parser.add_argument("--life", action="store_true", help="residents live in it, and use things by hand")
    parser.add_argument("--faults", metavar="RATE|FILE", help="faults per device and day at random, or a plan (YAML)")
    parser.add_argument("--seed", type=int, default=0, help="of weather, residents and random faults")
    parser.add_argument("--quiet", action="store_true", help="no view, for services")


def run(arguments: argparse.Namespace) -> int:
    """Live until Ctrl-C or SIGTERM; then every device goes offline in order."""
    ending = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ending.set())
    home = load_home(arguments.home)
    clock = RunningClock(_start(arguments.start), arguments.speed)
    plan = read_plan(arguments.faults, home) if arguments.faults is not None else None
    broker = None if arguments.broker else EmbeddedBroker(arguments.port)
    live: LiveHome | None = None
    try:
        if broker is not None:
            live = LiveHome(home, MqttBroker(broker.url, f"mynah-{home.id}"), arguments.seed, clock)
        else:
            live = LiveHome.on(home, arguments.broker, arguments.seed, clock)
        changes = Changes(live.world)
        live.world.watch(changes.note)
        if arguments.life:
            Residents(live.world)
        if plan is not None:
            Troubles(live.world, plan).begin()
        live.start()
        where = broker.url if broker else "the given broker"
        if arguments.quiet or not Console().is_terminal:
            note(f"{home.name}: {len(home.devices)} devices on {where}, topics mynah/{home.id}/#")
            ending.wait()
        else:
            _show(live, HomeView(live.world, changes, clock.speed, f"{where}  topics mynah/{home.id}/#"), ending)
    finally:
        if live is not None:
            live.close()
        if broker:
            broker.close()
    return 0


def _start(text: str | None) -> datetime | None:
    """A moment in ISO 8601, without a zone. Raises `UserError`."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise UserError(f"--start: {text!r} is no time; write 2026-03-02T07:00") from None


def _show(live: LiveHome, view: HomeView, ending: threading.Event) -> None:
    """Draw until the end; the world stands still while a picture of it is made."""
    console = Console()
    with Live(console=console, screen=True, auto_refresh=False) as screen:
        while not ending.is_set():
            screen.update(live.ask(lambda _world: view.picture(*console.size)), refresh=True)
            ending.wait(REFRESH)
