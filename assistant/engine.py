"""The engine: one inbox, one thread that owns all state. Idle -> Listening -> Thinking -> Speaking -> FollowUp.

`run` is the loop for real time; a replay calls `hear` and `advance` itself with a clock of its own. Typed
and spoken turns take the same path from `hear` on.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.clock import Clock
from assistant.conditions import View
from assistant.conversation import Dialogue
from assistant.errors import UserError
from assistant.events import Connection, Event, Heard, Inbox, NotMeant, Partial, SpokenOver, Stop, Wire, Woke
from assistant.history import Cause, History
from assistant.observer import Observer, Phase
from assistant.pipeline import Pipeline
from assistant.policy import Policy
from assistant.rules import Rule, Rules
from assistant.spoken import spoken_name
from assistant.store import Store
from assistant.timers import Timers
from assistant.turn import (
    Command,
    Confirm,
    Context,
    Execute,
    Hypothesis,
    Outcome,
    OutcomeKind,
    Refuse,
    Reply,
    State,
    States,
    Turn,
    Utterance,
)
from assistant.twin import Twin
from assistant.voice import Speech, Voice, spoken
from assistant.watch import Watch
from assistant.wishes import OutOfRangeError
from devices.wire import Transport

FOLLOW_UP = 8.0
"""Seconds in which a person may go on without the wake word, after a question."""
LONGEST_PAUSE = 8.0
"""Seconds after which a reply goes on that was paused for a voice, whatever became of that."""
IDLE_WAIT = 0.5
COMMAND_EXPIRY = 2.0
"""Seconds after which a broker throws away a command that it could not deliver, rather than have it obeyed late."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What an engine is made of."""

    clock: Clock
    inbox: Inbox
    twin: Twin
    transport: Transport
    store: Store
    timers: Timers
    rules: Rules
    history: History
    dialogue: Dialogue
    voice: Voice
    household: str = "home"


