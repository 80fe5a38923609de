"""What sentences mean in a home, and what must never be acted on."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.config import Risk
from assistant.errors import UserError
from assistant.home import Area, Entity, Home
from assistant.nlu import Understander
from assistant.turn import Hypothesis, Parse
from tests.nlu.cases import MISHEARD, NEVER_ACTED_ON, SENTENCES
from tests.nlu.home import HOME

HARMLESS = {"foreign", "dialogue"}


def _plain(parse: Parse) -> list[tuple[str, dict[str, object]]]:
    return [(intent.name, dict(intent.slots)) for intent in parse.intents]


def _contains(found: object, wanted: object) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(key in found and _contains(found[key], value) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(_contains, found, wanted))
    return found == wanted


@pytest.mark.parametrize(("text", "wanted"), SENTENCES, ids=[text for text, _ in SENTENCES])
def test_sentence(understander: Understander, text: str, wanted: list[tuple[str, dict[str, object]]]) -> None:
    parse = understander.parse(text)
    found = _plain(parse)
    assert [name for name, _ in found] == [name for name, _ in wanted], found
    for (_, slots), (_, expected) in zip(found, wanted, strict=True):
        assert _contains(slots, expected), found
        targets = {"name", "area", "floor", "reference", "at", "after", "when", "except", "value"}
        assert slots.keys() & targets <= expected.keys(), f"more than was said: {found}"
    assert not parse.unexplained


@pytest.mark.parametrize("text", NEVER_ACTED_ON)
def test_never_acted_on(understander: Understander, text: str) -> None:
    parse = understander.parse(text)
    unsure = parse.best.confidence < Risk().act_above
    assert unsure or parse.unexplained or {intent.domain for intent in parse.intents} <= HARMLESS, parse


@pytest.mark.parametrize(("text", "intent", "words"), MISHEARD)
def test_misheard_names_stay_in_slots(understander: Understander, text: str, intent: str, words: str) -> None:
    parse = understander.parse(text)
    assert [each.name for each in parse.intents] == [intent]
    assert words in " ".join(str(value) for value in parse.intents[0].slots.values())
    assert not parse.unexplained


def test_a_hypothesis_that_is_explained_wins_over_a_better_one_that_is_not(understander: Understander) -> None:
    heard = [Hypothesis("turn on the kitchen flights delta", 0.5), Hypothesis("turn on the kitchen lights", 0.4)]
    assert understander.parse(heard).best.text == "turn on the kitchen lights"


def test_hypotheses_become_rivals(understander: Understander) -> None:
    heard = [Hypothesis("turn on the bedroom lamp", 0.6), Hypothesis("turn off the bedroom lamp", 0.4)]
    parse = understander.parse(heard)
    assert parse.best.intents[0].name == "home.turn_on"
    assert "home.turn_off" in {each.intents[0].name for each in parse.alternatives}


def test_bare_target_may_be_an_answer(understander: Understander) -> None:
    parse = understander.parse("the left one")
    assert parse.best.intents[0].name == "dialogue.answer"


def test_another_home_is_another_language(understander: Understander) -> None:
    fresh = Understander(understander.model)
    fresh.learn_home(
        Home(areas={"x": Area("x", "Zorbel")}, entities={"light.q": Entity("light.q", "light", "Qoolo", "x")})
    )
    assert dict(fresh.parse("turn on qoolo").intents[0].slots) == {"name": "qoolo"}
    assert fresh.parse("turn off the zorbel lights").intents[0].slots["area"] == "zorbel"


def test_confidences_are_probabilities(understander: Understander) -> None:
    for text, _ in SENTENCES[:40]:
        parse = understander.parse(text)
        for each in (parse.best, *parse.alternatives):
            assert 0 <= each.confidence <= 1
            assert all(0 <= intent.confidence <= 1 for intent in each.intents)


def test_nothing_said(understander: Understander) -> None:
    for heard in ([], [Hypothesis("")], [Hypothesis("🎉 \x00 \u202e …")], [Hypothesis("um uh")]):
        assert understander.parse(heard).intents == ()


def test_long_text_is_not_understood(understander: Understander) -> None:
    parse = understander.parse("turn on the kitchen lights " * 400)
    assert parse.unexplained


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
@example("日本語をください")
@example("0:99 25:00 1:2:3 -5 +7 %%% 1,000,000 1e9")
@example("½ ² ① ٣ ५ turn on ß ﬀ")
@example("'" * 50)
@example("9" * 400)
def test_any_text_is_survived(text: str) -> None:
    parse = _ANY.parse(text)
    assert 0 <= parse.best.confidence <= 1


_WORDS = sorted({word for text, _ in SENTENCES for word in text.split()})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=25))
def test_word_salad_is_survived(words: list[str]) -> None:
    parse = _ANY.parse(" ".join(words))
    assert len(parse.alternatives) <= 5


_ANY = Understander.load()
_ANY.learn_home(HOME)


def test_a_broken_model_is_one_clear_line(tmp_path: object) -> None:
    with pytest.raises(UserError, match="make train"):
        Understander.load(tmp_path)  # type: ignore[arg-type]
