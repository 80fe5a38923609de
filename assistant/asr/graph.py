"""Decoding graphs of a home for libvosk: how its words sound, and how they follow each other.

Files are OpenFst's binary vectors, written directly: Vosk's package has no tools to make them, and others that have
(pynini) can't be loaded beside it. Format: OpenFst, fst/vector-fst.h, version 2.
"""

from __future__ import annotations

import math
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.asr.language import Automaton
from assistant.asr.phones import PHONES, PLACES, SILENCE, enter, phone_id, placed, stay

UNKNOWN = "[unk]"
"""What is heard in place of words that the home does not have."""
HALF = -math.log(0.5)
UNKNOWN_PHONE = -0.5
"""What each phone of an unknown word costs, in nats, beside being any of 39."""
DISCOUNT = 0.5
ORDER = 3
EMPTY = 0
_MAGIC, _EXPANDED_MUTABLE = 2125659606, 3


@dataclass(slots=True)
class Machine:
    """A weighted transducer. Arcs are (input, output, cost in nats, target); number 0 is nothing."""

    arcs: list[list[tuple[int, int, float, int]]] = field(default_factory=list)
    finals: dict[int, float] = field(default_factory=dict)

    def state(self) -> int:
        """A new state; the first one is where it starts."""
        self.arcs.append([])
        return len(self.arcs) - 1

    def arc(self, source: int, read: int, write: int, cost: float, target: int) -> None:
        """A way from one state to another."""
        self.arcs[source].append((read, write, cost, target))

    def write(self, path: Path) -> None:
        """As a file, the arcs of each state sorted by what they write, so that machines can be composed."""
        count = sum(map(len, self.arcs))
        kind, weight = b"vector", b"standard"
        data = bytearray(struct.pack("<i", _MAGIC))
        for name in (kind, weight):
            data += struct.pack("<i", len(name)) + name
        data += struct.pack("<iiQqqq", 2, 0, _EXPANDED_MUTABLE, 0, len(self.arcs), count)
        pack = struct.Struct("<iifi").pack
        for state, arcs in enumerate(self.arcs):
            data += struct.pack("<fq", self.finals.get(state, math.inf), len(arcs))
            for arc in sorted(arcs, key=lambda arc: arc[1]):
                data += pack(*arc)
        path.write_bytes(data)


