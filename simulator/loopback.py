"""A broker in the process: topics, wildcards, a retained store and last wills, without a socket or a thread.

Delivery is synchronous and in order: what is published while a message is being delivered waits in a queue. One thread
only; it is what replays and benchmarks run on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from devices.wire import Message, Transport, Will, matches

Callback = Callable[[Message], None]
Subscription = tuple[str, Callback, bool]
"""Pattern, callback, and whether live messages say that they were published as retained."""


class LoopbackBroker:
    """Hands messages from one connection to all others, and keeps the retained ones."""

    def __init__(self) -> None:
        self.retained: dict[str, bytes] = {}
        self._connections: list[LoopbackTransport] = []
        self._routes: dict[str, list[tuple[Callback, bool]]] = {}
        self._queue: deque[tuple[Callback, Message]] = deque()
        self._delivering = False

    def connect(self, will: Will | None = None, on_state: Callable[[bool], None] | None = None) -> Transport:
        """A new connection; `will` is published when it is dropped, not when it is closed."""
        connection = LoopbackTransport(self, will, on_state)
        self._connections.append(connection)
        if on_state is not None:
            on_state(True)
        return connection

    def publish(self, topic: str, payload: bytes, retain: bool) -> None:
        """Deliver to every matching subscription, after what is being delivered already."""
        if retain:
            if payload:
                self.retained[topic] = payload
            else:
                self.retained.pop(topic, None)
        route = self._routes.get(topic)
        if route is None:
            route = self._routes[topic] = self._route(topic)
        if route:
            message = Message(topic, payload)
            marked = Message(topic, payload, True) if retain else message
            self._queue.extend((callback, marked if commands else message) for callback, commands in route)
            self._deliver()

    def _route(self, topic: str) -> list[tuple[Callback, bool]]:
        if not topic or "+" in topic or "#" in topic:
            raise ValueError(f"{topic!r} is no topic to publish to")
        return [
            (callback, commands)
            for connection in self._connections
            for pattern, callback, commands in connection.subscriptions
            if matches(pattern, topic)
        ]

    def _deliver(self) -> None:
        if self._delivering:
            return
        self._delivering = True
        try:
            while self._queue:
                callback, message = self._queue.popleft()
                callback(message)
        finally:
            self._delivering = False

    def subscribed(self, pattern: str, callback: Callback) -> None:
        """Send what is retained to a new subscription."""
        self._routes.clear()
        found = [Message(topic, stored, True) for topic, stored in self.retained.items() if matches(pattern, topic)]
        self._queue.extend((callback, message) for message in found)
        self._deliver()

    def unsubscribed(self) -> None:
        """Forget who gets what."""
        self._routes.clear()

    def left(self, connection: LoopbackTransport, will: Will | None) -> None:
        """Forget a connection; publish its will, if there is one to publish."""
        if connection in self._connections:
            self._connections.remove(connection)
            self._routes.clear()
            if will is not None:
                self.publish(will.topic, will.payload.encode(), retain=True)


class LoopbackTransport:
    """One connection to a `LoopbackBroker`."""

    def __init__(self, broker: LoopbackBroker, will: Will | None, on_state: Callable[[bool], None] | None) -> None:
        self._broker = broker
        self._will = will
        self._on_state = on_state
        self._open = True
        self.subscriptions: list[Subscription] = []

    def publish(self, topic: str, payload: str, retain: bool = False, expiry: float | None = None) -> None:  # noqa: ARG002
        """Send; without a connection it is lost. It is delivered at once, so nothing expires."""
        if self._open:
            self._broker.publish(topic, payload.encode(), retain)

    def subscribe(self, pattern: str, callback: Callback, commands: bool = False) -> None:
        """Call back for every message whose topic matches, retained ones first."""
        self.subscriptions.append((pattern, callback, commands))
        self._broker.subscribed(pattern, callback)

    def unsubscribe(self, pattern: str) -> None:
        """No longer call back for what was subscribed to under exactly this pattern."""
        self.subscriptions = [each for each in self.subscriptions if each[0] != pattern]
        self._broker.unsubscribed()

    def close(self) -> None:
        """Leave in order; the last will is not sent."""
        self._open = False
        self._broker.left(self, None)

    def drop(self) -> None:
        """Lose the connection, as when the power fails: the last will is sent."""
        self._open = False
        self._broker.left(self, self._will)
        if self._on_state is not None:
            self._on_state(False)
