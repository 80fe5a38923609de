"""What Home Assistant adds to Jinja, as far as templates of MQTT devices use it, and what of Jinja they may use."""

from __future__ import annotations

import json
import math
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

# Python has no public way to look into a pattern before it is run; its own parser is private and has no types.
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as patterns  # type: ignore[attr-defined]
from statistics import fmean
from typing import Any

from jinja2 import TemplateRuntimeError, Undefined, UndefinedError, filters
from jinja2.exceptions import SecurityError
from pydantic_core import from_json

MISSING: Any = object()
MAX_PATTERN = 200
MAX_SUBJECT = 255
"""Characters that a regular expression is applied to, as in a state."""
MAX_REPEATS = 2
"""Unlimited repetitions in a regular expression: more could take very long."""
MAX_TEXT = 500_000
"""Characters of a text that is made on the way."""
MAX_WIDTH = 100
"""Width of a formatted number."""

JINJA_FILTERS = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "items", "last", "length", "list", "lower",
    "map", "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "string", "sum", "title",
    "trim", "unique", "upper",
)  # fmt: skip
JINJA_TESTS = (
    "!=", "<", "<=", "==", ">", ">=", "boolean", "defined", "divisibleby", "eq", "equalto", "even", "false", "float",
    "ge", "greaterthan", "gt", "in", "integer", "iterable", "le", "lessthan", "lower", "lt", "mapping", "ne", "none",
    "number", "odd", "sameas", "sequence", "string", "true", "undefined", "upper",
)  # fmt: skip


def check_growth(owner: str, method: str, arguments: tuple[Any, ...]) -> None:
    """Raise `SecurityError` where a method of a text may make a much longer one."""
    size = len(owner)
    if method == "replace" and len(arguments) >= 2:
        size = (size + 1) * (1 + len(str(arguments[1])))
    elif method == "join" and arguments and isinstance(arguments[0], list | tuple):
        size = (size + 1) * len(arguments[0])
    if size > MAX_TEXT:
        raise SecurityError("a text that is too long")


def check_pattern(pattern: str) -> None:
    """Raise `SecurityError` for a format that would print very wide."""
    if any(int(width) > MAX_WIDTH for width in re.findall(r"\d{1,9}", pattern)) or "*" in pattern:
        raise SecurityError("a format that is too wide")


def _format(pattern: str, *values: Any) -> str:
    check_pattern(pattern)
    return str(pattern) % values


def _replaced(value: Any, old: str, new: str, count: int = -1) -> str:
    text = str(value)
    check_growth(text, "replace", (old, new))
    return text.replace(str(old), str(new), count)


def _joined(values: Any, between: str = "") -> str:
    parts = [str(value) for value in values]
    check_growth(str(between), "join", (parts,))
    return str(between).join(parts)


def _fallback(default: Any, why: str) -> Any:
    if default is MISSING:
        raise TemplateRuntimeError(why)
    return default


def _float(value: Any, default: Any = MISSING) -> Any:
    try:
        return float(value)
    except (ValueError, TypeError, UndefinedError):
        return _fallback(default, "no number, and no default")


def _int(value: Any, default: Any = MISSING, base: int = 10) -> Any:
    if isinstance(value, str) and len(value) > MAX_SUBJECT:
        return _fallback(default, "no number")
    found = filters.do_int(value, default=default, base=base)
    return _fallback(default, "no whole number, and no default") if found is MISSING else found


def _round(value: Any, precision: int = 0, method: str = "common", default: Any = MISSING) -> Any:
    try:
        number, factor = float(value), float(10 ** min(int(precision), 12))
        if method in {"ceil", "floor"}:
            number = (math.ceil if method == "ceil" else math.floor)(number * factor) / factor
        elif method == "half":
            number = round(number * 2) / 2
        else:
            number = round(number, int(precision))
        return int(number) if precision == 0 else number
    except (ValueError, TypeError, UndefinedError, OverflowError):
        return _fallback(default, "nothing to round, and no default")


def _bool(value: Any, default: Any = MISSING) -> Any:
    if isinstance(value, int | float):
        return value != 0
    word = str(value).strip().lower()
    if word in {"1", "true", "yes", "on", "enable"}:
        return True
    return False if word in {"0", "false", "no", "off", "disable"} else _fallback(default, "neither true nor false")


def _iif(value: Any, if_true: Any = True, if_false: Any = False, if_none: Any = MISSING) -> Any:
    if value is None and if_none is not MISSING:
        return if_none
    return if_true if value else if_false


def _is_defined(value: Any) -> Any:
    """A value that is not there ends the rendering: nothing is reported then."""
    if isinstance(value, Undefined):
        raise UndefinedError("not defined")
    return value


def _is_number(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except (ValueError, TypeError, UndefinedError):
        return False


def _to_json(value: Any, *_style: Any, **_styles: Any) -> str:
    _is_defined(value)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)


def _tojson(value: Any, indent: int | None = None) -> str:
    """Jinja's own filter: with blanks, unlike Home Assistant's `to_json`."""
    _is_defined(value)
    return json.dumps(value, ensure_ascii=False, default=str, indent=min(indent, 8) if indent else None)


def _from_json(value: Any, default: Any = MISSING) -> Any:
    try:
        return from_json(str(value), allow_inf_nan=False)
    except (ValueError, RecursionError):
        return _fallback(default, "not JSON")


def _pattern(find: str, ignorecase: bool) -> re.Pattern[str]:
    """A pattern that can't take long: few unlimited repetitions, none within another. Raises `SecurityError`."""
    if len(find) > MAX_PATTERN:
        raise SecurityError("a pattern that is too long")
    try:
        if _repeats(patterns.parse(find), inside=False) > MAX_REPEATS:
            raise SecurityError("a pattern with too many repetitions")
        return re.compile(find, re.IGNORECASE if ignorecase else 0)
    except (re.error, RecursionError, OverflowError) as error:
        raise SecurityError(f"a pattern that is not understood: {error}") from None


