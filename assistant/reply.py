"""What is said: built from the confirmed states, never from what was merely sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from assistant.colors import COLORS
from assistant.doing import chosen, doing, left
from assistant.home import Entity, Home
from assistant.places import time_in
from assistant.resolve.questions import reading
from assistant.services import SCALES, is_oven, spoken_value
from assistant.spoken import joined, spoken_name
from assistant.timers import spoken_duration
from assistant.turn import (
    Ask,
    Command,
    Confirm,
    Execute,
    Ignore,
    Intent,
    Refuse,
    Reply,
    Resolution,
    State,
    States,
    Turn,
)

MOVING = {"opening": "is opening", "closing": "is closing", "returning": "is on its way home", "locking": "is locking"}
PLURAL = {"is": "are", "has": "have", "was": "were"}
MOST_NAMED = 12
"""Things that an answer names; of more it says how many there are."""
UNITS = {"%": "percent", "kelvin": "kelvin", "degrees": "degrees"}


def reply_to(turn: Turn, home: Home) -> Reply:
    """The reply to a turn whose decision (and outcome, if it acted) is known."""
    decision = turn.decision
    if isinstance(decision, Ask | Confirm):
        return Reply(decision.question)
    if isinstance(decision, Refuse):
        return Reply(decision.reason)
    if isinstance(decision, Ignore) or decision is None:
        return Reply("")
    parts = [part for part in _done(decision, turn, home) if part]
    parts += turn.outcome.answers if turn.outcome else ()
    for resolution in turn.resolutions:
        if resolution.intent.domain == "clock":
            parts.append(_clock(resolution.intent, turn.context.now))
        elif resolution.intent.domain == "broadcast":
            parts.append(f"Announcement: {resolution.intent.slots['message']}.")
        elif resolution.intent.domain == "weather":
            parts += [
                f"The weather {_weather(state)}."
                for each in resolution.entities
                if (state := turn.context.states.get(each))
            ]
        elif resolution.intent.verb == "query" and resolution.intent.domain != "timer":
            parts.append(answer(resolution, home, turn.context.states, turn.context.now))
    return Reply(" ".join(parts))


def _clock(intent: Intent, now: datetime) -> str:
    """The time and date, here or in the place that was named (the policy has declined those that are not known)."""
    place = intent.slots.get("place")
    then = (time_in(place, now) if place else None) or now
    where = f" in {place.title()}" if place else ""
    return f"It is {then:%H:%M}{where}, {then:%A, %B} {then.day}."


def _done(decision: Execute, turn: Turn, home: Home) -> Iterable[str]:
    """One sentence for each group of commands that came to the same."""
    after = turn.outcome.after if turn.outcome else {}
    silent = set(turn.outcome.unconfirmed) if turn.outcome else set()
    groups: dict[str, list[Entity]] = {}
    for command in decision.commands:
        entity = home.entities[command.entity]
        if command.entity not in silent:
            group = groups.setdefault(_became(entity, command, after.get(entity.id)), [])
            group += [entity] if entity not in group else []
    for what, entities in groups.items():
        yield _sentence(listed(entities, home, _told_apart(entities, turn, home)), _agree(what, entities))
    stuck = {entity for entity in silent if entity in after and after[entity].state == "jammed"}
    for lost, what in ((stuck, "is jammed"), (silent - stuck, "did not answer")):
        if lost:
            entities = [home.entities[entity] for entity in sorted(lost)]
            yield _sentence(listed(entities, home), _agree(what, entities))


def _told_apart(entities: Sequence[Entity], turn: Turn, home: Home) -> Sequence[str]:
    """The ids from which a reply tells things: what was commanded, and, of what is not in this room, everything."""
    beside = all(entity.area == turn.context.room for entity in entities)
    return [each.entity for each in turn.commands] if beside else list(home.entities)


def _sentence(subject: str, predicate: str) -> str:
    return f"{subject[0].upper()}{subject[1:]} {predicate}."


def _agree(predicate: str, subjects: Sequence[Entity]) -> str:
    """Put the verb in the plural for several subjects, and for one with a plural name.

    >>> _agree("is on", [Entity("light.a", "light", "Lamp")]), _agree("is", [Entity("light.s", "light", "Lights")])
    ('is on', 'are')
    """
    if len(subjects) == 1 and not _is_plural(subjects[0].name):
        return predicate
    first, *rest = predicate.split(" ", 1)
    return " ".join([PLURAL.get(first, first), *rest])


def _is_plural(name: str) -> bool:
    """Whether a name takes a verb in the plural: the Shelf Lights, not the Compass."""
    last = name.lower().rpartition(" ")[2]
    return last.endswith("s") and not last.endswith(("ss", "us", "is", "as"))


def listed(entities: Sequence[Entity], home: Home, among: Sequence[str] = ()) -> str:
    """Names in a list; many of one kind are counted. `among` are the ids from which each must be told.

    >>> lamps = [Entity(f"light.{n}", "light", n) for n in ("Ann", "Bob")]
    >>> listed(lamps, Home(entities={lamp.id: lamp for lamp in lamps}))
    'the Ann and the Bob'
    """
    if len(entities) > 3:
        domains = {entity.domain for entity in entities}
        word = f"{domains.pop().replace('_', ' ')}s" if len(domains) == 1 else "devices"
        return f"{len(entities)} {'switches' if word == 'switchs' else word}"
    ids = among or [entity.id for entity in entities]
    return joined([spoken_name(entity, home, ids) for entity in entities])


def _became(entity: Entity, command: Command, state: State | None) -> str:
    """What a command came to, from the state that the device reports."""
    if entity.domain in {"scene", "script"}:
        return f"{'is on' if entity.domain == 'scene' else 'is running'}{_reach(entity)}"
    if state is None:
        return "did not answer"
    if entity.features.get("assumed_state"):
        return "was told; there is no way to see whether it worked"
    if command.value.get("state") == "stop":
        position = state.attributes.get("current_position")
        return f"has stopped{f' at {position:g} percent' if isinstance(position, int | float) else ''}"
    if entity.domain == "todo":
        return f"has {state.state} open item{'' if state.state == '1' else 's'}"
    for (domain, attribute), scale in SCALES.items():
        if domain == entity.domain and scale.key in command.value and scale.key != "state":
            value = spoken_value(scale, state)
            if state.state in MOVING or (attribute == "position" and value in {0, 100}):
                return is_what(state, entity)
            if value is not None:
                shade = f"{_color_word(state.attributes.get('rgb_color'))}, " if "rgb_color" in command.value else ""
                return f"is {shade}{_at(attribute)} {value:g} {UNITS.get(scale.unit, '')}".rstrip()
    if "rgb_color" in command.value:
        return f"is {_color_word(state.attributes.get('rgb_color'))}"
    if "is_volume_muted" in command.value:
        return "is muted" if state.attributes.get("is_volume_muted") else "is not muted"
    if title := command.value.get("media_title"):
        return f"is playing {state.attributes.get('media_title', title)}"
    return chosen(command.value, state) or is_what(state, entity)


def _reach(scene: Entity) -> str:
    """How much a scene or script touches, so that one started by mistake is noticed."""
    count = len(scene.features.get("entities") or ())
    return f", with {count} devices" if count > 1 else ""


def _at(attribute: str) -> str:
    return {"temperature": "set to"}.get(attribute, "at")


def _color_word(rgb: Any) -> str:
    return next((name for name, value in COLORS.items() if list(value) == list(rgb or ())), "another color")


def is_what(state: State, entity: Entity | None = None) -> str:
    """A predicate for a state.

    >>> is_what(State("opening")), is_what(State("locked"))
    ('is opening', 'is locked')
    """
    if state.state in MOVING:
        return MOVING[state.state]
    if state.state == "unavailable":
        return "is not reachable"
    if entity is not None and (told := doing(entity, state)):
        return told
    if entity is not None and is_oven(entity) and state.state != "off":
        target = state.attributes.get("temperature")
        return f"is heating to {target:g} degrees" if isinstance(target, int | float) else "is heating"
    if entity is not None and entity.domain == "climate" and state.state != "off":
        target = state.attributes.get("temperature")
        aim = f", set to {target:g} degrees" if isinstance(target, int | float) else ""
        return f"is on {state.state.replace('_', ' ')}{aim}"
    if entity is not None and entity.domain == "weather":
        return _weather(state)
    return f"is {state.state.replace('_', ' ')}"


def _weather(state: State) -> str:
    """The weather, as far as it was told."""
    sky = {"partlycloudy": "partly cloudy", "clear-night": "clear", "rainy": "rainy"}.get(state.state, state.state)
    told = {"temperature": "{:g} degrees", "humidity": "{:g} percent humidity", "wind_speed": "wind at {:g}"}
    parts = [form.format(value) for key, form in told.items() if (value := _measured(state, key)) is not None]
    return f"is {', '.join([sky.replace('-', ' '), *parts])}"


def _measured(state: State, key: str) -> float | None:
    """A number among the attributes, under its own or its native name."""
    value = state.attributes.get(key, state.attributes.get(f"native_{key}"))
    return float(value) if isinstance(value, int | float) else None


def answer(resolution: Resolution, home: Home, states: States, now: datetime) -> str:
    """The answer to a question about the home, from confirmed states only."""
    slots = resolution.intent.slots
    entities = [home.entities[entity] for entity in resolution.entities]
    asked = slots.get("state")
    question = slots.get("question", "what")
    attribute = slots.get("attribute")
    if question in {"which", "how_many"}:
        return _counted(entities, str(asked or ""), str(question), home, states, slots)
    if not entities:
        return "I don't know that."
    if (item := slots.get("item")) and entities[0].domain == "todo":
        return _on_list(entities[0], str(item), home, states)
    if question == "is" and asked and len(entities) > 1:
        return _whether(entities, str(asked), home, states, slots)
    entity = entities[0]
    state = states.get(entity.id)
    if state is None or state.state == "unavailable":
        return _sentence(spoken_name(entity, home), _agree("has not reported its state", [entity]))
    if question == "where":
        area = home.areas.get(entity.area or "")
        where = f"is in the {area.name}" if area else "has no room"
        return _sentence(spoken_name(entity, home), _agree(where, [entity]))
    if question == "is" and asked:
        yes = in_state(entity, state, str(asked))
        return f"{'Yes' if yes else 'No'}, {spoken_name(entity, home)} {_agree(state_words(entity, state), [entity])}."
    if attribute and attribute != "state":
        return _reading(entity, str(attribute), state, home)
    return _sentence(spoken_name(entity, home), _agree(f"{state_words(entity, state)}{left(state, now)}", [entity]))


def _on_list(entity: Entity, item: str, home: Home, states: States) -> str:
    """Whether something is on a list, and still to do."""
    state = states.get(entity.id)
    items = state.attributes.get("items") or () if state else ()
    there = any(each["summary"].lower() == item.lower() and each.get("status") != "completed" for each in items)
    return f"{'Yes' if there else 'No'}, {item} is {'' if there else 'not '}on {spoken_name(entity, home)}."


def _reading(entity: Entity, attribute: str, state: State, home: Home) -> str:
    value = reading(entity, attribute, state)
    unit = str(entity.features.get("unit_of_measurement") or "")
    if attribute == "temperature":
        unit = "degrees"
    elif attribute in {"brightness", "volume", "position", "speed", "battery", "humidity"}:
        unit = "percent"
    unit = {"power": "watts", "energy": "kilowatt hours"}.get(attribute, unit)
    scale = SCALES.get((entity.domain, attribute))
    if scale is not None and scale.full:
        value = spoken_value(scale, state)
    if attribute == "color":
        value, unit = _color_word(value), ""
    number = f"{value:g}" if isinstance(value, float) else str(value)
    what = "" if entity.domain == "sensor" else f"{attribute} of "
    return _sentence(f"the {what}{spoken_name(entity, home)}".replace("the the", "the"), f"is {number} {unit}".rstrip())


def in_state(entity: Entity, state: State, asked: str) -> bool:
    """Whether a state is what was asked about; a door sensor that is `on` is open, a heating oven is on.

    >>> in_state(Entity("binary_sensor.door", "binary_sensor", "Door"), State("on"), "open")
    True
    """
    present = state.state
    if entity.domain == "binary_sensor":
        return (present == "on") == (asked not in {"off", "closed", "locked", "clear", "dry", "no"})
    if asked == "done":
        return state.attributes.get("hvac_action") == "heating" if is_oven(entity) else present == "off"
    if asked == "on":
        return present not in {"off", "unavailable", "unknown", "idle", "standby", "closed", "docked", "locked"}
    if asked == "away":
        return present not in {"home", "unavailable", "unknown"}
    if asked == "open":
        return present in {"open", "opening", "unlocked"} if entity.domain != "cover" else present != "closed"
    if asked == "closed":
        return present in {"closed", "locked"}
    return present.replace("_", " ") == asked.replace("_", " ")


def state_words(entity: Entity, state: State) -> str:
    """A predicate for a state, in the words of the kind of thing."""
    if entity.domain == "binary_sensor":
        opens = entity.features.get("device_class") in {"door", "window", "garage_door", "opening", "garage"}
        words = ("open", "closed") if opens else ("on", "off")
        return f"is {words[0] if state.state == 'on' else words[1]}"
    unit = entity.features.get("unit_of_measurement")
    if entity.domain == "sensor" and unit:
        return f"is {state.state} {unit}" if unit not in {"%", "°C", "°F"} else f"is {state.state}{unit}"
    if entity.domain == "todo":
        items = [each["summary"] for each in state.attributes.get("items") or () if each.get("status") != "completed"]
        return (
            f"has {state.state} open item{'' if state.state == '1' else 's'}{': ' if items else ''}{', '.join(items)}"
        )
    return is_what(state, entity)


def _whether(entities: list[Entity], asked: str, home: Home, states: States, slots: Mapping[str, Any]) -> str:
    """Whether some, or all where "all" was said, are in a state; names what makes the difference."""
    reported = [(entity, states[entity.id]) for entity in entities if entity.id in states]
    so = [entity for entity, state in reported if in_state(entity, state, asked)]
    every = slots.get("quantity") in {"all", "both"}
    if every and len(so) < len(reported):
        odd = [entity for entity, _ in reported if entity not in so]
        return f"No, {listed(odd, home)} {_agree('is', odd)} not {asked.replace('_', ' ')}."
    noun = _noun(slots)
    if not so:
        return f"No, {'nothing' if noun == 'device' else f'no {noun}'} is {asked.replace('_', ' ')}."
    if every:
        return f"Yes, all of them are {asked.replace('_', ' ')}."
    return f"Yes, {listed(so, home)} {_agree('is', so)} {asked.replace('_', ' ')}."


def _noun(slots: Mapping[str, Any]) -> str:
    return str(slots.get("device_class") or slots.get("domain") or "device").replace("_", " ").replace("all", "device")


def _counted(
    entities: list[Entity], asked: str, question: str, home: Home, states: States, slots: Mapping[str, Any]
) -> str:
    noun = _noun(slots)
    said = asked.replace("_", " ")
    reported = [(entity, states[entity.id]) for entity in entities if entity.id in states]
    found = [entity for entity, state in reported if not asked or in_state(entity, state, asked)]
    if question == "how_many":
        verb = "is" if len(found) == 1 else "are"
        return f"{len(found)} {noun}{'' if len(found) == 1 else 's'} {verb} {said or 'here'}."
    if not found:
        return f"No {noun} is {said}."
    ids = [entity.id for entity in found]
    names = [spoken_name(entity, home, ids) for entity in found[:MOST_NAMED]]
    names += [f"{len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else []
    return _sentence(joined(names), _agree(f"is {said or 'here'}", found))


class ReplyStage:
    """The stage that fills `reply` from the decision and what was confirmed."""

    name = "reply"
    reads = frozenset({"decision", "context"})
    writes = frozenset({"reply"})

    def __init__(self, home: Callable[[], Home], last_known: Callable[[str], tuple[State, float] | None]) -> None:
        self._home = home
        self._last_known = last_known

    def run(self, turn: Turn) -> Turn:
        """Word the reply; what is out of reach is told as it was last known, with its age."""
        reply = reply_to(turn, self._home())
        if isinstance(turn.decision, Execute):
            old = [
                self._last(each.entities[0]) for each in turn.resolutions if _out_of_reach(each, turn.context.states)
            ]
            reply = replace(reply, text=" ".join(part for part in (reply.text, *old) if part))
        return replace(turn, reply=reply).noted("reply", reply.text or "(silent)")

    def _last(self, entity: str) -> str:
        """What an entity said last, and how long ago."""
        known, home = self._last_known(entity), self._home()
        if known is None or known[0].state in {"unknown", "unavailable"}:
            return ""
        words = state_words(home.entities[entity], known[0]).replace("is ", "was ", 1)
        return f"{spoken_duration(known[1] if known[1] < 60 else known[1] // 60 * 60)} ago it {words}."


def _out_of_reach(resolution: Resolution, states: States) -> bool:
    """Whether a question is about one thing that can't be reached."""
    if resolution.intent.verb != "query" or len(resolution.entities) != 1:
        return False
    state = states.get(resolution.entities[0])
    return state is not None and state.state == "unavailable"
