"""Turns as JSON lines, for other programs and from other programs.

Only `id`, `household`, `time` and `said` are required. What a line does not tell is unknown, not false: the fields
whose absence a `Turn` can't express are named in its `unknown`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from assistant.errors import UserError
from assistant.store.rows import confidences
from assistant.turn import (
    Ask,
    Candidate,
    Confirm,
    Context,
    Decision,
    Execute,
    HandChange,
    Hypothesis,
    Ignore,
    Intent,
    Interpretation,
    Outcome,
    OutcomeKind,
    Parse,
    Refuse,
    Reply,
    Resolution,
    Rewrite,
    Source,
    Spoken,
    State,
    Turn,
    Utterance,
)

MAX_LINE = 1 << 20
"""Bytes of a line; a longer one is skipped."""
MAX_TEXT = 2000
"""Characters of what was said; nobody speaks longer."""

Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Said = Annotated[str, Field(max_length=MAX_TEXT)]
Seconds = Annotated[float, Field(ge=0)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class NBest(_Model):
    """One hypothesis."""

    text: Said
    confidence: Share | None = None


class Confidence(_Model):
    """How sure each stage was; `None` where it was not reached or not told."""

    wake: Share | None = None
    asr: Share | None = None
    nlu: Share | None = None
    er: Share | None = None


class StateLine(_Model):
    """A state: `{state, attributes}`, or `{state, <attribute>: value}`."""

    model_config = ConfigDict(extra="allow")
    state: str
    attributes: dict[str, Any] = {}


class Hand(_Model):
    """A change by hand."""

    entity: Name
    seconds_after: float


class TurnLine(_Model):
    """One line of the interchange format."""

    id: Name
    household: Name
    speaker: Name | None = None
    time: datetime
    room: Annotated[str, Field(max_length=200)] | None = None
    nbest: Annotated[list[NBest], Field(max_length=100)] | None = None
    said: Said
    executed: Said | None = None
    rewrite: Name | None = None
    propensity: Share | None = None
    holdout: bool | None = None
    intent: Name | None = None
    slots: dict[str, Any] | None = None
    entities: list[Name] | None = None
    confidence: Confidence | None = None
    decision: Literal["execute", "ask", "confirm", "refuse", "ignore"] | None = None
    outcome: OutcomeKind | None = None
    response: str | None = None
    barge_in: Seconds | None = None
    states: dict[str, StateLine] | None = None
    states_after: dict[str, StateLine] | None = None
    changed_by_hand: list[Hand] | None = None
    feedback: Literal["yes", "no"] | None = None

    @field_validator("time", mode="after")
    @classmethod
    def _local(cls, time: datetime) -> datetime:
        """Times are kept local and without a zone, as the clock on the wall shows them."""
        try:
            return time.astimezone().replace(tzinfo=None) if time.tzinfo else time
        except (OverflowError, OSError) as error:
            raise ValueError("a time out of range") from error


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was skipped, and why."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


@dataclass(slots=True)
class Reading:
    """What was read so far: turns come out of iterating, problems gather here.

    >>> reading = Reading([b'{"id": "1", "household": "h", "time": "2026-03-02T07:00:00", "said": "lights"}', b"{"])
    >>> [turn.said for turn in reading], [str(problem) for problem in reading.problems]
    (['lights'], ['line 2: not JSON: EOF while parsing an object at line 1 column 1'])
    """

    lines: Iterable[bytes | str]
    problems: list[Problem] = field(default_factory=list)

    def __iter__(self) -> Iterator[Turn]:
        seen: set[str] = set()
        for number, line in enumerate(self.lines, 1):
            if not line.strip():
                continue
            found = parse_line(line)
            if isinstance(found, str):
                self.problems.append(Problem(number, found))
            elif found.id in seen:
                self.problems.append(Problem(number, f"the id {found.id!r} has been used before"))
            else:
                seen.add(found.id)
                yield turn_of(found)


@dataclass(frozen=True, slots=True)
class Imported:
    """A whole log: its turns, and the lines that were skipped."""

    turns: list[Turn]
    problems: list[Problem]


def read(source: Path | str | Iterable[bytes | str]) -> Imported:
    """Read a file or lines. A broken line is skipped and reported. Raises `UserError` when the file can't be read."""
    if isinstance(source, Path | str):
        reading = Reading(file_lines(Path(source)))
        return Imported(list(reading), reading.problems)
    reading = Reading(source)
    return Imported(list(reading), reading.problems)


def file_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, cut at `MAX_LINE` bytes. Raises `UserError` when it can't be read."""
    try:
        with path.open("rb") as stream:
            yield from stream_lines(stream)
    except OSError as error:
        raise UserError(f"{path}: can't be read: {error.strerror}") from None


