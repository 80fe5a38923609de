"""Benchmark items and the homes that they are run in."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import UserError


class Item(BaseModel):
    """One item of a command benchmark (JSONL)."""

    model_config = ConfigDict(extra="ignore")
    id: str
    utterance: str
    home: str | None = None
    context: dict[str, Any] | None = None
    before: tuple[str, ...] = ()
    """What the person says first; what that changes does not count."""
    wait: float = 0.0
    """Seconds that the home runs on before it is judged: for what is to happen later."""
    setup: dict[str, dict[str, Any]] = {}
    expected_changes: dict[str, dict[str, Any]] | None = None
    ignore_changes: dict[str, Any] | list[str] | None = None
    expect_response: list[str] | None = None
    intent: str | None = None
    slots: dict[str, Any] = {}
    category: str | list[str] | None = None
    group: str | None = None

    @property
    def categories(self) -> list[str]:
        """The categories that the item counts for."""
        if self.category is None:
            return [self.intent or "other"]
        return [self.category] if isinstance(self.category, str) else list(self.category)

    @property
    def held_out(self) -> bool:
        """Whether the item is of the half (by the hash of its id) whose failures nobody looks at while building."""
        return int(hashlib.sha1(self.id.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 1

    @property
    def ignored(self) -> set[str]:
        """Entities whose changes do not count."""
        return set(self.ignore_changes or ())


def load_items(path: Path) -> list[Item]:
    """Read a benchmark. Raises `UserError` with file, line and what was expected."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: can't be read: {error}") from None
    items = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            items.append(Item.model_validate(json.loads(line)))
        except json.JSONDecodeError as error:
            raise UserError(f"{path}:{number}: not valid JSON: {error.msg}") from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise UserError(f"{path}:{number}: {where}: {first['msg']}") from None
    if not items:
        raise UserError(f"{path}: holds no items")
    return items


DEVICE_TYPES: Mapping[str, tuple[str, str | None]] = {
    "light": ("light", None),
    "light-dimmable": ("light", None),
    "smart-speaker": ("media_player", "speaker"),
    "smart-tv": ("media_player", "tv"),
    "hvac": ("climate", None),
    "heat-pump": ("climate", None),
    "smart-plug": ("switch", "outlet"),
    "switch": ("switch", None),
    "garage-door": ("cover", "garage"),
    "smart-blinds": ("cover", "blind"),
    "smart-sprinkler": ("valve", None),
    "water-valve": ("valve", "water"),
    "smart-lock": ("lock", None),
    "exhaust-fan": ("fan", None),
    "fan-oscilating": ("fan", None),
    "vacuum": ("vacuum", None),
}
"""Device types of the device-action sets -> domain and device class."""


def inventory_from_items(items: Iterable[Item]) -> dict[str, Any]:
    """A home made of the devices that the items of one home name, for sets that come without fixtures.

    Which device an item means is not told by it: the home holds all of them.
    """
    areas: dict[str, dict[str, str]] = {}
    entities: dict[str, dict[str, Any]] = {}
    for item in items:
        device, area = item.slots.get("device"), item.slots.get("area")
        domain, device_class = DEVICE_TYPES.get(str(item.slots.get("device_type")), ("switch", None))
        if not device:
            continue
        place = _slug(str(area or "home"))
        areas[place] = {"name": str(area or "Home"), "id": place}
        entity = f"{domain}.{_slug(f'{area} {device}')}"
        entities[entity] = {"name": str(device), "id": entity, "area": place, "attributes": {}}
        if device_class:
            entities[entity]["attributes"]["device_class"] = device_class
    return {"areas": list(areas.values()), "entities": list(entities.values())}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
