"""Every device has its own last will on a broker that outlives the home."""

import signal
import subprocess
import sys
import time

import pytest

from assistant.mqtt import MqttBroker, Timing
from simulator.homes import load_home
from simulator.live import LiveHome
from simulator.mosquitto import Mosquitto, find_mosquitto
from simulator.wills import DeviceWills
from tests.waiting import until

pytestmark = pytest.mark.skipif(find_mosquitto() is None, reason="mosquitto is not installed")
HALL = "mynah/cottage/light/hall/availability"


class Onlooker:
    """Knows the last word of every device about its availability."""

    def __init__(self, url):
        self.said = {}
        self.transport = MqttBroker(url).connect()
        self.transport.subscribe("mynah/cottage/+/+/availability", self._note)

    def _note(self, message):
        self.said[message.topic] = message.payload.decode()

    def all(self, word):
        return len(self.said) == len(load_home("cottage").devices) and set(self.said.values()) == {word}


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_kill_9_takes_every_device_offline(tmp_path, version):
    with Mosquitto(tmp_path) as server:
        onlooker = Onlooker(server.url)
        command = [sys.executable, "-m", "assistant", "home", "--quiet", "--broker", f"{server.url}?version={version}"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            until(lambda: onlooker.all("online"))
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        until(lambda: onlooker.all("offline"))
        onlooker.transport.close()


def test_faults_broken_connections_and_leaving(tmp_path):
    with Mosquitto(tmp_path) as server:
        onlooker = Onlooker(server.url)
        home = LiveHome.on(load_home("cottage"), server.url).start()
        until(lambda: onlooker.all("online"))
        home.ask(lambda world: world.fault("light.hall", "offline"))
        until(lambda: onlooker.said[HALL] == "offline")
        home.ask(lambda world: world.fault("light.hall", "none"))
        until(lambda: onlooker.said[HALL] == "online")
        # Somebody else takes a device's name: its will is sent, and it comes back and says so.
        thief = MqttBroker(server.url, "mynah-cottage-light.hall").connect()
        until(lambda: onlooker.said[HALL] == "offline")
        thief.close()
        until(lambda: onlooker.said[HALL] == "online")
        home.close()
        until(lambda: onlooker.all("offline"))
        onlooker.transport.close()


def test_devices_come_back_with_the_broker(tmp_path):
    quick = Timing(back_off=(0.05, 0.1))
    with Mosquitto(tmp_path) as server:
        wills = DeviceWills(server.url, "cottage", ["light.hall", "light.bedroom"], quick)
        wills.tell("light.hall", True)
        until(lambda: wills.up == 2)
        server.kill()
        until(lambda: wills.up == 0)
        wills.tell("light.hall", False)
        server.again()
        until(lambda: wills.up == 2)
        onlooker = Onlooker(server.url)
        until(lambda: onlooker.said == {HALL: "offline"})
        wills.leave("light.bedroom")
        until(lambda: wills.up == 1)
        onlooker.transport.close()
        wills.close()


def test_a_broker_that_is_away_is_complained_about_once(tmp_path, caplog):
    with Mosquitto(tmp_path) as server:
        url = server.url
    wills = DeviceWills(url, "cottage", [f"light.l{number}" for number in range(50)], Timing(back_off=(0.01,)))
    time.sleep(0.3)
    wills.close()
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        f"a device has no connection of its own: broker {url} can't be reached: connection refused"
    ]
