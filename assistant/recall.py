"""Answers about the past and the plans, in plain words: what happened, who did it, why, and what waits to be done."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.explain import explained
from assistant.history import Cause, Change, History
from assistant.home import Entity, Home
from assistant.promises import promise
from assistant.reply import in_state, state_words
from assistant.rules import Rule, Rules
from assistant.spoken import spoken_name
from assistant.store import Store
from assistant.timers import spoken_duration
from assistant.turn import Intent, Resolution, State, Turn

HOUR = 3600.0
MOST_TOLD = 5
"""Changes and rules that are told at once."""
HAPPENED = {
    "open": "opened", "closed": "closed", "locked": "was locked", "unlocked": "was unlocked", "on": "was turned on",
    "off": "was turned off", "playing": "began to play", "paused": "was paused", "cleaning": "began to clean",
    "docked": "went home",
}  # fmt: skip
DID = {
    "open": "opened", "closed": "closed", "locked": "locked", "unlocked": "unlocked", "on": "turned on",
    "off": "turned off", "playing": "started", "paused": "paused", "cleaning": "started", "docked": "sent home",
}  # fmt: skip
"""What the assistant did to a thing that is so now."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Answers from the log, the plans and what devices reported. `home` tells the present home."""

    history: History
    rules: Rules
    store: Store
    home: Callable[[], Home]

    # -- plans -----------------------------------------------------------------------------------------------------

    def planned(self, intent: Intent, now: datetime) -> str:
        """What waits to be done."""
        about = str(intent.slots.get("about") or "")
        found = self.rules.about(about) if about else list(self.rules)
        if not found:
            return f"Nothing is scheduled{f' {about}' if about.startswith(('when', 'at', 'if')) else ''}."
        told = " ".join(promise(rule, now) for rule in found[:MOST_TOLD])
        rest = len(found) - MOST_TOLD
        return f"{told} And {rest} more." if rest > 0 else told

    # -- the past --------------------------------------------------------------------------------------------------

    def remembered(self, resolution: Resolution, turn: Turn) -> str:
        """The answer to a `history.*` intent whose entities are known."""
        slots = resolution.intent.slots
        seconds = float(slots.get("within") or (24 * HOUR if resolution.intent.verb != "did" else HOUR))
        since = turn.context.now - timedelta(seconds=seconds)
        if resolution.intent.verb == "what":
            if slots.get("by") == "assistant":
                return self._own(since, turn.context.now, bool(slots.get("within")))
            return self._listed(since, turn.context.now)
        home, state = self.home(), str(slots["state"])
        meant = [home.entities[entity] for entity in resolution.entities]
        changes = [each for each in self.history.of(resolution.entities, since) if self._came_to(each, state)]
        if slots.get("by") == "assistant":
            changes = [each for each in changes if each.cause is not None]
        last = changes[-1] if changes else None
        if resolution.intent.verb == "long":
            return self._how_long(meant, state, last, turn)
        if last is None:
            return self._not_seen(meant, state, since, turn, bool(slots.get("was")))
        if resolution.intent.verb == "did":
            return f"Yes, {self._happened(last, state, turn.context.now)}{self._by(last.cause, turn)}."
        if resolution.intent.verb == "when":
            return f"{_capital(self._happened(last, state, turn.context.now))}{self._by(last.cause, turn)}."
        return self._who(last, state, turn, resolution.intent.verb == "why")

    def _came_to(self, change: Change, state: str) -> bool:
        """Whether a change led to a state, from one that was not it."""
        entity = self.home().entities[change.entity]
        return in_state(entity, State(change.after), state) and not in_state(entity, State(change.before), state)

    def _happened(self, change: Change, state: str, now: datetime) -> str:
        home = self.home()
        verb = HAPPENED.get(state, f"became {state}")
        return f"{spoken_name(home.entities[change.entity], home)} {verb} {ago(change.time, now)}"

    def _who(self, change: Change, state: str, turn: Turn, why: bool) -> str:
        happened = _capital(self._happened(change, state, turn.context.now))
        if change.cause is None:
            return f"{happened}, but not by me: by hand, or by itself."
        before = self.store.get(change.cause.turn) if why else None
        told = f" {explained(before, self.home())}" if before is not None else ""
        return f"{happened}{self._by(change.cause, turn)}.{told}"

    def _by(self, cause: Cause | None, turn: Turn) -> str:
        """Whose doing it was, as the end of a sentence."""
        if cause is None:
            return ", not by me"
        who = "you" if cause.speaker == turn.context.speaker else (cause.speaker or "somebody").capitalize()
        when = "had asked me to" if cause.rule else "asked me to"
        return f', because {who} {when}: "{cause.said}"'

    def _not_seen(self, meant: Sequence[Entity], state: str, since: datetime, turn: Turn, was: bool) -> str:
        """Nothing of the kind happened; what is known instead."""
        home, now = self.home(), turn.context.now
        watched = max(since, self.history.since or now)
        named = [spoken_name(entity, home) for entity in meant[:3]]
        names = " or ".join(filter(None, (", ".join(named[:-1]), *named[-1:]))) or "that"
        present = turn.context.states.get(meant[0].id) if meant else None
        is_so = present is not None and bool(meant) and in_state(meant[0], present, state)
        over = f"in the past {re.sub(r'^1 (?=[a-z]+$)', '', _span(now - watched))}"
        if was and is_so:
            return f"Yes, {names} {state_words(meant[0], present)} all this time." if present else ""
        lead = "No" if turn.intent is None or turn.intent.verb == "did" else "I don't know"
        seen = f"I did not see that {names} {HAPPENED.get(state, f'became {state}')} {over}"
        is_now = f" It {state_words(meant[0], present)} now." if present is not None and len(meant) == 1 else ""
        return f"{lead}, {seen}.{is_now}"

    def _how_long(self, meant: Sequence[Entity], state: str, last: Change | None, turn: Turn) -> str:
        home = self.home()
        entity = home.entities[last.entity] if last else meant[0]
        present = turn.context.states.get(entity.id)
        name = _capital(spoken_name(entity, home))
        if present is None or not in_state(entity, present, state):
            return f"{name} {state_words(entity, present) if present else 'has not reported its state'}."
        if last is None:
            return f"{name} {state_words(entity, present)}, for longer than I can remember."
        return f"{name} {state_words(entity, present)} since {ago(last.time, turn.context.now, 'from')}."

    def _listed(self, since: datetime, now: datetime) -> str:
        """The latest changes, newest first."""
        latest = _latest(self._known(since))
        return " ".join(self._became(each, now) for each in latest) or "Nothing has changed."

    def _own(self, since: datetime, now: datetime, everything: bool) -> str:
        """What the assistant did, newest first: all since then, or what it did last."""
        mine = [each for each in self._known(since) if each.cause is not None]
        last = mine[-1].cause.turn if mine and mine[-1].cause else None
        meant = [each for each in mine if everything or (each.cause and each.cause.turn == last)]
        return " ".join(self._did(each, now) for each in _latest(meant)) or "I did nothing."

    def _known(self, since: datetime) -> list[Change]:
        home = self.home()
        return [each for each in self.history if each.time >= since and each.entity in home.entities]

    def _did(self, change: Change, now: datetime) -> str:
        if change.after not in DID:
            return self._became(change, now)
        home = self.home()
        return f"I {DID[change.after]} {spoken_name(home.entities[change.entity], home)} {ago(change.time, now)}."

    def _became(self, change: Change, now: datetime) -> str:
        home = self.home()
        entity = home.entities[change.entity]
        words = state_words(entity, State(change.after)).replace("is ", "became ", 1)
        became = words if entity.domain == "binary_sensor" else HAPPENED.get(change.after, words)
        return f"{_capital(spoken_name(entity, home))} {became} {ago(change.time, now)}."


def _latest(changes: Sequence[Change]) -> list[Change]:
    """The last change of each thing, newest first."""
    return list(reversed(list({each.entity: each for each in changes}.values())[-MOST_TOLD:]))


def ago(then: datetime, now: datetime, way: str = "at") -> str:
    """A moment of the past, with its age.

    >>> ago(datetime(2026, 3, 2, 11, 48), datetime(2026, 3, 2, 12, 0))
    'at 11:48, 12 minutes ago'
    """
    seconds = (now - then).total_seconds()
    if seconds < 60:
        return "just now"
    day = "" if then.date() == now.date() else "yesterday "
    clock = f"{day}at {then:%H:%M}" if way == "at" else f"{day}{then:%H:%M}"
    return f"{clock}, {_span(now - then)} ago" if way == "at" else f"{clock}, for {_span(now - then)}"


def _span(length: timedelta) -> str:
    seconds = length.total_seconds()
    rounded = seconds if seconds < 60 else seconds // 60 * 60 if seconds < 2 * HOUR else seconds // HOUR * HOUR
    return spoken_duration(rounded)


def _quoted(rule: Rule) -> str:
    return f'"{rule.about}"'


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
