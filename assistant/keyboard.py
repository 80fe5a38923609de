"""Typing under a live view: keys are read one by one, the line is drawn by the view."""

from __future__ import annotations

import sys
import termios
import threading
import tty
from collections.abc import Callable
from typing import Any

MAX_LINE = 2000


class Keyboard:
    """Reads keys in a thread of its own and hands over whole lines. Use as a context manager."""

    def __init__(self, on_line: Callable[[str], None], on_end: Callable[[], None]) -> None:
        self._on_line = on_line
        self._on_end = on_end
        self._line = ""
        self._saved: list[Any] | None = None

    @property
    def line(self) -> str:
        """What is typed so far, with a cursor."""
        return f"> {self._line}▏"

    def __enter__(self) -> Keyboard:
        self._saved = termios.tcgetattr(sys.stdin)
        tty.setcbreak(sys.stdin)
        threading.Thread(target=self._read, name="keyboard", daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._saved is not None:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._saved)

    def _read(self) -> None:
        while True:
            key = sys.stdin.read(1)
            if key in {"", "\x04"}:
                self._on_end()
                return
            self._press(key)

    def _press(self, key: str) -> None:
        if key in {"\n", "\r"}:
            line, self._line = self._line.strip(), ""
            if line:
                self._on_line(line)
        elif key in {"\x7f", "\b"}:
            self._line = self._line[:-1]
        elif key == "\x15":
            self._line = ""
        elif key.isprintable() and len(self._line) < MAX_LINE:
            self._line += key
