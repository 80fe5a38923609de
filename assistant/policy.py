"""The decision: execute, ask, confirm, refuse or ignore, by risk, confidence and breadth.

Similarity is evidence, not permission: closing and switching off are cheap; opening, unlocking and heating are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from assistant.caution import confirmation
from assistant.config import Risk
from assistant.doing import OF_WHAT_RUNS, runs
from assistant.home import Entity, Home
from assistant.nlu.normalise import is_too_long
from assistant.places import zone_of
from assistant.promises import to_you
from assistant.refusals import missing_reason, not_explained
from assistant.resolve.resolver import NAME_WINDOW
from assistant.risk import read_back
from assistant.services import VERBS
from assistant.spoken import spoken_name
from assistant.timers import is_repeat, start_problem
from assistant.turn import (
    Ask,
    Command,
    Confirm,
    Context,
    Decision,
    Execute,
    Ignore,
    Intent,
    Refuse,
    Resolution,
    Source,
    State,
    Turn,
)
from assistant.wishes import OpenError, OutOfRangeError, wanted
from devices.device import Surroundings
from devices.kinds import make
from devices.traits import DeviceError

MAX_OPTIONS = 3
QUERY_WINDOW = NAME_WINDOW / 4
"""The same for questions: an answer names what it is about, and moves nothing."""
LIKE, LIKE_TO_END = 0.9, 0.8
"""How like a name must be what was said, to act without a question: to begin something, and to end something. Set on
two homes and measured on others: `python -m simulator.benchmarks --only similar`."""
ENDING = frozenset({"turn_off", "close", "lock", "stop", "pause", "return", "mute"})
ELSEWHERE = {
    "weather": "look up the weather",
    "calendar": "look into your calendar yet",
}
"""Domains that are understood, but not to be had offline or not yet."""
UNSURE = Refuse("unsure", "Sorry, I'm not sure I heard that right. Please say it again.")
NOT_UNDERSTOOD = "Sorry, I didn't understand that."
CHANGES = frozenset({"set", "increase", "decrease"})


def overall(turn: Turn) -> float:
    """The confidence of the whole chain: recogniser x understanding x resolution, each 0 to 1.

    After a rewrite the recogniser's confidence in what it misheard says nothing; the rewrite's own score counts.
    """
    heard = turn.rewrite.score if turn.rewrite else turn.utterance.confidence
    total = 1.0 if heard is None else heard
    if turn.parse:
        total *= turn.parse.best.confidence
    for resolution in turn.resolutions:
        total *= resolution.confidence
    return total


class Policy:
    """Decides what to do with a resolved turn. `home` tells the present home."""

    def __init__(self, home: Callable[[], Home], risk: Risk | None = None) -> None:
        self._home = home
        self.risk = risk or Risk()

    def decide(self, turn: Turn) -> Decision:
        """The decision for a turn with `parse` and `resolutions`."""
        if not turn.utterance.text.strip():
            return Ignore("nothing was said")
        if turn.parse is None or not turn.parse.intents:
            if is_too_long(turn.executed):
                return Refuse("too_long", "Sorry, that was too long for me.")
            return Refuse("unexplained", NOT_UNDERSTOOD)
        if turn.utterance.source is Source.VOICE and overall(replace(turn, resolutions=())) < self.risk.act_above:
            return UNSURE
        if turn.resolutions and turn.resolutions[0].guessed and not _overheard(turn):
            return self._did_you_mean(turn, turn.resolutions[0])
        if any(intent.domain == "foreign" for intent in turn.parse.intents):
            return self._foreign(turn)
        if turn.parse.unexplained:
            return Refuse("unexplained", not_explained(turn.parse.unexplained, turn.parse.intents))
        for resolution in turn.resolutions:
            if problem := self._problem(resolution, turn):
                return problem
        return self._act(turn)

    def _did_you_mean(self, turn: Turn, guess: Resolution) -> Decision:
        """The question whether a device was meant that sounds like what was heard."""
        home, intent = self._home(), guess.intent
        name = spoken_name(home.entities[guess.entities[0]], home, guess.entities)
        return Confirm(
            f"Did you mean to {intent.verb.replace('_', ' ')} {name}?", tuple(self.commands((guess,), turn.context))
        )

    def _elsewhere(self, intent: Intent) -> Decision | None:
        """What needs a world outside: declined by repeating what was understood."""
        what = ELSEWHERE.get(intent.domain)
        if intent.domain == "clock" and intent.slots.get("place") and zone_of(intent.slots["place"]) is None:
            what = "tell the time in"
        if what is None:
            return None
        place = f" in {str(intent.slots['place']).title()}" if intent.slots.get("place") else ""
        return Refuse("unsupported", f"I can't {what}{place}.")

    def _foreign(self, turn: Turn) -> Decision:
        if _overheard(turn):
            return Ignore("not meant for me")
        return Refuse("unsupported", f"Sorry, I can't {_about(turn)}; I look after this home.")

    def _problem(self, resolution: Resolution, turn: Turn) -> Decision | None:
        """Why this intent can't be carried out, or the question that is due."""
        if resolution.intent.domain == "broadcast" and not resolution.intent.slots.get("message"):
            return Ask("What should I announce?")
        if not resolution.entities and (elsewhere := self._elsewhere(resolution.intent)):
            return elsewhere
        if waiting := _cannot_wait(resolution.intent):
            return waiting
        starts = resolution.intent.name == "timer.start"
        if starts and (problem := start_problem(resolution.intent.slots, turn.context.now)):
            return problem
        if resolution.intent.domain == "dialogue":
            # Nothing was asked or done that it could be about.
            return Refuse("unexplained", NOT_UNDERSTOOD)
        if _asks_nothing(resolution.intent):
            return Refuse("unexplained", "Sorry, I didn't understand what you want to know.")
        if resolution.missing is not None:
            return Refuse("missing", missing_reason(resolution, turn.context, self._home()))
        if _nothing_runs(resolution, turn.context):
            return Refuse("nothing_playing", "Nothing is playing.")
        if question := self._which(resolution, turn):
            return question
        if resolution.intent.name.endswith(".turn"):
            names = [spoken_name(self._home().entities[each], self._home()) for each in resolution.entities]
            return Ask(f"Should I turn {names[0] if len(names) == 1 else 'them'} on or off?")
        return None

    def _which(self, resolution: Resolution, turn: Turn) -> Ask | None:
        """The question which of several things is meant, where it is not clear enough."""
        candidates = resolution.candidates
        near = QUERY_WINDOW if resolution.intent.verb == "query" else NAME_WINDOW
        if len(candidates) < 2 or candidates[1].cost - candidates[0].cost >= near:
            return None
        if resolution.intent.verb == "query" and not _differ(resolution, turn.context):
            return None
        rivals = [each for each in candidates if each.cost - candidates[0].cost < NAME_WINDOW][:MAX_OPTIONS]
        options = tuple(each.entities[0] for each in rivals)
        home = self._home()
        if len({spoken_name(home.entities[option], home, options) for option in options}) < 2:
            return None
        return Ask(_which(options, home), options)

    def _act(self, turn: Turn) -> Decision:
        try:
            commands = tuple(self.commands(turn.resolutions, turn.context))
        except OpenError as error:
            return Ask(str(error))
        except OutOfRangeError as error:
            return Refuse("out_of_range", str(error))
        if commands and turn.rewrite is None and not all(_like_enough(each) for each in turn.resolutions):
            return Confirm(f"Did you mean to {read_back(commands, self._home())}?", commands)
        return self.gate(turn, commands)

    def gate(self, turn: Turn, commands: tuple[Command, ...]) -> Decision:
        """Whether these commands go out at once, after a yes, or not at all."""
        sure = overall(turn)
        if commands and sure < self.risk.act_above:
            return UNSURE
        if question := confirmation(turn, commands, self._home(), self.risk, sure):
            return Confirm(question, commands)
        return Execute(commands)

    def commands(self, resolutions: Iterable[Resolution], context: Context) -> Iterable[Command]:
        """The absolute commands for what was resolved. Raises `OutOfRangeError`."""
        home, states = self._home(), dict(context.states)
        for resolution in resolutions:
            if resolution.intent.verb == "query" or resolution.intent.domain in {"timer", "dialogue", "clock"}:
                continue
            for entity_id, value in (resolution.intent.slots.get("instead_of") or {}).items():
                if entity_id not in resolution.entities:
                    yield Command(entity_id, "home.undo", value)
            for entity_id in resolution.entities:
                state = states.get(entity_id)
                command = command_for(home.entities[entity_id], resolution.intent, state, context.now)
                if state is not None:
                    # The next command to the same device starts from there: "add milk and eggs".
                    states[entity_id] = state.after(command.value)
                yield command


