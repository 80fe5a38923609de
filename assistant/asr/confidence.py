"""How sure the recogniser is: from the agreement of its two decodings to a probability."""

from __future__ import annotations

from dataclasses import dataclass
from assistant.turn import Hypothesis

@dataclass(frozen=True, slots=True)
class Candidate:
    text: str
    score: float

def rank(free: list[Candidate], strict: str | None) -> tuple[Hypothesis, ...]:
    return tuple(Hypothesis(c.text, 0.5) for c in free)
