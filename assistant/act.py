"""Acting: send the commands over MQTT, wait for the devices' own word, report what was confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any, Protocol

from assistant.resolve.preferred import is_preferred
from assistant.schedule import Scheduler
from assistant.timers import Timers, moment
from assistant.turn import Command, Execute, Outcome, OutcomeKind, Refuse, Resolution, State, States, Turn

CHOSEN = "That is the one that you chose before."
"""Said when an earlier answer decided which of several was meant."""
MOVING_TOWARDS = {"open": "opening", "closed": "closing", "docked": "returning"}


class Hands(Protocol):
    """What acting needs of the engine: the wire, and a way to let events in while it waits."""

    def send(self, command: Command) -> None:
        """Publish one command."""

    def states(self) -> States:
        """The states as last reported."""

    def pump(self, until: Callable[[], bool], timeout: float) -> bool:
        """Handle state reports until `until()` holds; whether it came to hold within `timeout` seconds."""


def confirmed(command: Command, state: State | None) -> bool:
    """Whether a reported state shows that a command was taken: it is so, or it is on its way there.

    >>> confirmed(Command("cover.g", "cover.open", {"state": "open"}), State("opening"))
    True
    >>> confirmed(Command("light.a", "light.set", {"state": "on", "brightness": 128}), State("on", {"brightness": 127}))
    True
    """
    if state is None or state.state == "unavailable":
        return False
    for key, wished in command.value.items():
        if key == "state":
            if not _state_taken(command, str(wished), state):
                return False
        elif not _same(key, wished, state):
            return False
    return True


def _state_taken(command: Command, wished: str, state: State) -> bool:
    domain = command.entity.partition(".")[0]
    if domain in {"scene", "script", "button"}:
        return True
    if wished == "stop":
        return state.state not in {"opening", "closing"}
    if domain == "media_player" and wished in {"on", "off", "idle"}:
        return (state.state == "off") == (wished == "off")
    if wished == "returning" and state.state == "docked":
        return True
    return state.state in {wished, MOVING_TOWARDS.get(wished), f"{wished.removesuffix('ed')}ing"}


def _same(key: str, wished: Any, state: State) -> bool:
    found = state.attributes.get(key)
    if key == "current_position" and state.state in {"opening", "closing"}:
        return True
    if not wished and found is None:
        # What is empty, or not so, is not reported.
        return True
    if isinstance(wished, int | float) and isinstance(found, int | float) and not isinstance(wished, bool):
        return abs(float(wished) - float(found)) <= _tolerance(key, state)
    if isinstance(wished, list | tuple):
        return list(found or ()) == list(wished)
    return bool(found == wished)


def _tolerance(key: str, state: State) -> float:
    """How far a number may be off: devices round, and a fan may have only some speeds."""
    step = state.attributes.get("percentage_step")
    if key == "percentage" and isinstance(step, int | float):
        return max(1.0, float(step))
    return 1.0 if key in {"brightness", "percentage"} else 0.011


class ActStage:
    """The stage of the loop: sends what was decided, fills `outcome`."""

    name = "act"
    reads = frozenset({"decision", "resolutions"})
    writes = frozenset({"decision", "outcome"})

    def __init__(self, hands: Hands, timers: Timers, scheduler: Scheduler, wait: float) -> None:
        self._hands = hands
        self._timers = timers
        self._scheduler = scheduler
        self._wait = wait

    def run(self, turn: Turn) -> Turn:
        """Carry out an `Execute`; every other decision has its outcome without acting."""
        decision = turn.decision
        if not isinstance(decision, Execute):
            return replace(turn, outcome=Outcome(_without_acting(turn), self._hands.states()))
        answers = list(turn.outcome.answers) if turn.outcome else []
        answers += [
            self._timers.carry_out(each.intent, turn.context.now)
            for each in turn.resolutions
            if each.intent.domain == "timer" and "condition" not in each.intent.slots
        ]
        answers += [
            self._scheduler.cancel(each.intent) for each in turn.resolutions if each.intent.name == "schedule.cancel"
        ]
        turn, commands, told = self._planned(turn, decision.commands)
        answers += told
        if decision.commands and not commands:
            # Nothing was done now: the work waits, or will not be done.
            outcome = Outcome(OutcomeKind.DONE, self._hands.states(), (), tuple(answers))
            return replace(turn, decision=Execute(), outcome=outcome)
        decision = Execute(commands)
        turn = replace(turn, decision=decision)
        answers += [CHOSEN for each in turn.resolutions if is_preferred(each) and decision.commands][:1]
        silent = self._carry_out(decision.commands)
        answers += self._put_back(turn, commands)
        kind = OutcomeKind.FAILED if silent else OutcomeKind.DONE
        return replace(turn, outcome=Outcome(kind, self._hands.states(), silent, tuple(answers))).noted(
            "act", f"{len(decision.commands)} sent, {len(silent)} not confirmed"
        )

    def _planned(self, turn: Turn, commands: tuple[Command, ...]) -> tuple[Turn, tuple[Command, ...], list[str]]:
        """What is to be done now, and what to say of the rest: each request of the sentence at its own time."""
        now: list[Command] = []
        answers = []
        for part, share in _by_time(turn, commands):
            plan = self._scheduler.plan(part, share)
            if plan is not None:
                answers += [plan.says] if plan.says else []
                turn = turn.noted("act", plan.because)
            if plan is None or plan.act:
                now += share
        return turn, tuple(now), answers

    def _put_back(self, turn: Turn, commands: tuple[Command, ...]) -> Iterator[str]:
        """After what was asked for "for an hour": what is said of putting it back."""
        for part, share in _by_time(turn, commands):
            lasts = _lasts(part)
            if lasts is not None and share:
                yield self._scheduler.put_back(part, share, lasts)

    def _carry_out(self, commands: tuple[Command, ...]) -> tuple[str, ...]:
        """Send all, wait once; the entities that did not confirm."""
        for command in commands:
            self._hands.send(command)
        # Of several to one device only the last that sets a thing can be confirmed.
        last = [each for i, each in enumerate(commands) if not any(_overrides(one, each) for one in commands[i + 1 :])]

        def open_ones() -> list[str]:
            states = self._hands.states()
            return [each.entity for each in last if not confirmed(each, states.get(each.entity))]

        if commands:
            self._hands.pump(lambda: not open_ones(), self._wait)
        return tuple(dict.fromkeys(open_ones()))


def _overrides(later: Command, earlier: Command) -> bool:
    return later.entity == earlier.entity and bool(later.value.keys() & earlier.value.keys())


_TIMES = ("at", "after", "day", "when", "for", "until", "repeat")


def _by_time(turn: Turn, commands: tuple[Command, ...]) -> Iterator[tuple[Turn, tuple[Command, ...]]]:
    """The turn in parts that have one time each, with their commands; nearly always it is one."""
    parts = [list(same) for _, same in groupby(turn.resolutions, key=_time_of)]
    if len(parts) < 2:
        yield turn, commands
        return
    for part in parts:
        meant = {entity for each in part for entity in (*each.entities, *(each.intent.slots.get("instead_of") or ()))}
        size = next((i for i, command in enumerate(commands) if command.entity not in meant), len(commands))
        most = sum(len(each.entities) + len(each.intent.slots.get("instead_of") or ()) for each in part)
        share, commands = commands[: min(size, most)], commands[min(size, most) :]
        yield replace(turn, resolutions=tuple(part)), share


def _lasts(turn: Turn) -> float | None:
    """For how many seconds something was asked for, if it was: "for an hour", "until ten"."""
    slots = turn.intent.slots if turn.intent else {}
    if isinstance(lasts := slots.get("for"), int | float):
        return float(lasts)
    end = moment({"at": slots.get("until"), "at_ambiguous": slots.get("until_ambiguous")}, turn.context.now)
    return (end - turn.context.now).total_seconds() if end else None


def _time_of(resolution: Resolution) -> tuple[str, ...]:
    return tuple(str(resolution.intent.slots.get(slot)) for slot in _TIMES)


def _without_acting(turn: Turn) -> OutcomeKind:
    decision = turn.decision
    if decision is None or decision.kind == "ignore":
        return OutcomeKind.IGNORED
    if isinstance(decision, Refuse):
        return OutcomeKind.UNSUPPORTED if decision.code == "unsupported" else OutcomeKind.REJECTED
    return OutcomeKind.ASKED


def assumed(turn: Turn) -> Turn:
    """The turn as if every device did as asked: for explaining without acting."""
    if not isinstance(turn.decision, Execute):
        return replace(turn, outcome=Outcome(_without_acting(turn), turn.context.states))
    after = dict(turn.context.states)
    for command in turn.decision.commands:
        after[command.entity] = after.get(command.entity, State("unknown")).after(command.value)
    return replace(turn, outcome=Outcome(OutcomeKind.DONE, after, (), turn.outcome.answers if turn.outcome else ()))
