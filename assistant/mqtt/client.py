"""paho clients as everything here wants them: no session, no late sending, small messages at once."""

from __future__ import annotations

import logging
import random
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from assistant.errors import UserError
from assistant.mqtt.address import Address
from devices.wire import Will

V5 = MQTTProtocolVersion.MQTTv5
V311 = MQTTProtocolVersion.MQTTv311
IN_FLIGHT = {V5: 20, V311: 200}
"""Messages that may wait for the broker's word at a time. Under MQTT 5 a broker ends the connection of who sends more
than it allows; 20 is what Mosquitto allows, the least of the common ones."""
LARGEST = 1 << 20
"""Bytes of the largest packet that a broker of MQTT 5 may send us; no payload that we read is as long."""

QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)

log = logging.getLogger(__name__)
_mistakes = logging.getLogger(f"{__name__}.paho")
"""paho swallows what our callbacks raise and tells only its log, among much else."""
_mistakes.setLevel(logging.ERROR)
_mistakes.addFilter(lambda record: str(record.msg).startswith("Caught exception"))


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient a connection is; all in seconds."""

    answer: float = 5.0
    """Within which a broker must answer a connection."""
    keepalive: int = 20
    """A broker that is silent for longer is taken for lost, and a client that is silent for half as long again."""
    back_off: tuple[float, ...] = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
    """The longest pauses between attempts to come back; the last one is kept to."""

    def pause(self, attempt: int, chance: Callable[[], float] = random.random) -> float:
        """Seconds before an attempt, counted from 0: between half of the longest pause and all of it.

        The jitter keeps a thousand devices from knocking at once at a broker that has just come back.

        >>> Timing().pause(2, lambda: 0.0), Timing().pause(99, lambda: 1.0)
        (0.5, 30.0)
        """
        longest = self.back_off[min(attempt, len(self.back_off) - 1)]
        return longest * (0.5 + 0.5 * chance())


def new_client(
    address: Address,
    version: MQTTProtocolVersion,
    client_id: str,
    will: Will | None,
    kind: type[paho.Client] = paho.Client,
) -> paho.Client:
    """A client that is not connected yet. It never comes back by itself. Raises `UserError`."""
    clean = True if version != V5 else None  # MQTT 5 asks for a clean start when it connects
    client = kind(CallbackAPIVersion.VERSION2, client_id, clean, protocol=version, reconnect_on_failure=False)
    client.suppress_exceptions = True
    client.max_inflight_messages_set(IN_FLIGHT[version])
    client.enable_logger(_mistakes)
    if address.user is not None:
        client.username_pw_set(address.user, address.password)
    if address.tls:
        client.tls_set_context(address.context())
    if will is not None:
        client.will_set(will.topic, will.payload, qos=1, retain=True)
    client.on_socket_open = without_delay
    return client


def open_connection(client: paho.Client, address: Address, keepalive: int) -> None:
    """Open the connection and send the greeting; the answer comes later. Raises `UserError`."""
    try:
        if client.protocol == V5:
            client.connect(address.host, address.port, keepalive, clean_start=True, properties=_greeting())
        else:
            client.connect(address.host, address.port, keepalive)
    except ssl.SSLCertVerificationError as error:
        raise UserError(
            f"broker {address}: its certificate is not trusted: {error.verify_message}; ?ca=FILE names its CA"
        ) from None
    except ssl.SSLError as error:
        raise UserError(f"broker {address}: no secure connection: {error.reason or error}") from None
    except (OSError, ValueError) as error:
        raise UserError(f"broker {address} can't be reached: {_why(error)}") from None


def unsupported(reason: ReasonCode) -> bool:
    """Whether a refusal is about the version of MQTT."""
    return bool(reason.getName() == "Unsupported protocol version")


def _properties(packet: int) -> Properties:
    # paho has types, but not for this constructor.
    return Properties(packet)  # type: ignore[no-untyped-call]


@cache
def _greeting() -> Properties:
    properties = _properties(PacketTypes.CONNECT)
    properties.MaximumPacketSize = LARGEST
    return properties


@cache
def expiring(seconds: int) -> Properties:
    """A message that the broker throws away when it can't deliver it in time."""
    properties = _properties(PacketTypes.PUBLISH)
    properties.MessageExpiryInterval = seconds
    return properties


def subscribe(client: paho.Client, pattern: str, commands: bool) -> None:
    """Ask for a topic: for commands with quality of service 1, for anything else with 0 (see `Transport`)."""
    qos = 1 if commands else 0
    if client.protocol == V5:
        client.subscribe(pattern, options=SubscribeOptions(qos=qos, retainAsPublished=commands))
    else:
        client.subscribe(pattern, qos=qos)


def without_delay(_client: Any, _data: Any, connection: Any) -> None:
    """Small messages go out at once; waiting to fill a packet (Nagle) would cost 40 ms each way."""
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, AttributeError):
        log.debug("the connection can't be told to send at once")


def acknowledge(client: paho.Client) -> None:
    """Tell the broker's machine at once that a packet has come.

    Mosquitto holds a small packet back until the one before it is acknowledged (Nagle; `set_tcp_nodelay` is off by
    default), and Linux by itself takes 40 ms to do that when it has nothing to send.
    """
    connection: Any = client.socket()
    if QUICK_ACK is None or connection is None:
        return
    try:
        connection.setsockopt(socket.IPPROTO_TCP, QUICK_ACK, 1)
    except (OSError, AttributeError):
        log.debug("the connection is closed already")


def _why(error: Exception) -> str:
    """The reason of a network error in plain words."""
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
