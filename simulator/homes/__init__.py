"""Homes as data: the bundled ones, home files of one's own, and Home Assistant's synthetic home inventories."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.errors import UserError
from simulator.homes.estate import estate
from simulator.homes.inventory import home_from_inventory, normalised, read_inventory, slug
from simulator.homes.lines import Document, did_you_mean
from simulator.homes.model import DeviceSpec, HomeFile, Room, Storey
from simulator.homes.own import read_own

__all__ = ["DeviceSpec", "HomeFile", "Room", "Storey", "bundled", "home_from_inventory", "load_home", "normalised"]

_FOLDER = Path(__file__).parent
_MADE: Mapping[str, Callable[[], HomeFile]] = {"estate": estate}
"""Homes that are made by code."""
_SUFFIXES = frozenset({".yaml", ".yml", ".json"})


def bundled() -> list[str]:
    """The names of the homes that come with the project."""
    return sorted([*(path.stem for path in _FOLDER.glob("*.yaml")), *_MADE])


def load_home(name: str, base: Path | None = None) -> HomeFile:
    """A home by its bundled name or its path; a relative path counts from `base`.

    Raises `UserError` with file, line and what was expected.

    >>> load_home("cottage").name
    'Cottage'
    """
    if name in _MADE:
        return _MADE[name]()
    path = _path(name, base)
    document = Document(path)
    home_id = slug(path.stem) or "home"
    if document.data is None:
        document.data = {}
    own = isinstance(document.data, dict) and "entities" not in document.data and _has_own_devices(document.data)
    return read_own(document, home_id) if own else read_inventory(document, home_id)


def _has_own_devices(data: dict[str, object]) -> bool:
    """Whether this is a home file of ours: its devices are `{entity, kind, ...}`."""
    devices = data.get("devices")
    listed = devices if isinstance(devices, list) else []
    return any(isinstance(each, dict) and ("entity" in each or "kind" in each) for each in listed)


def _path(name: str, base: Path | None) -> Path:
    given = Path(name)
    if given.suffix.lower() in _SUFFIXES or len(given.parts) > 1:
        return given if given.is_absolute() or base is None else base / given
    if name in bundled():
        return _FOLDER / f"{name}.yaml"
    raise UserError(f"unknown home {name!r}{did_you_mean(name, bundled())} (or give a .yaml or .json file)")
