"""Text to sound: `Synthesizer.render(text) -> Audio`, in a process of its own."""

from __future__ import annotations

import contextlib
import json
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from assistant.audio.sound import Audio, Mark, silence
from assistant.errors import UserError

STARTUP = 10.0
"""Seconds that a new process may take for its first answer; it takes 0.05 to 0.3."""
CHARACTERS_PER_SECOND = 15.5
"""How fast the default voice speaks at 170 words per minute, over the replies of the bundled homes."""
OPENING = "So, "
"""Said before a text that begins with the wake word, which would otherwise wake the assistant by its own voice."""


class SpeechError(UserError):
    """No sound can be made; the line says why."""


class Synthesizer(Protocol):
    """Makes sound of text."""

    def render(self, text: str) -> Audio:
        """The text as sound, with word marks. Raises `SpeechError` when it can't be made."""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """How it sounds: an espeak-ng voice (`en-us`, `en-gb+f2` ...), words per minute (80 to 450), pitch (0 to 100)."""

    voice: str = "en-us"
    rate: int = 170
    pitch: int = 50


class _Worker:
    """One speech process and the thread that reads its answers."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "assistant.tts.worker"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        self._answers: queue.SimpleQueue[tuple[dict[str, Any], bytes] | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, name="speech", daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError, KeyError, OSError):
            for line in self._process.stdout:
                header = json.loads(line)
                self._answers.put((header, self._process.stdout.read(header["bytes"])))
        self._answers.put(None)

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, request: dict[str, Any], timeout: float) -> tuple[dict[str, Any], bytes] | None:
        """The answer, or `None` when the process died or took too long; then it is of no more use."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            return self._answers.get(timeout=timeout)
        except (OSError, ValueError, queue.Empty):
            return None

    def close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None and not (stream is self._process.stdout and self._process.poll() is None):
                    stream.close()
        self._process.kill()
        self._process.wait()


class WorkerSynthesizer:
    """pyttsx3 on espeak-ng in a child process; started with `start`, or by the first text; restarted when it dies.

    A sentence takes about 2 ms once the process runs. May be used from any thread, one at a time.
    """

    def __init__(
        self, settings: VoiceSettings = VoiceSettings(), wake_phrases: Collection[str] = (), timeout: float = 5.0
    ) -> None:
        self.settings = settings
        either = "|".join(map(re.escape, wake_phrases))
        self._wake = re.compile(rf"\W*(?:{either})\b", re.IGNORECASE) if either else None
        self._timeout = timeout
        self._worker: _Worker | None = None
        self._warm = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the process without waiting for it."""
        with self._lock:
            if self._worker is None:
                self._worker, self._warm = _Worker(), False

    @property
    def pid(self) -> int | None:
        """The process, when there is one."""
        return self._worker.pid if self._worker else None

    def render(self, text: str, settings: VoiceSettings | None = None) -> Audio:
        """The text as sound, with word marks. Raises `SpeechError` when it can't be made."""
        voice = settings or self.settings
        clean = "".join(letter if letter.isprintable() else " " for letter in text)
        opening = OPENING if self._wake and self._wake.match(clean) else ""
        request = {"text": opening + clean, "voice": voice.voice, "rate": voice.rate, "pitch": voice.pitch}
        header, data = self._ask(request)
        marks = tuple(Mark(max(0, at - len(opening)), ms / 1000) for at, ms in header["marks"])
        return Audio(np.frombuffer(data, np.int16), header["rate"], marks)

    def pronounce(self, words: Sequence[str]) -> list[str]:
        """The words in the phonetic alphabet, phonemes separated by `_`."""
        header, _ = self._ask({"pronounce": list(words), "voice": self.settings.voice})
        return list(header["phonemes"])

    def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Ask the process; a second time, in a new one, when it died or hung."""
        with self._lock:
            for _ in range(2):
                self._worker = self._worker or _Worker()
                answered = self._worker.ask(request, self._timeout if self._warm else STARTUP)
                if answered is not None:
                    self._warm = True
                    break
                self._worker.close()
                self._worker, self._warm = None, False
            else:
                raise SpeechError("the speech process does not answer; `mynah doctor` tells what is missing")
        if "error" in answered[0]:
            raise SpeechError(f"voice {request['voice']!r} can't say this: {answered[0]['error']}")
        return answered

    def close(self) -> None:
        """End the process."""
        with self._lock:
            if self._worker is not None:
                self._worker.close()
                self._worker = None


class SilentSynthesizer:
    """Makes silence that lasts as long as the words would, so that interruptions make sense without sound."""

    def render(self, text: str) -> Audio:
        """Silence with word marks, spread by the number of characters.

        >>> SilentSynthesizer().render("The garage door is open.").seconds
        1.548375
        """
        marks = tuple(
            Mark(word.start(), round(word.start() / CHARACTERS_PER_SECOND, 3)) for word in re.finditer(r"\S+", text)
        )
        return Audio(silence(len(text) / CHARACTERS_PER_SECOND), marks=marks)