def _repeats(tree: Any, inside: bool) -> int:
    """How many repetitions a pattern has. Raises `SecurityError` where one is within another, or refers back."""
    total = 0
    for operation, argument in tree:
        if operation in {ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT}:
            low, high, body = argument
            many = high > 1 and high != low
            if inside and many:
                raise SecurityError("a repetition within another")
            total += many + _repeats(body, inside or high > 1)
        elif operation is ops.SUBPATTERN:
            total += _repeats(argument[-1], inside)
        elif operation is ops.BRANCH:
            if inside:
                raise SecurityError("a choice within a repetition")
            total += sum(_repeats(branch, inside) for branch in argument[1])
        elif operation in {ops.GROUPREF, ops.GROUPREF_EXISTS, ops.ASSERT, ops.ASSERT_NOT, ops.ATOMIC_GROUP}:
            raise SecurityError("a pattern that refers to itself")
    return total


def _subject(value: Any) -> str:
    text = str(value)
    if len(text) > MAX_SUBJECT:
        raise SecurityError("a text that is too long for a pattern")
    return text


def _match(value: Any, find: str = "", ignorecase: bool = False) -> bool:
    return bool(_pattern(find, ignorecase).match(_subject(value)))


def _search(value: Any, find: str = "", ignorecase: bool = False) -> bool:
    return bool(_pattern(find, ignorecase).search(_subject(value)))


def _replace(value: Any = "", find: str = "", replace: str = "", ignorecase: bool = False) -> str:
    return _pattern(find, ignorecase).sub(str(replace)[:MAX_PATTERN], _subject(value))


def _find_all(value: Any, find: str = "", ignorecase: bool = False) -> list[Any]:
    return _pattern(find, ignorecase).findall(_subject(value))


def _find_one(value: Any, find: str = "", index: int = 0, ignorecase: bool = False) -> Any:
    return _find_all(value, find, ignorecase)[index]


def _timestamp(value: Any, default: Any = MISSING) -> Any:
    try:
        return value.timestamp() if isinstance(value, datetime) else datetime.fromisoformat(str(value)).timestamp()
    except (ValueError, OverflowError):
        return _fallback(default, "not a time")


def _from_timestamp(value: Any, style: str = "", local: bool = True, default: Any = MISSING) -> Any:
    """A time in a style; without one, as ISO 8601."""
    try:
        moment = datetime.fromtimestamp(float(value), UTC)
        moment = moment.astimezone() if local else moment
        return moment.strftime(style[:MAX_PATTERN]) if style else moment.isoformat()
    except (ValueError, TypeError, OverflowError, OSError, UndefinedError):
        return _fallback(default, "not a time")


def _slug(text: Any, separator: str = "_") -> str:
    return re.sub(r"[^a-z0-9]+", lambda _found: separator[:1], str(text).lower()).strip(separator[:1])


def _log(value: Any, base: Any = math.e, default: Any = MISSING) -> Any:
    try:
        return math.log(float(value), float(base))
    except (ValueError, TypeError, ZeroDivisionError, UndefinedError):
        return _fallback(default, "no logarithm")


def _sqrt(value: Any, default: Any = MISSING) -> Any:
    try:
        return math.sqrt(float(value))
    except (ValueError, TypeError, UndefinedError):
        return _fallback(default, "no root")


def _average(*values: Any) -> float:
    return fmean(values[0] if len(values) == 1 and isinstance(values[0], list | tuple) else values)


def _extreme(choose: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values: choose(values[0]) if len(values) == 1 else choose(values)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "add": lambda value, amount, default=MISSING: _float(value, default) + amount,
    "multiply": lambda value, amount, default=MISSING: _float(value, default) * float(amount),
    "as_timestamp": _timestamp,
    "average": _average,
    "base64_decode": lambda value: b64decode(str(value)).decode(errors="replace"),
    "base64_encode": lambda value: b64encode(str(value).encode()).decode(),
    "bitwise_and": lambda value, other: int(value) & int(other),
    "bitwise_or": lambda value, other: int(value) | int(other),
    "bitwise_xor": lambda value, other: int(value) ^ int(other),
    "bool": _bool,
    "contains": lambda value, item: item in value,
    "float": _float,
    "format": _format,
    "from_json": _from_json,
    "iif": _iif,
    "int": _int,
    "join": _joined,
    "is_defined": _is_defined,
    "is_number": _is_number,
    "log": _log,
    "ord": lambda value: ord(value),
    "regex_findall": _find_all,
    "regex_findall_index": _find_one,
    "regex_match": _match,
    "regex_replace": _replace,
    "regex_search": _search,
    "replace": _replaced,
    "round": _round,
    "slugify": _slug,
    "sqrt": _sqrt,
    "timestamp_custom": _from_timestamp,
    "timestamp_local": lambda value, default=MISSING: _from_timestamp(value, default=default),
    "timestamp_utc": lambda value, default=MISSING: _from_timestamp(value, local=False, default=default),
    "to_json": _to_json,
    "tojson": _tojson,
}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "as_timestamp": _timestamp,
    "average": _average,
    "bool": _bool,
    "float": _float,
    "iif": _iif,
    "int": _int,
    "is_number": _is_number,
    "log": _log,
    "max": _extreme(max),
    "min": _extreme(min),
    "sqrt": _sqrt,
}
TESTS: Mapping[str, Callable[..., Any]] = {
    "contains": lambda value, item: item in value,
    "is_number": _is_number,
    "match": _match,
    "search": _search,
}
