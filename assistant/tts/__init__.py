"""Speaking: text to sound through pyttsx3, in a process of its own."""

from assistant.tts.synthesizer import (
    SilentSynthesizer,
    SpeechUnavailable,
    Synthesizer,
    VoiceSettings,
    WorkerSynthesizer,
)
from assistant.tts.voice import SpokenVoice

__all__ = [
    "SilentSynthesizer",
    "SpeechUnavailable",
    "SpokenVoice",
    "Synthesizer",
    "VoiceSettings",
    "WorkerSynthesizer",
]
