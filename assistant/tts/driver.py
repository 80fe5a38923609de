"""A pyttsx3 driver that hands the sound over instead of playing it. Lives in the worker process only.

The driver that comes with pyttsx3 plays through an external program inside the synthesiser's callback: it can't be
stopped, returns before it ends, and says nothing of what was heard. This one collects samples and word positions, and
brings its own speech library (espeak-ng from the `espeakng-loader` package) where the machine has none.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import tempfile
from array import array
from pathlib import Path
from types import ModuleType
from typing import Any

NAME = "mynah"
LONGEST_PATH = 130
"""Characters; espeak-ng keeps its data path in 160 bytes, and ends the process when a longer one does not fit."""


def preload_library() -> None:
    """Load the packaged espeak-ng, so that pyttsx3 finds it by name; tell the library where its data lies."""
    import espeakng_loader

    ctypes.CDLL(espeakng_loader.get_library_path())
    os.environ["ESPEAK_DATA_PATH"] = str(short_path(Path(espeakng_loader.get_data_path())))


def short_path(path: Path) -> Path:
    """The path itself, or a short link to it when it is too long for espeak-ng."""
    if len(os.fsencode(path)) <= LONGEST_PATH:
        return path
    link = Path(tempfile.mkdtemp(prefix="mynah-")) / "data"
    with contextlib.suppress(FileExistsError):
        link.symlink_to(path, target_is_directory=True)
    return link


class Collected:
    """What one utterance became: 16-bit `samples` at `rate`, and (text position, milliseconds) of each word."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.samples = array("h")
        self.marks: list[tuple[int, int]] = []


class Renderer:
    """pyttsx3 with the collecting driver. One a process: the speech library has one global state."""

    def __init__(self) -> None:
        preload_library()
        import pyttsx3
        from pyttsx3.drivers import _espeak

        self._library = _espeak.dll
        self._rate = _espeak.Initialize(_espeak.AUDIO_OUTPUT_SYNCHRONOUS, 60)
        if self._rate <= 0:
            raise RuntimeError("the speech library could not be started")
        self._latest: list[Collected] = [Collected(self._rate)]
        _register_driver(self._latest)
        self._engine = pyttsx3.init(NAME)

    def render(self, text: str, voice: str, rate: int, pitch: int) -> Collected:
        """Say a text; `rate` in words per minute, `pitch` 0 to 100. Raises `ValueError` for an unknown voice."""
        driver = self._engine.proxy._driver
        for name, value in (("voice", voice), ("rate", rate), ("pitch", pitch)):
            driver.setProperty(name, value)
        self._latest[0] = Collected(self._rate)
        self._engine.say(text)
        self._engine.runAndWait()
        return self._latest[0]

    def pronounce(self, word: str, voice: str) -> str:
        """The word in the International Phonetic Alphabet, one phoneme after the other, separated by `_`."""
        self._engine.proxy._driver.setProperty("voice", voice)
        translate = self._library.espeak_TextToPhonemes
        translate.restype = ctypes.c_char_p
        text = ctypes.c_char_p(word.encode())
        ipa, separated = 0x02, ord("_") << 8
        return (translate(ctypes.byref(text), 1, ipa | separated) or b"").decode()


def _register_driver(latest: list[Collected]) -> None:
    """Make `pyttsx3.init(NAME)` find a driver that synthesises synchronously into `latest[0]`."""
    from pyttsx3.drivers import _espeak, espeak

    class CollectingDriver(espeak.EspeakDriver):  # type: ignore[misc]
        """The espeak driver of pyttsx3 without its player."""

        def _onSynth(self, wav: Any, count: int, events: Any) -> int:  # noqa: N802
            index = 0
            while events[index].type != _espeak.EVENT_LIST_TERMINATED:
                event = events[index]
                if event.type == _espeak.EVENT_WORD:
                    latest[0].marks.append((event.text_position - 1, event.audio_position))
                index += 1
            if count > 0:
                latest[0].samples.frombytes(ctypes.string_at(wav, 2 * count))
            return 0

        def startLoop(self) -> None:  # noqa: N802
            """Say what was asked for; pyttsx3 calls this from `runAndWait`."""
            self._proxy.setBusy(False)
            text = self._text_to_say  # type: ignore[has-type]
            self._text_to_say = None
            if text:
                _espeak.Synth(text.encode(), flags=_espeak.ENDPAUSE | _espeak.CHARS_UTF8)
            self._proxy.notify("finished-utterance", completed=True)

    espeak.EspeakDriver._moduleInitialized, espeak.EspeakDriver._defaultVoice = True, "gmw/en-us"
    module = ModuleType(f"pyttsx3.drivers.{NAME}")
    module.buildDriver = CollectingDriver  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
