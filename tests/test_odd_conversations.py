"""Whatever is typed, in whatever home: one clear sentence in bounded time, no exception, and nothing is lost."""

import time
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.nlu import Understander
from assistant.turn import Hypothesis, Utterance
from simulator.benchmarks.peers import DATA
from simulator.homes import home_from_inventory, load_home
from simulator.replay.stage import Stage

NOW = datetime(2026, 3, 2, 12, 0)
LONGEST = 1.5
"""Seconds of processor time for any turn; most take a hundredth of it."""
SURVIVED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def understander():
    return Understander.load()


@pytest.fixture(scope="module")
def home(understander):
    stage = Stage(load_home(str(DATA / "everyday.yaml")), NOW, understander=understander)
    yield stage
    stage.close()


@pytest.fixture
def fresh(understander):
    stage = Stage(load_home(str(DATA / "everyday.yaml")), NOW, understander=understander)
    yield stage
    stage.close()


def said(stage, text, room="kitchen"):
    """The turn of a request, after what every turn must keep: an answer of one line, soon, and its place in the log."""
    began = time.process_time()
    turn = stage.assistant.engine.hear(Utterance((Hypothesis(text),)), room)
    assert time.process_time() - began < LONGEST
    assert turn.decision.kind == "ignore" or turn.reply.text.strip() or turn.reply.cue
    assert "\n" not in turn.reply.text
    assert len(turn.reply.text) < 600
    assert stage.store.get(turn.id).said == turn.said
    return turn


WORDS = [
    "turn", "on", "off", "the", "a", "kitchen", "light", "lights", "and", "dim", "oven", "to", "no", "not", "all",
    "set", "it", "them", "other", "one", "in", "at", "nine", "ten", "minutes", "when", "if", "garage", "opens",
    "open", "close", "lock", "unlock", "door", "front", "timer", "alarm", "cancel", "remind", "me", "every", "day",
    "what", "is", "are", "how", "many", "which", "why", "undo", "again", "yes", "both", "neither", "second",
    "left", "minus", "half", "million", "percent", "5", "99999", "1e9", "until", "for", "except", "but", "bedroom",
    "everything", "play", "music", "stop", "louder", "announce", "list", "add", "milk", "learn", "means", "call",
    "forget", "never", "don't", "scene", "i", "mean", "sorry",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=16))
@SURVIVED
def test_any_words_in_any_order_are_answered(home, words):
    said(home, " ".join(words))


BEYOND = [
    "set a timer for {} hours", "set a timer for minus {} minutes", "turn off the desk lamp in {} minutes",
    "dim the desk lamp by {} percent", "make the thermostat {} degrees warmer", "set an alarm for {} o'clock",
    "every {} days turn on the desk lamp", "skip {} songs", "set the desk lamp to -{} percent",
]  # fmt: skip


@given(st.sampled_from(BEYOND), st.integers(10**5, 10**20))
@SURVIVED
def test_amounts_beyond_all_measure_move_nothing(home, request, number):
    before = home.assistant.engine.states()
    said(home, request.format(number))
    home.run(2.0)
    after = home.assistant.engine.states()
    assert {key: after[key].state for key in after if after[key] != before.get(key) and key.startswith("light.")} == {}
    assert not any(timer.seconds <= 0 for timer in home.assistant.engine.parts.timers)


@pytest.mark.parametrize(
    "text", ["add {} to the shopping list", "call the desk lamp {}", "announce {}", "{} means off"]
)
def test_a_word_without_end_is_declined_in_one_sentence(fresh, text):
    before = fresh.assistant.engine.states()
    turn = said(fresh, text.format("x" * 3000))
    assert turn.decision.kind == "refuse"
    assert fresh.assistant.engine.states() == before


ODD = [
    "", "💡🔥", "schalte bitte das licht an", "\x00\x07", "set the oven to nine thousand degrees", "light " * 2000,
    "\ud83d",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_what_waits_for_a_yes_is_not_done_by_anything_else(fresh, text):
    assert said(fresh, "unlock the front door").decision.kind == "confirm"
    said(fresh, text)
    fresh.run(2.0)
    assert fresh.assistant.engine.states()["lock.front_door"].state == "locked"


@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_nothing_is_lost_by_what_is_odd(fresh, text):
    said(fresh, "set a timer for ten minutes")
    said(fresh, "turn off the desk lamp at nine pm")
    said(fresh, text)
    assert "10 minute timer" in said(fresh, "what timers are running").reply.text
    assert "desk lamp" in said(fresh, "what have you got planned").reply.text
    assert said(fresh, "turn on the hall light").reply.text == "The Hall Light is on."


NAMES = st.sampled_from([
    "lamp", "light", "lights", "off", "on", "all", "everything", "the", "yes", "no", "it", "2", "22 degrees", "not",
    "except", "front door", "🙂", "日本", "-", "'s", '"quoted"', "a very long name that goes on and on and on", "stop",
    "undo", "timer", "and", "lamp and fan", "when", "living room", "both", "the other one", "why", "bob's lamp", "café",
    "<b>x</b>", "%s", "{0}", "null",
])  # fmt: skip
DOMAINS = st.sampled_from(
    ["light", "switch", "lock", "cover", "climate", "fan", "media_player", "scene", "sensor", "todo"]
)
REQUESTS = st.sampled_from([
    "turn on the {}", "turn off {}", "open {}", "lock the {}", "dim the {}", "is the {} on", "which {}", "{}",
    "set {} to 40 percent", "turn off all {}", "turn on everything except {}", "no, {}", "when {} opens turn on {}",
    "call the {} foo", "undo {}",
])  # fmt: skip


@given(
    st.lists(NAMES, unique=True, max_size=4),
    st.lists(st.tuples(NAMES, DOMAINS), max_size=12),
    st.lists(st.tuples(REQUESTS, NAMES), min_size=1, max_size=6),
)
@settings(parent=SURVIVED, max_examples=30)
def test_homes_with_odd_names_are_survived(understander, rooms, things, requests):
    entities = [
        {"name": name, "id": f"{domain}.x{i}", "domain": domain, **({"area": rooms[i % len(rooms)]} if rooms else {})}
        for i, (name, domain) in enumerate(things)
    ]
    areas = [{"name": room} for room in rooms]
    stage = Stage(home_from_inventory({"areas": areas, "entities": entities}, "odd"), NOW, understander=understander)
    for request, name in requests:
        said(stage, request.replace("{}", name), None)
    stage.close()
