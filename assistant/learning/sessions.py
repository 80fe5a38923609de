"""Sessions and goals: which turns belong together, and whether they got there (self-learning.md 2.2 and 7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.learning.defects import shipped
from assistant.learning.logged import Logged, by_person
from assistant.learning.phrases import control
from assistant.learning.rephrase import Rephrase, RephraseDetector
from assistant.learning.signals import by_turn, signals
from assistant.turn import Signal

REPHRASE = 0.5
"""A pair above this probability is one goal."""
UNSUPPORTED = 0.1
"""How likely a request that was declined as impossible was fulfilled all the same."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Attempts at one thing, in order, with the links between them; `id` is that of the first attempt.

    `turns` also holds the control turns in between ("stop", "no"). `defects` is each attempt's defect probability.
    """

    attempts: tuple[Logged, ...]
    links: tuple[Rephrase, ...]
    defects: tuple[float, ...]
    turns: tuple[Logged, ...]

    @property
    def id(self) -> str:
        """The goal's name: its first turn."""
        return self.attempts[0].id

    @property
    def success(self) -> float:
        """How likely the goal was reached in the end (0 to 1); what the assistant can't do was not reached."""
        reached = 1 - self.defects[-1]
        return UNSUPPORTED * reached if self.attempts[-1].outcome == "unsupported" else reached


@dataclass
class Segmenter:
    """Cuts a log into sessions by time and into goals by content; `gap` is the most seconds inside a session."""

    gap: float = 45.0
    detector: RephraseDetector = field(default_factory=RephraseDetector)

    def sessions(self, log: Iterable[Logged]) -> Iterator[list[Logged]]:
        """The turns of one person with no longer pause than `gap`."""
        for turns in by_person(log):
            session = [turns[0]]
            for turn in turns[1:]:
                if turn.time - session[-1].time > self.gap:
                    yield session
                    session = []
                session.append(turn)
            yield session

    def goals(self, session: list[Logged]) -> tuple[list[Goal], list[Signal], list[Rephrase]]:
        """The goals of one session in the order in which they began, with the signals and rephrases found."""
        if len(session) == 1:
            rephrases: list[Rephrase] = []
        else:
            rephrases = self.detector.pairs(session)
        found = signals(session, rephrases)
        about = by_turn(found)
        link = {each.later.id: each for each in rephrases if each.probability >= REPHRASE}
        groups: dict[str, list[Logged]] = {}
        owner: dict[str, str] = {}
        latest, before = session[0].id, session[0]
        for turn in session:
            if owner and (control(turn.said) is not None or _answers(turn, before)):
                owner[turn.id] = latest
            elif turn.id in link:
                owner[turn.id] = owner[link[turn.id].earlier.id]
            else:
                owner[turn.id] = turn.id
            latest, before = owner[turn.id], turn
            groups.setdefault(latest, []).append(turn)
        following = {turn.id: after for turn, after in pairwise(session)}
        model = shipped()
        defects = {turn.id: model.predict_one(turn, about.get(turn.id, ()), following.get(turn.id)) for turn in session}
        return [_goal(turns, link, defects) for turns in groups.values()], found, rephrases


def _answers(turn: Logged, before: Logged) -> bool:
    """Whether a turn only completes the one before, which asked something."""
    return before.decision in {"ask", "confirm"} and turn.elliptic


def _goal(turns: list[Logged], link: Mapping[str, Rephrase], defects: Mapping[str, float]) -> Goal:
    attempts = tuple(turn for turn in turns if control(turn.said) is None) or (turns[0],)
    # An answer to a question belongs to that goal, whatever else it may sound like.
    here = {turn.id for turn in attempts}
    links = (link[turn.id] for turn in attempts[1:] if turn.id in link)
    return Goal(
        attempts,
        tuple(each for each in links if each.earlier.id in here),
        tuple(defects[turn.id] for turn in attempts),
        tuple(turns),
    )
