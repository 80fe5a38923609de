"""A world whose time the test moves."""

from datetime import datetime

from simulator.clock import SteppedClock
from simulator.homes import load_home
from simulator.world import Change, World

NOON = datetime(2026, 3, 2, 12, 0)


class Stepped:
    """A home in motion, and what changed in it."""

    def __init__(self, home="cottage", seed=7, start=NOON):
        self.world = World(load_home(home) if isinstance(home, str) else home, seed, SteppedClock(start))
        self.changes: list[Change] = []
        self.history: list[str] = []
        self.world.watch(self._note)

    def _note(self, change):
        self.changes.append(change)
        self.history.append(f"{change} {self.world.report(change.entity)} {self.world.online(change.entity)}")

    def run(self, seconds, tick=0.5):
        left = seconds
        while left > 1e-9:
            piece = min(left, tick)
            self.world.step(piece)
            left -= piece

    def state(self, entity):
        return self.world.report(entity)["state"]

    def attribute(self, entity, key):
        return self.world.report(entity)["attributes"].get(key)
