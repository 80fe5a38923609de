"""A grammar with slots as one automaton: templates of sentences, and the words that may stand in each slot.

The automaton is built from the ends of the sentences, so that what is alike is there once (Daciuk et al. 2000, with
probabilities); then words at the beginning that lead to several places are joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.asr.language import Arc, Automaton, words_of

if TYPE_CHECKING:
    from assistant.nlu.templates import Choices, Fill, Node, Patterns  # understanding takes a second to import

END = 0
"""The state in which a sentence ends."""
DIGITS = 3
"""Significant digits of a probability: states that differ by less are one."""
JOINED = 2
"""Words from the beginning within which no state has two ways with the same word."""


@dataclass(frozen=True, slots=True)
class State:
    """The probability that the sentence ends here, and of each word the next state and its probability."""

    final: float
    arcs: tuple[tuple[str, int, float], ...]


@dataclass
class SlotGrammar:
    """An automaton of sentences. Of each state, the ways on and the end have a total probability of one."""

    fill: Fill
    start: int = END
    _states: list[State] = field(default_factory=lambda: [State(1.0, ())])
    _known: dict[State, int] = field(default_factory=dict)
    _slots: dict[tuple[str, str, int], int | None] = field(default_factory=dict)
    _choices: dict[tuple[str, str], Choices] = field(default_factory=dict)

    @classmethod
    def of(cls, patterns: Patterns) -> SlotGrammar:
        """The grammar of these patterns; ways through a slot that nothing fills are left out.

        >>> from assistant.nlu.templates import Patterns, parse
        >>> colours = {("red",): 3.0, ("pale", "blue"): 1.0}
        >>> grammar = SlotGrammar.of(Patterns(((parse("[make it] {colour}", {}), 1.0),), lambda slot, _: colours, 0.5))
        >>> sorted(grammar.words)
        ['blue', 'it', 'make', 'pale', 'red']
        """
        grammar = cls(patterns.fill)
        ways = [(grammar._before(node, END), weight) for node, weight in patterns.templates]
        possible = [(state, weight) for state, weight in ways if state is not None]
        if possible:
            grammar.start = grammar._joined(grammar._mixed(possible), JOINED, {})
        return grammar

    @property
    def words(self) -> set[str]:
        """All that can be said."""
        return {word for _, state in self._reached() for word, _, _ in state.arcs}

    def automaton(self) -> Automaton:
        """Start, final state and arcs with probabilities; an arc without a word is free."""
        arcs: list[Arc] = []
        for number, state in self._reached():
            arcs += [(number, target, likely, word) for word, target, likely in state.arcs]
            if state.final and number != END:
                arcs.append((number, END, state.final))
        return self.start, END, arcs

    def _reached(self) -> Iterator[tuple[int, State]]:
        open_states, seen = [self.start], {self.start}
        while open_states:
            number = open_states.pop()
            yield number, self._states[number]
            new = {target for _, target, _ in self._states[number].arcs} - seen
            seen |= new
            open_states += new

    def _before(self, node: Node, then: int) -> int | None:
        """The state from which the node leads to `then`; `None` when nothing can stand there."""
        if node.kind == "word":
            return self._words(words_of(node.text), then)
        if node.kind == "slot":
            return self._slot(node.text, node.argument, then)
        if node.kind == "alt":
            ways = [self._before(part, then) for part in node.parts]
            possible = [(way, 1.0) for way in ways if way is not None]
            return self._mixed(possible) if possible else None
        if node.kind == "opt":
            way = self._before(node.parts[0], then)
            return then if way is None else self._mixed([(way, 1.0), (then, 1.0)])
        state: int | None = then
        for part in reversed(node.parts):
            state = None if state is None else self._before(part, state)
        return state

    def _words(self, words: tuple[str, ...], then: int) -> int:
        for word in reversed(words):
            then = self._state(0.0, {(word, then): 1.0})
        return then

    def _slot(self, name: str, argument: str, then: int) -> int | None:
        key = (name, argument, then)
        if key not in self._slots:
            if (name, argument) not in self._choices:
                self._choices[name, argument] = self.fill(name, argument)
            choices = self._choices[name, argument]
            self._slots[key] = self._one_of(choices, then) if choices else None
        return self._slots[key]

    def _one_of(self, choices: Choices, then: int) -> int:
        """A tree of the choices, all of which lead to `then`."""
        heads: dict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
        for words, weight in choices.items():
            if words:
                heads[words[0]][words[1:]] = weight
        ways = [(self._words((word,), self._one_of(rest, then)), sum(rest.values())) for word, rest in heads.items()]
        nothing = choices.get((), 0.0)
        return self._mixed([*ways, (then, nothing)] if nothing else ways)

    def _mixed(self, ways: list[tuple[int, float]]) -> int:
        """A state that goes on like several others."""
        if len(ways) == 1:
            return ways[0][0]
        total = sum(weight for _, weight in ways)
        final = 0.0
        arcs: dict[tuple[str, int], float] = defaultdict(float)
        for number, weight in ways:
            state = self._states[number]
            final += state.final * weight / total
            for word, target, likely in state.arcs:
                arcs[word, target] += likely * weight / total
        return self._state(final, arcs)

    def _joined(self, number: int, depth: int, known: dict[tuple[int, int], int]) -> int:
        """The same state, with one way for each word, and so on for some words: the decoder follows fewer ways."""
        state = self._states[number]
        if not depth or not state.arcs:
            return number
        if (number, depth) not in known:
            heads: dict[str, list[tuple[int, float]]] = defaultdict(list)
            for word, target, likely in state.arcs:
                heads[word].append((target, likely))
            arcs = {
                (word, self._joined(self._mixed(ways), depth - 1, known)): sum(likely for _, likely in ways)
                for word, ways in heads.items()
            }
            known[number, depth] = self._state(state.final, arcs)
        return known[number, depth]

    def _state(self, final: float, arcs: Mapping[tuple[str, int], float]) -> int:
        sorted_arcs = sorted((word, target, _coarse(likely)) for (word, target), likely in arcs.items())
        state = State(_coarse(final), tuple(sorted_arcs))
        if state not in self._known:
            self._known[state] = len(self._states)
            self._states.append(state)
        return self._known[state]


def _coarse(likely: float) -> float:
    return float(f"{likely:.{DIGITS}g}")
