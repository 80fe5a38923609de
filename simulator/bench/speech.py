"""How well speech is understood: recognisers on the same recordings, none of which were trained on.

Commands of a home by synthesised voices that are in no training: right when the assistant would do the same as for the
text. Coffee orders by people who are in no training: right when all slots are heard. Speech that is not for the home:
right when nothing is done.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from assistant.asr import Recognizer, choose_recognizer
from assistant.asr.training.people import kitchen
from assistant.asr.training.voices import check_programs, some_voice, speak
from assistant.audio.sound import RATE, Audio, Samples, to_int16
from assistant.hearing import PHRASINGS
from assistant.nlu import Understander
from assistant.nlu.phrasings import background, patterns, phrasings
from assistant.tts import WorkerSynthesizer
from assistant.turn import Confirm, Execute, Hypothesis, Source, Turn, Utterance
from simulator.acoustics.mishearings import home_of
from simulator.acoustics.voices import LEVEL, at_level, trimmed
from simulator.bench import barista
from simulator.homes import HomeFile, load_home
from simulator.replay.stage import Stage

NOW = datetime(2026, 3, 2, 12, 0)
OTHER_DRAW = 77
"""Seed of sentences that are not on the list."""
STRETCHES = 3
"""Times that a recording is heard in noise."""
FOREIGN = frozenset({
    "oos", "book_flight", "flight_status", "exchange_rate", "translate", "balance", "transfer", "credit_score", "taxes",
    "insurance", "calories", "travel_alert", "tire_pressure", "vaccines", "international_visa", "definition",
})  # fmt: skip
"""Intents of CLINC150 that no home has."""
SURE = 1.96
"""Standard deviations that 95 % of a normal distribution lie within."""
PAUSE = round(0.3 * RATE)
"""Samples of the place around an utterance, as the end-of-speech detector leaves them."""
Noise = Callable[[int, np.random.Generator], np.ndarray]
QUIET = 40.0


@dataclass(frozen=True, slots=True)
class Score:
    """How many of how many were right, and the recogniser's time as a share of the audio's."""

    recognizer: str
    test: str
    right: int
    items: int
    real_time: float

    @property
    def share(self) -> float:
        """Of what was right, 0 to 1."""
        return self.right / max(1, self.items)

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies with 95 % (Wilson 1927), as if all items were independent.

        >>> [round(bound, 3) for bound in Score("", "", 95, 100, 0.0).interval]
        [0.888, 0.978]
        """
        total = max(1, self.items)
        centre = (self.share + SURE**2 / (2 * total)) / (1 + SURE**2 / total)
        spread = self.share * (1 - self.share) / total + SURE**2 / (4 * total**2)
        half = SURE * math.sqrt(spread) / (1 + SURE**2 / total)
        return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(slots=True)
class Timed:
    """A recogniser and a stop watch."""

    recognizer: Recognizer
    spent: float = 0.0
    heard: float = 0.0

    def __call__(self, audio: Audio) -> tuple[Hypothesis, ...]:
        """What it hears."""
        began = time.process_time()
        found = self.recognizer.recognize(audio)
        self.spent += time.process_time() - began
        self.heard += audio.seconds
        return found

    def score(self, test: str, right: Sequence[bool]) -> Score:
        """The result so far, beginning anew."""
        taken = self.spent / max(self.heard, 1e-9)
        self.spent = self.heard = 0.0
        return Score(self.recognizer.name, test, sum(right), len(right), taken)


def white(count: int, source: np.random.Generator) -> np.ndarray:
    """Noise of all frequencies, at a root mean square of one."""
    return source.standard_normal(count)


def recorded(samples: Samples) -> Noise:
    """Noise cut from a recording."""
    base = samples.astype(float) / float(np.std(samples))

    def cut(count: int, source: np.random.Generator) -> np.ndarray:
        return np.resize(np.roll(base, -int(source.integers(len(base)))), count)

    return cut


def placed(samples: Samples, noise: Noise, snr: float, seed: int) -> Audio:
    """A voice in a place: trimmed to what sounds, at the usual loudness, `snr` dB above the noise."""
    voice = np.pad(at_level(trimmed(samples)).astype(float), PAUSE)
    return Audio(to_int16(voice + noise(len(voice), np.random.default_rng(seed)) * LEVEL * 10 ** (-snr / 20)))


class Doing:
    """What an assistant in a home would do about what was heard."""

    def __init__(self, home: HomeFile) -> None:
        self._home = home
        self._understander = Understander.load()

    def act(self, heard: Sequence[Hypothesis], spoken: bool = True) -> tuple[Any, ...]:
        """Commands that are given, or asked to be confirmed; else the kind of decision and the intents."""
        if not heard:
            return ("nothing",)
        stage = Stage(self._home, NOW, understander=self._understander)
        try:
            said = Utterance(tuple(heard), Source.VOICE, wake=1.0) if spoken else Utterance(tuple(heard))
            return _done(stage.assistant.engine.hear(said))
        finally:
            stage.store.close()


def _done(turn: Turn) -> tuple[Any, ...]:
    decision = turn.decision
    intents = tuple(each.name for each in turn.parse.intents) if turn.parse else ()
    if isinstance(decision, Execute | Confirm) and decision.commands:
        return ("act", tuple(sorted((each.entity, each.service, str(each.value)) for each in decision.commands)))
    kind = decision.kind if decision else "none"
    return (kind, intents, turn.outcome.answers if turn.outcome else ())


