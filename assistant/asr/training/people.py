"""Recordings of people: wake words and coffee orders, whose words are known only as slots, split by speaker."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from assistant.asr import language
from assistant.asr.pronounce import dictionary
from assistant.asr.training.align import Aligner, dictionary_path
from assistant.asr.training.corpus import Spoken, aligned_speech
from assistant.asr.training.features import mfcc
from assistant.asr.training.texts import order_with
from assistant.audio.sound import Samples
from assistant.errors import UserError

ORDERS, WAKE_WORDS = "picovoice-barista", "picovoice-wakeword"
KITCHEN = "audio/noise/noise_kitchen.flac"
SPEAKERS = 50
"""At least so many people gave the coffee orders; who gave which was not published."""
TRAINED = 0.5
"""Share of these people to train on."""
VARIANTS = 2000
"""Ways of ordering the same thing, of which the nearest is taken for what was said."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What a person said. `slots` is what a coffee order asks for."""

    id: str
    samples: Samples
    slots: dict[str, str]
    words: tuple[str, ...] = ()


def check_recordings(data: Path) -> None:
    """Raises `UserError` when the recordings of people, or of the kitchen, are not in the folder."""
    for name in (*(f"{which}.jsonl" for which in (ORDERS, WAKE_WORDS)), KITCHEN):
        if not (data / name).exists():
            raise UserError(f"{data}: there is no {name}")


def recordings(data: Path, name: str) -> Iterator[Recording]:
    """The recordings of `picovoice-barista` or `picovoice-wakeword` that are there as audio."""
    import soundfile

    for line in (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if "audio" in row and (data / row["audio"]).exists():
            samples, _ = soundfile.read(data / row["audio"], dtype="int16")
            word = row.get("wake_word")
            yield Recording(row["id"], samples, row.get("slots", {}), (word,) if word else ())


def split(found: list[Recording]) -> tuple[list[Recording], list[Recording]]:
    """Recordings to train on, and those of other people to test on.

    Speakers are told apart by how microphone and voice colour the sound: clusters (Ward) of mean and spread of the
    features. Every cluster falls on one side, so what is alike is never on both.
    """
    signs = []
    for each in found:
        frames = mfcc(each.samples)
        frames = frames[frames[:, 0] > np.median(frames[:, 0])]
        signs.append(np.concatenate([frames.mean(axis=0), frames.std(axis=0)]))
    scaled = np.array(signs)
    scaled = (scaled - scaled.mean(axis=0)) / scaled.std(axis=0)
    numbers = fcluster(linkage(scaled, "ward"), SPEAKERS, "maxclust")
    people = defaultdict(list)
    for number, each in zip(numbers, found, strict=True):
        people[number].append(each)
    train: list[Recording] = []
    test: list[Recording] = []
    for number in sorted(people):
        (train if random.Random(f"speaker {number}").random() < TRAINED else test).extend(people[number])
    return train, test


def spoken_orders(found: list[Recording], aligner: Aligner) -> Iterator[Spoken]:
    """Coffee orders with their sounds; the words are the nearest of many ways to order just that."""
    for each in found:
        source = random.Random(each.id)
        ways = {order_with(each.slots, source) for _ in range(VARIANTS)}
        words = _nearest(each.samples, sorted(ways))
        spoken = aligned_speech(aligner, each.samples, words) if words else None
        if spoken is not None:
            yield spoken


def spoken_words(found: list[Recording], aligner: Aligner) -> Iterator[Spoken]:
    """Wake words with their sounds."""
    for each in found:
        spoken = aligned_speech(aligner, each.samples, each.words)
        if spoken is not None:
            yield spoken


def _nearest(samples: Samples, ways: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Which of these sentences PocketSphinx hears."""
    from pocketsphinx import Config, Decoder

    decoder: Any = Decoder(Config(lm=None, cmn="batch", bestpath=False, loglevel="FATAL"))
    known = dictionary(dictionary_path(), language.vocabulary(ways))
    start, final, arcs = language.automaton([way for way in ways if all(word in known for word in way)])
    decoder.add_fsg("order", decoder.create_fsg("order", start, final, arcs))
    decoder.activate_search("order")
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), full_utt=True)
    decoder.end_utt()
    heard = decoder.hyp()
    return tuple(word.partition("(")[0] for word in heard.hypstr.split()) if heard else ()


def kitchen(data: Path) -> tuple[Samples, Samples]:
    """The recorded noise of a kitchen in halves: one to train with, one for the test."""
    import soundfile

    samples, _ = soundfile.read(data / KITCHEN, dtype="int16")
    half = len(samples) // 2
    return samples[:half], samples[half:]
