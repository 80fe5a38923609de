"""The store keeps turns exactly, survives, says what is wrong in one line, and really forgets."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings

from assistant.errors import UserError
from assistant.store import Item, ItemState, Layer, Store
from assistant.store.codec import decode, encode
from assistant.store.schema import HEAD, Base
from assistant.turn import HandChange, OutcomeKind, Spoken, State
from tests.store import turns as make
from tests.store.turns import full_turn


def fresh() -> Store:
    return Store.open(":memory:")


@given(make.turns)
@settings(max_examples=60, deadline=None)
def test_a_turn_comes_back_exactly(turn):
    store = fresh()
    store.begin(turn)
    assert store.get(turn.id) == turn
    store.close()


@given(make.turns)
@settings(max_examples=60, deadline=None)
def test_json_of_a_turn_is_stable(turn):
    assert encode(decode(encode(turn))) == encode(turn)


def test_unknown_fields_of_a_newer_program_are_ignored():
    assert decode(encode(full_turn())[:-1] + ',"mood":"fine"}').id == "t-1"


def test_complete_brings_a_turn_up_to_date(tmp_path):
    store = Store.open(tmp_path)
    turn = full_turn()
    store.begin(turn)
    later = replace(
        turn,
        spoken=Spoken(2.0, 0.8, interrupted=True),
        hands=(HandChange("light.lamp", 3.0),),
        outcome=replace(turn.outcome, kind=OutcomeKind.FAILED),
    )
    store.complete(later)
    store.close()
    again = Store.open(tmp_path)
    assert again.get("t-1") == later
    assert again.count() == 1


def test_turns_are_found_by_person_and_time():
    store = fresh()
    start = datetime(2026, 3, 2, 7, 0)
    for number in range(1200):
        speaker = "ann" if number % 2 else "ben"
        store.begin(full_turn(f"t-{number}", speaker, now=start + timedelta(minutes=number)))
    assert [turn.id for turn in store.turns()] == [f"t-{number}" for number in range(1200)]
    assert sum(1 for _ in store.turns(speaker="ann")) == 600
    assert [turn.id for turn in store.turns(since=start + timedelta(minutes=1198))] == ["t-1198", "t-1199"]
    assert [turn.id for turn in store.turns(until=start + timedelta(minutes=1))] == ["t-0"]
    assert [turn.id for turn in store.last(2)] == ["t-1198", "t-1199"]
    assert len(store.last(700)) == 700
    assert not list(store.turns(household="other"))
    assert store.get("t-x") is None


def test_states_of_a_large_home_take_little_room(tmp_path):
    store = Store.open(tmp_path)
    states = {f"light.l{number}": State("on", {"brightness": number}) for number in range(300)}
    for number in range(200):
        states = {**states, f"light.l{number}": State("off")}
        turn = full_turn(f"t-{number}")
        turn = replace(turn, context=replace(turn.context, states=states))
        store.begin(replace(turn, outcome=replace(turn.outcome, after={**states, "light.x": State("on")})))
    assert [turn.context.states for turn in store.last(1)] == [states]
    store.close()
    assert (tmp_path / "mynah.db").stat().st_size < 200 * 8_000


def test_an_id_is_used_once():
    store = fresh()
    store.begin(full_turn())
    with pytest.raises(UserError, match="already"):
        store.begin(full_turn())
    store.begin(full_turn("t-2"))
    assert store.get("t-2") == full_turn("t-2")


def test_lone_surrogates_do_no_harm():
    store = fresh()
    turn = full_turn()
    words = replace(turn.utterance.hypotheses[0], text="open \ud800 door")
    store.begin(replace(turn, utterance=replace(turn.utterance, hypotheses=(words,))))
    assert store.count() == 1


def test_documents_are_kept_and_dropped(tmp_path):
    store = Store.open(tmp_path)
    store.keep("timer", "timer.egg", {"seconds": 240})
    store.keep("timer", "timer.egg", {"seconds": 300})
    store.keep("task", "t", {"on": [1, {"a": None}]})
    store.drop("task", "nothing")
    store.close()
    again = Store.open(tmp_path)
    assert again.kept("timer") == {"timer.egg": {"seconds": 300}}
    again.drop("timer", "timer.egg")
    assert again.kept("timer") == {}
    assert again.kept("task") == {"t": {"on": [1, {"a": None}]}}


def test_threads_may_write_and_read_at_once(tmp_path):
    store = Store.open(tmp_path)

    def write(name: str) -> None:
        for number in range(40):
            store.begin(full_turn(f"{name}-{number}"))
            store.complete(full_turn(f"{name}-{number}"))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        list(store.turns())
    assert store.count() == 120


WRITER = """
import sys
from pathlib import Path
from assistant.store import Store
from tests.store.turns import full_turn
store = Store.open(Path(sys.argv[1]))
number = 0
while True:
    store.begin(full_turn(f"t-{number}"))
    print(f"t-{number}", flush=True)
    store.complete(full_turn(f"t-{number}"))
    number += 1