def command_for(entity: Entity, intent: Intent, state: State | None, now: datetime) -> Command:
    """The absolute command for one entity, with what would put it back. Raises `OutOfRangeError`."""
    value = wanted(entity, state, intent.verb, intent.slots)
    once = entity.domain in {"scene", "script", "button"}
    return Command(entity.id, intent.name, value, {} if once else inverse_of(entity, value, state, now))


def inverse_of(entity: Entity, value: Mapping[str, object], state: State | None, now: datetime) -> dict[str, Any]:
    """What restores the present values of what a command touches; empty where nothing can.

    The device itself knows: `now` tells it how far what plays or runs has come since it was reported.

    >>> noon = datetime(2026, 3, 2, 12, 0)
    >>> inverse_of(Entity("light.a", "light", "A"), {"state": "on", "brightness": 128}, State("off"), noon)
    {'state': 'off'}
    """
    if state is None:
        return {}
    try:
        device = make(entity.kind, entity.id, entity.features, {"state": state.state, **state.attributes})
    except DeviceError:
        return {}
    if device.busy:
        device.step(0.0, Surroundings(now))
    return device.inverse(value)


def _like_enough(resolution: Resolution) -> bool:
    """Whether what was said is near enough to the name of a thing to act on it without a question."""
    if resolution.intent.verb == "query" or not resolution.candidates:
        return True
    least = LIKE_TO_END if resolution.intent.verb in ENDING else LIKE
    return resolution.candidates[0].heard >= least


