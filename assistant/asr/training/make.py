"""Makes the acoustic model, from voices to the files of libvosk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch

from assistant.asr.training import corpus
from assistant.asr.training.align import Aligner
from assistant.asr.training.augment import Room
from assistant.asr.training.features import CONF, less_mean, mfcc
from assistant.asr.training.kaldi import write_mean, write_model
from assistant.asr.training.network import CrossEntropy, Heard, MutualInformation, Network, phone_bigram, train
from assistant.asr.training.people import recordings, split, spoken_orders, spoken_words
from assistant.audio.sound import Samples

Say = Callable[[str], None]
AT_MOST = 3
"""Utterances in a stream."""
MODEL_CONF = """--min-active=200
--max-active=3000
--beam=13.0
--lattice-beam=4.0
--acoustic-scale=1.0
--frame-subsampling-factor=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much of what. Human recordings are few, so each is heard in more rooms."""

    utterances: int = 4_750
    copies: int = 2
    people_copies: int = 8
    width: int = 256
    epochs: int = 4
    sequence_epochs: int = 3
    seed: int = 5
    processes: int = 2


def prepare_people(data: Path, folder: Path) -> None:
    """Align the recordings of people and keep them in the folder."""
    if (folder / "people-words.npz").exists():
        return
    aligner = Aligner()
    folder.mkdir(parents=True, exist_ok=True)
    trained, _ = split(list(recordings(data, "picovoice-barista")))
    corpus.save(folder / "people-orders.npz", list(spoken_orders(trained, aligner)))
    words = spoken_words(list(recordings(data, "picovoice-wakeword")), aligner)
    corpus.save(folder / "people-words.npz", list(words))


def heard(paths: Iterable[Path], noises: list[Samples], recipe: Recipe) -> tuple[list[Heard], list[tuple[int, ...]]]:
    """What the network hears of the files, with global mean not yet taken out, and the sequences of phones."""
    jobs = [
        (path, recipe.people_copies if path.name.startswith("people") else recipe.copies, recipe.seed)
        for path in sorted(paths)
    ]
    streams: list[Heard] = []
    phones: list[tuple[int, ...]] = []
    with ProcessPoolExecutor(recipe.processes) as pool:
        for found, sequences in pool.map(partial(_heard, noises), jobs):
            streams += found
            phones += sequences
    return streams, phones


def _heard(noises: list[Samples], job: tuple[Path, int, int]) -> tuple[list[Heard], list[tuple[int, ...]]]:
    path, copies, seed = job
    spoken = list(corpus.load(path))
    found = []
    for copy in range(copies):
        source = np.random.default_rng([seed, copy, sum(path.name.encode())])
        room = Room(source, noises)
        order = [spoken[number] for number in source.permutation(len(spoken))]
        while order:
            taken = [order.pop() for _ in range(min(len(order), int(source.integers(1, AT_MOST + 1))))]
            others = [spoken[number] for number in source.integers(len(spoken), size=4)]
            stream = room.stream(taken, others)
            features = mfcc(stream.samples)
            found.append(Heard(features.astype(np.float32), stream.labels[: len(features)]))
    return found, [each.phones for each in spoken]


def make(streams: list[Heard], phones: list[tuple[int, ...]], out: Path, recipe: Recipe, say: Say) -> None:
    """Train on the streams and write the model's folder."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.processes)
    frames = sum(len(each.features) for each in streams)
    say(f"{len(streams)} streams, {frames / 360_000:.1f} hours")
    sums = np.sum([each.features.sum(axis=0, dtype=np.float64) for each in streams], axis=0)
    squares = np.sum([np.square(each.features, dtype=np.float64).sum(axis=0) for each in streams], axis=0)
    heard = [Heard(less_mean(each.features, sums / frames), each.labels) for each in streams]
    spread = np.sqrt(np.mean([np.square(each.features).mean(axis=0) for each in heard[:500]], axis=0))
    network = Network(recipe.width, 1 / np.maximum(spread, 1e-3))
    train(network, heard, recipe.epochs, 2e-3, CrossEntropy(), say)
    torch.save(network.state_dict(), out.with_suffix(".entropy.pt"))
    _fold_priors(network, heard)
    train(network, heard, recipe.sequence_epochs, 5e-4, MutualInformation(phone_bigram(phones)), say)
    torch.save(network.state_dict(), out.with_suffix(".sequence.pt"))
    write(network, sums, squares, frames, out)


def _fold_priors(network: Network, streams: list[Heard]) -> None:
    """Make likelihoods of posteriors, at the scale that decoding needs, as the start of sequence training."""
    counts = np.sum([np.bincount(each.labels, minlength=network.output.out_features) for each in streams], axis=0)
    priors = torch.tensor((counts + 1.0) / (counts + 1.0).sum(), dtype=torch.float32)
    with torch.no_grad():
        network.output.bias.sub_(torch.log(priors))
        network.output.weight.mul_(0.6)
        network.output.bias.mul_(0.6)


def write(network: Network, sums: np.ndarray, squares: np.ndarray, frames: int, out: Path) -> None:
    """Write what libvosk needs, without graphs: those are made for each home."""
    (out / "am").mkdir(parents=True, exist_ok=True)
    (out / "conf").mkdir(exist_ok=True)
    write_model(out / "am" / "final.mdl", network.exported())
    write_mean(out / "am" / "global_cmvn.stats", sums, squares, frames)
    (out / "conf" / "mfcc.conf").write_text(CONF, encoding="utf-8")
    (out / "conf" / "model.conf").write_text(MODEL_CONF, encoding="utf-8")
