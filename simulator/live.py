"""A home that lives by itself: its world runs on a thread of its own and is present on a broker."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from assistant.errors import UserError
from assistant.mqtt import MqttBroker
from devices.wire import Broker
from simulator.clock import RunningClock
from simulator.homes.model import HomeFile
from simulator.presence import Presence
from simulator.wills import DeviceWills
from simulator.world import World

BRIEFEST = 0.02
"""Seconds between two steps, however fast the clock runs."""
REST = 1.0
"""Seconds between two steps while nothing happens."""
ANSWER = 5.0
"""Seconds within which the world must answer."""

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class LiveHome:
    """Runs a home in real time, or faster. Only its own thread touches the world: others use `ask`.

    `wills` is for a broker that outlives the home. Raises `UserError` when the broker can't be reached.
    """

    def __init__(
        self,
        home: HomeFile,
        broker: Broker,
        seed: int = 0,
        clock: RunningClock | None = None,
        wills: DeviceWills | None = None,
    ) -> None:
        self.clock = clock or RunningClock()
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self.world = World(home, seed, self.clock)
        self.presence = Presence(self.world, broker, self._work.put, wills)
        self._stepped = self.clock.monotonic()
        self._thread = threading.Thread(target=self._run, name="world", daemon=True)

    @classmethod
    def on(cls, home: HomeFile, url: str, seed: int = 0, clock: RunningClock | None = None) -> LiveHome:
        """A home on a broker that outlives it: every device has its own last will there. Raises `UserError`."""
        wills = DeviceWills(url, home.id, [device.entity for device in home.devices])
        try:
            return cls(home, MqttBroker(url, f"mynah-{home.id}"), seed, clock, wills)
        except UserError:
            wills.close()
            raise

    def start(self) -> LiveHome:
        """Let time pass."""
        self._thread.start()
        return self

    def ask(self, question: Callable[[World], Result]) -> Result:
        """Do something with the world, on its thread, and wait for the result. Exceptions come back too."""
        answer: Future[Result] = Future()

        def work() -> None:
            try:
                answer.set_result(question(self.world))
            except Exception as error:  # it belongs to whoever asked
                answer.set_exception(error)

        self._work.put(work)
        return answer.result(ANSWER)

    def close(self) -> None:
        """Stop time; every device goes offline in order."""
        if self._thread.is_alive():
            self._work.put(None)
            self._thread.join(ANSWER)
        self.presence.close()

    def _run(self) -> None:
        while True:
            try:
                work = self._work.get(timeout=self._pause())
            except queue.Empty:
                self._step()
                continue
            if work is None:
                return
            self._step()
            try:
                work()
            except Exception:
                # One bad message must not end the home.
                log.exception("a message could not be handled")

    def _pause(self) -> float:
        """Seconds until something happens in the world by itself."""
        return min(max(self.world.quiet / self.clock.speed, BRIEFEST), REST)

    def _step(self) -> None:
        now = self.clock.monotonic()
        passed, self._stepped = now - self._stepped, now
        try:
            self.world.step(passed)
        except Exception:
            # One device that fails must not stop the time of all others.
            log.exception("a step of the world failed")
