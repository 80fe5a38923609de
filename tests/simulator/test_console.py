"""The view of a home on screens of every size: nothing is drawn beyond the screen, and what matters is there."""

from datetime import datetime

import pytest
from rich.console import Console

from simulator.changes import Changes
from simulator.console import HomeView
from simulator.residents import Residents
from simulator.troubles import Troubles, read_plan
from tests.simulator.stepped import Stepped


@pytest.fixture(scope="module", params=["cottage", "house", "estate"])
def morning(request):
    """A home in which people have got up and some things have broken."""
    home = Stepped(request.param, start=datetime(2026, 3, 2, 5, 30))
    changes = Changes(home.world)
    home.world.watch(changes.note)
    Residents(home.world)
    Troubles(home.world, read_plan("0.5", home.world.home)).begin()
    home.world.step(90 * 60)
    return home.world, changes


def drawn(world, changes, width, height):
    console = Console(width=width, height=height, color_system=None)
    with console.capture() as captured:
        console.print(HomeView(world, changes, 60, "Ctrl-C ends").picture(width, height))
    return captured.get().splitlines()


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (40, 12), (200, 60), (109, 16), (36, 10)])
def test_the_picture_fits_the_screen(morning, width, height):
    lines = drawn(*morning, width, height)
    assert len(lines) == height
    assert max(map(len, lines)) <= width


def test_what_matters_is_on_a_small_screen(morning):
    world, changes = morning
    text = "\n".join(drawn(world, changes, 80, 24))
    assert f"{world.home.name}  Mon 02 Mar 07:00:00  60x" in text
    for room in {room for room in world.rooms.people.values() if room}:
        assert next(each.name for each in world.home.rooms if each.id == room) in text
    assert "by hand" in text
    assert not world.faults.faulty or f"{len(world.faults.faulty)} fault" in text
    assert "Ctrl-C ends" in text


def test_who_did_it_and_when():
    home = Stepped("cottage")
    changes = Changes(home.world)
    home.world.watch(changes.note)
    home.world.command("cover.garage_door", {"state": "open"})
    home.run(20)
    home.world.by_hand("light.hall", {"state": "on"})
    home.world.fault("light.kitchen", "flapping")
    home.run(40)
    told = [(line.name, line.room, line.state, line.cause) for line in changes.last(9)]
    assert told == [
        ("Kitchen Light", "Kitchen", "unavailable (flapping)", "fault"),
        ("Hall Light", "Hall", "on", "hand"),
        ("Garage Door", "Garage", "open", "command"),
        ("Garage Door", "Garage", "opening 96 %", "command"),
    ]
