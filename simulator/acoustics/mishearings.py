"""What a home's recogniser takes for something else, again and again: `python -m simulator.acoustics.mishearings`.

Says each expression in several voices and with several seeds of noise, through the whole chain, and prints what was
heard, how often and how surely. Finds the natural confusions that a demonstration or a study needs.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from assistant.asr.sphinx import PocketSphinxRecognizer
from assistant.home import Home
from assistant.nlu.phrasings import phrasings
from assistant.tts import WorkerSynthesizer
from assistant.twin import Twin
from devices.wire import Message
from simulator.acoustics.hearing import HearingChain, Said
from simulator.acoustics.room import GARAGE, QUIET, ROOM
from simulator.acoustics.voices import PersonVoice, Voices
from simulator.homes import load_home
from simulator.loopback import LoopbackBroker
from simulator.presence import Presence
from simulator.replay.clock import SimClock
from simulator.world import World

PLACES = {"garage": GARAGE, "room": ROOM, "quiet": QUIET}


@dataclass(frozen=True, slots=True)
class Confusion:
    """An expression and what it is taken for: `share` of the trials, `confidence` in the mean."""

    said: str
    heard: str
    voice: PersonVoice
    share: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Where:
    """A place of `PLACES`, and by how many decibels people speak louder than usual there."""

    place: str = "garage"
    closer: float = 0.0


def home_of(name: str) -> Home:
    """The home as an assistant knows it, from its messages alone."""
    broker, clock = LoopbackBroker(), SimClock(datetime(2026, 3, 2, 8))
    file = load_home(name)
    twin = Twin(file.id)

    def feed(message: Message) -> None:
        twin.feed(message, 0.0)

    twin.connect(broker.connect(), feed)
    Presence(World(file, 0, clock), broker)
    return twin.home


def confusions(
    chain: HearingChain, expressions: Iterable[str], voices: Iterable[PersonVoice], seeds: Iterable[int], where: Where
) -> Iterator[Confusion]:
    """The most frequent hearing of each expression in each voice, also where it is right."""
    chosen, numbers = list(voices), list(seeds)
    for text in expressions:
        for voice in chosen:
            counts: Counter[str] = Counter()
            sure: Counter[str] = Counter()
            for seed in numbers:
                hearing = chain.hear(Said(voice, text, PLACES[where.place], seed, where.closer))
                heard = hearing.text or ""
                counts[heard] += 1
                sure[heard] += hearing.hypotheses[0].confidence if hearing.hypotheses else 0.0  # type: ignore[assignment]
            heard, times = counts.most_common(1)[0]
            yield Confusion(text, heard, voice, times / len(numbers), round(sure[heard] / times, 3))


def main() -> None:
    """Print the confusions as a table or as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("expressions", nargs="+", metavar="TEXT", help="what people say")
    parser.add_argument("--home", default="cottage")
    parser.add_argument("--place", choices=PLACES, default="garage")
    parser.add_argument("--closer", type=float, default=0.0, metavar="DB", help="how much louder than usual")
    parser.add_argument("--people", nargs="+", default=["Ann", "Ben"], help="names; each has a voice of its own")
    parser.add_argument("--seeds", type=int, default=4, help="how many different noises")
    parser.add_argument("--phrasings", type=int, default=6000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    synthesizer = WorkerSynthesizer()
    recognizer = PocketSphinxRecognizer(synthesizer.pronounce)
    recognizer.prepare(phrasings(home_of(options.home), options.phrasings))
    chain = HearingChain(Voices(synthesizer), recognizer)
    where = Where(options.place, options.closer)
    people = [PersonVoice.of(name) for name in options.people]
    for found in confusions(chain, options.expressions, people, range(1, options.seeds + 1), where):
        if options.json:
            print(json.dumps({"said": found.said, "heard": found.heard, "voice": found.voice.voice,
                              "share": found.share, "confidence": found.confidence}), flush=True)  # fmt: skip
        else:
            mark = " " if found.said == found.heard else "!"
            print(f"{mark} {found.voice.voice:12} {found.share:4.0%} at {found.confidence:.2f}  "
                  f"{found.said!r} -> {found.heard!r}", flush=True)  # fmt: skip
    synthesizer.close()


if __name__ == "__main__":
    main()
