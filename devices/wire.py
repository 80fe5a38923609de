"""How a home is named on the wire: topics, and the transport that both ends use.

`mynah/<home>/home` (retained) describes rooms, floors and people; `mynah/<home>/<domain>/<object_id>/config` (retained)
describes an entity; `.../state` (retained) and `.../availability` (retained) report it; `.../set` asks it for something
and is never retained. `mynah/<home>/availability` is the last will of the whole home. Nothing here touches a network: a
broker or a transport is given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

ROOT = "mynah"
ONLINE = "online"
OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Message:
    """One MQTT message. `retain` is true when it was stored before the subscription began.

    Among commands it is also true of a live message that was published as retained, if the broker speaks MQTT 5.
    """

    topic: str
    payload: bytes
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says (retained) when a connection is lost."""

    topic: str
    payload: str


class Transport(Protocol):
    """A connection to a broker. Callbacks may come on any thread and must only hand the message over."""

    def publish(self, topic: str, payload: str, retain: bool = False, expiry: float | None = None) -> None:
        """Send with quality of service 1.

        After `expiry` seconds a broker of MQTT 5 throws away what it could not deliver.
        """

    def subscribe(self, pattern: str, callback: Callable[[Message], None], commands: bool = False) -> None:
        """Call back for every message whose topic matches (`+` one level, `#` the rest), retained ones first.

        Patterns of one connection should not overlap: brokers differ in how often they then deliver. `commands` come
        with quality of service 1, and say also while they are live whether they were published as retained. All else
        comes with 0: it is retained, and of a burst with 1 Mosquitto would keep 1,000 messages and drop the others.
        """

    def unsubscribe(self, pattern: str) -> None:
        """No longer call back for what was subscribed to under exactly this pattern."""

    def close(self) -> None:
        """Leave in order; the last will is not sent."""


class Broker(Protocol):
    """Where connections come from."""

    def connect(self, will: Will | None = None, on_state: Callable[[bool], None] | None = None) -> Transport:
        """A connection. `on_state` hears `True` whenever it has come (again) and `False` when it was lost."""


def home_topic(home: str) -> str:
    """The topic of the home's own description.

    >>> home_topic("cottage")
    'mynah/cottage/home'
    """
    return f"{ROOT}/{home}/home"


def availability_topic(home: str) -> str:
    """The topic that says whether the home is there at all: its last will.

    >>> availability_topic("cottage")
    'mynah/cottage/availability'
    """
    return f"{ROOT}/{home}/availability"


def entity_topic(home: str, entity: str, leaf: str) -> str:
    """The topic of one entity; `leaf` is `config`, `state`, `availability` or `set`.

    >>> entity_topic("cottage", "cover.garage_door", "set")
    'mynah/cottage/cover/garage_door/set'
    """
    domain, _, object_id = entity.partition(".")
    return f"{ROOT}/{home}/{domain}/{object_id}/{leaf}"


def fault_topic(home: str) -> str:
    """The topic on which a simulated home takes orders for faults, never retained.

    >>> fault_topic("cottage")
    'mynah/cottage/fault'
    """
    return f"{ROOT}/{home}/fault"


def parse_entity_topic(topic: str) -> tuple[str, str, str] | None:
    """Home, entity and leaf of an entity's topic; `None` for any other topic.

    >>> parse_entity_topic("mynah/cottage/cover/garage_door/state")
    ('cottage', 'cover.garage_door', 'state')
    """
    parts = topic.split("/")
    if len(parts) != 5 or parts[0] != ROOT or not all(parts):
        return None
    return parts[1], f"{parts[2]}.{parts[3]}", parts[4]


def matches(pattern: str, topic: str) -> bool:
    """Whether a topic matches a subscription: `+` stands for one level, `#` for all that follow.

    >>> matches("mynah/+/light/#", "mynah/cottage/light/kitchen/state"), matches("#", "$SYS/load")
    (True, False)
    """
    if topic.startswith("$") and not pattern.startswith("$"):
        return False
    wanted, levels = pattern.split("/"), topic.split("/")
    for index, part in enumerate(wanted):
        if part == "#":
            return True
        if index >= len(levels) or (part != "+" and part != levels[index]):
            return False
    return len(wanted) == len(levels)
