"""States of a home, kept small: what differs from a snapshot.

A home of a thousand devices changes by one or two from turn to turn, so a turn refers to a snapshot and holds the
differences. A state is written as `[state, attributes]`; `None` stands for an entity that is no longer there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.turn import State, States

Changes = dict[str, Any]

FEW = 8
"""So many differences never call for a new snapshot."""
MANY = 0.3
"""A larger share of differences does."""


def difference(before: States, after: States) -> Changes:
    """What turns `before` into `after`.

    >>> difference({"light.a": State("on"), "light.b": State("on")}, {"light.a": State("off")})
    {'light.a': ['off', {}], 'light.b': None}
    """
    changes: Changes = {}
    for entity, state in after.items():
        known = before.get(entity)
        if known is not state and known != state:
            changes[entity] = [state.state, dict(state.attributes)]
    if len(before) + len(changes) != len(after):
        changes.update({entity: None for entity in before if entity not in after})
    return changes


def apply(before: States, changes: Mapping[str, Any]) -> dict[str, State]:
    """The states after `changes`.

    >>> apply({"light.a": State("on")}, {"light.a": None, "light.b": ["off", {}]})
    {'light.b': State(state='off', attributes={})}
    """
    after = dict(before)
    for entity, change in changes.items():
        if change is None:
            after.pop(entity, None)
        else:
            after[entity] = State(change[0], change[1])
    return after


def too_many(changes: Mapping[str, Any], states: States) -> bool:
    """Whether a new snapshot is smaller than these differences."""
    return len(changes) > max(FEW, MANY * len(states))
