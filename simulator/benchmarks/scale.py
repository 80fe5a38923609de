"""Time of typed turns by the size of the home: a hundred devices, and a thousand in eighty rooms."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.turn import Hypothesis, Utterance
from simulator.benchmarks.figures import Figure, quantile, timing
from simulator.homes import HomeFile, home_from_inventory
from simulator.replay.stage import Stage

START = datetime(2026, 3, 2, 12, 0)
SIZES = ((100, 12), (1000, 80))
"""Devices, rooms."""
TURNS = 300
WARM = 20
ROOMS = ("Kitchen", "Living Room", "Bedroom", "Bathroom", "Hall", "Office", "Garage", "Nursery", "Library", "Studio",
         "Pantry", "Gym", "Workshop", "Sauna", "Guest Room", "Attic")  # fmt: skip
WINGS = ("", "North", "South", "East", "West", "Upper", "Lower", "Garden", "Old", "New")
THINGS = (("light", "Ceiling Light"), ("light", "Lamp"), ("cover", "Blinds"), ("fan", "Fan"), ("sensor", "Temperature"),
          ("media_player", "Speaker"), ("light", "Reading Light"), ("switch", "Heater Plug"), ("light", "Wall Light"),
          ("lock", "Door Lock"), ("light", "Desk Lamp"), ("switch", "Charger"), ("light", "Strip"))  # fmt: skip
REQUESTS = (
    "turn on the {room} ceiling light", "turn off all the lights in the {room}", "dim the {room} lamp to 40 percent",
    "is the {room} door lock locked", "close the {room} blinds", "which lights are on in the {room}",
    "turn on the {room} fan and the {room} lamp", "turn off all the lights except the {room}",
    "what is the temperature in the {room}", "set the {room} reading light to red", "turn off the {room} charger",
    "make the {room} brighter", "are any lights on in the {room}", "open the garbage door", "make me a sandwich",
    "play some jazz in the {room}", "turn on the {room} wool light", "set a timer for ten minutes", "undo that",
)  # fmt: skip


def estate(devices: int, rooms: int) -> HomeFile:
    """A home of that size, with names as people give them: a thing's name is its room's and its kind's.

    >>> len(estate(100, 12).devices), len(estate(100, 12).rooms)
    (100, 12)
    """
    names = [f"{wing} {room}".strip() for wing in WINGS for room in ROOMS][:rooms]
    entities: list[dict[str, Any]] = []
    for number in range(devices):
        room = names[number % rooms]
        domain, thing = THINGS[(number // rooms) % len(THINGS)]
        extra = {"attributes": {"device_class": "temperature"}} if domain == "sensor" else {}
        entities.append({"name": f"{room} {thing}", "domain": domain, "area": room, **extra})
    return home_from_inventory({"areas": [{"name": name} for name in names], "entities": entities}, f"estate {devices}")


def scale(_data: Path | None, _seed: int) -> Iterator[Figure]:
    """Every request in turn, about every room in turn."""
    medians = []
    for devices, rooms in SIZES:
        taken = sorted(_turns(estate(devices, rooms)))
        medians.append(quantile(taken, 0.5))
        what = f"typed turn, {devices:,} devices in {rooms} rooms"
        yield timing("scale", what, taken)
        yield Figure(
            "scale", f"{what}: 99th percentile", f"{quantile(taken, 0.99) * 1000:.3g} ms", f"{len(taken)} turns"
        )
    ratio = medians[1] / medians[0]
    yield Figure("scale", "median of the large home to the small one", f"{ratio:.2f}", "", {"ratio": ratio})


def _turns(home: HomeFile) -> list[float]:
    stage = Stage(home, START)
    taken = []
    try:
        for number in range(TURNS + WARM):
            room = home.rooms[number % len(home.rooms)].name.lower()
            text = REQUESTS[number % len(REQUESTS)].format(room=room)
            began = time.perf_counter()
            stage.assistant.engine.hear(Utterance((Hypothesis(text),)), home.rooms[0].id)
            taken.append(time.perf_counter() - began)
            stage.run(1.0)
    finally:
        stage.close()
    return taken[WARM:]
