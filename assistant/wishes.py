"""From a verb and its slots to the absolute state to ask of one entity, checked against what it can take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.colors import COLOR_TEMPERATURES, COLORS
from assistant.home import Entity
from assistant.media import moved, to_play
from assistant.services import (
    MODES,
    SCALES,
    VERBS,
    Scale,
    attribute_of,
    is_oven,
    limits,
    options,
    spoken_value,
    stored_value,
)
from assistant.turn import State


class OutOfRangeError(ValueError):
    """A wished value that the device can't take; the message is what to say."""


class OpenError(OutOfRangeError):
    """The value was not told; the message is the question for it."""


def wanted(entity: Entity, state: State | None, verb: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    """The absolute state to ask for.

    Raises `OutOfRangeError` with a sentence to say when the value is not possible.

    >>> wanted(Entity("light.a", "light", "A"), State("off"), "set", {"value": 40, "unit": "%"})
    {'state': 'on', 'brightness': 102}
    >>> wanted(Entity("light.a", "light", "Lamp"), State("off"), "set", {"value": 40, "attribute": "position"})
    Traceback (most recent call last):
        ...
    assistant.wishes.OutOfRangeError: The Lamp has no position.
    """
    if entity.domain == "todo":
        return {"items": changed_items(state, verb, str(slots.get("item") or ""))}
    if verb not in {"set", "increase", "decrease"}:
        if entity.domain not in VERBS.get(verb, {}):
            raise OutOfRangeError(f"The {entity.name} can't do that.")
        value = dict(VERBS[verb][entity.domain])
        if verb == "turn_on" and entity.domain in {"climate", "water_heater"}:
            value["state"] = _cooling_mode(entity) if slots.get("name") in COOLING else _heating_mode(entity)
        if verb in TWO_WAY:
            return {key: _chosen(wish, state, key, slots) for key, wish in value.items()}
        if verb == "play":
            return to_play(entity, state, slots)
        if verb in {"next", "previous"}:
            return _moved(entity, state, verb)
        if (
            verb in {"start", "turn_on"}
            and entity.domain == "switch"
            and state
            and state.attributes.get("operation_state") == "pause"
        ):
            value["operation_state"] = "run"
        areas = [area for area in slots.get("cleaned") or () if area in (entity.features.get("areas") or ())]
        if verb == "clean" and areas:
            value["cleaning_area_id"] = areas
        return value
    attribute = attribute_of(entity, slots)
    speed = SPEEDS.get(str(slots.get("mode"))) if attribute == "mode" and entity.domain == "fan" else None
    if speed is not None and str(slots["mode"]) not in options(entity, "mode"):
        return {"state": "on", "percentage": speed}
    if attribute in {"color", "mode", "source"}:
        worded = _worded(entity, attribute, slots)
        return {"state": _heating_mode(entity), **worded} if is_oven(entity) else worded
    scale = SCALES.get((entity.domain, attribute))
    if scale is None:
        raise OutOfRangeError(f"The {entity.name} has no {attribute.replace('_', ' ')}.")
    spoken = _spoken_target(entity, state, verb, slots, scale)
    if scale.key == "state":
        return {"state": str(stored_value(scale, spoken))}
    value = {scale.key: stored_value(scale, spoken)}
    if entity.domain == "light" and verb == "set" and slots.get("color"):
        value |= _worded(entity, "color", slots)
    if scale.on_state and spoken > 0:
        value = {"state": scale.on_state, **value}
    elif scale.on_state:
        value = {"state": "off"}
    if entity.domain == "climate" and is_oven(entity):
        value = {"state": _heating_mode(entity), **value}
    return value


DIMMEST = 1.0
"""Percent of brightness below which nothing is dimmed."""
SPEEDS = {"low": 33, "medium": 66, "high": 100, "max": 100, "maximum": 100, "full": 100}
"""What a fan without such modes makes of them, in percent."""
COOLING = frozenset({"ac", "air conditioning", "air conditioner", "aircon", "air con", "cooling"})
"""Names by which cool air is asked for."""
TWO_WAY = frozenset({"shuffle", "repeat", "oscillate", "reverse"})
"""Verbs whose slot `state` tells which way: `on`, `off`, `one`, `all`, `forward`."""


def _chosen(wish: Any, state: State | None, key: str, slots: Mapping[str, Any]) -> Any:
    """What shuffling, repeating, swinging or the direction is to become; "reverse the fan" turns it round."""
    way = slots.get("state")
    if isinstance(wish, bool):
        return way != "off"
    if key == "direction":
        turned = state is not None and state.attributes.get(key) == "reverse"
        return "forward" if way == "forward" or (way is None and turned) else "reverse"
    return way or wish


def changed_items(state: State | None, verb: str, item: str) -> list[dict[str, str]]:
    """The whole list as it should be after adding, completing or removing one item. Raises `OutOfRangeError`.

    >>> changed_items(State("0", {"items": []}), "add", "milk")
    [{'summary': 'milk', 'status': 'needs_action'}]
    """
    items = [dict(each) for each in (state.attributes.get("items") or () if state else ())]
    if verb == "add":
        if not item:
            raise OpenError("What should I put on the list?")
        if any(each["summary"].lower() == item.lower() and each["status"] != "completed" for each in items):
            raise OutOfRangeError(f"{item.capitalize()} is on the list already.")
        return [*items, {"summary": item, "status": "needs_action"}]
    if verb == "remove" and not item:
        return []
    meant = [each for each in items if each["summary"].lower() == item.lower()]
    if not meant:
        raise OutOfRangeError(f"{item or 'That'} is not on the list.")
    if verb == "remove":
        return [each for each in items if each is not meant[0]]
    meant[0]["status"] = "completed"
    return items


def _heating_mode(entity: Entity) -> str:
    if entity.domain == "water_heater":
        return next((str(mode) for mode in entity.features.get("operation_list") or () if mode != "off"), "on")
    modes = [str(mode) for mode in entity.features.get("hvac_modes") or ()]
    return next((mode for mode in ("heat", "heat_cool", "auto", "cool") if mode in modes), "heat")


def _cooling_mode(entity: Entity) -> str:
    """The mode that was asked for by the name of what cools. Raises `OutOfRangeError` where it can't."""
    modes = [str(mode) for mode in entity.features.get("hvac_modes") or ("cool",)]
    found = next((mode for mode in ("cool", "heat_cool", "auto") if mode in modes), None)
    if found is None:
        raise OutOfRangeError(f"The {entity.name} can't cool.")
    return found


def _speeds(entity: Entity) -> float:
    """How many speeds a fan has; three where it does not tell."""
    step = entity.features.get("percentage_step")
    return round(100 / step) if isinstance(step, int | float) and step > 0 else 3 if entity.domain == "fan" else 0


def _worded(entity: Entity, attribute: str, slots: Mapping[str, Any]) -> dict[str, Any]:
    """The wished state for a colour, mode or source given as a word."""
    word = str(slots.get(attribute) or "").lower()
    if attribute == "color":
        if word in COLOR_TEMPERATURES and "white" in word:
            return {"state": "on", "color_temp_kelvin": COLOR_TEMPERATURES[word]}
        if word not in COLORS:
            raise OutOfRangeError(f"I don't know the color {word}.")
        return {"state": "on", "rgb_color": list(COLORS[word])}
    known = options(entity, attribute)
    found = next((option for option in known if option.lower().replace("_", " ") == word.replace("_", " ")), None)
    if found is None:
        raise OutOfRangeError(f"{entity.name} can't be set to {word}; it knows {', '.join(known) or 'no modes'}.")
    if attribute == "source":
        return {"source": found}
    return {next(key for listed, key in MODES.items() if found in (entity.features.get(listed) or ())): found}


def _moved(player: Entity, state: State | None, verb: str) -> dict[str, Any]:
    """The next or previous of what plays. Raises `OutOfRangeError`."""
    wished = moved(state, 1 if verb == "next" else -1)
    if wished is None:
        playing = state is not None and state.attributes.get("queue_position")
        where = "last" if verb == "next" else "first"
        raise OutOfRangeError(
            f"That is the {where} one." if playing else f"The {player.name} has no {verb} one to play."
        )
    return wished


def _in_its_unit(entity: Entity, value: float, slots: Mapping[str, Any], scale: Scale) -> float:
    """A temperature that was said in Celsius or Fahrenheit, in the device's own unit, to the degree.

    >>> oven = Entity("climate.oven", "oven", "Oven")
    >>> _in_its_unit(oven, 350.0, {"unit": "F"}, SCALES["climate", "temperature"])
    177.0
    """
    own = str(entity.features.get("temperature_unit") or "C")
    said = slots.get("unit")
    if scale.key != "temperature" or said not in {"C", "F"} or said == own:
        return value
    return float(round((value - 32) / 1.8 if said == "F" else value * 1.8 + 32))


def _spoken_target(entity: Entity, state: State | None, verb: str, slots: Mapping[str, Any], scale: Scale) -> float:
    """The wished value in spoken units, checked against what the device takes."""
    low, high = limits(entity, scale)
    if verb == "set":
        if scale.key == "color_temp_kelvin" and slots.get("value") is None:
            tone = slots.get("color_temp")
            kelvin = tone if isinstance(tone, int | float) else COLOR_TEMPERATURES.get(str(tone).lower())
            if kelvin is None:
                raise OutOfRangeError(f"I don't know the color temperature {tone}.")
            return min(max(kelvin, low), high)
        if slots.get("value") is None:
            raise OpenError(f"To what should I set the {entity.name}?")
        spoken = _in_its_unit(entity, float(slots["value"]), slots, scale)
        if scale.unit == "%" and 0 < spoken < 1 and not slots.get("unit"):
            # "To 0.5" is half of it.
            spoken *= 100
        if (speeds := _speeds(entity)) and spoken <= speeds and not slots.get("unit") and scale.key == "percentage":
            # "Speed two" of three.
            spoken = 100 * spoken / speeds
        if not low <= spoken <= high:
            raise OutOfRangeError(f"The {entity.name} takes {low:g} to {high:g} {scale.unit}, not {spoken:g}.")
        return spoken
    if is_oven(entity) and state is not None and state.state == "off":
        raise OutOfRangeError(f"The {entity.name} is off.")
    now = spoken_value(scale, state) if state else None
    if now is None:
        now = 0.0 if state and state.state in {"off", "closed"} and low == 0 else (low + high) / 2
    if now > DIMMEST and verb == "decrease" and scale.key == "brightness" and slots.get("amount") is None:
        # What is dimmed still shines, unless it was said by how much.
        low = DIMMEST
    if isinstance(factor := slots.get("factor"), int | float):
        return min(max(now * factor, low), high)
    amount = slots.get("amount")
    step = float(amount) if isinstance(amount, int | float) else scale.step
    if step > high - low:
        raise OutOfRangeError(f"The {entity.name} can change by {high - low:g} {scale.unit} at most, not by {step:g}.")
    return min(max(now + (step if verb == "increase" else -step), low), high)
