"""Recognition: audio to n-best text, with language models made for the home."""

from assistant.asr.choose import Choice, choose_recognizer
from assistant.asr.ports import Recognizer

__all__ = ["Choice", "Recognizer", "choose_recognizer"]
