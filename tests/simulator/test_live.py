"""A home that lives by itself on a real broker, and how it looks."""

import queue
import time

import pytest
from rich.console import Console

from assistant.errors import UserError
from assistant.mqtt import MqttBroker
from assistant.twin import Twin
from simulator.broker import EmbeddedBroker
from simulator.changes import Changes
from simulator.clock import RunningClock
from simulator.console import HomeView
from simulator.homes import load_home
from simulator.live import LiveHome

WAIT = 5.0


@pytest.fixture(scope="module")
def server():
    with EmbeddedBroker() as running:
        yield running


@pytest.fixture
def home(server):
    live = LiveHome(load_home("cottage"), MqttBroker(server.url), seed=7, clock=RunningClock(speed=60)).start()
    yield live
    live.close()


class Assistant:
    """The assistant's end: a twin that is fed from a queue."""

    def __init__(self, url):
        self.twin = Twin("cottage")
        self.inbox = queue.Queue()
        self.transport = MqttBroker(url).connect()
        self.twin.connect(self.transport, self.inbox.put)

    def until(self, holds):
        end = time.monotonic() + WAIT
        while not holds(self.twin):
            self.twin.feed(self.inbox.get(timeout=max(0.01, end - time.monotonic())), time.monotonic())


def test_command_to_confirmed_state(server, home):
    assistant = Assistant(server.url)
    assistant.until(
        lambda twin: len(twin.home.entities) == len(home.world.devices) and twin.states().get("todo.shopping_list")
    )
    times = []
    for index in range(40):
        wish = "off" if index % 2 else "on"
        began = time.perf_counter()
        assistant.transport.publish("mynah/cottage/light/hall/set", f'{{"state": "{wish}"}}')
        assistant.until(lambda twin, wish=wish: twin.states()["light.hall"].state == wish)
        times.append(time.perf_counter() - began)
    assert sorted(times)[20] < 0.05
    assistant.transport.publish("mynah/cottage/cover/garage_door/set", '{"state": "open"}')
    assistant.until(lambda twin: twin.states()["cover.garage_door"].state == "opening")
    assistant.until(lambda twin: twin.states()["cover.garage_door"].state == "open")
    home.close()
    assistant.until(lambda twin: not twin.online)
    assert assistant.twin.states()["light.hall"].state == "unavailable"
    assistant.transport.close()


def test_two_ends_survive_a_restarted_broker():
    server = EmbeddedBroker()
    home = LiveHome(load_home("cottage"), MqttBroker(server.url)).start()
    assistant = Assistant(server.url)
    assistant.until(lambda twin: "light.hall" in twin.states())
    server.close()
    home.ask(lambda world: world.by_hand("light.hall", {"state": "on"}))
    server = EmbeddedBroker(server.port)
    assistant.until(lambda twin: twin.states()["light.hall"].state == "on")
    home.close()
    assistant.transport.close()
    server.close()


def test_mistakes_come_back_to_who_asked(home):
    with pytest.raises(UserError, match="unknown entity"):
        home.ask(lambda world: world.by_hand("light.nowhere", {"state": "on"}))


def test_the_view(home):
    changes = Changes(home.world)
    home.world.watch(changes.note)
    home.ask(lambda world: world.by_hand("light.living_room", {"state": "on", "brightness": 128}))
    home.ask(lambda world: world.command("climate.oven", {"state": "heat", "temperature": 200}))
    home.ask(lambda world: world.fault("lock.front_door", "offline"))
    console = Console(width=160, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(home.ask(lambda world: HomeView(world, changes, 60, "Ctrl-C ends").picture(160, 60)))
    shown = console.export_text()
    for part in ("Cottage", "Living Room", "on 50 %", "heat (to 200", "unavailable", "by hand", "over MQTT", "Ctrl-C"):
        assert part in shown