@dataclass(frozen=True, slots=True)
class Command:
    """A sentence for a home, and how it sounds."""

    text: str
    samples: Samples


def listed(home: str, count: int, source: random.Random) -> list[str]:
    """Sentences that are on the list which recognisers are prepared with."""
    return source.sample(sorted(phrasings(home_of(home), PHRASINGS)), count)


def unlisted(home: str, count: int, source: random.Random) -> list[str]:
    """Sentences for the same home that are not on the list."""
    known = home_of(home)
    others = set(phrasings(known, 2 * PHRASINGS, OTHER_DRAW)) - set(phrasings(known, PHRASINGS))
    return source.sample(sorted(others), count)


def said_by_voices(texts: Sequence[str], source: random.Random) -> list[Command]:
    """The texts in voices that are in no training. Raises `UserError` without the synthesisers."""
    check_programs()
    return [Command(text, samples) for text in texts for samples in speak(some_voice(source, held_out=True), [text])]


def commands(recognizers: Sequence[Recognizer], items: int, seed: int, home: str = "cottage") -> Iterator[Score]:
    """Right acts for commands of a home, clean and 10 dB above white noise."""
    source = random.Random(seed)
    sets = [("", said_by_voices(listed(home, items, source), source))]
    sets.append((" not on the list", said_by_voices(unlisted(home, items, source), source)))
    doing = Doing(load_home(home))
    for recognizer in recognizers:
        listen_for(recognizer, home)
        timed = Timed(recognizer)
        for kind, said in sets:
            for name, snr in (("clean", QUIET), ("white noise 10 dB", 10.0)):
                right = []
                for number, each in enumerate(said):
                    wish = doing.act((Hypothesis(each.text),), spoken=False)
                    right.append(doing.act(timed(placed(each.samples, white, snr, number))) == wish)
                yield timed.score(f"commands{kind}, held-out voices, {name}: right act", right)


def listen_for(recognizer: Recognizer, home: str) -> None:
    """Prepare as an assistant does in this home."""
    known = home_of(home)
    recognizer.prepare([*phrasings(known, PHRASINGS), *background()], patterns(known))


def orders(recognizers: Sequence[Recognizer], data: Path, seed: int) -> Iterator[Score]:
    """All slots right for coffee orders of people who are in no training, quiet and in kitchen noise.

    In noise each recording is heard in several stretches of it.
    """
    tested = barista.orders_said(data)
    noise = recorded(kitchen(data)[1])
    for recognizer in recognizers:
        recognizer.prepare(barista.sentences(seed), barista.patterns())
        timed = Timed(recognizer)
        for name, snr in (("quiet", QUIET), ("kitchen noise 20 dB", 20.0), ("kitchen noise 10 dB", 10.0)):
            right = []
            for number, each in enumerate(tested * (1 if snr == QUIET else STRETCHES)):
                heard = timed(placed(each.samples, noise, snr, number))
                right.append(bool(heard) and barista.slots_right(each, heard[0].text))
            yield timed.score(f"coffee orders, people, {name}: all slots right", right)


def foreign(recognizers: Sequence[Recognizer], data: Path, minutes: float, seed: int) -> Iterator[Score]:
    """What is not for a home: orders by people, questions by voices. Right is to do nothing."""
    talk = list(others_talk(data, minutes * 60, seed))
    doing = Doing(load_home("cottage"))
    for recognizer in recognizers:
        listen_for(recognizer, "cottage")
        timed = Timed(recognizer)
        right = []
        for number, samples in enumerate(talk):
            found = timed(placed(samples, white, (QUIET, 20.0, 10.0)[number % 3], number))
            right.append(doing.act(found)[0] != "act")
        length = sum(map(len, talk)) / RATE / 60
        yield timed.score(f"{length:.0f} minutes of speech for nobody: nothing done", right)


def others_talk(data: Path, seconds: float, seed: int) -> Iterator[Samples]:
    """So much speech that is for no home: orders of people, then foreign sentences of CLINC150 in voices."""
    for each in barista.orders_said(data):
        seconds -= len(each.samples) / RATE
        yield each.samples
    rows = [json.loads(line) for line in (data / "clinc150.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = sorted({row["utterance"] for row in rows if row["intent"] in FOREIGN})
    source = random.Random(seed)
    source.shuffle(texts)
    check_programs()
    for text in texts:
        if seconds <= 0:
            return
        for samples in speak(some_voice(source, held_out=True), [text]):
            seconds -= len(samples) / RATE
            yield samples


@dataclass(frozen=True, slots=True)
class Plan:
    """Which recognisers (`vosk`, `pocketsphinx`) hear what: commands of each kind, and minutes of talk for nobody."""

    recognizers: tuple[str, ...] = ("pocketsphinx", "vosk")
    items: int = 200
    minutes: float = 60.0
    seed: int = 11


def compare(data: Path | None, plan: Plan) -> Iterator[Score]:
    """All tests; those with people only where their recordings are.

    Raises `UserError` when synthesisers or recordings are missing.
    """
    synthesizer = WorkerSynthesizer()
    recognizers = [choose_recognizer(name, None, synthesizer.pronounce).recognizer for name in plan.recognizers]
    seed = plan.seed
    try:
        yield from commands(recognizers, plan.items, seed)
        if data is not None:
            yield from orders(recognizers, data, seed)
            yield from foreign(recognizers, data, plan.minutes, seed)
    finally:
        synthesizer.close()
