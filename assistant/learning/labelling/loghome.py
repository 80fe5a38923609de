"""A home as far as a log tells of it, so that the assistant's own stages can be run on logged turns again.

The things are those whose states were logged; they are called by the words of their ids, and by what people called them
when it went well. Rooms are those in which somebody spoke, or that somebody named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from assistant.home import Area, Entity, Home
from assistant.learning.text import normal
from assistant.nlu import Understander
from assistant.nlu.stage import NluStage
from assistant.pipeline import Pipeline
from assistant.policy import DecideStage, Policy
from assistant.resolve import Resolver, ResolveStage
from assistant.resolve.evidence import Known, Preference
from assistant.resolve.experience import Experience
from assistant.resolve.resolver import Memory
from assistant.turn import OutcomeKind, Turn
from devices.kinds import KINDS

NAMED = 2
"""How often a name must have led to a thing, and to no other, to be one of its names."""
NOUNS = {"media_player": "player", "climate": "thermostat", "binary_sensor": "sensor"}


class LogHome:
    """Runs turns of one household again, from any stage to the decision; nothing is done."""

    def __init__(self, turns: Iterable[Turn], understander: Understander) -> None:
        home = home_of(turns)
        resolver = Resolver()
        resolver.learn_home(home)
        understander.learn_home(home)
        known = Known(Experience(lambda: []), _NoPreferences())
        policy = Policy(lambda: home)
        self.home = home
        self.pipeline = Pipeline([NluStage(understander), ResolveStage(resolver, Memory, known), DecideStage(policy)])


class _NoPreferences:
    """A log tells of no preference by itself."""

    def find(self, household: str, speaker: str | None, mention: str) -> Preference | None:
        """Nothing is known."""


def home_of(turns: Iterable[Turn]) -> Home:
    """The home that a household's turns tell of; empty where no states were logged.

    >>> from assistant.turn import Context, State, Utterance
    >>> from datetime import datetime
    >>> context = Context(datetime(2026, 3, 2), room="hall", states={"light.hall": State("off")})
    >>> home_of([Turn("1", context, Utterance(()))]).entities["light.hall"].name
    'hall light'
    """
    features: dict[str, dict[str, object]] = {}
    rooms: set[str] = set()
    called: dict[str, Counter[str]] = defaultdict(Counter)
    for turn in turns:
        for entity, state in turn.context.states.items():
            features.setdefault(entity, {}).update(
                {key: value for key, value in state.attributes.items() if key in {"device_class", "friendly_name"}}
            )
        if turn.context.room:
            rooms.add(turn.context.room)
        _learn_words(turn, rooms, called)
    areas = {room: Area(room, room.replace("_", " ")) for room in sorted(rooms)}
    names = _names(called)
    entities = {id: _entity(id, known, areas, names.get(id, ())) for id, known in sorted(features.items())}
    return Home(areas=areas, entities=entities)


def _learn_words(turn: Turn, rooms: set[str], called: dict[str, Counter[str]]) -> None:
    """What the words of a turn that went well say about names and rooms."""
    intent = turn.intent
    if intent is None or turn.outcome is None or turn.outcome.kind is not OutcomeKind.DONE:
        return
    area, name = intent.slots.get("area"), intent.slots.get("name")
    if isinstance(area, str) and area:
        rooms.add(normal(area).replace(" ", "_"))
    if isinstance(name, str) and len(turn.entities) == 1:
        called[normal(name)][turn.entities[0]] += 1


def _names(called: Mapping[str, Counter[str]]) -> dict[str, tuple[str, ...]]:
    """The names of each thing that mean no other."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, entities in called.items():
        (entity, times), *others = entities.most_common()
        if times >= NAMED and not others:
            found[entity].append(name)
    return {entity: tuple(names) for entity, names in found.items()}


def _entity(id: str, known: Mapping[str, object], areas: Mapping[str, Area], names: tuple[str, ...]) -> Entity:
    domain, _, object_id = id.partition(".")
    words = object_id.replace("_", " ")
    kind = next((kind for kind in KINDS if kind in object_id), domain)
    noun = NOUNS.get(domain, kind.replace("_", " "))
    friendly = known.get("friendly_name")
    name = str(friendly) if friendly else words if noun in words else f"{words} {noun}"
    area = next((room for room in areas if f"_{room}_" in f"_{object_id}_"), None)
    features = {key: value for key, value in known.items() if key == "device_class"}
    return Entity(id, kind, name, area, tuple(dict.fromkeys((words, *names))), features)
