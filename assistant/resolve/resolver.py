"""The resolver: candidates for an intent's target, each with its cost and the reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from assistant.home import Entity, Home
from assistant.resolve.bulk import OF_LIGHTS, RISKY_IN_BULK, is_risky, lit, reached
from assistant.resolve.evidence import Around, probability, situation_of, weigh
from assistant.resolve.kinds import DEEDS, is_kind, is_kind_word, only_a_kind
from assistant.resolve.likeness import LEFT_OUT, NOT_NAMED, PART, Likeness
from assistant.resolve.names import NameIndex, normalise, spoken_target, whole_home
from assistant.resolve.questions import answers
from assistant.services import attribute_of, supports
from assistant.turn import Candidate, Context, Intent, Resolution

NAME_FLOOR = 0.62
"""Below this likeness a mention is not a name of this home."""
SAME = 0.98
"""From this likeness on a mention is the name itself."""
NAME_LIKELY = 0.8
"""From this likeness on a word for a kind is a name: "the heater" is the Space Heater."""
NAME_OF_OTHER_KIND = 0.9
NAME_WINDOW = 0.05
"""Names this near to the best one are rivals."""
UNNAMED = 0.2
"""What it costs to be meant by a kind alone."""
MEMORY = timedelta(minutes=5)
TOGETHER = frozenset({"turn_on", "turn_off", "set", "increase", "decrease", "close"})
"""Verbs for which a room alone ("turn off the kitchen") means what is in it."""
_POOLS = {"list": "todo", "weather": "weather"}
"""Domains of intents that are about one domain of entities."""
_TARGET_SLOTS = ("name", "area", "floor", "domain", "device_class", "quantity", "reference")
THINGS = frozenset({"them", "those", "these"})
"""Pronouns that only things have; "it" may be the weather in the room."""
_Slots = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Memory:
    """What the last turns acted on: pronouns refer only to that."""

    targets: tuple[str, ...] = ()
    intent: Intent | None = None
    time: datetime | None = None
    others: tuple[str, ...] = ()
    """What else was in question then."""

    def fresh(self, now: datetime) -> bool:
        """Whether the person may still refer to it."""
        return self.time is not None and now - self.time <= MEMORY


class Resolver:
    """Finds what an intent means in a home. Keeps one index of names per version of the home.

    `around` tells what else is known at the moment of speaking.
    """

    def __init__(self, around: Callable[[Context], Around] = lambda _context: Around()) -> None:
        self._index = NameIndex.of(Home())
        self._around = around

    def learn_home(self, home: Home) -> None:
        """Prepare the names of a new or changed home."""
        self._index = NameIndex.of(home)

    @property
    def home(self) -> Home:
        """The home that is known."""
        return self._index.home

    @property
    def index(self) -> NameIndex:
        """The names of the home."""
        return self._index

    def resolve(self, intent: Intent, context: Context, memory: Memory | None = None) -> Resolution:
        """The entities that the intent means; `missing` names what this home does not have."""
        if intent.domain == "weather" and not intent.slots.get("place"):
            intent = replace(intent, slots={**intent.slots, "domain": "weather", "area": None, "name": None})
        elif intent.domain == "list":
            named = {"name": intent.slots["list"]} if intent.slots.get("list") else {}
            intent = replace(intent, slots={**intent.slots, **named, "domain": "todo"})
        elif intent.domain != "home":
            return Resolution(intent)
        if intent.verb == "clean" and intent.slots.get("area"):
            intent = replace(intent, slots={**intent.slots, "cleaned": self._index.areas(str(intent.slots["area"]))})
        pool = self._pool(intent, context)
        search = _Search(self._index, intent, context, memory or Memory(), self._around(context))
        candidates, missing = search.find(intent.slots, pool)
        if missing is None and candidates:
            candidates, missing = self._without_exceptions(search, candidates, pool)
        if not candidates:
            return Resolution(intent, confidence=0.0, missing=missing or spoken_target(intent.slots))
        return _resolution(intent, candidates, self.home)

    def _pool(self, intent: Intent, context: Context) -> list[Entity]:
        entities = self.home.entities.values()
        if intent.domain in _POOLS:
            return [entity for entity in entities if entity.domain == _POOLS[intent.domain]]
        if intent.verb == "query":
            return [entity for entity in entities if answers(entity, intent.slots, context.states.get(entity.id))]
        able = [entity for entity in entities if supports(entity, intent.verb, intent.slots)]
        kinds = DEEDS.get(str(intent.slots.get("deed")), frozenset())
        return [entity for entity in able if entity.kind in kinds] or able

    def _without_exceptions(
        self, search: _Search, candidates: list[Candidate], pool: list[Entity]
    ) -> tuple[list[Candidate], str | None]:
        """Take out what follows "except"; an exception that is not understood stops the hand."""
        left_out: set[str] = set()
        for target in search.intent.slots.get("except") or ():
            kind = {key: search.intent.slots[key] for key in ("domain", "device_class") if key in search.intent.slots}
            named = target if target.get("name") or target.get("domain") else {**kind, **target}
            found, missing = search.find({**named, "quantity": "all"}, pool)
            if set(target) == {"area"} and self._index.areas(str(target["area"])) and not found:
                # "All blinds except the bedroom", which has none: nothing to leave out.
                continue
            if missing or not found:
                return [], missing or spoken_target(target)
            left_out |= set(found[0].entities)
        if not left_out:
            return candidates, None
        kept = [
            replace(each, entities=rest, because=(*each.because, f"{LEFT_OUT}{', '.join(sorted(left_out))}"))
            for each in candidates
            if (rest := tuple(entity for entity in each.entities if entity not in left_out))
        ]
        return kept, None


@dataclass(frozen=True, slots=True)
class _Search:
    """One look-up in one home, for one intent in its context."""

    index: NameIndex
    intent: Intent
    context: Context
    memory: Memory
    around: Around

    def find(self, slots: Mapping[str, Any], pool: list[Entity]) -> tuple[list[Candidate], str | None]:
        """Candidates by cost, or the words that match nothing."""
        if slots.get("reference") and not slots.get("name"):
            return self._referred(slots, pool)
        if (floor := slots.get("floor")) and not slots.get("name") and not self.index.floors(str(floor)):
            # No storey of this home: perhaps a part of a name, "the downstairs vacuum".
            slots = {**slots, "name": floor, "floor": None}
        bare = self.intent.verb in {"increase", "decrease"} and not any(slots.get(slot) for slot in _TARGET_SLOTS)
        if bare and (found := self._last_acted(pool)):
            return found, None
        if self.intent.verb == "clean":
            return self._cleaner(slots, pool)
        placed, missing = self._placed(slots, pool)
        if missing:
            return [], missing
        if slots.get("name"):
            return self._named(str(slots["name"]), slots, placed)
        return self._of_kind(slots, placed)

    def _other(self, pool: list[Entity], slots: Mapping[str, Any]) -> tuple[list[Candidate], str | None]:
        """The other one: of those in question before, of those of one name, or of that kind in the room."""
        if not self.memory.fresh(self.context.now) or not self.memory.targets:
            return [], "other one"
        entities = self.index.home.entities
        last = [entities[target] for target in self.memory.targets if target in entities]
        names = {normalise(entity.name) for entity in last}
        heads = {(name.rpartition(" ")[2], entity.area) for name in names for entity in last}
        kinds = {(entity.kind, entity.area) for entity in last}
        rest = [entity for entity in pool if entity.id not in self.memory.targets]
        if slots.get("domain") and slots.get("quantity"):
            rooms = {entity.area for entity in last}
            named = [each for each in rest if is_kind(each, slots["domain"], slots.get("device_class"))]
            near = tuple(each.id for each in named if each.area in rooms)
            return ([Candidate(near, 0.0, ("the others there",))], None) if near else ([], "other one")
        for found in (
            [entity for entity in rest if entity.id in self.memory.others],
            [entity for entity in rest if normalise(entity.name) in names],
            [entity for entity in rest if (normalise(entity.name).rpartition(" ")[2], entity.area) in heads],
            [entity for entity in rest if (entity.kind, entity.area) in kinds],
        ):
            if found:
                return self._ranked([(entity, Likeness(1.0, "the other one")) for entity in found], slots), None
        return [], "other one"

    def _referred(self, slots: Mapping[str, Any], pool: list[Entity]) -> tuple[list[Candidate], str | None]:
        if slots["reference"] == "other":
            return self._other(pool, slots)
        if found := self._last_acted(pool):
            return found, None
        if slots["reference"] in THINGS and self.memory.fresh(self.context.now) and self.memory.targets:
            # "Make them warm" is about those lamps, which can't be, and not about the heating.
            return [], str(slots["reference"])
        if slots.get("attribute") or slots.get("domain") or self.intent.verb in {"increase", "decrease", "pause"}:
            return self._of_kind(slots, pool)
        return [], str(slots["reference"])

    def _last_acted(self, pool: list[Entity]) -> list[Candidate]:
        """What the last turn acted on, where it can do what is asked now."""
        if not self.memory.fresh(self.context.now):
            return []
        known = {entity.id for entity in pool}
        targets = tuple(target for target in self.memory.targets if target in known)
        return [Candidate(targets, 0.0, ("what the last turn acted on",))] if targets else []

    def _cleaner(self, slots: Mapping[str, Any], pool: list[Entity]) -> tuple[list[Candidate], str | None]:
        """What cleans a place: the place need not be where the cleaner stands, but must be one of this home."""
        place = str(slots.get("area") or "")
        areas = self.index.areas(place) if place else []
        if place and not areas and not whole_home(place):
            return [], place
        if slots.get("name") and not slots.get("floor"):
            return self._named(str(slots["name"]), {**slots, "area": None}, pool)
        _, missing = self._placed({"floor": slots.get("floor")}, pool)
        if missing:
            return [], missing
        rooms = self.index.home.areas
        floors = {rooms[area].floor for area in areas} | {*self.index.floors(str(slots.get("floor") or ""))}
        beside = {room.id for room in rooms.values() if room.floor in floors}
        near = [each for each in pool if each.area in areas] or [each for each in pool if each.area in beside]
        return self._of_kind({"domain": "vacuum", "area": place or None}, near or pool)

    def _rooms(self, slots: Mapping[str, Any]) -> list[str]:
        """The rooms that were said; empty where none was."""
        area, floor = slots.get("area"), slots.get("floor")
        found = self.index.areas(str(area)) if area else []
        floors = self.index.floors(str(floor)) if floor else []
        return found + [each.id for each in self.index.home.areas.values() if each.floor in floors]

    def _placed(self, slots: Mapping[str, Any], pool: list[Entity]) -> tuple[list[Entity], str | None]:
        """Only what is in the room and on the storey that were said."""
        area = slots.get("area")
        areas = self.index.areas(str(area)) if area else []
        if area and (areas or not whole_home(str(area))):
            if not areas:
                return [], str(area)
            pool = [entity for entity in pool if entity.area in areas]
        if slots.get("here") and slots.get("domain") == "all":
            if self.context.room is None:
                return [], "here"
            pool = [entity for entity in pool if entity.area == self.context.room]
        if floor := slots.get("floor"):
            floors = self.index.floors(str(floor))
            if not floors:
                return [], str(floor)
            rooms = {area.id for area in self.index.home.areas.values() if area.floor in floors}
            pool = [entity for entity in pool if entity.area in rooms]
        return pool, None

    def _named(self, name: str, slots: Mapping[str, Any], pool: list[Entity]) -> tuple[list[Candidate], str | None]:
        wide = [each for each in pool if is_kind(each, slots.get("domain"), slots.get("device_class"))]
        scored = self.index.best(name, wide or pool)
        if not wide:
            # Of another kind than was said: only by its very name, "the reading light" that is a plug.
            scored = [(entity, like) for entity, like in scored if like.score >= NAME_OF_OTHER_KIND]
        least = SAME if only_a_kind(name, slots) else NAME_LIKELY if is_kind_word(name) else 0.0
        if least and (not scored or scored[0][1].score < least):
            return self._of_kind({**slots, "name": None}, pool)
        if not scored or scored[0][1].score < NAME_FLOOR:
            if not slots.get("area") and (areas := self.index.called(name)):
                return self._of_kind({**slots, "area": name, "name": None}, [e for e in pool if e.area in areas])
            return [], name
        best = scored[0][1].score
        if self.intent.verb != "query" and self.index.nearest(name, self._rooms(slots)) > best + NAME_WINDOW:
            # It is the name of something that can't do this: never take what merely sounds like it.
            return [], name
        rivals = [(entity, like) for entity, like in scored if like.score >= best - NAME_WINDOW]
        rivals += self._short_for(rivals, scored[len(rivals) :], slots)
        if slots.get("quantity") == "plural" and not slots.get("area"):
            rivals = [(each, like) for each, like in rivals if each.area == self.context.room] or rivals
        if slots.get("quantity") in {"all", "both", "plural"} and len(rivals) > 1:
            together = tuple(entity.id for entity, _ in rivals)
            why = (f'"{name}": {rivals[0][1].because}', "all of that name")
            placed = self.index.place_heard(slots.get("area"))
            return [Candidate(together, round(1 - best, 4), why, best, min(rivals[0][1].heard, placed))], None
        return self._ranked(rivals, slots, name), None

    def _short_for(
        self, rivals: Sequence[tuple[Entity, Likeness]], others: Sequence[tuple[Entity, Likeness]], slots: _Slots
    ) -> list[tuple[Entity, Likeness]]:
        """What the person is beside and may be calling by half its name: "the lamp", beside a Left and a Right Lamp."""
        here = self.context.room
        if here is None or slots.get("area") or slots.get("floor") or any(each.area == here for each, _ in rivals):
            return []
        best, kinds = rivals[0][1].score, {entity.kind for entity, _ in rivals}
        beside = [each for each, like in others if each.area == here and like.because == PART and each.kind in kinds]
        return [(entity, Likeness(best, f"{PART}, here")) for entity in beside]

    def _ranked(
        self, rivals: Sequence[tuple[Entity, Likeness]], slots: _Slots, name: str = "", base: float = 0.0
    ) -> list[Candidate]:
        """The rivals by cost: how unlike their names are to the one that was said, and what the circumstances say."""
        situation = situation_of(self.intent, self.context, self.around, [entity for entity, _ in rivals])
        placed = self.index.place_heard(slots.get("area"))
        ranked = []
        for entity, like in rivals:
            change, reasons = weigh(entity, situation)
            cost = round(base + 1 - like.score + change, 4)
            why = f'"{name}": {like.because} {like.score:.2f}' if name else like.because
            ranked.append(Candidate((entity.id,), cost, (why, *reasons), round(like.score, 4), min(like.heard, placed)))
        return sorted(ranked, key=lambda each: (each.cost, each.entities))

    def _of_kind(self, slots: Mapping[str, Any], pool: list[Entity]) -> tuple[list[Candidate], str | None]:
        domain, device_class = slots.get("domain"), slots.get("device_class")
        kept = [entity for entity in pool if is_kind(entity, domain, device_class)]
        kept = reached(kept, self.intent.verb, slots, self.context.states)
        if _in_bulk(slots, self.intent.verb):
            # Of what is risky one is chosen by name, never all at once.
            harmless = [each for each in kept if not is_risky(each)]
            if not harmless and len(kept) > 1:
                return [Candidate((each.id,), UNNAMED, ("one of those that are risky",)) for each in kept], None
            kept = harmless
        if not kept:
            return [], spoken_target(slots)
        kept = self._here(slots, kept)
        placed = self.index.place_heard(slots.get("area"))
        if self._together(slots, domain):
            return [_as_one(kept, placed)], None
        if self._shining_together(slots, kept):
            return [_as_one(lit(kept, self.intent.verb, self.context.states), placed)], None
        return self._ranked([(entity, Likeness(1.0, NOT_NAMED)) for entity in kept], slots, base=UNNAMED), None

    def _here(self, slots: Mapping[str, Any], kept: list[Entity]) -> list[Entity]:
        """Without a place in the words, the room of the microphone, where it has such a thing."""
        if slots.get("area") or slots.get("floor") or slots.get("quantity") == "all" or slots.get("domain") == "all":
            return kept
        here = [entity for entity in kept if entity.area == self.context.room] or self._serving(kept)
        if self.intent.verb == "query" and slots.get("question") in {"which", "how_many", "where"}:
            return kept
        return here if here and self.context.room and self.intent.verb != "query" else kept

    def _shining_together(self, slots: Mapping[str, Any], kept: list[Entity]) -> bool:
        """Whether the light of a room is to change, and none of its lamps was named: "make the living room blue"."""
        placed = slots.get("area") or slots.get("floor") or self.context.room
        lights = all(each.domain == "light" for each in kept) and slots.get("attribute") in OF_LIGHTS
        return bool(placed) and lights and self.intent.verb in {"set", "increase", "decrease"}

    def _serving(self, kept: list[Entity]) -> list[Entity]:
        """Of thermostats in other rooms, those of this storey: they heat this room too."""
        rooms = self.index.home.areas
        here = rooms.get(self.context.room or "")
        if here is None or here.floor is None:
            return []
        heating = [each for each in kept if each.domain == "climate" and each.area in rooms]
        return [each for each in heating if rooms[each.area or ""].floor == here.floor]

    def _together(self, slots: Mapping[str, Any], domain: str | None) -> bool:
        """Whether all that matches is meant at once: lights of a room, plurals, "all", and questions about several."""
        if slots.get("quantity") in {"all", "both", "plural"} or domain == "all":
            return True
        if self.intent.verb == "query":
            anything = slots.get("question") == "is" and not any(slots.get(key) for key in ("domain", "device_class"))
            return anything or slots.get("question") in {"which", "how_many", "where"}
        if domain == "light":
            return True
        bare = not (domain or slots.get("device_class") or slots.get("attribute"))
        if bare and self.intent.verb == "lock":
            return True
        return bare and self.intent.verb in TOGETHER and bool(slots.get("area") or slots.get("floor"))


def _in_bulk(slots: Mapping[str, Any], verb: str) -> bool:
    """Whether several are meant at once, of what may be risky."""
    everything = slots.get("domain") == "all" or not (slots.get("domain") or slots.get("device_class"))
    counted = slots.get("quantity") in {"all", "plural"}
    return verb in RISKY_IN_BULK and (counted or (everything and verb == "turn_on"))


def _as_one(meant: list[Entity], heard: float) -> Candidate:
    """All of them, as what is meant at once."""
    return Candidate(tuple(sorted(each.id for each in meant)), 0.0, (f"{len(meant)} of that kind",), heard=heard)


def _resolution(intent: Intent, candidates: list[Candidate], home: Home) -> Resolution:
    """Name the real domain and say how sure it is: how far the best is ahead of the next, and how near the name was."""
    best = candidates[0]
    domains = {home.entities[entity].domain for entity in best.entities}
    domain = domains.pop() if len(domains) == 1 else "home"
    slots = dict(intent.slots)
    if intent.verb in {"set", "increase", "decrease"} and domain != "home":
        slots.setdefault("attribute", attribute_of(home.entities[best.entities[0]], slots))
    # Cubed, because similarity is evidence and not permission: a name that is 87 % alike counts as 66 % sure.
    confidence = best.likeness**3 * probability([each.cost for each in candidates])
    name = f"{domain}.{intent.verb}" if intent.domain == "home" else intent.name
    resolved = Intent(name, slots, intent.confidence)
    return Resolution(resolved, tuple(candidates[:5]), round(confidence, 4), None, best.because)
