"""A modest daily life: residents get up, wash, eat, leave, come home, cook, sit together and go to bed.

They use the home by hand: light where it is dark, a shower, the coffee maker, the oven, a window, the door. What they
do is drawn from a seed, day by day and person by person; every deed is visible on the wire as a change that nobody
commanded. It is no model of how people speak to an assistant (that is `simulator/people`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from assistant.errors import UserError
from simulator.homes.model import DeviceSpec
from simulator.world import World

DARK = 60.0
"""Lux below which a person switches on the light."""
FORGETS = 0.15
"""Chance that the last one to leave a room does not switch off the light."""
AIRS = 0.5
"""Chance that somebody opens the window after a shower."""
OUT_AND_IN = 20.0
"""Seconds for which the front door is open."""
USES: Mapping[str, tuple[str, ...]] = {
    "sleep": ("bedroom", "nursery", "kids", "guest_room"),
    "wash": ("bath", "shower"),
    "eat": ("kitchen",),
    "sit": ("living", "lounge", "sitting", "drawing"),
    "work": ("office", "study"),
    "leave": ("hall", "lobby", "entrance"),
}
"""What a room is used for -> what its id may contain."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Somewhere to be from a moment on, and what to do there."""

    at: datetime
    room: str | None
    does: str = ""


class Residents:
    """The people of a home, living. Give them a world; time does the rest. The same seed lives the same life."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._homely = [room.id for room in world.home.rooms if not room.outdoors]
        self._sleeping = self._rooms("sleep") or self._homely
        self._by_room: dict[str | None, list[DeviceSpec]] = {}
        for spec in world.home.devices:
            self._by_room.setdefault(spec.area, []).append(spec)
        if self._homely:
            self._begin()

    def _begin(self) -> None:
        """Everybody is where they would be by now; from tomorrow on, each midnight brings a new day."""
        world = self._world
        today = datetime.combine(world.now.date(), time())
        for number, person in enumerate(world.home.people):
            past = [deed for deed in self._day(number, today) if deed.at <= world.now]
            place = past[-1].room if past else self._bed(number)
            world.place(person, place)
        self._plan(today)

    def _plan(self, day: datetime) -> None:
        """Arrange all deeds of a day, and the planning of the next."""
        for number, person in enumerate(self._world.home.people):
            for deed in self._day(number, day):
                if deed.at > self._world.now:
                    self._at(deed.at, lambda person=person, deed=deed: self._do(person, deed))  # type: ignore[misc]
        tomorrow = day + timedelta(days=1)
        self._at(tomorrow, lambda: self._plan(tomorrow))

    def _at(self, moment: datetime, action: Callable[[], None]) -> None:
        self._world.after((moment - self._world.now).total_seconds(), action)

    # -- what a day is like ----------------------------------------------------------------------------------------

    def _day(self, number: int, day: datetime) -> Iterator[Deed]:
        """The deeds of one person on one day, in order."""
        draw = random.Random(f"{self._world.seed} {number} {day.toordinal()}")

        def at(hour: float, spread: float = 0.4) -> datetime:
            return day + timedelta(seconds=round(3600 * max(hour + draw.gauss(0.0, spread), 0.0)))

        weekend = day.weekday() >= 5
        up = at(8.5 if weekend else 6.7)
        yield Deed(up, self._one(draw, "wash"), "showers" if draw.random() < 0.7 else "")
        up += timedelta(minutes=draw.uniform(8, 20))
        yield Deed(up, self._one(draw, "eat"), "has breakfast")
        up += timedelta(minutes=draw.uniform(15, 35))
        away = draw.random() < (0.4 if weekend else 0.8)
        yield Deed(up, self._one(draw, "leave") if away else self._one(draw, "work"), "leaves" if away else "")
        back = at(17.0, 0.8)
        yield Deed(back, self._one(draw, "leave"), "comes home" if away else "")
        yield Deed(
            back + timedelta(minutes=draw.uniform(2, 60)), self._one(draw, "eat"), "cooks" if number == 0 else ""
        )
        yield Deed(back + timedelta(minutes=draw.uniform(75, 120)), self._one(draw, "sit"), "sits down")
        late = max(at(22.3), back + timedelta(hours=2.5))
        yield Deed(late, self._one(draw, "wash"))
        yield Deed(late + timedelta(minutes=10), self._bed(number), "goes to bed")
        yield Deed(late + timedelta(minutes=draw.uniform(20, 60)), self._bed(number), "falls asleep")

    def _rooms(self, use: str) -> list[str]:
        return [room for room in self._homely if any(word in room for word in USES[use])]

    def _one(self, draw: random.Random, use: str) -> str:
        return draw.choice(self._rooms(use) or self._homely)

    def _bed(self, number: int) -> str:
        return self._sleeping[number // 2 % len(self._sleeping)]

    # -- what is done ----------------------------------------------------------------------------------------------

    def _do(self, person: str, deed: Deed) -> None:
        before = self._world.rooms.people.get(person)
        self._go(person, before, deed.room)
        if deed.room is not None and deed.does:
            _DOES[deed.does](self, person, deed.room)

    def _go(self, person: str, before: str | None, room: str | None) -> None:
        """From one room to another: light where it is dark, and none where nobody is left."""
        self._world.place(person, room)
        if room is not None and self._world.rooms.around(room, self._world.now).lux < DARK:
            self._first(room, "light", {"state": "on"})
        if before is not None and before != room and not self._world.rooms.inside(before):
            self._leave_dark(before)

    def _leave_dark(self, room: str) -> None:
        if self._draw(room) < FORGETS:
            return
        for entity in self._found(room, "light"):
            if self._world.devices[entity].state == "on":
                self._by_hand(entity, {"state": "off"})

    def _draw(self, what: str) -> float:
        """A number from 0 to 1 that depends on nothing but seed, moment and what it is for."""
        return random.Random(f"{self._world.seed} {self._world.now} {what}").random()

    def _found(self, room: str | None, *kinds: str) -> list[str]:
        return [spec.entity for spec in self._by_room.get(room, ()) if spec.kind in kinds]

    def _first(self, room: str, kind: str, wanted: Mapping[str, Any]) -> str | None:
        """Use the first device of that kind in the room; which it was, if there is one."""
        found = self._found(room, kind)
        if found:
            self._by_hand(found[0], wanted)
        return found[0] if found else None

    def _by_hand(self, entity: str, wanted: Mapping[str, Any]) -> None:
        try:
            self._world.by_hand(entity, wanted)
        except UserError:
            # What can't be done (a programme that runs already, a contact that is pinned) is left alone.
            return

    def _contact(self, room: str, *classes: str) -> str | None:
        for entity in self._found(room, "binary_sensor"):
            if self._world.devices[entity].features.get("device_class") in classes:
                return entity
        return None

    def _showers(self, _person: str, room: str) -> None:
        self._world.rooms.showers.add(room)
        self._world.after(420, lambda: self._after_shower(room))

    def _after_shower(self, room: str) -> None:
        self._world.rooms.showers.discard(room)
        window = self._contact(room, "window")
        if window is not None and self._draw("window") < AIRS:
            self._by_hand(window, {"state": "on"})
            self._world.after(900, lambda: self._by_hand(window, {"state": "off"}))

    def _has_breakfast(self, _person: str, room: str) -> None:
        self._first(room, "coffee_maker" if self._draw("drink") < 0.6 else "kettle", {"state": "on"})

    def _cooks(self, _person: str, room: str) -> None:
        oven = self._first(room, "oven", {"state": "heat", "temperature": 200})
        if oven is not None:
            self._world.after(2400, lambda: self._by_hand(oven, {"state": "off"}))

    def _sits_down(self, _person: str, room: str) -> None:
        if self._draw("tv") < 0.7:
            self._first(room, "tv", {"state": "on"})

    def _goes_to_bed(self, person: str, _room: str) -> None:
        """The last one up switches off the TV and locks the door."""
        sitting = set(self._rooms("sit"))
        if any(place in sitting for other, place in self._world.rooms.people.items() if other != person):
            return
        for room in sitting:
            self._first(room, "tv", {"state": "off"})
        for room in self._homely:
            self._first(room, "lock", {"state": "locked"})

    def _falls_asleep(self, _person: str, room: str) -> None:
        for entity in self._found(room, "light"):
            if self._world.devices[entity].state == "on":
                self._by_hand(entity, {"state": "off"})

    def _comes_home(self, _person: str, room: str) -> None:
        self._through_the_door(room)

    def _leaves(self, person: str, room: str) -> None:
        self._through_the_door(room)
        self._world.after(OUT_AND_IN, lambda: self._go(person, room, None))

    def _through_the_door(self, room: str) -> None:
        lock, door = self._first(room, "lock", {"state": "unlocked"}), self._contact(room, "door")
        if door is not None:
            self._by_hand(door, {"state": "on"})

        def shut() -> None:
            if door is not None:
                self._by_hand(door, {"state": "off"})
            if lock is not None:
                self._by_hand(lock, {"state": "locked"})

        self._world.after(OUT_AND_IN, shut)


_DOES: Mapping[str, Callable[[Residents, str, str], None]] = {
    "showers": Residents._showers,
    "has breakfast": Residents._has_breakfast,
    "cooks": Residents._cooks,
    "sits down": Residents._sits_down,
    "goes to bed": Residents._goes_to_bed,
    "falls asleep": Residents._falls_asleep,
    "leaves": Residents._leaves,
    "comes home": Residents._comes_home,
}
