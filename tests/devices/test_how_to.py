"""The kind of device that docs/how-to/add-a-device-kind.md adds, tried as every other kind is."""

import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices import kinds
from devices.device import Device
from tests.devices.suite import AROUND, in_range, inverse_holds, run, time_may_be_cut, twin_agrees

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-device-kind.md"
MAX_LINES = 120


@pytest.fixture(scope="module")
def kind() -> kinds.Kind:
    """What the page's file and its line of registration make."""
    blocks = [
        textwrap.dedent(found) for found in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    ]
    code, line = blocks
    assert len(code.splitlines()) < MAX_LINES
    assert len(line.splitlines()) == 1
    names = {"__name__": "devices.kinds.pet_feeder"}
    exec(compile(code, "pet_feeder.py", "exec"), names)
    return eval(line, {**vars(kinds), **names})


def a_feeder(kind: kinds.Kind) -> Device:
    return kind.device("switch.feeder", kind.features, {})


def test_it_feeds(kind):
    feeder = a_feeder(kind)
    in_range(feeder)
    feeder.apply({"state": "on", "portions": 3})
    assert run(feeder, 5).state == "on"
    assert run(feeder, 2).state == "off"
    assert (feeder.risk({"portions": 9}), feeder.risk({"state": "off"})) == ("confirm", "none")
    feeder.step(0, AROUND)


@settings(max_examples=25, deadline=None)
@given(data=st.data(), between=st.floats(0, 60), tick=st.floats(0.3, 20), seconds=st.floats(0, 100))
def test_it_holds_what_every_kind_holds(kind, data, between, tick, seconds):
    inverse_holds(a_feeder(kind), data, between)
    time_may_be_cut(lambda: a_feeder(kind), data, tick, seconds)
    twin_agrees(a_feeder(kind), lambda: a_feeder(kind), data, seconds)


def test_a_kind_is_a_small_file():
    folder = Path(kinds.__file__).parent
    sizes = {path.name: len(path.read_text("utf-8").splitlines()) for path in folder.glob("*.py")}
    assert {name: size for name, size in sizes.items() if size >= MAX_LINES and name != "__init__.py"} == {}
