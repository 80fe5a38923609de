"""Trains `speakers.npz`: the mixture of everybody's speech, a cohort of strangers, and the threshold.

Recordings are put into groups that sound alike (who gave them was not published) and the groups into three parts: one
for mixture and cohort, one for the threshold, one that `mynah study teaching --data DIR` reports on.

    python -m assistant.audio.train_speakers DIR      # DIR: picovoice-barista.jsonl and audio/
"""

from __future__ import annotations

import argparse
import random
import warnings
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.asr.training.people import recordings
from assistant.audio.sound import RATE, Samples, to_int16
from assistant.audio.speakers import Floats, Model, frames_of

COMPONENTS = 16
PEOPLE = 45
"""Groups that the recordings are put into; more than fifty people spoke."""
SEED = 2
FALSE = 0.008
"""Share of false attributions at which the threshold is set; the bar is at 0.02."""
HOUSEHOLD = 3
"""People who enrol in a trial; a fourth is a stranger."""
TRIALS = 4000
ENROLLED = 0.6
"""Share of a recording's speech that enrols; the rest is tried."""
NOISE = 15.0
"""Decibels by which speech is louder than the kitchen, in half of the trials."""
FRAME = RATE // 100
Trial = tuple[float, bool, bool]
"""The best score, whether it is of the person who speaks, and whether that one has enrolled."""


def spoken(samples: Samples) -> Samples:
    """The speech of a recording, without the silence around and inside."""
    count = len(samples) // FRAME
    blocks = samples[: count * FRAME].reshape(count, FRAME)
    level = 10 * np.log10((blocks.astype(np.float64) ** 2).mean(axis=1) + 1)
    loud = np.convolve(level > np.percentile(level, 95) - 28, np.ones(5), "same") > 2
    return np.asarray(blocks[loud].ravel(), dtype=np.int16)


def parts(data: Path) -> list[list[list[Samples]]]:
    """Three parts of groups of recordings; what sounds alike is never in two of them."""
    from scipy.cluster.hierarchy import fcluster, linkage

    found = [spoken(each.samples) for each in recordings(data, "picovoice-barista")]
    signs = np.array([frames_of(each)[:, :19].mean(axis=0) for each in found])
    numbers = fcluster(linkage((signs - signs.mean(axis=0)) / signs.std(axis=0), "average"), PEOPLE, "maxclust")
    groups = [
        [each for each, of in zip(found, numbers, strict=True) if of == number] for number in sorted(set(numbers))
    ]
    random.Random(SEED).shuffle(groups)
    return [groups[start::3] for start in range(3)]


def trained(groups: Sequence[Sequence[Samples]]) -> Model:
    """Mixture and cohort of one part, with no threshold yet."""
    from sklearn.mixture import GaussianMixture

    frames = [frames_of(each) for group in groups for each in group]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # forty steps are enough, whether or not it has converged
        mixture = GaussianMixture(COMPONENTS, covariance_type="diag", random_state=0, max_iter=40, reg_covar=1e-2)
        mixture.fit(np.vstack(frames))
    empty = np.zeros((0, 0))
    size = mixture.means_.size
    model = Model(mixture.means_, 1 / mixture.covariances_, np.log(mixture.weights_), empty, np.zeros(size), np.inf)
    cohort = np.array([model.whole(each) for each in frames])
    centre = cohort.mean(axis=0)
    cohort -= centre
    return replace(model, centre=centre, cohort=cohort / np.linalg.norm(cohort, axis=1, keepdims=True))


def noisy(samples: Samples, noise: Samples, chance: np.random.Generator) -> Samples:
    """Speech in a kitchen."""
    start = int(chance.integers(0, len(noise) - len(samples)))
    piece = noise[start : start + len(samples)].astype(np.float64)
    speech = samples.astype(np.float64)
    gain = np.sqrt((speech**2).mean() / (piece**2).mean() / 10 ** (NOISE / 10))
    return to_int16(speech + gain * piece)


def trials(
    model: Model, groups: Sequence[Sequence[Samples]], noise: Samples | None, seed: int
) -> list[tuple[float, bool, bool]]:
    """Somebody of the household, or a stranger, speaks: what is made of it, many times."""
    draws = np.random.default_rng(seed)
    enrolled, tried = [], []
    for group in groups:
        cut = [(each[: round(len(each) * ENROLLED)], each[round(len(each) * ENROLLED) :]) for each in group]
        enrolled.append([model.voice(frames_of(first)) for first, _ in cut])
        rest = [noisy(last, noise, draws) if noise is not None else last for _, last in cut]
        tried.append([model.voice(frames_of(each)) if len(each) > 3 * FRAME else None for each in rest])
    chance = random.Random(seed)
    found = []
    for _ in range(TRIALS):
        people = chance.sample(range(len(groups)), HOUSEHOLD + 1)
        which = [chance.randrange(len(groups[person])) for person in people]
        who = chance.randrange(HOUSEHOLD + 1)
        voice = tried[people[who]][which[who]]
        if voice is None:
            continue
        scores = [model.score(voice, enrolled[people[each]][which[each]]) for each in range(HOUSEHOLD)]
        best = int(np.argmax(scores))
        found.append((scores[best], best == who, who < HOUSEHOLD))
    return found


def threshold(found: Sequence[Trial]) -> float:
    """The lowest score from which on false attributions are as rare as wanted."""
    wrong = sorted((score for score, right, _ in found if not right), reverse=True)
    allowed = int(FALSE * len(found))
    above, below = next(pairwise(wrong[allowed - 1 : allowed + 1] if allowed else [wrong[0] + 0.1, wrong[0]]))
    return (above + below) / 2


def kitchen(data: Path) -> Samples:
    """The noise of a kitchen."""
    import soundfile

    samples, _ = soundfile.read(data / "audio" / "noise" / "noise_kitchen.flac", dtype="int16")
    return np.asarray(samples, dtype=np.int16)


def save(model: Model, out: Path) -> None:
    """Write the model, in single precision."""

    def small(array: Floats) -> NDArray[np.float32]:
        return array.astype(np.float32)

    np.savez_compressed(
        out,
        means=small(model.means),
        precisions=small(model.precisions),
        weights=small(model.weights),
        cohort=small(model.cohort),
        centre=small(model.centre),
        threshold=np.float32(model.threshold),
    )


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    first, second, _ = parts(data)
    noise, chance = kitchen(data), np.random.default_rng(SEED)
    model = trained([*first, *([noisy(each, noise, chance) for each in group] for group in first)])
    found = trials(model, second, None, 1) + trials(model, second, noise, 1)
    model = replace(model, threshold=round(threshold(found), 3))
    out = Path(__file__).parent / "speakers.npz"
    save(model, out)
    print(f"threshold {model.threshold:g}; {out.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
