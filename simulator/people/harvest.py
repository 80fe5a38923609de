"""Makes the tables of confusions: `python -m simulator.people.harvest slurp-asr.jsonl`.

Reads real recogniser output for real people's recordings (SLURP, Bastianelli et al. 2020, CC BY 4.0), aligns it with
what was said, and counts which words were taken for which. Sentences with an even number make the first table, the
others the second, so that a learner can be tuned on one and tested on the other.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

from assistant.learning.text import normal
from simulator.people.population import DATA

LEAST = 1
"""Confusions seen less often are left out."""
LONGEST = 2
"""Words that one word may be taken for."""


def main() -> None:
    """Write both tables into the package's data."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("log", type=Path, help="JSON lines with slurp_id, gold_text and utterance")
    parser.add_argument("--out", type=Path, default=DATA)
    options = parser.parse_args()
    tables: tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]] = (Counter(), Counter())
    for line in options.log.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        tables[int(item["slurp_id"]) % 2].update(confused(item["gold_text"], item["utterance"]))
    for name, table in zip("ab", tables, strict=True):
        _write(options.out / f"confusions-{name}.tsv", table)


def confused(said: str, heard: str) -> list[tuple[str, str]]:
    """The words of `said` that were taken for others; an empty text where a word got lost.

    >>> confused("turn off the lights", "turn of the light")
    [('off', 'of'), ('lights', 'light')]
    """
    first, second = normal(said).split(), normal(heard).split()
    pairs = []
    for what, i, j, k, n in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if what == "replace" and j - i == 1 and n - k <= LONGEST:
            pairs.append((first[i], " ".join(second[k:n])))
        elif what == "replace" and j - i == n - k:
            pairs += zip(first[i:j], second[k:n], strict=True)
        elif what == "delete" and j - i == 1:
            pairs.append((first[i], ""))
    return pairs


def _write(path: Path, table: Counter[tuple[str, str]]) -> None:
    lines = ["# said, heard, count: from SLURP (Bastianelli et al. 2020, CC BY 4.0); made by simulator.people.harvest"]
    kept = [(said, heard, count) for (said, heard), count in table.items() if count >= LEAST and said.isalpha()]
    lines += [f"{said}\t{heard}\t{count}" for said, heard, count in sorted(kept)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
