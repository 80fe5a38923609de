"""The arms of a study: what of the learner is switched on."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.store.items import Layer


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm. `layers` of what was learned are used; `promptly`: also between two nights.

    `oracle`: everybody is heard rightly and speaks by the manual.
    """

    name: str
    says: str
    layers: frozenset[Layer] = frozenset()
    promptly: bool = False
    oracle: bool = False


ARMS = (
    Arm("off", "nothing is learned"),
    Arm("global", "rewrites that several people's logs agree on", frozenset({Layer.GLOBAL})),
    Arm("personal", "global rewrites, and those of each person", frozenset({Layer.GLOBAL, Layer.PERSONAL})),
    Arm("prompt", "the same, and corrections count at once", frozenset({Layer.GLOBAL, Layer.PERSONAL}), promptly=True),
    Arm("oracle", "the ceiling: heard rightly, said plainly", oracle=True),
)
