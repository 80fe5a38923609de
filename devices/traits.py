"""The values that a device takes: their ranges and units, and a clear sentence for everything else.

Names and scales are Home Assistant's: brightness 0 to 255, volume 0 to 1, positions and percentages 0 to 100.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

MAX_TEXT = 255
"""Longest text that a device takes, as in Home Assistant."""
MAX_ITEMS = 500
"""Longest list that a device takes."""
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::00)?")


class DeviceError(ValueError):
    """A wish that a device can't take; the message says which value was expected."""


class Trait(Protocol):
    """One value that a device takes."""

    @property
    def key(self) -> str:
        """`state`, or the name of the attribute."""

    def check(self, value: Any) -> Any:
        """The value in its proper type. Raises `DeviceError`."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `low` to `high`, both included; `whole` rounds it.

    >>> Number("brightness", 0, 255, whole=True).check("128")
    128
    >>> Number("volume_level", 0, 1).check(1.5)
    Traceback (most recent call last):
    devices.traits.DeviceError: volume_level must be 0 to 1, not 1.5
    """

    key: str
    low: float
    high: float
    whole: bool = False
    unit: str = ""

    def check(self, value: Any) -> float | int:
        """The number. Raises `DeviceError` for what is no number or out of range."""
        number = as_number(value)
        if number is None or not self.low <= number <= self.high:
            raise DeviceError(f"{self.key} must be {self.low:g} to {self.high:g}{self.unit}, not {shown(value)}")
        number = round(number, 0 if self.whole else 4)
        return int(number) if number.is_integer() else number


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words; `told` are those that are reported, but can't be asked for.

    >>> Choice("state", ("locked", "unlocked")).check("ajar")
    Traceback (most recent call last):
    devices.traits.DeviceError: state must be locked or unlocked, not 'ajar'
    """

    key: str
    options: Sequence[str]
    told: Sequence[str] = ()

    def check(self, value: Any) -> str:
        """The word. Raises `DeviceError` for any other."""
        if isinstance(value, str) and value in self.options:
            return value
        *most, last = [str(option) for option in self.options] or ["nothing"]
        expected = f"{', '.join(most)} or {last}" if most else last
        raise DeviceError(f"{self.key} must be {expected}, not {shown(value)}")


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    key: str

    def check(self, value: Any) -> bool:
        """The truth value. Raises `DeviceError` for anything else."""
        if isinstance(value, bool):
            return value
        raise DeviceError(f"{self.key} must be true or false, not {shown(value)}")


@dataclass(frozen=True, slots=True)
class Text:
    """A short text."""

    key: str
    limit: int = MAX_TEXT

    def check(self, value: Any) -> str:
        """The text. Raises `DeviceError` when it is none, too long or not printable."""
        if isinstance(value, str) and len(value) <= self.limit and (not value or value.isprintable()):
            return value
        raise DeviceError(f"{self.key} must be a text of at most {self.limit} characters, not {shown(value)}")


@dataclass(frozen=True, slots=True)
class Words:
    """Some of the words that it knows, each once.

    >>> Words("cleaning_area_id", ("hall", "kitchen")).check(["kitchen"])
    ['kitchen']
    """

    key: str
    options: Sequence[str]

    def check(self, value: Any) -> list[str]:
        """The words. Raises `DeviceError` for any other, and for what is no list."""
        if not isinstance(value, list | tuple) or len(value) > len(self.options):
            raise DeviceError(f"{self.key} must be a list of {' and '.join(self.options)}, not {shown(value)}")
        return list(dict.fromkeys(Choice(self.key, self.options).check(each) for each in value))


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """An hour and a minute, 00:00 to 23:59.

    >>> TimeOfDay("alarm_time").check("7:05")
    '07:05'
    """

    key: str

    def check(self, value: Any) -> str:
        """The time as `HH:MM`. Raises `DeviceError` for anything else."""
        found = _TIME.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise DeviceError(f"{self.key} must be a time from 00:00 to 23:59, not {shown(value)}")
        return f"{int(found[1]):02}:{found[2]}"


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as red, green and blue, 0 to 255 each.

    >>> Colour("rgb_color").check([255, 0, 0])
    [255, 0, 0]
    """

    key: str

    def check(self, value: Any) -> list[int]:
        """The three parts. Raises `DeviceError`."""
        parts = [as_number(part) for part in value] if isinstance(value, list | tuple) and len(value) == 3 else []
        if len(parts) == 3 and all(part is not None and 0 <= part <= 255 for part in parts):
            return [round(part) for part in parts if part is not None]
        raise DeviceError(f"{self.key} must be three numbers from 0 to 255, not {shown(value)}")


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a list, in order: texts, or `{summary, status: needs_action | completed}`.

    >>> Items("items").check(["milk"])
    [{'summary': 'milk', 'status': 'needs_action'}]
    """

    key: str

    def check(self, value: Any) -> list[dict[str, str]]:
        """The items. Raises `DeviceError`."""
        if not isinstance(value, list | tuple) or len(value) > MAX_ITEMS:
            raise DeviceError(f"{self.key} must be a list of at most {MAX_ITEMS} items, not {shown(value)}")
        return [self._item(each) for each in value]

    def _item(self, value: Any) -> dict[str, str]:
        item = value if isinstance(value, Mapping) else {"summary": value}
        summary = Text("summary").check(item.get("summary"))
        status = Choice("status", ("needs_action", "completed")).check(item.get("status", "needs_action"))
        return {"summary": summary, "status": status}


def as_number(value: Any) -> float | None:
    """A finite number, also one written as text; `None` for anything else.

    >>> as_number("21.5"), as_number(True), as_number("nan")
    (21.5, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def shown(value: Any) -> str:
    """A value in an error message, shortened."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
