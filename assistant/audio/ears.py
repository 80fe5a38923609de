"""From the microphone to the inbox: the thread that listens, and what its findings mean to the loop."""

from __future__ import annotations

import threading
from collections.abc import Callable

from assistant.asr.ports import Recognizer
from assistant.audio.endpoint import EndedBy
from assistant.audio.listener import Listener, ListenerEvent, NothingSaid, Speech, Woke
from assistant.audio.ports import Microphone
from assistant.audio.sound import Audio, Samples
from assistant.events import Event, Heard
from assistant.events import Woke as Awake
from assistant.turn import Source, Utterance

Who = Callable[[Audio], str | None]
"""Tells who speaks by the voice; `None` where that is not known."""
Reference = Callable[[int], Samples]
"""What was played during the last so many samples."""


def to_event(
    found: ListenerEvent, recognizer: Recognizer, room: str | None = None, who: Who = lambda _audio: None
) -> Event | None:
    """What a finding means to the loop; `None` when nobody answered a question.

    Recognition happens here: about a tenth of the length of the audio. `who` tells a speaker by the voice.
    """
    if isinstance(found, Woke):
        return Awake(found.score)
    if isinstance(found, NothingSaid):
        if found.wake is None:
            return None
        return Heard(Utterance((), Source.VOICE, found.wake, 0.0, EndedBy.NOTHING, found.tries), room)
    assert isinstance(found, Speech)
    heard = recognizer.recognize(found.audio)
    seconds = round(found.audio.seconds, 3)
    utterance = Utterance(heard, Source.VOICE, found.wake, seconds, found.ended_by, found.tries)
    return Heard(utterance, room, who(found.audio))


class Ears:
    """Listens on a thread of its own. `tell` gets the events; it may be called from this thread only."""

    def __init__(
        self,
        microphone: Microphone,
        listener: Listener,
        recognizer: Recognizer,
        tell: Callable[[Event], None],
        reference: Reference | None = None,
        who: Who = lambda _audio: None,
    ) -> None:
        self.listener = listener
        self._microphone = microphone
        self._recognizer = recognizer
        self._tell = tell
        self._reference = reference
        self._who = who
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
            for found in self.listener.process(frame, played):
                if (event := to_event(found, self._recognizer, who=self._who)) is not None:
                    self._tell(event)

    def close(self) -> None:
        """Stop listening and give the microphone back."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)
        self._microphone.close()
