"""The embedded broker: amqtt on a loopback port, in a thread of its own.

The listening socket is ours and only its connections are given to amqtt: amqtt closes its own listener last, and until
then clients that come back at once would keep it from closing.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from types import TracebackType
from typing import Any

from amqtt.adapters import StreamWriterAdapter
from amqtt.broker import Broker

from assistant.errors import UserError
from simulator.greeting import REFUSED, HeadReader, acceptable, read_head

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
START = 10.0
"""Seconds within which it must be up."""
STOP = 2.0
"""Seconds that it may take to end its sessions in order."""
NOTICE = 0.05
"""Seconds between cutting the connections and ending the sessions."""
LISTENER = "loopback"
CONFIG = {
    "listeners": {"default": {"type": "external"}, LISTENER: {"type": "external"}},
    "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
}


class _Broker(Broker):  # type: ignore[misc]  # amqtt has no types
    """amqtt sends a newcomer whatever is retained under anybody's subscriptions; here only under its own."""

    async def _publish_retained_messages_for_subscription(self, subscription: tuple[str, int], session: Any) -> None:
        subscribed = self.subscriptions.get(subscription[0], ())
        if any(each.client_id == session.client_id for each, _qos in subscribed):
            await super()._publish_retained_messages_for_subscription(subscription, session)


class EmbeddedBroker:
    """A broker for this machine only. `port` 0 takes a free one; `url` tells where it is.

    Raises `UserError` when the port is taken.
    """

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self._up = threading.Event()
        self._failed: Exception | None = None
        self._loop = asyncio.new_event_loop()
        # What a cut connection leaves unfinished is no news.
        self._loop.set_exception_handler(lambda _loop, told: log.debug("%s", told.get("message")))
        self._stop = asyncio.Event()
        # Its log is about sockets and sessions, not about the home.
        for name in ("amqtt", "transitions"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._thread = threading.Thread(target=self._run, name="mqtt-broker", daemon=True)
        self._thread.start()
        if not self._up.wait(START):
            raise UserError("the embedded broker did not start")
        if self._failed is not None:
            why = getattr(self._failed, "strerror", None) or self._failed
            raise UserError(f"port {port} on {HOST} can't be used: {_plain(str(why))}")

    @property
    def url(self) -> str:
        """The address for `--broker`."""
        return f"mqtt://{HOST}:{self.port}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
            self._cancel_all()
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        broker = _Broker(CONFIG, loop=self._loop)
        writers: set[asyncio.StreamWriter] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writers.add(writer)
            try:
                head = await read_head(reader)
                if acceptable(head):
                    await broker.external_connected(HeadReader(reader, head), StreamWriterAdapter(writer), LISTENER)
                else:
                    writer.write(REFUSED)
                    await writer.drain()
            except Exception as error:  # whatever a stranger sends, only his own connection ends
                log.debug("a connection ended with %r", error)
            finally:
                writers.discard(writer)
                writer.close()

        try:
            server = await asyncio.start_server(connected, HOST, self.port)
        except (OSError, OverflowError) as error:
            self._failed = error
            self._up.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        await broker.start()
        self._up.set()
        await self._stop.wait()
        server.close()
        for writer in list(writers):
            writer.transport.abort()
        # A moment for the sessions to notice; amqtt would go on writing to them.
        await asyncio.sleep(NOTICE)
        try:
            await asyncio.wait_for(broker.shutdown(), STOP)
        except TimeoutError:
            log.debug("the embedded broker was cut off")

    def _cancel_all(self) -> None:
        """End what is still running in the loop, so that nothing is left behind."""
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        if left:
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    def close(self) -> None:
        """Stop; every connection is lost."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(START)

    def __enter__(self) -> EmbeddedBroker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _plain(why: str) -> str:
    """Asyncio's error repeats the address in front of the reason.

    >>> _plain("error while attempting to bind on address ('127.0.0.1', 1): address already in use")
    'address already in use'
    """
    return why.rpartition(": ")[2].lower()
