"""The training of the network, which can be interrupted at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from assistant.asr.training.network import BATCH, Network, batch, pieces
from assistant.asr.training.streams import Heard

Say = Callable[[str], None]
WEIGHT_DECAY = 0.01
STEEPEST = 5.0
"""Norm of the gradient at most."""
WARM = 0.2
"""Share of the steps in which the rate of learning grows; after that it falls."""
KEEP = 100
"""Steps between two checkpoints."""


@dataclass(frozen=True, slots=True)
class Schooling:
    """How often everything is shown, how fast is learnt at most, and where the state is kept."""

    epochs: int
    rate: float
    checkpoint: Path
    seed: int


class Stateful(Protocol):
    """What goes into a checkpoint."""

    def state_dict(self) -> dict[str, Any]:
        """All that changes in training."""

    def load_state_dict(self, state_dict: dict[str, Any]) -> Any:
        """As it was."""


def train(network: Network, streams: list[Heard], loss: nn.Module, schooling: Schooling, say: Say) -> None:
    """Train with AdamW and a one-cycle schedule, in bfloat16; go on from the checkpoint where there is one.

    A training that was interrupted ends with the same network as one that was not.
    """
    orders = [pieces(streams, np.random.default_rng([schooling.seed, epoch])) for epoch in range(schooling.epochs)]
    steps = max(1, min(map(len, orders)) // BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), lr=schooling.rate, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, schooling.rate, total_steps=max(10, schooling.epochs * steps), pct_start=WARM
    )
    parts = {"network": network, "optimizer": optimizer, "schedule": schedule}
    torch.manual_seed(schooling.seed)
    done = _resume(parts, schooling.checkpoint)
    network.train()
    recent: list[tuple[float, float]] = []
    while done < schooling.epochs * steps:
        epoch, step = divmod(done, steps)
        chosen = orders[epoch][step * BATCH : (step + 1) * BATCH]
        frames, labels = batch(streams, chosen, np.random.default_rng([schooling.seed, epoch, step]))
        recent.append(_step(network, loss, optimizer, frames, labels))
        schedule.step()
        done += 1
        if done % KEEP == 0 or step == steps - 1:
            _keep(parts, schooling.checkpoint, done)
            lost, right = np.mean(recent, axis=0)
            say(f"epoch {epoch + 1} of {schooling.epochs}, {step + 1} of {steps}: loss {lost:.3f}, right {right:.3f}")
            recent.clear()
    network.eval()


def _step(
    network: Network, loss: nn.Module, optimizer: torch.optim.Optimizer, frames: Tensor, labels: Tensor
) -> tuple[float, float]:
    """One batch; returns its loss and the share of outputs that were right."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = network(frames).float()
    value = loss(scores, labels)
    optimizer.zero_grad()
    value.backward()
    nn.utils.clip_grad_norm_(network.parameters(), STEEPEST)
    optimizer.step()
    return value.item(), (scores.argmax(2) == labels).float().mean().item()


def _keep(parts: dict[str, Stateful], path: Path, done: int) -> None:
    """Write a checkpoint; it appears only when it is whole."""
    part = path.with_suffix(".part")
    state = {name: each.state_dict() for name, each in parts.items()}
    torch.save(state | {"done": done, "chance": torch.get_rng_state()}, part)
    part.replace(path)


def _resume(parts: dict[str, Stateful], path: Path) -> int:
    """Take a checkpoint, where there is one; returns the steps that were done."""
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    for name, each in parts.items():
        each.load_state_dict(state[name])
    torch.set_rng_state(state["chance"])
    return int(state["done"])
