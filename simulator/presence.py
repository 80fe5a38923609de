"""The devices on MQTT: descriptions, states and availability go out, commands come in.

State is retained, commands never; a retained command is ignored. Broken, oversized, unknown and hostile payloads are
counted and ignored.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from pydantic_core import from_json

from assistant.errors import UserError
from devices.device import Device
from devices.discovery import BIRTH_TOPIC, Described, discovery
from devices.traits import DeviceError
from devices.wire import (
    OFFLINE,
    ONLINE,
    Broker,
    Message,
    Transport,
    Will,
    availability_topic,
    entity_topic,
    fault_topic,
    home_topic,
    parse_entity_topic,
)
from simulator.faults import read_request
from simulator.homes.model import DeviceSpec, HomeFile
from simulator.wills import DeviceWills
from simulator.world import Change, World

MAX_COMMAND = 65_536
"""Bytes; a longer command is not read."""

log = logging.getLogger(__name__)
_descriptions: WeakKeyDictionary[HomeFile, list[tuple[str, str]]] = WeakKeyDictionary()


def _call(work: Callable[[], None]) -> None:
    work()


class Presence:
    """Presents a world on a broker.

    `hand_over` brings what comes in on the broker's thread to the world's; by default it is done at once, which is
    right for a broker in the same thread. With `wills` every device has a connection of its own that says whether it
    is available; without, that is said over the home's.
    """

    def __init__(
        self,
        world: World,
        broker: Broker,
        hand_over: Callable[[Callable[[], None]], object] = _call,
        wills: DeviceWills | None = None,
    ) -> None:
        self.world = world
        self.rejected: Counter[str] = Counter()
        self._id = world.home.id
        self._hand_over = hand_over
        self._wills = wills
        self._transport: Transport | None = None
        self._connected = False
        will = Will(availability_topic(self._id), OFFLINE)
        self._transport = broker.connect(will, self._on_state)
        self.announce()
        self._transport.subscribe(entity_topic(self._id, "+.+", "set"), self._on_set, commands=True)
        self._transport.subscribe(BIRTH_TOPIC, self._on_birth)
        self._transport.subscribe(fault_topic(self._id), self._on_fault, commands=True)
        world.watch(self._on_change)

    # -- going out -------------------------------------------------------------------------------------------------

    def announce(self) -> None:
        """Tell everything: the home, every device, every state."""
        self._publish(availability_topic(self._id), ONLINE)
        self._describe()
        for entity in self.world.devices:
            self._publish_availability(entity)
            self._publish_state(entity)

    def _describe(self) -> None:
        """Descriptions, ours and Home Assistant's. They are the same for every world of one home file."""
        told = _descriptions.get(self.world.home)
        if told is None:
            told = _descriptions[self.world.home] = describe(self.world.home, self.world.devices)
        for topic, payload in told:
            self._publish(topic, payload)

    def _publish(self, topic: str, payload: str) -> None:
        if self._transport is not None:
            self._transport.publish(topic, payload, retain=True)

    def _publish_state(self, entity: str) -> None:
        self._publish(entity_topic(self._id, entity, "state"), _json(self.world.report(entity)))

    def _publish_availability(self, entity: str) -> None:
        self._say_available(entity, self.world.online(entity))

    def _say_available(self, entity: str, online: bool) -> None:
        if self._wills is not None:
            self._wills.tell(entity, online)
        else:
            self._publish(entity_topic(self._id, entity, "availability"), ONLINE if online else OFFLINE)

    def _on_change(self, change: Change) -> None:
        entity = change.entity
        if change.what == "config":
            spec = self.world.home.device(entity)
            if spec is not None:
                for topic, payload in describe_device(self.world.home, spec, self.world.devices[entity]):
                    self._publish(topic, payload)
        elif change.what == "availability":
            self._publish_availability(entity)
        if self.world.online(entity):
            self._publish_state(entity)

    def remove(self, entity: str) -> None:
        """Take a device off the wire: every retained message of it goes."""
        if self._wills is not None:
            self._wills.leave(entity)
        spec = self.world.home.device(entity)
        topics = [entity_topic(self._id, entity, leaf) for leaf in ("config", "availability", "state")]
        if spec is not None:
            found = describe_device(self.world.home, spec, self.world.devices[entity])
            topics += [topic for topic, _payload in found if topic not in topics]
        for topic in topics:
            self._publish(topic, "")

    def close(self) -> None:
        """Leave in order: every device goes offline."""
        for entity in self.world.devices:
            self._say_available(entity, online=False)
        if self._wills is not None:
            self._wills.close()
        self._publish(availability_topic(self._id), OFFLINE)
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()

    @property
    def connected(self) -> bool:
        """Whether the home is on the broker now."""
        return self._connected

    # -- coming in -------------------------------------------------------------------------------------------------

    def _on_state(self, connected: bool) -> None:
        """A broker that came back may have lost what it had retained."""
        self._connected = connected
        if connected and self._transport is not None:
            self._hand_over(self.announce)

    def _on_birth(self, message: Message) -> None:
        """Home Assistant came up and wants to know what is there."""
        if message.payload == ONLINE.encode() and not message.retain:
            self._hand_over(self.announce)

    def _on_set(self, message: Message) -> None:
        self._hand_over(lambda: self._obey(message))

    def _obey(self, message: Message) -> None:
        if not message.payload:
            # This is how a retained message is taken back; it asks for nothing.
            return
        if message.retain:
            self._take_back(message)
            return
        address = parse_entity_topic(message.topic)
        if address is None or address[1] not in self.world.devices:
            self._reject("unknown", message)
        elif len(message.payload) > MAX_COMMAND:
            self._reject("oversized", message)
        else:
            self._command(address[1], message)

    def _command(self, entity: str, message: Message) -> None:
        try:
            wanted = from_json(message.payload, allow_inf_nan=False)
            if not isinstance(wanted, dict):
                raise ValueError("a command is a mapping")
        except (ValueError, RecursionError):
            self._reject("broken", message)
            return
        try:
            self.world.command(entity, wanted)
        except DeviceError as error:
            self._reject("impossible", message, str(error))

    def _on_fault(self, message: Message) -> None:
        self._hand_over(lambda: self._break(message))

    def _break(self, message: Message) -> None:
        """Somebody who tests a controller asks for a fault."""
        if not message.payload:
            return
        if message.retain:
            self._take_back(message)
            return
        try:
            asked = read_request(message.payload[: MAX_COMMAND + 1])
            self.world.fault(asked.entity, asked.kind, asked.duration)
        except (ValueError, UserError) as error:
            self._reject("fault", message, str(error))

    def _take_back(self, message: Message) -> None:
        """A retained command is ignored, and removed: else it would come again whenever the home does."""
        self._reject("retained", message)
        self._publish(message.topic, "")

    def _reject(self, reason: str, message: Message, why: str = "") -> None:
        self.rejected[reason] += 1
        count = self.rejected[reason]
        # The first, the 10th, the 100th ...: a flood must not fill the disk with its own log.
        level = logging.WARNING if str(count).strip("0") == "1" else logging.DEBUG
        if log.isEnabledFor(level):
            told = f": {why:.200}" if why else ""
            log.log(level, "%s command on %.100r ignored (%d so far)%s", reason, message.topic, count, told)


