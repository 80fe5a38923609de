"""Peers on the same sentences, in the same run: hassil with Home Assistant's English sentences, and gazetteer-matcher.

Ours are judged by what they change and say. Of a peer it is counted only what it takes up, right or wrong.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.nlu import Understander
from devices.kinds import KINDS
from simulator.bench.items import Item, load_items
from simulator.bench.run import Bench
from simulator.benchmarks.figures import Figure, share, timing
from simulator.homes import HomeFile, load_home
from simulator.homes.model import DeviceSpec

DATA = Path(__file__).parent / "data"
HOME = DATA / "peers.yaml"
SENTENCES = DATA / "peers.jsonl"


def peers(_data: Path | None, _seed: int) -> Iterator[Figure]:
    """Ours, and each peer that is installed."""
    items = load_items(SENTENCES)
    yield from judged("peers", "mynah", items)
    wanted = [item for item in items if not item.wait]
    home = load_home(str(HOME))
    if importlib.util.find_spec("hassil") and importlib.util.find_spec("home_assistant_intents"):
        yield from _hassil(home, wanted)
    if importlib.util.find_spec("gazetteer_matcher"):
        yield from _gazetteer(home, wanted)


def judged(section: str, what: str, items: list[Item], understander: Understander | None = None) -> Iterator[Figure]:
    """Whether each of our own sentences ends as it should, in a fresh home, and whether something else happened."""
    results = Bench(items, DATA, understander).run()
    right = sum(result.passed for result in results)
    wrong = [result.id for result in results if not result.passed and result.changes]
    held = [result.passed for item, result in zip(items, results, strict=True) if item.held_out]
    named = f" ({', '.join(wrong)})" if wrong else ""
    told = f"{len(wrong)} wrong acts{named}; of those set aside {sum(held)} of {len(held)}"
    yield share(section, f"{what}: right", right, len(items), told)
    yield timing(section, f"{what}: whole turn", [result.ms / 1000 for result in results])


def _room(item: Item) -> str | None:
    return str(item.context["area"]) if item.context and item.context.get("area") else None


def _hassil(home: HomeFile, wanted: list[Item]) -> Iterator[Figure]:
    """Understanding only: hassil executes nothing."""
    from hassil import Intents, TextSlotList, recognize_best
    from home_assistant_intents import get_intents

    began = time.perf_counter()
    document = get_intents("en")
    assert document is not None, "English is bundled"
    intents = Intents.from_dict(document)
    lists = _lists(home, TextSlotList)
    rooms = {room.id: room.name for room in home.rooms}
    recognize_best(wanted[0].utterance, intents, slot_lists=lists, language="en")
    loaded = time.perf_counter() - began
    taken, matched = [], 0
    for sentence in wanted:
        room = _room(sentence)
        context = {"area": rooms[room]} if room else None
        began = time.perf_counter()
        found = recognize_best(
            sentence.utterance, intents, slot_lists=lists, intent_context=context, best_slot_name="name", language="en"
        )
        taken.append(time.perf_counter() - began)
        matched += found is not None
    yield share("peers", "hassil: matches an intent", matched, len(wanted))
    yield timing("peers", "hassil: recognize_best only", taken)
    yield timing("peers", "hassil: loading, with the first sentence", [loaded], "s")


def _gazetteer(home: HomeFile, wanted: list[Item]) -> Iterator[Figure]:
    """Understanding only, and without the turn before."""
    from gazetteer_matcher import GazetteerMatcher

    began = time.perf_counter()
    matcher = GazetteerMatcher(home=_gazetteer_home(home))
    matcher.interpret(wanted[0].utterance)
    loaded = time.perf_counter() - began
    taken, accepted = [], 0
    for sentence in wanted:
        began = time.perf_counter()
        found = matcher.interpret(sentence.utterance, context_area=_room(sentence))
        taken.append(time.perf_counter() - began)
        accepted += found.accepted
    yield share("peers", "gazetteer-matcher: accepts", accepted, len(wanted))
    yield timing("peers", "gazetteer-matcher: interpret only", taken)
    yield timing("peers", "gazetteer-matcher: loading, with the first sentence", [loaded], "s")


def _gazetteer_home(home: HomeFile) -> Any:
    entities = {
        device.entity: {
            "name": device.name, "aliases": list(device.aliases), "domain": device.entity.partition(".")[0],
            "area": device.area, **_class(device),
        }
        for device in home.devices
    }  # fmt: skip
    return {
        "areas": {
            each.id: {"name": each.name, "aliases": list(each.aliases), "floor": each.floor} for each in home.rooms
        },
        "floors": {each.id: {"name": each.name, "aliases": list(each.aliases)} for each in home.storeys},
        "entities": entities,
    }


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
