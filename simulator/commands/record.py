"""`python -m simulator.commands.record docs/demo.svg`: the demo as a picture of a terminal."""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from simulator.commands.demo import Teller

COLUMNS = 110
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Left out of the picture: whoever looks at it should fetch nothing from elsewhere."""


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
    path.write_text(FONT.sub("", console.export_svg(title="mynah demo")), encoding="utf-8")
    return 0 if told else 1


if __name__ == "__main__":
    sys.exit(main())
