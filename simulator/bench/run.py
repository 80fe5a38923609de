"""Running a benchmark: one fresh home per item, scored by what changed, what was said, or what was understood."""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.errors import UserError
from assistant.nlu import Understander
from assistant.turn import Confirm, Hypothesis, States, Turn, Utterance
from simulator.bench.hass import DEVICE_ACTIONS, as_hass, same_slots
from simulator.bench.items import Item, inventory_from_items
from simulator.homes import HomeFile, home_from_inventory, load_home
from simulator.replay.checks import changed, state_problems
from simulator.replay.runner import flat
from simulator.replay.stage import Stage

NOW = datetime(2026, 3, 2, 12, 0)
SATELLITE = "<the satellite's area>"
SETTLE = 30.0
PAUSE = 3.0
"""Seconds between a request and what was said before it."""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """How one item went; `why` is empty when it passed."""

    id: str
    passed: bool
    changes: dict[str, Any]
    intent: str | None
    slots: dict[str, Any]
    reply: str
    decision: str | None
    ms: float
    why: str


class Bench:
    """Runs items. `fixtures` is where the homes are; `None` for the folder of the item's file."""

    def __init__(self, items: list[Item], fixtures: Path, understander: Understander | None = None) -> None:
        self._items = items
        self._fixtures = fixtures
        self._understander = understander or Understander.load()
        self._homes: dict[str, HomeFile] = {}
        by_home: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            by_home[item.home or ""].append(item)
        self._by_home = by_home

    def run(self, progress: Callable[[int], None] = lambda _done: None) -> list[ItemResult]:
        """All items, in order."""
        results = []
        for number, item in enumerate(self._items, 1):
            results.append(self._run(item))
            progress(number)
        return results

    def _home(self, item: Item) -> HomeFile:
        key = item.home or ""
        if key not in self._homes:
            path = self._fixtures / key
            if key and path.exists():
                self._homes[key] = load_home(str(path))
            elif any(each.slots.get("device") for each in self._by_home[key]) or not key:
                self._homes[key] = home_from_inventory(inventory_from_items(self._by_home[key]), key or "none")
            else:
                raise UserError(f"{item.id}: its home {path} does not exist; name the folder with --fixtures")
        return self._homes[key]

    def _run(self, item: Item) -> ItemResult:
        stage = Stage(self._home(item), NOW, understander=self._understander)
        try:
            for entity, state in item.setup.items():
                stage.world.set(entity, flat(state))
            engine = stage.assistant.engine
            engine.advance()
            room = self._room(item, stage)
            for text in item.before:
                _say(stage, text, room)
                stage.run(PAUSE)
            before = dict(engine.states())
            began = time.perf_counter()
            turn = engine.hear(Utterance((Hypothesis(item.utterance),)), room)
            ms = (time.perf_counter() - began) * 1000
            if isinstance(turn.decision, Confirm):
                # Whoever asked for it says yes; an item where nothing may change then fails, as it should.
                turn = replace(engine.hear(Utterance((Hypothesis("yes"),)), room), parse=turn.parse)
            stage.run(item.wait)
            if item.expected_changes is not None:
                self._settle(item, stage)
            return self._judge(item, stage, turn, before, ms)
        finally:
            stage.store.close()

    def _room(self, item: Item, stage: Stage) -> str | None:
        context = item.context or {}
        areas = stage.assistant.twin.home.areas
        area = context.get("area")
        if area == SATELLITE:
            return random.Random(item.id).choice(sorted(areas)) if areas else None
        if area:
            return next((each.id for each in areas.values() if area.lower() in (each.id, each.name.lower())), None)
        device = str(context.get("device") or "")
        entities = stage.assistant.twin.home.entities.values()
        return next((each.area for each in entities if each.id.partition(".")[2] == device), None)

    def _settle(self, item: Item, stage: Stage) -> None:
        """Let the home come to rest."""
        waited = 0.0
        while waited < SETTLE and list(state_problems(item.expected_changes or {}, stage.assistant.engine.states())):
            stage.run(1.0)
            waited += 1.0

    def _judge(self, item: Item, stage: Stage, turn: Turn, before: States, ms: float) -> ItemResult:
        after = stage.assistant.engine.states()
        intent, slots = as_hass(turn, stage.assistant.twin.home)
        reply = turn.reply.text if turn.reply else ""
        why = [*_change_problems(item, before, after), *_reply_problems(item, reply)]
        if item.expected_changes is None and item.intent:
            why += _intent_problems(item, intent, slots)
        changes = {entity: after[entity].state for entity in changed(before, after)}
        decision = turn.decision.kind if turn.decision else None
        return ItemResult(item.id, not why, changes, intent, slots, reply, decision, ms, "; ".join(why))


def _say(stage: Stage, text: str, room: str | None) -> None:
    """One request that is not judged, with a yes to what it asks."""
    if isinstance(stage.assistant.engine.hear(Utterance((Hypothesis(text),)), room).decision, Confirm):
        stage.assistant.engine.hear(Utterance((Hypothesis("yes"),)), room)


def _change_problems(item: Item, before: States, after: States) -> Iterable[str]:
    if item.expected_changes is None:
        return
    yield from state_problems(item.expected_changes, after)
    allowed = set(item.expected_changes) | item.ignored
    by_itself = ("timer", "sensor", "binary_sensor") if item.wait else ("timer",)
    for entity in changed(before, after, ignore=by_itself):
        same = entity in before and before[entity].state == after[entity].state
        if entity not in allowed and not same:
            yield f"{entity} changed to {after[entity].state!r}"


def _reply_problems(item: Item, reply: str) -> Iterable[str]:
    if item.expect_response and not any(word.lower() in reply.lower() for word in item.expect_response):
        yield f"reply {reply!r} has none of {item.expect_response}"


def _intent_problems(item: Item, intent: str | None, slots: Mapping[str, Any]) -> Iterable[str]:
    wished = DEVICE_ACTIONS.get(str(item.intent), str(item.intent))
    if intent != wished:
        yield f"intent is {intent}, expected {wished}"
    expected = dict(item.slots)
    if item.intent in DEVICE_ACTIONS:
        # These sets name the device and the room that are meant, not the slots that were spoken.
        return
    yield from same_slots(expected, slots)


def summary(items: list[Item], results: list[ItemResult]) -> dict[str, Any]:
    """The figures of a run, in the form of the contract."""
    by_category: dict[str, list[bool]] = defaultdict(list)
    for item, result in zip(items, results, strict=True):
        for category in item.categories:
            by_category[category].append(result.passed)
    times = sorted(result.ms for result in results)
    passed = sum(result.passed for result in results)
    return {
        "items": len(results),
        "passed": passed,
        "share": round(passed / len(results), 4),
        "by_category": {
            name: {"items": len(held), "passed": sum(held), "share": round(sum(held) / len(held), 4)}
            for name, held in sorted(by_category.items())
        },
        "median_ms": round(statistics.median(times), 3),
        "p99_ms": round(times[min(len(times) - 1, int(len(times) * 0.99))], 3),
    }
