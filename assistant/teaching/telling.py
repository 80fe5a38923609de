"""What is done with a sentence that teaches a name, phrase, value, rule or taste; refused where it clashes."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.home import Home
from assistant.learning.text import normal
from assistant.learning.words import FILLERS, PRONOUNS
from assistant.media import media_for
from assistant.resolve.preferred import PREFERENCE
from assistant.store.items import Item
from assistant.teaching.grammar import FOND, LIKED, Frame, leading_name, parts_of
from assistant.teaching.guide import TEAM, domain_of
from assistant.teaching.taught import NAME, PHRASE, RULE, VALUE, Taught, told
from assistant.teaching.trial import Trier
from assistant.turn import Ask, Turn

NAMING = frozenset({"name", "area", "floor", "domain", "device_class"})
"""Slots of a request that tell what it is about."""
FAVORITE = frozenset({"favorite", "favourite", "is"})
"""The words by which something is called the favorite of its kind."""
LIGHT_VALUES = frozenset({"color", "color_temp", "value"})
COMMON = (
    PRONOUNS
    | FILLERS
    | frozenset(
        {
            "yes",
            "no",
            "stop",
            "cancel",
            "undo",
            "help",
            "it",
            "that",
            "on",
            "off",
            "all",
            "everything",
            "light",
            "lights",
        }
    )
)
"""Words that can't be given another meaning."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said to a teaching sentence, and what is kept or dropped. `refused` when nothing comes of it."""

    says: str
    keep: tuple[Item, ...] = ()
    drop: tuple[str, ...] = ()
    refused: bool = False
    asks: bool = False
    """Whether it is kept only after a yes."""


SETTABLE = ("light", "climate", "cover", "media_player", "fan")
"""Domains that take values; of those that can do the same, one is tried."""
LONGEST_VALUE = 8
"""Words of a value, with those that lead to it: "let us say forty percent"."""


