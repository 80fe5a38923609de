"""Situations whose meaning is known: homes, people with habits, states, and ambiguous requests with what was intended.

Training weighs the features on these. A person's intention is drawn first, from what people do (stop what runs, light
what is dark, ask about what is hot, stay with what they always take), each with its own exceptions; the words that
leave it open come after. Every home, person and habit depends on its seed alone.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.home import Entity
from assistant.resolve.evidence import Around, Situation, calls, situation_of
from assistant.resolve.experience import ALARM, Experience, Occasion, part_of_day
from assistant.turn import Context, Intent, State

PAST = 400
"""At most so many choices of a household before the situations begin."""
PER_HOME = 40
ROOMS = ("kitchen", "living_room", "bedroom", "office", "hall", "bathroom", "garage", "kids_room", "dining_room")
PARTS = [f"{part}{weekend}" for part in ("morning", "day", "evening", "night") for weekend in ("", "+")]
MONDAY = datetime(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Case:
    """One ambiguous request: what it may mean, and which of that was intended."""

    situation: Situation
    entities: tuple[Entity, ...]
    intended: int


@dataclass
class _Home:
    """A generated household."""

    rng: random.Random
    rooms: list[str]
    things: dict[str, list[Entity]]
    people: list[str]
    favourites: dict[tuple[str, str, str], str]
    sensors: dict[tuple[str, str], str]
    experience: Experience
    routines: dict[str, str]
    """What each person takes after the alarm."""


def cases(seeds: Sequence[int], per_home: int = PER_HOME) -> Iterator[Case]:
    """Cases from the households of these seeds."""
    for seed in seeds:
        home = _household(random.Random(seed))
        _live(home)
        for _ in range(per_home):
            yield _case(home, _moment(home.rng))


def _household(rng: random.Random) -> _Home:
    rooms = list(ROOMS[: rng.randint(4, len(ROOMS))])
    things: dict[str, list[Entity]] = {
        "lamp": [Entity(f"light.{room}_lamp", "light", "Lamp", room) for room in rng.sample(rooms, rng.randint(2, 4))],
        "fan": [Entity(f"fan.{room}", "fan", "Fan", room) for room in rng.sample(rooms, 2)],
        "player": [
            Entity(f"media_player.{room}", "tv" if rng.random() < 0.4 else "speaker", "Player", room,
                   features={"screen": False})
            for room in rng.sample(rooms, rng.randint(2, 3))
        ],
        "blinds": [Entity(f"cover.{room}", "blind", "Blinds", room) for room in rng.sample(rooms, rng.randint(2, 3))],
        "brewer": [Entity("switch.coffee", "coffee_maker", "Coffee Maker", "kitchen"),
                   Entity("switch.kettle", "kettle", "Kettle", "kitchen")],
        "door": [Entity(f"lock.{name}", "lock", name, "hall") for name in ("front", "back", "side")],
    }  # fmt: skip
    things["player"] = [
        Entity(each.id, each.kind, each.name, each.area, features={"screen": each.kind == "tv"})
        for each in things["player"]
    ]
    warm = [
        Entity(f"sensor.{room}", "sensor", "Temperature", room, features={"device_class": "temperature"})
        for room in rng.sample(rooms, rng.randint(2, 3))
    ]
    besides = [Entity("climate.thermostat", "thermostat", "Thermostat", rng.choice(rooms)),
               Entity("climate.oven", "oven", "Oven", "kitchen")]  # fmt: skip
    contact = Entity("binary_sensor.heat", "binary_sensor", "Heat", rng.choice(rooms))
    things["degrees"] = [*warm, *besides, *([contact] if rng.random() < 0.5 else [])]
    people = [f"person{number}" for number in range(rng.randint(1, 4))]
    favourites = {
        (who, kind, part): entity
        for who in people
        for kind, some in things.items()
        for part, entity in _favourites([each.id for each in some], rng)
    }
    sensors = {(each.area or "", "temperature"): each.id for each in warm}
    for kind in ("illuminance", "motion", "humidity"):
        sensors |= {(room, kind): f"sensor.{room}_{kind}" for room in rooms if rng.random() < 0.5}
    routines = {who: rng.choice(things["brewer"]).id for who in people}
    return _Home(rng, rooms, things, people, favourites, sensors, Experience(), routines)


def _favourites(some: list[str], rng: random.Random) -> Iterator[tuple[str, str]]:
    """What a person likes best of a kind: always the same, or by the time of day."""
    always, by_time = rng.choice(some), rng.random() < 0.5
    for part in PARTS:
        yield part, rng.choice(some) if by_time else always


def _moment(rng: random.Random) -> datetime:
    return MONDAY + timedelta(days=rng.randint(0, 27), minutes=rng.randint(0, 1439))


def _live(home: _Home) -> None:
    """The past: each person mostly takes the favourite, and after the alarm what is routine."""
    rng = home.rng
    for number in range(rng.randint(0, PAST)):
        now = MONDAY - timedelta(days=35) + timedelta(hours=1.7 * number)
        who = rng.choice(home.people)
        kind = rng.choice(list(home.things))
        verb = _verb(kind, rng)
        some = home.things[kind]
        entity = home.favourites[who, kind, part_of_day(now)] if rng.random() < 0.85 else rng.choice(some).id
        if kind == "brewer" and rng.random() < 0.5:
            home.experience.happened("home", ALARM, now - timedelta(minutes=5))
            entity = home.routines[who] if rng.random() < 0.9 else rng.choice(some).id
        context = Context(now, speaker=who)
        home.experience.chose(entity, Occasion.of(Intent(f"home.{verb}"), context))


def _case(home: _Home, now: datetime) -> Case:
    rng = home.rng
    kind = rng.choice(list(home.things))
    entities = list(home.things[kind])
    rng.shuffle(entities)
    who, here = rng.choice(home.people), rng.choice(home.rooms)
    verb = _verb(kind, rng)
    states = _states(home, entities, rng)
    changed = {each.id: rng.uniform(5, 600) for each in entities if rng.random() < 0.12}
    spoken = (rng.choice(entities).id,) if rng.random() < 0.12 else ()
    alarm = kind == "brewer" and rng.random() < 0.4
    home.experience.happened("home", ALARM if alarm else "nothing", now - timedelta(minutes=8))
    slots = {"question": "what", "attribute": "temperature"} if verb == "query" else {"domain": entities[0].domain}
    microphone = here if rng.random() < 0.9 else None
    context = Context(now, room=microphone, speaker=who if rng.random() < 0.85 else None, states=states)
    calling = [sensor for (_, kind), sensor in home.sensors.items() if sensor in states and calls(kind, states[sensor])]
    called = {sensor: rng.uniform(5, 600) for sensor in calling if rng.random() < 0.3}
    around = Around(changed, spoken, home.sensors, called, home.experience)
    intent = Intent(f"home.{verb}", slots)
    utilities = [
        _wish(each, _Mind(home, kind, verb, who, here, alarm, part_of_day(now)), states, around) for each in entities
    ]
    best = max(range(len(entities)), key=lambda i: utilities[i] + _gumbel(rng))
    return Case(situation_of(intent, context, around, entities), tuple(entities), best)


def _verb(kind: str, rng: random.Random) -> str:
    choices: dict[str, tuple[str, ...]] = {
        "degrees": ("query",), "brewer": ("start",), "player": ("play", "pause", "increase"),
        "blinds": ("open", "close"), "door": ("lock", "lock", "query"), "lamp": ("turn_on", "turn_off", "increase"),
        "fan": ("turn_on", "turn_off", "increase"),
    }  # fmt: skip
    return rng.choice(choices[kind])


_STATES: dict[str, tuple[str, ...]] = {
    "light": ("on", "off"), "fan": ("on", "off"), "switch": ("off", "off", "off", "on"), "lock": ("locked", "unlocked"),
    "media_player": ("playing", "paused", "off", "idle"), "cover": ("open", "closed"), "binary_sensor": ("off", "on"),
}  # fmt: skip


def _states(home: _Home, entities: Sequence[Entity], rng: random.Random) -> dict[str, State]:
    states = {}
    for entity in entities:
        usual = _STATES.get(entity.domain, ("heat", "off"))
        states[entity.id] = State("unavailable" if rng.random() < 0.04 else rng.choice(usual))
    ranges = {"temperature": (17, 30), "illuminance": (5, 400), "humidity": (35, 80)}
    for (_, kind), sensor in home.sensors.items():
        value = rng.choice(("on", "off", "off")) if kind == "motion" else f"{rng.uniform(*ranges[kind]):.1f}"
        if sensor not in states or states[sensor].state != "unavailable":
            states[sensor] = State(value)
    return states


@dataclass(frozen=True, slots=True)
class _Mind:
    """What the person has in mind when speaking."""

    home: _Home
    kind: str
    verb: str
    who: str
    here: str
    alarm: bool
    part: str


def _wish(entity: Entity, mind: _Mind, states: dict[str, State], around: Around) -> float:
    """How much the person wants this one, in log-odds: the generator's own account of people, not the features'."""
    state = states[entity.id].state
    running = state in {"on", "heat", "playing", "open", "unlocked"}
    wish = 2.4 if entity.area == mind.here else 0.0
    usual = mind.home.routines[mind.who] if mind.alarm else mind.home.favourites[mind.who, mind.kind, mind.part]
    wish += 2.2 if usual == entity.id else 0.0
    wish -= 2.0 if state == "unavailable" else 0.0
    wish += 1.6 * math.exp(-around.changed[entity.id] / 220) if entity.id in around.changed else 0.0
    wish += 1.8 if entity.id in around.spoken_of else 0.0
    if account := _ACCOUNTS.get(mind.verb):
        wish += account(entity, running, state)
    if mind.kind == "degrees":
        wish += {"oven": 4.0 if running else -3.0, "thermostat": -1.0, "binary_sensor": -2.5}.get(entity.kind, 0.0)
    if mind.kind == "player" and mind.verb == "play":
        wish -= 3.0 if entity.kind == "tv" else 0.0
    return wish + _calls(entity, mind, states, around)


_ACCOUNTS: dict[str, Callable[[Entity, bool, str], float]] = {
    "turn_off": lambda _entity, running, _state: 3.0 if running else -1.0,
    "close": lambda _entity, running, _state: 3.0 if running else -1.0,
    "lock": lambda _entity, running, _state: 3.0 if running else -1.0,
    "turn_on": lambda _entity, running, _state: -2.6 if running else 0.0,
    "open": lambda _entity, running, _state: -2.6 if running else 0.0,
    "start": lambda _entity, running, _state: -2.6 if running else 0.0,
    "pause": lambda _entity, _running, state: 4.0 if state == "playing" else -1.0,
    "increase": lambda _entity, running, _state: 2.0 if running else 0.0,
    "play": lambda _entity, _running, state: 1.0 if state == "paused" else -1.0 if state == "playing" else 0.0,
}


def _calls(entity: Entity, mind: _Mind, states: dict[str, State], around: Around) -> float:
    """What its room calls for, and what it has just begun to call for."""

    def reads(kind: str) -> float:
        sensor = mind.home.sensors.get((entity.area or "", kind))
        value = states[sensor].state if sensor and sensor in states else ""
        return float({"on": "1", "off": "0", "unavailable": "0", "": "0"}.get(value, value))

    wish = 0.7 * reads("motion")
    kinds: tuple[str, ...] = ()
    if mind.verb in {"turn_on", "increase"} and entity.domain == "fan":
        kinds = tuple(kind for kind, least in (("temperature", 25), ("humidity", 65)) if reads(kind) >= least)
        wish += 1.5 if kinds else 0.0
    if mind.verb in {"turn_on", "increase"} and entity.domain == "light":
        kinds = ("illuminance",) if 0 < reads("illuminance") < 60 else ()
        wish += 1.2 if kinds else 0.0
    began = [around.called.get(mind.home.sensors.get((entity.area or "", kind), "")) for kind in kinds]
    return wish + max((1.6 * math.exp(-seconds / 220) for seconds in began if seconds is not None), default=0.0)


def _gumbel(rng: random.Random) -> float:
    """Noise whose largest of several makes a choice by the softmax of the wishes."""
    return -math.log(-math.log(min(max(rng.random(), 1e-12), 1 - 1e-12)))
