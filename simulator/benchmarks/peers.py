"""Peers on the same sentences, in the same run: hassil with Home Assistant's English sentences.

The sentences are a TSV beside the data folder: what is tested, the sentence, the room, the turn before. A match says
that a peer found an intent, an act that we execute, ask or confirm: neither says that it was the right one.
"""

from __future__ import annotations

import csv
import importlib.util
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.nlu import Understander
from assistant.turn import Hypothesis, Utterance
from devices.kinds import KINDS
from simulator.benchmarks.figures import Figure, share, timing
from simulator.homes import HomeFile, load_home
from simulator.homes.model import DeviceSpec
from simulator.replay.stage import Stage

START = datetime(2026, 3, 2, 12, 0)
HOME = Path(__file__).parent / "data" / "peers.yaml"
TAKEN_UP = {"execute", "ask", "confirm"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One request, with the room where it is said and what was said before."""

    text: str
    room: str
    before: str


def peers(data: Path | None, _seed: int) -> Iterator[Figure]:
    """Ours, and hassil where it is installed."""
    path = data.parent / "sentences.tsv" if data is not None else None
    if path is None or not path.exists():
        return
    wanted = _read(path)
    home = load_home(str(HOME))
    yield from _ours(home, wanted)
    if importlib.util.find_spec("hassil") and importlib.util.find_spec("home_assistant_intents"):
        yield from _hassil(home, wanted)


def _read(path: Path) -> list[Sentence]:
    rows = csv.reader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    kept = [row + [""] * 4 for row in rows if row and not row[0].startswith("#")]
    return [Sentence(row[1], row[2], row[3]) for row in kept]


def _ours(home: HomeFile, wanted: list[Sentence]) -> Iterator[Figure]:
    """A fresh home for each sentence."""
    understander = Understander.load()
    taken, kinds = [], []
    for sentence in wanted:
        stage = Stage(home, START, understander=understander)
        try:
            engine = stage.assistant.engine
            areas = stage.assistant.twin.home.areas.values()
            room = next((area.id for area in areas if sentence.room.lower() in (area.id, area.name.lower())), None)
            engine.hear(Utterance((Hypothesis(sentence.before or "which lights are on"),)), room)
            stage.run(3.0)
            began = time.perf_counter()
            turn = engine.hear(Utterance((Hypothesis(sentence.text),)), room)
            taken.append(time.perf_counter() - began)
            kinds.append(turn.decision.kind if turn.decision else "ignore")
        finally:
            stage.close()
    parts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds)))
    yield share(
        "peers", "mynah: executes, asks or confirms", sum(kind in TAKEN_UP for kind in kinds), len(kinds), parts
    )
    yield timing("peers", "mynah: whole turn", taken)


def _hassil(home: HomeFile, wanted: list[Sentence]) -> Iterator[Figure]:
    """Understanding only: hassil executes nothing."""
    from hassil import Intents, TextSlotList, recognize_best
    from home_assistant_intents import get_intents

    began = time.perf_counter()
    document = get_intents("en")
    assert document is not None, "English is bundled"
    intents = Intents.from_dict(document)
    lists = _lists(home, TextSlotList)
    rooms = {room.id: room.name for room in home.rooms}
    recognize_best(wanted[0].text, intents, slot_lists=lists, language="en")
    loaded = time.perf_counter() - began
    taken, matched = [], 0
    for sentence in wanted:
        context = {"area": rooms[sentence.room]} if sentence.room else None
        began = time.perf_counter()
        found = recognize_best(
            sentence.text, intents, slot_lists=lists, intent_context=context, best_slot_name="name", language="en"
        )
        taken.append(time.perf_counter() - began)
        matched += found is not None
    yield share("peers", "hassil: matches an intent", matched, len(wanted))
    yield timing("peers", "hassil: recognize_best only", taken)
    yield timing("peers", "hassil: loading, with the first sentence", [loaded], "s")


def _class(device: DeviceSpec) -> dict[str, str]:
    found = KINDS[device.kind].features.get("device_class")
    return {"device_class": str(found)} if found else {}


def _lists(home: HomeFile, make: type) -> dict[str, Any]:
    """Names, areas and floors of a home as hassil takes them: text, value, context with the domain."""
    names = [
        (name, device.name, {"domain": device.entity.partition(".")[0], **_class(device)})
        for device in home.devices
        for name in (device.name, *device.aliases)
    ]
    areas = [(name, room.name) for room in home.rooms for name in (room.name, *room.aliases)]
    floors = [(name, storey.name) for storey in home.storeys for name in (storey.name, *storey.aliases)]
    build = make.from_tuples  # type: ignore[attr-defined]  # hassil may not be installed
    return {
        "name": build(names, name="name"),
        "area": build(areas, name="area"),
        "floor": build(floors, name="floor"),
    }
