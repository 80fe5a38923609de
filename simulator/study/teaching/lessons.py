"""Unknown concepts and lessons: whether it notices what it does not know, and learns what was meant."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from assistant.turn import Turn
from simulator.homes import HomeFile, load_home
from simulator.homes.model import DeviceSpec
from simulator.people.goals import KINDS, full_names
from simulator.people.population import load_population
from simulator.study.teaching.shares import Figure, Share, at_least
from simulator.study.teaching.talk import MONDAY, Talk, talking, words

ASKED = "I don't know"
"""How the assistant says that a concept is unknown."""
COLOURS = {"warm white": (2500, 3100), "cold white": (3900, 7000)}
"""Kelvin from where to where."""
HUES = {"red": (255, 0, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0)}
LATELY = 20
TURNS = 3
"""Turns of a lesson at the median that are allowed."""


@dataclass(frozen=True, slots=True)
class Concept:
    """What a person means by a term for a device: words for the values, and the attributes that they amount to."""

    term: str
    spec: DeviceSpec
    values: str
    meant: Mapping[str, Any]


def figures(split: str, seed: int, count: int) -> list[Figure]:
    """The figures of unknown concepts and of lessons, `count` of each kind."""
    noticed, false, positives = 0, 0, 0
    right: list[bool] = []
    turns: list[int] = []
    for number, name in enumerate(words(split)["homes"]):
        home = load_home(name)
        chance = random.Random(f"{seed}|{name}")
        share = count // len(words(split)["homes"])
        with talking(home, words(split)["people"][0], MONDAY + timedelta(hours=10), seed + number) as talk:
            for text in unknown(home, split, chance, share):
                turn = talk.say(text)
                noticed += notices(turn)
                positives += 1
                talk.say("never mind")
                talk.until(talk.stage.clock.now() + timedelta(seconds=90))
            for text in ordinary(home, split, chance, share):
                false += notices(talk.say(text))
                talk.say("never mind")
                talk.until(talk.stage.clock.now() + timedelta(seconds=90))
        for lesson in range(share):
            with talking(home, words(split)["people"][0], MONDAY + timedelta(hours=10), seed + lesson) as talk:
                ended, took = teach(talk, concept(home, split, chance), split, chance)
                right.append(ended)
                turns += [took] if ended else []
    middle = median(turns) if turns else float("nan")
    return [
        at_least("unknown concepts that were noticed are unknown (precision)", Share(noticed, noticed + false), 0.95),
        at_least("unknown concepts that are noticed (recall)", Share(noticed, positives), 0.90),
        at_least("lessons ending with the right definition, after a restart", Share.of_all(right), 0.92),
        Figure("turns of a lesson, median", f"at most {TURNS}", middle, f"{middle:g}", middle <= TURNS, len(turns)),
    ]


def notices(turn: Turn) -> bool:
    """Whether it says that it does not know something, and asks."""
    return (
        turn.decision is not None and turn.decision.kind == "ask" and ASKED in (turn.reply.text if turn.reply else "")
    )


def lights(home: HomeFile) -> list[DeviceSpec]:
    """Lights whose brightness can be set."""
    modes = ((spec, spec.values.get("supported_color_modes") or ()) for spec in home.devices if spec.kind == "light")
    return [spec for spec, known in modes if any(mode != "onoff" for mode in known)]


def unknown(home: HomeFile, split: str, chance: random.Random, count: int) -> Iterator[str]:
    """Requests with a value that nobody has explained."""
    names = full_names(home)
    for _ in range(count):
        spec = chance.choice(lights(home))
        yield _filled(chance.choice(words(split)["asks"]), names[spec.entity], chance.choice(words(split)["concepts"]))


def ordinary(home: HomeFile, split: str, chance: random.Random, count: int) -> Iterator[str]:
    """Requests in which nothing is unknown: plain wordings, known values, questions, and what a home can't do."""
    names, wordings = full_names(home), load_population(split).wordings
    others = ("what time is it", "how warm is it", "is anything still on", "turn everything off", "tell me a joke",
              "what's the weather like", "set a timer for five minutes", "thank you")  # fmt: skip
    for _ in range(count):
        kind = chance.random()
        spec = chance.choice([each for each in home.devices if each.kind in KINDS])
        if kind < 0.25:
            yield chance.choice(others)
        elif kind < 0.55:
            light = names[chance.choice(lights(home)).entity]
            value = chance.choice(("50 percent", "thirty percent", "ten percent", "full brightness", "80"))
            yield f"set the {light} to {value}"
        else:
            verb = chance.choice(KINDS[spec.kind])
            value = str(chance.randrange(18, 24)) if verb == "temperature" else "40"
            yield chance.choice(wordings[verb].plain).replace("<name>", names[spec.entity]).replace("<value>", value)


def concept(home: HomeFile, split: str, chance: random.Random) -> Concept:
    """Something that a person could mean: a brightness, a colour, or both, as the light can do."""
    spec = chance.choice(lights(home))
    modes = spec.values.get("supported_color_modes") or ()
    percent = chance.randrange(10, 100, 10)
    parts = [f"{percent} percent"]
    meant: dict[str, Any] = {"brightness": round(percent * 2.55)}
    if "color_temp" in modes and chance.random() < 0.5:
        name = chance.choice(sorted(COLOURS))
        parts.append(name)
        meant["color_temp_kelvin"] = COLOURS[name]
    elif "rgb" in modes and chance.random() < 0.5:
        name = chance.choice(sorted(HUES))
        parts.append(name)
        meant["rgb_color"] = HUES[name]
    chance.shuffle(parts)
    return Concept(chance.choice(words(split)["concepts"]), spec, " and ".join(parts), meant)


def teach(talk: Talk, meant: Concept, split: str, chance: random.Random) -> tuple[bool, int]:
    """One lesson; whether it ends with what was meant, in use at once and after a restart, and its turns.

    One teacher in ten first says something that is no answer, one in ten changes their mind at the end.
    """
    name = full_names(talk.stage.home)[meant.spec.entity]
    ask = _filled(chance.choice(words(split)["asks"]), name, meant.term)
    turn, took = talk.say(ask), 1
    replies = [chance.choice(words(split)["answers"]).replace("<values>", meant.values), "yes"]
    if chance.random() < 0.1:
        replies.insert(0, chance.choice(("hmm you know the nice one", "the way i like it")))
    elif chance.random() < 0.1:
        replies[0:0] = [f"{chance.choice((15, 25, 35))} percent", "no"]
    for reply in replies:
        if turn.decision is None or turn.decision.kind not in {"ask", "confirm"}:
            break
        turn, took = talk.say(reply), took + 1
    at_once = fulfilled(talk, meant)
    talk.put(meant.spec.entity, "off")
    talk.stage.restart()
    talk.until(talk.stage.clock.now() + timedelta(days=1))
    talk.say(ask)
    return at_once and fulfilled(talk, meant), took


def fulfilled(talk: Talk, meant: Concept) -> bool:
    """Whether the light is as was meant."""
    state = talk.state(meant.spec.entity)
    return state.state == "on" and all(_like(state.attributes.get(key), value) for key, value in meant.meant.items())


def _like(found: Any, value: Any) -> bool:
    if found is None:
        return False
    if isinstance(value, tuple) and len(value) == 2:
        return bool(value[0] <= found <= value[1])
    if isinstance(value, tuple):
        return tuple(found) == value
    return bool(abs(found - value) <= 2)


def _filled(wording: str, name: str, term: str) -> str:
    return str(wording).replace("<name>", name).replace("<term>", term)
