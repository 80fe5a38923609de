"""Real microphones and loudspeakers: PortAudio where it is installed, miniaudio otherwise.

Callbacks run on threads of the audio library and only hand samples over.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from assistant.audio.player import StreamPlayback, StreamPlayer
from assistant.audio.quiet import quiet_stderr
from assistant.audio.sound import RATE, Audio, Resampler, Samples
from assistant.errors import UserError

Take = Callable[[Samples], None]
Fill = Callable[[int], Samples]
NULL_DEVICE = "Discard all samples"
"""How ALSA names a device that is none."""
INSTALL_HINT = "install PortAudio (Debian, Ubuntu: apt install libportaudio2) or plug in a sound card"


class NoAudioError(UserError):
    """There is no microphone or no loudspeaker; the line says what to do."""


class Stream(Protocol):
    """An open device."""

    @property
    def rate(self) -> int:
        """Samples a second."""

    @property
    def latency(self) -> float:
        """The device's delay in seconds."""

    def close(self) -> None:
        """Give the device back."""


class Backend(Protocol):
    """An audio library."""

    @property
    def name(self) -> str:
        """Its name."""

    def inputs(self) -> list[str]:
        """The names of the microphones."""

    def outputs(self) -> list[str]:
        """The names of the loudspeakers."""

    def open_input(self, device: str | None, take: Take) -> Stream:
        """Record; `take` is called with mono samples. Raises `NoAudioError`."""

    def open_output(self, device: str | None, fill: Callable[[int, float], Fill]) -> Stream:
        """Play all the time. `fill` gets rate and delay, and returns what makes the samples. Raises `NoAudioError`."""


@dataclass(frozen=True, slots=True)
class AudioReport:
    """What sound there is, for `mynah doctor`. `problem` is one line that says what to do, empty when all is well."""

    backend: str | None
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Opened:
    rate: int
    latency: float
    close: Callable[[], None]


class PortAudio:
    """The `sounddevice` package. Raises `NoAudioError` where the PortAudio library is missing."""

    name = "PortAudio"

    def __init__(self) -> None:
        try:
            with quiet_stderr():
                import sounddevice
        except OSError as error:
            raise NoAudioError(f"{error}; {INSTALL_HINT}") from None
        self._library: Any = sounddevice

    def _names(self, channels: str) -> list[str]:
        with quiet_stderr():
            found = self._library.query_devices()
        return [device["name"] for device in found if device[channels] > 0]

    def inputs(self) -> list[str]:
        """The names of the microphones."""
        return self._names("max_input_channels")

    def outputs(self) -> list[str]:
        """The names of the loudspeakers."""
        return self._names("max_output_channels")

    def open_input(self, device: str | None, take: Take) -> Stream:
        """Record at the device's own rate."""

        def callback(data: Samples, _frames: int, _time: object, _status: object) -> None:
            take(data[:, 0].copy())

        return self._open(self._library.InputStream, device, callback)

    def open_output(self, device: str | None, fill: Callable[[int, float], Fill]) -> Stream:
        """Play at the device's own rate."""
        make: list[Fill] = []

        def callback(data: Samples, frames: int, _time: object, _status: object) -> None:
            data[:, 0] = make[0](frames) if make else 0

        opened = self._open(self._library.OutputStream, device, callback)
        make.append(fill(opened.rate, opened.latency))
        return opened

    def _open(self, kind: Any, device: str | None, callback: Callable[..., None]) -> _Opened:
        try:
            with quiet_stderr():
                stream = kind(device=device, channels=1, dtype="int16", latency="low", callback=callback)
                stream.start()
        except (self._library.PortAudioError, ValueError) as error:
            raise NoAudioError(f"{device or 'the sound card'} can't be opened: {error}; {INSTALL_HINT}") from None
        return _Opened(round(stream.samplerate), float(stream.latency), stream.close)


