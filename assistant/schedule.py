"""When a request is to be carried out: now, later, now and back again, or not at all -- decided by its own words.

"When", "once", "as soon as" wait for the next time; "whenever", "every time" make a standing rule. What is so already
("when it is above 23") is done at once. "If" looks now: what is so is done, what a sensor, a person or the sun may
still bring about is waited for, and anything else ("if the light is on") is said not to be so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from assistant.conditions import Condition, View, holds
from assistant.promises import promise, to_you
from assistant.reply import state_words
from assistant.rules import Rule, Rules
from assistant.spoken import spoken_name
from assistant.sun import next_sun_time
from assistant.timers import is_repeat, moment, moment_in_words
from assistant.turn import Command, Intent, Resolution, Turn

WHEN_SLOTS = frozenset({"at", "after", "day", "at_ambiguous", "when", "trigger", "condition", "repeat", "replaces"})
"""The slots that say when; what is left of an intent is what to do."""

_PRONOUN = re.compile(r"\b(?:it|them|those|these|that)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"(?:it|the sun|sun)\b")
"""How the words for a moment of the sun begin, where they are a clause and no time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a request: whether to `act` now, the `rule` to keep, what to say, and why (for the trace)."""

    act: bool
    says: str = ""
    rule: Rule | None = None
    because: str = ""


class Scheduler:
    """Makes rules of requests. `view` tells the home as it is now."""

    def __init__(self, rules: Rules, view: Callable[[datetime], View]) -> None:
        self.rules = rules
        self._view = view

    def plan(self, turn: Turn, commands: tuple[Command, ...]) -> Plan | None:
        """What to do when; `None` for a request that says nothing of time."""
        intent = turn.intent
        if intent is None or (intent.domain == "timer" and "condition" not in intent.slots):
            return None
        slots = intent.slots
        if "condition" in slots:
            return self._conditional(turn, slots, commands)
        if not commands:
            return None
        repeat = _repeat(slots)
        # What repeats is meant by the clock as it was said: "every weekday at seven" is in the morning.
        clock = ("at", "after", "day") if repeat else ("at", "after", "day", "at_ambiguous")
        due = moment({key: slots.get(key) for key in clock}, turn.context.now)
        if due is None:
            return None
        rule = replace(_rule(turn), due=due, repeat=repeat)
        if repeat and not slots.get("day"):
            due = self._first(rule, due, turn.context.now)
            rule = replace(rule, due=due)
        often = f", {repeat}" if repeat else ""
        return self._keep(rule, f"{moment_in_words(due, turn.context.now)}{often}", turn)

    def put_back(self, turn: Turn, commands: tuple[Command, ...], seconds: float) -> str:
        """After "for an hour": the inverse commands are due then."""
        due = turn.context.now + timedelta(seconds=seconds)
        self.rules.add(
            replace(_rule(turn), due=due, actions=(), commands=_back(commands)), self._view(turn.context.now)
        )
        return f"I will put it back at {due:%H:%M}."

    def cancel(self, intent: Intent) -> str:
        """Cancel the rules that a `schedule.cancel` means, and say which they were."""
        slots, everything = intent.slots, list(self.rules)
        if slots.get("quantity") == "all":
            found = everything
        elif slots.get("turn"):
            found = self.rules.made_by(str(slots["turn"]))
        else:
            found = self.rules.about(str(slots.get("about") or "")) if "about" in slots else everything[-1:]
            if len(found) > 1:
                return f"Which one: {' or '.join(_quoted(rule) for rule in found[:3])}?"
        if not found:
            rest = f" Scheduled: {', '.join(_quoted(rule) for rule in everything[:3])}." if everything else ""
            return f"Nothing like that is scheduled.{rest}"
        for rule in found:
            self.rules.drop(rule)
        return f"Canceled: {', '.join(_quoted(rule) for rule in found)}."

    def _conditional(self, turn: Turn, slots: Mapping[str, Any], commands: tuple[Command, ...]) -> Plan:
        now = turn.context.now
        condition, trigger = Condition.of(slots["condition"]), str(slots.get("trigger") or "when")
        words, repeat = to_you(str(slots["when"])), _repeat(slots)
        rule = replace(_rule(turn), repeat=repeat, standing=trigger == "whenever")
        if trigger == "unless":
            if holds(condition, self._view(now)):
                return Plan(True, "", None, f"{words}: not so")
            return Plan(False, f"{self._present(condition, now)}, so I did nothing.", None, f"{words}: so")
        if condition.op == "sun":
            due = next_sun_time(condition.event, condition.offset, now, self.rules.latitude)
            rule = replace(rule, due=due, event=condition.event, offset=condition.offset)
            rule = replace(rule, repeat=repeat or ("every day" if rule.standing else ""))
            if rule.repeat and due is not None:
                due = self.rules.following(rule, now)
            if due is None:
                return Plan(False, "The sun does not do that here.", None, "no such moment within a year")
            rule, words = replace(rule, due=due), f"{words} ({due:%H:%M})"
        else:
            rule = replace(rule, condition=condition)
        if trigger == "until":
            back = replace(rule, actions=(), commands=_back(commands), condition=replace(condition, becomes=True))
            back = back if condition.op != "sun" else replace(back, condition=None)
            kept = self.rules.add(back, self._view(now))
            return Plan(True, f"I will put it back {_bare(words)}.", kept, f"rule {kept.id} puts it back {words}")
        so = holds(condition, self._view(now))
        if so and not condition.becomes and not condition.lasting:
            standing = self.rules.add(rule, self._view(now)) if rule.stays else None
            return Plan(True, "", standing, f"{words}: so already")
        if trigger == "if" and not condition.waits:
            return Plan(False, f"{self._present(condition, now)}, so I did nothing.", None, f"{words}: not so")
        clause = condition.op != "sun" or _CLAUSE.match(words)
        return self._keep(rule, f"{_link(trigger)} {words}" if clause else words, turn)

    def _present(self, condition: Condition, now: datetime) -> str:
        """What the first device of a condition reports."""
        view = self._view(now)
        condition = next((part for part in condition.parts if not holds(part, view)), condition)
        entity = view.home.entities.get(condition.entities[0]) if condition.entities else None
        state = view.states.get(entity.id) if entity is not None else None
        if entity is None or state is None:
            return "I can't tell whether that is so"
        return f"The {entity.name} {state_words(entity, state)}"

    def _keep(self, rule: Rule, words: str, turn: Turn) -> Plan:
        for replaced in self.rules.made_by(str(turn.intent.slots.get("replaces"))) if turn.intent else ():
            rule = replace(rule, about=self._deed(turn) if rule.due else f"{self._deed(turn)} {words}")
            self.rules.drop(replaced)
        kept = self.rules.add(self._named(rule, turn), self._view(turn.context.now))
        words = f"{words}, {kept.repeat}" if kept.event and kept.repeat else words
        return Plan(False, promise(kept, turn.context.now, words), kept, f"rule {kept.id} waits {words}")

    def _named(self, rule: Rule, turn: Turn) -> Rule:
        """The rule with the names of the things in place of a pronoun, which means nothing later."""
        if turn.intent is None or "reference" not in turn.intent.slots or not turn.entities:
            return rule
        home = self._view(turn.context.now).home
        names = " and ".join(spoken_name(home.entities[entity], home, turn.entities) for entity in turn.entities[:3])
        return replace(rule, about=_PRONOUN.sub(names.lower(), rule.about, count=1))

    def _deed(self, turn: Turn) -> str:
        """What is to be done, in words: of a correction, whose own words are only half of it."""
        home = self._view(turn.context.now).home
        names = [spoken_name(home.entities[entity], home, turn.entities) for entity in turn.entities]
        verb = turn.intent.verb.replace("_", " ") if turn.intent else ""
        return f"{verb} {' and '.join(names)}".lower()

    def _first(self, rule: Rule, due: datetime, now: datetime) -> datetime:
        """The first moment of a repetition that falls on one of its days."""
        return self.rules.following(replace(rule, due=due - timedelta(days=1)), now) or due


def _rule(turn: Turn) -> Rule:
    """The rule of a turn, not yet with its moment."""
    about = turn.parse.best.text if turn.parse else turn.executed
    return Rule(
        "rule",
        about,
        turn.context.now,
        actions=tuple(_action(each) for each in turn.resolutions if each.intent.domain != "timer"),
        text=_reminder(turn.intent) if turn.intent and turn.intent.domain == "timer" else "",
        turn=turn.id,
        speaker=turn.context.speaker,
        room=turn.context.room,
    )


def _action(resolution: Resolution) -> Resolution:
    """What is left to do when the time has come."""
    slots = {key: value for key, value in resolution.intent.slots.items() if key not in WHEN_SLOTS}
    return replace(resolution, intent=replace(resolution.intent, slots=slots))


def _reminder(intent: Intent) -> str:
    """What is said when it is time to be reminded."""
    if named := intent.slots.get("timer_name"):
        return f"Reminder: {named}."
    words = to_you(str(intent.slots.get("when") or "now"))
    return f"You wanted to know: {words}."


def _back(commands: tuple[Command, ...]) -> tuple[Command, ...]:
    return tuple(Command(each.entity, "home.put_back", _undone(each), each.value) for each in commands if each.inverse)


def _undone(command: Command) -> Mapping[str, Any]:
    """What ends a command; what was on already ("leave it on until ten") is then off."""
    on = {"state": "on"}
    return {"state": "off"} if dict(command.value) == on and command.inverse.get("state") == "on" else command.inverse


def _repeat(slots: Mapping[str, Any]) -> str:
    for slot in ("repeat", "when"):
        if is_repeat(slots.get(slot)):
            return str(slots[slot])
    return ""


def _quoted(rule: Rule) -> str:
    return f'"{rule.about}"'


def _bare(words: str) -> str:
    """Without "until", as a condition of its own."""
    return f"when {words.removeprefix('until ')}" if words.startswith("until ") else words


def _link(trigger: str) -> str:
    return "as soon as" if trigger == "if" else trigger
