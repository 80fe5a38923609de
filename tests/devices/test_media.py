"""What players play: the catalogue, the queue, and the place in it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.catalogue import catalogue
from devices.playback import Playback, Track
from devices.traits import DeviceError
from tests.devices.test_appliances import Ticking

ALBUM = "album/are-you-experienced"


def test_the_catalogue_has_the_titles_of_the_article():
    found = {(media.type, name.lower()) for media in catalogue().values() for name in media.names}
    assert {
        ("movie", "hunger games"), ("audiobook", "hunger games"), ("album", "hunger games soundtrack"),
        ("movie", "harry potter and the goblet of fire"), ("audiobook", "harry potter and the goblet of fire"),
        ("music", "purple haze"), ("music", "we don't talk anymore"), ("music", "we don't talk about bruno"),
        ("playlist", "jazz"), ("playlist", "hard rock"), ("movie", "the warriors"),
    } <= found  # fmt: skip
    for media in catalogue().values():
        assert media.tracks
        assert all(track.seconds is None or track.seconds > 30 for track in media.tracks)


def test_next_and_previous_move():
    speaker = Ticking("speaker")
    speaker.ask(media_content_id=ALBUM)
    assert (speaker["state"], speaker["media_title"], speaker["queue_size"]) == ("playing", "Purple Haze", 3)
    speaker.ask(queue_position=2)
    assert (speaker["media_title"], speaker["media_position"]) == ("Manic Depression", 0)
    speaker.ask(queue_position=1)
    assert speaker["media_title"] == "Purple Haze"


def test_a_track_ends_and_the_next_begins_until_all_is_over():
    speaker = Ticking("speaker")
    speaker.ask(media_content_id=ALBUM)
    speaker.run(3)
    assert (speaker["media_title"], speaker["media_position"]) == ("Manic Depression", 0)
    assert speaker["media_position_updated_at"] == "2026-03-02T12:02:48.000", "when it began"
    speaker.run(10)
    assert (speaker["state"], speaker["media_title"], speaker["media_content_id"]) == ("idle", None, None)


def test_what_is_paused_stays_where_it_is():
    speaker = Ticking("speaker")
    speaker.ask(media_content_id=ALBUM)
    speaker.run(1)
    speaker.ask(state="paused")
    speaker.run(60)
    speaker.ask(state="playing")
    assert (speaker["media_title"], speaker["media_position"]) == ("Purple Haze", 60)


def test_seeking_shuffling_and_repeating():
    speaker = Ticking("speaker")
    speaker.ask(media_content_id="genre/pop", repeat="one")
    speaker.ask(media_position=100)
    title = speaker["media_title"]
    speaker.ask(shuffle=True)
    assert (speaker["media_title"], speaker["media_position"]) == (title, 100)
    speaker.run(30)
    assert speaker["media_title"] == title
    speaker.ask(repeat="all", shuffle=False)
    assert (speaker["media_title"], speaker["queue_position"]) == (title, 1)
    speaker.run(60)
    assert speaker["state"] == "playing"


def test_switching_off_can_be_taken_back():
    tv = Ticking("tv")
    tv.ask(media_content_id="movie/the-hunger-games")
    tv.run(30)
    back = tv.device.inverse({"state": "off"})
    assert back == {
        "state": "playing",
        "media_content_id": "movie/the-hunger-games",
        "queue_position": 1,
        "media_position": 1800.0,
    }
    tv.ask(state="off")
    tv.ask(**back)
    assert (tv["media_title"], tv["media_position"]) == ("The Hunger Games", 1800.0)


def test_a_speaker_shows_no_film():
    with pytest.raises(DeviceError, match=r"media_player.x has no screen for The Hunger Games"):
        Ticking("speaker").ask(media_content_id="movie/the-hunger-games")


def test_what_the_catalogue_does_not_know_is_played_as_it_is_called():
    speaker = Ticking("speaker")
    speaker.ask(media_content_id=ALBUM)
    speaker.ask(media_title="Morning Show", app_name="Radio")
    assert (speaker["media_title"], speaker["app_name"], speaker["queue_position"]) == ("Morning Show", "Radio", None)
    speaker.run(600)
    assert speaker["state"] == "playing"


def test_a_report_says_where_it_is_now():
    first = Ticking("speaker")
    first.ask(media_content_id=ALBUM, queue_position=2)
    told = first.device.report()
    again = Ticking("speaker")
    again.device.force({"state": told["state"], **told["attributes"]})
    again.around = replace(again.around, now=again.around.now + timedelta(seconds=90))
    again.device.step(0, again.around)
    assert again.device.inverse({"state": "off"})["media_position"] == 90


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.booleans(), st.integers(0, 9), st.data())
def test_shuffling_there_and_back_changes_nothing(lengths, shuffled, place, data):
    playing = Playback([Track(str(i), seconds=n) for i, n in enumerate(lengths)], seed="x")
    playing.shuffle(shuffled)
    playing.go(place)
    before = (playing.index, playing.track)
    playing.shuffle(not shuffled)
    assert playing.track == before[1]
    playing.shuffle(shuffled)
    assert (playing.index, playing.track) == before
