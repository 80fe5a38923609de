"""`mynah demo`: a short spoken story, through the real audio path, that ends with something learned."""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from assistant.cli.common import add_data, data_folder
from assistant.hearing import Hearing
from assistant.learning.learn import learn
from assistant.observer import Phase
from assistant.turn import Turn
from assistant.view import turn_block
from simulator.homes import load_home
from simulator.replay.stage import REPLAY_SETTINGS, Stage
from simulator.replay.story import STORY, Chapter, Line
from simulator.replay.talk import LONGEST_REPLY, Saying, Talk, TextTalk
from simulator.replay.voice import VoiceTalk

START = datetime(2026, 3, 2, 17, 30)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How the story is told."""
    parser.add_argument(
        "--text", action="store_true", help="without audio: what was heard is taken from a recorded run"
    )
    parser.add_argument("--fast", action="store_true", help="without pauses for reading")
    parser.add_argument("--wav", metavar="FILE", help="write the whole dialogue as a WAV file")
    add_data(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tell the story; 0 when it ended as it should."""
    console = Console(highlight=False, soft_wrap=True)
    with tempfile.TemporaryDirectory(prefix="mynah-") as scratch:
        folder = Path(scratch) if arguments.data is None else data_folder(arguments.data)
        teller = Teller(console, folder, spoken=not arguments.text, pause=0.0 if arguments.fast else 1.2)
        told = teller.tell()
        if arguments.wav and isinstance(teller.talk, VoiceTalk):
            teller.talk.record_to(Path(arguments.wav))
            console.print(f"The dialogue is in {arguments.wav}.", style="dim")
        teller.close()
    return 0 if told else 1


@dataclass
class Newest:
    """An observer that keeps the newest version of every turn."""

    turns: dict[str, Turn]

    def turn_changed(self, turn: Turn) -> None:
        """Keep it."""
        self.turns[turn.id] = turn

    def said(self, text: str) -> None:
        """Not needed."""

    def phase_changed(self, phase: Phase) -> None:
        """Not needed."""

    def home_changed(self, entity: str) -> None:
        """Not needed."""


class Teller:
    """Plays the chapters and prints what happens."""

    def __init__(self, console: Console, folder: Path | None, spoken: bool, pause: float) -> None:
        self._console = console
        self._pause = pause
        self._hearing: Hearing | None = None
        self.talk: Talk = TextTalk()
        if spoken:
            self._hearing = Hearing.open(REPLAY_SETTINGS.speech, folder)
            self.talk = VoiceTalk(self._hearing)
        self._newest = Newest({})
        self._cut: str | None = None
        self._stage = Stage(load_home("cottage"), START, folder, observers=[self._newest], voice=self.talk.voice)

    def tell(self) -> bool:
        """All chapters; whether the story ended with something learned that helped."""
        self._console.print(Panel(Text("Mynah: a story in a garage and a kitchen"), style="bold"))
        if isinstance(self.talk, VoiceTalk) and self._hearing:
            self._console.print(
                f"Recogniser: {self._hearing.recognizer.name}. Every word below was spoken and heard as audio.\n",
                style="dim",
            )
        held = [self._chapter(chapter) for chapter in STORY]
        return all(held)

    def close(self) -> None:
        """End the assistant and the speech process."""
        self._stage.close()
        if isinstance(self.talk, VoiceTalk):
            self.talk.close()
        if self._hearing:
            self._hearing.close()

    def _chapter(self, chapter: Chapter) -> bool:
        self._stage.run(max(0.0, (chapter.at - self._stage.clock.now()).total_seconds()))
        self._console.rule(f"{chapter.title} · {self._stage.clock.now():%A %H:%M}", align="left")
        if isinstance(self.talk, VoiceTalk):
            self.talk.room.enter(chapter.acoustics, chapter.seed)
        held = [self._line(line, chapter) for line in chapter.lines]
        if chapter.learn:
            self._learn()
        return all(held)

    def _line(self, line: Line, chapter: Chapter) -> bool:
        if line.wait:
            self._stage.run(line.wait)
        if isinstance(self.talk, VoiceTalk):
            self.talk.closer = line.closer
        saying = Saying(line.say, chapter.speaker, chapter.room, line.heard)
        turn = self.talk.say(saying, self._stage)
        self._show_interruption()
        self.talk.listen(self._stage, line.interrupted_after or LONGEST_REPLY)
        if line.interrupted_after is None:
            self._stage.run(1.0)
        if turn is not None and line.interrupted_after is not None:
            self._cut = turn.id
        if turn is None:
            self._console.print(Text(f"{chapter.speaker} says: {line.say} (nobody reacted)", style="red"))
            return False
        self._show(line, turn, chapter)
        return line.holds(self._newest.turns.get(turn.id, turn))

    def _show_interruption(self) -> None:
        """Once the next sentence began: how much of the last reply was heard."""
        turn = self._newest.turns.get(self._cut or "")
        self._cut = None
        if turn is not None and turn.spoken is not None and turn.spoken.interrupted:
            told = (
                f'  interrupted after {turn.spoken.position:.1f} of {turn.spoken.seconds:.1f} s: "{turn.spoken.heard}"'
            )
            self._console.print(Text(told, style="magenta"))
            self._console.print()

    def _show(self, line: Line, turn: Turn, chapter: Chapter) -> None:
        newest = self._newest.turns.get(turn.id, turn)
        self._console.print(Text.assemble((f"{chapter.speaker} says   ", "bold cyan"), (f'"{line.say}"', "bold")))
        heard = newest.utterance
        if heard.hypotheses and heard.wake is not None:
            sure = f"wake word {heard.wake:.2f}, recogniser {heard.confidence:.2f}"
            self._console.print(Text(f'  heard    "{heard.text}"  ({sure})', style="dim"))
        self._console.print(turn_block(replace(newest, context=replace(newest.context, speaker=chapter.speaker))))
        for entity in newest.entities:
            state = self._stage.assistant.engine.states().get(entity)
            if state is not None:
                self._console.print(Text(f"  {entity} is {state.state}", style="dim"))
        if self._cut is None:
            self._console.print()
        time.sleep(self._pause)

    def _learn(self) -> None:
        """The night: the learners read the log."""
        self._stage.assistant.engine.settle(interrupted=False)
        assistant = self._stage.assistant
        learn(self._stage.store, assistant.ledger, REPLAY_SETTINGS.learning)
        self._console.rule("At night: what the log taught", align="left")
        for item in assistant.ledger.items():
            self._console.print(Text(assistant.ledger.why(item.id), style="yellow"))
        self._console.print()
