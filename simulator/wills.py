"""A connection of its own for each device, so that the broker itself says that it is offline when we die.

MQTT knows one last will for each connection. The connections carry nothing but the will and the device's availability;
one thread looks after all of them. A home on the embedded broker needs none: that broker dies with it.
"""

from __future__ import annotations

import logging
import queue
import selectors
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from types import ModuleType
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.reasoncodes import ReasonCode

from assistant.errors import UserError
from assistant.mqtt import Address, Timing
from assistant.mqtt.client import V5, V311, new_client, open_connection, unsupported, without_delay
from devices.wire import OFFLINE, ONLINE, Will, entity_topic

AT_ONCE = 50
"""Connections that are opened between two looks at those that are open."""
CARE = 1.0
"""Seconds between two looks at what has been silent."""
fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

CLOSE = 5.0
"""Seconds that leaving may take."""
HIGH = 1_024
"""The first file number that `select` does not take."""

log = logging.getLogger(__name__)


class _Client(paho.Client):
    """A client whose connection leaves the low file numbers to others.

    paho's own threads wait with `select`, which takes no file above 1,023: with a thousand devices connected, the home
    itself could not come back to a broker.
    """

    def _create_socket_connection(self) -> socket.socket:
        low = super()._create_socket_connection()
        if fcntl is None:
            return low
        try:
            high = socket.socket(fileno=fcntl.fcntl(low.fileno(), fcntl.F_DUPFD_CLOEXEC, HIGH))
        except OSError:  # as many files are not allowed here
            return low
        high.settimeout(low.gettimeout())
        low.close()
        return high


class _Line:
    """One device's connection."""

    def __init__(self, entity: str, topic: str) -> None:
        self.entity = entity
        self.topic = topic
        self.online: bool | None = None
        self.client: paho.Client | None = None
        self.up = False

    def tell(self) -> None:
        """Publish the availability, where there is something to say and a way to say it."""
        if self.client is not None and self.up and self.online is not None:
            self.client.publish(self.topic, ONLINE if self.online else OFFLINE, qos=1, retain=True)


