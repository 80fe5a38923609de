"""The data of a turn: a value that gathers evidence while the stages of the loop read it and fill it in.

The filled turn is at once the trace that a person reads, the row in the database, the fixture of a test
and the example that a learner learns from. Everything here is frozen and imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """What an entity reports of itself, in Home Assistant's names and scales.

    >>> State("on", {"brightness": 128}).attributes["brightness"]
    128
    """

    state: str
    attributes: Attributes = field(default_factory=dict)

    def after(self, value: Attributes) -> State:
        """The state as it will be once a wished value has come about.

        >>> State("off").after({"state": "on", "brightness": 128})
        State(state='on', attributes={'brightness': 128})
        """
        rest = {key: each for key, each in value.items() if key != "state"}
        return State(str(value.get("state", self.state)), {**self.attributes, **rest})


States = Mapping[str, State]


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word. `start` and `end` are seconds from the start of the utterance; `confidence` is 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One thing that may have been said. `confidence` is the probability (0 to 1) that the text is right."""

    text: str
    confidence: float = 1.0
    words: tuple[Word, ...] = ()


class Source(StrEnum):
    """How the words came in."""

    TYPED = "typed"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What came in, before anything is understood.

    `hypotheses` is the n-best, best first; it is empty when it woke and nobody spoke. `wake` is the score (0 to 1) of
    the wake word, `None` when typed or in a follow-up. `ended_by` tells why listening stopped: `silence`, `limit` ...
    `tries` are the best scores of the attempts at the wake word, the last one being that which was heard. `pause` is
    the longest pause within it and `waited` the time from its last sound until it was taken as ended, in seconds.
    `over` is whether it began while the assistant spoke.
    """

    hypotheses: tuple[Hypothesis, ...]
    source: Source = Source.TYPED
    wake: float | None = None
    seconds: float | None = None
    ended_by: str | None = None
    tries: tuple[float, ...] = ()
    pause: float | None = None
    waited: float | None = None
    over: bool = False

    @property
    def text(self) -> str:
        """The best hypothesis, or an empty string."""
        return self.hypotheses[0].text if self.hypotheses else ""

    @property
    def confidence(self) -> float | None:
        """Confidence of the best hypothesis; `None` when nothing was recognised."""
        return self.hypotheses[0].confidence if self.hypotheses else None


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of a turn: when, where, who, and the states of the devices at the moment of speaking.

    `gap` is the number of seconds since the last turn of this household ended, `None` for the first.
    """

    now: datetime
    household: str = "home"
    room: str | None = None
    speaker: str | None = None
    states: States = field(default_factory=dict)
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A learned change of the text between recognition and understanding.

    `before` was said, `after` is executed; the two are never confused. `propensity` is the probability (0 to 1) with
    which the rewrite was applied to this request; `confirm` asks for a question first.
    """

    id: str
    before: str
    after: str
    layer: str
    score: float
    because: str
    propensity: float = 1.0
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Intent:
    """One action asked for. `name` is `domain.verb` (`cover.open`); the domain is `home` until it is resolved.

    `slots` are values that JSON can hold; `docs/reference/language.md` lists them. `confidence` is 0 to 1.
    """

    name: str
    slots: Attributes = field(default_factory=dict)
    confidence: float = 1.0

    @property
    def domain(self) -> str:
        """The part before the dot."""
        return self.name.partition(".")[0]

    @property
    def verb(self) -> str:
        """The part after the dot."""
        return self.name.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One reading of a whole sentence: its intents in the order spoken, and the words that no intent explains.

    `learned` tells that it rests on a wording that was learned at home; what is risky is then asked about first.
    """

    intents: tuple[Intent, ...]
    confidence: float
    text: str
    unexplained: tuple[str, ...] = ()
    learned: bool = False


@dataclass(frozen=True, slots=True)
class Parse:
    """The result of understanding: the best interpretation and its rivals, best first.

    Rule of the house: a parse with `unexplained` content words never executes.
    """

    best: Interpretation
    alternatives: tuple[Interpretation, ...] = ()

    @property
    def intents(self) -> tuple[Intent, ...]:
        """The intents of the best interpretation."""
        return self.best.intents

    @property
    def unexplained(self) -> tuple[str, ...]:
        """The unexplained content words of the best interpretation."""
        return self.best.unexplained


@dataclass(frozen=True, slots=True)
class Candidate:
    """A set of entities that an intent may mean.

    `cost` 0 is a perfect match; `because` prints its parts. `likeness` (0 to 1) is how much what was said is like the
    name, whatever the circumstances speak for. `heard` (0 to 1) is how sure it is that the words that were said are
    words of its name and of its room: a part of a name is no less sure than the whole.
    """

    entities: tuple[str, ...]
    cost: float
    because: tuple[str, ...] = ()
    likeness: float = 1.0
    heard: float = 1.0


