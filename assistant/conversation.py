"""What the last turns leave open: what pronouns refer to, what was asked, what can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.resolve import Memory
from assistant.turn import Ask, Confirm, Execute, Turn

SMALL_TALK = frozenset({"dialogue.why", "dialogue.thanks", "dialogue.repeat", "dialogue.help", "dialogue.greet"})


@dataclass
class Dialogue:
    """What the last turns leave open. Owned by the engine's thread."""

    last: Turn | None = None
    """The last turn, whatever came of it."""
    matter: Turn | None = None
    """The last turn that was not only talk about the talk ("thanks", "why did you do that?")."""
    acted: Turn | None = None
    """The last turn that sent commands."""
    referred: Turn | None = None
    """The last turn that was about devices: what pronouns refer to."""
    options: tuple[str, ...] = ()
    """What the last question named: "the other one" is among them."""
    own: Turn | None = None
    """What was last done of its own accord, because it was asked for earlier."""
    told_last: Turn | None = None
    """What "why" asks about: the last turn, or what was done since of its own accord."""
    asked_about: Turn | None = None
    """The turn about which "Did I get that right?" was just asked."""
    judged: tuple[Turn, bool] | None = None
    """A turn that was judged by a yes or no, for the engine to keep."""

    def pending(self, now: datetime, within: float) -> Turn | None:
        """The last turn, if it asked something and may still be answered."""
        if self.last is None or not isinstance(self.last.decision, Ask | Confirm):
            return None
        return self.last if (now - self.last.context.now).total_seconds() <= within else None

    def memory(self) -> Memory:
        """What pronouns may refer to; while it is not settled which thing is meant, to nothing."""
        if self.referred is None or (self.last is not None and isinstance(self.last.decision, Ask)):
            return Memory(others=self.options)
        rivals = [
            entity for each in self.referred.resolutions for rival in each.candidates for entity in rival.entities
        ]
        others = tuple(dict.fromkeys((*self.options, *rivals)))
        return Memory(self.referred.entities, self.referred.intent, self.referred.context.now, others)

    def remember(self, turn: Turn) -> None:
        """Take note of a finished turn."""
        self.last = turn
        self.asked_about = None
        if not _small_talk(turn):
            self.matter = self.told_last = turn
        if isinstance(turn.decision, Ask):
            self.options = turn.decision.options
        if isinstance(turn.decision, Execute) and turn.resolutions and turn.entities:
            if not set(turn.entities) & set(self.options):
                self.options = ()
            self.referred = turn
            self.acted = turn if turn.commands else self.acted

    def fired(self, turn: Turn) -> None:
        """Take note of what was done of its own accord, because it was asked for earlier."""
        self.acted = self.referred = self.own = self.told_last = turn


def _small_talk(turn: Turn) -> bool:
    """Whether a turn is only about what was said or done before it."""
    return turn.intent is not None and turn.intent.name in SMALL_TALK
