"""How long it waits when somebody pauses."""

from dataclasses import replace
from datetime import datetime

import pytest

from assistant.nlu.phrasings import phrasings
from assistant.readiness import WAITS, Endings, Pauses, Readiness, readiness
from assistant.turn import Context, Hypothesis, Source, Turn, Utterance
from simulator.homes import load_home
from simulator.replay.stage import Stage

NOW = datetime(2026, 3, 2, 20, 0)


@pytest.fixture(scope="module")
def stage():
    made = Stage(load_home("cottage"), NOW)
    yield made
    made.close()


@pytest.fixture(scope="module")
def endings(stage: Stage) -> Endings:
    return Endings().learn(phrasings(stage.assistant.sync_home(), 6000))


@pytest.mark.parametrize(
    ("text", "ready"),
    [
        ("turn on the kitchen light", Readiness.COMPLETE),
        ("close the garage door", Readiness.COMPLETE),
        ("set a timer for ten minutes", Readiness.COMPLETE),
        ("is the garage door open", Readiness.COMPLETE),
        ("stop", Readiness.COMPLETE),
        ("yes", Readiness.COMPLETE),
        ("set the lights to", Readiness.OPEN),
        ("turn on the", Readiness.OPEN),
        ("turn on the kitchen light and", Readiness.OPEN),
        ("set a timer", Readiness.UNSURE),
        ("the flux capacitor", Readiness.UNSURE),
    ],
)
def test_what_is_whole_is_not_waited_for(stage: Stage, endings: Endings, text: str, ready: Readiness) -> None:
    turn = stage.assistant.preview(Utterance((Hypothesis(text, 0.9),), Source.VOICE))
    assert readiness(turn, endings) is ready


def test_what_was_hardly_heard_is_not_taken_for_whole(stage: Stage, endings: Endings) -> None:
    turn = stage.assistant.preview(Utterance((Hypothesis("close the garage door", 0.3),), Source.VOICE))
    assert readiness(turn, endings) is Readiness.UNSURE


def test_a_preview_does_nothing_and_leaves_no_trace(stage: Stage) -> None:
    before = stage.assistant.engine.states(), stage.assistant.store.count()
    turn = stage.assistant.preview(Utterance((Hypothesis("turn on the kitchen light"),), Source.VOICE))
    stage.run(2.0)
    assert turn.decision is not None
    assert turn.decision.kind == "execute"
    assert (stage.assistant.engine.states(), stage.assistant.store.count()) == before
    assert stage.assistant.engine.parts.dialogue.last is None


def spoken(pause: float, speaker: str | None, number: int) -> Turn:
    utterance = Utterance((Hypothesis("hello"),), Source.VOICE, pause=pause)
    return Turn(f"t{number}", Context(NOW, speaker=speaker), utterance)


def test_people_who_pause_long_are_waited_for_within_bounds() -> None:
    pauses = Pauses()
    assert [pauses.wait(ready, "Ann") for ready in Readiness] == [WAITS[ready][0] for ready in Readiness]
    for number in range(10):
        pauses.note(spoken(0.4, "Ann", number))
        pauses.note(spoken(0.05, "Ben", 100 + number))
    assert pauses.wait(Readiness.COMPLETE, "Ann") == pytest.approx(0.5)
    assert pauses.wait(Readiness.COMPLETE, "Ben") == WAITS[Readiness.COMPLETE][0]
    assert pauses.wait(Readiness.COMPLETE, "somebody new") == pytest.approx(0.5)
    for number in range(40):
        pauses.note(spoken(1.5, "Ann", 200 + number))
    assert [pauses.wait(ready, "Ann") for ready in Readiness] == [WAITS[ready][1] for ready in Readiness]


def test_a_turn_counts_once_however_often_it_changes() -> None:
    pauses = Pauses([spoken(0.1, "Ann", 1)])
    slow = spoken(0.5, "Ann", 2)
    pauses.note(slow)
    wait = pauses.wait(Readiness.COMPLETE, "Ann")
    for reply in range(20):
        pauses.note(replace(slow, trace=slow.trace[:reply]))
    assert pauses.wait(Readiness.COMPLETE, "Ann") == wait
