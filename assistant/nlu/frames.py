"""From a tagged clause and its class to intents, and to the words that nothing explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from assistant.media import is_title, media_class_of
from assistant.nlu.breaths import COMMANDS
from assistant.nlu.cues import UNTOLD, settled
from assistant.nlu.features import Mention
from assistant.nlu.gazetteer import Gazetteer
from assistant.nlu.lexicon import lexicon
from assistant.nlu.targets import TARGET_TAGS, targets_of, turned_round
from assistant.nlu.times import Span
from assistant.nlu.values import read_values
from assistant.turn import Intent

MAX_REPAIR = 9
"""A false start is shorter than this many tokens."""


@dataclass(frozen=True)
class Explained:
    """What training showed of each class: the words that carry it, and the slots that it takes.

    `learned` are the words by which the people of a home say it as well.
    """

    words: Mapping[str, frozenset[str]]
    slots: Mapping[str, frozenset[str]]
    learned: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """The reading of one clause: its intents (one for each target) and its unexplained words."""

    intents: tuple[Intent, ...]
    unexplained: tuple[str, ...]


def assemble(clause: Sequence[Mention], label: str, gazetteer: Gazetteer, explained: Explained) -> Frame:
    """Put a clause together. `label` is the class: an intent, after the slash a finer class."""
    name, _, variant = label.partition("/")
    if name == "foreign.request":
        return Frame((Intent(name, {"topic": variant} if variant else {}),), ())
    clause = _free_text_extended(_titles_joined(clause, label), label, explained)
    clause = _words_of_values_told(_with_verb(turned_round(clause, gazetteer)), label)
    if label == "home.turn_on" and any(mention.tag == "COLOR" for mention in clause):
        label = "home.set"
    clause, label = _hour_told(clause, label)
    label, against = settled(label, clause, gazetteer, explained.learned.get(label, frozenset()))
    if label == "home.set":
        clause = [replace(each, tag="VALUE") if each.tag == "AMOUNT" else each for each in clause]
    name, _, variant = label.partition("/")
    odd = [*_unexplained(clause, "home.turn_on" if label == UNTOLD else label, explained), *against]
    if name in _NEEDS_TARGET and not any(mention.tag in TARGET_TAGS for mention in clause):
        odd.append(clause[-1].spoken)
    kept = [mention for mention in clause if mention.tag != "DROP"]
    values, odd_values = read_values(kept, label)
    targets = targets_of(kept, gazetteer)
    slots = _implied(name, _refined(name, variant, values, kept), kept)
    if (state := slots.get("state")) and name != "home.query" and name not in _TWO_WAY:
        odd_values += [] if _STATES.get(name) == slots.pop("state") else [str(state)]
    name = _settled(name, slots)
    odd += _at_odds(slots, targets.meant, gazetteer)
    if name == "home.mute" and _switched_off(kept):
        name = "home.turn_off"
    if not any(target.keys() & {"area", "floor"} for target in targets.meant) and _says_here(kept):
        slots["here"] = True
    meant, rejected = list(targets.meant), list(targets.excepted)
    if name == "dialogue.correct" and (place := _rejected(kept, gazetteer)) is not None and place < len(meant):
        rejected.append(meant.pop(place))
    excepted = {"except": [dict(each) for each in rejected]} if rejected else {}
    items = [{"item": mention.spoken} for mention in kept if mention.tag == "ITEM"]
    several = items if len(items) > 1 else meant or [{}]
    intents = tuple(_intent(name, slots, {**target, **excepted}, gazetteer) for target in several)
    return Frame(intents, tuple(dict.fromkeys((*odd, *odd_values, *targets.unexplained))))


def _hour_told(clause: list[Mention], label: str) -> tuple[list[Mention], str]:
    """The clause and class of "turn it on AT NINE", where the hour was taken for a value."""
    plain = [mention.text for mention in clause if not mention.tag]
    way = next((word for word in ("on", "off") if word in plain), None)
    for i, each in enumerate(clause):
        at = label == "home.set" and each.tag in {"VALUE", "AMOUNT"} and i and clause[i - 1].text == "at"
        if way and at and len(each.spans) == 1 and each.spans[0].text == "<hour>":
            return [*clause[:i], replace(each, tag="TIME"), *clause[i + 1 :]], f"home.turn_{way}"
    return clause, label


_VERB_WORDS = COMMANDS | {"on", "off", "the"}


def _with_verb(clause: list[Mention]) -> list[Mention]:
    """The clause with the verb that stands before what was taken back: "TURN ON the kitchen no the bedroom"."""
    dropped = [each for each in clause if each.tag == "DROP"]
    spoken = {each.text for each in clause if not each.tag}
    if not dropped or clause[0].tag != "DROP" or spoken & COMMANDS or dropped[0].spans[0].text not in COMMANDS:
        return clause
    verb = [Mention("", (span,), clause[0].first) for span in takewhile(_is_verb, dropped[0].spans)]
    rest = dropped[0].spans[len(verb) :]
    return [*verb, *([Mention("DROP", rest, clause[0].first)] if rest else []), *clause[1:]]


def _is_verb(span: Span) -> bool:
    return span.text in _VERB_WORDS


def _words_of_values_told(clause: Sequence[Mention], label: str) -> list[Mention]:
    """The clause with colours, and modes after "to", as what they are: "the floor lamp IN RED", "the oven TO BROIL"."""
    told = list(clause)
    if label not in {"home.set", "home.turn_on"}:
        return told
    for i, each in enumerate(told):
        if each.text in lexicon().colors and each.tag in {"", "AREA", "STATE", "MODE"}:
            told[i] = replace(each, tag="COLOR")
        elif label == "home.set" and not each.tag and i and told[i - 1].text == "to" and each.text in lexicon().modes:
            told[i] = replace(each, tag="MODE")
    return told


def _says_here(clause: Sequence[Mention]) -> bool:
    """Whether the room is meant in which it is said: "everything off IN HERE"."""
    words = f" {' '.join(mention.text for mention in clause if mention.tag in {'', 'REF'})} "
    return any(f" {here} " in words for here in ("in here", "here", "in this room", "this room"))


def _at_odds(slots: Mapping[str, Any], meant: Sequence[Mapping[str, Any]], gazetteer: Gazetteer) -> list[str]:
    """The names of things that are not what the verb is for: "CLEAN the oven" is nothing that a vacuum does."""
    implied = slots.get("domain")
    names = [str(target["name"]) for target in meant if "name" in target]
    return [name for name in names if implied and gazetteer.known(name.split()) not in {None, implied}]


def _switched_off(clause: Sequence[Mention]) -> bool:
    """Whether a device is to be turned off, and not its sound: people's labels have both for the same words."""
    plain = {word for mention in clause if not mention.tag for word in mention.text.split()}
    device = any(mention.tag in TARGET_TAGS for mention in clause)
    about_sound = bool(plain & {"sound", "volume", "audio", "noise"}) or any(
        mention.tag == "ATTR" for mention in clause
    )
    return device and not about_sound and "off" in plain and bool(plain & {"turn", "switch", "shut"})


