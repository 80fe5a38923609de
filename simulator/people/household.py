"""A household: its people, what they call things, and a plan of what they will want."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.homes import HomeFile, load_home
from simulator.homes.model import DeviceSpec
from simulator.people.channel import Channel, Confusions
from simulator.people.goals import Goal, draw, full_names
from simulator.people.person import Person
from simulator.people.population import DATA, Population

HOURS = {7: 3, 8: 3, 9: 1, 12: 2, 13: 1, 17: 2, 18: 4, 19: 4, 20: 4, 21: 4, 22: 2}
"""When people want things, by the hour: weights."""
SHARED = 0.6
"""How likely a person uses the household's own name of a device."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that a person will want at a time. `seed` decides on everything that is left to chance about it."""

    time: datetime
    person: Person
    goal: Goal
    room: str | None
    seed: str


@dataclass(frozen=True)
class Household:
    """A home with people. `own` are the household's own names of devices."""

    id: str
    home: HomeFile
    people: tuple[Person, ...]
    own: dict[str, str]
    seed: str

    @classmethod
    def of(cls, population: Population, number: int, seed: int) -> Household:
        """Household `number` of a population; the same seed always gives the same one."""
        id = f"{population.name}-{number:03}"
        chance = random.Random(f"{seed}|{id}")
        home = load_home(population.homes[number % len(population.homes)])
        own = _own_names(population, home, chance)
        full = full_names(home)
        confusions = Confusions.load(DATA / population.confusions)
        count = chance.randint(*population.members)
        people = []
        for name in chance.sample(population.people, count):
            used = {entity: called for entity, called in own.items() if chance.random() < SHARED}
            channel = Channel(confusions, f"{seed}|{id}|{name}", population.mishearing, population.steady)
            repertoire = tuple(draw(home, chance) for _ in range(population.repertoire))
            patience = chance.randint(*population.patience)
            people.append(Person(name, id, population, channel, {**full, **used}, full, repertoire, patience))
        return cls(id, home, tuple(people), own, f"{seed}|{id}")

    def plan(self, day: datetime) -> list[Wish]:
        """What the people will want on a day, in order of time."""
        wishes = []
        for person in self.people:
            chance = random.Random(f"{self.seed}|{person.name}|{day:%Y%m%d}")
            time = day
            for index in range(_count(person.population.requests, chance)):
                if index and chance.random() < person.population.follows:
                    time += timedelta(seconds=chance.uniform(4, 20))
                else:
                    time = _moment(day, chance)
                goal = person.goal(chance, draw(self.home, chance))
                room = self.room_of(goal.entity) if chance.random() < 0.7 else None
                wishes.append(Wish(time, person, goal, room, f"{self.seed}|{person.name}|{day:%Y%m%d}|{index}"))
        return sorted(wishes, key=lambda wish: wish.time)

    def room_of(self, entity: str) -> str | None:
        """The room in which a device is."""
        spec = self.home.device(entity)
        return spec.area if spec else None


def drifted(household: Household, share: float) -> Household:
    """The same people after a change of habit: some of their own names now mean another device of that kind."""
    from dataclasses import replace

    chance = random.Random(f"{household.seed}|drift")
    by_kind: dict[str, list[DeviceSpec]] = {}
    for spec in household.home.devices:
        by_kind.setdefault(spec.kind, []).append(spec)
    moved: dict[str, str] = {}
    for entity in sorted(household.own):
        named = household.home.device(entity)
        others = [each for each in by_kind[named.kind] if each.entity not in household.own] if named else []
        if others and chance.random() < share:
            moved[entity] = chance.choice(others).entity
    people = []
    for person in household.people:
        names = dict(person.names)
        for entity, other in moved.items():
            if person.names[entity] != person.full[entity]:
                names[other], names[entity] = person.names[entity], person.full[entity]
        goals = tuple(replace(goal, entity=moved.get(goal.entity, goal.entity)) for goal in person.repertoire)
        people.append(replace(person, names=names, repertoire=goals))
    return replace(household, people=tuple(people))


def _own_names(population: Population, home: HomeFile, chance: random.Random) -> dict[str, str]:
    """Names that the household has made up; no two devices share one."""
    own: dict[str, str] = {}
    for spec in home.devices:
        free = [name for name in population.nicknames.get(spec.kind, ()) if name not in own.values()]
        if free and chance.random() < population.own_names:
            own[spec.entity] = chance.choices(free, [1 / (1 + rank) for rank in range(len(free))])[0]
    return own


def _moment(day: datetime, chance: random.Random) -> datetime:
    hour = chance.choices(list(HOURS), list(HOURS.values()))[0]
    return day + timedelta(hours=hour, minutes=chance.randrange(60), seconds=chance.randrange(60))


def _count(mean: float, chance: random.Random) -> int:
    """A Poisson number, by counting exponential gaps."""
    count, passed = 0, chance.expovariate(mean)
    while passed < 1:
        count, passed = count + 1, passed + chance.expovariate(mean)
    return count
