"""The interchange format: what is written is read; what is broken is reported and skipped."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from assistant.errors import UserError
from assistant.store import Store
from assistant.store.interchange import MAX_LINE, line_of, parse_line, read, turn_of, write
from assistant.store.views import export, find_turn, turn_json, turn_view, turns_table
from tests.store import turns as make
from tests.store.turns import full_turn

MINIMUM = {"id": "1", "household": "h", "time": "2026-03-02T07:00:00", "said": "lights on"}
shares = st.none() | st.floats(0, 1)
lines = st.fixed_dictionaries(
    {
        "id": make.texts.filter(bool),
        "household": make.names,
        "time": st.datetimes().map(lambda time: time.isoformat()),
        "said": make.texts.filter(bool),
    },
    optional={
        "speaker": st.none() | make.names,
        "room": st.none() | make.names,
        "executed": st.none() | make.texts.filter(bool),
        "rewrite": st.none() | make.names,
        "propensity": shares,
        "holdout": st.none() | st.booleans(),
        "intent": st.none() | make.names,
        "slots": st.none() | make.slots,
        "entities": st.none() | st.lists(make.names, max_size=2, unique=True),
        "confidence": st.none() | st.fixed_dictionaries({}, optional=dict.fromkeys(("wake", "asr", "nlu"), shares)),
        "decision": st.sampled_from([None, "execute", "ask", "confirm", "refuse", "ignore"]),
        "outcome": st.sampled_from([None, "done", "failed", "rejected", "asked", "unsupported", "ignored"]),
        "response": st.none() | make.texts,
        "barge_in": st.none() | st.floats(0, 100),
        "feedback": st.sampled_from([None, "yes", "no"]),
    },
)


@given(lines)
@settings(max_examples=150, deadline=None)
def test_what_a_line_tells_is_kept_and_what_it_does_not_stays_unknown(line):
    parsed = parse_line(json.dumps(line))
    assert not isinstance(parsed, str)
    written = line_of(turn_of(parsed))
    told = {name: value for name, value in line.items() if value is not None}
    for name in ("id", "household", "speaker", "time", "room", "said", "propensity", "holdout", "decision", "outcome"):
        assert written[name] == told.get(name)
    for name in ("intent", "rewrite", "response", "barge_in", "feedback"):
        assert written[name] == told.get(name)
    assert written["executed"] == told.get("executed", line["said"])
    for stage in ("wake", "asr", "nlu", "er"):
        expected = (told.get("confidence") or {}).get(stage)
        assert written["confidence"][stage] == (expected)


@given(make.turns)
@settings(max_examples=100, deadline=None)
def test_writing_what_was_read_changes_nothing(turn):
    first = list(write([turn]))
    found = read(first)
    if not found.problems:
        assert list(write(found.turns)) == [json.dumps(line_of(found.turns[0]), separators=(",", ":"))]
        assert read(list(write(found.turns))).turns == found.turns


def test_a_full_turn_keeps_all_fields():
    line = line_of(full_turn())
    assert json.loads(next(write(read([json.dumps(line)]).turns))) == json.loads(json.dumps(line))


HOSTILE = [
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe\x00",
    b'{"id": 3}',
    b'{"id": "x", "household": "h", "time": "yesterday", "said": "a"}',
    b'{"id": "x", "household": "h", "time": "2026-03-02T07:00:00", "said": 7}',
    b'{"id": "x", "household": "h", "time": "2026-03-02T07:00:00", "said": "\\ud800"}',
    b'{"id": "x", "household": "h", "time": "2026-03-02T07:00:00", "said": "a", "propensity": NaN}',
    b'{"id": "x", "household": "h", "time": "2026-03-02T07:00:00", "said": "a", "propensity": 7}',
    b'{"id": "x", "household": "h", "time": "2026-03-02T07:00:00", "said": "a", "outcome": "great"}',
    b'{"id": "x", "household": "h", "time": "2026-03-02T07:00:00", "said": "' + b"a" * 5000 + b'"}',
    b'{"slots": ' + b"[" * 100_000,
    b'{"id": "x", "household": "h", "time": "9999-12-31T23:59:59-23:00", "said": "a"}',
    b"x" * (MAX_LINE + 10),
]


def test_broken_lines_are_reported_with_their_number_and_skipped(tmp_path):
    good = json.dumps(MINIMUM).encode()
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + good + b"\r\n\n" + b"\n".join(HOSTILE) + b"\n" + good.replace(b'"1"', b'"2"'))
    found = read(path)
    assert [turn.id for turn in found.turns] == ["1", "2"]
    assert [problem.line for problem in found.problems] == list(range(3, 3 + len(HOSTILE)))
    assert all("\n" not in str(problem) and len(str(problem)) < 400 for problem in found.problems)


def test_the_same_id_twice_is_a_problem():
    line = json.dumps(MINIMUM)
    found = read([line, line])
    assert len(found.turns) == 1
    assert "used before" in str(found.problems[0])


def test_a_line_with_the_least_is_a_turn():
    turn = read([json.dumps({**MINIMUM, "speaker": None, "mood": "?"})]).turns[0]
    assert (turn.said, turn.intent, turn.outcome, turn.feedback) == ("lights on", None, None, None)
    assert {"propensity", "holdout", "confidence.nlu"} <= set(turn.unknown)


def test_a_missing_file_is_said_in_one_line(tmp_path):
    with pytest.raises(UserError, match="can't be read"):
        read(tmp_path / "none.jsonl")


def test_export_and_import_through_a_store(tmp_path):
    store = Store.open(":memory:")
    store.begin(full_turn("t-1"))
    store.begin(full_turn("t-2", "ben"))
    out = tmp_path / "turns.jsonl"
    assert export(store.turns(), out) == 2
    other = Store.open(":memory:")
    other.import_turns(read(out).turns)
    assert [line_of(turn) for turn in other.turns()] == [line_of(turn) for turn in store.turns()]
    with pytest.raises(UserError, match="can't be written"):
        export(store.turns(), tmp_path / "no" / "where.jsonl")


def test_a_turn_can_be_read_by_a_person():
    store = Store.open(":memory:")
    store.begin(full_turn("20260302-1"))
    console = Console(width=140, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(turn_view(find_turn(store, "last")))
    console.print(turns_table(store.last(5)))
    shown = console.export_text()
    for words in ("open the garage door", "cover.open", "cover.garage_door: closed -> open", "nlu", "ann in garage"):
        assert words in shown
    assert turn_json(find_turn(store, "-1"))["trace"][0]["stage"] == "nlu"
    with pytest.raises(UserError, match="no turn"):
        find_turn(store, "x")
