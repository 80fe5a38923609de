"""The embedded broker: amqtt on a loopback port, in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from types import TracebackType

from amqtt.broker import Broker
from amqtt.errors import BrokerError

from assistant.errors import UserError

HOST = "127.0.0.1"
START = 10.0
"""Seconds within which it must be up."""


class EmbeddedBroker:
    """A broker for this machine only. `port` 0 takes a free one; `url` tells where it is once it has started.

    Raises `UserError` when the port is taken.
    """

    def __init__(self, port: int = 0) -> None:
        self.port = _free(port)
        self._up = threading.Event()
        self._failed: Exception | None = None
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        # Its log is about sockets and sessions, not about the home.
        for name in ("amqtt", "transitions"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._thread = threading.Thread(target=self._run, name="mqtt-broker", daemon=True)
        self._thread.start()
        if not self._up.wait(START) or self._failed is not None:
            raise UserError(f"the embedded broker did not start on port {self.port}: {self._failed or 'no answer'}")

    @property
    def url(self) -> str:
        """The address for `--broker`."""
        return f"mqtt://{HOST}:{self.port}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        broker = Broker(_config(self.port), loop=self._loop)
        try:
            await broker.start()
        except (BrokerError, OSError) as error:
            self._failed = error
            return
        finally:
            self._up.set()
        await self._stop.wait()
        await broker.shutdown()

    def close(self) -> None:
        """Stop; every connection is lost."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(START)

    def __enter__(self) -> EmbeddedBroker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _config(port: int) -> dict[str, object]:
    return {
        "listeners": {"default": {"type": "tcp", "bind": f"{HOST}:{port}", "max_connections": 2000}},
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    }


def _free(port: int) -> int:
    """The port, when it is free. Raises `UserError`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            raise UserError(f"port {port} on {HOST} can't be used: {str(why).lower()}") from None
        return int(probe.getsockname()[1])
