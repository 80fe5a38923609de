"""The dialogue script: its schema, and reading it from YAML with line numbers."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from assistant.errors import UserError
from simulator.faults import Duration, FaultKind
from simulator.faults import seconds as duration

Kind = Literal["execute", "ask", "confirm", "refuse", "ignore"]


class _Loader(yaml.SafeLoader):
    """YAML 1.2's view of words: `yes`, `no`, `on` and `off` are words, only `true` and `false` are not."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # the way PyYAML is told
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class Part(BaseModel):
    """A part of a script; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Heard(Part):
    """One hypothesis of the recogniser."""

    text: str
    confidence: float = Field(1.0, ge=0, le=1)


class ReplyParts(Part):
    """Which words must occur in a reply, case-insensitive."""

    all_of: list[str] = []
    any_of: list[str] = []
    none_of: list[str] = []


class Expect(Part):
    """What must hold after a step; what is left out is not checked."""

    decision: Kind | list[Kind] | None = None
    outcome: str | list[str] | None = None
    intent: str | None = None
    states: dict[str, dict[str, Any]] = {}
    unchanged: bool | None = None
    reply: list[str] | ReplyParts | None = None
    heard: str | None = None
    executed: str | None = None
    rewrite: dict[str, Any] | None = None
    failure: str | None = None
    within_ms: float | None = None

    @field_validator("reply", mode="before")
    @classmethod
    def _one_word(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class Interrupt(Part):
    """A barge-in, `after` seconds into the reply."""

    after: float = Field(ge=0)
    say: str
    heard: str | list[Heard] | None = None
    expect: Expect | None = None


class Fault(Part):
    """A fault of one device."""

    entity: str
    kind: FaultKind
    seconds: Duration | None = Field(None, alias="for")


STEP_SECONDS = 60.0
"""More than any single step lasts."""
ACTIONS = ("at", "wait", "say", "switch", "set", "fault", "learn", "restart")


class Step(Part):
    """One step of a script: exactly one of `at`, `wait`, `say`, `switch`, `set`, `fault`, `learn`, `restart`."""

    at: datetime | None = None
    wait: float | None = None
    say: str | None = None
    heard: str | list[Heard] | None = None
    speaker: str | None = None
    room: str | None = None
    to: Literal["assistant", "nobody"] = "assistant"
    interrupt: Interrupt | None = None
    feedback: Literal["ask"] | None = None
    switch: dict[str, dict[str, Any]] | None = None
    set: dict[str, dict[str, Any]] | None = None
    fault: Fault | None = None
    learn: Literal["now"] | None = None
    restart: dict[str, Any] | None = None
    expect: Expect | None = None

    @field_validator("wait", mode="before")
    @classmethod
    def _wait(cls, value: Any) -> Any:
        return None if value is None else duration(value)

    @model_validator(mode="after")
    def _one_action(self) -> Self:
        given = [action for action in ACTIONS if getattr(self, action) is not None]
        if len(given) != 1:
            raise ValueError(
                f"a step does one thing ({', '.join(ACTIONS)}), this one does {', '.join(given) or 'none'}"
            )
        return self

    @property
    def action(self) -> str:
        """What the step does."""
        return next(action for action in ACTIONS if getattr(self, action) is not None)


class Script(Part):
    """A dialogue with a home."""

    home: str
    speaker: str | None = None
    room: str | None = None
    seed: int = 0
    explore: bool = False
    history: str | None = None
    steps: list[Step] = Field(min_length=1)

    @property
    def start(self) -> datetime:
        """When the script begins: early enough for the steps before its first `at`; without one, a Monday morning."""
        place = next((index for index, step in enumerate(self.steps) if step.at), None)
        if place is None:
            return datetime(2026, 3, 2, 9, 0)
        before = sum(STEP_SECONDS + (step.wait or 0.0) for step in self.steps[:place])
        first = self.steps[place].at
        assert first is not None, "found by its `at`"
        return first - timedelta(seconds=before + 1.0)


def load_script(path: Path) -> Script:
    """Read a script. Raises `UserError` with file, line and what was expected."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: can't be read: {error}") from None
    return parse_script(text, str(path))


def parse_script(text: str, name: str) -> Script:
    """Read a script from text; `name` is used in errors."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        document = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise UserError(f"{name}:{line}: not valid YAML: {getattr(error, 'problem', error)}") from None
    if not isinstance(document, dict):
        raise UserError(f"{name}:1: a script is a mapping with `home` and `steps`")
    try:
        return Script.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = [part for part in first["loc"] if isinstance(part, int | str)]
        told = ".".join(str(part) for part in where)
        message = first["msg"].removeprefix("Value error, ")
        raise UserError(f"{name}:{line_of(node, where)}: {told}: {message}") from None


def line_of(node: yaml.Node | None, path: list[int | str]) -> int:
    """The line (from 1) of the deepest part of a path that exists in a composed document."""
    line = node.start_mark.line + 1 if node else 1
    for part in path:
        child = _child(node, part)
        if child is None:
            continue
        node, line = child
    return line


def _child(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        child = node.value[part]
        return child, child.start_mark.line + 1
    return None
