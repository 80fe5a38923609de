"""Why: the evidence that is printed makes up the cost, and what is told of it is plain."""

import io
import re
from datetime import datetime

import pytest
from rich.console import Console

from assistant.explain import explained, plain
from assistant.resolve.evidence import reason_of
from assistant.store.views import evidence_table, turn_view
from assistant.turn import Context, Hypothesis, Turn, Utterance
from simulator.homes import load_home
from simulator.replay.stage import Stage

REQUESTS = [
    "turn on the lamp", "what is the temperature", "turn on the light", "dim the kitchen light", "play jazz",
    "turn off all the lights except the bedroom", "open the blinds", "lock the doors", "turn on the broiler",
    "unlock the front door", "is anything on", "turn on the nonsense",
]  # fmt: skip


@pytest.fixture(scope="module")
def stage():
    stage = Stage(load_home("house"), datetime(2026, 3, 2, 20, 0))
    stage.assistant.sync_home()
    yield stage
    stage.close()


def understood(stage, text, room="hall"):
    context = Context(stage.clock.now(), room=room, states=stage.assistant.engine.states())
    return stage.assistant.pipeline.run(Turn("t", context, Utterance((Hypothesis(text),))), stop="decide")


def printed(thing):
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(thing)
    return console.export_text()


@pytest.mark.parametrize("text", REQUESTS)
def test_the_shares_of_a_table_make_up_its_costs(stage, text):
    for resolution in understood(stage, text).resolutions:
        rows = printed(evidence_table(resolution)).splitlines()[1:]
        total, costs, shares = 0.0, [], []
        for row in rows:
            figures = [float(each) for each in re.findall(r"(?<!\S)[+-]\d\.\d{3}(?!\S)", row)]
            if not row.startswith(" ") and figures:
                costs.append(figures.pop(0))
                shares.append(0.0)
            if figures:
                shares[-1] += figures[0]
                total += 1
        assert len(costs) == len(resolution.candidates)
        if total:
            assert shares == pytest.approx(costs, abs=0.0036)


@pytest.mark.parametrize("text", REQUESTS)
def test_what_is_told_is_sentences_without_figures(stage, text):
    turn = understood(stage, text)
    told = explained(turn, stage.assistant.twin.home)
    assert told.startswith(f'I heard "{text}".')
    assert not re.search(r"[+-]?\d\.\d|\(|;|_", told.replace(text, ""))
    assert all(sentence[0].isupper() for sentence in re.split(r"(?<=\.)\s", told))


def test_rivals_are_told_with_what_speaks_against_them(stage):
    stage.world.set("climate.oven", {"state": "heat", "temperature": 180})
    stage.assistant.engine.advance()
    told = explained(understood(stage, "what is the temperature", "kitchen"), stage.assistant.twin.home)
    assert "I took that to mean the Oven, because" in told
    assert "the oven is on" in told
    assert "was less likely" in told


def test_a_question_tells_between_what(stage):
    told = explained(understood(stage, "turn on the lamp"), stage.assistant.twin.home)
    assert "I asked, because the Lamp in the" in told
    assert "fit about equally well" in told


def test_the_trace_shows_candidates_once(stage):
    text = printed(turn_view(understood(stage, "turn on the lamp")))
    assert text.count("it is in another room") == len(understood(stage, "turn on the lamp").resolutions[0].candidates)


@pytest.mark.parametrize(
    "words", ["it is in this room -0.043", "it is off", "2 of that kind", '"x": sounds alike 0.81']
)
def test_no_figure_is_left_in_a_plain_reason(words):
    assert not re.search(r"\d", plain(words))
    assert reason_of("it is off")[1] is None
