"""Hearing and being heard: microphone, wake word, end of speech, echo, player.

Importing the package costs only numpy; every engine is loaded when it is first made.
"""

from assistant.audio.ports import EchoCanceller, Microphone, Playback, Player, WakeWord
from assistant.audio.sound import RATE, Audio, Mark, Samples, read_wav, write_wav

__all__ = [
    "RATE",
    "Audio",
    "EchoCanceller",
    "Mark",
    "Microphone",
    "Playback",
    "Player",
    "Samples",
    "WakeWord",
    "read_wav",
    "write_wav",
]