"""


@pytest.mark.parametrize("wait", [0.0, 0.15])
def test_kill_9_loses_nothing_that_was_begun(tmp_path, wait):
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    answered = [writer.stdout.readline().strip()]
    time.sleep(wait)
    os.kill(writer.pid, signal.SIGKILL)
    answered += writer.stdout.read().split()
    writer.wait()
    store = Store.open(tmp_path)
    kept = {turn.id for turn in store.turns()}
    assert set(answered) <= kept
    assert len(kept) - len(set(answered)) <= 1


# -- what can be wrong ---------------------------------------------------------------------------------------------


def test_a_corrupt_database_is_left_as_it_is(tmp_path):
    path = tmp_path / "mynah.db"
    rubbish = b"this is not a database, but somebody may want it back" * 100
    path.write_bytes(rubbish)
    with pytest.raises(UserError, match="damaged") as error:
        Store.open(tmp_path)
    assert "\n" not in str(error.value)
    assert path.read_bytes() == rubbish


def test_a_page_overwritten_with_rubbish_is_noticed(tmp_path):
    store = Store.open(tmp_path)
    store.import_turns(full_turn(f"t-{number}") for number in range(300))
    store.close()
    path = tmp_path / "mynah.db"
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 8192] = os.urandom(8192)
    path.write_bytes(data)
    with pytest.raises(UserError, match="damaged"):
        Store.open(tmp_path)
    assert path.read_bytes() == bytes(data)


def test_a_newer_schema_is_refused(tmp_path):
    Store.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "mynah.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    with pytest.raises(UserError, match="newer version"):
        Store.open(tmp_path)


def test_a_database_of_another_program_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "mynah.db") as connection:
        connection.execute("create table songs (id integer)")
    connection.close()
    with pytest.raises(UserError, match="another program"):
        Store.open(tmp_path)


def test_a_folder_that_cannot_be_is_said_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="can't keep data here"):
        Store.open(tmp_path / "file" / "data")


@pytest.mark.parametrize("url", ["nonsense", "nosuch://host/db", "sqlite:////nowhere/at/all/x.db"])
def test_a_wrong_url_is_said_in_one_line(url):
    with pytest.raises(UserError) as error:
        Store.open(":memory:", url)
    assert "\n" not in str(error.value)


def test_another_database_by_url(tmp_path):
    store = Store.open(tmp_path, f"sqlite:///{tmp_path}/elsewhere.db")
    store.begin(full_turn())
    store.close()
    assert (tmp_path / "elsewhere.db").exists()


# -- migrations ----------------------------------------------------------------------------------------------------


def schema(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    found = set()
    for (table,) in connection.execute("select name from sqlite_master where type = 'table'"):
        for column in connection.execute(f"pragma table_info({table})"):
            found.add((table, column[1], f"{column[2]} {column[3]} {bool(column[5])}"))
        for index in connection.execute(f"pragma index_list({table})").fetchall():
            columns = [row[2] for row in connection.execute(f"pragma index_info({index[1]})")]
            found.add((table, "index", f"{columns} {index[2]}"))
    return found


def test_migrations_lead_to_the_same_tables_as_a_fresh_store(tmp_path):
    from sqlalchemy import create_engine

    from assistant.store.migrations import known, upgrade

    assert HEAD in known()
    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()
    Store.open(tmp_path).close()
    with sqlite3.connect(tmp_path / "migrated.db") as one, sqlite3.connect(tmp_path / "mynah.db") as other:
        assert schema(one) == schema(other)
        assert one.execute("select version_num from alembic_version").fetchone() == (HEAD,)
    assert {name for name, _, _ in schema(one)} == set(Base.metadata.tables)
    one.close()
    other.close()


def test_a_fresh_store_does_not_load_alembic(tmp_path):
    code = "import sys; from pathlib import Path; from assistant.store import Store; Store.open(Path(sys.argv[1])); "
    code += "assert not any(name.startswith('alembic') for name in sys.modules)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)


# -- forgetting ----------------------------------------------------------------------------------------------------


def item(id: str, evidence: tuple[str, ...], speaker: str | None = None) -> Item:
    layer = Layer.PERSONAL if speaker else Layer.GLOBAL
    return Item(id, "rewrite", layer, f"said {id}", f"meant {id}", ItemState.TRIAL, "home", speaker, evidence=evidence)


def secret(id: str, speaker: str, words: str):
    turn = full_turn(id, speaker)
    hypothesis = replace(turn.utterance.hypotheses[0], text=words)
    return replace(turn, utterance=replace(turn.utterance, hypotheses=(hypothesis,)))


def test_forgetting_a_speaker_leaves_no_trace_in_the_files(tmp_path):
    store = Store.open(tmp_path)
    for number in range(50):
        store.begin(secret(f"ann-{number}", "ann", f"the xylophone password {number}"))
        store.begin(secret(f"ben-{number}", "ben", "open the door"))
    store.items.put([item("r-1", ("ann-1",)), item("r-2", ("ben-1",)), item("r-3", ("ben-1",), "ann")])
    (tmp_path / "audio").mkdir()
    for name in ("ann-1.wav", "ben-1.wav"):
        (tmp_path / "audio" / name).write_bytes(b"RIFF")
    version = store.items.version()
    forgotten = store.forget(speaker="ann")
    assert (forgotten.turns, forgotten.audio, forgotten.learned) == (50, 1, 2)
    assert [each.id for each in store.items.all()] == ["r-2"]
    assert store.items.version() > version
    assert {turn.context.speaker for turn in store.turns()} == {"ben"}
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"xylophone" not in path.read_bytes()
            assert b"said r-3" not in path.read_bytes()
    assert (tmp_path / "audio" / "ben-1.wav").exists()


def test_forgetting_since_and_everything():
    store = fresh()
    start = datetime(2026, 3, 2, 7, 0)
    for number in range(10):
        store.begin(full_turn(f"t-{number}", now=start + timedelta(hours=number)))
    store.keep("timer", "timer.egg", {"seconds": 240})
    store.items.put([item("r-1", ("t-1",)), item("r-8", ("t-8",), "ann")])
    assert store.forget(since=start + timedelta(hours=5)).turns == 5
    assert [each.id for each in store.items.all()] == ["r-1"]
    assert store.forget(everything=True).turns == 5
    assert (store.count(), store.kept("timer"), store.items.all()) == (0, {}, [])
    store.begin(full_turn())
    assert store.get("t-1") == full_turn()
    with pytest.raises(UserError, match="--speaker"):
        store.forget()


def test_items_come_back_exactly():
    store = fresh()
    one = replace(item("r-1", ("b", "a"), "ann"), since=datetime(2026, 3, 2), details={"x": 1}, score=0.5)
    store.items.put([one, item("r-2", ())])
    assert store.items.all() == [one, item("r-2", ())]
    store.items.put([replace(one, state=ItemState.BLOCKED)], ["r-2"])
    assert [each.state for each in store.items.all("rewrite")] == [ItemState.BLOCKED]
    assert store.items.live("rewrite") == []
