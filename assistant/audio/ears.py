"""The thread that listens: from the microphone to the inbox."""

from __future__ import annotations

import threading
from collections.abc import Callable

from assistant.audio.ports import Microphone
from assistant.audio.scribe import Scribe
from assistant.audio.sound import Samples
from assistant.events import Event

Reference = Callable[[int], Samples]
"""What was played during the last so many samples."""


class Ears:
    """Listens on a thread of its own. `tell` gets the events; it may be called from this thread only."""

    def __init__(
        self,
        microphone: Microphone,
        scribe: Scribe,
        tell: Callable[[Event], None],
        reference: Reference | None = None,
    ) -> None:
        self._microphone = microphone
        self._scribe = scribe
        self._tell = tell
        self._reference = reference
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ears", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def _run(self) -> None:
        while not self._ending.is_set():
            frame = self._microphone.read(0.2)
            if frame is None:
                continue
            played = self._reference(len(frame)) if self._reference else None
            for event in self._scribe.process(frame, played):
                self._tell(event)

    def close(self) -> None:
        """Stop listening and give the microphone back."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)
        self._microphone.close()
