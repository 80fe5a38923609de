"""The connection to a real MQTT broker, over paho.

paho's own reconnecting would send again, late, what was under way when the connection was lost; a door must not open
ten minutes after it was asked to. So every connection is a fresh client with a clean session, and what can't be sent
now is not sent at all.
"""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from assistant.errors import UserError
from devices.wire import Message, Transport, Will, matches

PORTS = {"mqtt": 1883, "mqtts": 8883}
KEEPALIVE = 20
"""Seconds; a broker that is silent for longer is taken for lost."""
ANSWER = 5.0
"""Seconds within which a broker must answer a connection."""
BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between attempts to come back."""
FLUSH = 1.0
"""Seconds that leaving waits for the last message."""

log = logging.getLogger(__name__)
OnState = Callable[[bool], None]
Callback = Callable[[Message], None]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a broker is. Its text never shows the password."""

    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password: str | None = None

    def __str__(self) -> str:
        return f"{'mqtts' if self.tls else 'mqtt'}://{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"Address({self})"

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read `mqtt(s)://[user:password@]host[:port]`. Raises `UserError`.

        >>> Address.parse("mqtts://ann:secret@broker.local")
        Address(mqtts://broker.local:8883)
        """
        expected = "expected mqtt://host:port or mqtts://user:password@host:port"
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise UserError(f"the broker's address is not valid; {expected}") from None
        if parts.scheme not in PORTS or not parts.hostname or parts.path not in {"", "/"}:
            raise UserError(f"the broker's address is not valid; {expected}")
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        return cls(parts.hostname, port or PORTS[parts.scheme], parts.scheme == "mqtts", user, password)


@dataclass(frozen=True, slots=True)
class MqttBroker:
    """A broker at an address. `client_id` should be unique at the broker; empty lets the broker choose."""

    url: str
    client_id: str = ""

    def connect(self, will: Will | None = None, on_state: OnState | None = None) -> Transport:
        """A connection. Raises `UserError` when the broker can't be reached or refuses."""
        return PahoTransport(self.url, self.client_id, will, on_state)


class PahoTransport:
    """One connection, kept up in the background.

    Callbacks come on the network's thread and must only hand over. `on_state` hears `True` when the connection has
    come, also the first time, and `False` when it was lost. Raises `UserError` when the first connection fails.
    """

    def __init__(
        self, url: str, client_id: str = "", will: Will | None = None, on_state: OnState | None = None
    ) -> None:
        self.address = Address.parse(url)
        self.dropped = 0
        self._client_id = client_id
        self._will = will
        self._on_state = on_state
        self._subscriptions: list[tuple[str, Callback]] = []
        self._routes: dict[str, list[Callback]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._lost = threading.Event()
        self._connected = False
        self._last: paho.MQTTMessageInfo | None = None
        self._client = self._dial()
        self._keeper = threading.Thread(target=self._keep, name="mqtt-keeper", daemon=True)
        self._keeper.start()

    # -- the transport ---------------------------------------------------------------------------------------------

    @property
    def connected(self) -> bool:
        """Whether the connection is there now."""
        return self._connected

    def publish(self, topic: str, payload: str, retain: bool = False) -> None:
        """Send with quality of service 1; while the broker is away it is dropped, never sent late."""
        if not self._connected:
            self.dropped += 1
            return
        self._last = self._client.publish(topic, payload, qos=1, retain=retain)

    def subscribe(self, pattern: str, callback: Callback) -> None:
        """Call back for every message whose topic matches, retained ones first; also after a reconnection."""
        with self._lock:
            self._subscriptions.append((pattern, callback))
            self._routes = {}
        if self._connected:
            self._client.subscribe(pattern, qos=1)

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
        self._hang_up(self._client)
        if threading.current_thread() is not self._keeper:
            self._keeper.join(FLUSH)

    # -- connecting ------------------------------------------------------------------------------------------------

    def _new_client(self) -> paho.Client:
        client = paho.Client(
            CallbackAPIVersion.VERSION2, self._client_id, clean_session=True, reconnect_on_failure=False
        )
        client.suppress_exceptions = True
        client.max_inflight_messages_set(200)
        client.connect_timeout = ANSWER
        if self.address.user is not None:
            client.username_pw_set(self.address.user, self.address.password)
        if self.address.tls:
            client.tls_set_context(ssl.create_default_context())
        if self._will is not None:
            client.will_set(self._will.topic, self._will.payload, qos=1, retain=True)
        client.on_socket_open = _without_delay
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    def _dial(self) -> paho.Client:
        """A connected client. Raises `UserError`."""
        client = self._new_client()
        answered = threading.Event()
        refused: list[ReasonCode] = []

        def on_connect(_client: Any, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any) -> None:
            if reason.is_failure:
                refused.append(reason)
            else:
                self._came(client)
            answered.set()

        client.on_connect = on_connect
        try:
            client.connect(self.address.host, self.address.port, KEEPALIVE)
        except ssl.SSLError as error:
            raise UserError(f"broker {self.address}: no secure connection: {error.reason or error}") from None
        except (OSError, ValueError) as error:
            raise UserError(f"broker {self.address} can't be reached: {_why(error)}") from None
        client.loop_start()
        if not answered.wait(ANSWER):
            self._hang_up(client)
            raise UserError(f"broker {self.address} does not answer like an MQTT broker")
        if refused:
            self._hang_up(client)
            raise UserError(f"broker {self.address} refused the login: {str(refused[0]).lower()}")
        return client

    def _came(self, client: paho.Client) -> None:
        """The connection is up (on the network's thread): subscribe to everything."""
        self._client = client
        with self._lock:
            patterns = [pattern for pattern, _callback in self._subscriptions]
            self._connected = True
        for pattern in patterns:
            client.subscribe(pattern, qos=1)
        if self._on_state is not None:
            self._on_state(True)

    @staticmethod
    def _hang_up(client: paho.Client) -> None:
        client.on_disconnect = None
        client.disconnect()
        client.loop_stop()

    def _on_disconnect(self, *_told: Any) -> None:
        if self._connected:
            self._connected = False
            self._lost.set()

    def _keep(self) -> None:
        """Come back after a loss, at growing intervals; on a thread of its own."""
        while True:
            self._lost.wait()
            self._lost.clear()
            if self._closing.is_set():
                return
            if self._on_state is not None:
                self._on_state(False)
            self._client.loop_stop()
            self._come_back()

    def _come_back(self) -> None:
        attempt = 0
        while not self._closing.wait(BACK_OFF[min(attempt, len(BACK_OFF) - 1)]):
            attempt += 1
            try:
                self._dial()
            except UserError as error:
                log.debug("%s", error)
            else:
                if self._closing.is_set():
                    self._hang_up(self._client)
                return

    # -- coming in -------------------------------------------------------------------------------------------------

    def _on_message(self, _client: Any, _data: Any, told: paho.MQTTMessage) -> None:
        try:
            topic = told.topic
        except UnicodeDecodeError:
            return
        route = self._routes.get(topic)
        if route is None:
            with self._lock:
                route = [callback for pattern, callback in self._subscriptions if matches(pattern, topic)]
                if len(self._routes) > 50_000:
                    self._routes = {}
                self._routes[topic] = route
        message = Message(topic, bytes(told.payload), bool(told.retain))
        for callback in route:
            callback(message)


def _without_delay(_client: Any, _data: Any, connection: Any) -> None:
    """Small messages go out at once; waiting to fill a packet (Nagle) would cost 40 ms each way."""
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, AttributeError):
        log.debug("the connection can't be told to send at once")


def _why(error: Exception) -> str:
    """The reason of a network error in plain words."""
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
