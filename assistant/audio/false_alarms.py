"""How often other talk would wake the assistant: told for a phrase of one's own when it is chosen.

Nearly all talk is too unlike a phrase to be taken for it. So sentences that people once said are ordered by how much
of the phrase they sound like; those that sound most like it are spoken by turns in two voices and listened to, until
twenty in a row wake nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.asr import language
from assistant.asr.phones import PHONES
from assistant.asr.pronounce import sayable
from assistant.audio.ports import WakeWord
from assistant.audio.sound import RATE, Samples, silence
from assistant.nlu.corpus import parse_marked
from assistant.nlu.lexicon import DATA
from assistant.nlu.open_data import SENTENCES
from assistant.tts import VoiceSettings, WorkerSynthesizer

WORDS_A_MINUTE = 150
"""How fast people talk."""
VOICES = ("en-us+m3", "en-us+f4")
AT_ONCE = 20
"""Sentences that are listened to before looking whether any of them wakes it."""
MOST = 100
"""Sentences that are listened to at most."""


@dataclass(frozen=True, slots=True)
class Risk:
    """So many false alarms in 10 hours of other talk; `surely_more` when not all that sounds alike was listened to."""

    alarms: float
    hours: float
    surely_more: bool = False

    @property
    def told(self) -> str:
        """In words."""
        if self.alarms < 0.5:
            return "hardly any false alarm in 10 hours of talk"
        about = "more than" if self.surely_more else "about"
        return f"{about} {self.alarms:.0f} false alarm{'s' if round(self.alarms) != 1 else ''} in 10 hours of talk"


def false_alarms(word: WakeWord, talk: Iterable[str], synthesizer: WorkerSynthesizer) -> Risk:
    """The risk of a wake word, by what sounds like it in `talk`. Takes 3 to 25 seconds."""
    said = sayable(dict.fromkeys(talk), None).sentences
    hours = sum(map(len, said)) / WORDS_A_MINUTE / 60
    alarms, surely_more = 0, len(said) > MOST
    nearest = most_alike(word.phrase, said, synthesizer)[:MOST]
    for start in range(0, len(nearest), AT_ONCE):
        some = nearest[start : start + AT_ONCE]
        more = sum(
            _wakes(word, " ".join(words), VOICES[number % len(VOICES)], synthesizer)
            for number, words in enumerate(some)
        )
        alarms += more
        if not more:
            surely_more = False
            break
    return Risk(alarms / max(hours, 1e-9) * 10, hours, surely_more)


def what_people_said() -> list[str]:
    """What people asked assistants of many kinds, from open data: about thirteen hours of talk."""
    lines = (DATA / SENTENCES).read_text(encoding="utf-8").splitlines()
    marked = [line.split("\t")[4] for line in lines if not line.startswith("#")]
    return [" ".join(word for word, _, _ in parse_marked(each)[0]) for each in marked]


def most_alike(phrase: str, said: Sequence[tuple[str, ...]], synthesizer: WorkerSynthesizer) -> list[tuple[str, ...]]:
    """The sentences, those first that have a stretch which sounds most like the phrase."""
    from rapidfuzz import fuzz, process

    spoken = sayable([phrase, *(" ".join(words) for words in said)], synthesizer.pronounce).spoken
    signs = {phone: chr(ord("a") + number) for number, phone in enumerate(PHONES)}

    def sounds(words: Iterable[str]) -> str:
        return "".join(signs[phone] for word in words for phone in spoken[word][0].split())

    wanted = sounds(language.words_of(phrase))
    likeness = process.cdist([wanted], [sounds(words) for words in said], scorer=fuzz.partial_ratio)[0]
    return [said[place] for place in np.argsort(-likeness, kind="stable")]


def _wakes(word: WakeWord, text: str, voice: str, synthesizer: WorkerSynthesizer) -> bool:
    """Whether this text in this voice wakes it."""
    raw = synthesizer.render(text, VoiceSettings(voice)).to_rate().samples
    sound: Samples = np.concatenate([silence(0.5), raw // 2, silence(1.0)])
    word.reset()
    return any(
        word.process(sound[start : start + RATE // 50]) is not None for start in range(0, len(sound), RATE // 50)
    )
