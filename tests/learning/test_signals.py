"""Which reactions count against a turn, and which do not."""

from __future__ import annotations

import pytest

from assistant.learning.logged import logged
from assistant.learning.rephrase import RephraseDetector
from assistant.learning.sessions import Segmenter
from assistant.learning.signals import by_turn, defect_probability
from tests.learning.logs import Diary, declined, done

KITCHEN = done("light.turn_on", "light.kitchen", area="kitchen", domain="light")
BEDROOM = done("light.turn_on", "light.bedroom", area="bedroom", domain="light")
JAZZ = done("media_player.play", "media_player.speaker", title="jazz")


def judged(diary: Diary) -> tuple[dict[str, float], float]:
    """The signals about the first turn, and how likely it was defective."""
    session = [logged(turn) for turn in diary.turns]
    _, found, _ = Segmenter().goals(session)
    about = by_turn(found).get(session[0].id, [])
    return {signal.kind: signal.weight for signal in about}, defect_probability(about, session[0].outcome)


def reaction(first: dict, *then: tuple[str, float, dict], said: str = "turn on the kitchen light"):
    diary = Diary()
    diary.say(said, **first)
    for words, wait, fields in then:
        diary.say(words, wait, **fields)
    return judged(diary)


@pytest.mark.parametrize(
    ("kind", "first", "then"),
    [
        ("barge_in", {**KITCHEN, "barge_in": 0.6}, [("no the bedroom light", 2, BEDROOM)]),
        ("rephrase", declined(), [("turn the kitchen light on", 5, KITCHEN)]),
        ("rephrase", KITCHEN, [("no turn on the bedroom light", 5, BEDROOM)]),
        ("stop", KITCHEN, [("never mind", 3, {})]),
        ("reject", declined(), []),
        ("reject", {**KITCHEN, "outcome": "failed"}, []),
        ("undo", KITCHEN, [("undo that", 4, {})]),
        ("undo", KITCHEN, [("turn off the kitchen light", 6, done("light.turn_off", "light.kitchen"))]),
        ("hand", {**KITCHEN, "changed_by_hand": [{"entity": "light.kitchen", "seconds_after": 5}]}, []),
        ("explicit_no", KITCHEN, [("that's not what I meant", 3, {})]),
        ("feedback_no", {**KITCHEN, "feedback": "no"}, []),
    ],
)
def test_negative_reactions(kind, first, then):
    kinds, defect = reaction(first, *then)
    assert kinds[kind] < 0
    assert defect > 0.5


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (KITCHEN, [("and the bedroom too", 4, BEDROOM)]),
        (JAZZ, [("louder", 4, done("media_player.increase", "media_player.speaker"))]),
        (JAZZ, [("next", 10, done("media_player.next", "media_player.speaker"))]),
        (KITCHEN, [("lock the front door", 4, done("lock.lock", "lock.front"))]),
        (KITCHEN, [("turn on the bedroom light", 4, BEDROOM)]),
        (KITCHEN, [("turn off the kitchen light", 300, done("light.turn_off", "light.kitchen"))]),
        ({**KITCHEN, "barge_in": 0.5}, [("what time is it", 1, done("clock.query"))]),
        ({**JAZZ, "barge_in": 0.5}, [("louder", 1, done("media_player.increase"))]),
        ({**KITCHEN, "changed_by_hand": [{"entity": "light.kitchen", "seconds_after": 400}]}, []),
        ({"decision": "ask", "outcome": "asked"}, [("no", 3, {})]),
        ({"decision": "refuse", "outcome": "unsupported"}, []),
        (KITCHEN, [("thank you", 3, {})]),
        ({**KITCHEN, "feedback": "yes"}, []),
        ({}, []),
    ],
)
def test_counter_examples_are_not_negative(first, then):
    _, defect = reaction(first, *then)
    assert defect < 0.3


