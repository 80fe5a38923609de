"""`python -m assistant.asr.training --data DIR`: makes the acoustic model that comes with the assistant."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.asr.training.make import Recipe, make
from assistant.asr.training.people import check_recordings
from assistant.asr.training.voices import check_programs
from assistant.errors import UserError

MODEL = Path(__file__).parent.parent / "data" / "model"


def main(arguments: Sequence[str] | None = None) -> int:
    """Synthesise, align, train, export; what is already in the work folder is used again."""
    parser = argparse.ArgumentParser("python -m assistant.asr.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder with picovoice-*.jsonl and audio/")
    parser.add_argument("--work", type=Path, default=Path("speech-training"), help="for files in between (3 GB)")
    parser.add_argument("--out", type=Path, default=MODEL, help="where the model goes")
    parser.add_argument("--utterances", type=int, default=Recipe().utterances, help="how many are synthesised")
    parser.add_argument("--start", type=Path, help="a model to go on from, in place of training on frames")
    options = parser.parse_args(arguments)
    recipe = Recipe(utterances=options.utterances, start=options.start)
    began = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {line}", file=sys.stderr, flush=True)

    try:
        check_programs()
        check_recordings(options.data)
        make(options.data, options.work, options.out, recipe, say)
    except UserError as error:
        print(f"training: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