class Words:
    """The words of a home with their numbers and sounds; the last one is the unknown word."""

    def __init__(self, spoken: Mapping[str, Sequence[str]]) -> None:
        self.spoken = {word: [each.split() for each in spoken[word]] for word in sorted(spoken)}
        self.numbers = {word: number for number, word in enumerate((*self.spoken, UNKNOWN), start=1)}

    def write(self, folder: Path) -> None:
        """What libvosk reads beside the grammar: sounds, names and places of words."""
        (folder / "phones").mkdir(parents=True, exist_ok=True)
        self._lexicon().write(folder / "HCLr.fst")
        (folder / "disambig_tid.int").write_text("", encoding="utf-8")
        lines = ["<eps> 0", *(f"{word} {number}" for word, number in self.numbers.items())]
        (folder / "words.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        names = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
        lines = [f"{SILENCE} nonword"]
        lines += [f"{phone_id(phone, place)} {names[place]}" for phone in PHONES for place in PLACES]
        (folder / "phones" / "word_boundary.int").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _lexicon(self) -> Machine:
        """From sounds to words, any number of them, with silence between where there is some."""
        machine = Machine()
        start, loop, after = machine.state(), machine.state(), machine.state()
        machine.finals[loop] = 0.0
        for state in (start, after):
            machine.arc(state, 0, 0, HALF, loop)
            silence = machine.state()
            machine.arc(state, enter(SILENCE), 0, 2 * HALF, silence)
            machine.arc(silence, stay(SILENCE), 0, HALF, silence)
            machine.arc(silence, 0, 0, 0.0, loop)
        for word, variants in self.spoken.items():
            for variant in variants:
                state = loop
                for place, phone in enumerate(placed(variant)):
                    state = _phone(machine, state, phone, 0 if place else self.numbers[word], 0.0)
                machine.arc(state, 0, 0, 0.0, after)
        self._unknown(machine, loop, after)
        return machine

    def _unknown(self, machine: Machine, loop: int, after: int) -> None:
        """A word of any sounds, at least two."""
        cost = math.log(len(PHONES)) + UNKNOWN_PHONE
        inside, end = machine.state(), machine.state()
        for phone in PHONES:
            begun = _phone(machine, loop, phone_id(phone, "B"), self.numbers[UNKNOWN], cost)
            machine.arc(begun, 0, 0, 0.0, inside)
            more = _phone(machine, inside, phone_id(phone, "I"), 0, cost)
            machine.arc(more, 0, 0, 0.0, inside)
            ended = _phone(machine, inside, phone_id(phone, "E"), 0, cost)
            machine.arc(ended, 0, 0, 0.0, end)
        machine.arc(end, 0, 0, 0.0, after)


def _phone(machine: Machine, source: int, phone: int, word: int, cost: float) -> int:
    target = machine.state()
    machine.arc(source, enter(phone), word, HALF + cost, target)
    machine.arc(target, stay(phone), 0, HALF, target)
    return target


def strict(words: Words, automata: Iterable[tuple[Automaton, float]], way_out: float) -> Machine:
    """The sentences of some automata, or nothing, or unknown words, which cost `way_out` nats at first.

    Automata have shares. Arcs with words that can't be said are left out. Nothing must be allowed: after an end of
    speech the silence that follows is decoded by itself.
    """
    machine = Machine()
    machine.state()
    machine.finals[0] = 0.0
    for (first, final, arcs), share in automata:
        number: dict[int, int] = {}
        for state in (first, final, *(state for source, target, *_ in arcs for state in (source, target))):
            if state not in number:
                number[state] = machine.state()
        machine.arc(0, 0, 0, -math.log(share), number[first])
        machine.finals[number[final]] = 0.0
        for source, target, likely, *word in arcs:
            if not word or word[0] in words.numbers:
                label = words.numbers[word[0]] if word else EMPTY
                machine.arc(number[source], label, label, -math.log(likely), number[target])
    foreign = machine.state()
    unknown = words.numbers[UNKNOWN]
    machine.arc(0, unknown, unknown, way_out, foreign)
    machine.arc(foreign, unknown, unknown, 0.0, foreign)
    machine.finals[foreign] = 0.0
    return machine


def free(words: Words, sentences: Iterable[tuple[str, ...]], way_out: float) -> Machine:
    """Any words of these sentences, as likely as they follow each other there; unknown words anywhere between.

    Method: trigrams with absolute discounting (Ney, Essen, Kneser 1994), backed off where nothing was seen.
    """
    grams: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
    for sentence in sentences:
        history: tuple[int, ...] = (-1,)
        for word in (*(words.numbers[each] for each in sentence), EMPTY):
            for length in range(len(history) + 1):
                grams[history[len(history) - length :]][word] += 1
            history = (*history, word)[-(ORDER - 1) :]
    machine = Machine()
    histories: dict[tuple[int, ...], int] = {(-1,): machine.state()}
    for gram in grams:
        if gram not in histories:
            histories[gram] = machine.state()
    for gram, state in histories.items():
        _follow(machine, histories, gram, state, grams[gram])
    unknown = words.numbers[UNKNOWN]
    machine.arc(histories[()], unknown, unknown, way_out, histories[()])
    machine.finals[histories[()]] = machine.finals.get(histories[()], way_out)
    machine.finals[0] = min(machine.finals.get(0, math.inf), way_out)
    return machine


def _follow(
    machine: Machine, histories: Mapping[tuple[int, ...], int], gram: tuple[int, ...], state: int, seen: Counter[int]
) -> None:
    """What may come after a history: what was seen, or what may come after a shorter one."""
    total = seen.total()
    taken = DISCOUNT if gram else 0.0
    for word, count in seen.items():
        cost = -math.log((count - taken) / total)
        if word == EMPTY:
            machine.finals[state] = cost
            continue
        after = (*gram, word)[-(ORDER - 1) :]
        while after not in histories:
            after = after[1:]
        machine.arc(state, word, word, cost, histories[after])
    if gram:
        machine.arc(state, 0, 0, -math.log(DISCOUNT * len(seen) / total), histories[gram[1:]])
