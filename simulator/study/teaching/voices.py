"""Who speaks: false attributions among those who enrolled, on recordings of people that nothing was fitted to."""

from __future__ import annotations

from pathlib import Path

from assistant.audio.speakers import Model, shipped
from assistant.audio.train_speakers import Trial, kitchen, parts, trials
from simulator.study.teaching.shares import Figure, Share, at_most

FALSE = 0.02


def figures(data: Path, split: str, seed: int) -> list[Figure]:
    """The figures of speakers: the second part of the recordings is `tune`, the third `test`."""
    groups = parts(data)[1 if split == "tune" else 2]
    model = shipped()
    found: list[Figure] = []
    for where, noise in (("clean", None), ("in a kitchen, 15 dB", kitchen(data))):
        tried = trials(model, groups, noise, seed)
        wrong = Share(sum(_attributed(model, each) and not each[1] for each in tried), len(tried))
        right = Share.of_all([_attributed(model, each) and each[1] for each in tried if each[2]])
        name = f"false speaker attributions, {where}"
        figure = at_most(name, wrong, FALSE)
        count = sum(map(len, groups))
        says = f"{wrong.value:.1%} of {wrong.of} trials with {count} recordings; known rightly: {right.value:.1%}"
        found.append(Figure(name, figure.bar, figure.value, says, figure.holds, figure.n))
    return found


def _attributed(model: Model, trial: Trial) -> bool:
    return trial[0] >= model.threshold
