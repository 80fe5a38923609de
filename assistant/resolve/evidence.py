"""Context as evidence: what the circumstances say about which device is meant (article, lines 20 to 30).

Each feature looks at one entity in one situation and gives signals: a key, a strength, and words that say it. A signal
counts as much as `train.py` learned from situations whose meaning was known; a new feature plugs in by joining
`FEATURES` and training again. Costs are in units in which 1 is the difference between a name and something quite else.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from assistant.home import Entity
from assistant.resolve.experience import Experience, Occasion, verb_class
from assistant.resolve.names import mention_of
from assistant.turn import Context, Intent, State

WEIGHTS = Path(__file__).parent / "data" / "evidence.json"
SURE_ENOUGH = 0.75
"""From this probability on the best of two is taken without asking."""
SCALE = 0.05 / math.log(SURE_ENOUGH / (1 - SURE_ENOUGH))
"""Cost of one unit of log-odds: 0.05, the distance within which names are rivals, is odds of three to one."""
ACTIVE = frozenset(
    {"on", "heat", "cool", "playing", "paused", "open", "opening", "closing", "cleaning", "unlocked", "heat_cool"}
)
DOING = {"heat": "heating", "cool": "cooling", "heat_cool": "heating or cooling"}
"""States of a thermostat, as what it does."""
LATELY = 180.0
"""Seconds after which a change is half forgotten."""
WISHED: Mapping[str, str] = {
    "turn_on": "on", "turn_off": "off", "open": "open", "close": "closed", "lock": "locked", "start": "on",
    "unlock": "unlocked", "play": "playing", "pause": "paused",
}  # fmt: skip
"""verb -> the state that it wishes for."""
HOT, HUMID, DARK = 25.0, 65.0, 60.0
"""Degrees Celsius, percent and lux from which a room calls for a fan, or a light."""


@dataclass(frozen=True, slots=True)
class Preference:
    """A learned choice: the item's `id`, the `entity` chosen, and how often."""

    id: str
    entity: str
    times: int


class Preferences(Protocol):
    """Where learned choices are looked up."""

    def find(self, household: str, speaker: str | None, mention: str) -> Preference | None:
        """What this person means by these words, if he was ever asked."""


class Habits(Protocol):
    """Where habits are looked up."""

    def due(self, context: Context) -> Mapping[str, float]:
        """The devices that usually follow what has just happened, with the log-odds that speak for each."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was learned that speaks for one device or another."""

    experience: Experience
    preferences: Preferences
    habits: Habits | None = None
    disliked: Callable[[Context], frozenset[str]] = lambda _context: frozenset()
    """What this person told not to like: it is not chosen for them, however often it was played."""


@dataclass(frozen=True, slots=True)
class Around:
    """What else is known at the moment of speaking.

    `changed` tells how many seconds ago entities changed by themselves or by hand; `spoken_of` are the entities of the
    last turn; `sensors` are the sensors of each room, by device class, and `called` tells how many seconds ago one
    began to call for something; `experience` is what people did before, `preferences` what they answered, `due`
    (log-odds) what usually follows what has just happened.
    """

    changed: Mapping[str, float] = field(default_factory=dict)
    spoken_of: tuple[str, ...] = ()
    sensors: Mapping[tuple[str, str], str] = field(default_factory=dict)
    called: Mapping[str, float] = field(default_factory=dict)
    experience: Experience | None = None
    preferences: Preferences | None = None
    due: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situation:
    """A request, its circumstances, and the entities that it may mean."""

    intent: Intent
    context: Context
    around: Around
    habits: Mapping[str, float] = field(default_factory=dict)
    sequels: Mapping[str, float] = field(default_factory=dict)

    def state(self, entity: str) -> State | None:
        """What an entity reports."""
        return self.context.states.get(entity)


@dataclass(frozen=True, slots=True)
class Signal:
    """One observation: `strength` times the weight of `key` is its share of the log-odds."""

    key: str
    words: str
    strength: float = 1.0


Feature = Callable[[Entity, Situation], Iterable[Signal]]


