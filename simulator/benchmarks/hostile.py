"""Messages as nobody should send them: random, broken, oversized and hostile, on every topic that a home listens to."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from devices.device import Device
from devices.discovery import BIRTH_TOPIC
from devices.traits import Choice, Number
from devices.wire import availability_topic, entity_topic, fault_topic, home_topic
from simulator.faults import KINDS

NUMBERS = (0, 1, -1, 0.5, 50, 100, 101, 255, 256, 1e9, -1e308, 10**40, 3.0000000001, True)
TEXTS = ("", "on", "off", "toggle", "open", "unlocked", "💥" * 90, "\u202eevil", "a" * 256, "nan", "1e999", "{{ 7*7 }}")
RAW = (
    b"", b"{", b"}", b"null", b"[]", b"{}", b"NaN", b"Infinity", b'{"state": NaN}', b'{"state": 1e999}', b'"on"',
    b'{"state": "on"', b'{"state":\xff\xfe}', b'{"state": "\\ud800"}', b'{"state": "\\u0000"}', b"\x00" * 64,
    b"[" * 20_000, b'{"a":' * 5_000, b'{"state": ' + b"9" * 6_000 + b"}", b"\xef\xbb\xbf{}", b"on", b"online",
    b"offline",
)  # fmt: skip
OVERSIZED = (
    b'{"state": "on"' + b" " * 70_000 + b"}",
    b"x" * 65_537,
    b'{"items": [' + b'"milk",' * 12_000 + b'"milk"]}',
    b"\x00" * 1_000_000,
)
PLATFORMS = ("light", "switch", "cover", "sensor", "binary_sensor", "climate", "fan", "lock", "number", "device", "x")
TEMPLATES = (
    "{{ value }}", "{{ value_json.state }}", "{{ value_json['a'].b }}", "{% for i in range(999999999) %}x{% endfor %}",
    "{{ ''.__class__.__mro__ }}", "{{ 9**99999 }}", "{{ 'x' * 10**9 }}", "{{ value | int / 0 }}", "{{", "{% raw %}",
)  # fmt: skip
RETAINED = 0.05
"""Share of messages that are published as retained."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One message; `aim` says what it was meant to hit."""

    aim: str
    topic: str
    payload: bytes
    retain: bool


