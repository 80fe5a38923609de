from assistant.asr.confidence import Candidate, rank
from assistant.asr.sphinx import PocketSphinxRecognizer
from assistant.tts import WorkerSynthesizer
from simulator.acoustics.calibrate import Trial, fit, trials
from simulator.acoustics.hearing import HearingChain
from simulator.acoustics.mishearings import Where, confusions, home_of
from simulator.acoustics.voices import PersonVoice, Voices


def test_people_are_heard_for_the_calibration() -> None:
    found = list(trials(3, 1, "cottage"))
    assert 1 <= len(found) <= 3
    assert all(each.free for each in found)


def test_agreement_is_fitted_as_evidence() -> None:
    right = Trial("open it", (Candidate("open it", -1.0), Candidate("open the", -1.1)), "open it")
    wrong = Trial("sing a song", (Candidate("stop it", -2.0), Candidate("close it", -2.0)), "open it")
    free = Trial("stop it", (Candidate("stop it", -1.0), Candidate("close it", -2.0)), None)
    strict, _ = fit([right, right, wrong, wrong, free])
    assert strict[1] > 0 > strict[0]


def test_the_more_the_decodings_agree_the_surer_it_is() -> None:
    free = [Candidate("open the door", -1.0), Candidate("open the floor", -1.02)]
    agreed, disagreed = rank(free, "open the door"), rank(free, "set it to two")
    assert agreed[0].text == disagreed[0].text == "open the door"
    assert agreed[0].confidence > 0.8 > 0.35 > disagreed[0].confidence
    assert rank([], None) == ()


def test_a_word_that_the_home_lacks_is_misheard_again_and_again() -> None:
    synthesizer = WorkerSynthesizer()
    recognizer = PocketSphinxRecognizer()
    recognizer.prepare(
        ["close the garage door", "open the garage door", "turn on the garage light", "lock the front door"]
    )
    chain = HearingChain(Voices(synthesizer), recognizer)
    (found,) = confusions(chain, ["drop the garage door"], [PersonVoice("en-us+m3", 150, 50)], [1, 2], Where("room"))
    synthesizer.close()
    assert found.heard != found.said
    assert found.share == 1.0


def test_a_bundled_home_is_known_by_its_messages() -> None:
    assert "cover.garage_door" in home_of("cottage").entities
