"""Names that sound alike: what is done when a name was misheard, and when another thing was meant that is not there.

    python -m simulator.benchmarks --only similar

*Misheard*: one word of a device's name is replaced by an English word that is 1, 2 or 3 phonemes away from it.
*Not there*: things that other homes have, and household machines that no home here has. What is executed on anything
but the device that was misheard is a wrong act; so is everything executed for what is not there. The homes in
`TUNED_ON` set the limits of `assistant/policy.py`; the others were only measured.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from pocketsphinx import get_model_path
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from assistant.asr.pronounce import dictionary
from assistant.home import Entity, Home
from assistant.nlu import Understander
from assistant.nlu.lexicon import lexicon
from assistant.resolve.names import normalise
from assistant.services import supports
from assistant.turn import Ask, Confirm, Context, Execute, Hypothesis, Turn, Utterance
from simulator.benchmarks.figures import Figure, share
from simulator.homes import load_home
from simulator.replay.stage import Stage

NOON = datetime(2026, 3, 2, 12, 0)
TUNED_ON = ("cottage", "house")
DATA = Path(__file__).parent / "data"
MEASURED_ON = ("flat", str(DATA / "everyday.yaml"), str(DATA / "peers.yaml"))
DISTANCES = (1, 2, 3)
EACH = 3
"""Words for each name and distance."""
MACHINES = (
    "fryer", "broiler", "blender", "toaster", "microwave", "fridge", "freezer", "jacuzzi", "chandelier", "lava lamp",
    "heat lamp", "projector", "doorbell", "treadmill", "smoker", "grill", "spinner", "sprinter", "mixer", "juicer",
    "sauna", "steamer", "shredder", "scanner", "router", "beamer", "karaoke machine", "popcorn machine", "ice machine",
    "sewing machine", "milking machine", "bread maker", "rice cooker", "hair dryer", "hand dryer", "electric blanket",
    "fog machine", "disco ball", "fire pit", "hot tub", "wood stove", "stair lift", "elevator", "escalator",
    "drawbridge", "time machine", "helicopter", "tractor", "leaf blower", "chain saw", "pressure washer", "pool pump",
    "fish tank", "bird bath", "barn door", "cellar door", "car door", "trap door", "fridge light", "strobe light",
    "traffic light",
)  # fmt: skip
PAIRS = (("turn_on", "turn on"), ("turn_off", "turn off"), ("open", "open"), ("close", "close"), ("unlock", "unlock"))


@dataclass(frozen=True, slots=True)
class Case:
    """One request; `meant` are the devices of the name that was misheard, none for what is not there."""

    kind: str
    text: str
    meant: frozenset[str]


def similar(_data: Path | None, seed: int) -> Iterator[Figure]:
    """The shares of right acts, questions and wrong acts, on the homes that the limits were not set on."""
    yield from measured(MEASURED_ON, seed)


def measured(homes: Sequence[str], seed: int) -> Iterator[Figure]:
    """The same for any homes."""
    understander = Understander.load()
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in homes:
        home = load_home(name)
        stage = Stage(home, NOON, understander=understander)
        known = stage.assistant.sync_home()
        for case in cases(known, random.Random(seed)):
            counts[case.kind][_came_of(case, stage)] += 1
        stage.close()
    for kind, found in counts.items():
        total = sum(found.values())
        for what in ("right act", "question that names it", "other question", "wrong act"):
            if found[what]:
                yield share("similar", f"{kind}: {what}", found[what], total)


def cases(home: Home, rng: random.Random) -> Iterator[Case]:
    """All requests for one home."""
    names: defaultdict[str, list[Entity]] = defaultdict(list)
    for entity in home.entities.values():
        for name in entity.names:
            names[normalise(name)].append(entity)
    for name, entities in names.items():
        for distance in DISTANCES:
            near = [each for each in _misheard(name, distance) if normalise(each) not in names]
            for said in rng.sample(near, min(EACH, len(near))):
                for words in _verbs(entities[0]):
                    yield Case(
                        f"misheard by {distance}", f"{words} the {said}", frozenset(each.id for each in entities)
                    )
    for thing in absent(home):
        for words in ("turn on", "turn off", "open", "close"):
            yield Case("not there", f"{words} the {thing}", frozenset())


def absent(home: Home) -> list[str]:
    """Things that this home has not, nor anything of which they could be another name: "the bedtime routine"."""
    own = [set(normalise(name).split()) for entity in home.entities.values() for name in entity.names]
    places = [name for area in home.areas.values() for name in (area.name, *area.aliases)]
    rooms = {word for name in places for word in normalise(name).split()}
    kinds = {word for kind in lexicon().kinds for word in normalise(kind).split()}
    devices = [device for each in (*TUNED_ON, *MEASURED_ON) for device in load_home(each).devices]
    things = {normalise(name) for device in devices for name in (device.name, *device.aliases)}
    things |= {normalise(machine) for machine in MACHINES}
    return [
        thing
        for thing in sorted(things)
        if not rooms & set(thing.split()) and not any(set(thing.split()) - kinds <= one for one in own)
    ]


def _verbs(entity: Entity) -> list[str]:
    return [
        words
        for verb, words in PAIRS
        if supports(entity, verb, {}) and not (verb == "open" and entity.domain == "lock")
    ]


def _misheard(name: str, distance: int) -> list[str]:
    """The name with one of its words replaced by those of this distance."""
    words = name.split()
    return [
        " ".join([*words[:i], other, *words[i + 1 :]])
        for i, word in enumerate(words)
        for other in _neighbours(word, distance)
    ]


@lru_cache(maxsize=4096)
def _neighbours(word: str, distance: int) -> tuple[str, ...]:
    """English words at this distance in phonemes, less than half of the word."""
    sounds = _sounds()
    if word not in sounds or len(sounds[word]) < 2 * distance:
        return ()
    near = process.extract(
        sounds[word], sounds, scorer=Levenshtein.distance, processor=None, score_cutoff=distance, limit=None
    )
    return tuple(other for _, found, other in near if found == distance and len(other) > 2)


@lru_cache(maxsize=1)
def _sounds() -> Mapping[str, str]:
    """The words of the recogniser's dictionary, each as a text with one sign for each phoneme."""
    path = Path(get_model_path()) / "en-us" / "cmudict-en-us.dict"
    with path.open(encoding="utf-8") as lines:
        words = {line.split(" ", 1)[0] for line in lines}
    signs: dict[str, str] = {}
    return {
        word: "".join(signs.setdefault(phone, chr(0x100 + len(signs))) for phone in spoken[0].split())
        for word, spoken in dictionary(path, {word for word in words if word.isalpha()}).items()
    }


def _came_of(case: Case, stage: Stage) -> str:
    turn = Turn("t", Context(NOON, states=stage.assistant.engine.states()), Utterance((Hypothesis(case.text),)))
    decided = stage.assistant.pipeline.run(turn, start="nlu", stop="decide")
    stage.assistant.engine.parts.dialogue.last = None
    decision = decided.decision
    if isinstance(decision, Execute):
        touched = {command.entity for command in decision.commands}
        if not touched:
            return "nothing"
        return "right act" if touched <= case.meant else "wrong act"
    if isinstance(decision, Confirm):
        named = {command.entity for command in decision.commands}
    elif isinstance(decision, Ask):
        named = set(decision.options)
    else:
        return "nothing"
    return "question that names it" if named & case.meant else "other question"
