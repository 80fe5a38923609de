"""How surely people interrupt the assistant while it speaks, and how seldom it interrupts itself.

A person who is in no training speaks a command of the home into a reply, without the wake word, at any moment of it; or
nobody does. The reply's echo reaches the microphone through a room; its loudspeaker is perfect, or distorts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.asr.own import HomeVoskRecognizer
from assistant.audio.echo import KalmanEchoCanceller
from assistant.audio.endpoint import Endpointer, SileroDetector
from assistant.audio.listener import Listener
from assistant.audio.overlap import OverlapDetector
from assistant.audio.scribe import Scribe
from assistant.audio.sound import Audio
from assistant.audio.wake import NeuralWakeWord
from assistant.events import Event, Heard, NotMeant, SpokenOver, Woke
from assistant.tts import WorkerSynthesizer
from simulator.acoustics.room import Acoustics, VirtualRoom
from simulator.acoustics.voices import at_level, trimmed
from simulator.bench.speech import Command, listed, listen_for, said_by_voices

HOME = "cottage"
FRAME = 320
ECHOES = (-12.0, -6.0, 0.0, 6.0)
"""Decibels of the echo above a person's voice at the microphone."""
LOUDSPEAKERS = {"linear": 0.0, "distorting": 8000.0}
"""Levels on the 16-bit scale at which it clips softly; replies peak at 15,000."""
SECONDS = 0.5
"""Within these seconds of the person's first sound the assistant must be silent."""
TALK = (
    "You have three timers. The first one rings in ten minutes. The oven is at two hundred degrees, the garage door is "
    "open, and the washing machine will be done in twenty minutes. It is raining outside. The hall light is on, the "
    "kitchen light is off, and the front door is locked. I turned the heating down, because nobody was at home. "
)


@dataclass(frozen=True, slots=True)
class Interruptions:
    """What became of people's attempts. `silent_after` are seconds from the first sound to silence, median and 95 %."""

    test: str
    tried: int
    noticed: int
    understood: int
    silent_after: tuple[float, float]


@dataclass(frozen=True, slots=True)
class OwnTalk:
    """So many minutes of the assistant's own talk, alone: pauses because of its own voice, and replies given up."""

    test: str
    minutes: float
    paused: int
    stopped: int


class Talker:
    """An assistant that speaks on and on in a room, and the people there."""

    def __init__(self, seed: int) -> None:
        self.synthesizer = WorkerSynthesizer(wake_phrases=["Alexa"])
        self.recognizer = HomeVoskRecognizer(self.synthesizer.pronounce)
        listen_for(self.recognizer, HOME)
        self.reply = self.synthesizer.render(TALK * 3)
        self.source = random.Random(seed)

    def scribe(self) -> Scribe:
        """Ears that never heard anything before."""
        endpointer = Endpointer(SileroDetector())
        overlap = OverlapDetector(SileroDetector())
        return Scribe(Listener(NeuralWakeWord(), endpointer, KalmanEchoCanceller(), overlap), self.recognizer)

    def interrupted(self, said: Command, acoustics: Acoustics, seed: int) -> tuple[float | None, str]:
        """Seconds until it was silent for good, `None` where it was not; and what it heard."""
        room, scribe = VirtualRoom(acoustics, seed), self.scribe()
        playback = room.player.play(self.reply)
        voice = Audio(at_level(trimmed(said.samples)))
        begins, ends = room.speak(voice, self.source.uniform(4.0, 9.0))
        silent: float | None = None
        while room.time < ends + 2.0:
            for event in self._hears(room, scribe):
                if isinstance(event, SpokenOver) and room.time > begins:
                    silent = room.time - begins
                    playback.pause()
                elif isinstance(event, NotMeant):
                    silent = None
                    playback.resume()
                elif isinstance(event, Heard):
                    return silent, event.utterance.text
        return silent, ""

    def alone(self, acoustics: Acoustics, seconds: float, seed: int) -> Iterator[Event]:
        """What it takes for an interruption while nobody is there; it speaks for so long in replies of a minute."""
        room, scribe = VirtualRoom(acoustics, seed), self.scribe()
        playback = room.player.play(self.reply)
        while room.time < seconds:
            if playback.done:
                playback = room.player.play(self.reply)
            for event in self._hears(room, scribe):
                if isinstance(event, SpokenOver):
                    playback.pause()
                elif isinstance(event, NotMeant):
                    playback.resume()
                yield event

    @staticmethod
    def _hears(room: VirtualRoom, scribe: Scribe) -> list[Event]:
        scribe.listener.playing = room.player.current is not None and not room.player.current.done
        return scribe.process(*room.hear(FRAME))


def interruptions(items: int, minutes: float, seed: int) -> Iterator[Interruptions | OwnTalk]:
    """All echoes and loudspeakers: so many commands each, and so many minutes of its own talk all together."""
    talker = Talker(seed)
    said = said_by_voices(listed(HOME, items, talker.source), talker.source)
    places = [(name, echo) for name in LOUDSPEAKERS for echo in ECHOES]
    for name, echo in places:
        acoustics = Acoustics("pink", snr=25.0, rt60=0.3, drr=8.0, echo=echo, clipping=LOUDSPEAKERS[name])
        test = f"{name} loudspeaker, echo {echo:+.0f} dB"
        found = [talker.interrupted(each, acoustics, seed + number) for number, each in enumerate(said)]
        noticed = [seconds for seconds, _ in found if seconds is not None and seconds <= SECONDS]
        understood = sum(heard == each.text for (_, heard), each in zip(found, said, strict=True))
        delays = np.quantile(noticed, (0.5, 0.95)) if noticed else (np.nan, np.nan)
        silent_after = (round(float(delays[0]), 3), round(float(delays[1]), 3))
        yield Interruptions(test, len(found), len(noticed), understood, silent_after)
        events = list(talker.alone(acoustics, minutes * 60 / len(places), seed))
        paused = sum(isinstance(event, SpokenOver) for event in events)
        stopped = sum(isinstance(event, Heard | Woke) for event in events)
        yield OwnTalk(test, round(minutes / len(places), 2), paused, stopped)
    talker.synthesizer.close()
