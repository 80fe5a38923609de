"""`mynah enroll`: learn a person's voice, so that the assistant knows who speaks."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from assistant.audio.sound import RATE, Audio, read_wav
from assistant.audio.soundcard import CardMicrophone, NoAudioError, find_backend
from assistant.audio.speakers import ENROLL, LEAST, Speakers
from assistant.cli.common import add_data, add_json, note, open_memory, print_json
from assistant.errors import UserError

SENTENCES = (
    "Turn on the light in the kitchen and close the blinds in the living room.",
    "What is the temperature outside, and is the front door locked?",
    "Set a timer for twelve minutes and play some quiet music in the bedroom.",
)
"""What is read aloud."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose voice, and where from."""
    parser.add_argument("name", nargs="?", help="the person, as in --speaker")
    parser.add_argument("--wav", type=Path, nargs="+", metavar="FILE", help="recordings instead of the microphone")
    parser.add_argument("--forget", action="store_true", help="delete the voice of this person")
    parser.add_argument("--list", action="store_true", help="who has enrolled")
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Enrol, forget or list."""
    if not arguments.name and not arguments.list:
        raise UserError("say who: mynah enroll NAME, or --list")
    store, _ = open_memory(arguments.data)
    speakers = Speakers(store)
    seconds = 0.0
    if arguments.name and arguments.forget:
        if arguments.name not in speakers.names:
            raise UserError(
                f"nobody called {arguments.name!r} has enrolled; there are: {', '.join(speakers.names) or '-'}"
            )
        speakers.forget(arguments.name)
    elif arguments.name:
        said = [read_wav(path) for path in arguments.wav] if arguments.wav else _read_aloud()
        seconds = speakers.enroll(arguments.name, said)
        if seconds < LEAST:
            raise UserError(f"only {seconds:.1f} s of speech; at least {ENROLL:g} s are wanted")
    names = speakers.names
    store.close()
    if arguments.json:
        print_json({"enrolled": names, "seconds": round(seconds, 1)})
        return 0
    if seconds:
        more = "" if seconds >= ENROLL else f" More than {ENROLL:g} s would be surer."
        print(f"I know {arguments.name}'s voice from {seconds:.1f} s of speech.{more}")
    print(
        f"Enrolled: {', '.join(names) or 'nobody'}."
        + (" Voices are told apart from two on." if len(names) == 1 else "")
    )
    return 0


def _read_aloud() -> list[Audio]:
    """Record the sentences, one after the other. Raises `UserError` where there is no microphone."""
    try:
        microphone = CardMicrophone(find_backend())
    except NoAudioError as error:
        raise UserError(f"no microphone ({error}); use --wav FILE...") from None
    try:
        return [_record(microphone, text) for text in SENTENCES]
    finally:
        microphone.close()


def _record(microphone: CardMicrophone, text: str) -> Audio:
    note(f'Please say: "{text}"')
    wanted = round(0.45 * len(text.split()) * RATE) + RATE
    heard = np.zeros(0, np.int16)
    while len(heard) < wanted:
        frame = microphone.read(0.2)
        if frame is not None:
            heard = np.concatenate([heard, frame])
    return Audio(heard)
