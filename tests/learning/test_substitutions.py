"""What parts of requests stand for: found, applied to new sentences, and never where it would do harm."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from assistant.config import Settings
from assistant.learning.learn import learn
from assistant.learning.substitutions import GAPS, Substitution, SubstitutionIndex, substitutions
from assistant.store.items import ItemState, Layer
from assistant.turn import Hypothesis, Turn, Utterance
from simulator.homes import load_home
from simulator.replay.stage import REPLAY_SETTINGS, Stage

VOCABULARY = "turn on off the kitchen bedroom light lamp sparkle kill set to 30 percent garage door fan"
WORDS = st.sampled_from(VOCABULARY.split())
SENTENCE = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)


@given(SENTENCE, SENTENCE)
def test_a_frame_makes_its_own_example(before, after):
    for found in substitutions(before, after):
        assert found.before != found.after
        if found.frame:
            made = found.apply(before)
            assert made is not None
            assert not set(GAPS) & set(made)


@given(SENTENCE)
def test_nothing_is_learned_from_saying_the_same(text):
    assert substitutions(text, text) == []


def test_rules_are_found_by_their_words():
    rules = [(Substitution("sparkle", "lamp"), 1), (Substitution("kill ①", "turn ① off"), 2)]
    index = SubstitutionIndex(rules)
    assert [(text, rule) for text, rule in index.find("kill the sparkle")] == [
        ("turn the sparkle off", 2),
        ("kill the lamp", 1),
    ]
    assert list(index.find("turn on the light")) == []


class Cottage:
    """An assistant in the cottage that people talk to, with learning in between."""

    def __init__(self, promptly: bool = False) -> None:
        learning = REPLAY_SETTINGS.learning.model_copy(update={"promptly": promptly})
        settings: Settings = REPLAY_SETTINGS.model_copy(update={"learning": learning})
        self.stage = Stage(load_home("cottage"), datetime(2026, 3, 2, 18), settings=settings)

    def say(self, text: str, speaker: str = "ann") -> Turn:
        self.stage.run(4)
        return self.stage.assistant.engine.hear(Utterance((Hypothesis(text),)), None, speaker)

    def learn(self) -> None:
        self.stage.run(60)
        self.stage.assistant.engine.settle(interrupted=False)
        learn(self.stage.store, self.stage.assistant.ledger, self.stage.settings.learning)


def test_a_name_of_ones_own_works_in_other_sentences_and_for_its_speaker_only():
    home = Cottage()
    assert home.say("turn on the glimmer").commands == ()
    home.say("turn on the garage light")
    home.learn()
    turn = home.say("could you turn off the glimmer please")
    assert [command.entity for command in turn.commands] == ["light.garage"]
    assert turn.rewrite is not None
    assert turn.rewrite.layer == "personal"
    assert home.say("turn off the glimmer", "ben").commands == ()


def test_it_helps_within_the_minute():
    home = Cottage(promptly=True)
    home.say("turn on the glimmer")
    home.say("turn on the garage light")
    home.stage.run(40)
    turn = home.say("turn off the glimmer")
    assert [command.entity for command in turn.commands] == ["light.garage"]


def test_what_is_understood_is_left_alone():
    home = Cottage()
    home.say("turn on the flurble lamp")
    home.say("turn on the garage light")
    home.learn()
    assert home.say("turn on the kitchen light").rewrite is None


def test_a_part_that_leads_to_something_risky_asks_first():
    home = Cottage()
    home.say("open the maw")
    home.say("open the garage door")
    home.say("yes")
    home.learn()
    home.say("close the garage door")
    turn = home.say("please open the maw now")
    assert turn.decision is not None
    assert turn.decision.kind in {"confirm", "refuse"}


def test_everybodys_needs_several_people():
    home = Cottage()
    for speaker in ("ann", "ben", "cat"):
        home.say("turn on the glimmer", speaker)
        home.say("turn on the garage light", speaker)
        home.stage.run(120)
    home.learn()
    shared = [item for item in home.stage.assistant.ledger.substitutions() if item.layer is Layer.GLOBAL]
    assert [(item.before, item.after, item.state) for item in shared] == [("glimmer", "garage light", ItemState.TRIAL)]
    assert home.say("turn off the glimmer", "dan").rewrite is not None


def test_a_blocked_rewrite_does_not_come_back_by_its_parts():
    home = Cottage()
    for _ in range(2):
        home.say("turn on the glimmer")
        home.say("turn on the garage light")
        home.stage.run(120)
    home.learn()
    whole = next(item for item in home.stage.assistant.ledger.rewrites() if item.before == "turn on the glimmer")
    home.stage.assistant.ledger.block(whole.id)
    assert home.say("turn on the glimmer").commands == ()
