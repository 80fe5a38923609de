"""A turn as JSON and back, exactly.

Works from the type annotations of `assistant.turn`, so a new field needs no code here. Fields that hold their default
are left out. The states of the home are left out as well: they are large and change little, see `states.py`.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from assistant.turn import Ask, Confirm, Context, Execute, Ignore, Outcome, Refuse, Turn

DECISIONS: dict[str, type] = {"execute": Execute, "ask": Ask, "confirm": Confirm, "refuse": Refuse, "ignore": Ignore}
LEFT_OUT: dict[type, frozenset[str]] = {Context: frozenset({"states"}), Outcome: frozenset({"after"})}
_NO_DEFAULT = object()

Decoder = Callable[[Any], Any]


def encode(turn: Turn) -> str:
    """The turn without states, as compact JSON."""
    return _ENCODER.encode(turn)


def decode(text: str | bytes) -> Turn:
    """The turn that `encode` wrote; states are empty. Unknown fields (of a newer program) are ignored."""
    turn: Turn = _class_decoder(Turn)(json.loads(text))
    return turn


@cache
def _fields(cls: type) -> tuple[tuple[str, Any], ...]:
    """The fields that are written, each with its default."""
    left_out = LEFT_OUT.get(cls, frozenset())
    found = []
    for each in fields(cls):
        if each.name in left_out:
            continue
        default = each.default if each.default is not MISSING else _NO_DEFAULT
        if each.default_factory is not MISSING:
            default = each.default_factory()
        # a decision is told from the others by its kind, which is why that is always written
        found.append((each.name, default if each.init else _NO_DEFAULT))
    return tuple(found)


def _plain(value: Any) -> Any:
    """What the JSON encoder does not know: our dataclasses, times, mappings, numbers of numpy."""
    if is_dataclass(value) and not isinstance(value, type):
        written = {}
        for name, default in _fields(type(value)):
            found = getattr(value, name)
            if found is not default and (default is _NO_DEFAULT or found != default):
                written[name] = found
        return written
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


_ENCODER = json.JSONEncoder(default=_plain, separators=(",", ":"))


@cache
def _class_decoder(cls: type) -> Decoder:
    hints = get_type_hints(cls)
    decoders = {each.name: _decoder(hints[each.name]) for each in fields(cls) if each.init}

    def decode_class(data: dict[str, Any]) -> Any:
        return cls(**{name: decoders[name](value) for name, value in data.items() if name in decoders})

    return decode_class


def _decide(data: dict[str, Any]) -> Any:
    return _class_decoder(DECISIONS[data["kind"]])(data)


def _same(value: Any) -> Any:
    return value


def _decoder(hint: Any) -> Decoder:
    """How to read a value of a type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        inner = [each for each in arguments if each is not type(None)]
        read = _decide if len(inner) > 1 else _decoder(inner[0])
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        element = _decoder(arguments[0])
        return lambda values: tuple(map(element, values))
    if not isinstance(hint, type):
        return _same
    if is_dataclass(hint):
        return _class_decoder(hint)
    if issubclass(hint, datetime):
        return datetime.fromisoformat
    return hint if issubclass(hint, Enum) else _same
