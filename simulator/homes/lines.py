"""Reading YAML (and JSON, which is YAML) so that every error can name the line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from assistant.errors import UserError

MAX_BYTES = 20_000_000
Model = TypeVar("Model", bound=BaseModel)

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Document:
    """A parsed file that knows on which line each of its values stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            if path.stat().st_size > MAX_BYTES:
                raise UserError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB")
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise UserError(f"{path}: no such file") from None
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{path}: can't be read: {error}") from None
        self._text = text
        try:
            self.data: Any = yaml.load(text, Loader=_Loader)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise UserError(self._broken(error)) from None

    def _broken(self, error: Exception) -> str:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        return f"{self.path}{line}: not valid YAML: {getattr(error, 'problem', None) or error}"

    def line(self, where: Sequence[Any]) -> int:
        """The line of a value given by its keys and indices; of the nearest one around it, where it is missing."""
        node = yaml.compose(self._text, Loader=_Loader)
        line = 1
        for part in where:
            found = _child(node, part)
            if found is None:
                break
            line, node = found
        return line

    def check_doubles(self) -> None:
        """Raise `UserError` for a key that stands twice in one mapping: YAML takes the last, and says nothing."""
        for mapping in _mappings(yaml.compose(self._text, Loader=_Loader)):
            found: dict[str, int] = {}
            for key, _value in mapping.value:
                line, name = key.start_mark.line + 1, str(key.value)
                if name in found:
                    raise UserError(f"{self.path}:{line}: {name!r} is there already, on line {found[name]}")
                found[name] = line

    def error(self, where: Sequence[Any], message: str) -> UserError:
        """An error about a value."""
        return UserError(f"{self.path}:{self.line(where)}: {message}")

    def validated(self, model: type[Model]) -> Model:
        """The document as a model. Raises `UserError` with line, what was found and what was expected."""
        if not isinstance(self.data, dict):
            raise UserError(f"{self.path}: expected a mapping with keys such as areas and devices")
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            first = error.errors()[0]
            where = [part for part in first["loc"] if not str(part).startswith("function-")]
            raise self.error(where, _told(first, where, model)) from None


def _mappings(root: Any) -> Iterator[Any]:
    """All mappings of a document; each once, however often an alias refers to it."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield node
            waiting += [value for _key, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def _child(node: Any, part: Any) -> tuple[int, Any] | None:
    """Line and node of one child."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None


def _told(error: Any, where: Sequence[Any], model: type[BaseModel]) -> str:
    """One clear sentence for a pydantic error."""
    last = str(where[-1]) if where else "file"
    if error["type"] == "extra_forbidden":
        return f"unknown key {last!r}{did_you_mean(last, _keys(model, where[:-1]))}"
    if error["type"] == "missing":
        return f"{last!r} is missing"
    message = str(error["msg"]).removeprefix("Value error, ")
    return message if error["type"] == "value_error" else f"{last}: {message}"


def _keys(model: type[BaseModel], where: Sequence[Any]) -> list[str]:
    """The keys that a part of the model knows."""
    at: Any = model
    for part in where:
        if isinstance(part, str) and isinstance(at, type) and issubclass(at, BaseModel) and part in at.model_fields:
            inner = at.model_fields[part].annotation
            args = [each for each in getattr(inner, "__args__", ()) if isinstance(each, type)]
            at = next((each for each in args if issubclass(each, BaseModel)), inner)
    return [*at.model_fields] if isinstance(at, type) and issubclass(at, BaseModel) else []


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`, did you mean 'light'?`, or what there is when nothing is near.

    >>> did_you_mean("lihgt", ["light", "lock"])
    ", did you mean 'light'?"
    """
    options = sorted(set(known))
    if (synonym := SYNONYMS.get(word.lower())) and synonym in options:
        return f", did you mean {synonym!r}?"
    if found := process.extractOne(word, options, score_cutoff=55):
        return f", did you mean {found[0]!r}?"
    return f"; known: {', '.join(options[:12])}{' ...' if len(options) > 12 else ''}" if options else ""


SYNONYMS = {
    "lamp": "light",
    "bulb": "light",
    "outlet": "plug",
    "socket": "plug",
    "stove": "oven",
    "heater": "thermostat",
    "heating": "thermostat",
    "television": "tv",
    "garage": "garage_door",
    "hoover": "vacuum",
    "blinds": "blind",
    "curtains": "curtain",
    "door_lock": "lock",
    "room": "area",
    "rooms": "areas",
}
"""What people write instead of the word that is known here."""
