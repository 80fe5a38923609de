"""All entities that are known by their announcements alone.

Announcements are input from outside: broken, oversized and hostile ones are counted and ignored, and there are never
more of them than a home may have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from assistant.discovery.payloads import read
from assistant.discovery.platforms import wired
from assistant.discovery.thing import Thing, describe
from assistant.discovery.wiring import Incoming
from assistant.home import Entity
from devices.wire import ROOT

MAX_THINGS = 2_000
MAX_MESSAGES = 10_000
"""Announcements that are remembered, also of what is left out."""
MAX_TOPICS = 10_000
"""Topics that are subscribed to for them."""
MAX_KEPT = 8_192
"""Bytes of a last message that is kept for entities that are announced later."""
HIDDEN = frozenset({"config", "diagnostic"})
"""Categories that Home Assistant does not give to voice assistants either."""
RISKY_KINDS = frozenset({"garage_door", "gate", "door", "oven"})

Taken = Callable[[str], bool]


class Things:
    """Feed it announcements and messages. `alone` is true where the assistant has no home of Mynah's own.

    `rejected` counts what was not understood, `left_out` what was announced but is not for a voice assistant.
    """

    def __init__(self, alone: bool = False) -> None:
        self.unit = "C"
        self.rejected = 0
        self.left_out = 0
        self.due = False
        self._alone = alone
        self._things: dict[str, Thing] = {}
        self._by_id: dict[str, Thing] = {}
        self._by_topic: dict[str, dict[str, Thing]] = {}
        self._announced: dict[str, dict[str, bytes]] = {}
        self._last: dict[str, bytes] = {}
        self._holders: dict[str, dict[str, Thing]] = {}

    def __len__(self) -> int:
        return len(self._things)

    def get(self, entity: str) -> Thing | None:
        """The thing of an entity id."""
        return self._by_id.get(entity)

    def knows(self, topic: str) -> bool:
        """Whether a topic tells something of one of them."""
        return topic in self._by_topic

    def entities(self) -> dict[str, Entity]:
        """All of them as entities; one whose messages would also reach something risky is marked as guarded."""
        return {each.entity.id: self._guarded(each) for each in self._things.values()}

    def _guarded(self, thing: Thing) -> Entity:
        if _risky(thing.entity):
            return thing.entity
        sharing = (other for topic in thing.wiring.command_topics for other in self._holders[topic].values())
        if not any(_risky(other.entity) for other in sharing):
            return thing.entity
        return replace(thing.entity, features={**thing.entity.features, "guarded": True})

    # -- announcements ---------------------------------------------------------------------------------------------

    def announce(self, topic: str, payload: bytes, taken: Taken) -> tuple[list[str], list[Thing]]:
        """Take in a discovery message: the ids that are gone, and what is new. Raises `ValueError`."""
        if not self._alone and topic.split("/")[2].startswith(f"{ROOT}_"):
            # A Mynah home tells more about its devices on its own topics.
            return [], []
        message, announcements = read(topic, payload)
        wanted = {each.key: each for each in announcements}
        before = self._announced.get(message, {})
        if wanted and not before and len(self._announced) >= MAX_MESSAGES:
            raise ValueError("there are too many announcements already")
        gone = [self._remove(key) for key in before if key not in wanted]
        new: list[Thing] = []
        kept: dict[str, bytes] = {}
        for key, each in wanted.items():
            kept[key] = sha256(repr(each).encode()).digest()
            if before.get(key) == kept[key]:
                continue
            old = self._remove(key)
            gone.append(old)
            try:
                found = self._made(key, each.platform, each.options, old, taken)
            except ValueError:
                self.rejected += 1
                continue
            if found is not None:
                new.append(found)
        if kept:
            self._announced[message] = kept
        else:
            self._announced.pop(message, None)
        return [each for each in gone if each is not None], new

    def _made(self, key: str, platform: str, options: Mapping[str, Any], old: str | None, taken: Taken) -> Thing | None:
        """The thing that is announced, or `None` for one that is left out. Raises `ValueError`."""
        found = wired(platform, options, self.unit)
        if found is None or found[0].entity_category in HIDDEN or not found[0].enabled_by_default:
            self.left_out += 1
            return None
        told, wiring = found
        if not self._alone and any(topic.startswith(f"{ROOT}/") for topic in wiring.command_topics):
            raise ValueError("commands to the home's own devices don't go through strangers")
        entity = describe(key, platform, told, wiring)
        thing = Thing(key, entity, told, wiring)
        fresh = thing.topics - self._by_topic.keys()
        if len(self._things) >= MAX_THINGS or len(self._by_topic) + len(fresh) > MAX_TOPICS:
            raise ValueError("there are too many things already")
        thing.entity = replace(entity, id=self._free(entity.id, old, taken))
        self._add(thing)
        return thing

    def _free(self, wished: str, old: str | None, taken: Taken) -> str:
        """An id that nothing else has; the one that it had before, where it still wishes for that."""
        if old is not None and old.startswith(wished) and old not in self._by_id and not taken(old):
            return old
        number, free = 1, wished
        while free in self._by_id or taken(free):
            number += 1
            free = f"{wished}_{number}"
        return free

    def _add(self, thing: Thing) -> None:
        self._things[thing.key] = thing
        self._by_id[thing.entity.id] = thing
        for topic in thing.topics:
            self._by_topic.setdefault(topic, {})[thing.key] = thing
        for topic in thing.wiring.command_topics:
            self._holders.setdefault(topic, {})[thing.key] = thing

    def _remove(self, key: str) -> str | None:
        thing = self._things.pop(key, None)
        if thing is None:
            return None
        self._by_id.pop(thing.entity.id, None)
        # A topic stays known once it is subscribed to; transports don't unsubscribe.
        for topic in thing.topics:
            self._by_topic[topic].pop(key, None)
        for topic in thing.wiring.command_topics:
            self._holders[topic].pop(key, None)
        return thing.entity.id

    def give_way(self, entity: str, taken: Taken) -> Thing | None:
        """One of the home's own devices has this id: the thing that had it gets another."""
        thing = self._by_id.pop(entity, None)
        if thing is None:
            return None
        thing.entity = replace(thing.entity, id=self._free(entity, None, lambda id: id == entity or taken(id)))
        self._by_id[thing.entity.id] = thing
        return thing

    # -- messages --------------------------------------------------------------------------------------------------

    def hear(self, topic: str, payload: bytes, time: float) -> Iterable[Thing]:
        """Take in a message: the things that it may have changed."""
        if len(payload) <= MAX_KEPT:
            self._last[topic] = payload
        return self._tell(list(self._by_topic.get(topic, {}).values()), topic, payload, time)

    def recall(self, thing: Thing, time: float) -> None:
        """Tell a new thing what its topics said last; what is retained comes only once."""
        for topic in sorted(thing.topics & self._last.keys()):
            self._tell([thing], topic, self._last[topic], time)

    def _tell(self, things: list[Thing], topic: str, payload: bytes, time: float) -> list[Thing]:
        try:
            incoming = Incoming(payload.decode())
        except UnicodeDecodeError:
            self.rejected += 1
            return []
        for thing in things:
            self.rejected += thing.hear(topic, incoming, time)
            self.due = self.due or thing.due is not None
        return things

    def tick(self, time: float) -> list[Thing]:
        """Let time pass: the things whose last word has run out."""
        if not self.due:
            return []
        waiting = [each for each in self._things.values() if each.due is not None]
        late = [each for each in waiting if each.due is not None and each.due[0] <= time]
        for each in late:
            each.tick(time)
        self.due = len(late) < len(waiting)
        return late


def _risky(entity: Entity) -> bool:
    return entity.domain in {"lock", "alarm_control_panel"} or entity.kind in RISKY_KINDS
