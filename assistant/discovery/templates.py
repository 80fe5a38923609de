"""Jinja templates of strangers, rendered as Home Assistant would, without trusting them.

A template comes from whoever may write to the broker. It is parsed once, and only what value and command templates need
is let in: no macros, includes, blocks or recursion; only known filters, functions and methods. While it renders, every
loop, filter and operation is charged by the size of its result, so that neither time nor memory can run away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, wraps
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from pydantic_core import from_json

from assistant.discovery import extras

MAX_TEMPLATE = 4_096
"""Characters of a template."""
MAX_WORK = 20_000
"""What one rendering may cost: one for each step, and one for each item or 8 characters that a step makes."""
MAX_BITS = 256
"""Bits of a whole number."""
MAX_POWER = 64
MAX_RANGE = 1_000

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.NSRef, nodes.Tuple, nodes.List,
    nodes.Dict, nodes.Pair, nodes.Keyword, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Call, nodes.Getitem,
    nodes.Getattr, nodes.Slice, nodes.Concat, nodes.Compare, nodes.Operand, nodes.BinExpr, nodes.UnaryExpr, nodes.If,
    nodes.For, nodes.Assign,
)  # fmt: skip
_METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset(
        {
            "capitalize", "count", "endswith", "find", "index", "isalnum", "isalpha", "isdecimal", "isdigit",
            "isnumeric", "join", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind",
            "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title",
            "upper",
        }
    ),
    dict: frozenset({"get", "items", "keys", "values"}),
    list: frozenset({"index", "count"}),
    tuple: frozenset({"index", "count"}),
}  # fmt: skip
"""The methods that templates may call, by type; none of them changes anything."""


class OverspentError(SecurityError):
    """A template that wants more than one rendering may cost."""


class Environment(ImmutableSandboxedEnvironment):
    """Home Assistant's template functions, each charged to the rendering that uses them."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self) -> None:
        super().__init__()
        self.left = MAX_WORK
        self.globals = {name: self._charged(each) for name, each in {**extras.FUNCTIONS, "range": self._range}.items()}
        self.globals["namespace"] = self._namespace
        known = {name: self.filters[name] for name in extras.JINJA_FILTERS}
        self.filters = {name: self._charged(each) for name, each in {**known, **extras.FILTERS}.items()}
        self.filters |= {"_loop": self._loop, "_made": self._made, "_joined": self._joined}
        self.tests = {name: self.tests[name] for name in extras.JINJA_TESTS} | dict(extras.TESTS)

    # -- the meter -------------------------------------------------------------------------------------------------

    def spend(self, cost: int) -> None:
        """Charge a step. Raises `OverspentError`."""
        self.left -= cost
        if self.left < 0:
            raise OverspentError("the template wants too much")

    def weigh(self, value: Any) -> None:
        """Charge a value by its size, with everything in it. Raises `OverspentError`."""
        self.spend(1)
        if isinstance(value, str):
            self.spend(len(value) // 8)
        elif isinstance(value, int) and value.bit_length() > MAX_BITS:
            raise OverspentError("a number that is too large")
        elif isinstance(value, Mapping):
            for key, item in value.items():
                self.weigh(key)
                self.weigh(item)
        elif isinstance(value, list | tuple | set | frozenset):
            for item in value:
                self.weigh(item)

    def _charged(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def charged(*arguments: Any, **named: Any) -> Any:
            # Some filters get the environment first.
            given = (each for each in arguments[:2] if isinstance(each, list | tuple | dict | range))
            self.spend(1 + sum(len(each) for each in given))
            return self._made(function(*arguments, **named))

        return charged

    def _made(self, value: Any) -> Any:
        """A new value, weighed; what would be made bit by bit is made at once."""
        if hasattr(value, "__next__"):
            value = list(self._loop(value))
        self.weigh(value)
        return value

    def _joined(self, first: Any, *others: Any) -> str:
        """The operator `~`."""
        parts = [self._text(each) for each in (first, *others)]
        return "".join(parts)

    def _text(self, value: Any) -> str:
        self.weigh(value)
        text = str(value)
        self.spend(len(text) // 8)
        return text

    def _loop(self, items: Any) -> Iterator[Any]:
        for item in items:
            self.spend(10)
            yield item

    def _range(self, *bounds: Any) -> range:
        found = range(*(int(bound) for bound in bounds))
        if len(found) > MAX_RANGE:
            raise OverspentError("a range that is too long")
        return found

    def _namespace(self, **values: Any) -> Any:
        return Namespace(**values)

    # -- what the sandbox asks -------------------------------------------------------------------------------------

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Only known methods of plain values, and plain facts of a loop or a date."""
        if not super().is_safe_attribute(obj, attr, value):
            return False
        if isinstance(obj, Namespace):
            return True
        if callable(value):
            return any(isinstance(obj, kind) and attr in known for kind, known in _METHODS.items())
        return isinstance(value, str | int | float | bool | None)

    def wrap_str_format(self, value: Any) -> None:
        """`"{}".format` is no method that templates may call: a width in it is not bounded."""

    # Jinja's own signature: the underscores keep a template's keyword arguments from meeting these names.
    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """A function or a method, charged before and after. Raises `SecurityError`."""
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, str):
            extras.check_growth(owner, __obj.__name__, args)
        return __self._made(super().call(__context, __obj, *args, **kwargs))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """An operation whose result can't be larger than allowed. Raises `SecurityError`."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "**" and not (numbers and abs(right) <= MAX_POWER and abs(left) <= 1e9):
            raise OverspentError("a power that is too large")
        if operator == "*" and not numbers:
            many, once = (left, right) if isinstance(right, int) else (right, left)
            if not isinstance(once, int) or not isinstance(many, str | list | tuple):
                raise SecurityError("only numbers, texts and lists can be multiplied")
            self.spend(len(many) * max(once, 0))
        if operator == "%" and isinstance(left, str):
            extras.check_pattern(left)
        return self._made(super().call_binop(context, operator, left, right))


class _Guard:
    """Lets in what is allowed, and puts the meter into loops, displays and joins."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def guarded(self, tree: nodes.Template) -> nodes.Template:
        """The same template, metered. Raises `TemplateSyntaxError` for what templates may not do."""
        self._check(tree)
        self._meter(tree)
        tree.set_environment(self._environment)
        return tree

    def _check(self, node: nodes.Node) -> None:
        if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.For) and node.recursive):
            raise TemplateSyntaxError(f"{type(node).__name__.lower()} is not allowed here", node.lineno)
        if isinstance(node, nodes.Filter) and (node.name.startswith("_") or node.name not in self._environment.filters):
            raise TemplateSyntaxError(f"there is no filter {node.name[:40]!r}", node.lineno)
        if isinstance(node, nodes.Test) and node.name not in self._environment.tests:
            raise TemplateSyntaxError(f"there is no test {node.name[:40]!r}", node.lineno)
        for child in node.iter_child_nodes():
            self._check(child)

    def _meter(self, node: nodes.Node) -> None:
        for name, value in node.iter_fields():
            if isinstance(value, nodes.Node):
                setattr(node, name, self._metered(node, name, value))
            elif isinstance(value, list):
                value[:] = [self._metered(node, name, each) if isinstance(each, nodes.Node) else each for each in value]

    def _metered(self, parent: nodes.Node, name: str, node: nodes.Node) -> nodes.Node:
        self._meter(node)
        if isinstance(node, nodes.Concat):
            return self._filter("_joined", node.nodes[0], node.nodes[1:])
        if isinstance(parent, nodes.For) and name == "iter":
            assert isinstance(node, nodes.Expr)
            return self._filter("_loop", node, [])
        if isinstance(node, nodes.List | nodes.Dict) or (isinstance(node, nodes.Tuple) and node.ctx == "load"):
            return self._filter("_made", node, [])
        return node

    @staticmethod
    def _filter(name: str, node: nodes.Expr, others: list[nodes.Expr]) -> nodes.Filter:
        return nodes.Filter(node, name, others, [], None, None, lineno=node.lineno)


_ENVIRONMENT = Environment()


def spent() -> int:
    """What the last rendering cost, of `MAX_WORK`."""
    return MAX_WORK - max(_ENVIRONMENT.left, 0)


class Template:
    """One template. Rendering it is not thread-safe: the loop's thread alone reads the wire.

    >>> Template.of("{{ value_json.temperature | float(0) | round(1) }}").read('{"temperature": 21.46}')
    '21.5'
    >>> Template.of('{"brightness": {{ value }}}').write({"value": 128})
    '{"brightness": 128}'
    """

    def __init__(self, source: str) -> None:
        if len(source) > MAX_TEMPLATE:
            raise ValueError("a template that is too long")
        self.source = source
        # What is constant is worked out here already, and charged like the rest.
        _ENVIRONMENT.left = MAX_WORK
        try:
            tree = _Guard(_ENVIRONMENT).guarded(_ENVIRONMENT.parse(source))
            code = _ENVIRONMENT.compile(tree)
            self._template = _ENVIRONMENT.template_class.from_code(_ENVIRONMENT, code, _ENVIRONMENT.globals)
        except (TemplateError, RecursionError, SyntaxError, MemoryError, OverflowError) as error:
            raise ValueError(f"a template that is not understood: {error}") from None

    @staticmethod
    @lru_cache(maxsize=4096)
    def of(source: str) -> Template:
        """The template of a text; the same text gives the same one. Raises `ValueError`."""
        return Template(source)

    def read(self, payload: str, json: Any = extras.MISSING, **more: Any) -> str:
        """What a value template makes of a payload; `json` is the payload's content where it is JSON and known.

        Raises `ValueError` when it can't be rendered.
        """
        if json is extras.MISSING:
            json = parsed(payload)
        values = {**more, "value": payload}
        if json is not extras.MISSING:
            values["value_json"] = json
        return self.write(values).strip()

    def write(self, values: Mapping[str, Any]) -> str:
        """The text for these values. Raises `ValueError` when it can't be rendered."""
        _ENVIRONMENT.left = MAX_WORK
        parts: list[str] = []
        try:
            # Straight to the compiled function: Jinja's own way would rewrite the traceback of every error.
            for part in self._template.root_render_func(self._template.new_context(dict(values))):
                _ENVIRONMENT.spend(1 + len(part) // 8)
                parts.append(part)
        except (TemplateError, ArithmeticError, TypeError, LookupError, AttributeError, RecursionError) as error:
            raise ValueError(f"a template that fails: {error}") from None
        return "".join(parts)


def parsed(payload: str) -> Any:
    """The content of JSON, or `MISSING`.

    >>> parsed('{"a": 1}'), parsed("ON") is extras.MISSING
    ({'a': 1}, True)
    """
    try:
        return from_json(payload, allow_inf_nan=False)
    except (ValueError, RecursionError):
        return extras.MISSING
