"""What a real recogniser heard, and what comes of it: from its n-best to the act.

    python -m simulator.benchmarks --only heard
    python -m simulator.benchmarks.heard            # speaks all requests again: minutes; writes data/heard.jsonl

Each line of `data/heard.jsonl` is a request to the cottage, spoken by a synthetic voice in a simulated room (some far
away, some noisy), with the hypotheses of our own recogniser. Right is what the same request does when it is typed.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.home import Home
from assistant.services import supports
from assistant.turn import Context, Execute, Hypothesis, Source, State, States, Turn, Utterance
from simulator.benchmarks.figures import Figure, share
from simulator.homes import load_home
from simulator.replay.stage import Stage

HOME = "cottage"
HEARD = Path(__file__).parent / "data" / "heard.jsonl"
NOON = datetime(2026, 3, 2, 12, 0)
REQUESTS = 240
CLOSER = (0.0, -3.0, -6.0)
"""By how many decibels people speak louder than usual."""
PEOPLE = ("Ann", "Ben", "Cleo", "Dan", "Eve", "Fay")
FORMS = (
    ("turn_on", "turn on the {name}"), ("turn_on", "can you turn on the {name}"), ("turn_off", "turn off the {name}"),
    ("turn_off", "switch the {name} off please"), ("turn_off", "shut off the {name} in the {room}"),
    ("open", "open the {name}"), ("close", "close the {name}"), ("lock", "lock the {name}"),
    ("set", "set the {name} to {number} percent"),
)  # fmt: skip
NUMBERS = ("ten", "twenty", "forty", "fifty", "eighty")
OPPOSITE = {"on": "off", "off": "on", "open": "closed", "closed": "open", "locked": "unlocked", "unlocked": "locked"}


@dataclass(frozen=True, slots=True)
class Line:
    """One request as it was said, and what was heard, best first: text and probability."""

    said: str
    heard: tuple[tuple[str, float], ...]

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """What was heard, as the assistant gets it."""
        return tuple(Hypothesis(text, confidence) for text, confidence in self.heard)


def heard(_data: Path | None, _seed: int) -> Iterator[Figure]:
    """What is done with all hypotheses and with the best alone; and what becomes of what would change nothing."""
    with HEARD.open(encoding="utf-8") as file:
        read = [json.loads(line) for line in file]
    lines = [Line(each["said"], tuple((text, sure) for text, sure in each["heard"])) for each in read]
    judge = _Judge()
    lines = [line for line in lines if line.heard and judge.acts([Hypothesis(line.said)])]
    for what, most in (("all hypotheses", 10), ("the best alone", 1)):
        counts = Counter(judge.outcome(line, most) for line in lines)
        for outcome in ("right act", "wrong act", "question"):
            yield share("heard", f"{what}: {outcome}", counts[outcome], len(lines))
    yield from judge.nothing_to_change(lines)
    judge.close()


class _Judge:
    """A home in which requests are decided on, and nothing is done."""

    def __init__(self) -> None:
        self._stage = Stage(load_home(HOME), NOON)
        self._stage.assistant.sync_home()
        self._states = self._stage.assistant.engine.states()

    def close(self) -> None:
        self._stage.close()

    def acts(self, hypotheses: Sequence[Hypothesis], states: States | None = None) -> Mapping[str, Mapping[str, Any]]:
        """What would be asked of which device."""
        return {command.entity: command.value for command in self._decided(hypotheses, states).commands}

    def _decided(self, hypotheses: Sequence[Hypothesis], states: States | None = None) -> Turn:
        context = Context(NOON, states=states or self._states)
        turn = Turn("t", context, Utterance(tuple(hypotheses), Source.VOICE, wake=1.0))
        return self._stage.assistant.pipeline.run(turn, start="nlu", stop="decide")

    def outcome(self, line: Line, most: int) -> str:
        """Whether the right thing is done, another one, or none."""
        turn = self._decided(line.hypotheses[:most])
        if not isinstance(turn.decision, Execute):
            return "question"
        done = {command.entity: command.value for command in turn.commands}
        return "right act" if done == self.acts([Hypothesis(line.said)]) else "wrong act"

    def nothing_to_change(self, lines: Sequence[Line]) -> Iterator[Figure]:
        """Requests of which the best hypothesis asks for what is so already: misheard ones, and repeated ones."""
        misheard, repeated = Counter[bool](), Counter[bool]()
        for line in lines:
            wished, first = self._switches([Hypothesis(line.said)]), self._switches(line.hypotheses[:1])
            if not wished or not first:
                continue
            already = {entity: State(state) for entity, state in first.items()}
            if wished == first:
                repeated[self._switches(line.hypotheses, already) in ({}, wished)] += 1
            elif not wished.items() & first.items():
                before = {entity: State(OPPOSITE[state]) for entity, state in wished.items()}
                misheard[self._switches(line.hypotheses, {**before, **already}) == wished] += 1
        yield share("heard", "misheard, and the best would change nothing: mended", misheard[True], misheard.total())
        yield share("heard", "asked for again what is so already: something else", repeated[False], repeated.total())

    def _switches(self, hypotheses: Sequence[Hypothesis], states: Mapping[str, State] | None = None) -> dict[str, str]:
        """The states that would be asked for; empty when anything else would be done."""
        acts = self.acts(hypotheses, {**self._states, **(states or {})})
        wished = {entity: str(value.get("state")) for entity, value in acts.items() if value.keys() == {"state"}}
        return wished if len(wished) == len(acts) and set(wished.values()) <= OPPOSITE.keys() else {}


def requests(home: Home, rng: random.Random) -> Iterator[str]:
    """Requests that this home can carry out, without end."""
    things = list(home.entities.values())
    while True:
        thing, (verb, form) = rng.choice(things), rng.choice(FORMS)
        room = home.areas.get(thing.area or "")
        if supports(thing, verb, {"value": 50, "unit": "%"}) and (room or "{room}" not in form):
            name, number = rng.choice(thing.names).lower(), rng.choice(NUMBERS)
            yield form.format(name=name, room=room.name.lower() if room else "", number=number)


def spoken(count: int, seed: int) -> Iterator[Line]:
    """Speak requests and tell what is heard."""
    from assistant.config import Speech
    from assistant.hearing import Hearing
    from assistant.tts import WorkerSynthesizer
    from simulator.acoustics.hearing import HearingChain, Said
    from simulator.acoustics.mishearings import PLACES, home_of
    from simulator.acoustics.voices import PersonVoice, Voices

    home, rng = home_of(HOME), random.Random(seed)
    ears, synthesizer = Hearing.open(Speech()), WorkerSynthesizer()
    ears.learn_home(home)
    chain = HearingChain(Voices(synthesizer), ears.recognizer)
    for number, text in zip(range(count), requests(home, rng), strict=False):
        voice, place = PersonVoice.of(rng.choice(PEOPLE)), PLACES[rng.choice(sorted(PLACES))]
        found = chain.hear(Said(voice, text, place, number, rng.choice(CLOSER)))
        yield Line(text, tuple((each.text, each.confidence) for each in found.hypotheses))
    synthesizer.close()
    ears.close()


def main() -> None:
    """Write what is heard now."""
    parser = argparse.ArgumentParser("python -m simulator.benchmarks.heard", description="Speak and hear anew.")
    parser.add_argument("--count", type=int, default=REQUESTS, help="how many requests")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--out", type=Path, default=HEARD)
    options = parser.parse_args()
    with options.out.open("w", encoding="utf-8") as file:
        for line in spoken(options.count, options.seed):
            file.write(json.dumps(asdict(line)) + "\n")
            file.flush()


if __name__ == "__main__":
    main()