class DeviceWills:
    """Says of every device whether it is available, over its own connection; the broker does when that is lost.

    Connections that are lost come back by themselves. A broker that is away is asked by one of them, not by a thousand.
    """

    def __init__(self, url: str, home: str, entities: Iterable[str], timing: Timing | None = None) -> None:
        self._address = Address.parse(url)
        self._timing = timing or Timing()
        self._home = home
        self._version = V311 if self._address.version == "3.1.1" else V5
        self._lines = {entity: _Line(entity, entity_topic(home, entity, "availability")) for entity in entities}
        self._to_dial = deque(self._lines.values())
        self._dial_at = 0.0
        self._attempt = 0
        self._selector = selectors.DefaultSelector()
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._awake, self._wake = socket.socketpair()
        self._awake.setblocking(False)
        self._selector.register(self._awake, selectors.EVENT_READ, None)
        self._open = True
        _allow_files(HIGH + len(self._lines))
        self._thread = threading.Thread(target=self._run, name="mqtt-wills", daemon=True)
        self._thread.start()

    def tell(self, entity: str, online: bool) -> None:
        """Whether a device is available; said as soon as its connection is there."""
        self._do(partial(self._tell, entity, online))

    def leave(self, entity: str) -> None:
        """The device is gone for good; nothing is said any more."""
        self._do(partial(self._leave, entity))

    def close(self) -> None:
        """Say what was last told, and leave in order; no will is sent."""
        self._do(self._stop)
        self._thread.join(CLOSE)

    @property
    def up(self) -> int:
        """How many connections there are now."""
        return sum(line.up for line in list(self._lines.values()))

    # -- on the thread ---------------------------------------------------------------------------------------------

    def _do(self, work: Callable[[], None]) -> None:
        self._work.put(work)
        try:
            self._wake.send(b"\0")
        except OSError:
            log.debug("the connections of the devices are closed already")

    def _tell(self, entity: str, online: bool) -> None:
        line = self._lines.get(entity)
        if line is not None:
            line.online = online
            line.tell()

    def _leave(self, entity: str) -> None:
        line = self._lines.pop(entity, None)
        if line is not None and line.client is not None:
            line.client.on_disconnect = None
            line.client.disconnect()

    def _stop(self) -> None:
        self._open = False

    def _run(self) -> None:
        cared = time.monotonic()
        while self._open:
            for key, mask in self._selector.select(self._pause()):
                if key.data is None:
                    self._awake.recv(4096)
                else:
                    _serve(key.data, mask)
            while self._open and not self._work.empty():
                self._work.get()()
            self._dial_some()
            if time.monotonic() - cared > CARE:
                cared = time.monotonic()
                for line in list(self._lines.values()):
                    if line.client is not None:
                        line.client.loop_misc()
        for entity in list(self._lines):
            self._leave(entity)
        self._selector.close()
        self._awake.close()
        self._wake.close()

    def _pause(self) -> float:
        return CARE if not self._to_dial else max(0.0, min(CARE, self._dial_at - time.monotonic()))

    def _dial_some(self) -> None:
        for _number in range(min(AT_ONCE, len(self._to_dial))):
            if time.monotonic() < self._dial_at:
                return
            self._dial(self._to_dial.popleft())

    def _dial(self, line: _Line) -> None:
        if self._lines.get(line.entity) is not line:
            return
        client_id = f"mynah-{self._home}-{line.entity}"
        try:
            line.client = client = new_client(
                self._address, self._version, client_id, Will(line.topic, OFFLINE), _Client
            )
            client.on_socket_open = self._on_open
            client.on_socket_close = self._on_close
            client.on_socket_register_write = self._on_want_write
            client.on_socket_unregister_write = self._on_written
            client.on_connect = partial(self._on_connect, line)
            client.on_disconnect = partial(self._on_disconnect, line)
            open_connection(client, self._address, self._timing.keepalive)
        except UserError as error:
            line.client = None
            self._failed(line, str(error))

    def _failed(self, line: _Line, why: str) -> None:
        """Try again later; meanwhile nobody else tries."""
        if self._attempt == 1:
            log.warning("a device has no connection of its own: %s", why)
        self._dial_at = time.monotonic() + self._timing.pause(self._attempt)
        self._attempt += 1
        self._to_dial.append(line)

    # -- what paho tells -------------------------------------------------------------------------------------------

    def _on_open(self, client: paho.Client, _data: Any, connection: Any) -> None:
        without_delay(client, None, connection)
        self._selector.register(connection, selectors.EVENT_READ, client)

    def _on_close(self, _client: paho.Client, _data: Any, connection: Any) -> None:
        try:
            self._selector.unregister(connection)
        except (KeyError, ValueError):
            log.debug("a connection was closed before it was looked after")

    def _on_want_write(self, client: paho.Client, _data: Any, connection: Any) -> None:
        self._watch_for(client, connection, selectors.EVENT_READ | selectors.EVENT_WRITE)

    def _on_written(self, client: paho.Client, _data: Any, connection: Any) -> None:
        self._watch_for(client, connection, selectors.EVENT_READ)

    def _watch_for(self, client: paho.Client, connection: Any, events: int) -> None:
        try:
            self._selector.modify(connection, events, client)
        except (KeyError, ValueError):
            log.debug("a connection was closed while it was written to")

    def _on_connect(
        self, line: _Line, client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if not reason.is_failure:
            line.up = True
            self._attempt = 0
            line.tell()
            return
        client.on_disconnect = None
        if self._version == V5 and self._address.version is None and unsupported(reason):
            self._version = V311
            self._to_dial.appendleft(line)
        else:
            self._failed(line, f"the broker refused the login: {str(reason).lower()}")

    def _on_disconnect(
        self, line: _Line, client: paho.Client, _data: Any, _flags: Any, _reason: ReasonCode, _properties: Any
    ) -> None:
        if line.client is not client:
            return
        was_up, line.up, line.client = line.up, False, None
        if was_up:
            self._dial_at = max(self._dial_at, time.monotonic() + self._timing.pause(0))
            self._to_dial.append(line)
        else:
            self._failed(line, f"broker {self._address} closed the connection without an answer")


def _serve(client: paho.Client, mask: int) -> None:
    """Let a client read and write what it can."""
    if mask & selectors.EVENT_READ:
        client.loop_read()
        connection = client.socket()
        # TLS may have more in hand than the socket shows.
        while isinstance(connection, ssl.SSLSocket) and connection.fileno() >= 0 and connection.pending():
            client.loop_read()
            connection = client.socket()
    if mask & selectors.EVENT_WRITE:
        client.loop_write()


def _allow_files(count: int) -> None:
    """Raise the number of files that this process may have open, as far as the system lets it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
