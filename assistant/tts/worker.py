"""The speech process: `python -m assistant.tts.worker`. A request is one JSON line, an answer a JSON line and samples.

Requests: `{"text", "voice", "rate", "pitch"}` -> `{"rate", "marks", "bytes"}` and that many bytes of 16-bit samples;
`{"pronounce": [word, ...], "voice"}` -> `{"phonemes": [...], "bytes": 0}`; what fails -> `{"error", "bytes": 0}`.
A process of its own, because the speech library has one global state and may end the process it lives in.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, BinaryIO

from assistant.tts.driver import Renderer


def answer(renderer: Renderer, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """One request; returns the header and the samples."""
    if "pronounce" in request:
        return {"phonemes": [renderer.pronounce(word, request["voice"]) for word in request["pronounce"]]}, b""
    said = renderer.render(request["text"], request["voice"], request["rate"], request["pitch"])
    return {"rate": said.rate, "marks": said.marks}, said.samples.tobytes()


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    renderer = Renderer()
    for line in requests:
        try:
            header, samples = answer(renderer, json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            header, samples = {"error": f"{type(error).__name__}: {error}"}, b""
        answers.write(json.dumps({**header, "bytes": len(samples)}).encode() + b"\n" + samples)
        answers.flush()


def main() -> None:
    """Serve on standard input and output; whatever a library prints goes to standard error instead."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
