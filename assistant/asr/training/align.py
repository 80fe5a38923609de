"""Where each sound of a known sentence lies: forced alignment with PocketSphinx."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.audio.sound import Samples, to_int16

STEP = 160
"""Samples between two frames of the alignment and of the features."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """Names of phones (`SIL` for silence), and the frame in which each begins."""

    phones: tuple[str, ...]
    begins: tuple[int, ...]


class Aligner:
    """PocketSphinx with its model; with `bestpath`, its second pass would lose a third of the sentences."""

    def __init__(self) -> None:
        from pocketsphinx import Config, Decoder

        self._decoder: Any = Decoder(Config(lm=None, cmn="batch", bestpath=False, loglevel="FATAL"))

    def align(self, samples: Samples, words: Sequence[str]) -> Aligned | None:
        """The sounds of a sentence; `None` when the words do not fit to what is heard."""
        noise = np.random.default_rng(0).standard_normal(len(samples)) * 8  # digital silence confuses it
        data = to_int16(samples + noise).tobytes()
        try:
            self._decoder.set_align_text(" ".join(words))
            self._pass(data)
            if not self._decoder.hyp():
                return None
            self._decoder.set_alignment()
            self._pass(data)
            found = [(phone.name, phone.start) for word in self._decoder.get_alignment() for phone in word]
        except (RuntimeError, ValueError):
            return None
        if not found:
            return None
        names, begins = zip(*found, strict=True)
        return Aligned(tuple("SIL" if name.startswith(("SIL", "+")) else name for name in names), begins)

    def _pass(self, data: bytes) -> None:
        self._decoder.reinit_feat()
        self._decoder.start_utt()
        self._decoder.process_raw(data, full_utt=True)
        self._decoder.end_utt()


def dictionary_path() -> Path:
    """The dictionary of PocketSphinx's package."""
    from pocketsphinx import get_model_path

    return Path(get_model_path()) / "en-us" / "cmudict-en-us.dict"
