"""A real Mosquitto of one's own on a free loopback port, where it is installed; for benchmarks and tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

from assistant.errors import UserError

HOST = "127.0.0.1"
START = 5.0
"""Seconds within which it must listen."""
PLACES = os.pathsep.join(
    (os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin", "/opt/homebrew/bin")
)
OPEN = ("allow_anonymous true",)


def find_mosquitto() -> str | None:
    """The program; distributions put it where only root's path leads."""
    return shutil.which("mosquitto", path=PLACES)


class Mosquitto:
    """A broker with the given settings; without any, everybody on this machine may do everything.

    `folder` is where its configuration lies. Raises `UserError` when it is not installed or does not start.
    """

    def __init__(self, folder: Path, *settings: str, port: int = 0) -> None:
        program = find_mosquitto()
        if program is None:
            raise UserError("Mosquitto is not installed (apt install mosquitto)")
        self.port = port or free_port()
        config = folder / f"mosquitto-{self.port}.conf"
        # Started by root it would become another user, who can't read the folder.
        lines = ["user root", f"listener {self.port} {HOST}", *(settings or OPEN)]
        config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.log = folder / f"mosquitto-{self.port}.log"
        self._command = [program, "-c", str(config)]
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(self._command, stdout=log, stderr=log)
        until = time.monotonic() + START
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, self.port)) == 0:
                    return process
            time.sleep(0.005)
        process.kill()
        process.wait()
        told = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise UserError(f"Mosquitto did not start: {told[-1] if told else 'it says nothing'}")

    @property
    def url(self) -> str:
        """The address for `--broker`."""
        return f"mqtt://{HOST}:{self.port}"

    def close(self) -> None:
        """End it as a service manager would."""
        self.process.terminate()
        self.process.wait(START)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(START)

    def again(self) -> None:
        """Start it once more, on the same port."""
        self.process = self._started()

    def __enter__(self) -> Mosquitto:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
