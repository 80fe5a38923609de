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


HOME = [sys.executable, "-m", "assistant", "home", "--quiet"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_home_goes_offline_in_order(how):
    lively = ["--speed", "600", "--start", "2026-03-02T06:30", "--life", "--faults", "5"]
    process = subprocess.Popen([*HOME, *lively], stderr=subprocess.PIPE, text=True)
    told = process.stderr.readline()
    url = next(word.strip(",") for word in told.split() if word.startswith("mqtt://"))
    seen = []
    transport = PahoTransport(url)
    transport.subscribe("mynah/cottage/+/+/availability", lambda message: seen.append(message.payload))
    transport.subscribe("mynah/cottage/availability", lambda message: seen.append(message.payload))
    deadline = time.monotonic() + 10
    while not seen and time.monotonic() < deadline:
        time.sleep(0.02)
    seen.clear()
    process.send_signal(how)
    _, errors = process.communicate(timeout=15)
    transport.close()
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert seen.count(b"offline") > 20
    assert seen[-1] == b"offline"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--speed", "0"], "a speed is 1 to 10,000 times real time"),
        (["--start", "soon"], "--start: 'soon' is no time"),
        (["--faults", "nowhere.yaml"], "nowhere.yaml: no such file"),
        (["--home", "estat"], "unknown home 'estat', did you mean 'estate'"),
    ],
)
def test_the_home_says_what_is_wrong(arguments, told):
    ended = subprocess.run([*HOME, *arguments], capture_output=True, text=True, timeout=20)
    assert ended.returncode == 2
    assert told in ended.stderr
    assert ended.stderr.count("\n") == 1
