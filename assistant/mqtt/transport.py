"""One connection to a broker, kept up.

paho's own reconnecting would send again, late, what was under way when the connection was lost; a door must not open
ten minutes after it was asked to. So every connection is a fresh client with a clean session, and what can't be sent
now is not sent at all.
"""

from __future__ import annotations

import logging
import math
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from assistant.errors import UserError
from assistant.mqtt.address import Address
from assistant.mqtt.client import (
    V5,
    V311,
    Timing,
    acknowledge,
    expiring,
    new_client,
    open_connection,
    subscribe,
    unsupported,
)
from devices.wire import Message, Transport, Will, matches

FLUSH = 1.0
"""Seconds that leaving waits for the last message."""
ROUTES = 50_000
"""Topics whose subscribers are remembered."""

PATIENT = Timing()

log = logging.getLogger(__name__)
OnState = Callable[[bool], None]
Callback = Callable[[Message], None]


@dataclass(frozen=True, slots=True)
class MqttBroker:
    """A broker at an address. `client_id` should be unique at the broker; empty lets the broker choose."""

    url: str
    client_id: str = ""
    timing: Timing = PATIENT

    def connect(self, will: Will | None = None, on_state: OnState | None = None) -> Transport:
        """A connection. Raises `UserError` when the broker can't be reached or refuses."""
        return PahoTransport(self.url, self.client_id, will, on_state, self.timing)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What is listened to, and whether it is commands (see `Transport`)."""

    pattern: str
    callback: Callback
    commands: bool = False

    @property
    def wild(self) -> bool:
        """Whether it listens to more than one topic."""
        return "+" in self.pattern or "#" in self.pattern


class PahoTransport:
    """One connection, kept up in the background: MQTT 5, or 3.1.1 where the broker speaks no other.

    Callbacks come on the network's thread and must only hand over. `on_state` hears `True` when the connection has
    come, also the first time, and `False` when it was lost. Raises `UserError` when the first connection fails; what
    goes wrong later is logged once. `dropped` counts what could not be sent, `refused` what the broker did not allow.
    """

    def __init__(
        self,
        url: str,
        client_id: str = "",
        will: Will | None = None,
        on_state: OnState | None = None,
        timing: Timing | None = None,
    ) -> None:
        self.address = Address.parse(url)
        self.dropped = 0
        self.refused = 0
        self._client_id = client_id
        self._will = will
        self._on_state = on_state
        self._timing = timing or Timing()
        self._version: MQTTProtocolVersion | None = None
        if self.address.version is not None:
            self._version = V5 if self.address.version == "5" else V311
        self._subscriptions: list[Subscription] = []
        self._patterns: list[Subscription] = []
        self._exact: dict[str, list[Callback]] = {}
        self._routes: dict[str, list[Callback]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._lost = threading.Event()
        self._why_lost = ""
        self._told: set[str] = set()
        self._connected = False
        self._last: paho.MQTTMessageInfo | None = None
        self._under_way: dict[int, str] = {}
        self._client = self._dial()
        self._keeper = threading.Thread(target=self._keep, name="mqtt-keeper", daemon=True)
        self._keeper.start()

    # -- the transport ---------------------------------------------------------------------------------------------

    @property
    def connected(self) -> bool:
        """Whether the connection is there now."""
        return self._connected

    @property
    def version(self) -> str:
        """The version of MQTT that is spoken, `5` or `3.1.1`."""
        return "5" if self._version == V5 else "3.1.1"

    def publish(self, topic: str, payload: str, retain: bool = False, expiry: float | None = None) -> None:
        """Send with quality of service 1; while the broker is away it is dropped, never sent late."""
        if not self._connected:
            self.dropped += 1
            return
        if self._version != V5:
            self._last = self._client.publish(topic, payload, qos=1, retain=retain)
            return
        properties = None if expiry is None else expiring(max(1, math.ceil(expiry)))
        self._last = self._client.publish(topic, payload, qos=1, retain=retain, properties=properties)
        self._under_way[self._last.mid] = topic

    def subscribe(self, pattern: str, callback: Callback, commands: bool = False) -> None:
        """Call back for every message whose topic matches, retained ones first; also after a reconnection."""
        with self._lock:
            made = Subscription(pattern, callback, commands)
            self._subscriptions.append(made)
            if made.wild:
                self._patterns.append(made)
                self._routes = {}
            else:
                # There may be thousands of these: they are looked up, not compared.
                self._exact.setdefault(pattern, []).append(callback)
                self._routes.pop(pattern, None)
        if self._connected:
            subscribe(self._client, pattern, commands)

    def unsubscribe(self, pattern: str) -> None:
        """No longer call back for what was subscribed to under exactly this pattern."""
        with self._lock:
            self._subscriptions = [each for each in self._subscriptions if each.pattern != pattern]
            self._patterns = [each for each in self._patterns if each.pattern != pattern]
            self._exact.pop(pattern, None)
            self._routes = {}
        if self._connected:
            self._client.unsubscribe(pattern)

    def close(self) -> None:
        """Leave in order; the last will is not sent."""
        self._closing.set()
        self._lost.set()
        last = self._last
        if self._connected and last is not None:
            try:
                last.wait_for_publish(FLUSH)
            except (RuntimeError, ValueError):
                log.debug("the last message could not be flushed")
        self._connected = False
        _hang_up(self._client)
        if threading.current_thread() is not self._keeper:
            self._keeper.join(FLUSH)

    # -- connecting ------------------------------------------------------------------------------------------------

    def _dial(self) -> paho.Client:
        """A connected client. Raises `UserError`."""
        if self._version is not None:
            return self._attempt(self._version)
        try:
            return self._attempt(V5)
        except _VersionError:
            return self._attempt(V311)

    def _attempt(self, version: MQTTProtocolVersion) -> paho.Client:
        """A connected client that speaks this version. Raises `UserError`."""
        client = new_client(self.address, version, self._client_id, self._will)
        client.connect_timeout = self._timing.answer
        answers: queue.SimpleQueue[ReasonCode | None] = queue.SimpleQueue()

        def on_connect(_client: Any, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
            if not reason.is_failure:
                self._came(client)
            answers.put(reason)

        def on_disconnect(_client: Any, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
            answers.put(None)
            self._went(reason)

        client.on_connect = on_connect
        client.on_disconnect = on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        open_connection(client, self.address, self._timing.keepalive)
        client.loop_start()
        try:
            answer = answers.get(timeout=self._timing.answer)
        except queue.Empty:
            _hang_up(client)
            raise UserError(f"broker {self.address} does not answer like an MQTT broker") from None
        if answer is None or answer.is_failure:
            _hang_up(client)
            raise _refusal(self.address, answer)
        return client

    def _came(self, client: paho.Client) -> None:
        """The connection is up (on the network's thread): subscribe to everything."""
        self._client = client
        self._under_way = {}
        with self._lock:
            subscriptions = list(self._subscriptions)
            self._version = client.protocol
            self._connected = True
        for each in subscriptions:
            subscribe(client, each.pattern, each.commands)
        if self._on_state is not None:
            self._on_state(True)

    def _went(self, reason: ReasonCode) -> None:
        if self._connected:
            self._connected = False
            self._why_lost = str(reason).lower()
            self._lost.set()

    def _keep(self) -> None:
        """Come back after a loss, at growing intervals; on a thread of its own."""
        while True:
            self._lost.wait()
            self._lost.clear()
            if self._closing.is_set():
                return
            log.warning("lost the broker %s (%s); I keep trying to come back", self.address, self._why_lost)
            if self._on_state is not None:
                self._on_state(False)
            self._client.loop_stop()
            self._come_back()

    def _come_back(self) -> None:
        attempt = 0
        told: set[str] = set()
        while not self._closing.wait(self._timing.pause(attempt)):
            attempt += 1
            try:
                self._dial()
            except UserError as error:
                # The usual word of a broker that is down adds nothing; a refused login does.
                log.log(
                    logging.DEBUG if "reached" in str(error) or str(error) in told else logging.WARNING, "%s", error
                )
                told.add(str(error))
            else:
                if self._closing.is_set():
                    _hang_up(self._client)
                else:
                    log.warning("the broker %s is back", self.address)
                return

    # -- what the broker says ----------------------------------------------------------------------------------------

    def _on_message(self, client: paho.Client, _data: Any, told: paho.MQTTMessage) -> None:
        acknowledge(client)
        try:
            topic = told.topic
        except UnicodeDecodeError:
            return
        route = self._routes.get(topic)
        if route is None:
            with self._lock:
                route = [each.callback for each in self._patterns if matches(each.pattern, topic)]
                route += self._exact.get(topic, ())
                if len(self._routes) > ROUTES:
                    self._routes = {}
                self._routes[topic] = route
        message = Message(topic, bytes(told.payload), bool(told.retain))
        for callback in route:
            callback(message)

    def _on_publish(self, client: paho.Client, _data: Any, mid: int, reason: ReasonCode, _properties: Any) -> None:
        acknowledge(client)
        topic = self._under_way.pop(mid, None)
        if reason.is_failure:
            self.refused += 1
            self._complain("publish to", topic or "a topic", reason)

    def _on_subscribe(self, _client: Any, _data: Any, _mid: int, reasons: list[ReasonCode], _properties: Any) -> None:
        for reason in reasons:
            if reason.is_failure:
                self.refused += 1
                self._complain("subscribe to", "a topic", reason)

    def _complain(self, what: str, topic: str, reason: ReasonCode) -> None:
        """Say once that the broker does not allow something; a home would otherwise say it a thousand times."""
        if what not in self._told:
            self._told.add(what)
            why = str(reason).lower()
            log.warning("the broker %s does not let this user %s %.200s: %s", self.address, what, topic, why)


class _VersionError(UserError):
    """The broker may speak another version of MQTT."""


def _refusal(address: Address, answer: ReasonCode | None) -> UserError:
    """What to raise: `None` is a connection that was closed without an answer, as some old brokers do."""
    if answer is None:
        return _VersionError(f"broker {address} closed the connection without an answer")
    if unsupported(answer):
        return _VersionError(f"broker {address} does not speak this version of MQTT")
    return UserError(f"broker {address} refused the login: {str(answer).lower()}")


def _hang_up(client: paho.Client) -> None:
    client.on_disconnect = None
    client.disconnect()
    client.loop_stop()