def test_a_later_thanks_softens_an_interruption():
    _, rude = reaction({**KITCHEN, "barge_in": 0.5}, ("stop", 1, {}))
    _, kind = reaction({**KITCHEN, "barge_in": 0.5}, ("thanks", 1, {}))
    assert rude > 0.5 > kind


REPHRASES = [
    ("open the garbage door", "no the garage door", {}),
    ("open the garbage door", "open the garage door", {}),
    ("play maj and dragons", "play imagine dragons", {}),
    ("turn on the lamp", "turn on the lamp in the bedroom", {}),
    ("what's the whether", "what's the weather", {}),
    ("turn of the kitchen light", "turn off the kitchen light", {}),
    ("turn on the lamp", "I said the bedroom lamp", {}),
    ("turn on the lamp", "turn on the lamp", {}),
    ("turn the heating up in the office", "turn up the heating in the office", {}),
    ("play sirius xm chill", "play sirius channel 53", declined()),
]
OTHERS = [
    ("turn on the kitchen light", "and the bedroom too", {}),
    ("turn on the kitchen light", "turn on the bedroom light", {}),
    ("turn on the kitchen light", "turn off the kitchen light", {}),
    ("play jazz", "louder", {}),
    ("play jazz", "next song", {}),
    ("set a timer for 5 minutes", "set a timer for 10 minutes", {}),
    ("add milk to the shopping list", "add bread to the shopping list", {}),
    ("lock the front door", "lock the back door", {}),
    ("is the garage door open", "close the garage door", {}),
    ("good night", "lock the front door", {}),
    ("what's the weather", "turn on the light", {}),
]


@pytest.mark.parametrize(
    ("first", "second", "fields", "expected"), [(*c, True) for c in REPHRASES] + [(*c, False) for c in OTHERS]
)
def test_rephrases_and_what_only_looks_like_them(first, second, fields, expected):
    diary = Diary()
    one, other = logged(diary.say(first, **fields)), logged(diary.say(second, 6))
    assert (RephraseDetector().predict_one(one, other).probability >= 0.5) is expected


def test_windows_of_time_and_turns():
    diary = Diary()
    diary.say("open the garbage door", **declined())
    diary.say("open the garage door", 100)
    session = [logged(turn) for turn in diary.turns]
    assert RephraseDetector().pairs(session) == []
    assert len(list(Segmenter().sessions(session))) == 2


def test_what_many_do_after_a_failure_is_a_rephrase_however_it_sounds():
    turns = []
    for speaker in "abcd":
        diary = Diary(speaker=speaker)
        diary.say("make it cosy", **declined())
        diary.say("dim the lights to 30 percent", 6, **done("light.set", value=30))
        turns += diary.turns
    detector = RephraseDetector().fit(turns)
    one, other = (logged(turn) for turn in turns[:2])
    assert detector.predict_one(one, other).probability > 0.5
    assert RephraseDetector().predict_one(one, other).probability < 0.5


def test_a_habit_is_not_a_rephrase():
    turns = []
    for speaker in "abcd":
        diary = Diary(speaker=speaker)
        diary.say("good night", **done("script.activate"))
        diary.say("lock the front door", 6, **done("lock.lock"))
        turns += diary.turns
    one, other = (logged(turn) for turn in turns[:2])
    assert RephraseDetector().fit(turns).predict_one(one, other).probability < 0.5


def test_goals_hold_their_attempts_answers_and_protests():
    diary = Diary()
    diary.say("open the garbage door", **declined())
    diary.say("no", 3)
    diary.say("open the garage door", 3, **done("cover.open", "cover.garage_door"))
    diary.say("thanks", 3)
    diary.say("what time is it", 6, **done("clock.query"))
    goals, _, _ = Segmenter().goals([logged(turn) for turn in diary.turns])
    assert [[turn.said for turn in goal.turns] for goal in goals] == [
        ["open the garbage door", "no", "open the garage door", "thanks"],
        ["what time is it"],
    ]
    assert goals[0].success > 0.9
