"""Preferences: used in the very next turn that they are about, after a restart, and not where they don't belong.

A case is something told, a request that it is about with what should come of it, and the same where it must not count:
for somebody else, at another time of day, or where the request says otherwise. `remembered` states each of 200
preferences among others, ten turns and a day before the request (after PrefEval: Zhao et al., 2025, arXiv 2502.09597).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from assistant.turn import Turn
from devices.catalogue import catalogue
from simulator.homes import HomeFile, load_home
from simulator.homes.model import DeviceSpec
from simulator.people.goals import full_names
from simulator.study.teaching.shares import Figure, Share, at_least
from simulator.study.teaching.talk import MONDAY, Talk, talking, words

EVENING, NOON = timedelta(hours=19), timedelta(hours=13)
Check = Callable[[Talk, Turn], bool]
BETWEEN = 10
"""Turns between what is told and the request."""
SET = 200


@dataclass(frozen=True, slots=True)
class Case:
    """One preference. `at` is when it is asked for; `elsewhere` is (time, speaker, request) to keep out of."""

    kind: str
    told: str
    asks: str
    followed: Check
    elsewhere: tuple[timedelta, str, str]
    at: timedelta = NOON
    before: tuple[tuple[str, str], ...] = ()
    """States that devices have before each request."""
    subject: str = ""
    """What two cases must not share to be told one after the other."""
    room: str | None = None
    """Where the person is."""


def figures(split: str, seed: int, count: int) -> list[Figure]:
    """The figures of preferences."""
    next_turn, restarted, kept_out = [], [], []
    for home, case, chance in _cases(split, seed, count):
        with talking(home, words(split)["people"][0], MONDAY + timedelta(hours=9), chance.randrange(1 << 30)) as talk:
            talk.until(MONDAY + case.at)
            _tell(talk, case)
            next_turn.append(_holds(talk, case))
            at, speaker, request = case.elsewhere
            talk.until(MONDAY + timedelta(days=1) + at)
            kept_out.append(not _holds(talk, case, request, speaker))
            talk.stage.restart()
            talk.until(MONDAY + timedelta(days=2) + case.at)
            restarted.append(_holds(talk, case))
    return [
        at_least("preferences applied in the next turn that they are about", Share.of_all(next_turn), 0.98),
        at_least("preferences applied after a restart", Share.of_all(restarted), 0.98),
        at_least("preferences not applied where they don't belong", Share.of_all(kept_out), 0.98),
        at_least(f"preferences followed {BETWEEN} turns and a day later, of {SET}", remembered(split, seed), 0.95),
    ]


def remembered(split: str, seed: int, size: int = SET) -> Share:
    """How many of a set of preferences are followed ten turns and a day later, told among others."""
    followed: list[bool] = []
    chance = random.Random(f"{seed}|remembered")
    while len(followed) < size:
        home = load_home(chance.choice(words(split)["homes"]))
        cases = _apart(list(kinds(home, split, chance)), chance)
        with talking(home, words(split)["people"][0], MONDAY + timedelta(hours=9), len(followed)) as talk:
            fill = list(_fillers(home, chance))
            for case in cases:
                _tell(talk, case)
            for text in fill[:BETWEEN]:
                talk.say(text)
            day = MONDAY + timedelta(days=1)
            for case in sorted(cases, key=lambda each: each.at):
                talk.until(day + case.at)
                followed.append(_holds(talk, case))
    return Share.of_all(followed[:size])


def _apart(cases: list[Case], chance: random.Random) -> list[Case]:
    """Cases that don't touch the same thing, in any order."""
    chance.shuffle(cases)
    seen: set[str] = set()
    kept = []
    for case in cases:
        if case.subject not in seen:
            kept.append(case)
            seen.add(case.subject)
    return kept


def _tell(talk: Talk, case: Case) -> None:
    """Tell it, and say yes where it asks whether words should change their meaning."""
    turn = talk.say(case.told)
    if turn.decision is not None and turn.decision.kind == "confirm":
        talk.say("yes")


def _holds(talk: Talk, case: Case, request: str = "", speaker: str | None = None) -> bool:
    for entity, state in case.before:
        talk.put(entity, state)
    talk.room = case.room
    turn = talk.say(request or case.asks, speaker)
    talk.stage.run(2.0)
    return case.followed(talk, turn)


def _cases(split: str, seed: int, count: int) -> Iterator[tuple[HomeFile, Case, random.Random]]:
    """So many cases, every kind about as often."""
    chance = random.Random(f"{seed}|cases")
    made = 0
    while made < count:
        home = load_home(chance.choice(words(split)["homes"]))
        for case in kinds(home, split, chance):
            if made < count:
                made += 1
                yield home, case, chance


