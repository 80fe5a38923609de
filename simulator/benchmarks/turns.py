"""Time of typed turns through the whole engine, and of its parts."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from assistant.assemble import Assistant, Outside, assemble
from assistant.clock import SystemClock
from assistant.config import Settings
from assistant.events import QueueInbox
from assistant.learning.ledger import Ledger
from assistant.learning.rewriting import RewriteStage
from assistant.mqtt import MqttBroker, PahoTransport
from assistant.store import Store
from assistant.store.items import Item, ItemState, Layer
from assistant.turn import Context, Hypothesis, Turn, Utterance
from assistant.voice import TextVoice
from simulator.benchmarks.figures import Figure, quantile, timing
from simulator.benchmarks.sentences import sentences
from simulator.broker import EmbeddedBroker
from simulator.homes import load_home
from simulator.live import LiveHome
from simulator.replay.stage import Stage

START = datetime(2026, 3, 2, 12, 0)
TURNS = 300
WARM = 20
RULES = 10_000
SWITCHINGS = 60
READY = 5.0


def turns(_data: Path | None, seed: int) -> Iterator[Figure]:
    """Typed turns in the cottage with an in-process broker: everything from the sentence to the logged reply."""
    with tempfile.TemporaryDirectory(prefix="mynah-") as folder:
        stage = Stage(load_home("cottage"), START, Path(folder), seed)
        try:
            taken = [_typed(stage, text) for text in sentences(TURNS + WARM, seed)][WARM:]
        finally:
            stage.close()
    yield timing("turns", "typed turn, with its entry in the log on disk", taken)
    yield Figure("turns", "the same, 99th percentile", f"{quantile(taken, 0.99) * 1000:.3g} ms", f"{len(taken)} turns")
    rate = len(taken) / sum(taken)
    yield Figure("turns", "turns per second on one core", f"{rate:.0f}", "", {"rate": rate})


def _typed(stage: Stage, text: str) -> float:
    began = time.perf_counter()
    stage.assistant.engine.hear(Utterance((Hypothesis(text),)), "kitchen", "ann")
    taken = time.perf_counter() - began
    stage.run(1.0)
    return taken


def parts(_data: Path | None, seed: int) -> Iterator[Figure]:
    """The rewriter with many rules, and the store."""
    with tempfile.TemporaryDirectory(prefix="mynah-") as folder:
        store = Store.open(Path(folder))
        try:
            yield from _rewriter(store, seed)
            yield from _logging(store, seed)
        finally:
            store.close()


def _rewriter(store: Store, seed: int) -> Iterator[Figure]:
    """Half of the requests have a rule, half have none."""
    rules = [
        Item(f"r{number}", "rewrite", Layer.GLOBAL, f"turn on lamp number {number}", f"turn on light {number}",
             state=ItemState.ACTIVE)
        for number in range(RULES)
    ]  # fmt: skip
    store.items.put(rules)
    stage = RewriteStage(Ledger(store))
    began = time.perf_counter()
    stage.index()
    read = time.perf_counter() - began
    known = [f"turn on lamp number {number}" for number in range(0, RULES, RULES // 500)]
    taken = []
    for text in [*known, *sentences(500, seed)]:
        turn = Turn("t", Context(START, "home"), Utterance((Hypothesis(text),)))
        began = time.perf_counter()
        stage.run(turn)
        taken.append(time.perf_counter() - began)
    yield timing("parts", f"rewriter, {RULES:,} rules", taken, "µs")
    yield timing("parts", f"reading {RULES:,} rules anew after a change", [read])


def _logging(store: Store, seed: int) -> Iterator[Figure]:
    """Real turns of the cottage, written twice as the engine does: before the reply, and after it."""
    stage = Stage(load_home("cottage"), START, None, seed)
    try:
        for text in sentences(150, seed):
            _typed(stage, text)
        stage.assistant.engine.settle(interrupted=False)
        logged = list(stage.store.turns())
    finally:
        stage.close()
    taken = []
    for turn in logged:
        began = time.perf_counter()
        store.begin(turn)
        store.complete(turn)
        taken.append(time.perf_counter() - began)
    yield timing("parts", "store: begin and complete a turn, on disk", taken)


def broker(_data: Path | None, _seed: int) -> Iterator[Figure]:
    """From the sentence to the light's own report, over the embedded broker and real sockets."""
    home = load_home("cottage")
    with EmbeddedBroker() as embedded:
        live = LiveHome(home, MqttBroker(embedded.url, "mynah-home")).start()
        transport = PahoTransport(embedded.url, "mynah-assistant")
        store = Store.open(":memory:")
        try:
            clock, inbox = SystemClock(), QueueInbox()
            outside = Outside(clock, inbox, transport, TextVoice(clock), home.id)
            assistant = assemble(outside, store, Settings())
            wanted = {device.entity for device in home.devices}
            assistant.engine.pump(lambda: all(_known(assistant, entity) for entity in wanted), READY)
            taken = [_switched(assistant, "on" if number % 2 else "off") for number in range(SWITCHINGS)][2:]
        finally:
            transport.close()
            live.close()
            store.close()
    yield timing("broker", "sentence to the device's confirmed state, embedded broker", taken)


def _known(assistant: Assistant, entity: str) -> bool:
    report = assistant.twin.reports.get(entity)
    return report is not None and report.state.state != "unknown"


def _switched(assistant: Assistant, to: str) -> float:
    began = time.perf_counter()
    turn = assistant.engine.hear(Utterance((Hypothesis(f"turn {to} the kitchen light"),)), "kitchen")
    taken = time.perf_counter() - began
    if turn.outcome is None or turn.outcome.kind != "done":
        raise RuntimeError(f"the light was not switched: {turn.outcome}")
    return taken
