"""People who live in a home, and faults that come by themselves: seeded, visible, and never in the way."""

from collections import Counter
from datetime import datetime

import pytest

from assistant.errors import UserError
from simulator.homes import bundled, home_from_inventory, load_home
from simulator.residents import Residents
from simulator.troubles import Troubles, read_plan
from tests.simulator.stepped import Stepped

MIDNIGHT = datetime(2026, 3, 2)
DAY = 86_400


def lived(name="house", seed=7, cut=DAY, days=1):
    home = Stepped(name, seed, MIDNIGHT)
    Residents(home.world)
    home.run(days * DAY, cut)
    return home


def test_a_day_of_the_house():
    home = lived()
    assert home.history == lived(cut=977.7).history != lived(seed=8).history
    by_hand = Counter(change.entity.partition(".")[0] for change in home.changes if change.cause == "hand")
    assert by_hand["light"] > 20
    assert by_hand["lock"] >= 2
    assert by_hand["binary_sensor"] >= 2, "somebody went through the front door"
    assert by_hand["climate"] == 2, "the oven went on, and off again"
    assert {change.cause for change in home.changes} == {"hand", "world"}
    assert home.state("lock.front_door") == "locked"
    assert home.state("climate.oven") == "off"
    motion = [change for change in home.changes if change.entity == "binary_sensor.hall_motion"]
    assert len(motion) >= 4


def test_every_day_is_different_and_goes_on():
    home = lived("cottage", days=3)
    days = [Counter(change.time.date() for change in home.changes if change.cause == "hand")]
    assert len(days[0]) >= 3
    assert min(days[0].values()) > 10


def test_nobody_lives_where_nobody_is():
    home = Stepped(home_from_inventory({"entities": [{"id": "light.a"}]}, "empty"))
    Residents(home.world)
    home.run(DAY, DAY)
    assert home.changes == []


@pytest.mark.parametrize("name", [name for name in bundled() if name != "house"])
def test_they_can_live_in_every_home(name):
    home = Stepped(name, start=datetime(2026, 3, 7, 6))
    Residents(home.world)
    home.run(6 * 3600, 3600)
    assert any(change.cause == "hand" for change in home.changes)


def test_faults_at_random():
    def day(seed):
        home = Stepped("cottage", seed, MIDNIGHT)
        struck = []
        home.world.watch(lambda change: struck.append(change) if change.cause == "fault" else None)
        Troubles(home.world, read_plan("3", home.world.home)).begin()
        home.run(DAY, 3600)
        return [(change.entity, change.time) for change in struck]

    assert day(1) == day(1) != day(2)
    assert len({entity for entity, _ in day(1)}) > 10


PLAN = """
rate: 0
faults:
  - {after: 10m, entity: light.hall, kind: offline, for: 5m}
  - {entity: fan.bedroom, kind: jammed}
"""


def test_a_plan_from_a_file(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    home = Stepped("cottage")
    Troubles(home.world, read_plan(str(path), home.world.home)).begin()
    home.run(599)
    assert home.world.faults.faulty == {"fan.bedroom": "jammed"}
    home.run(1)
    assert not home.world.online("light.hall")
    home.run(300)
    assert home.world.online("light.hall")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("faults:\n  - {entity: light.hal, kind: late}\n", ":2: cottage has no 'light.hal', did you mean 'light.hall'"),
        ("faults:\n  - entity: light.hall\n    kind: jamed\n", ":3: unknown fault 'jamed', did you mean 'jammed'"),
        ("kinds: [late, slow]\n", ":1: unknown fault 'slow'"),
        ("rate: fast\n", ":1: rate: "),
        ("faults:\n  - {entity: light.hall, kind: late, for: ever}\n", ":2: 'ever' is no duration"),
        ("fault: []\n", ":1: unknown key 'fault', did you mean 'faults'"),
    ],
)
def test_mistakes_in_a_plan(tmp_path, text, told):
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as raised:
        read_plan(str(path), load_home("cottage"))
    assert told in str(raised.value)


@pytest.mark.parametrize("rate", ["-1", "2000"])
def test_rates_out_of_range(rate):
    with pytest.raises(UserError, match="a rate of faults is 0 to 1000"):
        read_plan(rate, load_home("cottage"))
