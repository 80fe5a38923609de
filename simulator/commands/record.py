"""`python -m simulator.commands.record docs/demo.svg`: the demo as a picture of a terminal."""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from simulator.commands.demo import Teller

COLUMNS = 110


def main() -> int:
    """Tell the story once, spoken and heard as audio, and keep what was printed; 1 when it did not end well."""
    parser = argparse.ArgumentParser("python -m simulator.commands.record", description="Record the demo.")
    parser.add_argument("svg", metavar="FILE.svg", help="where the picture goes")
    path = Path(parser.parse_args().svg)
    console = Console(
        file=io.StringIO(), record=True, width=COLUMNS, highlight=False, force_terminal=True, color_system="truecolor"
    )
    with tempfile.TemporaryDirectory(prefix="mynah-") as folder:
        teller = Teller(console, Path(folder), spoken=True, pause=0.0)
        told = teller.tell()
        teller.close()
    console.save_svg(str(path), title="mynah demo")
    return 0 if told else 1


if __name__ == "__main__":
    sys.exit(main())
