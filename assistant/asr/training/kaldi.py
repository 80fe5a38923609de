"""Writes the files of a Kaldi model that libvosk reads: the network with its phones, and the mean of the features.

Formats: kaldi-asr/kaldi, src/hmm/transition-model.cc, src/nnet3/nnet-nnet.cc, src/matrix (binary mode).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.asr.phones import OUTPUTS, PHONES, PLACES, SILENCE

HALF = math.log(0.5)
"""Staying in a phone and leaving it are equally likely."""
_LINEAR, _BIAS = b"<LinearParams> FM ", b"<BiasParams> FV "


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """An affine layer over frames at `offsets` (10 ms each) of what is below; all but the last are rectified."""

    offsets: tuple[int, ...]
    weights: NDArray[np.floating]
    bias: NDArray[np.floating]


def write_model(path: Path, layers: Sequence[Layer]) -> None:
    """Write `final.mdl`. The outputs are scores already, so it has no priors."""
    count = len(layers)
    body = [b"\0B", _transitions(), b"<Nnet3> \n", _config(layers).encode(), b"\n"]
    body += [b"<NumComponents> ", _int(2 * count - 1)]
    for number, layer in enumerate(layers, start=1):
        body += [f"<ComponentName> layer{number}.affine ".encode(), _affine(layer)]
        if number < count:
            body += [f"<ComponentName> layer{number}.relu ".encode(), _relu(len(layer.bias))]
    left = -sum(min(layer.offsets) for layer in layers)
    right = sum(max(layer.offsets) for layer in layers)
    body += [b"</Nnet3> <LeftContext> ", _int(left), b"<RightContext> ", _int(right), b"<Priors> ", _vector([])]
    path.write_bytes(b"".join(body))


def read_weights(path: Path) -> list[tuple[NDArray[np.floating], NDArray[np.floating]]]:
    """Weights and bias of each layer of a `final.mdl` that was written here."""
    data, place = path.read_bytes(), 0
    found = []
    while (begin := data.find(_LINEAR, place)) >= 0:
        rows, columns = struct.unpack_from("<xixi", data, begin + len(_LINEAR))
        begin += len(_LINEAR) + 10
        weights = np.frombuffer(data, "<f4", rows * columns, begin).reshape(rows, columns)
        begin += weights.nbytes + len(_BIAS) + 5
        bias = np.frombuffer(data, "<f4", rows, begin)
        place = begin + bias.nbytes
        found.append((weights, bias))
    return found


def write_mean(path: Path, sums: NDArray[np.floating], squares: NDArray[np.floating], frames: int) -> None:
    """Write `global_cmvn.stats`: sums and sums of squares of the features of so many frames."""
    rows = np.stack([np.append(sums, frames), np.append(squares, 0.0)]).astype("<f8")
    path.write_bytes(b"\0BDM " + _int(rows.shape[0]) + _int(rows.shape[1]) + rows.tobytes())


def _transitions() -> bytes:
    """The transition model: one emitting state a phone, whose first frame has another output than the later ones."""
    phones = 1 + len(PHONES) * len(PLACES)
    index = [-1, 0, *[1] * (phones - 1)]
    silence = _int(2) + _int(0) + _int(0) + _stay_or_leave() + _int(-1) + _int(-1) + _int(0)
    phone = _int(2) + _int(0) + _int(1) + _stay_or_leave() + _int(-1) + _int(-1) + _int(0)
    tuples = [(SILENCE, 0, 0, 0)]
    for number in range(SILENCE + 1, phones + 1):
        first = 1 + 2 * ((number - 2) // len(PLACES))
        tuples.append((number, 0, first, first + 1))
    topology = b"<Topology> " + _ints(range(1, phones + 1)) + _ints(index) + _int(-1) + _int(2) + silence + phone
    listed = b"".join(_int(value) for each in tuples for value in each)
    chances = _vector([0.0, *[HALF] * (2 * phones)])
    parts = [b"<TransitionModel> ", topology, b"</Topology> <Tuples> ", _int(phones), listed]
    return b"".join([*parts, b"</Tuples> <LogProbs> ", chances, b"</LogProbs> </TransitionModel> "])


def _stay_or_leave() -> bytes:
    return _int(2) + _int(0) + _float(0.5) + _int(1) + _float(0.5)


def _config(layers: Sequence[Layer]) -> str:
    lines, below = ["input-node name=input dim=40"], "input"
    for number, layer in enumerate(layers, start=1):
        taken = ", ".join(f"Offset({below}, {offset})" if offset else below for offset in layer.offsets)
        taken = f"Append({taken})" if len(layer.offsets) > 1 else taken
        name = f"layer{number}"
        lines.append(f"component-node name={name}.affine component={name}.affine input={taken}")
        below = f"{name}.affine"
        if number < len(layers):
            lines.append(f"component-node name={name}.relu component={name}.relu input={below}")
            below = f"{name}.relu"
    assert len(layers[-1].bias) == OUTPUTS
    lines.append(f"output-node name=output input={below} objective=linear")
    return "".join(f"{line}\n" for line in lines)


def _affine(layer: Layer) -> bytes:
    rows, columns = layer.weights.shape
    matrix = _LINEAR + _int(rows) + _int(columns) + layer.weights.astype("<f4").tobytes()
    parts = [b"<AffineComponent> <LearningRate> ", _float(0.001), matrix, _BIAS, _floats(layer.bias)]
    return b"".join([*parts, b"</AffineComponent> "])


def _relu(size: int) -> bytes:
    empty = _vector([])
    parts = [b"<RectifiedLinearComponent> <Dim> ", _int(size), b"<ValueAvg> ", empty, b"<DerivAvg> ", empty]
    parts += [b"<Count> ", _double(0.0), b"<OderivRms> ", empty, b"<OderivCount> ", _double(0.0)]
    parts += [b"<NumDimsSelfRepaired> ", _double(0.0), b"<NumDimsProcessed> ", _double(0.0)]
    return b"".join([*parts, b"<SelfRepairScale> ", _float(0.0), b"</RectifiedLinearComponent> "])


def _int(value: int) -> bytes:
    return b"\4" + struct.pack("<i", value)


def _float(value: float) -> bytes:
    return b"\4" + struct.pack("<f", value)


def _double(value: float) -> bytes:
    return b"\10" + struct.pack("<d", value)


def _ints(values: Sequence[int]) -> bytes:
    return b"\4" + struct.pack("<i", len(values)) + np.asarray(values, "<i4").tobytes()


def _vector(values: Sequence[float]) -> bytes:
    return b"FV " + _floats(values)


def _floats(values: Sequence[float] | NDArray[np.floating]) -> bytes:
    return _int(len(values)) + np.asarray(values, "<f4").tobytes()
