"""Work that waits: for a moment, for the sun, or for something to become so. Kept in the store, listed, cancelled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from assistant.conditions import SLACK, Condition, View, holds
from assistant.sun import next_sun_time
from assistant.timers import WEEKDAYS, Keeper
from assistant.turn import Candidate, Command, Intent, Resolution

KIND = "rule"
NOT_TOLD = frozenset({
    "the", "a", "an", "my", "our", "at", "in", "on", "of", "to", "when", "if", "it", "is", "please", "that", "you",
    "will", "do", "once", "whenever", "every", "time", "i", "for", "and", "rule", "about", "with", "off", "turn",
})  # fmt: skip
"""Words that tell no rule from another."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Something to be done later.

    It is due at `due` (a moment; with `event`, one of the sun, `offset` seconds from it), or when `condition` comes to
    hold after it did not (`armed`). `repeat` ("every weekday") or `standing` keep it after it was done. `actions` are
    intents with their entities, made into commands when it is due; `commands` put back what was before. `text` is only
    said. `about` are the person's words, `turn` the turn in which they were said.
    """

    id: str
    about: str
    made: datetime
    due: datetime | None = None
    event: str = ""
    offset: float = 0.0
    repeat: str = ""
    condition: Condition | None = None
    armed: bool = False
    since: datetime | None = None
    standing: bool = False
    actions: tuple[Resolution, ...] = ()
    commands: tuple[Command, ...] = ()
    text: str = ""
    turn: str = ""
    speaker: str | None = None
    room: str | None = None

    @property
    def stays(self) -> bool:
        """Whether it is kept after it was done."""
        return self.standing or bool(self.repeat)


def on_day(repeat: str, day: datetime) -> bool:
    """Whether a repetition falls on a day: "every weekday", "every weekend", "every monday", "every day".

    >>> on_day("every weekend", datetime(2026, 3, 2))
    False
    """
    named = [number for number, name in enumerate(WEEKDAYS) if name in repeat]
    wanted = named or (range(5) if "weekday" in repeat else (5, 6) if "weekend" in repeat else range(7))
    return day.weekday() in wanted


@dataclass
class Rules:
    """All that waits, oldest first. Every change is kept at once. `latitude` is in degrees, for the sun."""

    keeper: Keeper
    latitude: float = 50.0
    _rules: dict[str, Rule] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key, document in self.keeper.kept(KIND).items():
            self._rules[key] = rule_of(document)

    def __iter__(self) -> Iterator[Rule]:
        return iter(sorted(self._rules.values(), key=lambda rule: (rule.made, rule.id)))

    def __len__(self) -> int:
        return len(self._rules)

    def add(self, rule: Rule, view: View) -> Rule:
        """Begin to wait. A condition counts as met only after it was seen not to be; its id is made unique."""
        count = 1
        while f"{rule.id}.{count}" in self._rules:
            count += 1
        rule = replace(rule, id=f"{rule.id}.{count}")
        if (condition := rule.condition) is not None:
            now_so = holds(condition, view)
            waiting = not condition.becomes and (now_so is None or condition.lasting > 0)
            rule = replace(rule, armed=now_so is False or waiting)
        self._put(rule)
        return rule

    def drop(self, rule: Rule) -> None:
        """Wait no longer."""
        self._rules.pop(rule.id, None)
        self.keeper.drop(KIND, rule.id)

    def next_due(self) -> datetime | None:
        """The next moment at which something happens by the clock alone; `None` when nothing will."""
        lasting = (
            rule.since + timedelta(seconds=rule.condition.lasting)
            for rule in self._rules.values()
            if rule.condition is not None and rule.since is not None
        )
        return min((*(rule.due for rule in self._rules.values() if rule.due), *lasting), default=None)

    def take_due(self, view: View) -> list[Rule]:
        """What is to be done now; what is due only once is dropped."""
        if not self._rules:
            return []
        fired = []
        for rule in list(self):
            if rule.due is not None and rule.due <= view.now:
                fired.append(rule)
                self._after(rule, view)
            elif rule.condition is not None and self._met(rule, rule.condition, view):
                fired.append(rule)
                self._after(replace(rule, armed=False, since=None), view)
        return fired

    def _met(self, rule: Rule, condition: Condition, view: View) -> bool:
        """Whether the condition has come to hold, and for long enough; keeps what was seen of it."""
        slack = SLACK if rule.stays and not rule.armed else 0.0
        now_so = holds(condition, view, slack)
        if now_so is None:
            return False
        if not now_so:
            if not rule.armed or rule.since is not None:
                self._put(replace(rule, armed=True, since=None))
            return False
        if not rule.armed:
            return False
        if not condition.lasting:
            return True
        if rule.since is None:
            self._put(replace(rule, since=view.now))
            return False
        return (view.now - rule.since).total_seconds() >= condition.lasting

    def _after(self, rule: Rule, view: View) -> None:
        """What has been done is gone, or waits for the next time."""
        if not rule.stays:
            self.drop(rule)
        elif rule.condition is not None:
            self._put(rule)
        else:
            following = self.following(rule, view.now)
            self._put(replace(rule, due=following)) if following else self.drop(rule)

    def following(self, rule: Rule, now: datetime) -> datetime | None:
        """When a repeated rule is due again after `now`."""
        if rule.event:
            moment = now
            for _ in range(8):
                found = next_sun_time(rule.event, rule.offset, moment, self.latitude)
                if found is None or on_day(rule.repeat, found):
                    return found
                moment = found
            return None
        assert rule.due is not None, "a rule without a condition has a moment"
        days = (rule.due + timedelta(days=ahead) for ahead in range(1, 400))
        return next((day for day in days if day > now and on_day(rule.repeat, day)), None)

    def about(self, words: str) -> list[Rule]:
        """The rules that words speak of, the likeliest alone; all when the words tell nothing.

        A rule is meant when two thirds of the telling words are its own.
        """
        wanted = _stems(words)
        if not wanted:
            return list(self)
        scored = [(len(wanted & _stems(rule.about)) / len(wanted), rule) for rule in self]
        best = max((score for score, _ in scored), default=0.0)
        return [rule for score, rule in scored if score == best and score >= 0.66]

    def made_by(self, turn: str) -> list[Rule]:
        """The rules that a turn made."""
        return [rule for rule in self if rule.turn == turn]

    def _put(self, rule: Rule) -> None:
        self._rules[rule.id] = rule
        self.keeper.keep(KIND, rule.id, _document(rule))


def _stems(words: str) -> frozenset[str]:
    """The telling words, without endings."""
    found = re.findall(r"[a-z0-9:]+", words.lower())
    return frozenset(re.sub(r"(?<=\w{3})(?:ed|ing|es|s)$", "", word) for word in found if word not in NOT_TOLD)


def _document(rule: Rule) -> dict[str, Any]:
    document = {name: getattr(rule, name) for name in ("id", "about", "event", "offset", "repeat", "armed", "standing")}
    document |= {name: getattr(rule, name) for name in ("text", "turn", "speaker", "room")}
    document |= {name: _iso(getattr(rule, name)) for name in ("made", "due", "since")}
    document["condition"] = rule.condition.as_json() if rule.condition else None
    document["actions"] = [
        {"intent": each.intent.name, "slots": dict(each.intent.slots), "entities": list(each.entities)}
        for each in rule.actions
    ]
    document["commands"] = [asdict(command) for command in rule.commands]
    return document


def rule_of(document: Mapping[str, Any]) -> Rule:
    """The rule that a document holds."""
    times = {name: _moment(document.get(name)) for name in ("due", "since")}
    actions = tuple(
        Resolution(Intent(each["intent"], each["slots"]), (Candidate(tuple(each["entities"]), 0.0, ("as scheduled",)),))
        for each in document["actions"]
    )
    return Rule(
        **{
            **document,
            **times,
            "made": datetime.fromisoformat(document["made"]),
            "condition": Condition.of(document["condition"]) if document["condition"] else None,
            "actions": actions,
            "commands": tuple(Command(**each) for each in document["commands"]),
        }
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