def stream_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long, only as much as shows that."""
    first = True
    while line := stream.readline(MAX_LINE + 1):
        if first:
            line, first = line.removeprefix(b"\xef\xbb\xbf"), False
        tail = line
        while len(tail) > MAX_LINE and not tail.endswith(b"\n"):
            tail = stream.readline(MAX_LINE + 1)
        yield line


def parse_line(line: bytes | str) -> TurnLine | str:
    """The line as a model, or what is wrong with it."""
    if len(line) > MAX_LINE:
        return f"longer than {MAX_LINE} bytes"
    try:
        return TurnLine.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            return f"not JSON: {first['ctx']['error']}"
        where = ".".join(str(part) for part in first["loc"])
        return f"{where}: {first['msg']}" if where else str(first["msg"])


def turn_of(line: TurnLine) -> Turn:
    """The turn that a line tells of."""
    states = _states(line.states)
    confidence = line.confidence or Confidence()
    source = Source.TYPED if confidence.asr is None else Source.VOICE
    hypotheses = [Hypothesis(each.text, _known(each.confidence, rank)) for rank, each in enumerate(line.nbest or [])]
    if line.said and (not hypotheses or hypotheses[0].text != line.said):
        hypotheses.insert(0, Hypothesis(line.said, _known(confidence.asr, 0)))
    parse, resolutions = _meaning(line, confidence)
    return Turn(
        line.id,
        Context(line.time, line.household, line.room, line.speaker, states),
        Utterance(tuple(hypotheses), source, confidence.wake),
        _rewrite(line),
        1.0 if line.propensity is None else line.propensity,
        bool(line.holdout),
        parse,
        resolutions,
        _decision(line),
        Outcome(line.outcome, _states(line.states_after)) if line.outcome else None,
        Reply(line.response) if line.response is not None else None,
        Spoken(line.barge_in, line.barge_in, interrupted=True) if line.barge_in is not None else None,
        tuple(HandChange(hand.entity, hand.seconds_after) for hand in line.changed_by_hand or ()),
        None if line.feedback is None else line.feedback == "yes",
        _unknown(line, confidence),
    )


def line_of(turn: Turn) -> dict[str, Any]:
    """The turn as a line tells it. What is unknown is `None`."""
    intent = turn.intent
    return {
        "id": turn.id,
        "household": turn.context.household,
        "speaker": turn.context.speaker,
        "time": turn.context.now.isoformat(),
        "room": turn.context.room,
        "nbest": [{"text": each.text, "confidence": each.confidence} for each in turn.utterance.hypotheses],
        "said": turn.said,
        "executed": turn.executed,
        "rewrite": (turn.rewrite.id or None) if turn.rewrite else None,
        "propensity": None if "propensity" in turn.unknown else turn.propensity,
        "holdout": None if "holdout" in turn.unknown else turn.holdout,
        "intent": intent.name if intent else None,
        "slots": dict(intent.slots) if intent else None,
        "entities": list(turn.entities),
        "confidence": confidences(turn),
        "decision": turn.decision.kind if turn.decision else None,
        "outcome": turn.outcome.kind.value if turn.outcome else None,
        "response": turn.reply.text if turn.reply else None,
        "barge_in": turn.spoken.position if turn.spoken and turn.spoken.interrupted else None,
        "states": _state_lines(turn.context.states),
        "states_after": _state_lines(turn.outcome.after) if turn.outcome else {},
        "changed_by_hand": [{"entity": each.entity, "seconds_after": each.seconds_after} for each in turn.hands],
        "feedback": {True: "yes", False: "no", None: None}[turn.feedback],
    }


def write(turns: Iterable[Turn]) -> Iterator[str]:
    """Each turn as one line of JSON, without the line's end."""
    for turn in turns:
        yield json.dumps(line_of(turn), separators=(",", ":"), default=str)


def _known(confidence: float | None, rank: int) -> float:
    """The confidence of a hypothesis; where it was not told, one that keeps the order."""
    return 1.0 / (rank + 1) if confidence is None else confidence


def _states(lines: dict[str, StateLine] | None) -> dict[str, State]:
    return {
        entity: State(line.state, {**(line.model_extra or {}), **line.attributes})
        for entity, line in (lines or {}).items()
    }


def _state_lines(states: Any) -> dict[str, Any]:
    return {
        entity: {"state": state.state, "attributes": dict(state.attributes)} for entity, state in dict(states).items()
    }


def _rewrite(line: TurnLine) -> Rewrite | None:
    """What was executed instead of what was said. Another program's rewrite is known by its id alone."""
    executed = line.said if line.executed is None else line.executed
    if line.rewrite is None and executed == line.said:
        return None
    return Rewrite(line.rewrite or "", line.said, executed, "", 0.0, "")


def _meaning(line: TurnLine, confidence: Confidence) -> tuple[Parse | None, tuple[Resolution, ...]]:
    """What was understood and what it meant, as far as the log tells."""
    known = 1.0 if confidence.nlu is None else confidence.nlu
    executed = line.said if line.executed is None else line.executed
    if line.intent is None:
        return (None if confidence.nlu is None else Parse(Interpretation((), known, executed))), ()
    intent = Intent(line.intent, line.slots or {}, known)
    parse = Parse(Interpretation((intent,), known, executed))
    if not line.entities and confidence.er is None:
        return parse, ()
    found = (Candidate(tuple(line.entities), 0.0),) if line.entities else ()
    return parse, (Resolution(intent, found, 1.0 if confidence.er is None else confidence.er),)


def _decision(line: TurnLine) -> Decision | None:
    response = line.response or ""
    match line.decision:
        case "execute":
            return Execute()
        case "ask":
            return Ask(response)
        case "confirm":
            return Confirm(response)
        case "refuse":
            return Refuse("unsupported" if line.outcome == OutcomeKind.UNSUPPORTED else "imported", response)
        case "ignore":
            return Ignore("imported")
    return None


def _unknown(line: TurnLine, confidence: Confidence) -> tuple[str, ...]:
    """What the line leaves open, where a `Turn` would show a default."""
    missing = [name for name in ("propensity", "holdout") if getattr(line, name) is None]
    if confidence.nlu is None:
        missing.append("confidence.nlu")
    if confidence.er is None or line.intent is None:
        missing.append("confidence.er")
    return tuple(missing)
