"""The report: what it counts, what it keeps to itself, and that its page stands alone."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from assistant.cli import main
from assistant.learning.labelling.dialogues import Dialogues
from assistant.learning.labelling.labelled import Labelled
from assistant.learning.learn import learn, study
from assistant.learning.ledger import Ledger
from assistant.learning.logged import logged
from assistant.report.findings import findings
from assistant.report.page import page, write
from assistant.report.terminal import remarks
from assistant.store import Store
from assistant.store.interchange import write as lines_of
from tests.learning.logs import GARAGE, Diary, declined, done, misheard_episode


def labelled(turns):
    from assistant.config import Learning

    log = [logged(turn) for turn in turns]
    return Labelled.of(Dialogues.of(turns, log, study(log, Learning())))


def town(households=6):
    """Several households that fail at one request, one of which fails at another as well."""
    turns = []
    for house in range(households):
        diary = Diary(f"house{house}", "ann")
        for _ in range(3):
            diary.day().say("close the garbage door", **declined())
            diary.say("close the garage door", **GARAGE)
            diary.day().say("turn on the lamp", **done("light.turn_on", "light.lamp", name="lamp"))
        turns += diary.turns
    secret = Diary("house0", "ben")
    for _ in range(4):
        secret.day().say("open <b>my</b> secret drawer", **declined())
        secret.say("open the garage door", **done("cover.open", "cover.garage_door", name="garage door"))
    return [*turns, *secret.turns]


@pytest.fixture(scope="module")
def shared():
    return labelled(town())


def test_what_fails_most_and_how_much(shared):
    found = findings(shared, [], 5)
    assert found.households == 6
    assert found.requests == 6 * 9 + 8
    assert found.failing[0].said == "close the garbage door"
    assert found.failing[0].times == 18
    assert found.failing[0].failed > 12
    assert sum(day.requests for day in found.days) == found.requests
    assert sum(found.points.values()) == pytest.approx(found.failed, rel=0.35)


def test_what_few_households_said_is_kept_back(shared):
    found = findings(shared, [], 5)
    assert "secret" not in json.dumps(found.as_json())
    assert "ben" not in json.dumps(found.as_json())
    assert found.kept_back >= 1
    assert "secret" in json.dumps(findings(shared, [], 1).as_json())


def test_a_household_is_shown_its_own():
    diary = Diary()
    misheard_episode(diary)
    store = Store.open(":memory:")
    learn(diary.turns, Ledger(store))
    found = findings(labelled(diary.turns), Ledger(store).items(), 5)
    assert [each.said for each in found.failing] == ["close the garbage door"]
    repair = found.repairs[0]
    assert (repair.before, repair.after) == ("close the garbage door", "close the garage door")


def test_what_rewriting_is_worth_where_some_was_left_alone():
    turns = []
    for house in range(8):
        diary = Diary(f"house{house}")
        for number in range(6):
            left = number % 3 == 0
            same = {"propensity": 0.7, "holdout": left, **(declined() if left else GARAGE)}
            changed = {} if left else {"executed": "close the garage door", "rewrite": "r1"}
            diary.day().say("close the garbage door", **same, **changed)
            if left:
                diary.say("close the garage door", **GARAGE)
        turns += diary.turns
    found = findings(labelled(turns), [], 5)
    with_it, without = (worth.estimates for worth in found.worth)
    assert [each.method for each in with_it] == ["ips", "snips", "dr"]
    assert with_it[1].low > without[1].high
    assert "left as said: ips" in " ".join(remarks(found))


def test_a_stricter_wake_word_is_weighed_against_what_it_would_lose(known):
    found = findings(labelled([case.seen.turn for case in known]), [], 5)
    assert found.wake is not None
    assert 0 < found.wake.kept_out <= found.wake.stray
    assert found.wake.lost <= 0.01 * found.wake.requests + 1
    assert "speech.wake_cutoff" in page(found)


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.outside = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.outside += [value for name, value in attrs if name in {"src", "href"} and not value.startswith("#")]


def test_the_page_stands_alone_and_escapes_what_was_said(shared, tmp_path):
    found = findings(shared, [], 1)
    write(found, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text()
    parsed = Page()
    parsed.feed(text)
    assert parsed.tags.count("svg") == 2
    assert parsed.outside == []
    assert not re.search(r"<(?:script|link|img)\b", text)
    assert "open &lt;b&gt;my" in page(found) or "open b my b secret drawer" in page(found)
    assert "<b>my" not in text


def test_the_command(tmp_path, capsys):
    log = tmp_path / "log.jsonl"
    log.write_text("\n".join(lines_of(town(1))) + "\nbroken\n")
    out = tmp_path / "report.html"
    assert main(["report", "--turns", str(log), "--out", str(out), "--json", "--data", ":memory:"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["failing"][0]["said"] in {"close the garbage door", "open b my b secret drawer"}
    assert "line" in told.err
    assert out.stat().st_size > 5000
    assert main(["report", "--turns", str(log), "--data", ":memory:"]) == 0
    assert "misheard" in capsys.readouterr().out
    assert main(["report", "--out", str(tmp_path / "no" / "such.html"), "--data", ":memory:"]) == 2
