"""What people wrote and recognisers heard: right intents, foreign requests acted on, and what confidences are worth.

Only the part of the open sets that training never sees is measured (see `assistant.nlu.open_data`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.nlu import unseen
from assistant.nlu.confidence import Bin, expected_calibration_error, reliability
from assistant.nlu.reliability import error_by_chance
from assistant.nlu.understander import MODEL, Model
from assistant.nlu.unseen import Asked, OpenJudged
from assistant.turn import Execute
from simulator.benchmarks.figures import Figure, share
from simulator.commands.understand import Interpreter, Request

HOME = "house"
WHAT = "intents for a home, unseen part"


def language(data: Path | None, _seed: int) -> Iterator[Figure]:
    """The figures of the sets that are there."""
    sentences = unseen.test_part(data) if data is not None else []
    if not sentences:
        return
    model = Model.load(MODEL)
    judged = unseen.judge(model, sentences)
    for name in ("hwu64", "slurp-text", "slurp-asr"):
        home = [each for each in judged if each.asked.source == name and each.asked.for_home]
        if home:
            yield share("language", f"{name}: {WHAT}", sum(each.right for each in home), len(home))
    yield from _heard(
        model, [each.asked for each in judged if each.asked.source == "slurp-asr" and each.asked.for_home]
    )
    yield from _foreign(judged)
    for title, (sure, right) in unseen.grouped(judged).items():
        yield _calibration(title, sure, right)


def _heard(model: Model, heard: Sequence[Asked]) -> Iterator[Figure]:
    """What mishearing costs, and what reading several hypotheses gives back."""
    if not heard:
        return
    said = unseen.judge(model, [replace(each, text=each.said) for each in heard])
    what = "slurp-asr: the same, from what was really said"
    yield share("language", what, sum(each.right for each in said), len(said))
    if together := unseen.judge_together(model, heard):
        alone = sum(each.alone for each in together) / len(together)
        what = "slurp-asr: recordings heard differently, read together"
        yield share("language", what, sum(each.right for each in together), len(together), f"each alone {alone:.1%}")
        readings = [reading for each in together for reading in each.readings]
        yield _calibration("every reading of their n-best", [p for p, _ in readings], [right for _, right in readings])


def _foreign(judged: Sequence[OpenJudged]) -> Iterator[Figure]:
    """How many foreign requests would change something in a home with everything in it."""
    foreign = [each.asked for each in judged if each.asked.source == "clinc150" and each.asked.foreign]
    if not foreign:
        return
    interpreter = Interpreter(HOME)
    turns = [interpreter.interpret(Request(text=each.text))[0] for each in foreign]
    acted = sum(isinstance(turn.decision, Execute) and bool(turn.decision.commands) for turn in turns)
    asked = sum(turn.decision is not None and turn.decision.kind in {"ask", "confirm"} for turn in turns)
    yield share("language", f"clinc150: foreign, acted on in the {HOME}", acted, len(foreign), f"{asked} asked back")


def _calibration(title: str, sure: Sequence[float], right: Sequence[bool]) -> Figure:
    """The expected calibration error; beside it what chance alone would give, and the reliability table."""
    table = reliability(sure, right)
    error, chance = expected_calibration_error(sure, right), error_by_chance(sure)
    raw = {
        "error": error,
        "by_chance": chance,
        "n": len(right),
        "bins": [[each.low, each.count, each.sure, each.right] for each in table],
    }
    told = f"n = {len(right)}; by chance up to {chance:.3f}; sure > right: {', '.join(map(_told, table))}"
    return Figure("language", f"calibration error, {title}", f"{error:.3f}", told, raw)


def _told(of: Bin) -> str:
    return f"{of.sure:.2f} > {of.right:.2f} ({of.count})"