def _rejected(clause: Sequence[Mention], gazetteer: Gazetteer) -> int | None:
    """Which target of a correction is the one that was not meant: "no, NOT THE BEDROOM, the kitchen"."""
    cut = next((i for i, mention in enumerate(clause) if not mention.tag and mention.text == "not"), None)
    return None if cut is None else len(targets_of(clause[:cut], gazetteer).meant)


_STATES = {
    "home.turn_on": "on", "home.turn_off": "off", "home.open": "open", "home.close": "closed", "home.lock": "locked",
    "home.unlock": "unlocked",
}  # fmt: skip
"""What a state says when it is part of a command: "lights ON"."""
_TWO_WAY = frozenset({"home.shuffle", "home.repeat", "home.oscillate", "home.reverse"})
"""Acts of which the finer class tells which way."""
_PLACES_AND_NAMES = frozenset({"name", "area", "floor", "domain", "device_class"})
_NEEDS_TARGET = frozenset({"home.turn_on", "home.turn_off", "home.open", "home.close", "home.unlock"})
"""Commands that say nothing without a target: "turn on the"."""
_WITH_MODES = frozenset({"climate", "fan", "humidifier", "oven"})
_IMPLYING = frozenset({"home.start", "home.return", "home.clean", "home.open", "home.stop", "home.pause"})
"""Commands whose verb may name the kind of thing: "start vacuuming", "water the garden"."""
_STARTING = frozenset({"home.turn_on", "home.start", "home.play", "home.set"})


