import json
from datetime import datetime, timedelta

from assistant.learning.files import learn_store
from assistant.learning.ledger import Ledger
from assistant.learning.preferences import LearnedPreferences
from assistant.nlu import Understander
from assistant.store import Store
from assistant.turn import Hypothesis, Utterance
from simulator.homes import load_home
from simulator.replay.stage import Stage

NOON = datetime(2026, 3, 2, 12, 0)


def say(stage, text, speaker="ann"):
    stage.run(3.0)
    return stage.assistant.engine.hear(Utterance((Hypothesis(text),)), "kitchen", speaker)


def answered(tmp_path):
    stage = Stage(load_home("cottage"), NOON, tmp_path, understander=Understander.load())
    for text in ("turn on the lamp", "the bedroom one"):
        say(stage, text)
    return stage


def test_an_answer_can_be_listed_explained_written_and_forgotten(tmp_path):
    stage = answered(tmp_path)
    stage.close()
    store = Store.open(tmp_path)
    ledger = Ledger(store)
    (item,) = ledger.items()
    assert (item.kind, item.before, item.after, item.speaker) == ("preference", "lamp", "light.bedroom_lamp", "ann")
    assert "the bedroom one" in ledger.why(item.id)
    learn_store(store, tmp_path / "out")
    (line,) = [json.loads(text) for text in (tmp_path / "out" / "preferences.jsonl").read_text().splitlines()]
    assert line["entity"] == "light.bedroom_lamp"
    assert line["evidence"] == list(item.evidence)
    assert ledger.items() == [item], "learning from the whole log leaves answers alone"
    preferences = LearnedPreferences(ledger)
    assert preferences.find("home", "ann", "lamp").entity == "light.bedroom_lamp"
    assert preferences.find("home", "ben", "lamp") is None
    ledger.forget(item.id)
    assert preferences.find("home", "ann", "lamp") is None
    store.close()


def test_forgetting_a_person_forgets_what_they_answered(tmp_path):
    stage = answered(tmp_path)
    stage.close()
    store = Store.open(tmp_path)
    store.forget(speaker="ann")
    assert Ledger(store).items() == []
    store.close()


def test_an_answer_to_the_contrary_outweighs_what_was_answered_before(tmp_path):
    stage = answered(tmp_path)
    ledger = stage.assistant.ledger
    (item,) = ledger.items()
    ledger.block(item.id)
    assert say(stage, "turn off the bedroom lamp").decision.kind == "execute"
    stage.run(timedelta(minutes=5).total_seconds())
    assert say(stage, "turn on the lamp").decision.kind == "ask", "what a person blocked is not used"
    say(stage, "the living room one")
    assert [each.state.value for each in ledger.items()] == ["blocked"]
    stage.close()
