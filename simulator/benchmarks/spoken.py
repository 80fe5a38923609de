"""Opens ears and voice in this process and prints, as JSON, how long that took and how much memory it holds."""

from __future__ import annotations

import json
import os
import time

from simulator.benchmarks.start import resident


def main() -> None:
    """From before the first import of the speech libraries to the first rendered word."""
    began = time.perf_counter()
    from datetime import datetime

    from assistant.config import Speech
    from assistant.hearing import Hearing
    from simulator.homes import load_home
    from simulator.replay.stage import Stage

    settings = Speech(recognizer="pocketsphinx")
    hearing = Hearing.open(settings)
    stage = Stage(load_home("cottage"), datetime(2026, 3, 2, 12, 0))
    try:
        hearing.learn_home(stage.assistant.sync_home())
        hearing.synthesizer.render("Ready.")
        taken = time.perf_counter() - began
        print(json.dumps({"seconds": taken, "megabytes": resident(os.getpid())}))
    finally:
        stage.close()
        hearing.close()


if __name__ == "__main__":
    main()
