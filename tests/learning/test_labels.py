"""Labels from feedback: what was meant is projected back, goals are cut right, and doubt shows."""

from __future__ import annotations

from assistant.config import Learning
from assistant.learning.labelling.dialogues import Dialogues
from assistant.learning.labelling.labelled import Labelled
from assistant.learning.labelling.rephrases import Pair, people, shipped, within_reach
from assistant.learning.labels import SURE
from assistant.learning.learn import study
from assistant.learning.logged import logged
from simulator.annotation.annotator import yes_or_no
from simulator.annotation.cases import requests
from simulator.annotation.rephrase_figures import exact, questions, sets
from tests.learning.logs import GARAGE, Diary, declined, done, misheard_episode


def labelled(turns):
    log = [logged(turn) for turn in turns]
    return Labelled.of(Dialogues.of(turns, log, study(log, Learning())))


def test_what_worked_tells_what_was_meant():
    diary = Diary()
    misheard_episode(diary)
    first, second, thanks = labelled(diary.turns).labels.values()
    assert (first.intent, first.slots, first.transcript) == (
        "cover.close", {"name": "garage door"}, "close the garage door",
    )  # fmt: skip
    assert first.entities == ("cover.garage_door",)
    assert first.defect > 0.8 > 0.2 > second.defect
    assert {first.goal, second.goal, thanks.goal} == {"home-ann-1"}
    assert first.goal_success > 0.8


def test_what_never_worked_is_left_open():
    diary = Diary()
    diary.say("close the garbage door", **declined())
    (label,) = labelled(diary.turns).labels.values()
    assert (label.intent, label.transcript) == (None, None)
    assert label.sure < SURE


def test_another_wish_is_another_goal():
    diary = Diary()
    diary.say("close the garage door", **GARAGE)
    diary.say("turn on the kitchen light", 12.0, **done("light.turn_on", "light.kitchen", name="kitchen light"))
    one, other = labelled(diary.turns).labels.values()
    assert one.goal != other.goal


def test_the_try_that_worked_is_found_not_the_nearest_nor_the_next_wish():
    diary = Diary()
    diary.say("close the garbage door", **declined())
    diary.say("close the garbage store", 5.0, **declined())
    diary.say("close the garage door", 5.0, **GARAGE)
    diary.say("turn on the kitchen light", 8.0, **done("light.turn_on", "light.kitchen", name="kitchen light"))
    found = {each.turn: each.rephrase for each in shipped().predict(labelled(diary.turns).seen)}
    names = [turn.id for turn in diary.turns]
    assert found[names[0]] == found[names[1]] == names[2]
    assert found[names[2]] is None


def test_only_what_is_near_enough_may_be_a_rephrase():
    diary = Diary()
    diary.say("close the garbage door", **declined())
    diary.say("close the garage door", 80.0, **GARAGE)
    for number in range(8):
        diary.say(f"turn on light {number}", 4.0, **done("light.turn_on", f"light.l{number}"))
    (person,) = people(labelled(diary.turns).seen)
    pairs = list(within_reach(person))
    assert all(isinstance(pair, Pair) for pair in pairs)
    assert not any(pair.earlier.turn is diary.turns[0] for pair in pairs)
    assert max(len(pair.between) for pair in pairs) == 4


def test_goals_are_judged_better_than_by_one_annotator(known):
    found = labelled([case.seen.turn for case in known]).labels
    asked = requests(known)
    truth = [case.truth.failure != "correct" for case in asked]
    guessed = [found[case.seen.turn.id].defect >= 0.5 for case in asked]
    once = yes_or_no(truth)
    assert sum(map(bool.__eq__, guessed, truth)) > sum(map(bool.__eq__, once, truth))
    begins = [found[case.seen.turn.id].goal == case.seen.turn.id for case in known]
    assert sum(one == case.begins for one, case in zip(begins, known, strict=True)) > 0.95 * len(known)


def test_rephrases_are_found_in_their_dialogue(known):
    asked = sets(known)
    assert len(asked) == 8
    detector = shipped()
    share = exact(asked["truth, all"], lambda pairs: [each.worked for each in detector.judge_pairs(pairs)], 0.5)
    never = exact(questions(known, lambda _pairs: "nothing"), lambda pairs: [0.0] * len(pairs), 0.5)
    assert share > 0.75 > never
