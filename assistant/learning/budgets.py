"""How much may be tried out where: nothing at doors, locks and ovens, most with music (self-learning.md 8).

After Kachuee and Lee (2022), who bound exploration domain by domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

BUDGETS: Mapping[str, float] = {
    "media_player": 1.0,
    "light": 0.4,
    "fan": 0.4,
    "switch": 0.4,
    "scene": 0.4,
    "vacuum": 0.4,
    "todo": 0.4,
}
"""By domain, the share of the setting `learning.explore` that is used; domains not named here have none."""


def budget(entities: Iterable[str]) -> float:
    """What part of `learning.explore` may be used when these entities are meant: that of the most delicate one.

    >>> budget(["media_player.tv"]), budget(["light.hall", "cover.garage_door"]), budget([])
    (1.0, 0.0, 0.0)
    """
    return min((BUDGETS.get(entity.partition(".")[0], 0.0) for entity in entities), default=0.0)
