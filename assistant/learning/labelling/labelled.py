"""A log with everything that is believed about its turns: labels, failure points, and what speaks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.learning import failures, labels
from assistant.learning.failures import Shares
from assistant.learning.labelling.dialogues import Again, Dialogues, from_log
from assistant.learning.labelling.evidence import Seen, evidence
from assistant.learning.labels import Label
from assistant.nlu import Understander


@dataclass(frozen=True)
class Labelled:
    """Turns as they are seen, person by person and in order of time; labels and failure points by turn."""

    dialogues: Dialogues
    seen: Sequence[Seen]
    labels: Mapping[str, Label]
    failures: Mapping[str, Shares]

    @classmethod
    def of(cls, dialogues: Dialogues, again: Again | None = None) -> Labelled:
        """Label a log. `again` tries turns again in a running home; without, in the one that the log tells of."""
        again = again or from_log(dialogues.turns.values(), Understander.load())
        seen = dialogues.look(again)
        numbers = [evidence(each) for each in seen]
        found = {label.turn: label for label in labels.shipped().predict(seen, numbers)}
        return cls(dialogues, seen, found, failures.shipped().predict(seen, numbers))
