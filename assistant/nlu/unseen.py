"""Measures understanding on open sentences that training never saw: right intents, and what confidences are worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.nlu.confidence import reliability
from assistant.nlu.corpus import Example
from assistant.nlu.open_data import FOREIGN, SETS, TEST_FOLD, Item, accepted, class_of, read_items
from assistant.nlu.reliability import told, wilson
from assistant.nlu.templates import read_yaml
from assistant.nlu.understander import Model, Understander
from assistant.turn import Hypothesis, Interpretation

HARMLESS = frozenset({"foreign", "dialogue", "weather", "clock", "calendar", "broadcast"})
"""Domains of intents that change nothing in a home."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An open sentence: its set, its intent there, and the intents of ours that are right for it.

    `said` differs from `text` where a recogniser misheard it; it is empty in training.
    """

    source: str
    intent: str
    text: str
    accepted: frozenset[str]
    said: str = ""

    @property
    def for_home(self) -> bool:
        """Whether its intent concerns a home (iot, alarm, audio, music, lists, date and time)."""
        return self.intent in read_yaml("open_intents.yaml")["same"]

    @property
    def foreign(self) -> bool:
        """Whether it is nothing that a home should act on."""
        return self.accepted == {FOREIGN}


@dataclass(frozen=True, slots=True)
class OpenJudged:
    """An open sentence and how it was read. `acts`: something in a home would be changed, were it understood so."""

    asked: Asked
    found: tuple[str, ...]
    confidence: float
    signals: tuple[float, ...]
    acts: bool

    @property
    def right(self) -> bool:
        """Whether an intent was found that is right."""
        return bool(set(self.found) & self.asked.accepted)


def asked(example: Example) -> Asked:
    """The sentence of an example."""
    return Asked(example.source, example.asked, example.text, accepted(example.asked, example.labels[0]))


def test_part(folder: Path) -> list[Asked]:
    """The sentences of all sets that are there which training never sees (a fifth, by their hash)."""
    paths = [folder / f"{name}.jsonl" for name in SETS]
    items = (item for path in paths if path.exists() for item in read_items(path))
    return list(_asked(item for item in items if item.fold == TEST_FOLD))


def _asked(items: Iterable[Item]) -> Iterator[Asked]:
    for item in items:
        if wanted := accepted(item.intent, class_of(item)):
            yield Asked(item.source, item.intent, item.text, wanted, item.said)


def judge(model: Model, sentences: Iterable[Asked]) -> list[OpenJudged]:
    """Read sentences, with no home known."""
    understander = Understander(model)
    judged = []
    for sentence in sentences:
        readings = understander.ranked(sentence.text)
        if readings:
            best = readings[0].interpretation
            names = tuple(intent.name for intent in best.intents)
            sure = best.intents[0].confidence if best.intents else 0.0
            judged.append(OpenJudged(sentence, names, sure, readings[0].signals, would_act(best)))
    return judged


@dataclass(frozen=True, slots=True)
class Together:
    """A sentence of which several recordings were heard differently, read as the hypotheses of one recogniser.

    `alone` is the share of the hypotheses that are read right by themselves, `right` whether the best reading of all
    together is; `readings` are the confidences of all readings of the n-best, and whether each is right.
    """

    alone: float
    right: bool
    readings: tuple[tuple[float, bool], ...]


def judge_together(model: Model, sentences: Iterable[Asked]) -> list[Together]:
    """Read the sentences of which several recordings were heard differently."""
    understander = Understander(model)
    heard: dict[tuple[str, str], list[Asked]] = {}
    for sentence in sentences:
        heard.setdefault((sentence.said, sentence.intent), []).append(sentence)
    judged = []
    for takes in heard.values():
        counted = Counter(each.text for each in takes)
        if len(counted) > 1:
            parse = understander.parse([Hypothesis(text, n / len(takes)) for text, n in counted.most_common()])
            alone = [_right(understander.parse(text).best, takes[0]) for text in counted]
            readings = [(each, _right(each, takes[0])) for each in (parse.best, *parse.alternatives) if each.intents]
            judged.append(
                Together(
                    sum(alone) / len(alone), _right(parse.best, takes[0]),
                    tuple((each.intents[0].confidence, right) for each, right in readings),
                )
            )  # fmt: skip
    return judged


def _right(reading: Interpretation, sentence: Asked) -> bool:
    return bool({intent.name for intent in reading.intents} & sentence.accepted)


def would_act(reading: Interpretation) -> bool:
    """Whether a reading commands something: a question, and one with unexplained words, does not."""
    commands = [each for each in reading.intents if each.domain not in HARMLESS and each.verb != "query"]
    return bool(commands) and not reading.unexplained


def sure_of(model: Model, judged: OpenJudged) -> OpenJudged:
    """The same with the confidence that a model's calibration gives it."""
    return replace(judged, confidence=model.intents.probability(judged.signals))


def report(judged: Sequence[OpenJudged]) -> str:
    """Right intents by set, foreign requests acted on, calibration errors and the reliability table."""
    lines = []
    for name in SETS:
        part = [each for each in judged if each.asked.source == name]
        home = [each for each in part if each.asked.for_home]
        foreign = [each for each in part if each.asked.foreign]
        if home and name != "clinc150":
            lines.append(f"{name}: right intent {_share([each.right for each in home])}")
        if foreign:
            lines.append(f"{name}: foreign and acted on {_share([each.acts for each in foreign], 4)}")
    for title, (sure, right) in grouped(judged).items():
        lines.append(told(title, sure, right))
        lines += [
            f"  {each.low:.1f} to {each.low + 0.1:.1f}: sure {each.sure:.3f}, right {each.right:.3f} ({each.count})"
            for each in reliability(sure, right)
        ]
    return "\n".join(lines)


def grouped(judged: Sequence[OpenJudged]) -> dict[str, tuple[list[float], list[bool]]]:
    """Confidences, and whether each is right, of all readings, of those for a home, and of requests for a home.

    Only the first two can be perfect: a confidence is fitted to what a reading says, not to what was meant.
    """
    groups = {
        "all": list(judged),
        "taken for a home": [each for each in judged if each.found and not each.found[0].startswith("foreign.")],
        "meant for a home": [each for each in judged if each.asked.for_home and each.asked.source != "clinc150"],
    }
    return {
        title: ([each.confidence for each in part], [each.right for each in part])
        for title, part in groups.items()
        if part
    }


def _share(of: Sequence[bool], digits: int = 3) -> str:
    low, high = wilson(sum(of), len(of))
    return f"{sum(of) / len(of):.{digits}f} ({sum(of)} of {len(of)}; {low:.{digits}f} to {high:.{digits}f})"
