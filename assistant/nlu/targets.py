"""From mentions to targets: which devices, rooms, kinds and quantities belong together, and what is excepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from assistant.nlu.features import Mention
from assistant.nlu.gazetteer import Gazetteer, key_of
from assistant.nlu.lexicon import lexicon

TARGET_TAGS = frozenset({"NAME", "AREA", "FLOOR", "KIND", "QUANT", "REF"})
_JOINTS = frozenset({"and", "plus", "or", "also", "as", "then"})
_PLURAL_REFERENCES = frozenset({"them", "those", "these"})
_EVERYTHING = frozenset({"everything", "device", "devices", "things", "electronics", "appliances", "anything"})
_DETERMINERS = frozenset({"every", "each", "every single"})
"""What counts nothing without a noun after it."""
_ROOMS = frozenset({"room", "rooms", "floors", "storeys"})
_SCENE_WORDS = {"scene": "scene", "script": "script", "routine": "script"}
_EXCEPTION_WORDS = frozenset(word for phrase in lexicon().exceptions for word in phrase.split())


@dataclass
class Target:
    """One target while it is put together. `head` and `place` are positions of the mentions that filled it."""

    slots: dict[str, Any] = field(default_factory=dict)
    head: int | None = None
    place: int | None = None
    joined: bool = False
    """Whether "and" stands before it."""
    is_kind: bool = False


@dataclass(frozen=True)
class Targets:
    """The targets of one clause, and those that are excepted. `unexplained` are words that no target could use."""

    meant: tuple[dict[str, Any], ...]
    excepted: tuple[dict[str, Any], ...]
    unexplained: tuple[str, ...]


def targets_of(clause: Sequence[Mention], gazetteer: Gazetteer) -> Targets:
    """Group the mentions of a clause into targets."""
    clause = join_names(clause, gazetteer)
    cut = next((i for i, mention in enumerate(clause) if mention.tag == "EXC" or _excludes(clause, i)), len(clause))
    meant, odd = _grouped(clause[:cut], gazetteer)
    excepted, odd_exceptions = _grouped(clause[cut + 1 :], gazetteer)
    for mention in clause[cut:]:
        if mention.tag == "EXC" and not _is_exception(mention):
            odd_exceptions.append(mention.spoken)
    if cut < len(clause) and not excepted:
        odd_exceptions.append(clause[cut].spoken)
    return Targets(tuple(meant), tuple(excepted), (*odd, *odd_exceptions))


def _excludes(clause: Sequence[Mention], i: int) -> bool:
    """Whether a "not" leaves out what follows: "all the lights, NOT the kitchen"."""
    after = [mention.tag for mention in clause[i + 1 : i + 4] if mention.text not in {"the", "in", "my", "on"}]
    named = any(mention.tag in TARGET_TAGS for mention in clause[:i])
    return named and not clause[i].tag and clause[i].text == "not" and after[:1] != [] and after[0] in TARGET_TAGS


def _is_exception(mention: Mention) -> bool:
    return all(span.text in _EXCEPTION_WORDS for span in mention.spans)


def join_names(clause: Sequence[Mention], gazetteer: Gazetteer) -> list[Mention]:
    """Neighbouring mentions that together are the name of one device become that name.

    So do an unknown name and the kind word right after it, and two unknown names: "the guard LIGHT" and "the bed room
    LAMB" are one thing each, misheard or not there.
    """
    joined: list[Mention] = []
    i = 0
    while i < len(clause):
        end = i
        while end < len(clause) and clause[end].tag in TARGET_TAGS | {"ATTR", "STATE", "MODE", "COLOR"}:
            end += 1
        longest = next((k for k in range(end, i + 1, -1) if _is_name(clause[i:k], gazetteer)), 0)
        if not longest and _is_unknown_thing(clause[i:end], gazetteer):
            longest = i + 2
        if longest:
            spans = tuple(span for mention in clause[i:longest] for span in mention.spans)
            sure = min(mention.probability for mention in clause[i:longest])
            joined.append(Mention("NAME", spans, clause[i].first, sure))
            i = longest
        else:
            joined.append(clause[i])
            i += 1
    return joined


def _is_unknown_thing(clause: Sequence[Mention], gazetteer: Gazetteer) -> bool:
    tags = [mention.tag for mention in clause[:2]]
    unknown = [gazetteer.known([key_of(span) for span in mention.spans]) is None for mention in clause[:2]]
    return (tags == ["NAME", "KIND"] and unknown[0]) or (tags == ["NAME", "NAME"] and all(unknown))


_OF = frozenset({"of", "on", "by", "at", "over", "above", "near", "the", "my", "our"})


def turned_round(clause: Sequence[Mention], gazetteer: Gazetteer) -> list[Mention]:
    """Take "the lamp on my desk" as the name that it is here: "desk lamp"."""
    kept = list(clause)
    for i, head in enumerate(kept):
        if head.tag not in {"NAME", "KIND"}:
            continue
        end = next((k for k in range(i + 1, len(kept)) if kept[k].tag or kept[k].text not in _OF), len(kept))
        if i + 1 < end < len(kept) and kept[end].tag in {"", "NAME"} and _is_name((kept[end], head), gazetteer):
            sure = min(head.probability, kept[end].probability)
            name = Mention("NAME", (*kept[end].spans, *head.spans), head.first, sure)
            return [*kept[:i], name, *kept[end + 1 :]]
    return kept


def _is_name(mentions: Iterable[Mention], gazetteer: Gazetteer) -> bool:
    keys = [key_of(span) for mention in mentions for span in mention.spans]
    return gazetteer.is_thing(keys)


def _grouped(clause: Sequence[Mention], gazetteer: Gazetteer) -> tuple[list[dict[str, Any]], list[str]]:
    found: list[Target] = []
    odd: list[str] = []
    joined = False
    for i, mention in enumerate(clause):
        if mention.tag not in TARGET_TAGS:
            joined = joined or (not mention.tag and mention.text in _JOINTS)
            continue
        if i and _repeats_kind(clause[i - 1], mention, gazetteer):
            continue
        followed = any(other.tag in TARGET_TAGS for other in clause[i + 1 :])
        if mention.tag == "QUANT" and any(other.text in _ROOMS for other in clause[i + 1 : i + 3]) and found:
            # "the lights in ALL ROOMS" are all of them.
            found[-1].slots["quantity"] = "all"
            continue
        reading = _reading(mention, gazetteer, followed)
        if reading is None:
            odd.append(mention.spoken)
            continue
        if reading:
            _place(found, reading, i, joined)
        joined = False
    _share(found)
    return [target.slots for target in found if target.slots], odd


def _repeats_kind(name: Mention, mention: Mention, gazetteer: Gazetteer) -> bool:
    """Whether a kind word only says what the name before it is: "the Play Corner LIGHTS", one light of that name."""
    kind = lexicon().kinds.get(mention.text) if mention.tag == "KIND" and name.tag == "NAME" else None
    known = gazetteer.known([key_of(span) for span in name.spans])
    return kind is not None and known is not None and known in {kind.domain, kind.device_class}


def _reading(mention: Mention, gazetteer: Gazetteer, followed: bool) -> dict[str, Any] | None:
    """The slots of one mention; `None` when it is not what its tag says. `followed`: another target word comes."""
    words = lexicon()
    if mention.tag == "QUANT" and mention.text in _DETERMINERS:
        return {"quantity": "all"} if followed else None
    if mention.tag == "QUANT":
        if any(span.text in _EVERYTHING for span in mention.spans):
            return {"domain": "all", "quantity": "all"}
        named = [mention.text, *(span.text for span in mention.spans)]
        quantity = next((words.quantities[each] for each in named if each in words.quantities), None)
        reference = next((span.text for span in mention.spans if span.text in _PLURAL_REFERENCES), None)
        alone = quantity == "both" and not followed
        return {"quantity": quantity, **({"reference": "them"} if reference or alone else {})} if quantity else None
    if mention.tag == "REF":
        reference = words.references.get(mention.text, mention.spans[-1].text)
        return {} if reference == "here" else {"reference": reference}
    if mention.tag == "FLOOR":
        return {"floor": words.floors.get(mention.text, mention.text)}
    known = gazetteer.known([key_of(span) for span in mention.spans])
    if known in {"area", "floor"} and mention.tag != "KIND":
        return {known: mention.text}
    if mention.tag == "AREA" and known is None:
        return {"area": mention.text}
    return _thing(mention, known)


def _thing(mention: Mention, known: str | None) -> dict[str, Any]:
    """A device by its name, by its kind, or both."""
    kind = lexicon().kinds.get(mention.text)
    last = mention.spans[-1].text
    if known is None and len(mention.spans) > 1 and last in _SCENE_WORDS:
        return {"name": mention.text.rpartition(" ")[0], "domain": _SCENE_WORDS[last]}
    slots: dict[str, Any] = {}
    if kind is None or kind.named or known is not None:
        slots["name"] = mention.text
    if kind is None and known is None:
        kind = lexicon().kinds.get(mention.spans[-1].text)
    if kind is not None:
        slots |= {key: value for key, value in (("domain", kind.domain), ("device_class", kind.device_class)) if value}
        if kind.plural:
            slots["quantity"] = "plural"
    return slots


def _place(found: list[Target], reading: dict[str, Any], i: int, joined: bool) -> None:
    """Add a reading to the target at hand, or begin the next one."""
    is_head = bool(reading.keys() & {"name", "domain", "device_class", "reference"})
    current = found[-1] if found else None
    if current is not None and current.slots.get("reference") == "other" and reading.keys() & {"domain", "area"}:
        current.slots |= reading
        return
    full = current is not None and (
        (is_head and current.head is not None)
        or any(key in current.slots for key in reading if key in {"area", "floor", "reference"})
        or (set(reading) == {"quantity"} and current.head is not None and "reference" not in current.slots)
        or joined
    )
    if current is None or full:
        current = Target(joined=joined)
        found.append(current)
    quantity = current.slots.get("quantity")
    current.slots |= reading
    if quantity and quantity != "plural":
        current.slots["quantity"] = quantity
    if is_head:
        current.head, current.is_kind = i, "name" not in reading
    elif "area" in reading or "floor" in reading:
        current.place = i


def _share(found: list[Target]) -> None:
    """What is said once for several: "the kitchen and bedroom LIGHTS", "the lights and blinds in the BEDROOM"."""
    kind_keys = ("domain", "device_class", "quantity", "name")
    _share_last_word(found)
    for i in range(len(found) - 2, -1, -1):
        here, after = found[i], found[i + 1]
        if here.head is None and _comes_after(after.head, after.place):
            here.slots |= {key: after.slots[key] for key in kind_keys if key in after.slots and key not in here.slots}
            here.head, here.is_kind = after.head, after.is_kind
        elif here.is_kind and after.is_kind and here.place is None and _comes_after(after.place, after.head):
            here.slots |= {key: after.slots[key] for key in ("area", "floor") if key in after.slots}
            here.place = after.place
    for before, here in pairwise(found):
        if here.head is None and before.is_kind and _comes_after(before.place, before.head):
            here.slots |= {key: before.slots[key] for key in kind_keys if key in before.slots and key not in here.slots}
            here.head, here.is_kind = before.place, before.is_kind
        if before.slots.get("quantity") == "all" and here.is_kind and here.slots.get("quantity") in {None, "plural"}:
            here.slots["quantity"] = "all"


def _share_last_word(found: list[Target]) -> None:
    """The kind in a name may be said for the place before it too: "the kitchen and BEDROOM LIGHTS", a name."""
    for here, after in pairwise(found):
        kind = lexicon().kinds.get(str(after.slots.get("name") or "").rpartition(" ")[2])
        if here.head is None and here.place is not None and after.joined and kind is not None and kind.plural:
            meant = {"domain": kind.domain, "device_class": kind.device_class, "quantity": "plural"}
            here.slots |= {key: value for key, value in meant.items() if value}
            here.head = after.head


def _comes_after(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one > other
