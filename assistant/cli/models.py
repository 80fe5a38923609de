"""`mynah models`: speech models for Vosk; nothing is downloaded unless asked for."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

from assistant.asr.models import CATALOGUE, fetch, installed, model_info
from assistant.cli.common import add_data, add_json, data_folder, print_json
from assistant.errors import UserError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with models."""
    parser.add_argument("what", choices=["list", "fetch"])
    parser.add_argument("name", nargs="?", help="for fetch: the model's name")
    add_data(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """List what there is, or fetch one."""
    folder = data_folder(arguments.data) or Path(tempfile.gettempdir())
    if arguments.what == "fetch":
        if arguments.name is None:
            raise UserError(f"name the model: mynah models fetch {next(iter(CATALOGUE))}")
        print(f"{arguments.name} is in {_fetch(arguments.name, folder)}; it is used from now on.")
        return 0
    there = installed(folder)
    names = [*CATALOGUE, *(name for name in there if name not in CATALOGUE)]
    rows = [
        {
            "name": name,
            "installed": str(there[name]) if name in there else None,
            "about": CATALOGUE[name].about if name in CATALOGUE else "",
        }
        for name in names
    ]
    if arguments.json:
        print_json(rows)
        return 0
    print("pocketsphinx  always there; comes with the package")
    for row in rows:
        print(f"{row['name']:<12}  {row['installed'] or 'not fetched':<12}  {row['about']}")
    return 0


def _fetch(name: str, folder: Path) -> Path:
    info = model_info(name)
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task(name, total=None)
        return fetch(info, folder, lambda so_far, total: progress.update(task, completed=so_far, total=total))
