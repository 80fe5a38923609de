"""Episodes: something was said, it went wrong, it was said otherwise, and that worked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.learning.logged import Logged
from assistant.learning.phrases import completed, control, stripped
from assistant.learning.sessions import Goal
from assistant.learning.text import lexical, misheard, normal

Person = tuple[str, str | None]
GOOD_ENDING = 0.5
"""A last attempt with a higher defect probability is no success."""
SURE_ENDING = 0.3
ALIKE = 0.7
"""How alike the differing words must sound for one episode to be enough."""
LATEST = 3
"""Episodes that say what a text stands for now."""
ONLINE = "online"
"""The id of a rewrite that no rule stands for."""
JOINT = "+"
"""What joins the ids of rules that changed a request together."""
DECLINED = frozenset({"rejected", "unsupported"})
UNFINISHED = frozenset({"asked", "failed", "rejected", "unsupported", "ignored"})


@dataclass(frozen=True, slots=True)
class Episode:
    """`before` (normal) was said in vain, `after` (as spoken) meant the same and worked; `state` is what it meant.

    `strong`: clear enough to help from the first time on, see `is_strong`.
    """

    who: Person
    before: str
    after: str
    state: str
    first: Logged
    last: Logged
    goal: str
    strong: bool

    @property
    def key(self) -> str:
        """What agreeing episodes share besides `before`."""
        return self.state


@dataclass
class Uses:
    """What came of texts: (time, defect probability) of each plain use, by person; and of each rule's applications."""

    plain: defaultdict[str, defaultdict[Person, list[tuple[float, float]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    states: defaultdict[str, defaultdict[Person, list[tuple[float, float]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    applied: defaultdict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, goal: Goal) -> None:
        """Count the attempts of one goal."""
        for attempt, defect in zip(goal.attempts, goal.defects, strict=True):
            if attempt.outcome in {"unsupported", "ignored"} and not goal.links:
                continue
            result = (attempt.time, defect)
            if attempt.rewrite is not None:
                for rule in attempt.rewrite.split(JOINT):
                    self.applied[rule].append(result)
                continue
            self.states[attempt.state][attempt.who].append(result)
            if not attempt.elliptic:
                self.plain[attempt.said][attempt.who].append(result)


def episodes(goals: Iterable[Goal]) -> Iterator[Episode]:
    """All episodes of some goals."""
    for goal in goals:
        yield from _agreed_to(goal)
        last = goal.attempts[-1]
        if len(goal.attempts) > 1 and goal.defects[-1] < GOOD_ENDING and last.outcome not in UNFINISHED:
            yield from _of_goal(goal, last)


def _agreed_to(goal: Goal) -> Iterator[Episode]:
    """What was offered of the assistant's own accord ("did you mean ...?") and the person said yes to."""
    for turn, answer in pairwise(goal.turns):
        if turn.decision != "confirm" or control(answer.said) != "yes" or answer.outcome != "done":
            continue
        offered = turn.words if turn.rewrite == ONLINE else _guessed(turn)
        if offered is not None and normal(offered) != turn.said:
            yield Episode(turn.who, turn.said, offered, turn.state, turn, answer, goal.id, strong=True)


def _guessed(turn: Logged) -> str | None:
    """What was offered for a request that was understood in part only."""
    return _spelled(turn) if turn.rewrite is None and turn.state == turn.executed else None


def _of_goal(goal: Goal, last: Logged) -> Iterator[Episode]:
    seen: set[str] = set()
    for attempt, defect in zip(goal.attempts[:-1], goal.defects[:-1], strict=True):
        if defect < GOOD_ENDING or attempt.elliptic or attempt.said in seen:
            continue
        # a guess at what was meant that was declined is no reading of its own
        if attempt.state == last.state and attempt.outcome not in DECLINED:
            continue
        words = _whole(goal, attempt, last)
        if words is None or normal(words) == attempt.said:
            continue
        seen.add(attempt.said)
        state = last.state if last.intent is not None else normal(words)
        strong = is_strong(goal, attempt, normal(words))
        yield Episode(goal.attempts[0].who, attempt.said, words, state, attempt, last, goal.id, strong)


def _whole(goal: Goal, attempt: Logged, last: Logged) -> str | None:
    """The request that worked, as a whole sentence."""
    if normal(last.words) == stripped(normal(last.words)) and not last.elliptic:
        return last.words.strip()
    found = completed(attempt.said, last.executed)
    if found is None:
        link = next((link for link in goal.links if link.later.id == last.id), None)
        found = link.text if link else None
    return found or _by_slots(attempt, last) or _spelled(last)


SPELLED = frozenset({"turn_on", "turn_off", "open", "close", "lock", "unlock", "start", "stop", "activate"})


def _spelled(last: Logged) -> str | None:
    """The request that worked, put into words from what it was understood as: verb and name."""
    verb = (last.intent or "").partition(".")[2]
    name, area = last.slots.get("name"), last.slots.get("area")
    if verb not in SPELLED or not isinstance(name, str):
        return None
    elsewhere = isinstance(area, str) and normal(area) not in normal(name)
    return f"{verb.replace('_', ' ')} the {f'{area} {name}' if elsewhere else name}".lower()


def _by_slots(attempt: Logged, last: Logged) -> str | None:
    """For "no, the bedroom": the first request with the corrected place, in the words of the correction."""
    area = last.slots.get("area")
    if not isinstance(area, str) or last.intent is None:
        return None
    before = attempt.slots.get("area")
    if isinstance(before, str) and normal(before) in attempt.said:
        return attempt.said.replace(normal(before), normal(area), 1)
    return None if before else f"{attempt.said} in the {normal(area)}"


def is_strong(goal: Goal, attempt: Logged, after: str) -> bool:
    """Whether one episode is enough to try it again for this person.

    All of these must hold: the person protested (interrupted the reply, said "no", or began with a correction), or the
    assistant itself declined; the words that differ sound alike, as one word heard in two ways does, or the person both
    interrupted and said what was meant instead ("no, the garage light"); the last attempt was confirmed as done, and
    nothing after it speaks against it. Healthy uses of the same words speak against it too, which `miner` checks.
    """
    last = goal.attempts[-1]
    protest = attempt.barge_in is not None or any(link.marked for link in goal.links)
    protest = protest or any(control(turn.said) in {"no", "stop", "undo"} for turn in goal.turns)
    declined = attempt.outcome in {"rejected", "failed", "unsupported"}
    alike = misheard(attempt.said, after) >= ALIKE or _one_word_off(attempt.said, after)
    told = attempt.barge_in is not None and any(link.marked and link.earlier.id == attempt.id for link in goal.links)
    return (((protest or declined) and alike) or told) and last.outcome == "done" and goal.defects[-1] < SURE_ENDING


def _one_word_off(before: str, after: str) -> bool:
    """The same words but for a letter or two ("of" for "off")."""
    return lexical(before, after) >= 0.93


def opinions(found: Iterable[tuple[str, Episode]]) -> Counter[str]:
    """What the latest episodes, in order of time, say a text stands for: votes by what they say.

    Older ones no longer count, so that a change of habit is followed; who corrects what a rule has made of a request
    says so as clearly as two who correct the request itself.
    """
    votes: Counter[str] = Counter()
    for what, episode in list(found)[-LATEST:]:
        votes[what] += 1 if episode.first.rewrite is None else 2
    return votes


def grouped(found: Sequence[Episode]) -> dict[tuple[Person, str], list[Episode]]:
    """Episodes by person and by what was said."""
    groups: dict[tuple[Person, str], list[Episode]] = defaultdict(list)
    for episode in found:
        groups[episode.who, episode.before].append(episode)
    return groups
