"""`mynah understand`: one request, interpreted and explained; nothing is executed."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from rich.console import Console

from assistant.act import assumed
from assistant.cli.common import add_json, print_json
from assistant.errors import UserError
from assistant.nlu import Understander
from assistant.reply import reply_to
from assistant.store.views import turn_view
from assistant.turn import Context, Hypothesis, State, Turn, Utterance
from simulator.homes import load_home
from simulator.replay.stage import Stage

NOON = datetime(2026, 3, 2, 12, 0)
MAX_TEXT = 20_000


class NBest(BaseModel):
    """One hypothesis of a request."""

    text: str = Field(max_length=MAX_TEXT)
    confidence: float = Field(1.0, ge=0, le=1)


class StateIn(BaseModel):
    """A state given with a request: `{state, attributes}` or `{state, <attribute>: value}`."""

    model_config = ConfigDict(extra="allow")
    state: str
    attributes: dict[str, Any] = {}

    def as_state(self) -> State:
        """The state in our form."""
        return State(self.state, {**(self.model_extra or {}), **self.attributes})


class Request(BaseModel):
    """One request line."""

    model_config = ConfigDict(extra="ignore")
    text: str | None = Field(None, max_length=MAX_TEXT)
    nbest: list[NBest] | None = None
    home: str | None = None
    room: str | None = None
    speaker: str | None = None
    now: datetime | None = None
    states: dict[str, StateIn] = {}

    @model_validator(mode="after")
    def _said(self) -> Request:
        if self.text is None and self.nbest is None:
            raise ValueError("a request has `text` or `nbest`")
        return self

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """What was heard, best first."""
        if self.nbest is not None:
            heard = sorted(self.nbest, key=lambda each: -each.confidence)
            return tuple(Hypothesis(each.text, each.confidence) for each in heard)
        return (Hypothesis(self.text or ""),)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The request and its circumstances."""
    parser.add_argument("text", help="what is said; - reads one JSON request a line from stdin")
    parser.add_argument("--home", default="cottage", help="a bundled home or a file")
    parser.add_argument("--room", help="where it is said")
    parser.add_argument("--speaker", help="who says it")
    parser.add_argument("--now", help="when (ISO 8601)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Interpret one request, or every line of stdin."""
    interpreter = Interpreter(arguments.home)
    if arguments.text == "-":
        return _lines(interpreter)
    values = {key: getattr(arguments, key) for key in ("text", "home", "room", "speaker", "now")}
    turn, ms = interpreter.interpret(_validated(values, "request"))
    if arguments.json:
        print_json(result_of(turn, ms))
    else:
        Console(highlight=False).print(turn_view(turn))
        print(f"\n{ms:.1f} ms")
    return 0


def _lines(interpreter: Interpreter) -> int:
    """One JSON request a line of stdin, one JSON result a line of stdout, in order; a broken line gets an error."""
    code = 0
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            turn, ms = interpreter.interpret(_validated(_json(line, number), f"line {number}"))
            print_json(result_of(turn, ms))
        except UserError as error:
            print_json({"error": str(error)})
            print(f"mynah understand: {error}", file=sys.stderr)
            code = 2
        sys.stdout.flush()
    return code


def _json(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise UserError(f"line {number}: not valid JSON: {error.msg}") from None


def _validated(values: Any, where: str) -> Request:
    try:
        return Request.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        named = ".".join(str(part) for part in first["loc"])
        raise UserError(f"{where}: {named or 'request'}: {first['msg'].removeprefix('Value error, ')}") from None


class Interpreter:
    """Understands requests about any home; keeps one assistant per home."""

    def __init__(self, home: str) -> None:
        self._default = home
        self._understander = Understander.load()
        self._stages: dict[str, Stage] = {}
        self._stage(home)

    def _stage(self, home: str) -> Stage:
        if home not in self._stages:
            self._stages[home] = Stage(load_home(home), NOON, understander=self._understander)
        return self._stages[home]

    def interpret(self, request: Request) -> tuple[Turn, float]:
        """The turn as far as the decision, with its reply, and the milliseconds that it took."""
        stage = self._stage(request.home or self._default)
        assistant = stage.assistant
        began = time.perf_counter()
        assistant.sync_home()
        states = {**assistant.engine.states(), **{key: each.as_state() for key, each in request.states.items()}}
        now = (request.now or NOON).replace(tzinfo=None)
        room = _room(request.room, assistant.twin.home.areas)
        context = Context(now, assistant.engine.parts.household, room, request.speaker, states)
        turn = Turn("understand", context, Utterance(request.hypotheses))
        turn = assumed(assistant.pipeline.run(turn, stop="decide"))
        turn = replace(turn, reply=reply_to(turn, assistant.twin.home))
        return turn, (time.perf_counter() - began) * 1000


def _room(name: str | None, areas: Mapping[str, Any]) -> str | None:
    if name is None:
        return None
    named = [area.id for area in areas.values() if name == area.id or name.lower() == area.name.lower()]
    return named[0] if named else name


def result_of(turn: Turn, ms: float) -> dict[str, Any]:
    """The result in the form of the contract."""
    intents = [each.intent for each in turn.resolutions] or list(turn.parse.intents if turn.parse else ())
    rewrite = turn.rewrite
    return {
        "decision": turn.decision.kind if turn.decision else None,
        "intents": [
            {"name": intent.name, "slots": dict(intent.slots), "confidence": round(intent.confidence, 4)}
            for intent in intents
        ],
        "commands": [
            {"entity": command.entity, "service": command.service, "value": dict(command.value)}
            for command in turn.commands
        ],
        "reply": turn.reply.text if turn.reply else "",
        "unexplained": list(turn.parse.unexplained) if turn.parse else [],
        "rewrite": {"before": rewrite.before, "after": rewrite.after, "layer": rewrite.layer} if rewrite else None,
        "because": [f"{entry.stage}: {entry.text}" for entry in turn.trace],
        "ms": round(ms, 3),
    }
