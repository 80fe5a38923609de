"""Learning from exported logs, and what the rewriter would do with a stream of turns: files in, files out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from assistant.config import Learning
from assistant.errors import UserError
from assistant.habits.log import HabitLog
from assistant.learning.adapt import adapt
from assistant.learning.labelling.dialogues import Dialogues
from assistant.learning.labelling.files import write_labels, write_lines
from assistant.learning.labelling.goals import with_mined
from assistant.learning.labelling.labelled import Labelled
from assistant.learning.labelling.names import learned_names
from assistant.learning.learn import Report, report, study, with_problems
from assistant.learning.ledger import REWRITE, SOURCE, Ledger
from assistant.learning.logged import logged
from assistant.learning.preferences import preferences_in
from assistant.learning.rewriting import RewriteIndex
from assistant.resolve.preferred import PREFERENCE
from assistant.store import Store
from assistant.store.interchange import Problem, Reading, file_lines, parse_line, turn_of
from assistant.store.items import Item, Layer
from assistant.teaching.taught import HABIT


def learn_files(
    source: Path, out: Path | None = None, settings: Learning | None = None, store: Store | None = None
) -> Report:
    """Learn from a log in the interchange format; write what was learned into folder `out`.

    With a `store`, its ledger takes over what was learned, so that it is applied; its turns are left alone. Raises
    `UserError` when the log can't be read or `out` not written.
    """
    settings = settings or Learning()
    reading = Reading(file_lines(source))
    habits = HabitLog()
    turns = [habits.take(turn) for turn in reading]
    log = [logged(turn) for turn in turns]
    studied = study(log, settings)
    ledger = Ledger(store or Store.open(":memory:"))
    labelled = Labelled.of(Dialogues.of(turns, log, studied))
    proposals = with_mined(studied.proposals, labelled, settings.customers)
    changes = ledger.update(proposals, studied.latest, source.name)
    preferences = preferences_in(log)
    ledger.offer(preferences, studied.latest)
    found = with_problems(report(studied, changes), reading.problems)
    if out is not None:
        learned = [item for item in ledger.items(REWRITE) if item.details.get(SOURCE) == source.name]
        write_learned(found, [*learned, *preferences], out, habits)
        write_labels(labelled, out)
    return found


def learn_store(store: Store, out: Path | None = None, settings: Learning | None = None) -> Report:
    """Learn from the household's own log; what was learned goes into its ledger, and into folder `out`.

    Raises `UserError` when `out` can't be written.
    """
    habits = HabitLog()
    turns = [habits.take(turn) for turn in store]
    log = [logged(turn) for turn in turns]
    settings = settings or Learning()
    studied = study(log, settings)
    ledger = Ledger(store)
    labelled = Labelled.of(Dialogues.of(turns, log, studied))
    proposals = with_mined(studied.proposals, labelled, settings.customers)
    found = report(studied, ledger.update(proposals, studied.latest))
    ledger.offer(learned_names(labelled), studied.latest)
    adapt(ledger, labelled, studied.latest)
    ledger.keep_proven(studied.proven)
    if out is not None:
        write_learned(found, ledger.items(), out, habits)
        write_labels(labelled, out)
    return found


def write_learned(found: Report, items: Iterable[Item], out: Path, habits: HabitLog) -> None:
    """Write what was learned and the report. Raises `UserError` when the folder can't be written."""
    items = list(items)
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_lines(
            out / "rewrites.jsonl", (rewrite_line(item) for item in items if item.live and item.kind == REWRITE)
        )
        write_lines(out / "preferences.jsonl", (preference_line(item) for item in items if is_told(item)))
        write_lines(out / "habits.jsonl", habits.lines())
        (out / "report.json").write_text(json.dumps(found.as_json(), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"{out}: can't be written: {error.strerror}; choose another with --out") from None


def rewrite_line(item: Item) -> dict[str, Any]:
    """A line of `rewrites.jsonl`."""
    return {
        "said": item.before,
        "rewrite": item.after,
        "layer": "global" if item.layer is Layer.GLOBAL else "personal",
        "speaker": item.speaker,
        "household": item.household,
        "confirm": item.confirm,
        "score": item.score,
        "support": item.support,
        "households": int(item.details.get("households", 1)),
        "because": item.reason,
    }


def is_told(item: Item) -> bool:
    """Whether an item is what a person answered or told."""
    return item.kind == PREFERENCE or ("told" in item.details and item.kind != HABIT)


def preference_line(item: Item) -> dict[str, Any]:
    """A line of `preferences.jsonl`; what was told outright has its kind and particulars in `told`."""
    told = {"told": {"kind": item.kind, **item.details}} if "told" in item.details else {}
    return {
        **told,
        "speaker": item.speaker,
        "household": item.household,
        "mention": item.before,
        "entity": item.after,
        "state": item.state.value,
        "score": item.score,
        "support": item.support,
        "evidence": list(item.evidence),
        "because": item.reason,
    }


def rewrite_lines(stream: Iterable[bytes | str], store: Store) -> Iterator[dict[str, Any]]:
    """For each turn, what the online rewriter would do with it; for a broken line, what is wrong with it.

    A problem is `{"line": n, "error": "..."}`. Nothing is executed or kept.
    """
    index = RewriteIndex(Ledger(store).rewrites())
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        parsed = parse_line(line)
        if isinstance(parsed, str):
            yield {"line": number, "error": str(Problem(number, parsed))}
            continue
        turn = turn_of(parsed)
        rule = index.best(turn.utterance.hypotheses, turn.context.household, turn.context.speaker)
        yield {
            "id": turn.id,
            "rewrite": rule.after if rule else None,
            "layer": rule.layer.value if rule else None,
            "confirm": rule.confirm if rule else False,
            "score": rule.score if rule else 0.0,
            "because": rule.reason if rule else None,
        }
