"""`mynah home`: only the simulated home, for any MQTT client to drive."""

from __future__ import annotations

import argparse
import signal
import threading

from rich.console import Console
from rich.live import Live

from assistant.cli.common import note
from assistant.mqtt import MqttBroker
from simulator.broker import EmbeddedBroker
from simulator.console import Changes, home_view
from simulator.homes import load_home
from simulator.live import LiveHome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which home, and where."""
    parser.add_argument("--home", default="cottage", help="a bundled home or a file")
    parser.add_argument("--broker", metavar="URL", help="mqtt(s)://user:password@host:port; default: an embedded one")
    parser.add_argument("--port", type=int, default=0, help="port of the embedded broker (default: a free one)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quiet", action="store_true", help="no view, for services")


def run(arguments: argparse.Namespace) -> int:
    """Live until Ctrl-C or SIGTERM; then every device goes offline in order."""
    home = load_home(arguments.home)
    broker = None if arguments.broker else EmbeddedBroker(arguments.port)
    if broker is not None:
        live = LiveHome(home, MqttBroker(broker.url, f"mynah-{home.id}"), arguments.seed)
    else:
        live = LiveHome.on(home, arguments.broker, arguments.seed)
    changes = Changes(live.world)
    live.world.watch(changes.note)
    live.start()
    ending = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ending.set())
    where = broker.url if broker else "the given broker"
    try:
        if arguments.quiet or not Console().is_terminal:
            note(f"{home.name}: {len(home.devices)} devices on {where}, topics mynah/{home.id}/#")
            ending.wait()
        else:
            _show(live, changes, f"{where} · topics mynah/{home.id}/# · Ctrl-C ends", ending)
    finally:
        live.close()
        if broker:
            broker.close()
    return 0


def _show(live: LiveHome, changes: Changes, footer: str, ending: threading.Event) -> None:
    with Live(screen=True, auto_refresh=False) as screen:
        while not ending.is_set():
            screen.update(live.ask(lambda world: home_view(world, changes, footer)), refresh=True)
            ending.wait(0.25)
