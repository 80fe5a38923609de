"""How well speech is understood: recognisers on the same recordings, none of which were trained on.

Three tests. Commands of a home by synthesised voices that are in no training: right when the assistant would do the
same as for the text. Coffee orders by people that are in no training: right when all slots are heard. Speech that is
not for the home: how often something would be done.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from assistant.asr.own import HomeVoskRecognizer
from assistant.asr.ports import Recognizer
from assistant.asr.sphinx import PocketSphinxRecognizer
from assistant.asr.training.people import Recording, kitchen, recordings, split
from assistant.asr.training.texts import order
from assistant.asr.training.voices import Voice, check_programs, some_voice, speak
from assistant.audio.sound import RATE, Audio, Samples, to_int16
from assistant.errors import UserError
from assistant.nlu import Understander
from assistant.nlu.phrasings import background, phrasings
from assistant.tts import WorkerSynthesizer
from assistant.turn import Confirm, Execute, Hypothesis, Source, Turn, Utterance
from simulator.acoustics.calibrate import FOREIGN
from simulator.acoustics.mishearings import home_of
from simulator.acoustics.voices import LEVEL, at_level, trimmed
from simulator.homes import HomeFile, load_home
from simulator.replay.stage import Stage

NOW = datetime(2026, 3, 2, 12, 0)
PHRASINGS = 6000
ORDERS = 8000
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


def home_commands(name: str, items: int, seed: int) -> list[tuple[Voice, str, Samples]]:
    """Sentences of a home in voices that are in no training. Raises `UserError` without the synthesisers."""
    check_programs()
    source = random.Random(seed)
    said = source.sample(sorted(phrasings(home_of(name), PHRASINGS)), items)
    found = []
    for text in said:
        voice = some_voice(source, held_out=True)
        found += [(voice, text, samples) for samples in speak(voice, [text])]
    return found


def commands(recognizers: Sequence[Recognizer], items: int, seed: int, home: str = "cottage") -> Iterator[Score]:
    """Right acts for commands of a home, clean and 10 dB above white noise."""
    said = home_commands(home, items, seed)
    doing = Doing(load_home(home))
    wanted = [doing.act((Hypothesis(text),), spoken=False) for _, text, _ in said]
    for recognizer in recognizers:
        recognizer.prepare([*phrasings(home_of(home), PHRASINGS), *background()])
        timed = Timed(recognizer)
        for name, snr in (("clean", QUIET), ("white noise 10 dB", 10.0)):
            right = []
            for number, ((_, _, samples), wish) in enumerate(zip(said, wanted, strict=True)):
                right.append(doing.act(timed(placed(samples, white, snr, number))) == wish)
            yield timed.score(f"commands, held-out voices, {name}: right act", right)


def orders(recognizers: Sequence[Recognizer], data: Path, seed: int) -> Iterator[Score]:
    """All slots right for coffee orders of people who are in no training, quiet and in kitchen noise."""
    _, tested = split(list(recordings(data, "picovoice-barista")))
    noise = recorded(kitchen(data)[1])
    source = random.Random(seed)
    sentences = sorted({" ".join(order(source)) for _ in range(ORDERS)})
    for recognizer in recognizers:
        recognizer.prepare(sentences)
        timed = Timed(recognizer)
        for name, snr in (("quiet", QUIET), ("kitchen noise 20 dB", 20.0), ("kitchen noise 10 dB", 10.0)):
            right = []
            for number, each in enumerate(tested):
                heard = timed(placed(each.samples, noise, snr, number))
                right.append(bool(heard) and _slots_right(each, heard[0].text))
            yield timed.score(f"coffee orders, people, {name}: all slots right", right)


def _slots_right(wanted: Recording, text: str) -> bool:
    """Whether every slot was heard, and no other one: what is left has no word of any slot."""
    rest = f" {text} "
    for value in sorted(wanted.slots.values(), key=len, reverse=True):
        if f" {value} " not in rest:
            return False
        rest = rest.replace(f" {value} ", "  ", 1)
    return not set(rest.split()) & SLOT_WORDS


SLOT_WORDS = frozenset((
    "coffee", "iced", "mocha", "house", "drip", "espresso", "cappuccino", "americano", "latte", "light", "dark",
    "roast", "small", "large", "ounce", "milk", "soy", "cream", "skim", "whole", "almond", "sugar", "brown",
    "sweetener", "single", "double", "triple", "shot", "lots", "bit", "lot",
))  # fmt: skip


def foreign(recognizers: Sequence[Recognizer], data: Path, seed: int, home: str = "cottage") -> Iterator[Score]:
    """What is not for a home: orders and wake words by people, sentences by voices. Right is to do nothing."""
    check_programs()
    source = random.Random(seed)
    _, tested = split(list(recordings(data, "picovoice-barista")))
    heard = [each.samples for each in tested]
    for text in FOREIGN:
        heard += speak(some_voice(source, held_out=True), [text])
    doing = Doing(load_home(home))
    for recognizer in recognizers:
        recognizer.prepare([*phrasings(home_of(home), PHRASINGS), *background()])
        timed = Timed(recognizer)
        right = []
        for number, samples in enumerate(heard):
            found = timed(placed(samples, white, (QUIET, 20.0, 10.0)[number % 3], number))
            right.append(doing.act(found)[0] != "act")
        yield timed.score("speech for nobody: nothing done", right)


def compare(data: Path | None, items: int, seed: int = 11) -> Iterator[Score]:
    """All tests for PocketSphinx and our own Vosk model; those with people only where their recordings are.

    Raises `UserError` when synthesisers or recordings are missing.
    """
    synthesizer = WorkerSynthesizer()
    recognizers = (PocketSphinxRecognizer(synthesizer.pronounce), HomeVoskRecognizer(synthesizer.pronounce))
    try:
        yield from commands(recognizers, items, seed)
        if data is not None:
            if not (data / "picovoice-barista.jsonl").exists():
                raise UserError(f"{data}: there is no picovoice-barista.jsonl")
            yield from orders(recognizers, data, seed)
            yield from foreign(recognizers, data, seed)
    finally:
        synthesizer.close()
