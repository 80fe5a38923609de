"""The program as a process: it ends cleanly when asked, and loses nothing that was answered when killed."""

import signal
import subprocess
import sys
import time

import pytest

from assistant.mqtt import PahoTransport
from assistant.store import Store

RUN = [sys.executable, "-m", "assistant", "run", "--text", "--plain", "--data"]


@pytest.fixture
def started(tmp_path):
    """A running assistant that has answered one request; the folder it keeps its data in."""
    process = subprocess.Popen(
        [*RUN, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdin.write("turn on the kitchen light\n")
    process.stdin.flush()
    assert "Kitchen Light is on" in process.stdout.readline()
    yield process, tmp_path
    process.kill()
    process.communicate()


def test_kill_9_loses_nothing_that_was_answered(started):
    process, folder = started
    process.send_signal(signal.SIGKILL)
    process.wait()
    (turn,) = Store.open(folder).last(5)
    assert turn.said == "turn on the kitchen light"
    assert turn.outcome.after["light.kitchen"].state == "on"
    # It did not begin before every device had told its state.
    assert turn.context.states["climate.oven"].state == "off"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_when_asked(started, how):
    process, folder = started
    process.send_signal(how)
    _, errors = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert Store.open(folder).count() == 1


def test_the_home_goes_offline_in_order():
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "home", "--quiet"], stderr=subprocess.PIPE, text=True
    )
    told = process.stderr.readline()
    url = next(word.strip(",") for word in told.split() if word.startswith("mqtt://"))
    seen = []
    transport = PahoTransport(url)
    transport.subscribe("mynah/cottage/+/+/availability", lambda message: seen.append(message.payload))
    transport.subscribe("mynah/cottage/availability", lambda message: seen.append(message.payload))
    deadline = time.monotonic() + 10
    while not seen and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=15)
    transport.close()
    assert process.returncode == 0
    assert b"offline" in seen
