"""`mynah run`: the simulated home and the assistant; speaking where there is a microphone, typing otherwise."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from secrets import token_hex

from rich.live import Live

from assistant.assemble import Assistant, Outside, assemble
from assistant.cli.common import add_data, data_folder, note
from assistant.clock import SystemClock
from assistant.config import Settings
from assistant.errors import UserError
from assistant.events import Connection, Heard, QueueInbox, Stop
from assistant.mqtt import PahoTransport
from assistant.observer import Phase
from assistant.store import Store
from assistant.turn import Hypothesis, Turn, Utterance
from assistant.view import View
from assistant.voice import TextVoice, Voice
from simulator.commands.sound import Sound, open_sound
from simulator.homes import HomeFile, load_home

READY = 5.0
"""Seconds within which the home must have announced itself."""
QUIET = 1.5
"""Seconds without a new announcement after which devices of others are taken for complete."""
NO_HOME = "none"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which home, where, and how to talk."""
    parser.add_argument("--home", default="cottage", help="a bundled home, a file, or none: only what is on the broker")
    parser.add_argument("--text", action="store_true", help="type, even where there is a microphone")
    parser.add_argument("--broker", metavar="URL", help="mqtt(s)://user:password@host:port; default: an embedded one")
    parser.add_argument("--room", help="where you are (a room's id; default: the first room)")
    parser.add_argument("--speaker", help="who you are")
    parser.add_argument("--plain", action="store_true", help="lines instead of the live view")
    add_data(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run until Ctrl-C, end of input, or SIGTERM; everything said is in the log by then."""
    home = None if arguments.home == NO_HOME else load_home(arguments.home)
    if home is None and arguments.broker is None:
        raise UserError("--home none needs --broker: the address of the broker that your devices are on")
    folder = data_folder(arguments.data)
    settings = Settings.load(folder)
    store = Store.open(folder if folder is not None else ":memory:", settings.database)
    with contextlib.ExitStack() as stack:
        stack.callback(store.close)
        url = arguments.broker or stack.enter_context(_embedded_broker())
        if home is not None:
            stack.enter_context(_living(home, url, outlived=bool(arguments.broker)))
        sound = None if arguments.text else open_sound(settings.speech, folder)
        if sound is not None:
            stack.callback(sound.close)
        session = _open(home, url, store, settings, sound)
        stack.callback(session.assistant.engine.parts.transport.close)
        return session.talk(arguments)


@contextlib.contextmanager
def _embedded_broker() -> Iterator[str]:
    from simulator.broker import EmbeddedBroker

    broker = EmbeddedBroker()
    try:
        yield broker.url
    finally:
        broker.close()


@contextlib.contextmanager
def _living(home: HomeFile, url: str, outlived: bool) -> Iterator[None]:
    from assistant.mqtt import MqttBroker
    from simulator.live import LiveHome

    live = LiveHome.on(home, url) if outlived else LiveHome(home, MqttBroker(url, f"mynah-{home.id}"))
    live.start()
    try:
        yield
    finally:
        live.close()


def _open(home: HomeFile | None, url: str, store: Store, settings: Settings, sound: Sound | None) -> Session:
    inbox = QueueInbox()
    clock = SystemClock()
    seen = threading.Event()

    def on_state(connected: bool) -> None:
        if not connected:
            inbox.put(Connection("I lost the home: the broker does not answer. I keep trying."))
        elif seen.is_set():
            inbox.put(Connection("The home is back."))
        seen.set()

    transport = PahoTransport(url, f"mynah-assistant-{token_hex(4)}", on_state=on_state)
    voice: Voice = sound.voice if sound else TextVoice(clock)
    assistant = assemble(Outside(clock, inbox, transport, voice, home.id if home else None), store, settings)
    if home is not None:
        _wait_for_home(assistant, home)
    else:
        _wait_for_others(assistant)
    return Session(assistant, inbox, sound, settings.speech.speaker)


def _wait_for_home(assistant: Assistant, home: HomeFile) -> None:
    """Wait until every device has told its state; to be online alone tells nothing."""
    engine = assistant.engine
    wanted = [device.entity for device in home.devices]
    reports = assistant.twin.reports
    if not engine.pump(lambda: all(entity in reports and reports[entity].time > 0 for entity in wanted), READY):
        raise UserError(f"the home {home.id!r} did not announce itself on the broker within {READY:g} s")
    assistant.sync_home()


def _wait_for_others(assistant: Assistant) -> None:
    """Wait until nobody announces anything new; who comes later is taken in then."""
    began = changed = time.monotonic()
    version = -1
    while time.monotonic() - changed < QUIET and time.monotonic() - began < READY:
        assistant.engine.advance()
        if version != assistant.twin.home_version:
            version, changed = assistant.twin.home_version, time.monotonic()
        time.sleep(0.02)
    home = assistant.sync_home()
    if not home.entities:
        note("No device has announced itself under homeassistant/ yet; I take in those that come.")


@dataclass
class Session:
    """One run of the program."""

    assistant: Assistant
    inbox: QueueInbox
    sound: Sound | None
    speaker: str | None = None
    """Who speaks by the settings."""

    def talk(self, arguments: argparse.Namespace) -> int:
        """Take in what is typed or said until the end."""
        signal.signal(signal.SIGINT, lambda *_: self.inbox.put(Stop()))
        signal.signal(signal.SIGTERM, lambda *_: self.inbox.put(Stop()))
        if arguments.room is not None and arguments.room not in self.assistant.twin.home.areas:
            rooms = ", ".join(sorted(self.assistant.twin.home.areas))
            raise UserError(f"the home has no room {arguments.room!r}; it has {rooms}")
        room = arguments.room or next(iter(self.assistant.twin.home.areas), None)
        if self.sound is not None:
            self.sound.listen(self.assistant, self.inbox, room, arguments.speaker, self.speaker)

        def on_line(line: str) -> None:
            self.inbox.put(Heard(Utterance((Hypothesis(line),)), room, arguments.speaker or self.speaker))

        if not arguments.plain and sys.stdin.isatty() and sys.stdout.isatty():
            self._live(on_line)
        else:
            self._plain(on_line)
        return 0

    def _live(self, on_line: object) -> None:
        from assistant.keyboard import Keyboard

        assert callable(on_line)
        keyboard = Keyboard(on_line, lambda: self.inbox.put(Stop()))
        engine = self.assistant.engine
        view = View(lambda: self.assistant.twin.home, engine.states, lambda: keyboard.line)
        if self.sound is not None:
            view.said(f"Listening for {self.sound.hearing.wake_phrase}. {self.sound.hearing.because}.")
        engine.observers.append(view)
        engine.followers.append(view.follow)
        with keyboard, Live(view, screen=True, refresh_per_second=12):
            engine.run()

    def _plain(self, on_line: object) -> None:
        """One line in, one line out: for pipes and small terminals."""
        assert callable(on_line)
        self.assistant.engine.observers.append(_Printer())
        note(f"{self.assistant.twin.home.name}: {len(self.assistant.twin.home.entities)} devices. Type a request.")

        def read() -> None:
            for line in sys.stdin:
                if line.strip():
                    on_line(line.strip())
            self.inbox.put(Stop())

        threading.Thread(target=read, name="stdin", daemon=True).start()
        self.assistant.engine.run()


class _Printer:
    """An observer that prints answers."""

    def __init__(self) -> None:
        self._printed: set[str] = set()

    def turn_changed(self, turn: Turn) -> None:
        """Print the reply of a new turn."""
        if turn.id not in self._printed:
            self._printed.add(turn.id)
            print(turn.reply.text if turn.reply and turn.reply.text else "(nothing)", flush=True)

    def said(self, text: str) -> None:
        """Print what is said of its own accord."""
        print(text, flush=True)

    def phase_changed(self, phase: Phase) -> None:
        """Nothing to print."""

    def home_changed(self, entity: str) -> None:
        """Nothing to print."""
