"""Logs of other programs: little in them, odd names, hostile lines; and the stream of `mynah rewrite -`."""

from __future__ import annotations

import json
import random

import pytest

from assistant.config import Learning
from assistant.errors import UserError
from assistant.learning.failures import failure_points
from assistant.learning.files import learn_files, rewrite_lines
from assistant.learning.labelling.plain import POINTS
from assistant.learning.learn import learn
from assistant.learning.ledger import Ledger
from assistant.store import Store
from assistant.store.interchange import write
from tests.learning.logs import Diary, declined, done, misheard_episode


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def text_only_log(path, households=6):
    with path.open("w") as file:
        for house in range(households):
            diary = Diary(f"house{house}", None)
            for _ in range(2):
                diary.day().say("play maj and dragons")
                diary.say("play imagine dragons")
                diary.day().say("play imagine dragons")
                diary.day().say("turn on the kitchen light")
            for turn in diary.turns:
                line = {"id": turn.id, "household": f"house{house}", "time": turn.context.now.isoformat()}
                file.write(json.dumps({**line, "said": turn.said}) + "\n")


def test_a_log_of_nothing_but_text_teaches(tmp_path):
    text_only_log(tmp_path / "log.jsonl")
    report = learn_files(tmp_path / "log.jsonl", tmp_path / "out")
    rewrites = lines(tmp_path / "out" / "rewrites.jsonl")
    for_all = [line for line in rewrites if line["layer"] == "global"]
    assert [(line["said"], line["rewrite"]) for line in for_all] == [("play maj and dragons", "play imagine dragons")]
    assert for_all[0]["households"] == 6
    assert not any(line["said"] == "turn on the kitchen light" for line in rewrites)
    assert report.turns == 48
    assert set(json.loads((tmp_path / "out" / "report.json").read_text())) >= {"turns", "skipped", "seconds"}


def test_every_file_is_written_and_every_turn_labelled(tmp_path):
    diary = Diary()
    misheard_episode(diary)
    log = tmp_path / "log.jsonl"
    log.write_text("\n".join(write(diary.turns)) + '\n{"broken": \n' + "garbage\n")
    report = learn_files(log, tmp_path / "out")
    assert [problem.partition(":")[0] for problem in report.problems] == ["line 4", "line 5"]
    labels = {line["turn"]: line for line in lines(tmp_path / "out" / "labels.jsonl")}
    assert set(labels) == {turn.id for turn in diary.turns}
    first = labels["home-ann-1"]
    assert first["defect"] > 0.8
    assert first["goal_success"] > 0.8
    assert (first["intent"], first["slots"]) == ("cover.close", {"name": "garage door"})
    assert first["transcript"] == "close the garage door"
    assert len({line["goal"] for line in labels.values()}) == 1
    for line in lines(tmp_path / "out" / "failures.jsonl"):
        assert set(line["failure"]) == set(POINTS)
        assert sum(line["failure"].values()) == pytest.approx(1, abs=1e-3)
    assert lines(tmp_path / "out" / "rephrases.jsonl")[0]["rephrase_of"] == "home-ann-1"
    assert (tmp_path / "out" / "preferences.jsonl").exists()
    assert (tmp_path / "out" / "habits.jsonl").exists()


def test_intents_of_a_foreign_log_keep_their_names(tmp_path):
    log = tmp_path / "log.jsonl"
    diary = Diary()
    for _ in range(2):
        diary.day().say("play bazzi angel", **declined())
        diary.say("no play beautiful by bazzi", **done("PlayMusicIntent", song="Beautiful", artist="Bazzi"))
    log.write_text("\n".join(write(diary.turns)))
    learn_files(log, tmp_path / "out")
    rewrites = lines(tmp_path / "out" / "rewrites.jsonl")
    assert [(line["said"], line["rewrite"]) for line in rewrites] == [("play bazzi angel", "play beautiful by bazzi")]
    assert rewrites[0]["speaker"] == "ann"
    assert lines(tmp_path / "out" / "labels.jsonl")[0]["intent"] == "PlayMusicIntent"