def _asks_nothing(intent: Intent) -> bool:
    """Whether it is a question word and nothing else: "how many"."""
    asked = intent.verb == "query" and intent.slots.get("question") in {"which", "how_many", "where"}
    return asked and not {key for key, value in intent.slots.items() if value} - {"question"}


def _nothing_runs(resolution: Resolution, context: Context) -> bool:
    """Whether a request is about what plays, and nothing does, on any player that it may mean."""
    slots = resolution.intent.slots
    asked = resolution.intent.verb == "query" and slots.get("state") == "playing" and slots.get("question") != "is"
    if not asked and resolution.intent.verb not in OF_WHAT_RUNS:
        return False
    meant = [entity for each in resolution.candidates for entity in each.entities]
    players = all(entity.startswith("media_player.") for entity in meant) or not slots.keys() & {"name", "domain"}
    return bool(meant) and players and not any(runs(context.states.get(entity)) for entity in meant)


def _overheard(turn: Turn) -> bool:
    """Whether it was spoken without the wake word, as in a follow-up: it may have been meant for another person."""
    return turn.utterance.source is Source.VOICE and turn.utterance.wake is None


def _cannot_wait(intent: Intent) -> Refuse | Ask | None:
    """Why a request for later can't be kept, a condition that no device tells of, or the question at what time."""
    slots = intent.slots
    condition, when = slots.get("condition"), slots.get("when")
    if condition is not None and any(slots.get(slot) for slot in ("at", "after", "day")):
        return Refuse("unsupported", "I can wait for a time or for a condition, but not for both at once.")
    if condition is not None:
        missing, words = condition.get("missing"), to_you(str(when))
        words = words if words.startswith(("unless", "until")) else f"when {words}"
        return Refuse("missing", f"I can't tell {words}: I know no {missing} to watch.") if missing else None
    day = slots.get("day") if intent.verb in VERBS or intent.verb in CHANGES else None
    if is_repeat(when) or (day and day != "today"):
        return None if slots.get("at") or slots.get("after") else Ask(f"At what time, {when or day}?")
    return Refuse("unsupported", f"I can't wait for that ({when}).") if when else None


def _about(turn: Turn) -> str:
    """What was asked, to be repeated when it is declined."""
    return f'help with "{turn.executed}"'


def _which(options: tuple[str, ...], home: Home) -> str:
    names = [spoken_name(home.entities[option], home, options) for option in options]
    return f"Which one: {', '.join(names[:-1])} or {names[-1]}?"


def _differ(resolution: Resolution, context: Context) -> bool:
    """Whether rival devices would give different answers to a question."""
    found = (context.states.get(each.entities[0]) for each in resolution.candidates)
    return len({state.state for state in found if state}) > 1


class DecideStage:
    """The stage of the loop: fills `decision`."""

    name = "decide"
    reads = frozenset({"utterance", "parse", "resolutions"})
    writes = frozenset({"decision"})

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def run(self, turn: Turn) -> Turn:
        """Decide, unless the dialogue has decided already."""
        if turn.decision is not None:
            return turn.noted("decide", f"{turn.decision.kind} (dialogue)")
        decision = self._policy.decide(turn)
        return replace(turn, decision=decision).noted("decide", f"{decision.kind} at {overall(turn):.2f}")
