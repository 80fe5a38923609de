"""Synthesised voices: those to train with, and those that are kept for the test."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from assistant.audio.sound import RATE, Samples, read_wav, to_int16
from assistant.errors import UserError

ESPEAK_HELD_OUT = ("Annie", "m5", "klatt4", "steph2", "benjamin", "f4")
ESPEAK = (
    "Alex", "Alicia", "Andrea", "Andy", "Denis", "Diogo", "Gene", "Gene2", "Henrique", "Hugo", "Jacky", "Lee", "Marco",
    "Mario", "Michael", "Mike", "Nguyen", "RicishayMax", "RicishayMax2", "adam", "anika", "antonio", "aunty", "belinda",
    "boris", "caleb", "david", "ed", "edward", "edward2", "f1", "f2", "f3", "f5", "grandma", "grandpa", "gustave",
    "iven", "iven2", "john", "kaukovalta", "klatt", "klatt2", "klatt3", "klatt5", "linda", "m1", "m2", "m3", "m4", "m6",
    "m7", "m8", "marcelo", "max", "michel", "miguel", "norbert", "pablo", "paul", "pedro", "quincy", "rob", "robert",
    "sandro", "shelby", "steph", "steph3", "travis", "victor",
)  # fmt: skip
"""Variants of espeak-ng that sound like people, without robots and whisperers."""
ACCENTS = ("en-us", "en-us", "en-us", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-us-nyc", "en-029")
FLITE = ("kal", "awb", "slt")
FLITE_HELD_OUT = ("rms",)
FESTIVAL = ("kal_diphone", "cmu_us_slt_arctic_hts")
FESTIVAL_HELD_OUT = ("ked_diphone",)
PROGRAMS = ("espeak-ng", "flite", "festival")
SHARES = (0.5, 0.4, 0.1)
"""How often espeak-ng, flite and festival speak."""
TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Voice:
    """A synthesiser, one of its voices, and how it speaks; `stretch` above one is slow, `size` above one deep."""

    engine: str
    name: str
    stretch: float = 1.0
    pitch: int = 50
    size: float = 1.0


def some_voice(source: random.Random, held_out: bool = False) -> Voice:
    """Draw a voice. Speed, pitch and size of the held-out ones vary too, but less."""
    engine = source.choices(PROGRAMS, SHARES)[0]
    names = {
        "espeak-ng": ESPEAK_HELD_OUT if held_out else ESPEAK,
        "flite": FLITE_HELD_OUT if held_out else FLITE,
        "festival": FESTIVAL_HELD_OUT if held_out else FESTIVAL,
    }[engine]
    name = source.choice(names)
    if engine == "espeak-ng":
        name = f"{source.choice(ACCENTS[:4] if held_out else ACCENTS)}+{name}"
    if held_out:
        return Voice(engine, name, source.uniform(0.9, 1.1))
    size = source.uniform(0.84, 1.2) if source.random() < 0.6 else 1.0
    return Voice(engine, name, source.uniform(0.8, 1.25), source.randint(25, 75), size)


def check_programs() -> None:
    """Raises `UserError` when a synthesiser is missing."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        packages = "espeak-ng flite festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts"
        raise UserError(f"{missing[0]} is missing: apt install {packages}")


def speak(voice: Voice, texts: Sequence[str]) -> list[Samples]:
    """The texts in a voice, at 16 kHz; festival is slow to start, so it says them all at once."""
    with tempfile.TemporaryDirectory(prefix="mynah-voice-") as name:
        files = [Path(name) / f"{number}.wav" for number in range(len(texts))]
        if voice.engine == "festival":
            _festival(voice, texts, files)
        else:
            for text, file in zip(texts, files, strict=True):
                subprocess.run(_command(voice, text, file), check=True, capture_output=True, timeout=TIMEOUT)
        return [sized(read_wav(file).to_rate(RATE).samples, voice.size) for file in files if file.exists()]


def _command(voice: Voice, text: str, file: Path) -> list[str]:
    if voice.engine == "flite":
        return [
            "flite",
            "-voice",
            voice.name,
            "--setf",
            f"duration_stretch={voice.stretch:.2f}",
            "-t",
            text,
            "-o",
            str(file),
        ]
    speed = str(round(160 / voice.stretch))
    return ["espeak-ng", "-v", voice.name, "-s", speed, "-p", str(voice.pitch), "-w", str(file), text]


def _festival(voice: Voice, texts: Sequence[str], files: Sequence[Path]) -> None:
    lines = [f"(voice_{voice.name})", f"(Parameter.set 'Duration_Stretch {voice.stretch:.2f})"]
    for text, file in zip(texts, files, strict=True):
        lines.append(f'(utt.save.wave (utt.synth (Utterance Text "{text}")) "{file}" \'riff)')
    subprocess.run(
        ["festival", "--pipe"], input="\n".join(lines), text=True, check=True, capture_output=True, timeout=TIMEOUT
    )


def sized(samples: Samples, size: float) -> Samples:
    """Said by somebody of another size: pitch, formants and pace move together, as with a longer throat (above one)."""
    if abs(size - 1.0) < 0.01:
        return samples
    return to_int16(np.asarray(resample_poly(samples.astype(float), round(100 * size), 100)))
