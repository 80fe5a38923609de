"""The figures over a broker are taken from a home that really answers."""

import pytest

from simulator.benchmarks.wire import _commands, _embedded, _living, _mosquitto, generated
from simulator.mosquitto import find_mosquitto


@pytest.mark.parametrize(("kind", "devices"), [("embedded", 200), ("mosquitto", 1_000)])
def test_every_device_is_heard_of_also_by_a_newcomer(kind, devices):
    if kind == "mosquitto" and find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    home = generated(devices)
    broker = _embedded if kind == "embedded" else _mosquitto
    # Both ends wait until every single device is described, available, and has told its state.
    with broker() as (url, outlives), _living(home, url, outlives) as (_live, onlooker):
        assert max(_commands(onlooker, 5)) < 2.0
        newcomer = type(onlooker)(url, home.id)
        newcomer.until(lambda twin: len(twin.states()) == devices and "unknown" not in _states(twin))
        newcomer.transport.close()


def _states(twin):
    return {state.state for state in twin.states().values()}