@dataclass(frozen=True, slots=True)
class Resolution:
    """What one intent means in this home.

    `intent` has its real domain; `candidates` are sorted by cost, the first is meant unless a question is due.
    `missing` names what could not be found, in the person's words. `confidence` is 0 to 1. What is `guessed` from words
    that mean nothing here is only ever asked about.
    """

    intent: Intent
    candidates: tuple[Candidate, ...] = ()
    confidence: float = 1.0
    missing: str | None = None
    because: tuple[str, ...] = ()
    guessed: bool = False

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities of the cheapest candidate."""
        return self.candidates[0].entities if self.candidates else ()


@dataclass(frozen=True, slots=True)
class Command:
    """One absolute request to one entity: `value` holds the wished `state` and attributes, never a toggle.

    `inverse` is the value that puts back what was there before (for undo); empty where nothing can be put back.
    """

    entity: str
    service: str
    value: Attributes
    inverse: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Execute:
    """Do it (or answer it, when there are no commands)."""

    commands: tuple[Command, ...] = ()
    kind: str = field(default="execute", init=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question is due. `options` are entity ids (three at most); the answer completes `resolution`."""

    question: str
    options: tuple[str, ...] = ()
    kind: str = field(default="ask", init=False)


@dataclass(frozen=True, slots=True)
class Confirm:
    """A yes or no before `commands` are sent."""

    question: str
    commands: tuple[Command, ...] = ()
    kind: str = field(default="confirm", init=False)


@dataclass(frozen=True, slots=True)
class Refuse:
    """Declined, in one sentence. `code` is stable, for logs and tests: `unexplained`, `unsupported`, `missing` ..."""

    code: str
    reason: str
    kind: str = field(default="refuse", init=False)


@dataclass(frozen=True, slots=True)
class Ignore:
    """Not for the assistant, or nothing was said."""

    reason: str
    kind: str = field(default="ignore", init=False)


Decision = Execute | Ask | Confirm | Refuse | Ignore


class OutcomeKind(StrEnum):
    """How a turn ended (interchange format, field `outcome`)."""

    DONE = "done"
    FAILED = "failed"
    REJECTED = "rejected"
    ASKED = "asked"
    UNSUPPORTED = "unsupported"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the turn.

    `after` holds the states of all entities once they answered; `unconfirmed` are those that did not. `answers` are
    sentences about what is no device: timers, lists, the dialogue itself.
    """

    kind: OutcomeKind
    after: States = field(default_factory=dict)
    unconfirmed: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said. An empty `text` means that the `cue` (a short sound) is the whole answer."""

    text: str
    cue: str | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """How much of the reply was heard: `position` of `seconds` of audio; `heard` is the text up to there."""

    seconds: float
    position: float
    interrupted: bool = False
    heard: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """One observation about how a turn was received. `weight` is -1 (clearly wrong) to +1 (clearly right)."""

    turn: str
    kind: str
    weight: float
    because: str = ""


@dataclass(frozen=True, slots=True)
class HandChange:
    """A person changed a device by hand, `seconds_after` the turn acted."""

    entity: str
    seconds_after: float


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the trace: which stage decided what, in how many milliseconds."""

    stage: str
    text: str
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything known about one exchange. A field that is `None` was not reached: unknown, not false.

    `unknown` names what an imported log did not tell (`confidence.nlu`, `propensity`), whatever the default says here.
    """

    id: str
    context: Context
    utterance: Utterance
    rewrite: Rewrite | None = None
    propensity: float = 1.0
    holdout: bool = False
    parse: Parse | None = None
    resolutions: tuple[Resolution, ...] = ()
    decision: Decision | None = None
    outcome: Outcome | None = None
    reply: Reply | None = None
    spoken: Spoken | None = None
    hands: tuple[HandChange, ...] = ()
    feedback: bool | None = None
    unknown: tuple[str, ...] = ()
    trace: tuple[Note, ...] = ()

    @property
    def said(self) -> str:
        """The top text of the recogniser."""
        return self.utterance.text

    @property
    def executed(self) -> str:
        """The text that was understood: after rewriting, if a rewrite applied."""
        return self.rewrite.after if self.rewrite else self.utterance.text

    @property
    def intent(self) -> Intent | None:
        """The first intent, resolved where resolution was reached."""
        if self.resolutions:
            return self.resolutions[0].intent
        return self.parse.intents[0] if self.parse and self.parse.intents else None

    @property
    def entities(self) -> tuple[str, ...]:
        """All entities that the turn means, in order, without repeats."""
        return tuple(dict.fromkeys(entity for each in self.resolutions for entity in each.entities))

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands that were decided on (sent, or waiting for a yes)."""
        return self.decision.commands if isinstance(self.decision, Execute | Confirm) else ()

    def noted(self, stage: str, text: str, ms: float = 0.0) -> Turn:
        """The same turn with one more line in its trace."""
        return replace(self, trace=(*self.trace, Note(stage, text, ms)))
