"""What several commands share: the data folder, settings, printing JSON."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.errors import UserError
from assistant.store import Store

MEMORY = ":memory:"


def add_data(parser: argparse.ArgumentParser) -> None:
    """`--data DIR`, where everything is kept."""
    parser.add_argument("--data", metavar="DIR", help="where to keep things (:memory: keeps nothing)")


def add_json(parser: argparse.ArgumentParser) -> None:
    """`--json`: only JSON on stdout."""
    parser.add_argument("--json", action="store_true", help="print only JSON on stdout")


def data_folder(argument: str | None) -> Path | None:
    """The data folder, made if need be; `None` for `:memory:`. Raises `UserError` when it can't be written."""
    if argument == MEMORY:
        return None
    if argument is None:
        from platformdirs import user_data_path

        folder = user_data_path("mynah")
    else:
        folder = Path(argument)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: can't keep data here: {error.strerror}; choose another with --data") from None
    return folder


def open_memory(argument: str | None) -> tuple[Store, Settings]:
    """The store and the settings of a data folder."""
    folder = data_folder(argument)
    settings = Settings.load(folder)
    return Store.open(folder if folder is not None else MEMORY, settings.database), settings


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    print(json.dumps(value, ensure_ascii=False, default=str))


def note(text: str) -> None:
    """Progress and remarks go to stderr."""
    print(text, file=sys.stderr, flush=True)
