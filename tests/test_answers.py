"""Every way to answer "which one?", for every such question of two homes: it completes the request, or it is none."""

from datetime import datetime

import pytest

from assistant.nlu import Understander
from assistant.resolve.names import normalise
from assistant.turn import Ask, Hypothesis, Utterance
from simulator.homes import load_home
from simulator.replay.stage import Stage

NOON = datetime(2026, 3, 2, 12, 0)
ORDINALS = ("first", "second", "third")


@pytest.fixture(scope="module")
def understander():
    return Understander.load()


@pytest.fixture(scope="module", params=["house", "cottage"])
def stage(request, understander):
    stage = Stage(load_home(request.param), NOON, understander=understander)
    stage.assistant.sync_home()
    yield stage
    stage.close()


def said(stage, text, speaker):
    stage.run(3.0)
    return stage.assistant.engine.hear(Utterance((Hypothesis(text),)), None, speaker)


def questions(stage):
    """The requests that are asked back about, with the things that they are about; each by a person of its own."""
    home = stage.assistant.twin.home
    names = sorted({normalise(name).split()[-1] for entity in home.entities.values() for name in entity.names})
    for number, name in enumerate(names):
        for verb in ("turn on", "open"):
            turn = said(stage, f"{verb} the {name}", f"{verb}{number}")
            if isinstance(turn.decision, Ask) and len(turn.decision.options) > 1:
                yield f"{verb} the {name}", turn.decision.options
            said(stage, "never mind", f"{verb}{number}")


def forms(home, options):
    """What may be answered, and which of the options it means."""
    for place, option in enumerate(options):
        entity, others = home.entities[option], [home.entities[each] for each in options if each != option]
        yield f"the {ORDINALS[place]} one", {option}
        yield f"the {ORDINALS[place]}", {option}
        room = home.areas.get(entity.area or "")
        if room and all(each.area != entity.area for each in others):
            yield f"the {room.name.lower()} one", {option}
            yield f"the one in the {room.name.lower()}", {option}
            yield f"in the {room.name.lower()}", {option}
            yield f"um, the one in the {room.name.lower()} please", {option}
            if len(options) == 2:
                yield f"not the {room.name.lower()} one", set(options) - {option}
        if all(each.name != entity.name for each in others):
            yield f"the {entity.name.lower()}", {option}
            yield f"the {entity.name.lower()} please", {option}
            yield f"i meant the {entity.name.lower()}", {option}
    yield "the last one", {options[-1]}
    yield "both" if len(options) == 2 else "all of them", set(options)
    yield "neither" if len(options) == 2 else "none of them", set()
    yield "never mind", set()
    yield "I don't care", {options[0]}
    yield "either" if len(options) == 2 else "any of them", {options[0]}


def test_every_answer_completes_the_request(stage):
    home, asked, wrong = stage.assistant.twin.home, 0, []
    for number, (request, options) in enumerate(questions(stage)):
        assert len(options) <= 3
        for which in range(len(list(forms(home, options)))):
            speaker = f"person{number}x{which}"
            decision = said(stage, request, speaker).decision
            if not isinstance(decision, Ask) or {*decision.options} != {*options}:
                said(stage, "never mind", speaker)
                continue
            answer, meant = list(forms(home, decision.options))[which]
            turn = said(stage, answer, speaker)
            asked += 1
            done = {command.entity for command in turn.commands}
            if done != meant:
                wrong.append((request, decision.options, answer, done, turn.reply.text))
            said(stage, "no", speaker)
            for entity in done:
                stage.world.set(entity, {"state": "closed" if entity.startswith("cover.") else "off"})
            stage.run(60.0)
    assert asked > 10
    assert not wrong, wrong
