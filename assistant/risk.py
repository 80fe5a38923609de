"""How dangerous a command is, and how it is read back before it is done.

What lets somebody in, lets heat out, or lowers a guard is risky in one direction only: closing, locking, switching
off and arming never are. A scene or script is as risky as the worst thing that it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.home import Entity, Home
from assistant.services import SCALES, VERBS, is_oven, spoken_value
from assistant.spoken import joined, spoken_name
from assistant.turn import Command, State

RISKS = ("none", "confirm", "always")
"""From harmless to what is never done without a yes; `confirm` is asked about when anything is unsure."""
_CHANGES = {"on": "turn on", "off": "turn off", "open": "open", "closed": "close", "locked": "lock"}
_ONE_WAY = {"unlocked": "unlock", "disarmed": "disarm", "playing": "start", "cleaning": "start", "mowing": "start"}
MOST_NAMED = 3
"""Names that are read back of those with which the same is done."""


def risk_of(entity: Entity, value: Mapping[str, object], home: Home | None = None) -> str:
    """How dangerous a wished state is: `none`, `confirm` (when unsure) or `always`.

    What a scene does is looked up in the `home`.

    >>> risk_of(Entity("lock.front", "lock", "Front Door"), {"state": "unlocked"})
    'always'
    >>> risk_of(Entity("lock.front", "lock", "Front Door"), {"state": "locked"})
    'none'
    """
    state = value.get("state")
    if entity.features.get("guarded"):
        # Its messages also reach something risky, whatever it says of itself.
        return "always"
    if entity.domain == "lock":
        return "none" if state == "locked" else "always"
    if entity.domain == "alarm_control_panel":
        return "always" if state == "disarmed" else "none"
    garage = entity.kind == "garage_door" or entity.features.get("device_class") == "garage"
    if garage and (state == "open" or float(str(value.get("current_position") or 0)) > 0):
        return "confirm"
    if is_oven(entity) and state != "off":
        return "confirm"
    if entity.domain in {"scene", "script"} and state != "off" and home is not None:
        return max((risk for _, risk in _reached(entity, home)), key=RISKS.index, default="none")
    return "none"


def _reached(scene: Entity, home: Home) -> Iterable[tuple[Command, str]]:
    """What a scene or script does to each device, with its risk; scenes within scenes are not followed."""
    for member in scene.features.get("entities") or ():
        entity = home.entities.get(str(member.get("entity_id")))
        if entity is not None and entity.domain not in {"scene", "script"}:
            value = {key: wished for key, wished in member.items() if key != "entity_id"}
            yield Command(entity.id, "scene", value), risk_of(entity, value)


def read_back(commands: Iterable[Command], home: Home) -> str:
    """What commands would do, as the words of a question: the risky ones first, none left out.

    >>> door, lamp = Entity("lock.f", "lock", "Front Door"), Entity("light.l", "light", "Lamp")
    >>> home = Home(entities={each.id: each for each in (door, lamp)})
    >>> on, unlocked = Command("light.l", "x", {"state": "on"}), Command("lock.f", "x", {"state": "unlocked"})
    >>> read_back([on, unlocked], home)
    'unlock the Front Door and turn on the Lamp'
    >>> read_back([Command("light.l", "x", {"state": "on", "brightness": 102})], home)
    'set the Lamp to 40 percent'
    """
    ordered = sorted(commands, key=lambda each: -RISKS.index(risk_of(home.entities[each.entity], each.value, home)))
    deeds: dict[tuple[str, str], list[str]] = {}
    for command in ordered:
        entity = home.entities[command.entity]
        deeds.setdefault(_deed(entity, command), []).append(_called(entity, command, home))
    return joined([_phrase(*deed, list(dict.fromkeys(names))) for deed, names in deeds.items()])


def _deed(entity: Entity, command: Command) -> tuple[str, str]:
    """The verb for what a command asks, and what follows the name."""
    value, verb = command.value, command.service.rpartition(".")[2]
    state = str(value.get("state", ""))
    if entity.domain in {"scene", "script"} and state == "on":
        return "start", ""
    if is_oven(entity) and state != "off":
        degrees = value.get("temperature")
        return ("heat", f" to {degrees:g} degrees") if isinstance(degrees, int | float) else ("turn on", "")
    if value.get("current_position") == 0:
        return "close", ""
    if wished := _wished(entity, value):
        return "open" if "current_position" in value else "set", f" to {wished}"
    if known := _ONE_WAY.get(state) or _CHANGES.get(state):
        return known, ""
    return verb.replace("_", " ") if verb in VERBS else "change", ""


def _wished(entity: Entity, value: Mapping[str, object]) -> str:
    """The wished value on its spoken scale; empty where none is wished."""
    for (domain, _), scale in SCALES.items():
        if domain == entity.domain and scale.key in value and scale.key != "state":
            number = spoken_value(scale, State("", value))
            return f"{number:g} {'percent' if scale.unit == '%' else scale.unit}" if number is not None else ""
    return ""


def _phrase(verb: str, end: str, names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    told = names if more < 1 else [*names[:MOST_NAMED], f"{more} more"]
    return f"{verb} {joined(told)}{end}"


def _called(entity: Entity, command: Command, home: Home) -> str:
    """The name to read back, with its room where the home has another of that name; of a scene, what is risky in it."""
    name = spoken_name(entity, home, home.entities)
    if entity.domain not in {"scene", "script"} or command.value.get("state") == "off":
        return name
    risky = [each for each, risk in _reached(entity, home) if risk != "none"]
    return f"{name} (which would {read_back(risky, home)})" if risky else name
