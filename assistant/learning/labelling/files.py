"""What is known of every turn, as files: labels, failure points and rephrases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from assistant.errors import UserError
from assistant.learning.labelling.labelled import Labelled
from assistant.learning.labelling.rephrases import Judgement, shipped

FEW = 0.01
"""A rephrase less likely than this is not written."""
Line = dict[str, Any]


def write_labels(labelled: Labelled, out: Path) -> None:
    """Write `labels.jsonl`, `failures.jsonl` and `rephrases.jsonl`. Raises `UserError` when they can't be written."""
    failures = ({"turn": turn, "failure": shares} for turn, shares in labelled.failures.items())
    try:
        write_lines(out / "labels.jsonl", (label.as_json() for label in labelled.labels.values()))
        write_lines(out / "failures.jsonl", failures)
        write_lines(out / "rephrases.jsonl", _rephrases(labelled))
    except OSError as error:
        raise UserError(f"{out}: can't be written: {error.strerror}; choose another with --out") from None


def write_lines(path: Path, lines: Iterable[Line]) -> None:
    """Write JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, default=str) + "\n" for line in lines)


def _rephrases(labelled: Labelled) -> Iterator[Line]:
    """For every turn the earlier attempt that it says again most likely."""
    best: dict[str, Judgement] = {}
    for each in shipped().judge(labelled.seen):
        known = best.get(each.pair.later.turn.id)
        if known is None or each.again > known.again:
            best[each.pair.later.turn.id] = each
    for turn, each in best.items():
        if each.again >= FEW:
            yield {"turn": turn, "rephrase_of": each.pair.earlier.turn.id, "probability": round(each.again, 4)}
