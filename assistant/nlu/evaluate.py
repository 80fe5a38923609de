"""Measures understanding: `python -m assistant.nlu.evaluate [--open DIR [--plot FILE]]`.

On generated sentences of invented homes that training never saw: the share of right intents, the F1 of slots, the share
of frames that are right in everything, and the calibration error. On open sets: what their intents come out as.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.nlu import corpus, unseen
from assistant.nlu.corpus import Example
from assistant.nlu.features import mentions
from assistant.nlu.frames import assemble
from assistant.nlu.reliability import draw, told, wilson
from assistant.nlu.understander import MODEL, Model, Understander, in_order
from assistant.turn import Intent


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence, how it was read and how it should have been."""

    text: str
    wanted: tuple[Intent, ...]
    found: tuple[Intent, ...]
    unexplained: tuple[str, ...]
    confidence: float
    signals: tuple[float, ...]
    noisy: bool

    @property
    def right(self) -> bool:
        """Whether every intent and slot is right."""
        return _plain(self.wanted) == _plain(self.found)

    @property
    def same_intents(self) -> bool:
        """Whether the intents are right, whatever their slots."""
        return [each.name for each in self.wanted] == [each.name for each in self.found]


def _plain(intents: Iterable[Intent]) -> list[tuple[str, dict[str, Any]]]:
    return [(intent.name, dict(intent.slots)) for intent in intents]


def judge(model: Model, examples: Sequence[Example]) -> list[Judged]:
    """Read annotated sentences, each in its own home."""
    understander = Understander(model)
    judged = []
    for example in examples:
        understander.gazetteer = example.gazetteer
        reading = understander.read([example.text])[0]
        if reading:
            best = reading[0].interpretation
            expected = wanted(model, example)
            found = (best.intents, best.unexplained, best.confidence)
            judged.append(Judged(example.text, expected, *found, reading[0].signals, example.noisy))
    return judged


def wanted(model: Model, example: Example) -> tuple[Intent, ...]:
    """The intents that the annotation gives."""
    ends = [*example.starts[1:], len(example.spans)]
    return in_order([
        assemble(mentions(example.spans[start:end], example.tags[start:end]), label, example.gazetteer, model.explained)
        for start, end, label in zip(example.starts, ends, example.labels, strict=True)
        if end > start
    ])  # fmt: skip


def report(model: Model, examples: Sequence[Example]) -> str:
    """The figures on annotated sentences, in a few lines."""
    judged = judge(model, examples)
    lines = []
    for title, part in (
        ("clean", [each for each in judged if not each.noisy]),
        ("noisy", [each for each in judged if each.noisy]),
    ):
        if part:
            lines.append(f"{title:6} {len(part):6} sentences: {_figures(part)}")
    lines.append(told("whole frames", [each.confidence for each in judged], [each.right for each in judged]))
    return "\n".join(lines)


def _figures(judged: Sequence[Judged]) -> str:
    acting = [each for each in judged if not each.unexplained and each.found[0].domain != "foreign"]
    return (
        f"intent {_share([each.same_intents for each in judged])}, slot F1 {slot_f1(judged):.3f}, "
        f"exact frame {_share([each.right for each in judged])}, "
        f"fully explained {_share([not each.unexplained for each in judged])}, "
        f"wrong among fully explained {_share([not each.right for each in acting])}"
    )


def _share(of: Sequence[bool]) -> str:
    """A share with its 95 % interval."""
    if not of:
        return "none"
    low, high = wilson(sum(of), len(of))
    return f"{sum(of) / len(of):.3f} ({low:.3f} to {high:.3f})"


def slot_f1(judged: Sequence[Judged]) -> float:
    """The F1 of (intent, slot, value) triples."""
    wanted_slots, found_slots = Counter[str](), Counter[str]()
    both = 0
    for each in judged:
        one, other = _triples(each.wanted), _triples(each.found)
        both += sum((one & other).values())
        wanted_slots.update(one)
        found_slots.update(other)
    return 2 * both / max(wanted_slots.total() + found_slots.total(), 1)


def _triples(intents: Iterable[Intent]) -> Counter[str]:
    return Counter(
        f"{i} {key}={json.dumps(value, sort_keys=True)}"
        for i, intent in enumerate(intents)
        for key, value in intent.slots.items()
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m assistant.nlu.evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL, help="folder of the model")
    parser.add_argument("--sentences", type=int, default=4000, help="generated sentences (default 4000)")
    parser.add_argument("--seed", type=int, default=9, help="of the generated sentences; training uses 7 and 8")
    parser.add_argument(
        "--open", type=Path, help="folder of hwu64.jsonl, slurp-text.jsonl, slurp-asr.jsonl, clinc150.jsonl"
    )
    parser.add_argument("--plot", type=Path, help="picture of what confidences are worth on the open sets (PNG)")
    options = parser.parse_args(arguments)
    model = Model.load(options.model)
    print(report(model, list(corpus.generated(options.sentences, options.seed))))
    if options.open:
        judged = unseen.judge(model, unseen.test_part(options.open))
        print(unseen.report(judged))
        if options.plot:
            draw(options.plot, unseen.grouped(judged))
    return 0


if __name__ == "__main__":
    sys.exit(main())
