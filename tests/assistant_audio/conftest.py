from collections.abc import Iterator

import numpy as np
import pytest

from assistant.asr.sphinx import PocketSphinxRecognizer
from assistant.audio.endpoint import Endpointer, SileroDetector
from assistant.audio.listener import Listener
from assistant.audio.wake import NeuralWakeWord
from assistant.tts import WorkerSynthesizer

VERBS = ("turn on", "turn off", "switch on", "switch off")
LIGHTS = ("kitchen light", "living room lights", "bedroom lamp", "garage light", "hallway light")
DOORS = ("garage door", "garden gate", "bedroom curtains", "front door")
SENTENCES = [
    *(f"{verb} the {light}" for verb in VERBS for light in LIGHTS),
    *(f"{verb} the {door}" for verb in ("open", "close", "stop") for door in DOORS),
    *(f"set the oven to {degrees} degrees" for degrees in (150, 160, 180, 200, 220)),
    *(f"is the {door} open" for door in DOORS),
    "what's the temperature",
    "stop",
    "no the garage door",
    "yes",
    "set a timer for ten minutes",
]


@pytest.fixture(scope="session")
def synthesizer() -> Iterator[WorkerSynthesizer]:
    made = WorkerSynthesizer(wake_phrases=["Alexa"])
    yield made
    made.close()


@pytest.fixture(scope="session")
def recognizer(synthesizer: WorkerSynthesizer) -> PocketSphinxRecognizer:
    made = PocketSphinxRecognizer(synthesizer.pronounce)
    made.prepare(SENTENCES)
    return made


@pytest.fixture
def listener() -> Listener:
    return Listener(NeuralWakeWord(), Endpointer(SileroDetector()))


def noise(seconds: float, level: float = 10.0, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, level, round(seconds * 16_000)).astype(np.int16)
