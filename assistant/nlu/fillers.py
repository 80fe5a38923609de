"""What stands in the slots of a template: the things of a home, the ways to refer to them, and values."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.home import Entity, Home
from assistant.nlu.lexicon import lexicon, normal
from assistant.nlu.numerals import spell
from assistant.nlu.spoken_values import VALUES
from assistant.nlu.templates import NothingToSayError, Piece, read_yaml

_SCENES = {"scene", "script"}
_SHADES = {"blind", "curtain", "shutter", "shade", "awning"}
GROUPS: Mapping[str, Callable[[Entity], bool]] = {
    "light": lambda e: e.domain == "light",
    "fan": lambda e: e.domain == "fan",
    "switch": lambda e: e.domain == "switch",
    "cover": lambda e: e.domain == "cover",
    "shade": lambda e: e.domain == "cover" and _class(e) in _SHADES,
    "garage": lambda e: e.domain == "cover" and _class(e) in {"garage", "garage_door"},
    "lock": lambda e: e.domain == "lock",
    "oven": lambda e: e.kind == "oven",
    "climate": lambda e: e.domain == "climate" and e.kind != "oven",
    "coffee": lambda e: e.kind in {"coffee_maker", "coffee_machine", "kettle", "tea_maker"},
    "tv": lambda e: e.domain == "media_player" and _class(e) == "tv",
    "media": lambda e: e.domain == "media_player",
    "vacuum": lambda e: e.domain == "vacuum",
    "mower": lambda e: e.domain == "lawn_mower",
    "valve": lambda e: e.domain == "valve",
    "humidifier": lambda e: e.domain == "humidifier",
    "sensor": lambda e: e.domain in {"sensor", "binary_sensor"},
    "scene": lambda e: e.domain in _SCENES,
    "list": lambda e: e.domain == "todo",
    "appliance": lambda e: e.domain == "switch" or e.kind in {"oven", "coffee_maker"},
    "switchable": lambda e: e.domain in {"light", "switch", "fan", "media_player", "climate", "humidifier"},
    "any": lambda e: e.domain not in {"scene", "script", "todo", "sensor", "binary_sensor", "calendar", "weather"},
}
"""What a template may ask for -> which entities of a home are that."""

KIND_WORDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "light": (("light", "lights"), ("light", "lights"), ("lamp", "lamps")),
    "fan": (("fan", "fans"),),
    "switch": (("switch", "switches"), ("plug", "plugs"), ("outlet", "outlets")),
    "shade": (("blind", "blinds"), ("curtain", "curtains"), ("shutter", "shutters"), ("shade", "shades")),
    "cover": (("blind", "blinds"), ("curtain", "curtains"), ("window", "windows"), ("door", "doors"), ("gate", "gates"),
              ("cover", "covers"), ("garage door", "garage doors")),
    "garage": (("garage door", "garage doors"),),
    "lock": (("door", "doors"), ("lock", "locks")),
    "climate": (("thermostat", "thermostats"), ("heating", "heating"), ("heater", "heaters"), ("ac", "ac"),
                ("air conditioning", "air conditioners")),
    "oven": (("oven", "ovens"),),
    "coffee": (("coffee maker", "coffee makers"), ("coffee machine", "coffee machines")),
    "tv": (("tv", "tvs"), ("television", "televisions")),
    "media": (("tv", "tvs"), ("speaker", "speakers"), ("radio", "radio"), ("stereo", "stereo")),
    "vacuum": (("vacuum", "vacuums"), ("robot vacuum", "vacuums"), ("hoover", "vacuums")),
    "mower": (("mower", "mower"), ("lawn mower", "lawn mower")),
    "valve": (("valve", "valves"), ("sprinklers", "sprinklers")),
    "humidifier": (("humidifier", "humidifiers"), ("dehumidifier", "humidifiers")),
    "sensor": (("sensor", "sensors"),),
}  # fmt: skip
_UNIONS = {
    "switchable": (
        "light",
        "light",
        "light",
        "switch",
        "fan",
        "tv",
        "media",
        "climate",
        "oven",
        "coffee",
        "humidifier",
    ),
    "any": ("light", "light", "fan", "shade", "lock", "climate", "oven", "tv", "media", "vacuum", "cover", "coffee"),
    "appliance": ("switch", "oven", "coffee"),
}


def _class(entity: Entity) -> str:
    return str(entity.features.get("device_class") or entity.kind)


@dataclass
class Fillers:
    """Fills slots for one home. `open` adds values (titles, names ...) that no home knows."""

    home: Home
    rng: random.Random
    open: bool = True
    _groups: dict[str, list[Entity]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.vocabulary = read_yaml("vocabulary.yaml")
        self.areas = [name for area in self.home.areas.values() for name in (area.name, *area.aliases)]
        entities = list(self.home.entities.values())
        self._groups = {group: [each for each in entities if test(each)] for group, test in GROUPS.items()}

    def __call__(self, slot: str, argument: str) -> Sequence[Piece]:
        """Words for a slot. Raises `NothingToSayError` when this home has nothing of the kind."""
        if (make := getattr(self, f"_{slot}", None)) is not None:
            return list(make(argument))
        if slot in VALUES:
            return VALUES[slot](self.rng)
        if slot in _FROM_VOCABULARY:
            key, tag = _FROM_VOCABULARY[slot]
            return [Piece(self.rng.choice(self.vocabulary[key]), tag)]
        raise ValueError(f"template: nothing fills the slot {slot!r}")

    # targets ---------------------------------------------------------------------------------------------------

    def _target(self, group: str) -> list[Piece]:
        """One target in any of its forms: single, several, a kind in a place, all but some."""
        form = self.rng.choices(("one", "kind", "several", "all", "except"), (5, 3, 1.2, 1.2, 0.6))[0]
        if form == "one":
            return self._one(group)
        if form == "several":
            return self._several(group)
        pieces = self._kind_in_place(group, every=form != "kind")
        if form == "except":
            pieces += self._exception(group)
        return pieces

    def _correction(self, group: str) -> list[Piece]:
        draw = self.rng.random()
        if draw < 0.3:
            return self._area("")
        if draw < 0.4 and self.home.floors:
            return self._floor("")
        return self._one(group) if draw < 0.7 else self._kind_in_place(group, every=draw > 0.93)

    def _answer(self, group: str) -> list[Piece]:
        """A target that is no light, so that "kitchen lights" alone still switches them on."""
        entity = self._entity(group)
        if entity.domain == "light":
            raise NothingToSayError(group)
        return self._called(entity)

    def _one(self, group: str) -> list[Piece]:
        draw = self.rng.random()
        if draw < 0.06 and self.open:
            return self._unknown("")
        if draw < 0.22:
            return self._kind_in_place(group, every=False, plural=False)
        return self._called(self._entity(group))

    def _entity(self, group: str) -> Entity:
        members = self._groups[group]
        if not members:
            raise NothingToSayError(group)
        return self.rng.choice(members)

    def _called(self, entity: Entity) -> list[Piece]:
        name = self.rng.choice(entity.names)
        area = self.home.areas.get(entity.area or "")
        placed = area is not None and normal(area.name) not in normal(name) and self.rng.random() < 0.35
        if not placed:
            return [named(name)]
        assert area is not None, "checked above"
        called = Piece(self.rng.choice((area.name, *area.aliases)), "AREA")
        return [called, named(name)] if self.rng.random() < 0.5 else [named(name), Piece(self._in()), called]

    def _in(self) -> str:
        return self.rng.choice(("in the", "in the", "in", "on the", "of the"))

    def _kind_in_place(self, group: str, every: bool, plural: bool | None = None) -> list[Piece]:
        singular, plurals = self._kind_words(group)
        if plural is None:
            plural = every or self.rng.random() < 0.75
        kind = Piece(plurals if plural else singular, "KIND")
        place = self._somewhere()
        if every:
            word = self.rng.choice(("all", "all the", "all of the", "every", "all my", "both", "each", "all"))
            if word in {"every", "each"}:
                kind = Piece(singular, "KIND")
            lead = [Piece(word.split()[0], "QUANT"), *([Piece(" ".join(word.split()[1:]))] if " " in word else [])]
        else:
            lead = []
        if place is None:
            return [*lead, kind]
        if place.tag == "AREA" and self.rng.random() < 0.55:
            return [*lead, place, kind]
        return [*lead, kind, *([Piece(self._in())] if place.tag == "AREA" or " " in place.text else []), place]

    def _kind_words(self, group: str) -> tuple[str, str]:
        group = self.rng.choice(_UNIONS[group]) if group in _UNIONS else group
        if not self._groups.get(group):
            raise NothingToSayError(group)
        if self.open or group not in {"cover", "shade", "media", "switch"}:
            return self.rng.choice(KIND_WORDS[group])
        classes = {_class(each).replace("_", " ") for each in self._groups[group]} | {group}
        fitting = [pair for pair in KIND_WORDS[group] if pair[0] in classes]
        return self.rng.choice(fitting or KIND_WORDS[group])

    def _somewhere(self) -> Piece | None:
        draw = self.rng.random()
        if draw < 0.55:
            return self._area("")[0] if self.areas else None
        if draw < 0.7 and self.home.floors:
            return self._floor("")[0]
        return None

    def _several(self, group: str) -> list[Piece]:
        """Two or three targets joined: "the kitchen and bedroom lights", "the lamp and the fan"."""
        joint = Piece(self.rng.choice(("and", "and", "and the", "and the", "as well as the", "plus the", "or the")))
        if self.rng.random() < 0.5 and len(self.areas) > 2:
            places = [Piece(name, "AREA") for name in self.rng.sample(self.areas, 2)]
            if self.rng.random() < 0.2:
                places = [Piece(self.rng.choice(self.areas), "AREA"), *places]
            joined = [piece for place in places[:-1] for piece in (place, joint)]
            kind = Piece(self._kind_words(group)[1], "KIND")
            if self.rng.random() < 0.65:
                return [*joined, places[-1], kind]
            return [kind, Piece(self.rng.choice(("in the", "in"))), *joined, places[-1]]
        first, second = self._single(group), self._single(group)
        return [*first, joint, *second]

    def _single(self, group: str) -> list[Piece]:
        if self.rng.random() < 0.6:
            return self._called(self._entity(group))
        return self._kind_in_place(group, every=False)

    def _exception(self, group: str) -> list[Piece]:
        word = self.rng.choice(
            ("except", "except", "except for", "but not", "apart from", "excluding", "other than", "but")
        )
        pieces = [Piece(word, "EXC"), Piece(self.rng.choice(("the", "the", "in the", "the one in the", "")))]
        form = self.rng.random()
        if form < 0.5 and self.areas:
            pieces += self._area("")
        elif form < 0.75:
            pieces += self._called(self._entity(group))
        else:
            pieces += self._kind_in_place(group, every=False)
        if self.rng.random() < 0.15 and self.areas:
            pieces += [Piece("and the"), *self._area("")]
        return [piece for piece in pieces if piece.text]

    def _exceptone(self, _: str) -> list[Piece]:
        return self._area("")

    def _unknown(self, _: str) -> list[Piece]:
        """A name that no device has: a misheard, a new or a foreign one."""
        if not self.open:
            raise NothingToSayError("unknown")
        nouns = [noun for each in self.vocabulary["nouns"].values() for noun in each]
        noun, adjective = self.rng.choice(nouns), self.rng.choice(self.vocabulary["adjectives"])
        person, odd = self.rng.choice(self.vocabulary["people"]), self.rng.choice(self.vocabulary["odd_names"])
        return [
            Piece(self.rng.choice((f"{adjective} {noun}", f"{person}'s {noun}", odd, f"{odd} {noun}", noun)), "NAME")
        ]

    def _area(self, _: str) -> list[Piece]:
        if not self.areas:
            raise NothingToSayError("area")
        return [Piece(self.rng.choice(self.areas), "AREA")]

    def _floor(self, _: str) -> list[Piece]:
        names = [name for floor in self.home.floors.values() for name in (floor.name, *floor.aliases)]
        if len(self.home.floors) > 1:
            names += ["upstairs", "downstairs"]
        if not names:
            raise NothingToSayError("floor")
        return [Piece(self.rng.choice(names), "FLOOR")]

    def _lightplace(self, _: str) -> list[Piece]:
        if self.rng.random() < 0.4:
            return self._called(self._entity("light"))
        return [*self._area(""), Piece(self.rng.choice(("lights", "lights", "light", "lamp")), "KIND")]

    def _bulk(self, _: str) -> list[Piece]:
        return self._kind_in_place(self.rng.choice(("light", "light", "light", "fan", "switch", "media")), False, True)

    def _coverkind(self, _: str) -> list[Piece]:
        return [Piece(self._kind_words(self.rng.choice(("shade", "cover")))[1], "KIND")]

    def _lockkind(self, _: str) -> list[Piece]:
        return [Piece(self._kind_words("lock")[1], "KIND")]

    def _kindplural(self, _: str) -> list[Piece]:
        group = self.rng.choice(("light", "light", "light", "cover", "lock", "fan", "media", "shade", "switch"))
        return [Piece(self._kind_words(group)[1], "KIND")]

    def _sensorname(self, _: str) -> list[Piece]:
        return [named(self.rng.choice(self._entity("sensor").names))]

    def _scene(self, _: str) -> list[Piece]:
        return [Piece(self.rng.choice(self._entity("scene").names), "NAME")]

    def _condition(self, _: str) -> list[Piece]:
        """What something waits for: a set phrase, or something that a thing of this home does."""
        if self.rng.random() < 0.3:
            return [Piece(self.rng.choice(self.vocabulary["conditions"]), "WHEN")]
        group, events = self.rng.choice(_EVENTS)
        who = self.rng.choice((*self.vocabulary["people"], *self.vocabulary["somebody"], *self.vocabulary["somebody"]))
        if group in GROUPS:
            who = " ".join(piece.text for piece in self._single(group))
            who = f"the {who}" if self.rng.random() < 0.8 else who
        words = f"{group if group == 'it' else who} {self.rng.choice(events)}"
        return [Piece(words.replace("<n>", spell(self.rng.randrange(5, 90))), "WHEN")]

    def _list(self, _: str) -> list[Piece]:
        if self._groups["list"] and self.rng.random() < 0.6:
            name = self.rng.choice(self._entity("list").names)
            ending = "" if "list" in normal(name).split() else self.rng.choice((" list", " list", ""))
            return [Piece(name + ending, "LIST")]
        if not self.open and not self._groups["list"]:
            raise NothingToSayError("list")
        return [Piece(self.rng.choice(self.vocabulary["lists"]), "LIST")]

    def _person(self, _: str) -> list[Piece]:
        names = list(self.home.people) or (self.vocabulary["people"] if self.open else [])
        if not names:
            raise NothingToSayError("person")
        return [Piece(self.rng.choice(names), "NAME")]

    def _quant(self, which: str) -> list[Piece]:
        if which == "everything":
            return [Piece(self.rng.choice(("everything", "everything", "all devices", "all the devices")), "QUANT")]
        return [Piece(self.rng.choice(("all", "all", "every", "both", "all of")), "QUANT")]

    def _ref(self, _: str) -> list[Piece]:
        return [
            Piece(self.rng.choice(("it", "it", "it", "them", "that", "those", "the other one", "this", "these")), "REF")
        ]


_EVENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cover", ("opens", "closes", "is open", "is closed", "is opened", "gets closed")),
    ("garage", ("opens", "closes", "is open", "opens up")),
    ("switchable", ("turns on", "turns off", "is on", "is off", "goes off", "is switched on", "starts", "stops")),
    ("lock", ("is locked", "is unlocked", "unlocks", "opens")),
    ("oven", ("is done", "is ready", "is hot", "reaches <n> degrees", "is preheated")),
    ("sensor", ("is above <n>", "is below <n> degrees", "drops below <n>", "rises above <n>", "goes over <n> percent")),
    ("it", ("is dark", "gets dark", "is raining", "rains", "is cold outside", "is above <n> degrees", "is below <n>")),
    ("", ("is home", "is at home", "comes home", "gets home", "leaves", "arrives", "wakes up", "is asleep")),
)  # fmt: skip


def named(name: str) -> Piece:
    """A device by its name; a name that is nothing but a kind word counts as the kind."""
    return Piece(name, "KIND" if normal(name) in lexicon().kinds else "NAME")


_FROM_VOCABULARY = {
    "title": ("titles", "TITLE"), "genre": ("genres", "TITLE"), "item": ("items", "ITEM"), "task": ("tasks", "TNAME"),
    "tname": ("timer_names", "TNAME"), "message": ("messages", "MESSAGE"),
    "place": ("places", "PLACE"), "anything": ("anything", "ANY"),
}  # fmt: skip
