"""The assistant alone on a broker, as a process: the how-to works as printed."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from assistant.cli import main
from tests.simulator.test_brokers import free_port, needs_mosquitto

HOW_TO = Path("docs/how-to/use-real-devices.md")


@needs_mosquitto
def test_the_how_to_works_as_printed(tmp_path):
    _first, printed = re.findall(r"```sh\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    script = printed.replace("1883", str(free_port())).replace("mynah run", f"{sys.executable} -m assistant run")
    script = f"trap 'kill $(jobs -p)' EXIT\n{script}"
    began = time.monotonic()
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True, text=True, timeout=60, start_new_session=True,
        env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"},
    )  # fmt: skip
    assert "The Hall Lamp is on." in done.stdout, done.stderr
    assert time.monotonic() - began < 30


def test_no_home_needs_a_broker(capsys):
    assert main(["run", "--home", "none", "--text", "--data", ":memory:"]) == 2
    assert capsys.readouterr().err.endswith("needs --broker: the address of the broker that your devices are on\n")
