"""Bad input: one clear line that says what to do, exit code 2, nothing lost."""

import json
import socket
import subprocess
import sys

import pytest

from assistant.cli import main


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "home.yaml").write_text("name: X\nareas: []\ndevices:\n  - {entity: light.a, kind: lamp, name: A}\n")
    (tmp_path / "script.yaml").write_text("home: cottage\nsteps:\n  - sya: hello\n")
    (tmp_path / "device.yaml").write_text(
        "home: cottage\nsteps:\n  - fault: {entity: light.nowhere, kind: jammed}\n  - say: hello\n"
    )
    (tmp_path / "room.yaml").write_text("home: cottage\nroom: attic\nsteps:\n  - say: hello\n")
    (tmp_path / "items.jsonl").write_text('{"id": "1", "utterance": "turn on the light"}\n{"id": }\n')
    (tmp_path / "turns.jsonl").write_text('{"id": "1"}\nnot json\n')
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text("[speech]\nvoice_rate = 5000\n")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "mynah.db").write_bytes(b"this is no database at all " * 100)
    (tmp_path / "file").write_text("a file, no folder")
    return tmp_path


CASES = [
    ("run --text --home {f}/home.yaml", ["home.yaml:4", "lamp", "light"]),
    ("run --text --home cotage", ["cotage", "cottage"]),
    ("run --text --data {f}/file/below", ["file/below", "--data"]),
    ("run --text --data {f}/broken", ["mynah.db"]),
    ("run --text --data {f}/config", ["config.toml", "voice_rate"]),
    ("run --text --broker mqtt://127.0.0.1:9 --data :memory:", ["127.0.0.1:9"]),
    ("run --text --broker http://example.org --data :memory:", ["mqtt"]),
    ("run --text --room attic --data :memory:", ["attic", "kitchen"]),
    ("home --port {p}", ["{p}"]),
    ("replay {f}/script.yaml", ["script.yaml:3", "sya"]),
    ("replay {f}/missing.yaml", ["missing.yaml"]),
    ("replay {f}/device.yaml", ["light.nowhere"]),
    ("replay {f}/room.yaml", ["attic"]),
    ("bench commands {f}/items.jsonl", ["items.jsonl:2"]),
    ("bench commands {f}/nothing.jsonl", ["nothing.jsonl"]),
    ("learn --turns {f}/nothing.jsonl --data :memory:", ["nothing.jsonl"]),
    ("turns show 12345 --data :memory:", ["12345"]),
    ("learned why r-1 --data :memory:", ["r-1"]),
    ("forget --data :memory:", ["--all"]),
    ("forget --since soon --data :memory:", ["soon"]),
    ("models fetch smal-en --data {f}", ["smal-en", "small-en"]),
    ("rewrite turns.jsonl --data :memory:", ["stdin"]),
    ("lern", ["lern", "learn"]),
]


@pytest.mark.parametrize(("words", "told"), CASES, ids=[case[0].replace("{f}/", "") for case in CASES])
def test_bad_input_is_one_clear_line(words, told, folder, capfd):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code = main([word.replace("{f}", str(folder)).replace("{p}", port) for word in words.split()])
    printed = capfd.readouterr()
    assert code == 2
    lines = [line for line in printed.err.splitlines() if line.strip()]
    assert len(lines) == 1, printed.err
    for word in told:
        assert word.replace("{p}", port) in lines[0]
    assert "Traceback" not in printed.err + printed.out


def test_a_damaged_database_is_left_as_it_is(folder, capfd):
    before = (folder / "broken" / "mynah.db").read_bytes()
    main(["turns", "list", "--data", str(folder / "broken")])
    assert (folder / "broken" / "mynah.db").read_bytes() == before
    assert "mynah.db" in capfd.readouterr().err


def test_broken_lines_of_requests_are_answered_one_by_one():
    lines = '{"text": "turn on the kitchen light"}\nnot json\n{"room": "kitchen"}\n{"text": "lock the front door"}\n'
    asked = [sys.executable, "-m", "assistant", "understand", "-"]
    told = subprocess.run(asked, input=lines, capture_output=True, text=True, timeout=60)
    answers = [json.loads(line) for line in told.stdout.splitlines()]
    assert told.returncode == 2
    assert [answer.get("decision") for answer in answers] == ["execute", None, None, "execute"]
    assert "line 2" in answers[1]["error"]
    assert "text" in answers[2]["error"]


@pytest.mark.parametrize(
    "text", ["", " ", "lights " * 2000, "💡🔥", "schalte das licht an", "\x00\x07", "set the oven to 9000 degrees"]
)
def test_odd_requests_do_nothing_and_answer(text, capfd):
    assert main(["understand", text, "--json"]) == 0
    answer = json.loads(capfd.readouterr().out)
    assert answer["decision"] in {"refuse", "ignore", "ask"}
    assert answer["commands"] == []


def test_a_share_below_the_minimum_exits_with_1(folder, capfd):
    items = folder / "one.jsonl"
    items.write_text(
        json.dumps({"id": "1", "utterance": "make me a sandwich", "intent": "HassTurnOn", "slots": {}}) + "\n"
    )
    assert main(["bench", "commands", str(items), "--min", "0.5"]) == 1
    assert main(["bench", "commands", str(items), "--json"]) == 0
    out = capfd.readouterr().out.splitlines()[-1]
    assert json.loads(out)["items"] == 1