def _intent(name: str, slots: Mapping[str, Any], target: Mapping[str, Any], gazetteer: Gazetteer) -> Intent:
    """The intent for one target; what is known of the home settles what the words leave open."""
    merged = {**slots, **target}
    words = str(target.get("name", "")).split()
    is_scene = gazetteer.known(words) == "scene" or target.get("domain") in {"scene", "script"}
    if name in _STARTING and is_scene:
        name = "home.activate"
    if merged.get("reference") in {"it", "that"} and merged.keys() & _PLACES_AND_NAMES:
        del merged["reference"]
    kind = gazetteer.known(words) or target.get("domain")
    if kind in _WITH_MODES and merged.get("color_temp") in lexicon().modes:
        merged |= {"mode": merged.pop("color_temp"), "attribute": "mode"}
    implied = merged.pop("attribute_implied", False) and merged.get("attribute") in {"volume", "brightness"}
    if implied and "name" in target and "domain" not in target:
        # "turn the chromecast up": what that changes is known to the device, not to the words.
        merged.pop("attribute", None)
    return Intent(name, merged)


_SET_BY_VALUE = frozenset({"home.turn_on", "home.turn_off", "home.increase", "home.decrease"})


def inherit(intent: Intent, last: Intent) -> Intent:
    """An elliptic clause after a whole one: "... and the bedroom to fifty"."""
    target = {"name", "area", "floor", "domain", "device_class", "quantity", "reference", "except"}
    slots: dict[str, Any] = {key: value for key, value in last.slots.items() if key not in target}
    if not intent.slots.keys() & {"name", "domain", "device_class"}:
        slots |= {key: last.slots[key] for key in ("domain", "device_class", "quantity") if key in last.slots}
    valued = intent.slots.keys() & {"value", "color", "color_temp", "mode"}
    # "A bit warmer" - "no, 20" is no step any more.
    name = "home.set" if valued and last.name in _SET_BY_VALUE else last.name
    if valued:
        slots = {
            key: each for key, each in slots.items() if key not in {"value", "unit", "color", "color_temp", "mode"}
        }
    return replace(intent, name=name, slots={**slots, **intent.slots})


def _refined(name: str, variant: str, values: dict[str, Any], clause: Sequence[Mention]) -> dict[str, Any]:
    """The slots that the finer class gives."""
    slots = dict(values)
    if name == "home.query" and variant:
        slots["question"] = variant
    elif name in _TWO_WAY and variant:
        slots["state"] = variant
    elif name in {"home.increase", "home.decrease", "clock.query"} and variant:
        if "attribute" not in slots:
            slots |= {"attribute": variant, "attribute_implied": True}
    elif name.startswith("timer."):
        said = {mention.text for mention in clause if not mention.tag}
        kinds = ("alarm", "reminder")
        named = variant if variant in kinds else next((kind for kind in kinds if said & {kind, f"{kind}s"}), "timer")
        slots["device_class"] = named
        if said & {"timers", "alarms", "reminders"}:
            slots["quantity"] = "plural"
        if variant == "set":
            slots["change"] = "set"
    elif name == "home.play" and "title" in slots:
        media_class = media_class_of(mention.text for mention in clause if not mention.tag)
        slots |= {"media_class": media_class} if media_class else {}
    if slots.get("attribute") == "status":
        slots["attribute"] = "state"
    return slots


