"""How well people wake it: misses of a wake word at the cutoff that lets other speech wake it once in ten hours.

The cutoff is chosen on speech without the wake word and the misses are counted on other recordings. Nothing was trained
here; what the model's makers trained it on is not known in full.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.asr.training.people import ORDERS, WAKE_WORDS, check_recordings, kitchen, recordings
from assistant.asr.training.voices import check_programs, some_voice, speak
from assistant.audio.sound import RATE, Audio, Samples, silence
from assistant.audio.wake import COOL_DOWN, NeuralWakeWord
from assistant.config import Speech
from simulator.bench.speech import FOREIGN, QUIET, Score, placed, recorded, white

WORD = "alexa"
RATE_OF_ALARMS = 0.1
"""False alarms in an hour of other speech that are let pass."""
DEFAULT = Speech().wake_cutoff
HOP = 512
"""Samples between looks at the score."""
NOTABLE = 0.2
"""Scores of other speech below this are not kept: no cutoff is as low."""
AT_ONCE = 20
"""Sentences that a synthesised voice says in a row."""


@dataclass(frozen=True, slots=True)
class Talk:
    """Other speech: how long it was in hours, in how many pieces, and the scores at the moments most like the word."""

    hours: float
    pieces: int
    scores: tuple[float, ...]
    real_time: float

    def alarms(self, cutoff: float) -> int:
        """How often it would have woken."""
        return sum(score > cutoff for score in self.scores)

    def cutoff(self, rate: float) -> float:
        """The least cutoff, in hundredths, with at most `rate` alarms in an hour.

        >>> Talk(10.0, 9000, (0.3, 0.62, 0.9), 0.0).cutoff(0.1)
        0.62
        """
        steps = [step / 100 for step in range(round(NOTABLE * 100), 100)]
        return next((step for step in steps if self.alarms(step) <= rate * self.hours), steps[-1])


def peaks(word: NeuralWakeWord, samples: Samples) -> list[float]:
    """The highest score of each stretch in which the word seems to be said; stretches are a cool-down apart."""
    word.reset()
    found: list[float] = []
    since = COOL_DOWN * RATE
    for start in range(0, len(samples), HOP):
        word.process(samples[start : start + HOP])
        since += HOP
        if word.score < NOTABLE:
            continue
        if since > COOL_DOWN * RATE:
            found.append(word.score)
        else:
            found[-1] = max(found[-1], word.score)
        since = 0
    return found


def waking(data: Path, hours: float, seed: int) -> Iterator[Score]:
    """False alarms and misses of the wake word "Alexa", at the cutoff for one alarm in ten hours and at the default.

    Raises `UserError` when synthesisers or recordings are missing.
    """
    check_recordings(data)
    word = NeuralWakeWord(WORD)
    talk = listened(word, others(data, hours, seed))
    cutoffs = {f"{talk.cutoff(RATE_OF_ALARMS):.2f}": talk.cutoff(RATE_OF_ALARMS), f"{DEFAULT} (default)": DEFAULT}
    for name, cutoff in cutoffs.items():
        quiet = talk.pieces - talk.alarms(cutoff)
        yield Score(
            WORD, f"{talk.hours:.1f} h of other speech, cutoff {name}: not woken", quiet, talk.pieces, talk.real_time
        )
    noise = recorded(kitchen(data)[1])
    said = [each.samples for each in recordings(data, WAKE_WORDS) if each.words == (WORD,)]
    for place, snr in (("quiet", QUIET), ("kitchen noise 10 dB", 10.0)):
        began = time.process_time()
        placed_ones = [placed(samples, noise, snr, number) for number, samples in enumerate(said)]
        best = [max(peaks(word, _with_end(audio)), default=0.0) for audio in placed_ones]
        taken = (time.process_time() - began) / sum(audio.seconds for audio in placed_ones)
        for name, cutoff in cutoffs.items():
            heard = sum(score > cutoff for score in best)
            yield Score(WORD, f"wake word by people, {place}, cutoff {name}: heard", heard, len(best), taken)


def listened(word: NeuralWakeWord, pieces: Iterable[Samples]) -> Talk:
    """What a wake word makes of other speech."""
    scores: list[float] = []
    count = samples = 0
    spent = 0.0
    for piece in pieces:
        began = time.process_time()
        scores += peaks(word, piece)
        spent += time.process_time() - began
        count, samples = count + 1, samples + len(piece)
    return Talk(samples / RATE / 3600, count, tuple(scores), spent / max(samples / RATE, 1e-9))


def others(data: Path, hours: float, seed: int) -> Iterator[Samples]:
    """Speech without the wake word: all that people said, then foreign sentences of CLINC150 in synthesised voices."""
    left = hours * 3600 * RATE
    people = [each for name in (ORDERS, WAKE_WORDS) for each in recordings(data, name) if each.words != (WORD,)]
    for number, each in enumerate(people):
        audio = placed(each.samples, white, _snr(number), number)
        left -= len(audio.samples)
        yield audio.samples
    check_programs()
    rows = [json.loads(line) for line in (data / "clinc150.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = sorted({row["utterance"] for row in rows if row["intent"] in FOREIGN and WORD not in row["utterance"]})
    source = random.Random(seed)
    number = 0
    while left > 0:
        for samples in speak(some_voice(source, held_out=True), source.sample(texts, AT_ONCE)):
            number += 1
            audio = placed(samples, white, _snr(number), number)
            left -= len(audio.samples)
            yield audio.samples


def _snr(number: int) -> float:
    """By turns quiet and with noise."""
    return (QUIET, 20.0, 10.0)[number % 3]


def _with_end(audio: Audio) -> Samples:
    """With a moment of silence, in which the model may still make up its mind."""
    return np.concatenate([audio.samples, silence(0.5)])