def room(entity: Entity, situation: Situation) -> Iterator[Signal]:
    """Where the person is: the room of the microphone."""
    if situation.context.room is None or entity.area is None:
        return
    same = entity.area == situation.context.room
    yield Signal("same_room", "it is in this room") if same else Signal("other_room", "it is in another room")


def activity(entity: Entity, situation: Situation) -> Iterator[Signal]:
    """What is running is more likely to be changed, stopped or asked about than what is off."""
    state = situation.state(entity.id)
    if state is None or state.state in {"unknown", "unavailable"} or entity.domain in {"sensor", "binary_sensor"}:
        return
    active = state.state in ACTIVE
    verb = verb_class(situation.intent.verb)
    doing = DOING.get(state.state, state.state.replace("_", " "))
    yield Signal(f"{verb}_{'active' if active else 'idle'}", f"it is {doing}")


def oven(entity: Entity, situation: Situation) -> Iterator[Signal]:
    """Nobody asks for the temperature of an oven that is off, unless they say so; of one that heats, many do."""
    named = situation.intent.slots.get("name") or situation.intent.slots.get("device_class")
    if entity.kind != "oven" or named or situation.intent.verb != "query":
        return
    state = situation.state(entity.id)
    hot = state is not None and state.state in ACTIVE
    yield Signal("oven_on", "the oven is on") if hot else Signal("oven_off", "the oven is off")


def nothing_to_change(entity: Entity, situation: Situation) -> Iterator[Signal]:
    """A device that is already as asked for is hardly meant."""
    state = situation.state(entity.id)
    if state is not None and WISHED.get(situation.intent.verb) == state.state:
        yield Signal("nothing_to_change", f"it is {state.state} already")


def reachable(entity: Entity, situation: Situation) -> Iterator[Signal]:
    """A device that is offline can't be meant as easily."""
    state = situation.state(entity.id)
    if state is not None and state.state == "unavailable":
        yield Signal("offline", "it is offline")


def measures(entity: Entity, situation: Situation) -> Iterator[Signal]:
    """Tell that "what is ..." asks for a value, which a sensor that only knows yes and no does not have."""
    if situation.intent.verb != "query" or situation.intent.slots.get("question") != "what":
        return
    if entity.domain == "binary_sensor":
        yield Signal("yes_or_no", "it only knows yes and no")
    elif entity.domain != "sensor" and entity.kind != "oven":
        yield Signal("measures_besides", "measuring is not what it is for")


def recent_change(entity: Entity, situation: Situation) -> Iterator[Signal]:
    """What has just changed, by a hand or by itself, is on people's minds."""
    seconds = situation.around.changed.get(entity.id)
    if seconds is not None and seconds < 4 * LATELY:
        yield Signal("just_changed", f"it changed {seconds:.0f} s ago", 0.5 ** (seconds / LATELY))


def spoken_of(entity: Entity, situation: Situation) -> Iterator[Signal]:
    """What was just spoken of."""
    if entity.id in situation.around.spoken_of:
        yield Signal("spoken_of", "it was just spoken of")


def sensors(entity: Entity, situation: Situation) -> Iterator[Signal]:
    """What the sensors of its room call for: a fan where it is hot, light where it is dark; where somebody moves."""
    if entity.area is None or entity.domain not in {"fan", "climate", "light", "switch", "media_player"}:
        return
    if _calling(situation, entity.area, "motion"):
        yield Signal("motion", "somebody moves there")
    if verb_class(situation.intent.verb) not in {"on", "adjust"}:
        return
    kinds = {"fan": ("temperature", "humidity"), "light": ("illuminance",)}.get(entity.domain, ())
    kind = next((kind for kind in kinds if _calling(situation, entity.area, kind)), None)
    if kind is None:
        return
    words = {"temperature": "hot", "humidity": "humid", "illuminance": "dark"}
    yield Signal("dark" if kind == "illuminance" else "air", f"it is {words[kind]} there")
    seconds = situation.around.called.get(situation.around.sensors[entity.area, kind])
    if seconds is not None and seconds < 4 * LATELY:
        yield Signal("just_called", f"it has just become {words[kind]} there", 0.5 ** (seconds / LATELY))


def _calling(situation: Situation, area: str, device_class: str) -> bool:
    sensor = situation.around.sensors.get((area, device_class))
    state = situation.state(sensor) if sensor else None
    return state is not None and calls(device_class, state)


