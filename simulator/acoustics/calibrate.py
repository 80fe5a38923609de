"""Fits the recogniser's confidence: `python -m simulator.acoustics.calibrate` (about half a second an utterance).

People say sentences of a home that the language model has, others that it has not, and some that are for no home; in
rooms from quiet to noisy. What the recogniser's two decodings made of them is fitted by logistic regression; the
constants that it prints belong into `assistant.asr.confidence` (PocketSphinx) or `assistant.asr.evidence` (Vosk).
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sklearn.linear_model import LogisticRegression

from assistant.asr.confidence import Candidate, free_features, strict_features
from assistant.asr.evidence import Decoded, candidates, features
from assistant.asr.language import words_of
from assistant.asr.own import HomeVoskRecognizer
from assistant.asr.sphinx import PocketSphinxRecognizer
from assistant.audio.sound import Audio
from assistant.nlu.phrasings import patterns, phrasings
from assistant.nlu.templates import Patterns
from assistant.tts import WorkerSynthesizer
from simulator.acoustics.hearing import HearingChain, Said
from simulator.acoustics.mishearings import home_of
from simulator.acoustics.room import Acoustics
from simulator.acoustics.voices import VARIANTS, PersonVoice, Voices

FOREIGN = (
    "how tall is the highest mountain in europe", "please tell my doctor that i am ill", "who won the match last night",
    "what is the capital of peru", "book a table for two at eight", "i think we should go home now", "call my mother",
    "did you see that film about the whale", "how do you spell necessary", "my sister is coming on friday",
    "translate good morning into spanish", "the children are still at school", "how much is a ticket to london",
    "we need to talk about the budget", "what is seven times eight", "make me a sandwich", "tell me a joke",
    "is my flight on time", "send a message to john", "he said he would be late again", "transfer money to my account",
    "how many calories are in an apple", "she sells sea shells", "that was a good dinner", "find a petrol station",
)  # fmt: skip
ROOMS = tuple(Acoustics("pink", snr, *tail) for snr in (35.0, 25.0, 18.0, 12.0) for tail in ((0.0, 0.0), (0.4, 6.0)))
SHARES = (0.45, 0.75)
"""Up to the first a sentence of the model, up to the second one of the same home, else a foreign one."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What was said, and what both decodings of PocketSphinx made of it."""

    truth: str
    free: tuple[Candidate, ...]
    strict: str | None


class Preparable(Protocol):
    """What can be made to listen for a home."""

    def prepare(self, sentences: Iterable[str], patterns: Patterns | None = None) -> None:
        """Rebuild the language models."""


def trials(count: int, seed: int, home: str) -> Iterator[Trial]:
    """People speaking to PocketSphinx."""
    synthesizer = WorkerSynthesizer()
    recognizer = PocketSphinxRecognizer(synthesizer.pronounce)
    for truth, audio in spoken(recognizer, synthesizer, count, seed, home):
        free, strict = recognizer.decode(audio)
        yield Trial(truth, tuple(free), strict)
    synthesizer.close()


def vosk_trials(count: int, seed: int, home: str) -> Iterator[tuple[str, Decoded]]:
    """People speaking to Vosk with our own model."""
    synthesizer = WorkerSynthesizer()
    recognizer = HomeVoskRecognizer(synthesizer.pronounce)
    for truth, audio in spoken(recognizer, synthesizer, count, seed, home):
        yield truth, recognizer.decode(audio)
    synthesizer.close()


def spoken(
    recognizer: Preparable, synthesizer: WorkerSynthesizer, count: int, seed: int, home: str
) -> Iterator[tuple[str, Audio]]:
    """What is said, and what of it the end-of-speech detector cuts out."""
    chance = random.Random(seed)
    known_home = home_of(home)
    sentences = list(phrasings(known_home, 6000))
    chance.shuffle(sentences)
    known, unknown = sentences[:4500], sentences[4500:]
    recognizer.prepare(known, patterns(known_home))
    chain = HearingChain(Voices(synthesizer))
    for number in range(count):
        which = chance.random()
        text = chance.choice(known if which < SHARES[0] else unknown if which < SHARES[1] else FOREIGN)
        voice = PersonVoice(f"en-us+{chance.choice(VARIANTS)}", chance.randrange(135, 170), chance.randrange(35, 70))
        hearing = chain.hear(Said(voice, text, chance.choice(ROOMS), seed * 100_000 + number))
        if hearing.speech is not None:
            yield " ".join(words_of(text)), hearing.speech.audio


def fit(found: Sequence[Trial]) -> tuple[list[float], list[float]]:
    """The constants for the strict sentence and for the free ones."""
    strict = [(strict_features(each.free, each.strict), each.strict == each.truth) for each in found if each.strict]
    free = [
        (free_features(each.free, place, each.strict), candidate.text == each.truth)
        for each in found
        for place, candidate in enumerate(each.free)
        if candidate.text != each.strict
    ]
    return _weights(strict), _weights(free)


def fit_vosk(found: Sequence[tuple[str, Decoded]]) -> list[float]:
    """The constants for all sentences of Vosk."""
    return _weights(
        [(features(decoded, text), text == truth) for truth, decoded in found for text in candidates(decoded)]
    )


def _weights(examples: Sequence[tuple[tuple[float, ...], bool]]) -> list[float]:
    model = LogisticRegression(max_iter=1000).fit([features for features, _ in examples], [y for _, y in examples])
    return [round(float(value), 2) for value in (*model.intercept_, *model.coef_[0])]


def main() -> None:
    """Print the constants."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--utterances", type=int, default=800)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", default="cottage")
    parser.add_argument("--recognizer", choices=["pocketsphinx", "vosk"], default="pocketsphinx")
    options = parser.parse_args()
    if options.recognizer == "vosk":
        print(f"WEIGHTS = {tuple(fit_vosk(list(vosk_trials(options.utterances, options.seed, options.home))))}")
        return
    strict, free = fit(list(trials(options.utterances, options.seed, options.home)))
    print(f"STRICT_WEIGHTS = {tuple(strict)}\nFREE_WEIGHTS = {tuple(free)}")


if __name__ == "__main__":
    main()