class Engine:
    """Owns the state of the loop. Not thread-safe: other threads use the inbox."""

    def __init__(self, parts: Parts, observers: Sequence[Observer] = ()) -> None:
        self.parts = parts
        self.observers = list(observers)
        self.pipeline: Pipeline | None = None
        self.policy: Policy | None = None
        self.before_turn: Callable[[], object] = lambda: None
        self.when_quiet: Callable[[], object] = lambda: None
        self.private: Callable[[], bool] = lambda: False
        self.allowed: Callable[[Turn], Turn] = lambda turn: turn
        self.followers: list[Callable[[Partial], object]] = []
        self.phase = Phase.IDLE
        self._deferred: deque[Event] = deque()
        self._speaking: tuple[Turn | None, Speech] | None = None
        self._paused: float | None = None
        self._watch = Watch()
        self._ended: float | None = None
        self._count = parts.store.count()
        self._stopping = False
        self._met: list[Rule] = []
        self._cause = Cause("")

    # -- hearing ---------------------------------------------------------------------------------------------------

    def hear(self, utterance: Utterance, room: str | None = None, speaker: str | None = None) -> Turn:
        """One whole turn, up to the beginning of its reply."""
        assert self.pipeline is not None, "assembled before use"
        self.settle(interrupted=True)
        self._enter(Phase.THINKING)
        self.before_turn()
        turn = self._new_turn(utterance, room, speaker)
        self._cause = Cause(turn.id) if self.private() else Cause(turn.id, turn.said, speaker)
        turn = self.pipeline.run(turn)
        if not self.private():
            self.parts.store.begin(turn)
        self._keep_judgement()
        self.parts.dialogue.remember(turn)
        self._watch.acted(turn, self.parts.clock.monotonic())
        self._speak(turn)
        return turn

    def _new_turn(self, utterance: Utterance, room: str | None, speaker: str | None) -> Turn:
        clock = self.parts.clock
        gap = None if self._ended is None else round(clock.monotonic() - self._ended, 3)
        now = clock.now()
        self._count += 1
        context = Context(now, self.parts.household, room, speaker, self.states(), gap)
        return Turn(f"{now:%Y%m%d-%H%M%S}-{self._count}", context, utterance)

    @property
    def speaking(self) -> bool:
        """Whether something is being said."""
        return self._speaking is not None

    def ask_feedback(self) -> None:
        """Ask whether the last turn was right; a yes or no next is kept with it."""
        last = self.parts.dialogue.last
        if last is None:
            return
        self.announce("Did I get that right?")
        self.parts.dialogue.asked_about = last

    def ask(self, question: str, speaker: str | None, room: str | None) -> Turn:
        """Ask a yes or no of the assistant's own accord, as a turn in which nobody spoke; the next is the answer."""
        self.settle(interrupted=False)
        turn = self._new_turn(Utterance(()), room, speaker)
        outcome = Outcome(OutcomeKind.ASKED, turn.context.states)
        turn = replace(turn, decision=Confirm(question), outcome=outcome, reply=Reply(question))
        if not self.private():
            self.parts.store.begin(turn)
        self.parts.dialogue.remember(turn)
        self._speak(turn)
        return turn

    def _keep_judgement(self) -> None:
        judged, self.parts.dialogue.judged = self.parts.dialogue.judged, None
        if judged is not None:
            self._complete(replace(self._watch.latest(judged[0]), feedback=judged[1]))

    # -- speaking --------------------------------------------------------------------------------------------------

    def _speak(self, turn: Turn) -> None:
        text = turn.reply.text if turn.reply else ""
        self._ended = self.parts.clock.monotonic()
        if text:
            self._enter(Phase.SPEAKING)
            self._speaking = (turn, self.parts.voice.say(text))
        else:
            self._enter(Phase.IDLE)
        self._tell(lambda observer: observer.turn_changed(turn))

    def announce(self, text: str) -> None:
        """Say something that nobody asked for just now: an alarm, a door that is stuck."""
        self.settle(interrupted=False)
        self._tell(lambda observer: observer.said(text))
        self._enter(Phase.SPEAKING)
        self._speaking = (None, self.parts.voice.say(text))

    def settle(self, interrupted: bool) -> None:
        """Finish what is being said: to its end, or, when `interrupted` before that, cut off."""
        if self._speaking is None:
            return
        turn, speech = self._speaking
        self._speaking = self._paused = None
        cut = interrupted and not speech.done
        if cut:
            speech.stop()
        self._ended = self.parts.clock.monotonic()
        asked = turn is not None and turn.decision is not None and turn.decision.kind in {"ask", "confirm"}
        asked = asked or self.parts.dialogue.asked_about is not None
        self._enter(Phase.FOLLOW_UP if asked else Phase.IDLE)
        if turn is not None:
            self._complete(replace(self._watch.latest(turn), spoken=spoken(speech, cut)))

    def _pause(self) -> None:
        """Fall silent while somebody speaks."""
        if self._speaking is not None:
            self._paused = self.parts.clock.monotonic()
            self._speaking[1].pause()

    def _go_on(self) -> None:
        """Go on with what was being said."""
        if self._speaking is not None:
            self._speaking[1].resume()
        self._paused = None

    def _complete(self, turn: Turn) -> None:
        self._watch.update(turn)
        self.parts.store.complete(turn)
        if self.parts.dialogue.last is not None and self.parts.dialogue.last.id == turn.id:
            self.parts.dialogue.last = turn
        self._tell(lambda observer: observer.turn_changed(turn))

    # -- the home --------------------------------------------------------------------------------------------------

    def states(self) -> States:
        """The states as last reported, timers included."""
        return {**self.parts.twin.states(), **self.parts.timers.states()}

    def view(self, now: datetime) -> View:
        """The home as it is, for what waits."""
        return View(self.parts.twin.home, self.states(), now, self.parts.rules.latitude)

    def last_known(self, entity: str) -> tuple[State, float] | None:
        """What an entity reported last, and how many seconds ago, whether or not it is in reach."""
        report = self.parts.twin.reports.get(entity)
        return (report.state, self.parts.clock.monotonic() - report.time) if report else None

    def send(self, command: Command) -> None:
        """Publish one command."""
        self._watch.sent(command)
        self.parts.history.acting((command,), self._cause, self.parts.clock.now(), self.parts.twin.home)
        for topic, payload in self.parts.twin.outgoing(command):
            self.parts.transport.publish(topic, payload, expiry=COMMAND_EXPIRY)

    def pump(self, until: Callable[[], bool], timeout: float) -> bool:
        """Handle messages from the broker until `until()` holds; other events wait their turn."""
        deadline = self.parts.clock.monotonic() + timeout
        while not until():
            left = deadline - self.parts.clock.monotonic()
            if left <= 1e-6:
                return False
            event = self.parts.inbox.get(left)
            if isinstance(event, Wire):
                self._on_wire(event)
            elif event is not None:
                self._deferred.append(event)
        return True

    def _on_wire(self, event: Wire) -> None:
        now = self.parts.clock.monotonic()
        before = self.parts.twin.states()
        for changed in self.parts.twin.feed(event.message, now):
            self._on_change(changed, before, now)

    def _on_change(self, changed: str, before: States, now: float) -> None:
        self._tell(lambda observer: observer.home_changed(changed))
        if len(self.parts.rules):
            self._met += self.parts.rules.take_due(self.view(self.parts.clock.now()))
        report = self.parts.twin.reports.get(changed)
        if report is None:
            return
        self.parts.history.changed(changed, before.get(changed), report.state, self.parts.clock.now())
        if touched := self._watch.reported(changed, report.state, now):
            self._complete(touched)
        if stuck := self._watch.stuck(changed, report.state):
            self._failed(stuck, changed)

    def _failed(self, turn: Turn, entity: str) -> None:
        """A device took a command and did not finish it."""
        home = self.parts.twin.home
        report = self.parts.twin.reports[entity]
        position = report.state.attributes.get("current_position")
        where = f" at {position} percent" if position is not None else ""
        if turn.outcome is not None:
            self._complete(replace(turn, outcome=replace(turn.outcome, kind=OutcomeKind.FAILED)))
        name = spoken_name(home.entities[entity], home)
        self.announce(f"{name[0].upper()}{name[1:]} stopped{where}.")

    # -- time ------------------------------------------------------------------------------------------------------

    def advance(self) -> None:
        """Handle everything that is waiting and everything that is due now."""
        while self._deferred:
            self._handle(self._deferred.popleft())
        while (event := self.parts.inbox.get(0.0)) is not None:
            self._handle(event)
        now = self.parts.clock.monotonic()
        before = self.parts.twin.states()
        for changed in self.parts.twin.tick(now):
            self._on_change(changed, before, now)
        if self._speaking is not None and self._speaking[1].done:
            self.settle(interrupted=False)
        if self._paused is not None and now - self._paused > LONGEST_PAUSE:  # the microphone may be gone
            self._go_on()
        moment = self.parts.clock.now()
        self.parts.history.save(moment)
        for timer in self.parts.timers.take_due(moment):
            self.parts.history.rang(timer.id, moment)
            self.announce(timer.says)
        for rule in self._met:
            self._fire(rule)
        self._met.clear()
        for rule in self.parts.rules.take_due(self.view(moment)) if len(self.parts.rules) else ():
            self._fire(rule)
        if self._speaking is None:
            self.when_quiet()

    def _fire(self, rule: Rule) -> None:
        """Do what waited: the same stages as for a request, from acting on."""
        if rule.text:
            self.announce(rule.text)
            return
        assert self.pipeline is not None, "assembled before use"
        assert self.policy is not None, "assembled before use"
        self.before_turn()
        now = self.parts.clock.now()
        context = Context(now, self.parts.household, rule.room, rule.speaker, self.states())
        turn = Turn(f"{now:%Y%m%d-%H%M%S}-{rule.id}", context, Utterance((Hypothesis(rule.about),)))
        try:
            commands = (*rule.commands, *self.policy.commands(rule.actions, context))
        except (OutOfRangeError, KeyError) as error:
            self.announce(f'I could not do what you asked: "{rule.about}". {error}')
            return
        turn = replace(turn, resolutions=rule.actions, decision=Execute(commands)).noted("rule", rule.id)
        turn = self.allowed(turn)
        if isinstance(turn.decision, Refuse):
            self.announce(f'I leave "{rule.about}" undone. {turn.decision.reason}')
            return
        self._cause = Cause(rule.turn, rule.about, rule.speaker, rule=True)
        turn = self.pipeline.run(turn, start="act")
        self._watch.acted(turn, self.parts.clock.monotonic())
        self.parts.dialogue.fired(turn)
        told = f" {turn.reply.text}" if turn.reply and turn.reply.text else ""
        self.announce(f'As you asked: "{rule.about}".{told}')

    def run(self) -> None:
        """The loop for real time; ends after a `Stop`, with everything completed."""
        self._stopping = False
        while not self._stopping:
            self.advance()
            event = self.parts.inbox.get(self._wait())
            if event is not None:
                self._handle_safely(event)
        self.settle(interrupted=True)

    def _handle_safely(self, event: Event) -> None:
        """One request that goes wrong inside must not end the loop: it is logged, and said."""
        try:
            self._handle(event)
        except UserError as error:
            self.announce(str(error))
        except Exception:
            log.exception("%s could not be handled", type(event).__name__)
            self.announce("Sorry, something went wrong inside me.")

    def _wait(self) -> float:
        moments = (self.parts.timers.next_due(), self.parts.rules.next_due())
        due = min((each for each in moments if each), default=None)
        left = (due - self.parts.clock.now()).total_seconds() if due else IDLE_WAIT
        longest = 0.05 if self._speaking else IDLE_WAIT
        return max(0.0, min(left, longest))

    def _handle(self, event: Event) -> None:
        match event:
            case Heard(utterance, room, speaker):
                self.hear(utterance, room, speaker)
            case Woke():
                self.settle(interrupted=True)
                self._enter(Phase.LISTENING)
            case Partial():
                for follow in self.followers:
                    follow(event)
            case SpokenOver():
                self._pause()
            case NotMeant():
                self._go_on()
            case Wire():
                self._on_wire(event)
            case Connection(text):
                self._tell(lambda observer: observer.said(text))
            case Stop():
                self._stopping = True

    def _enter(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase = phase
            self._tell(lambda observer: observer.phase_changed(phase))

    def _tell(self, what: Callable[[Observer], None]) -> None:
        for observer in self.observers:
            what(observer)
