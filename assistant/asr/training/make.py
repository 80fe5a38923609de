"""Makes the acoustic model, from voices to the files of libvosk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.asr.training import corpus
from assistant.asr.training.align import Aligner
from assistant.asr.training.features import CONF, less_mean
from assistant.asr.training.kaldi import read_weights, write_mean, write_model
from assistant.asr.training.learn import Say, Schooling, train
from assistant.asr.training.network import CrossEntropy, MutualInformation, Network, phone_bigram
from assistant.asr.training.people import ORDERS, WAKE_WORDS, kitchen, recordings, split, spoken_orders, spoken_words
from assistant.asr.training.streams import Heard, Job, load_streams, prepare_streams

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
SAMPLED = 500
"""Streams from which the spread of the features is taken."""
SHARPNESS = 0.6
"""Scale of the scores with which training on sequences begins."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How much of what. Human recordings are few, so each is heard in more rooms."""

    utterances: int = 7_000
    copies: int = 2
    people_copies: int = 12
    width: int = 256
    epochs: int = 4
    sequence_epochs: int = 3
    seed: int = 5
    processes: int = 2
    start: Path | None = None
    """A model to go on from, in place of training on frames."""


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """Sums of the features and of their squares, over so many frames."""

    sums: NDArray[np.float64]
    squares: NDArray[np.float64]
    frames: int


def make(data: Path, work: Path, out: Path, recipe: Recipe, say: Say) -> None:
    """The whole recipe: synthesise, align, train, write the model's folder.

    What is in the work folder already is used again, so an interrupted run goes on where it was. `data` holds
    picovoice-*.jsonl and audio/.
    """
    voices = work / "spoken"
    corpus.synthesize(voices, recipe.utterances, recipe.seed, recipe.processes)
    say("voices are there")
    prepare_people(data, voices)
    say("people are there")
    jobs = list(_jobs(work, recipe))
    prepare_streams(jobs, [kitchen(data)[0]], recipe.processes)
    streams = [stream for job in jobs for stream in load_streams(job.target)]
    say(f"{len(streams)} streams, {sum(len(each.labels) for each in streams) / 360_000:.1f} hours")
    phones = [each.phones for path in sorted(voices.glob("*.npz")) for each in corpus.load(path)]
    network, statistics = trained(streams, phones, work, recipe, say)
    write(network, statistics, out)


def prepare_people(data: Path, folder: Path) -> None:
    """Align the recordings of people and keep them in the folder."""
    if (folder / "people-words.npz").exists():
        return
    aligner = Aligner()
    folder.mkdir(parents=True, exist_ok=True)
    taught, _ = split(list(recordings(data, ORDERS)))
    corpus.save(folder / "people-orders.npz", list(spoken_orders(taught, aligner)))
    words = spoken_words(list(recordings(data, WAKE_WORDS)), aligner)
    corpus.save(folder / "people-words.npz", list(words))


def _jobs(work: Path, recipe: Recipe) -> Iterator[Job]:
    for path in sorted((work / "spoken").glob("*.npz")):
        for copy in range(recipe.people_copies if path.name.startswith("people") else recipe.copies):
            yield Job(path, work / "streams" / f"{path.stem}-{copy:02}.npz", (recipe.seed, copy))


def trained(
    streams: list[Heard], phones: list[tuple[int, ...]], work: Path, recipe: Recipe, say: Say
) -> tuple[Network, Statistics]:
    """The network, taught frames and then sequences, and what the features are like."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(1)  # on two cores that others use too, two threads are slower
    sums = np.sum([each.features.sum(axis=0, dtype=np.float64) for each in streams], axis=0)
    squares = np.sum([np.square(each.features, dtype=np.float64).sum(axis=0) for each in streams], axis=0)
    statistics = Statistics(sums, squares, sum(len(each.features) for each in streams))
    mean = sums / statistics.frames
    heard = [Heard(less_mean(each.features, mean), each.labels) for each in streams]
    if recipe.start is not None:
        network = Network.of(read_weights(recipe.start / "am" / "final.mdl"))
    else:
        spread = np.sqrt(np.mean([np.square(each.features).mean(axis=0) for each in heard[:SAMPLED]], axis=0))
        network = Network(recipe.width, 1 / np.maximum(spread, 1e-3))
        frames = Schooling(recipe.epochs, 2e-3, work / "frames.pt", recipe.seed)
        train(network, heard, CrossEntropy(), frames, say)
        _fold_priors(network, heard)
    sequences = Schooling(recipe.sequence_epochs, 5e-4, work / "sequences.pt", recipe.seed + 1)
    train(network, heard, MutualInformation(phone_bigram(phones)), sequences, say)
    return network, statistics


def _fold_priors(network: Network, streams: list[Heard]) -> None:
    """Make likelihoods of posteriors, at the scale that decoding needs, as the start of sequence training."""
    counts = np.sum([np.bincount(each.labels, minlength=network.output.out_features) for each in streams], axis=0)
    priors = torch.tensor((counts + 1.0) / (counts + 1.0).sum(), dtype=torch.float32)
    with torch.no_grad():
        network.output.bias.sub_(torch.log(priors))
        network.output.weight.mul_(SHARPNESS)
        network.output.bias.mul_(SHARPNESS)


def write(network: Network, statistics: Statistics, out: Path) -> None:
    """Write what libvosk needs, without graphs: those are made for each home."""
    (out / "am").mkdir(parents=True, exist_ok=True)
    (out / "conf").mkdir(exist_ok=True)
    write_model(out / "am" / "final.mdl", network.exported())
    write_mean(out / "am" / "global_cmvn.stats", statistics.sums, statistics.squares, statistics.frames)
    (out / "conf" / "mfcc.conf").write_text(CONF, encoding="utf-8")
    (out / "conf" / "model.conf").write_text(MODEL_CONF, encoding="utf-8")
