"""The network, what it is shown, and what it is to get right: frames first, then sequences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from assistant.asr.phones import OUTPUTS
from assistant.asr.training.features import SIZE, Features
from assistant.asr.training.kaldi import Layer
from assistant.asr.training.streams import Heard

OFFSETS = ((-2, -1, 0, 1, 2), (-1, 0, 1), (-3, 0, 3), (-3, 0, 3), (-3, 0, 3), (-6, 0, 6), (-9, 0, 3))
"""Frames of 10 ms; from the second layer on only every third is needed."""
LEFT = -sum(min(offsets) for offsets in OFFSETS)
RIGHT = sum(max(offsets) for offsets in OFFSETS)
STRIDE = 3
CHUNK = 64
"""Outputs that are trained on together."""
BATCH = 64


class Network(nn.Module):
    """A time-delay network (Peddinti et al. 2015). Input: batch, LEFT + 3 * (outputs - 1) + 1 + RIGHT frames, 40."""

    def __init__(self, width: int, scale: NDArray[np.floating]) -> None:
        super().__init__()
        sizes = [SIZE] + [width] * len(OFFSETS)
        self.layers = nn.ModuleList(
            nn.Linear(len(offsets) * below, width) for offsets, below in zip(OFFSETS, sizes, strict=False)
        )
        for layer in self.layers:
            nn.init.kaiming_normal_(layer.weight)
        self.output = nn.Linear(width, OUTPUTS)
        self.dropout = nn.Dropout(0.1)
        self.register_buffer("scale", torch.tensor(scale, dtype=torch.float32))

    def forward(self, frames: Tensor) -> Tensor:
        """Scores of the outputs: batch, outputs, 79."""
        x = frames * self.scale
        for number, (offsets, layer) in enumerate(zip(OFFSETS, self.layers, strict=True)):
            # After the second layer, frames are thirty milliseconds apart.
            spread = 1 if number < 2 else STRIDE
            step = STRIDE if number == 1 else 1
            first = min(offsets)
            count = x.shape[1] - (max(offsets) - first) // spread
            parts = [x[:, (o - first) // spread : (o - first) // spread + count : step] for o in offsets]
            x = self.dropout(torch.relu(layer(torch.cat(parts, dim=2))))
        return self.output(x)

    @classmethod
    def of(cls, layers: Sequence[tuple[NDArray[np.floating], NDArray[np.floating]]]) -> Network:
        """The network of a model, from weights and bias of each layer; the scale of the input is part of the first."""
        network = cls(len(layers[0][1]), np.ones(SIZE))
        with torch.no_grad():
            for layer, (weights, bias) in zip((*network.layers, network.output), layers, strict=True):
                layer.weight.copy_(torch.tensor(weights))
                layer.bias.copy_(torch.tensor(bias))
        return network

    def exported(self) -> list[Layer]:
        """The layers for Kaldi; the scale of the input becomes part of the first."""
        found: list[Layer] = []
        for offsets, layer in zip((*OFFSETS, (0,)), (*self.layers, self.output), strict=True):
            weights = layer.weight.detach().double().numpy()
            if not found:
                weights = weights * np.tile(self.scale.double().numpy(), len(offsets))
            found.append(Layer(offsets, weights, layer.bias.detach().double().numpy()))
        return found


def pieces(streams: list[Heard], source: np.random.Generator) -> list[tuple[int, int]]:
    """All streams once, in pieces of 64 outputs, in a new order and phase: number of the stream and first frame."""
    found = []
    for number, stream in enumerate(streams):
        begin = int(source.integers(STRIDE))
        while begin + STRIDE * CHUNK <= len(stream.labels):
            found.append((number, begin))
            begin += STRIDE * CHUNK
        rest = len(stream.labels) - STRIDE * CHUNK
        if rest > 0:
            found.append((number, int(rest)))
    source.shuffle(found)
    return found


def batch(streams: list[Heard], chosen: list[tuple[int, int]], source: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Frames and labels of some pieces; some frames are masked."""
    frames, labels = zip(*(_piece(streams[number], begin, source) for number, begin in chosen), strict=True)
    return torch.from_numpy(np.stack(frames)), torch.from_numpy(np.stack(labels).astype(np.int64))


def _piece(stream: Heard, begin: int, source: np.random.Generator) -> tuple[Features, NDArray[np.uint8]]:
    last = len(stream.features) - 1
    index = np.clip(np.arange(begin - LEFT, begin + STRIDE * (CHUNK - 1) + 1 + RIGHT), 0, last)
    frames = stream.features[index].astype(np.float32)
    for _ in range(source.integers(3)):
        masked = int(source.integers(len(frames)))
        frames[masked : masked + int(source.integers(1, 16))] = 0.0
    return frames, stream.labels[begin : begin + STRIDE * CHUNK : STRIDE]


class CrossEntropy(nn.Module):
    """Each frame for itself."""

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        """Mean over frames."""
        return nn.functional.cross_entropy(scores.flatten(0, 1), labels.flatten(), label_smoothing=0.02)


class MutualInformation(nn.Module):
    """The right sequence against all sequences of phones that a bigram allows (lattice-free MMI, Povey et al. 2016).

    With the alignment held fixed, a little cross-entropy, and a penalty that keeps scores small.
    """

    def __init__(self, bigram: NDArray[np.floating]) -> None:
        super().__init__()
        self.register_buffer("moves", torch.tensor(moves(bigram), dtype=torch.float32))

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        """Mean over frames."""
        right = scores.gather(2, labels[:, :, None]).sum()
        path = torch.log(self.moves[labels[:, :-1], labels[:, 1:]].clamp_min(1e-6)).sum()
        entropy = nn.functional.cross_entropy(scores.flatten(0, 1), labels.flatten())
        small = scores.square().mean()
        return (self._all(scores).sum() - right - path) / labels.numel() + 0.1 * entropy + 3e-3 * small

    def _all(self, scores: Tensor) -> Tensor:
        """The logarithm of the sum over all sequences, by the forward recursion with a scale for each frame."""
        highest = scores.max(dim=2, keepdim=True).values.detach()
        likely = torch.exp(scores - highest)
        alpha = likely[:, 0] / OUTPUTS
        total = highest.sum(dim=(1, 2))
        for step in range(1, scores.shape[1]):
            norm = alpha.sum(dim=1, keepdim=True)
            total = total + torch.log(norm[:, 0])
            alpha = (alpha / norm) @ self.moves * likely[:, step]
        return total + torch.log(alpha.sum(dim=1))


def moves(bigram: NDArray[np.floating]) -> NDArray[np.floating]:
    """Chances to get from one output to the next, from those of phones (0 is silence, a row adds up to one)."""
    size = len(bigram)
    found = np.zeros((OUTPUTS, OUTPUTS))
    firsts = [0, *range(1, OUTPUTS, 2)]
    for phone in range(size):
        for output in (0,) if phone == 0 else (2 * phone - 1, 2 * phone):
            found[output, firsts] += 0.5 * bigram[phone]
            found[output, 2 * phone if phone else 0] += 0.5
    return found


def phone_bigram(phones: list[tuple[int, ...]]) -> NDArray[np.floating]:
    """Chances of phones to follow each other, counted, with one half added to each pair."""
    counts = np.full((1 + OUTPUTS // 2, 1 + OUTPUTS // 2), 0.5)
    for sequence in phones:
        for before, after in zip((0, *sequence), (*sequence, 0), strict=True):
            counts[before, after] += 1
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))
