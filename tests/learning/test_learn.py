"""Learning end to end on small logs: what is learned, what must never be, and how it is taken back."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from assistant.config import Learning
from assistant.errors import UserError
from assistant.learning.learn import Report, learn
from assistant.learning.ledger import REWRITE, Ledger
from assistant.learning.rewriting import RewriteStage
from assistant.learning.views import forget, learned_table, report_text
from assistant.store import Item, ItemState, Layer, Store
from assistant.turn import Hypothesis, Rewrite, Turn
from tests.learning.logs import GARAGE, Diary, declined, done, misheard_episode

REPLAY = Learning(customers=3, explore=0.0)
BEDROOM = done("light.turn_on", "light.bedroom", area="bedroom", domain="light")


class House:
    """A store with its ledger and rewriter."""

    def __init__(self) -> None:
        self.store = Store.open(":memory:")
        self.ledger = Ledger(self.store)
        self.stage = RewriteStage(self.ledger, 0.0, random.Random(1))

    def learn(self, *diaries: Diary) -> Report:
        known = {turn.id for turn in self.store}
        self.store.import_turns(turn for diary in diaries for turn in diary.turns if turn.id not in known)
        return learn(self.store, self.ledger, REPLAY)

    def hear(self, said: str, speaker: str | None = "ann") -> Turn:
        return self.stage.run(Diary(speaker=speaker).say(said))

    def item(self, before: str, layer: Layer = Layer.PERSONAL) -> Item:
        return next(item for item in self.ledger.items() if item.before == before and item.layer is layer)


def failing_twice(before: str, after: str, fields: dict, speaker: str | None = "ann") -> Diary:
    """Two agreeing episodes without any protest."""
    diary = Diary(speaker=speaker)
    for _ in range(2):
        diary.day().say(before, **declined())
        diary.say(after, **fields)
    return diary


def test_one_clear_episode_helps_on_the_next_day():
    house, diary = House(), Diary()
    misheard_episode(diary)
    house.learn(diary)
    turn = house.hear("Close the garbage door!")
    assert turn.said == "Close the garbage door!"
    assert turn.executed == "close the garage door"
    assert turn.rewrite is not None
    assert (turn.rewrite.layer, turn.rewrite.confirm) == ("personal", False)
    assert house.hear("close the garbage door", "ben").rewrite is None
    assert "clearly misheard" in house.ledger.why(turn.rewrite.id)
    assert "home-ann-1" in house.ledger.why(turn.rewrite.id)


def test_one_faint_episode_waits_in_shadow():
    house, diary = House(), Diary()
    diary.say("cosy light in the kitchen", **done("scene.activate"))
    diary.say("no warm light in the kitchen", 4, **done("climate.set"))
    house.learn(diary)
    assert house.item("cosy light in the kitchen").state is ItemState.SHADOW
    assert house.hear("cosy light in the kitchen").rewrite is None


def test_two_agreeing_episodes_of_one_speaker_are_on_trial():
    house = House()
    house.learn(failing_twice("close the garlic store", "close the garage door", GARAGE))
    assert house.hear("close the garlic store").executed == "close the garage door"
    assert house.hear("close the garlic store", "ben").rewrite is None


def test_people_who_are_not_told_apart_learn_together():
    house = House()
    house.learn(failing_twice("close the garlic store", "close the garage door", GARAGE, None))
    assert house.hear("close the garlic store", None).rewrite.layer == "personal"


def test_a_correction_of_the_room_is_learned_as_a_whole_request():
    house, diary = House(), Diary()
    for _ in range(2):
        diary.day().say("turn on the lamp", **done("light.turn_on", "light.kitchen", name="lamp"))
        diary.say("no the bedroom", 4, **done("light.turn_on", "light.bedroom", name="lamp", area="bedroom"))
    house.learn(diary)
    assert house.hear("turn on the lamp").executed == "turn on the lamp in the bedroom"


def test_three_customers_agree_for_everybody():
    house = House()
    people = [Diary(speaker=speaker) for speaker in ("ann", "ben", "cat")]
    for diary in people[:2]:
        misheard_episode(diary)
    house.learn(*people[:2])
    assert house.hear("close the garbage door", "dan").rewrite is None
    misheard_episode(people[2])
    house.learn(people[2])
    assert house.hear("close the garbage door", "dan").rewrite.layer == "global"


def test_one_household_of_many_does_not_teach_the_others():
    poisoners = [Diary("villa", name) for name in "abcdefgh"]
    for diary in poisoners:
        misheard_episode(diary)
    others = [Diary(f"home{number}") for number in range(6)]
    for diary in others:
        diary.say("turn on the bedroom light", **BEDROOM)
    house = House()
    house.learn(*poisoners, *others)
    assert not any(item.live and item.layer is Layer.GLOBAL for item in house.ledger.items())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("turn on the bedroom lamb", "turn off the bedroom lamp"),
        ("open the garbage door", "close the garage door"),
        ("unlock the fond door", "lock the front door"),
        ("set the lamb to 15 percent", "set the lamp to 50 percent"),
        ("turn off the often at nine", "turn off the oven"),
        ("all lights on except the bed room", "all lights on"),
    ],
)
def test_what_must_never_be_learned(before, after):
    house = House()
    house.learn(failing_twice(before, f"no {after}", done("some.intent")))
    assert house.hear(before).rewrite is None


@pytest.mark.parametrize(
    "after", ["open the garage door", "unlock the front door", "turn on the oven", "set the oven to 200"]
)
def test_risky_targets_are_only_offered(after):
    before = after.replace("garage", "garbage").replace("front", "fund").replace("oven", "often")
    house = House()
    house.learn(failing_twice(before, after, done("x.y")))
    assert house.hear(before).rewrite.confirm


def test_healthy_requests_are_left_alone():
    house, diary = House(), Diary()
    for _ in range(4):
        diary.day().say("turn on the lamp", **done("light.turn_on", "light.kitchen", name="lamp"))
    for _ in range(2):
        diary.day().say("turn on the lamp", **done("light.turn_on", "light.kitchen", name="lamp"))
        diary.say("no turn on the lamb light", 4, **done("light.turn_on", "light.lamb", name="lamb light"))
    house.learn(diary)
    assert house.hear("turn on the lamp").rewrite is None
    assert "as they are" in house.item("turn on the lamp").reason


def test_two_different_endings_are_no_agreement():
    house, diary = House(), Diary()
    for after in ("bedroom", "kitchen"):
        diary.day().say("turn on the light", **declined())
        diary.say(f"turn on the {after} light", **done("light.turn_on", area=after))
    house.learn(diary)
    assert house.hear("turn on the light").rewrite is None


def test_no_rewrite_leads_into_another():
    house = House()
    one = failing_twice("close the garlic store", "close the garbage door", done("cover.close", name="garbage door"))
    for _ in range(2):
        one.day().say("close the garbage door", **declined())
        one.say("close the garage door", **GARAGE)
    house.learn(one)
    live = {item.before: item.after for item in house.ledger.items() if item.live}
    assert not set(live.values()) & set(live)


def test_learning_again_changes_nothing():
    house, diary = House(), Diary()
    misheard_episode(diary)
    house.learn(diary)
    before, version = house.ledger.items(), house.ledger.version
    report = house.learn()
    assert (house.ledger.items(), house.ledger.version) == (before, version)
    assert report.changes.promoted == 0
    assert "2 in use" in report_text(report)


def test_a_rule_that_loses_is_retired_and_stays_so():
    house, diary = House(), Diary()
    misheard_episode(diary)
    house.learn(diary)
    rule = house.item("close the garbage door")
    for _ in range(3):
        turn = diary.day().say("close the garbage door", **GARAGE)
        rewrite = Rewrite(rule.id, turn.said, rule.after, "personal", 1.0, "")
        diary.turns[-1] = replace(turn, rewrite=rewrite)
        diary.say("no", 3)
    house.learn(diary)
    assert house.item("close the garbage door").state is ItemState.RETIRED
    assert house.hear("close the garbage door").rewrite is None
    house.learn()
    assert house.item("close the garbage door").state is ItemState.RETIRED


def test_a_rule_that_wins_becomes_active():
    house, diary = House(), Diary()
    misheard_episode(diary)
    house.learn(diary)
    rule = house.item("close the garbage door")
    for _ in range(4):
        turn = diary.day().say("close the garbage door", **GARAGE)
        diary.turns[-1] = replace(turn, rewrite=Rewrite(rule.id, turn.said, rule.after, "personal", 1.0, ""))
    house.learn(diary)
    assert house.item("close the garbage door").state is ItemState.ACTIVE


def test_block_approve_and_forget():
    house, diary = House(), Diary()
    misheard_episode(diary)
    house.learn(diary)
    rule = house.item("close the garbage door")
    house.ledger.block(rule.id)
    assert house.hear("close the garbage door").rewrite is None
    house.learn()
    assert house.item("close the garbage door").state is ItemState.BLOCKED
    house.ledger.approve(rule.id)
    assert house.hear("close the garbage door").rewrite is not None
    house.ledger.forget(rule.id)
    assert house.ledger.items() == []
    house.learn()
    assert house.hear("close the garbage door").rewrite is None
    misheard_episode(diary.day())
    house.learn(diary)
    assert house.hear("close the garbage door").rewrite is not None
    with pytest.raises(UserError, match=rule.id):
        house.ledger.why(rule.id[:-1])


def test_forgetting_a_person_forgets_what_she_taught():
    house = House()
    people = [Diary(speaker=speaker) for speaker in ("ann", "ben", "cat")]
    for diary in people:
        misheard_episode(diary)
    house.learn(*people)
    forgotten = forget(house.store, speaker="ann", settings=REPLAY)
    assert forgotten.turns == 3
    assert {item.speaker for item in house.ledger.items()} == {"ben", "cat"}
    assert house.hear("close the garbage door", "ann").rewrite is None
    assert house.hear("close the garbage door", "ben").rewrite is not None
    assert learned_table(house.ledger.items(REWRITE)).row_count == 2


def test_what_was_just_corrected_is_not_left_to_fail_again():
    house, diary = House(), Diary()
    misheard_episode(diary)
    house.learn(diary)
    stage = RewriteStage(house.ledger, 0.5, random.Random(7))
    assert all(stage.run(Diary().say("close the garbage door")).rewrite for _ in range(20))


def test_a_share_is_left_as_said_and_noted():
    house, diary = House(), Diary()
    misheard_episode(diary)
    house.learn(diary)
    for item in house.ledger.items(REWRITE):
        house.ledger.keep(replace(item, state=ItemState.ACTIVE))
    stage = RewriteStage(house.ledger, 0.1, random.Random(7))
    turns = [stage.run(Diary().say("close the garbage door")) for _ in range(500)]
    held = [turn for turn in turns if turn.holdout]
    assert 30 < len(held) < 75
    assert all(turn.rewrite is None for turn in held)
    assert {turn.propensity for turn in turns} == {0.9}


def test_other_hypotheses_count_only_when_the_best_is_unsure():
    house, diary = House(), Diary()
    misheard_episode(diary)
    house.learn(diary)
    turn = Diary().say("close the garden store")
    for confidence, rewritten in ((0.4, True), (0.9, False)):
        heard = (Hypothesis("close the garden store", confidence), Hypothesis("close the garbage door", 0.3))
        found = house.stage.run(replace(turn, utterance=replace(turn.utterance, hypotheses=heard)))
        assert (found.rewrite is not None) is rewritten
    silent = replace(turn, utterance=replace(turn.utterance, hypotheses=()))
    assert house.stage.run(silent) is silent
