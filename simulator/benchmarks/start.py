"""Start-up to the first answer, in fresh processes; and what speech takes in time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from simulator.benchmarks.figures import Figure, timing

RUNS = 5
SPOKEN_RUNS = 3
MYNAH = (sys.executable, "-m", "assistant")
SENTENCE = "turn on the kitchen light"


def start(_data: Path | None, _seed: int) -> Iterator[Figure]:
    """Each figure from fresh processes, with files in the operating system's cache."""
    _understood()
    yield timing("start", "fresh process: mynah understand", [_understood() for _ in range(RUNS)], "s")
    told = [_answered() for _ in range(RUNS)]
    yield timing("start", "fresh process: mynah run --text --plain, to the first reply", [t for t, _ in told], "s")
    yield Figure("start", "memory of mynah run --text, with the simulated home", _megabytes([m for _, m in told]))
    spoken = [_spoken() for _ in range(SPOKEN_RUNS)]
    yield timing("start", "ears and voice ready, recogniser prepared for the cottage",
                 [each["seconds"] for each in spoken], "s")  # fmt: skip
    yield Figure("start", "memory with ears and voice, with the speech process",
                 _megabytes([each["megabytes"] for each in spoken]))  # fmt: skip


def _megabytes(values: list[float]) -> str:
    return f"{max(values):.0f} MB"


def _understood() -> float:
    began = time.perf_counter()
    subprocess.run([*MYNAH, "understand", SENTENCE], check=True, capture_output=True)
    return time.perf_counter() - began


def _answered() -> tuple[float, float]:
    """Seconds to the first line of answer, and megabytes then."""
    began = time.perf_counter()
    command = [*MYNAH, "run", "--text", "--plain", "--data", ":memory:"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{SENTENCE}\n")
        process.stdin.flush()
        line = process.stdout.readline()
        taken = time.perf_counter() - began
        memory = resident(process.pid)
        process.stdin.close()
        process.wait(timeout=20)
    if "light" not in line.lower():
        raise RuntimeError(f"mynah run answered {line!r}")
    return taken, memory


def _spoken() -> dict[str, float]:
    command = [sys.executable, "-m", "simulator.benchmarks.spoken"]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(told.stdout)
    return answer


def resident(pid: int) -> float:
    """Resident memory of a process and its children, in MB (1024 * 1024 bytes). Linux only; 0 elsewhere."""
    total = 0.0
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError:
            continue
        fields = {line.partition(":")[0]: line.partition(":")[2].strip() for line in lines}
        if str(pid) in {fields.get("Pid"), fields.get("PPid")}:
            total += float(fields.get("VmRSS", "0 kB").split()[0]) / 1024
    return total
