"""A simulated day of every bundled home, with people who try everything: no state ever leaves its range."""

import json
import random
from datetime import datetime

import pytest

from devices.catalogue import catalogue
from devices.device import Device
from devices.kinds.scene import Scene
from devices.traits import Choice, Colour, DeviceError, Flag, Items, Number, Text, TimeOfDay, Trait, Words
from simulator.clock import SteppedClock
from simulator.homes import bundled, load_home
from simulator.world import World

TICK = 20.0
DAY = 86_400.0
UNTOLD = {"unknown", "unavailable"}


def some_value(trait: Trait, dice: random.Random):
    """Any value that the trait takes."""
    match trait:
        case Text("media_content_id"):
            return dice.choice(list(catalogue()))
        case Number(_, low, high):
            return dice.uniform(low, high)
        case Choice(_, options):
            return dice.choice(list(options))
        case Words(_, options):
            return dice.sample(list(options), dice.randint(0, len(options)))
        case TimeOfDay():
            return f"{dice.randrange(24):02}:{dice.randrange(60):02}"
        case Flag():
            return dice.random() < 0.5
        case Colour():
            return [dice.randrange(256) for _ in range(3)]
        case Items():
            return dice.sample(["milk", "bread", "eggs", "tea"], 2)
    return "something"


def out_of_range(device: Device) -> list[str]:
    """What a device reports and could not have; moments are no choice."""
    report = device.report()
    json.dumps(report, allow_nan=False)
    wrong = []
    for key, value in {"state": report["state"], **report["attributes"]}.items():
        trait = device.traits.get(key) or device.manual.get(key)
        if trait is None or (isinstance(device, Scene) and key == "state"):
            continue
        if isinstance(trait, Choice) and (value in trait.told or value in UNTOLD):
            continue
        try:
            trait.check(value)
        except DeviceError as error:
            wrong.append(f"{device.entity}: {error}")
    return wrong


@pytest.mark.parametrize("name", [name for name in bundled() if name != "estate"])
def test_a_day_of_trying_everything(name):
    dice = random.Random(f"{name} 7")
    clock = SteppedClock(datetime(2026, 3, 2))
    world = World(load_home(name), 7, clock)
    wrong: list[str] = []
    world.watch(lambda change: wrong.extend(out_of_range(world.devices[change.entity])))
    able = [device for device in world.devices.values() if device.traits]
    rooms = [room.id for room in world.home.rooms]
    refused = done = 0
    for _ in range(int(DAY / TICK)):
        if dice.random() < 0.25:
            device = dice.choice(able)
            by_hand = dice.random() < 0.3
            traits = {**device.traits, **device.manual} if by_hand else device.traits
            keys = dice.sample(list(traits), min(len(traits), dice.randint(1, 2)))
            wanted = {key: some_value(traits[key], dice) for key in keys}
            try:
                device.check(wanted, by_hand)
                (world.by_hand if by_hand else world.command)(device.entity, wanted)
                done += 1
            except DeviceError:
                refused += 1
        if dice.random() < 0.01:
            world.place(dice.choice(["Ann", "Ben"]), dice.choice([*rooms, None]))
        clock.move(TICK)
        world.step(TICK)
    assert not wrong
    assert done > 20 * refused, "nearly everything that a device says it takes, it does take"
    assert not [problem for device in world.devices.values() for problem in out_of_range(device)]


@pytest.mark.parametrize("name", ["cottage", "flat", "house"])
def test_the_bundled_homes_hold_what_they_promise(name):
    home = load_home(name)
    kinds = {spec.kind for spec in home.devices}
    size, has = {
        "cottage": (range(25, 32), {"oven", "garage_door", "vacuum", "dishwasher", "tv", "speaker", "todo", "script"}),
        "flat": (range(12, 25), {"tv", "speaker", "washing_machine", "kettle", "curtain"}),
        "house": (range(75, 105), {"dryer", "alarm_clock", "siren", "water_heater", "valve", "awning", "humidifier"}),
    }[name]
    assert len(home.devices) in size
    assert has <= kinds
    if name == "house":
        names = [spec.name for spec in home.devices]
        assert {"Ceiling Light", "Blinds", "Temperature"} <= {each for each in names if names.count(each) > 2}
    if name == "flat":
        screens = {spec.area for spec in home.devices if spec.kind == "tv"}
        assert screens.isdisjoint({spec.area for spec in home.devices if spec.kind == "speaker"})