def calls(device_class: str, state: State) -> bool:
    """Whether a reading calls for something: where somebody moves, and where it is hot, humid or dark.

    >>> calls("humidity", State("80")), calls("illuminance", State("300")), calls("temperature", State("unavailable"))
    (True, False, False)
    """
    if device_class == "motion":
        return state.state == "on"
    try:
        reading = float(state.state)
    except ValueError:
        return False
    least = {"temperature": HOT, "humidity": HUMID}.get(device_class)
    return reading >= least if least is not None else device_class == "illuminance" and reading < DARK


def habit(entity: Entity, situation: Situation) -> Iterator[Signal]:
    """What this person chose before, at this time of day: person, then household, then everyone."""
    if strength := situation.habits.get(entity.id):
        yield Signal("habit", "it is often chosen" if strength > 0 else "it is seldom chosen", strength)


def sequel(entity: Entity, situation: Situation) -> Iterator[Signal]:
    """What this person usually does after what has just happened: coffee after the alarm."""
    if strength := max(situation.sequels.get(entity.id, 0.0), situation.around.due.get(entity.id, 0.0), key=abs):
        yield Signal("sequel", "it often follows this" if strength > 0 else "it seldom follows this", strength)


def screen(entity: Entity, situation: Situation) -> Iterator[Signal]:
    """Music is for a speaker, before a screen."""
    if situation.intent.verb == "play" and entity.features.get("screen"):
        film = situation.intent.slots.get("media_class") in {"movie", "tv_show"}
        yield Signal("film_on_screen", "it has a screen") if film else Signal("music_on_screen", "it has a screen")


FEATURES: tuple[Feature, ...] = (
    room, activity, oven, nothing_to_change, reachable, measures, recent_change, spoken_of, sensors, habit, sequel,
    screen,
)  # fmt: skip


@lru_cache(maxsize=1)
def weights() -> Mapping[str, float]:
    """The trained weights: log-odds for a signal of strength 1."""
    return {key: float(value) for key, value in json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"].items()}


def signals(entity: Entity, situation: Situation) -> list[Signal]:
    """Everything that the features see."""
    return [signal for feature in FEATURES for signal in feature(entity, situation)]


def situation_of(intent: Intent, context: Context, around: Around, entities: Sequence[Entity]) -> Situation:
    """The situation of a choice between entities, with what was chosen before in such a one."""
    if around.experience is None or len(entities) < 2:
        return Situation(intent, context, around)
    ids = [entity.id for entity in entities]
    if around.preferences is not None:
        told = around.preferences.find(context.household, context.speaker, mention_of(intent.slots))
        if told is not None and told.entity in ids:
            # What a person answered when asked outweighs what was counted.
            return Situation(intent, context, around)
    occasion = Occasion.of(intent, context)
    habits, sequels = around.experience.chosen(ids, occasion)
    return Situation(intent, context, around, habits, sequels)


def weigh(entity: Entity, situation: Situation) -> tuple[float, tuple[str, ...]]:
    """The change of cost for one entity (negative = likelier), and each signal's share of it in words."""
    known = weights()
    total, reasons = 0.0, []
    for signal in signals(entity, situation):
        share = -SCALE * known.get(signal.key, 0.0) * signal.strength
        total += share
        reasons.append(f"{signal.words} {share:+.3f}")
    return total, tuple(reasons)


_SHARE = re.compile(r" ([+-]\d+\.\d+)$")


def reason_of(printed: str) -> tuple[str, float | None]:
    """The words of a printed reason and its share of the cost; `None` where it has none.

    >>> reason_of("it is in this room -0.043"), reason_of("the other one")
    (('it is in this room', -0.043), ('the other one', None))
    """
    share = _SHARE.search(printed)
    return (printed[: share.start()], float(share[1])) if share else (printed, None)


def probability(costs: Sequence[float]) -> float:
    """The probability (0 to 1) that the first of several is meant, from their costs.

    >>> round(probability([0.0, 0.05]), 2), probability([0.0])
    (0.75, 1.0)
    """
    return 1.0 / sum(math.exp(-(cost - costs[0]) / SCALE) for cost in costs)