class MiniAudio:
    """The `miniaudio` package, which brings its own library."""

    name = "miniaudio"
    LATENCY = 0.06

    def __init__(self) -> None:
        import miniaudio

        self._library: Any = miniaudio

    def _found(self, kind: str) -> list[dict[str, Any]]:
        try:
            with quiet_stderr():
                devices = self._library.Devices()
                found = devices.get_captures() if kind == "input" else devices.get_playbacks()
        except self._library.MiniaudioError:
            return []
        return [device for device in found if not device["name"].startswith(NULL_DEVICE)]

    def inputs(self) -> list[str]:
        """The names of the microphones."""
        return [device["name"] for device in self._found("input")]

    def outputs(self) -> list[str]:
        """The names of the loudspeakers."""
        return [device["name"] for device in self._found("output")]

    def open_input(self, device: str | None, take: Take) -> Stream:
        """Record at 16 kHz; the library resamples."""

        def receive() -> Generator[None, bytes]:
            while True:
                data = yield
                take(np.frombuffer(data, np.int16).copy())

        return self._open("input", device, receive())

    def open_output(self, device: str | None, fill: Callable[[int, float], Fill]) -> Stream:
        """Play at 48 kHz; the library resamples."""
        make = fill(48_000, self.LATENCY)

        def deliver() -> Generator[bytes, int]:
            count = yield b""
            while True:
                count = yield make(count).tobytes()

        return self._open("output", device, deliver())

    def _open(self, kind: str, device: str | None, source: Any) -> _Opened:
        library = self._library
        make = library.CaptureDevice if kind == "input" else library.PlaybackDevice
        rate = RATE if kind == "input" else 48_000
        options: dict[str, Any] = {"nchannels": 1, "sample_rate": rate, "buffersize_msec": 40}
        found = self._found(kind)
        if device is not None:
            options["device_id"] = next((each["id"] for each in found if each["name"] == device), None)
        if not found or (device is not None and options["device_id"] is None):
            raise NoAudioError(f"no audio {kind}{f' named {device!r}' if device else ''}; {INSTALL_HINT}")
        next(source)
        try:
            with quiet_stderr():
                opened = make(**{("input" if kind == "input" else "output") + "_format": library.SampleFormat.SIGNED16},
                              **options)  # fmt: skip
                opened.start(source)
        except library.MiniaudioError as error:
            raise NoAudioError(f"{device or 'the sound card'} can't be opened: {error}; {INSTALL_HINT}") from None
        return _Opened(rate, self.LATENCY, opened.close)


class CardMicrophone:
    """A microphone of a sound card, at 16 kHz whatever its own rate (see `assistant.audio.Microphone`)."""

    def __init__(self, backend: Backend, device: str | None = None) -> None:
        self._queue: queue.SimpleQueue[Samples] = queue.SimpleQueue()
        self._stream = backend.open_input(device, self._queue.put)
        self._resampler = Resampler(self._stream.rate, RATE) if self._stream.rate != RATE else None

    def read(self, timeout: float) -> Samples | None:
        """The next samples; `None` when none came within `timeout` seconds."""
        try:
            samples = self._queue.get(timeout=timeout)
        except queue.Empty:
            return None
        return self._resampler.push(samples) if self._resampler else samples

    def close(self) -> None:
        """Stop recording."""
        self._stream.close()


class CardPlayer:
    """A loudspeaker of a sound card (see `assistant.audio.Player`)."""

    def __init__(self, backend: Backend, device: str | None = None) -> None:
        self._made: list[StreamPlayer] = []
        self._stream = backend.open_output(device, self._make)
        self._player = self._made[0]

    def _make(self, rate: int, latency: float) -> Fill:
        self._made.append(StreamPlayer(rate, latency))
        return self._made[0].fill

    def play(self, audio: Audio) -> StreamPlayback:
        """Begin to play; a new piece replaces the one that is being played."""
        return self._player.play(audio)

    def reference(self, count: int) -> Samples:
        """What was played, for the echo canceller."""
        return self._player.reference(count)

    def close(self) -> None:
        """Give the device back."""
        self._player.close()
        self._stream.close()


def find_backend() -> Backend:
    """The first audio library that works: PortAudio, else miniaudio. Raises `NoAudioError` when there is no device."""
    problem = ""
    for kind in (PortAudio, MiniAudio):
        try:
            backend: Backend = kind()
        except (NoAudioError, ImportError) as error:
            problem = problem or str(error)
            continue
        if backend.inputs() or backend.outputs():
            return backend
    raise NoAudioError(problem or f"no microphone and no loudspeaker; {INSTALL_HINT}")


def probe_audio() -> AudioReport:
    """What sound there is on this machine; never fails."""
    try:
        backend = find_backend()
    except NoAudioError as error:
        return AudioReport(None, problem=str(error))
    inputs, outputs = tuple(backend.inputs()), tuple(backend.outputs())
    missing = [name for name, found in (("microphone", inputs), ("loudspeaker", outputs)) if not found]
    problem = f"no {' and no '.join(missing)}; {INSTALL_HINT}" if missing else ""
    return AudioReport(backend.name, inputs, outputs, problem)
