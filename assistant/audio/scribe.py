"""The scribe: takes down what is said while it is said, and tells the loop what that means to it."""

from __future__ import annotations

from collections.abc import Callable

from assistant.asr.ports import Recognition, Recognizer
from assistant.audio.endpoint import EndedBy
from assistant.audio.listener import AFTER, Listener, ListenerEvent, NothingSaid, Speech, SpokeOver, Woke
from assistant.audio.sound import Audio, Samples
from assistant.events import Event, Heard, NotMeant, Partial, SpokenOver
from assistant.events import Woke as Awake
from assistant.turn import Hypothesis, Source, Utterance

DECIDE = 0.5
"""Seconds after a voice silenced the assistant, until it goes on if that voice has ended again without a word."""
STILL = 0.25
"""Seconds without sound after which a voice has ended."""
UNMOVED = (1.0, 10.0)
"""Seconds in which it goes on speaking (and listens) whoever speaks: after a cough, and after talk of others."""
MEANT = 0.35
"""Probability from which what is said over the assistant is meant for it."""
Who = Callable[[Audio], str | None]
"""Tells who speaks by the voice; `None` where that is not known."""


class Scribe:
    """Recognises what a listener collects as it comes in. Not thread-safe.

    As soon as the person pauses, all that was said is recognised at once, so that it is known when the pause has lasted
    long enough; if they go on, that is thrown away. `who` tells a speaker by the voice.
    """

    def __init__(self, listener: Listener, recognizer: Recognizer, who: Who = lambda _audio: None) -> None:
        self.listener = listener
        self._recognizer = recognizer
        self._who = who
        self._deciding: float | None = None
        self._unmoved_until = 0.0
        self._forget()

    def process(self, frame: Samples, reference: Samples | None = None) -> list[Event]:
        """Take the next 16 kHz samples, and what the loudspeaker played meanwhile; what that means to the loop."""
        events: list[Event] = []
        for found in self.listener.process(frame, reference):
            events += self._on(found)
        if (said := self.listener.said) is not None:
            events += self._follow(said)
        if self._deciding is not None and self.listener.time >= self._deciding:
            events += self._decide()
        return events

    def _on(self, found: ListenerEvent) -> list[Event]:
        self._deciding = None
        events: list[Event | None] = []
        if isinstance(found, Woke):
            events.append(Awake(found.score))
        elif isinstance(found, SpokeOver):
            if found.time >= self._unmoved_until:
                self._deciding = found.time + DECIDE
                events.append(SpokenOver())
        else:
            events.append(self._heard(found) if isinstance(found, Speech) else self._nothing(found))
        self._forget()
        return [event for event in events if event is not None]

    def _nothing(self, found: NothingSaid) -> Event | None:
        """Nobody spoke after the wake word; or nobody answered a question, which means nothing to the loop."""
        if found.over:
            return self._not_meant(UNMOVED[0])
        if found.wake is None:
            return None
        return Heard(Utterance((), Source.VOICE, found.wake, 0.0, EndedBy.NOTHING, found.tries))

    def _heard(self, found: Speech) -> Event:
        """A whole utterance."""
        self._accept(found.audio.samples)
        if found.over and not self._meant():
            return self._not_meant(UNMOVED[1])
        seconds, waited = round(found.audio.seconds, 3), round(found.time - found.ended, 3)
        utterance = Utterance(
            self._hypotheses(), Source.VOICE, found.wake, seconds, found.ended_by, found.tries, found.pause, waited,
            found.over,
        )  # fmt: skip
        return Heard(utterance, None, self._who(found.audio))

    # -- recognising -----------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._stream: Recognition | None = None
        self._taken = 0
        self._whole: tuple[Hypothesis, ...] | None = None
        self._partial = ""

    def _accept(self, said: Samples) -> None:
        """Recognise all that was said so far; from the beginning where the person went on after a pause."""
        if self._whole is not None and len(said) == self._taken:
            return
        if self._stream is None or self._whole is not None or len(said) < self._taken:
            self._forget()
            self._stream = self._recognizer.stream()
        self._stream.accept(said[self._taken :])
        self._taken = len(said)

    def _hypotheses(self) -> tuple[Hypothesis, ...]:
        """What was said so far, as a whole."""
        if self._whole is None:
            self._whole = self._stream.finish() if self._stream is not None else ()
        return self._whole

    def _follow(self, said: Samples) -> list[Event]:
        """Recognise what is new; what was heard, if that is news."""
        self._accept(said)
        assert self._stream is not None
        if self.listener.silent >= AFTER and self._whole is None:
            utterance = Utterance(self._hypotheses(), Source.VOICE)
            return [Partial(utterance, pausing=True, speaker=self._who(Audio(said)))]
        partial = self._stream.partial
        if self._whole is not None or partial == self._partial:
            return []
        self._partial = partial
        return [Partial(Utterance((Hypothesis(partial),), Source.VOICE))]

    # -- a voice over the assistant's own --------------------------------------------------------------------------

    def _decide(self) -> list[Event]:
        """A voice silenced the assistant a while ago: whether it still sounds, or said something."""
        self._deciding = None
        sounds = self.listener.said is not None and self.listener.silent < STILL
        if sounds or self._meant():
            return []
        self.listener.stop_listening()
        return [self._not_meant(UNMOVED[0])]

    def _not_meant(self, unmoved: float) -> NotMeant:
        self._unmoved_until = self.listener.time + unmoved
        return NotMeant()

    def _meant(self) -> bool:
        """Whether what was said over the assistant is something that is said in this home: no cough, no television."""
        return sum(each.confidence for each in self._hypotheses()) >= MEANT
