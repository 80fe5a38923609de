"""Templates with slots as an automaton: exactly what the templates can say, each as likely as they make it."""

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.asr.slots import SlotGrammar
from assistant.home import Area, Entity, Home
from assistant.nlu.phrasings import patterns
from assistant.nlu.templates import Choices, Node, Patterns, parse

CHOICES: dict[str, dict[tuple[str, ...], float]] = {
    "lamp": {("desk", "lamp"): 3.0, ("desk",): 1.0, ("lamp",): 2.0},
    "perhaps": {(): 1.0, ("please",): 1.0},
    "none": {},
}


def fill(slot: str, argument: str) -> Choices:
    return CHOICES[slot]


def said(grammar: SlotGrammar) -> dict[tuple[str, ...], float]:
    """All sentences of an automaton with their probabilities."""
    start, final, arcs = grammar.automaton()
    found: Counter[tuple[str, ...]] = Counter()
    ways = [(start, (), 1.0)]
    while ways:
        state, words, likely = ways.pop()
        if state == final:
            found[words] += likely
        ways += [(target, (*words, *word), likely * part) for source, target, part, *word in arcs if source == state]
    return dict(found)


def test_sentences_are_as_likely_as_the_templates_make_them() -> None:
    made = SlotGrammar.of(
        Patterns(((parse("turn on [the] {lamp}", {}), 3.0), (parse("turn it (on|off)", {}), 1.0)), fill, 0.5)
    )
    found = said(made)
    assert set(found) == {
        *(("turn", "on", *the, *lamp) for the in ((), ("the",)) for lamp in CHOICES["lamp"]),
        ("turn", "it", "on"),
        ("turn", "it", "off"),
    }
    assert abs(found["turn", "on", "the", "desk", "lamp"] - 0.75 * 0.5 * 0.5) < 0.01
    assert abs(found["turn", "it", "off"] - 0.125) < 0.01
    assert abs(sum(found.values()) - 1.0) < 0.02
    assert made.words == {"turn", "on", "the", "desk", "lamp", "it", "off"}


def test_the_first_words_lead_to_one_place_each() -> None:
    texts = ("turn on {lamp}", "turn off {lamp}", "turn the {lamp} on", "turn [the] {lamp} off")
    start, _, arcs = SlotGrammar.of(Patterns(tuple((parse(text, {}), 1.0) for text in texts), fill, 0.5)).automaton()
    first = [(target, word) for source, target, _, *word in arcs if source == start]
    assert [word for _, word in first] == [["turn"]]
    second = Counter(word[0] for source, _, _, *word in arcs if source == first[0][0])
    assert set(second.values()) == {1}


def test_what_nothing_fills_is_left_out() -> None:
    made = SlotGrammar.of(
        Patterns(((parse("start {none}", {}), 1.0), (parse("stop [the {none}] (it|{none})", {}), 1.0)), fill, 0.5)
    )
    assert set(said(made)) == {("stop", "it")}
    assert SlotGrammar.of(Patterns(((parse("{none}", {}), 1.0),), fill, 0.5)).words == set()


nodes = st.recursive(
    st.sampled_from(
        [Node("word", text="a"), Node("word", text="b c"), Node("slot", text="lamp"), Node("slot", text="perhaps")]
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Node("seq", tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Node("alt", tuple(parts))),
        inner.map(lambda part: Node("opt", (part,))),
    ),
    max_leaves=6,
)


def spoken(node: Node, source: random.Random) -> tuple[str, ...]:
    """A sentence of a template."""
    if node.kind == "word":
        return tuple(node.text.split())
    if node.kind == "slot":
        return source.choice(list(CHOICES[node.text]))
    if node.kind == "alt":
        return spoken(source.choice(node.parts), source)
    parts = node.parts if node.kind == "seq" or source.random() < 0.5 else ()
    return tuple(word for part in parts for word in spoken(part, source))


@settings(max_examples=60, deadline=None)
@given(st.lists(nodes, min_size=1, max_size=3), st.integers(0, 99))
def test_every_sentence_of_every_template_is_in_the_automaton(templates: list[Node], seed: int) -> None:
    found = said(SlotGrammar.of(Patterns(tuple((node, 1.0) for node in templates), fill, 0.5)))
    source = random.Random(seed)
    assert all(spoken(node, source) in found for node in templates for _ in range(20))
    assert abs(sum(found.values()) - 1.0) < 0.05


def test_a_home_can_be_told_any_value_for_any_of_its_things() -> None:
    lamp = Entity("light.k", "light", "Zebra Lamp", "k", ("beacon",))
    home = Home(areas={"k": Area("k", "Kitchen")}, entities={"light.k": lamp})
    made = SlotGrammar.of(patterns(home))
    start, final, arcs = made.automaton()
    following: dict[int, list[tuple[int, list[str]]]] = {}
    for source, target, _, *word in arcs:
        following.setdefault(source, []).append((target, word))

    def accepts(text: str) -> bool:
        states = {start}
        for each in text.split():
            states = {target for state in states for target, word in following.get(state, []) if word == [each]}
        ended = {target for state in states for target, word in following.get(state, []) if not word}
        return final in states | ended

    for name in ("zebra lamp", "beacon"):
        assert accepts(f"turn on the {name}")
        for value in ("ten", "fifty five", "seventy"):
            assert accepts(f"set the {name} to {value} percent")
    assert not accepts("turn on the giraffe lamp")