def _implied(name: str, slots: dict[str, Any], clause: Sequence[Mention]) -> dict[str, Any]:
    """The slots with what the plain words of the clause say of them."""
    words = lexicon()
    plain = [mention.text for mention in clause if not mention.tag]
    if (name == "home.set" and "value" in slots and "attribute" not in slots) or name in _IMPLYING:
        for word in plain:
            slots = {**words.implied.get(word, {}), **slots}
    morning = "wake" in plain or (slots.get("device_class") == "alarm" and "repeat" in slots)
    if name == "timer.start" and morning and slots.get("at", "") >= "04":
        # One is woken in the morning.
        slots.pop("at_ambiguous", None)
    if name == "home.query" and slots.get("question") == "what" and not slots.keys() & {"attribute", "state"}:
        attribute = next((words.asked[word] for word in plain if word in words.asked), None)
        slots |= {"attribute": attribute} if attribute else {}
    if name == "home.query" and slots.get("question") == "is" and "state" not in slots:
        following = [mention.text for mention in clause[1:]] + [""]
        pairs = zip(clause, following, strict=True)
        state = next((words.states[each.text] for each, then in pairs if _tells_state(each, then)), None)
        slots |= {"state": state} if state else {}
    states = [mention for mention in clause if mention.tag == "STATE"]
    if name == "home.query" and slots.get("question") == "what" and len(states) > 1:
        # "is it playing, paused or stopped?" asks which of them.
        slots.pop("state", None)
    return slots


def _tells_state(mention: Mention, following: str) -> bool:
    """Whether a word that no slot took is a state: "is anything ON", not "is it wet ON the terrace"."""
    return not mention.tag and mention.text in lexicon().states and following != "the"


def _settled(name: str, slots: dict[str, Any]) -> str:
    """The intent, once its values are known: "dim it TO forty" sets, whatever the verb."""
    if slots.get("attribute") == "target_temperature" and name != "home.query":
        slots["attribute"] = "temperature"
    if name in {"home.increase", "home.decrease"} and "value" in slots:
        return "home.set"
    if slots.get("color_temp") is not None and slots.get("attribute") == "temperature":
        slots["attribute"] = "color_temp"
    if slots.get("unit") == "K":
        slots |= {"attribute": "color_temp", "color_temp": slots.pop("value", None)}
        del slots["unit"]
    if name == "home.set" and "value" not in slots and "attribute" not in slots:
        for slot in ("color", "color_temp", "mode", "source"):
            if slot in slots:
                slots["attribute"] = slot
    if name == "home.set" and slots.get("unit") in {"C", "F", "degrees"}:
        slots.setdefault("attribute", "temperature")
    return name


def _unexplained(clause: Sequence[Mention], label: str, explained: Explained) -> list[str]:
    """The content words that neither a slot nor the vocabulary of the class accounts for."""
    carriers = explained.words.get(label, frozenset()) | explained.learned.get(label, frozenset())
    allowed = explained.slots.get(label, frozenset())
    odd = []
    for i, mention in enumerate(clause):
        if mention.tag == "DROP":
            if not _is_repair(mention):
                odd.append(mention.spoken)
        elif mention.tag:
            if mention.tag not in allowed and not (mention.tag == "STATE" and label in _STATES):
                odd.append(mention.spoken)
        elif not _carries(clause, i, carriers, label):
            odd.append(mention.spoken)
    return odd


_FREE_TEXT = frozenset({"TNAME", "MESSAGE", "ITEM", "TITLE"})