def test_a_hostile_log_is_survived(tmp_path):
    chance = random.Random(3)
    log = tmp_path / "log.jsonl"
    with log.open("w") as file:
        for number in range(600):
            said = "".join(chance.choice("ab ї\u202e🎉'\"%0 ") for _ in range(chance.randrange(1, 300)))
            line = {"id": f"t{number}", "household": "one", "time": f"20{chance.randrange(10, 99)}-01-01T00:00:00"}
            line |= {"said": said, "slots": {"x": [{"y": None}] * 3}, "intent": "a|b=c"}
            file.write(json.dumps(line) + "\n")
            file.write(chance.choice(["{}\n", "\n", "[1\n", ""]))
    report = learn_files(log, tmp_path / "out")
    assert report.turns == 600


def test_what_a_file_taught_is_applied_and_outlives_the_own_log(tmp_path):
    diary, store = Diary(), Store.open(":memory:")
    misheard_episode(diary)
    log = tmp_path / "log.jsonl"
    log.write_text("\n".join(write(diary.turns)))
    learn_files(log, None, store=store)
    learn(store, Ledger(store))
    (line,) = rewrite_lines(write([Diary().say("close the garbage door")]), store)
    assert line["rewrite"] == "close the garage door"
    log.write_text("")
    learn_files(log, None, store=store)
    (line,) = rewrite_lines(write([Diary().say("close the garbage door")]), store)
    assert line["rewrite"] is None


def test_places_that_cannot_be_read_or_written(tmp_path):
    with pytest.raises(UserError, match="can't be read"):
        learn_files(tmp_path / "none.jsonl", tmp_path / "out")
    (tmp_path / "log.jsonl").write_text("")
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="can't be written"):
        learn_files(tmp_path / "log.jsonl", tmp_path / "file" / "out")
    assert learn_files(tmp_path / "log.jsonl").turns == 0


def test_the_rewriter_as_a_stream():
    store, diary = Store.open(":memory:"), Diary()
    misheard_episode(diary)
    learn(diary.turns, Ledger(store), Learning(customers=3))
    stream = [*write([Diary().say("Close the garbage door."), Diary(speaker="ben").say("close the garbage door")]), "{"]
    first, second, third = rewrite_lines(stream, store)
    assert (first["rewrite"], first["layer"], first["confirm"]) == ("close the garage door", "personal", False)
    assert (second["rewrite"], second["layer"]) == (None, None)
    assert third["line"] == 3
    assert store.count() == 0


JAMMED = {**done("cover.open", "cover.garage_door", name="garage door"), "outcome": "failed"}


@pytest.mark.parametrize(
    ("expected", "turns"),
    [
        ("asr", [("open the garbage door", declined()), ("open the garage door", done("cover.open"))]),
        ("result", [("open the garage door", JAMMED)]),
        ("correct", [("open the garage door", done("cover.open"))]),
        ("correct", [("make me a sandwich", {"decision": "refuse", "outcome": "unsupported"})]),
        (
            "asr",
            [
                ("close the garlic store", {"decision": "refuse", "outcome": "unsupported"}),
                ("close the garage door", done("cover.close")),
            ],
        ),
        ("correct", [("the weather tomorrow will be fine", {"decision": "ignore", "outcome": "ignored"})]),
        (
            "nlu",
            [
                ("play harry potter", done("VideoIntent", title="harry potter")),
                ("no play the audiobook harry potter", done("AudiobookIntent", title="harry potter")),
            ],
        ),
        (
            "er",
            [
                ("turn on the lamp", done("light.turn_on", "light.kitchen", name="lamp")),
                (
                    "no turn on the lamp in the bedroom",
                    done("light.turn_on", "light.bedroom", name="lamp", area="bedroom"),
                ),
            ],
        ),
    ],
)
def test_a_first_estimate_of_the_failure_point(expected, turns):
    diary = Diary()
    for said, fields in turns:
        diary.say(said, 5, **fields)
    assert failure_points(diary.turns)[diary.turns[0].id] == expected