class Telling:
    """Turns a teaching sentence into items."""

    def __init__(self, trier: Trier, taught: Taught) -> None:
        self._trier = trier
        self._taught = taught

    def tell(self, turn: Turn, frame: Frame, home: Home) -> Told | None:
        """What comes of it; `None` when it is no teaching after all."""
        if frame.kind == "define":
            return self._define(turn, frame, home)
        if frame.kind == "name":
            return self._name(turn, frame, home)
        if frame.kind == "never":
            return self._never(turn, frame)
        if frame.kind == "allow":
            return self._allow(turn, frame)
        return self._like(turn, frame, home) if frame.kind == "like" else None

    def clash(self, turn: Turn, term: str) -> str | None:
        """Why words can't be given a new meaning, in one sentence."""
        taken = term in COMMON or self._trier.requests(turn, term).known
        return f'I can\'t learn that: "{term}" already means something to me.' if taken else None

    def _exact(self, term: str) -> bool:
        """Whether words name what they are about, so that they can't be meant as a phrase for something else."""
        intents = self._trier.understand((term,)).intents
        return any({"name", "area", "floor"} & each.slots.keys() for each in intents)

    def _define(self, turn: Turn, frame: Frame, home: Home) -> Told | None:
        term, meaning = frame["term"], frame["meaning"]
        if f" {normal(term)} " in f" {normal(meaning)} ":
            return Told(f'I can\'t learn that: "{term}" would be explained by itself.', refused=True)
        clash = self.clash(turn, term)
        if problem := _named_so(term, home) or (clash if len(term.split()) == 1 or self._exact(term) else None):
            return Told(problem, refused=True)
        requests = self.flat(turn, meaning)
        tried = self._trier.requests(turn, *requests)
        intents = tried.parse.intents if tried.parse else ()
        bare = all(each.verb == "set" and not NAMING & each.slots.keys() for each in intents)
        if bare and (value := self._value(turn, term, meaning, home)) is not None:
            return value
        if tried.works:
            sentence = f'When you say "{term}", I do this: {meaning}.'
            item = told(turn, PHRASE, term, meaning, sentence, requests=list(requests))
            if clash:
                says = f'"{term}" already does something. Should it mean "{meaning}" from now on?'
                return Told(says, (item,), asks=True)
            return Told(f'Okay. When you say "{term}", I will {meaning}.', (item,))
        if frame.kind == "define" and " means " in turn.said.lower():
            return None
        return Told(f"I can't learn that: I don't know how to do \"{meaning}\".", refused=True)

    def _value(self, turn: Turn, term: str, meaning: str, home: Home) -> Told | None:
        """Words for a value that some device here can take."""
        parts = parts_of(meaning)
        if any(len(part.split()) > LONGEST_VALUE for part in parts):
            return None
        settable = [entity for entity in home.entities.values() if entity.domain in SETTABLE]
        kinds = {(entity.kind, repr(sorted(entity.features.items()))): entity for entity in settable}
        for entity in kinds.values():
            if self._trier.valued(turn, f"the {entity.name.lower()}", parts):
                return Told(f"Okay. By {term} you mean {meaning}.", (value_item(turn, term, meaning, entity.domain),))
        return None

    def flat(self, turn: Turn, meaning: str) -> tuple[str, ...]:
        """The requests of a meaning, with taught phrases in it written out."""
        if known := self._taught.find(turn, meaning, PHRASE):
            return tuple(known[0].details["requests"])
        return (meaning,)

    def _name(self, turn: Turn, frame: Frame, home: Home) -> Told | None:
        names = {name.lower(): entity for entity in home.entities.values() for name in entity.names}
        for entity in home.entities.values():
            if area := home.areas.get(entity.area or ""):
                names |= {f"{area.name} {name}".lower(): entity for name in entity.names}
        split = leading_name(frame["rest"], tuple(names))
        if split is None:
            return None
        device, name = split
        entity = names[device]
        if len([each for each in home.entities.values() if device in map(str.lower, each.names)]) > 1:
            return Told(f"There are several called {device}. Please say which, with its room.", refused=True)
        name = name.removeprefix("as ")
        if problem := _named_so(name, home) or self.clash(turn, name):
            return Told(problem, refused=True)
        item = told(turn, NAME, name, entity.id, f"{name.capitalize()} is the {entity.name}.")
        return Told(f"Okay. {name.capitalize()} is the {entity.name}.", (item,))

    def _never(self, turn: Turn, frame: Frame) -> Told | None:
        tried = self._trier.requests(turn, frame["request"])
        if isinstance(tried.turn.decision, Ask) and tried.parse is not None:
            return Told("Which one do you mean? Please say it again, with the room.", refused=True)
        commands = tried.turn.commands if tried.parse is not None else ()
        if not commands:
            return None
        forbidden = {each.entity: each.value.get("state") for each in commands}
        when = f" {_when(frame)}" if frame["when"] else ""
        sentence = f"I never {frame['request']}{when}."
        key = "|".join([*sorted(f"{entity}={state}" for entity, state in forbidden.items()), frame["when"]])
        item = told(turn, RULE, frame["request"], "never", sentence, forbidden=forbidden, when=frame["when"], key=key)
        return Told(f"Okay. I will never {frame['request']}{when}.", (item,))

    def _allow(self, turn: Turn, frame: Frame) -> Told | None:
        tried = self._trier.requests(turn, frame["request"])
        wished = {each.entity: each.value.get("state") for each in tried.turn.commands} if tried.parse else {}
        lifted = [
            item
            for item in self._taught.of(turn, RULE)
            if set(item.details["forbidden"].items()) & set(wished.items())
            and frame["when"] in {"", item.details["when"]}
        ]
        if not lifted:
            return None
        return Told(f"Okay. I may {frame['request']} again.", drop=tuple(item.id for item in lifted))

    def _like(self, turn: Turn, frame: Frame, home: Home) -> Told:
        value, verb = frame["value"], frame["verb"]
        relation = LIKED.get(verb, "prefers" if verb in FAVORITE else "dislikes")
        positive = relation not in {"dislikes", "hates"}
        domain, requests = self._domain(turn, value, verb, home)
        value = value if verb != "fan" else value.removeprefix("the ")
        domain = frame["domain"] or domain
        when = frame["when"]
        single = (domain == "light" and positive) or verb in FAVORITE
        key = f"{domain}|{when}|{'' if single else normal(value)}"
        plain = f"you are {verb} {value}" if verb in FOND else f"you {verb} {value}"
        said = {"fan": f"you are a {value} fan"}.get(verb, plain)
        said = f"your favorite {domain} is {value}" if verb in FAVORITE else said
        said += f" {_when(frame)}" if when else ""
        item = told(
            turn, PREFERENCE, domain, value, f"{said[0].upper()}{said[1:]}.",
            key=key, subject=turn.context.speaker or "household", domain=domain, relation=relation, value=value,
            polarity=1 if positive else -1, strength=0.9 if relation in {"prefers", "hates", "is a fan of"} else 0.7,
            when=when, requests=list(requests), told_by="statement",
        )  # fmt: skip
        old = [each for each in self._taught.of(turn, PREFERENCE) if each.id == item.id]
        if old and (old[0].after, old[0].details["polarity"]) != (item.after, item.details["polarity"]):
            before = old[0].details["told"].rstrip(".")
            return Told(f"You said before: {before[0].lower()}{before[1:]}. I'll go by the new one: {said}.", (item,))
        return Told(f"Okay, I'll remember that {said}.", (item,))

    def _domain(self, turn: Turn, value: str, verb: str, home: Home) -> tuple[str, tuple[str, ...]]:
        """What a taste is about, and for a light the values that it amounts to."""
        words = value.split()
        if known := domain_of(value):
            return known, ()
        if words[-1] in {"light", "lights", "lighting"}:
            return "light", self._colour(turn, " ".join(words[:-1]), home)
        if words[-1] == "music" or media_for(value.removesuffix(" music"), None, screen=False):
            return "music", ()
        return TEAM if verb == "fan" else words[-1], ()

    def _colour(self, turn: Turn, value: str, home: Home) -> tuple[str, ...]:
        """The request that gives a light of this home such a light; empty where none can."""
        for entity in home.entities.values():
            for each in (f"{value} white", value):
                texts = (
                    self._trier.valued(turn, f"the {entity.name.lower()}", (each,))
                    if entity.domain == "light"
                    else None
                )
                if texts and any(LIGHT_VALUES & i.slots.keys() for i in self._trier.understand(texts).intents):
                    return texts
        return ()


def value_item(turn: Turn, term: str, meaning: str, domain: str) -> Item:
    """Words for a value of a kind of device."""
    kind = domain.replace("_", " ")
    sentence = f"For a {kind}, {term} is {meaning}."
    return told(turn, VALUE, term, meaning, sentence, domain=domain, key=f"{normal(term)}|{domain}")


def _named_so(name: str, home: Home) -> str | None:
    """Why a name can't be given: something here has it."""
    things = [each.names for each in home.entities.values()]
    things += [(area.name, *area.aliases) for area in home.areas.values()]
    if any(normal(each) == normal(name) for names in things for each in names):
        return f"I can't learn that: there is something called {name} already."
    return None


def _when(frame: Frame) -> str:
    return f"at {frame['when']}" if frame["when"] == "night" else f"in the {frame['when']}"
