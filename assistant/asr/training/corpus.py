"""The spoken sentences to train on, with their sounds, kept in files of a few hundred each."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from assistant.asr.phones import PHONES
from assistant.asr.training.align import Aligned, Aligner, dictionary_path
from assistant.asr.training.texts import dictionary_words, texts
from assistant.asr.training.voices import some_voice, speak
from assistant.audio.sound import RATE, Samples

SHARD = 250
"""Utterances in a file at most."""
AT_ONCE = 5
"""Sentences in the same voice."""


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """One utterance: samples at 16 kHz, its sounds (0 is silence, else one more than the place in `PHONES`), begins."""

    samples: Samples
    phones: tuple[int, ...]
    begins: tuple[int, ...]


def synthesize(folder: Path, utterances: int, seed: int, processes: int) -> None:
    """Make the synthesised part; what is already there is kept, so it goes on where it was interrupted."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {
        folder / f"voices-{begin // SHARD:04}.npz": min(SHARD, utterances - begin)
        for begin in range(0, utterances, SHARD)
    }
    missing = {path: size for path, size in sizes.items() if not path.exists()}
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(partial(_shard, seed), missing, missing.values()))


def _shard(seed: int, path: Path, utterances: int) -> None:
    source = random.Random(f"{seed} {path.name}")
    aligner = Aligner()
    known = dictionary_words(dictionary_path())
    sentences = texts(source, known)
    found: list[Spoken] = []
    for _ in range(-(-utterances // AT_ONCE)):
        voice = some_voice(source)
        said = [next(sentences) for _ in range(AT_ONCE)]
        try:
            sounds = speak(voice, [" ".join(words) for words in said])
        except (subprocess.SubprocessError, ValueError):
            continue  # a synthesiser stumbled over a text
        if len(sounds) == len(said):
            aligned = (aligned_speech(aligner, samples, words) for samples, words in zip(sounds, said, strict=True))
            found += [each for each in aligned if each is not None]
    save(path, found)


def aligned_speech(aligner: Aligner, samples: Samples, words: tuple[str, ...]) -> Spoken | None:
    """An utterance with its sounds, a tenth of a second of silence around it; `None` when it can't be aligned."""
    padded = np.pad(samples, RATE // 10)
    aligned: Aligned | None = aligner.align(padded, words)
    if aligned is None:
        return None
    numbers = tuple(0 if phone == "SIL" else 1 + PHONES.index(phone) for phone in aligned.phones)
    return Spoken(padded, numbers, aligned.begins)


def save(path: Path, spoken: list[Spoken]) -> None:
    """Write a file; it appears only when it is whole."""
    part = path.with_suffix(".part.npz")
    np.savez(
        part,
        samples=np.concatenate([np.zeros(0, np.int16), *(each.samples for each in spoken)]),
        lengths=np.array([len(each.samples) for each in spoken], int),
        phones=np.array([phone for each in spoken for phone in each.phones], int),
        begins=np.array([begin for each in spoken for begin in each.begins], int),
        counts=np.array([len(each.phones) for each in spoken], int),
    )
    part.replace(path)


def load(path: Path) -> Iterator[Spoken]:
    """Read a file."""
    with np.load(path) as data:
        ends, stops = np.cumsum(data["lengths"]), np.cumsum(data["counts"])
        samples, phones, begins = data["samples"], data["phones"], data["begins"]
        for end, length, stop, count in zip(ends, data["lengths"], stops, data["counts"], strict=True):
            span = slice(stop - count, stop)
            yield Spoken(samples[end - length : end], tuple(phones[span].tolist()), tuple(begins[span].tolist()))
