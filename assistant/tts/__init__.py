"""Speaking: text to sound through pyttsx3, in a process of its own."""

from assistant.tts.synthesizer import (
    SilentSynthesizer,
    SpeechError,
    Synthesizer,
    VoiceSettings,
    WorkerSynthesizer,
)
from assistant.tts.voice import SpokenVoice

__all__ = [
    "SilentSynthesizer",
    "SpeechError",
    "SpokenVoice",
    "Synthesizer",
    "VoiceSettings",
    "WorkerSynthesizer",
]