def kinds(home: HomeFile, split: str, chance: random.Random) -> Iterator[Case]:
    """One case of every kind, in a home."""
    names, said = full_names(home), words(split)
    other = said["people"][1]
    like = chance.choice(said["likes"])
    lights = [spec for spec in home.devices if spec.kind == "light"]
    first, second, third, fourth = chance.sample(lights, 4)
    yield from _music(home, like, said, other, chance)
    yield from _light(lights, names, other, chance)
    cuisine, team = chance.choice(said["cuisines"]), chance.choice(said["teams"])
    yield Case(
        "restaurant", like.replace("<x>", f"{cuisine} restaurants"), "find me a restaurant",
        lambda _talk, turn: f"since you like {cuisine}" in _reply(turn), (NOON, other, "find me a restaurant"),
        subject="restaurant",
    )  # fmt: skip
    yield Case(
        "team", f"i'm a {team} fan", "did my team win", lambda _talk, turn: team in _reply(turn),
        (NOON, other, "did my team win"), subject="team",
    )  # fmt: skip
    name = chance.choice(said["names"])
    yield _switched("name", f"call the {names[first.entity]} {name}", f"turn on {name}", first, "on",
                    (NOON, "", f"turn on the {names[fourth.entity]}"))  # fmt: skip
    phrase = chance.choice(said["phrases"])
    yield _switched("phrase", f"when i say {phrase} i mean turn on the {names[second.entity]}", phrase, second, "on",
                    (NOON, other, phrase))  # fmt: skip
    statement = chance.choice(said["statements"])
    yield _switched("statement", f"when i say {statement} i mean turn on the {names[third.entity]}", statement, third,
                    "on", (NOON, other, statement))  # fmt: skip
    yield Case(
        "never", f"never turn on the {names[fourth.entity]} at night", f"turn on the {names[fourth.entity]}",
        lambda talk, _turn: talk.state(fourth.entity).state == "off", (NOON, "", ""), timedelta(hours=23),
        ((fourth.entity, "off"),), fourth.entity,
    )  # fmt: skip


def _switched(
    kind: str, told: str, asks: str, spec: DeviceSpec, state: str, elsewhere: tuple[timedelta, str, str]
) -> Case:
    def followed(talk: Talk, _turn: Turn) -> bool:
        return talk.state(spec.entity).state == state

    return Case(kind, told, asks, followed, elsewhere, NOON, ((spec.entity, "off"),), spec.entity)


def _music(home: HomeFile, like: str, said: Mapping[str, Any], other: str, chance: random.Random) -> Iterator[Case]:
    """A genre that is played where none is named."""
    players = [spec for spec in home.devices if spec.kind == "speaker"]
    if not players:
        return
    genre = chance.choice(said["genres"])
    artists = {track.artist for track in catalogue()[f"genre/{genre.replace(' ', '-')}"].tracks}

    def plays(talk: Talk, _turn: Turn) -> bool:
        playing = [talk.state(spec.entity) for spec in players]
        return any(each.state == "playing" and each.attributes.get("media_artist") in artists for each in playing)

    off = tuple((spec.entity, "off") for spec in players)
    yield Case(
        "music", like.replace("<x>", genre), "play music", plays, (NOON, other, "play music"), NOON, off, "music"
    )


def _light(lights: list[DeviceSpec], names: dict[str, str], other: str, chance: random.Random) -> Iterator[Case]:
    """Warm or cold light in the evening."""
    able = [spec for spec in lights if "color_temp" in (spec.values.get("supported_color_modes") or ())]
    if not able:
        return
    spec, (kind, low, high) = chance.choice(able), chance.choice((("warm", 2500, 3100), ("cold", 3900, 7000)))

    def lit(_talk: Talk, turn: Turn) -> bool:
        asked = [command.value.get("color_temp_kelvin") for command in turn.commands]
        return any(kelvin is not None and low <= kelvin <= high for kelvin in asked)

    def reset(asks: str, at: timedelta, speaker: str) -> tuple[timedelta, str, str]:
        return at, speaker, asks

    asks = f"turn on the {names[spec.entity]}"
    elsewhere = reset(asks, NOON, "") if chance.random() < 0.5 else reset(asks, EVENING, other)
    told = f"i prefer {kind} light in the evening"
    yield Case("light", told, asks, lit, elsewhere, EVENING, ((spec.entity, "off"),), "light")


def _fillers(home: HomeFile, chance: random.Random) -> Iterator[str]:
    """Other things that people say and tell in between."""
    names = full_names(home)
    plain = [spec for spec in home.devices if spec.kind in {"light", "fan", "plug"}]
    told = ["i like hiking", "my favorite colour is green", "i hate mondays", "i love rainy days", "i enjoy chess"]
    chance.shuffle(told)
    for number in range(BETWEEN):
        if number % 3 == 2:
            yield told[number // 3]
        else:
            yield f"turn {chance.choice(('on', 'off'))} the {names[chance.choice(plain).entity]}"


def _reply(turn: Turn) -> str:
    return turn.reply.text.lower() if turn.reply else ""
