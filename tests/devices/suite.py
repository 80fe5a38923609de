"""What holds of every kind of device, whatever it is: tried by `test_kinds.py`, and for the kind of the how-to."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import assume
from hypothesis import strategies as st

from devices.catalogue import catalogue
from devices.device import Device, Surroundings
from devices.kinds.scene import Scene
from devices.traits import Choice, Colour, Flag, Items, Number, Text, TimeOfDay, Words

AROUND = Surroundings(datetime(2026, 3, 2, 12, 0))
FEATURES = {
    "options": ["a", "b"],
    "effect_list": ["rainbow"],
    "source_list": ["HDMI"],
    "preset_modes": ["eco", "away"],
    "fan_speed_list": ["quiet", "max"],
    "areas": ["hall", "kitchen"],
    "available_tones": ["fire", "burglar"],
    "available_modes": ["auto", "baby"],
    "metering": True,
    "watts": 500,
}
SETTLES = 240
"""Seconds after which whatever was on its way has arrived."""


def around(seconds: float) -> Surroundings:
    return replace(AROUND, now=AROUND.now + timedelta(seconds=seconds))


def run(what: Device, seconds: float, tick: float = 0.5, start: float = 0.0) -> Device:
    """Let time pass in ticks, the last of them shorter."""
    for i in range(math.ceil(seconds / tick)):
        end = min((i + 1) * tick, seconds)
        what.step(end - i * tick, around(start + end))
    return what


def valid(trait) -> st.SearchStrategy:
    match trait:
        case Text("media_content_id"):
            return st.sampled_from([media.id for media in catalogue().values() if not media.on_screen])
        case Number(_, low, high):
            return st.floats(low, high) | st.integers(math.ceil(low), math.floor(high))
        case Choice(_, options):
            return st.sampled_from(list(options))
        case Words(_, options):
            return st.lists(st.sampled_from(list(options)), max_size=len(options), unique=True)
        case TimeOfDay():
            return st.times().map(lambda time: f"{time:%H:%M}")
        case Flag():
            return st.booleans()
        case Text():
            return st.text(st.characters(categories=["L", "N"]), max_size=20)
        case Colour():
            return st.lists(st.integers(0, 255), min_size=3, max_size=3)
        case Items():
            return st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=9), max_size=5)
    raise AssertionError(trait)


def in_range(what: Device) -> None:
    """Whatever is reported is JSON and within its range."""
    report = what.report()
    json.dumps(report, allow_nan=False)
    assert isinstance(report["state"], str)
    assert len(report["state"]) <= 255
    for key, value in [("state", report["state"]), *report["attributes"].items()]:
        trait = what.traits.get(key) or what.manual.get(key)
        moment = isinstance(what, Scene) and key == "state"
        if trait is not None and not moment and not (isinstance(trait, Choice) and value in (*trait.told, "unknown")):
            trait.check(value)


def a_wish(data, what: Device) -> dict:
    keys = data.draw(st.lists(st.sampled_from(list(what.traits)), min_size=1, max_size=3, unique=True))
    wanted = {key: data.draw(valid(what.traits[key])) for key in keys}
    assume(wanted.get("target_temp_low", 0) <= wanted.get("target_temp_high", math.inf))
    return wanted


def inverse_holds(what: Device, data: st.DataObject, between: float) -> None:
    """A wish, some seconds, and its inverse: state and commanded attributes are as they were."""
    for start in (0, SETTLES):
        what.apply(a_wish(data, what))
        what.step(0, around(start))
        run(what, SETTLES, 30, start)
    now = 2.0 * SETTLES
    before = heard(what.report(), now)
    in_range(what)
    wanted = a_wish(data, what)
    back = what.inverse(wanted)
    what.apply(wanted)
    what.step(0, around(now))
    in_range(what)
    run(what, between, 20, now)
    in_range(what)
    if isinstance(what, Scene):
        assert not back
        return
    now += between
    what.apply(back)
    what.step(0, around(now))
    after = heard(what.report(), now)
    if not put_back(what, wanted, before, after):
        run(what, SETTLES, 30, now)
        after = heard(what.report(), now + SETTLES)
    assert put_back(what, wanted, before, after), (before, wanted, back, after)


def heard(report: dict, seconds: float) -> dict:
    """A report with the place in what plays, and what is left of a timer, as it is now and not as it was told."""
    attributes = dict(report["attributes"])
    if (updated := attributes.get("media_position_updated_at")) and report["state"] == "playing":
        attributes["media_position"] += (around(seconds).now - datetime.fromisoformat(updated)).total_seconds()
    if "duration" in attributes and (finishes := attributes.get("finishes_at")):
        attributes["duration"] = (datetime.fromisoformat(finishes) - around(seconds).now).total_seconds()
    return {**report, "attributes": attributes}


def put_back(what: Device, wanted: dict, before: dict, now: dict) -> bool:
    """Whether state and commanded attributes are as before; what was not told counts as what it amounts to."""
    told = [{**what.unset, **each["attributes"], "state": each["state"]} for each in (before, now)]
    return all(near(told[0].get(key), told[1].get(key)) for key in {"state", *wanted} - {"color_mode"})


def time_may_be_cut(make: Callable[[], Device], data: st.DataObject, tick: float, seconds: float) -> None:
    """One long step ends where many short ones end."""
    one, many = make(), make()
    for what in (one, many):
        what.step(0, AROUND)
    wanted = a_wish(data, one)
    for what in (one, many):
        what.apply(wanted)
        what.step(0, AROUND)
    one.step(seconds, around(seconds))
    run(many, seconds, max(tick, seconds / 400))
    assert near(one.report(), many.report())


def twin_agrees(what: Device, make: Callable[[], Device], data: st.DataObject, seconds: float) -> None:
    """Whoever knows only what it reports finds the same inverse: so does the assistant."""
    what.apply(a_wish(data, what))
    what.step(0, around(0))
    run(what, seconds, 20)
    twin = make()
    told = what.report()
    # Where a door on its way will stop is not told.
    assume(told["state"] not in {"opening", "closing"})
    twin.force({"state": told["state"], **told["attributes"]})
    if twin.busy:
        twin.step(0, around(seconds))
    wanted = a_wish(data, what)
    assert near(what.inverse(wanted), twin.inverse(wanted)), (told, wanted, what.inverse(wanted), twin.inverse(wanted))


def near(one, other) -> bool:
    """The same, but for the rounding of what is told."""
    match one:
        case dict():
            return one.keys() == other.keys() and all(near(one[key], other[key]) for key in one)
        case bool() | None:
            return one is other
        case int() | float():
            return other is not None and abs(one - other) <= 1
        case str():
            return one == other or near_moments(one, other)
    return one == other


def near_moments(one, other) -> bool:
    """Whether both are moments, at most a second apart; a text device may hold anything."""
    try:
        return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= timedelta(seconds=1)
    except (TypeError, ValueError):
        return False
