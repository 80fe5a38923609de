"""The part of open data that trains: `python -m assistant.nlu.open_data DIR` writes `data/open_sentences.tsv`.

DIR holds `hwu64.jsonl`, `slurp-text.jsonl`, `slurp-asr.jsonl` and `clinc150.jsonl`; one object a line with `utterance`,
`intent`, `slots` (a list of `type` and `value`) and, where the utterance is what a recogniser made of a recording,
`gold_text`. A fifth of all sentences, chosen by the hash of what was really said, is for testing alone and is left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.nlu.lexicon import DATA
from assistant.nlu.normalise import words_of
from assistant.nlu.templates import read_yaml

SETS = ("hwu64", "slurp-text", "slurp-asr", "clinc150")
FOLDS = 5
TEST_FOLD = 0
SENTENCES = "open_sentences.tsv"
FOREIGN = "foreign.request"
_TAGS = {
    ("hwu64", "home"): {"house_place": "AREA", "device_type": "NAME", "color_type": "COLOR"},
    ("hwu64", "clock"): {"place_name": "PLACE", "time_zone": "PLACE"},
    ("slurp-text", "clock"): {"place_name": "PLACE", "time_zone": "PLACE"},
}
"""Slots that are ours too, by set and domain. A sentence with any other slot is used for its class alone."""
_HEADER = """\
# Parts of HWU64 (Xingkun Liu et al., CC BY 4.0), SLURP (Emanuele Bastianelli et al., text CC BY 4.0; slurp-asr is the
# output of its recogniser) and CLINC150 (Larson et al., CC BY 3.0): text normalised, classes mapped to ours by
# open_intents.yaml. Fold (sha1 of what was said modulo 5; fold 0 is for testing and not here), set, its intent, class,
# text; '?' = slots not annotated. Made by `python -m assistant.nlu.open_data`.
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence of an open set. `said` differs from `text` where a recogniser misheard it."""

    source: str
    text: str
    said: str
    intent: str
    slots: tuple[tuple[str, str], ...]

    @property
    def fold(self) -> int:
        """The part it belongs to, 0 to 4; all recordings of a sentence belong to the same."""
        return fold_of(self.said)


def fold_of(text: str) -> int:
    """The part that a sentence belongs to, by its hash.

    >>> fold_of("Turn on the lights") == fold_of("turn on the lights")
    True
    """
    digest = hashlib.sha1(" ".join(words_of(text)).encode(), usedforsecurity=False).hexdigest()
    return int(digest, 16) % FOLDS


def read_items(path: Path) -> Iterator[Item]:
    """The sentences of one open set; the file's name tells which."""
    for line in path.read_text(encoding="utf-8").splitlines():
        raw: Mapping[str, Any] = json.loads(line)
        text = re.sub(r"@@UNKNOWN@@|< ?unk ?>", " ", raw["utterance"])
        text = re.sub(r"\b(\w+) (n't|'(?:s|m|re|ll|ve|d))\b", r"\1\2", text)
        slots = tuple((each["type"], str(each["value"])) for each in raw.get("slots", ()) if "type" in each)
        yield Item(path.stem, text, raw.get("gold_text", raw["utterance"]), raw["intent"], slots)


def class_of(item: Item) -> str | None:
    """What a sentence is to be called in training; `None` where its intent teaches nothing."""
    table = read_yaml("open_intents.yaml")
    text = " ".join(words_of(item.said))
    wanted = table["train"].get(item.intent)
    if isinstance(wanted, dict):
        label = next(label for pattern, label in wanted.items() if re.search(pattern, text))
        return str(label) if label else None
    if wanted is not None:
        return str(wanted)
    if item.source == "clinc150":
        return None if item.intent in table["clinc_home"] else FOREIGN
    if item.intent in table["may_be_reminders"] and "remind" in text:
        return None
    return FOREIGN if item.intent in table["foreign"] else None


def accepted(intent: str, label: str | None) -> frozenset[str]:
    """The intents of ours that are right for a sentence with this intent and training class; empty: can't be told.

    >>> sorted(accepted("iot_wemo_on", "home.turn_on")), sorted(accepted("news_query", FOREIGN))
    (['home.start', 'home.turn_on'], ['foreign.request'])
    """
    same = read_yaml("open_intents.yaml")["same"].get(intent, [])
    return frozenset([*same, *([label.partition("/")[0]] if label else [])])


def training_lines(folder: Path) -> Iterator[str]:
    """The lines of the data file: every sentence once, none whose words are also in the test part."""
    items = [item for name in SETS for item in read_items(folder / f"{name}.jsonl")]
    seen = {" ".join(words_of(item.said)) for item in items if item.fold == TEST_FOLD}
    for item in items:
        text, label = " ".join(words_of(item.text)), class_of(item)
        if label is not None and text and text not in seen and item.fold != TEST_FOLD:
            seen.add(text)
            yield f"{item.fold}\t{item.source}\t{item.intent}\t{label}\t{_marked(item, text, label)}"


def _marked(item: Item, text: str, label: str) -> str:
    """The text with those slots marked that are ours too, as in `turn off the [bathroom|AREA] lights`."""
    if label == FOREIGN:
        return text
    tags = _TAGS.get((item.source, label.partition(".")[0]), {})
    if not tags or {kind for kind, _ in item.slots} - tags.keys():
        return f"?{text}"
    marked = text
    for kind, value in item.slots:
        spoken = " ".join(words_of(value))
        marked, found = re.subn(rf"(?<![|\w]){re.escape(spoken)}(?![|\w])", f"[{spoken}|{tags[kind]}]", marked, count=1)
        if not found:
            return f"?{text}"
    return marked


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the data file."""
    parser = argparse.ArgumentParser(prog="python -m assistant.nlu.open_data", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of the four sets")
    options = parser.parse_args(arguments)
    lines = sorted(training_lines(options.folder))
    (DATA / SENTENCES).write_text(_HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} sentences", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
