"""What really was the matter with each turn, found out by running the assistant on what it should have worked with.

The rule of the article (self-learning.md 10.1): the failure point is the first stage that fails and is not recovered
from. A stage is at fault when its output differs in meaning from what it should have been; whether the later ones
would have managed is tried by handing them the right thing: the true words, an ordinary wording, an unmistakable name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from assistant.learning.logged import canonical
from assistant.learning.text import normal
from assistant.turn import Context, Hypothesis, Turn, Utterance
from simulator.people.goals import Goal
from simulator.people.life import Saying
from simulator.people.person import Person
from simulator.replay.stage import Stage
from simulator.study.judge import right

MEANINGLESS = frozenset({"a", "an", "the", "please"})
"""Words whose loss is a slip that is recovered from (the article's second example)."""
Failure = Literal["correct", "false_wake", "asr", "nlu", "er", "result"]


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth about one turn. `kind` is request, answer, remark, stray (not meant for it) or beyond (impossible).

    `goal` is the id of the first turn at the same wish. `right`: it came about, and nothing else did. `intent`, `slots`
    and `entity` are what a perfect assistant would have understood; `None` where there was nothing to understand.
    """

    turn: str
    kind: str
    goal: str
    number: int
    right: bool
    goal_success: bool
    failure: Failure
    transcript: str
    intent: str | None = None
    slots: Mapping[str, Any] | None = None
    entity: str | None = None

    def as_json(self) -> dict[str, Any]:
        """A line of the file of truths."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Faults:
    """Which stages had gone wrong before anything was done, and what a perfect assistant would have understood."""

    misheard: bool
    misread: bool
    mistaken: bool
    intent: str | None
    slots: Mapping[str, Any] | None

    def first(self) -> Failure:
        """The failure point of a turn that went wrong."""
        if self.misheard:
            return "asr"
        if self.misread:
            return "nlu"
        return "er" if self.mistaken else "result"


def faults(stage: Stage, saying: Saying) -> Faults:
    """Look into every stage at the moment of speaking; nothing is done."""
    person, goal = saying.person, saying.goal
    manual = _run(stage, saying, person.plainly(goal))
    meant = _run(stage, saying, saying.text)
    heard = _run(stage, saying, None)
    misheard = _words(heard.said) != _words(saying.text) and _meaning(heard) != _meaning(meant)
    misread = mistaken = False
    if not right(meant, goal):
        # A better name alone mends a mistaken name; what it does not mend was misread.
        mistaken = right(_run(stage, saying, renamed(saying.text, person, goal)), goal)
        misread = not mistaken
    intent = manual.intent
    return Faults(misheard, misread, mistaken, intent.name if intent else None, dict(intent.slots) if intent else None)


def renamed(text: str, person: Person, goal: Goal) -> str:
    """The same wording with the device's unmistakable name."""
    called, full = person.names[goal.entity], person.full[goal.entity]
    return text if full in text else text.replace(called, full, 1)


def _words(text: str) -> list[str]:
    """The words that matter: an article or a plural more or less is no mishearing in meaning."""
    return [word.removesuffix("s") for word in normal(text).split() if word not in MEANINGLESS]


def _run(stage: Stage, saying: Saying, text: str | None) -> Turn:
    """What would be decided, up to the decision, about another text (`None`: about what was heard)."""
    assistant, engine = stage.assistant, stage.assistant.engine
    assistant.sync_home()
    context = Context(stage.clock.now(), saying.person.household, saying.room, saying.person.name, engine.states())
    heard = saying.heard if text is None else (Hypothesis(text),)
    return assistant.pipeline.run(Turn("what-if", context, Utterance(heard)), start="nlu", stop="decide")


def _meaning(turn: Turn) -> tuple[object, ...]:
    """What was understood: every intent with its devices, and what was left over."""
    parse = turn.parse
    left = parse.unexplained if parse else ()
    commands = tuple((each.entity, tuple(sorted(map(str, each.value.items())))) for each in turn.commands)
    read = tuple(canonical(each.intent) for each in turn.resolutions)
    return (commands or read, left, turn.decision.kind if turn.decision else None)