def _titles_joined(clause: Sequence[Mention], label: str) -> list[Mention]:
    """Let a title of the catalogue take in all of its words: "harry potter AND THE GOBLET OF FIRE"."""
    if label == "home.play" and not any(mention.tag == "TITLE" for mention in clause):
        starts = range(1, len(clause))
        begins = next((i for i in starts if is_title(" ".join(each.spoken for each in clause[i:]))), len(clause))
        clause = [*clause[:begins], *(replace(each, tag="TITLE") for each in clause[begins:])]
    first = next((i for i, mention in enumerate(clause) if mention.tag == "TITLE"), len(clause))
    for end in range(len(clause), first + 1, -1):
        part = clause[first:end]
        if is_title(" ".join(mention.spoken for mention in part)):
            spans = tuple(span for mention in part for span in mention.spans)
            joined = Mention("TITLE", spans, part[0].first, min(mention.probability for mention in part))
            return [*clause[:first], joined, *clause[end:]]
    return list(clause)


def _free_text_extended(clause: Sequence[Mention], label: str, explained: Explained) -> list[Mention]:
    """Let a slot that holds anything take in the words beside it that nothing else explains."""
    carriers = explained.words.get(label, frozenset())
    extended: list[Mention] = []
    for i, mention in enumerate(clause):
        last = extended[-1] if extended else None
        loose = not mention.tag and not _carries(clause, i, carriers, label)
        if last is not None and last.tag in _FREE_TEXT and (loose or _reminded(clause, i, label)):
            sure = min(last.probability, mention.probability)
            extended[-1] = Mention(last.tag, (*last.spans, *mention.spans), last.first, sure)
        else:
            extended.append(mention)
    return extended


def _reminded(clause: Sequence[Mention], i: int, label: str) -> bool:
    """Whether a mention is a part of what one is to be reminded of or told, whatever it names: "check THE LAUNDRY"."""
    if label == "broadcast.say":
        return True
    times = ("TIME", "WHEN")
    leads = not clause[i].tag and i + 1 < len(clause) and clause[i + 1].tag in times
    return label == "timer.start/reminder" and clause[i].tag not in times and not leads


def _carries(clause: Sequence[Mention], i: int, carriers: frozenset[str], label: str) -> bool:
    """Whether a word without a slot is explained."""
    mention = clause[i]
    words = lexicon()
    if mention.spoken == "one" and label.startswith("dialogue."):
        return True
    if i and clause[i - 1].tag == "MODE" and words.attributes.get(mention.text) == "mode":
        # its head noun: "quiet MODE"
        return True
    if mention.spans[0].kind != "word":
        return False
    if mention.text in _NO_END and i == len(clause) - 1 and i and clause[i - 1].tag == "AREA":
        return False
    if mention.text in words.fillers or (mention.text == "not" and label.startswith("home.")):
        # What a "not" forbids was looked at before.
        return True
    if mention.text in _TRIGGERS and label.startswith("home.") and not label.startswith("home.query"):
        return _introduces(clause, i)
    return mention.text in carriers or mention.text in words.function_words


_NO_END = frozenset(
    {"let", "like", "lot", "get", "want", "need", "know", "tell", "think", "kind", "mind", "time", "level", "have"}
)
"""Words that lead to others: the last after a room, they stand for a noun that was misheard, "the kitchen LIGHT"."""
_TRIGGERS = frozenset(
    {"when", "whenever", "if", "once", "soon", "unless", "until", "till", "while", "before", "every", "case"}
)


def _introduces(clause: Sequence[Mention], i: int) -> bool:
    """Whether a trigger word leads to a condition or a time that is taken up in a slot."""
    return any(mention.tag in {"WHEN", "TIME", "QUANT", "KIND"} for mention in clause[i + 1 : i + 3])


def _is_repair(mention: Mention) -> bool:
    """Whether a dropped stretch ends with a word of taking back, and is short enough to be a false start."""
    words = [span.text for span in mention.spans]
    while words and words[-1] in {"the", "a", "my"}:
        words.pop()
    repairs = lexicon().repairs
    return (len(words) <= MAX_REPAIR and any(" ".join(words[-size:]) in repairs for size in (3, 2, 1))) or (
        bool(words) and words[0] == "not"
    )
