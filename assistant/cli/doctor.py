"""`mynah doctor`: what works on this machine, and the exact command that mends what doesn't."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.text import Text

from assistant.cli.common import add_data, add_json, data_folder, print_json
from assistant.config import Settings
from assistant.errors import UserError

OFTEN = 3.0
"""False alarms in ten hours of talk from which another wake word is better."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `mend` is a command or a sentence, empty when all is well."""

    what: str
    works: bool
    told: str
    mend: str = ""


Check = Callable[[argparse.Namespace], Finding]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which data folder to look at, and which broker."""
    parser.add_argument("--broker", metavar="URL", help="also try this broker")
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Look at everything; 1 when something that is needed does not work."""
    checks: list[Callable[[argparse.Namespace], Finding]] = [
        _database,
        _sound,
        _recognizer,
        _wake_word,
        _voice,
        _language,
    ]
    if arguments.broker:
        checks.append(_broker)
    findings = [_safely(check, arguments) for check in checks]
    if arguments.json:
        print_json([asdict(finding) for finding in findings])
    else:
        console = Console(highlight=False, soft_wrap=True)
        for finding in findings:
            mark = Text("ok  ", style="green") if finding.works else Text("no  ", style="red")
            console.print(Text.assemble(mark, (f"{finding.what:<18}", "bold"), finding.told))
            if finding.mend:
                console.print(f"      {finding.mend}", style="yellow")
    needed = {"data", "language", "voice", "broker"}
    return 1 if any(not finding.works for finding in findings if finding.what in needed) else 0


def _safely(check: Check, arguments: argparse.Namespace) -> Finding:
    name = check.__name__.strip("_").replace("_", " ")
    try:
        return check(arguments)
    except UserError as error:
        return Finding("data" if name == "database" else name, False, str(error))
    except (ImportError, OSError) as error:
        return Finding(name, False, f"can't be loaded: {error}", "make clean run")


def _database(arguments: argparse.Namespace) -> Finding:
    from assistant.store import Store

    folder = data_folder(arguments.data)
    settings = Settings.load(folder)
    store = Store.open(folder if folder is not None else ":memory:", settings.database)
    told = f"{folder or 'nothing is kept'}: {store.count()} turns"
    store.close()
    return Finding("data", True, told)


def _sound(_arguments: argparse.Namespace) -> Finding:
    from assistant.audio.soundcard import probe_audio

    report = probe_audio()
    if report.backend is None:
        return Finding("sound", False, "no microphone or loudspeaker: typing works all the same", report.problem)
    told = f"{report.backend}: {len(report.inputs)} microphones, {len(report.outputs)} loudspeakers"
    return Finding("sound", not report.problem, told, report.problem)


def _recognizer(arguments: argparse.Namespace) -> Finding:
    from assistant.asr import choose_recognizer

    folder = data_folder(arguments.data)
    choice = choose_recognizer(Settings.load(folder).speech.recognizer, folder)
    return Finding("recognition", True, choice.because)


def _wake_word(arguments: argparse.Namespace) -> Finding:
    from assistant.audio.false_alarms import false_alarms, what_people_said
    from assistant.audio.wake import NeuralWakeWord, wake_word
    from assistant.tts import WorkerSynthesizer

    speech = Settings.load(data_folder(arguments.data)).speech
    synthesizer = WorkerSynthesizer()
    told, often = [], False
    try:
        for name in speech.wake_words:
            word = wake_word(name, speech.wake_cutoff, synthesizer.pronounce)
            if isinstance(word, NeuralWakeWord):
                told.append(word.phrase)
                continue
            risk = false_alarms(word, what_people_said(), synthesizer)
            often |= risk.alarms > OFTEN
            told.append(f"{word.phrase!r} ({risk.told})")
    finally:
        synthesizer.close()
    mend = "a longer phrase, or one of rarer words, is mistaken less often (speech.wake_word)" if often else ""
    return Finding("wake word", True, f"{', '.join(told)}, from {speech.wake_cutoff:g} on", mend)


def _voice(_arguments: argparse.Namespace) -> Finding:
    from assistant.tts import WorkerSynthesizer

    synthesizer = WorkerSynthesizer()
    try:
        audio = synthesizer.render("All is well.")
    finally:
        synthesizer.close()
    return Finding("voice", audio.seconds > 0.3, f"espeak-ng through pyttsx3, {audio.seconds:.1f} s of sound made")


def _language(_arguments: argparse.Namespace) -> Finding:
    from assistant.nlu import Understander
    from assistant.turn import Hypothesis

    parse = Understander.load().parse([Hypothesis("turn on the light")])
    return Finding(
        "language", bool(parse.intents), f"the model answers ({parse.best.confidence:.0%} sure of a test sentence)"
    )


def _broker(arguments: argparse.Namespace) -> Finding:
    from assistant.mqtt import PahoTransport

    transport = PahoTransport(arguments.broker)
    transport.close()
    return Finding("broker", True, "answers")