class Hostile:
    """Makes messages against a home; the same seed makes the same ones."""

    def __init__(self, home: str, devices: Mapping[str, Device], seed: int) -> None:
        self._home = home
        self._devices = devices
        self._entities = sorted(devices)
        self._random = random.Random(seed)
        self._aims: tuple[tuple[str, Callable[[], tuple[str, bytes]]], ...] = (
            ("command", self._command),
            ("state", self._state),
            ("description", self._description),
            ("discovery", self._discovery),
            ("foreign", self._foreign),
            ("stray", self._stray),
            ("fault", self._fault),
        )

    def shot(self) -> Shot:
        """The next message."""
        aim, make = self._random.choices(self._aims, (48, 20, 5, 12, 8, 5, 2))[0]
        topic, payload = make()
        return Shot(aim, topic, payload, self._random.random() < RETAINED)

    # -- where to --------------------------------------------------------------------------------------------------

    def _command(self) -> tuple[str, bytes]:
        entity = self._random.choice(self._entities)
        wish = self._wish(self._devices[entity])
        return entity_topic(self._home, entity, "set"), self._spoilt(wish)

    def _state(self) -> tuple[str, bytes]:
        entity = self._random.choice(self._entities)
        if self._random.random() < 0.1:
            return entity_topic(self._home, entity, "availability"), self._random.choice(RAW)
        wish = self._wish(self._devices[entity])
        told = {"state": wish.pop("state", self._value()), "attributes": wish}
        return entity_topic(self._home, entity, "state"), self._spoilt(told)

    def _description(self) -> tuple[str, bytes]:
        entity = self._random.choice(self._entities)
        if self._random.random() < 0.2:
            rooms = [{"id": self._value(), "name": self._value()}]
            return home_topic(self._home), self._spoilt({"areas": rooms, "unit": self._value()})
        if self._random.random() < 0.1:
            return availability_topic(self._home), self._random.choice(RAW)
        told = {"entity": entity, "kind": self._value(), "name": self._value(), "features": self._value()}
        return entity_topic(self._home, entity, "config"), self._spoilt(told)

    def _discovery(self) -> tuple[str, bytes]:
        if self._random.random() < 0.01:
            return BIRTH_TOPIC, self._random.choice(RAW)
        base = f"foreign/{self._random.randrange(200)}"
        options: dict[str, Any] = {
            "name": self._value(),
            "unique_id": self._value(),
            "~": base,
            "state_topic": "~/state",
            "command_topic": self._random.choice(("~/set", "#", "mynah/+/set", "", 7)),
            "value_template": self._random.choice(TEMPLATES),
            "command_template": self._random.choice(TEMPLATES),
            "device": {"identifiers": [self._value()]},
            "availability": [{"topic": "~/here", "value_template": self._random.choice(TEMPLATES)}],
            self._random.choice(("min", "max", "modes", "schema", "components", "brightness_scale")): self._value(),
        }
        for key in self._random.sample(sorted(options), self._random.randrange(4)):
            options[key] = self._value()
        platform = self._random.choice(PLATFORMS)
        return f"homeassistant/{platform}/x{self._random.randrange(300)}/config", self._spoilt(options)

    def _foreign(self) -> tuple[str, bytes]:
        leaf = self._random.choice(("state", "here"))
        return f"foreign/{self._random.randrange(200)}/{leaf}", self._spoilt({"state": self._value()})

    def _stray(self) -> tuple[str, bytes]:
        domain = self._random.choice(("light", "no", "💥", "\x01", " ", "a" * 2_000))
        leaf = self._random.choice(("set", "state", "config", "set/set", "availability"))
        return f"mynah/{self._home}/{domain}/{self._random.choice(('x', 'kitchen', '..'))}/{leaf}", self._spoilt({})

    def _fault(self) -> tuple[str, bytes]:
        kind = self._random.choice((*KINDS, self._value()))
        told = {"entity": self._random.choice(self._entities), "kind": kind, "for": self._value()}
        return fault_topic(self._home), self._spoilt(told)

    # -- what ------------------------------------------------------------------------------------------------------

    def _wish(self, device: Device) -> dict[str, Any]:
        """Some of the values that a device takes, near and beyond their limits."""
        keys = list(device.traits) or ["state"]
        chosen = self._random.sample(keys, self._random.randint(1, min(3, len(keys))))
        return {key: self._near(device, key) for key in chosen}

    def _near(self, device: Device, key: str) -> Any:
        trait = device.traits.get(key)
        if isinstance(trait, Number) and self._random.random() < 0.8:
            low, high = trait.low, trait.high
            return self._random.choice(
                (low, high, low - 1, high + 1, (low + high) / 2, str(high), self._random.uniform(low, high))
            )
        if isinstance(trait, Choice) and self._random.random() < 0.8:
            return self._random.choice([*trait.options, *trait.told])
        return self._value()

    def _value(self, depth: int = 0) -> Any:
        kind = self._random.randrange(7 if depth < 2 else 5)
        if kind < 2:
            return self._random.choice(NUMBERS)
        if kind < 4:
            return self._random.choice(TEXTS)
        if kind == 4:
            return None
        if kind == 5:
            return [self._value(depth + 1) for _ in range(self._random.randrange(4))]
        return {self._random.choice(TEXTS): self._value(depth + 1) for _ in range(self._random.randrange(4))}

    def _spoilt(self, told: dict[str, Any]) -> bytes:
        """The payload as it is, with a bite out of it, or something else altogether."""
        chance = self._random.random()
        if chance < 0.002:
            return self._random.choice(OVERSIZED)
        if chance < 0.15:
            return self._random.choice(RAW)
        if chance < 0.25:
            return self._random.randbytes(self._random.randrange(200))
        payload = json.dumps(told, ensure_ascii=self._random.random() < 0.5).encode("utf-8", "surrogatepass")
        if chance < 0.35:
            return payload[: self._random.randrange(len(payload))]
        if chance < 0.42:
            place = self._random.randrange(len(payload))
            return payload[:place] + self._random.randbytes(1) + payload[place + 1 :]
        return payload
