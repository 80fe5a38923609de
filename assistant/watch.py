"""Watching the devices after acting: whether they finish, and whether a person's hand puts them back.

The hand on the switch is feedback that costs nobody anything: a change of the same device, by nobody's command,
seconds after the assistant acted.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.act import confirmed
from assistant.turn import Command, Execute, HandChange, State, Turn

HAND_SECONDS = 30.0
"""A change by hand counts as feedback within this time (self-learning.md 2.2, d5)."""
SWITCHED_BY_HAND = frozenset({"light", "switch", "cover", "lock", "fan", "media_player", "valve"})
SETS_OTHERS = frozenset({"scene", "script"})
"""What changes other devices by itself: after it, only a contradiction tells of a hand."""
UNTOLD = frozenset({None, "unknown", "unavailable"})
"""What a first report changes: nobody's hand did."""
MOVING = frozenset({"opening", "closing"})
NO_HANDS = frozenset({"unavailable", "jammed"})
"""States that nobody switches a device to."""
PASSING = frozenset({"media_content_id", "media_title", "queue_position", "media_position", "duration"})
"""What passes by itself: a song that ends was not ended by a hand."""


class Watch:
    """Watches the devices after the last turn that acted."""

    def __init__(self) -> None:
        self._turn: Turn | None = None
        self._since = 0.0
        self._ours: dict[str, Command] = {}
        self._awaited: dict[str, Command] = {}
        self._moving: set[str] = set()
        self._states: dict[str, str] = {}

    def acted(self, turn: Turn, now: float) -> None:
        """Begin to watch what a turn did; `now` is in seconds on the loop's clock."""
        if not isinstance(turn.decision, Execute) or not turn.decision.commands or turn.outcome is None:
            return
        self._turn, self._since = turn, now
        self._states = {entity: state.state for entity, state in turn.outcome.after.items()}
        if any(each.entity.partition(".")[0] in SETS_OTHERS for each in turn.decision.commands):
            self._states = {}
        unconfirmed = set(turn.outcome.unconfirmed)
        self._ours = {each.entity: each for each in turn.decision.commands if each.entity not in unconfirmed}
        self._awaited = {each.entity: each for each in turn.decision.commands if each.entity in unconfirmed}
        self._moving = {entity for entity in self._ours if self._states.get(entity) in MOVING}

    def sent(self, command: Command) -> None:
        """Note a command of our own: what it changes was not a hand."""
        self._ours[command.entity] = command
        self._states.pop(command.entity, None)

    def latest(self, turn: Turn) -> Turn:
        """The newest version of a turn that is being watched."""
        return self._turn if self._turn is not None and self._turn.id == turn.id else turn

    def update(self, turn: Turn) -> None:
        """Keep the newest version of the watched turn."""
        if self._turn is not None and self._turn.id == turn.id:
            self._turn = turn

    def reported(self, entity: str, state: State, now: float) -> Turn | None:
        """The watched turn with one more change by hand, when this report is one."""
        if self._turn is None or now - self._since > HAND_SECONDS or entity.partition(".")[0] not in SWITCHED_BY_HAND:
            return None
        before = self._states.get(entity)
        self._states[entity] = state.state
        if not self._by_hand(entity, state, before) or any(hand.entity == entity for hand in self._turn.hands):
            return None
        change = HandChange(entity, round(now - self._since, 1))
        self._turn = replace(self._turn, hands=(*self._turn.hands, change))
        return self._turn

    def _by_hand(self, entity: str, state: State, before: str | None) -> bool:
        """Nobody's command explains the report: it contradicts ours, or it changes what we never touched."""
        if state.state in NO_HANDS or entity in self._moving:
            return False
        if entity in self._awaited and confirmed(self._awaited[entity], state):
            # It obeys after all, only late.
            return False
        if entity in self._ours:
            ours = self._ours[entity]
            lasting = {key: value for key, value in ours.value.items() if key not in PASSING}
            return not confirmed(replace(ours, value=lasting), state)
        return before not in UNTOLD and before != state.state and before not in MOVING

    def stuck(self, entity: str, state: State) -> Turn | None:
        """The watched turn, when a device that was moving for it has stopped short."""
        if entity not in self._moving or state.state in MOVING:
            return None
        self._moving.discard(entity)
        command = self._ours.get(entity)
        short = command is not None and not confirmed(command, state)
        return self._turn if short else None
