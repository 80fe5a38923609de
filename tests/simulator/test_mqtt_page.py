"""The commands that the page on MQTT prints work as printed, with clients that nobody here wrote."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.mosquitto import free_port
from tests.waiting import until

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "mqtt.md"
pytestmark = pytest.mark.skipif(shutil.which("mosquitto_sub") is None, reason="mosquitto-clients are not installed")


def printed():
    """The commands of the first two blocks: the home, and what is typed in another terminal."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    return [line for block in blocks[:2] for line in block.splitlines() if line]


@pytest.fixture
def port():
    """The home of the page's first command, on a free port instead of 1883."""
    free = free_port()
    mynah, *arguments = printed()[0].split()
    assert mynah == "mynah"
    arguments[arguments.index("1883")] = str(free)
    process = subprocess.Popen([sys.executable, "-m", "assistant", *arguments], stderr=subprocess.PIPE, text=True)
    assert f"127.0.0.1:{free}" in process.stderr.readline()
    yield free
    process.terminate()
    process.communicate(timeout=10)


def typed(command, port):
    assert "-p 1883" in command
    return ["sh", "-c", "exec " + command.replace("-p 1883", f"-p {port}")]


def test_the_commands_work_as_printed(port, tmp_path):
    watch, open_door, dim, discover = printed()[1:]
    seen = tmp_path / "seen"
    with seen.open("w") as file:
        watching = subprocess.Popen(typed(watch, port), stdout=file)
    try:
        until(lambda: '"closed"' in seen.read_text())
        subprocess.run(typed(open_door, port), check=True, timeout=10)
        until(lambda: '"opening"' in seen.read_text())
    finally:
        watching.terminate()
        watching.wait()
    subprocess.run(typed(dim, port), check=True, timeout=10)
    light = watch.replace("cover/garage_door", "light/kitchen").replace(" -v ", " -C 1 ")
    until(lambda: '"brightness":128' in subprocess.check_output(typed(light, port), text=True, timeout=10))
    told = subprocess.check_output(typed(discover, port), text=True, timeout=10)
    assert told.startswith("homeassistant/light/mynah_cottage/")
    assert '"command_topic"' in told
