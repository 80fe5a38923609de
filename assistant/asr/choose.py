"""Which recogniser listens, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.asr.models import CATALOGUE, installed
from assistant.asr.own import HomeVoskRecognizer
from assistant.asr.ports import Recognizer
from assistant.asr.pronounce import Pronounce
from assistant.asr.sphinx import PocketSphinxRecognizer
from assistant.asr.vosk import VoskRecognizer
from assistant.errors import UserError


@dataclass(frozen=True, slots=True)
class Choice:
    """A recogniser, and one line that says why it was taken."""

    recognizer: Recognizer
    because: str


def choose_recognizer(
    setting: str = "auto", data_dir: Path | None = None, pronounce: Pronounce | None = None
) -> Choice:
    """`auto` takes a Vosk model that was fetched, else the one that comes with the assistant.

    Or `pocketsphinx`, `vosk` (the model that comes with the assistant), the name of an installed model, or a folder.
    Raises `UserError` when what the setting names is not there.
    """
    wanted = setting.strip()
    found = installed(data_dir) if data_dir is not None else {}
    if wanted == "pocketsphinx":
        return Choice(PocketSphinxRecognizer(pronounce), "PocketSphinx, as the settings say")
    if wanted == "vosk":
        return Choice(HomeVoskRecognizer(pronounce), "Vosk with the model that comes with it, as the settings say")
    if wanted in found:
        return Choice(VoskRecognizer(found[wanted]), f"Vosk with the model {wanted}, as the settings say")
    if wanted == "auto":
        order = [*CATALOGUE][::-1]
        for name in sorted(found, key=lambda name: order.index(name) if name in order else len(order)):
            return Choice(VoskRecognizer(found[name]), f"Vosk, because its model {name} is installed")
        return Choice(
            HomeVoskRecognizer(pronounce),
            "Vosk with the model that comes with it, because no other one is installed (`mynah models list`)",
        )
    if wanted in CATALOGUE:
        raise UserError(f"the speech model {wanted!r} is not installed; `mynah models fetch {wanted}` gets it")
    if Path(wanted).is_dir():
        return Choice(VoskRecognizer(Path(wanted)), f"Vosk with the model in {wanted}, as the settings say")
    raise UserError(
        f"speech.recognizer: {setting!r} is neither auto, vosk, pocketsphinx, the name of a model nor a folder with one"
    )
