"""What the network hears of the spoken sentences, kept in files: features of streams and the right outputs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.asr.training import corpus
from assistant.asr.training.augment import Room
from assistant.asr.training.corpus import Spoken
from assistant.asr.training.features import SIZE, Features, mfcc
from assistant.asr.training.voices import sized
from assistant.audio.sound import Samples

AT_MOST = 3
"""Utterances in a stream."""
SIZES = (0.9, 1.1)
"""By how much a speaker grows or shrinks; pace, pitch and formants go with it (Ko et al. 2015)."""
WARPS = (0.9, 0.94, 0.97, 1.0, 1.0, 1.03, 1.06, 1.1)
"""Shifts of the formants alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """Features of a stream and the right output of each frame."""

    features: Features
    labels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Job:
    """One file of spoken sentences, once through rooms; `target` is where the streams go."""

    source: Path
    target: Path
    seed: tuple[int, ...]


def prepare_streams(jobs: list[Job], noises: list[Samples], processes: int) -> None:
    """Make the files of streams; those that are there are kept, so it goes on where it was interrupted."""
    missing = [job for job in jobs if not job.target.exists()]
    for job in missing:
        job.target.parent.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(partial(_make, noises), missing))


def _make(noises: list[Samples], job: Job) -> None:
    """Each utterance is said by somebody of another size; formants are another stream's."""
    spoken = list(corpus.load(job.source))
    source = np.random.default_rng([*job.seed, *job.source.name.encode()])
    room = Room(source, noises)
    order = [spoken[number] for number in source.permutation(len(spoken))]
    found: list[Heard] = []
    while order:
        taken = [order.pop() for _ in range(min(len(order), int(source.integers(1, AT_MOST + 1))))]
        others = [spoken[number] for number in source.integers(len(spoken), size=4)]
        stream = room.stream([resized(each, source.uniform(*SIZES)) for each in taken], others)
        features = mfcc(stream.samples, float(source.choice(WARPS)))
        found.append(Heard(features, stream.labels[: len(features)]))
    _save(job.target, found)


def resized(spoken: Spoken, size: float) -> Spoken:
    """The same, said by somebody larger (above one) or smaller.

    >>> one = Spoken(np.zeros(16000, np.int16), (0, 7), (0, 50))
    >>> larger = resized(one, 1.1)
    >>> len(larger.samples), larger.begins
    (17600, (0, 55))
    """
    return Spoken(sized(spoken.samples, size), spoken.phones, tuple(round(begin * size) for begin in spoken.begins))


def _save(path: Path, streams: list[Heard]) -> None:
    part = path.with_suffix(".part.npz")
    np.savez(
        part,
        features=np.concatenate([np.zeros((0, SIZE)), *(each.features for each in streams)]).astype(np.float16),
        labels=np.concatenate([np.zeros(0, np.uint8), *(each.labels for each in streams)]),
        lengths=np.array([len(each.labels) for each in streams], int),
    )
    part.replace(path)


def load_streams(path: Path) -> Iterator[Heard]:
    """Read a file."""
    with np.load(path) as data:
        features, labels = data["features"].astype(np.float32).reshape(-1, SIZE), data["labels"]
        for end, length in zip(np.cumsum(data["lengths"]), data["lengths"], strict=True):
            yield Heard(features[end - length : end], labels[end - length : end])