def describe(home: HomeFile, devices: dict[str, Device]) -> list[tuple[str, str]]:
    """All descriptions of a home: retained topics with their payloads."""
    told = [(home_topic(home.id), _json(_home(home)))]
    for spec in home.devices:
        told += describe_device(home, spec, devices[spec.entity])
    return told


def describe_device(home: HomeFile, spec: DeviceSpec, device: Device) -> list[tuple[str, str]]:
    """The description of one device: ours, and Home Assistant's where it has such a thing."""
    config = {
        "entity": spec.entity,
        "kind": spec.kind,
        "name": spec.name,
        "area": spec.area,
        "aliases": spec.aliases,
        "features": device.features,
    }
    told = [(entity_topic(home.id, spec.entity, "config"), _json(config))]
    area = next((room.name for room in home.rooms if room.id == spec.area), None)
    found = discovery(Described(home.id, home.name, spec.entity, spec.kind, spec.name, area, device.features))
    return [*told, (found[0], _json(found[1]))] if found else told


def _home(home: HomeFile) -> dict[str, Any]:
    return {
        "name": home.name,
        "unit": home.unit,
        "areas": [{"id": r.id, "name": r.name, "floor": r.floor, "aliases": r.aliases} for r in home.rooms],
        "floors": [{"id": s.id, "name": s.name, "level": s.level, "aliases": s.aliases} for s in home.storeys],
        "people": home.people,
    }


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
