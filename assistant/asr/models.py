"""Speech models that can be downloaded, on request only: `mynah models list` and `mynah models fetch NAME`."""

from __future__ import annotations

import hashlib
import http.client
import shutil
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from assistant.asr.vosk import VoskRecognizer
from assistant.errors import UserError

Progress = Callable[[int, int], None]
"""Bytes so far, bytes in all (0 when unknown)."""
CHUNK = 1 << 16
TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model that can be fetched. `size` is in bytes; without a `sha256` the model is verified by loading it."""

    name: str
    url: str
    size: int
    licence: str
    about: str
    sha256: str | None = None

    @property
    def folder(self) -> str:
        """The folder that the archive holds."""
        return PurePosixPath(self.url).stem


_SITE = "https://alphacephei.com/vosk/models"
CATALOGUE: Mapping[str, ModelInfo] = {
    each.name: each
    for each in (
        ModelInfo(
            "small-en",
            f"{_SITE}/vosk-model-small-en-us-0.15.zip",
            41_205_931,
            "Apache-2.0",
            "small, for a home; listens for the home's own sentences",
            "30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498",
        ),
        ModelInfo(
            "en-lgraph",
            f"{_SITE}/vosk-model-en-us-0.22-lgraph.zip",
            130_557_655,
            "Apache-2.0",
            "larger and more exact; listens for the home's own sentences",
        ),
    )
}


def models_folder(data_dir: Path) -> Path:
    """Where models are kept."""
    return data_dir / "models"


def installed(data_dir: Path) -> dict[str, Path]:
    """The models that are there: those of the catalogue by name, others by the name of their folder."""
    names = {info.folder: info.name for info in CATALOGUE.values()}
    folder = models_folder(data_dir)
    found = sorted(path.parent.parent for path in folder.glob("*/am/final.mdl")) if folder.is_dir() else []
    return {names.get(path.name, path.name): path for path in found}


def model_info(name: str) -> ModelInfo:
    """The catalogue's entry. Raises `UserError` for a name that it does not have."""
    if name in CATALOGUE:
        return CATALOGUE[name]
    near = get_close_matches(name, CATALOGUE, 1, 0.4)
    hint = f", did you mean {near[0]!r}?" if near else ""
    raise UserError(f"no speech model {name!r}{hint} (there are: {', '.join(CATALOGUE)})")


def fetch(info: ModelInfo, data_dir: Path, progress: Progress = lambda _so_far, _total: None) -> Path:
    """Download a model, verify it and unpack it; goes on where an earlier download stopped. Returns its folder.

    Raises `UserError` when there is no network, no space, or what came is not the model.
    """
    target = models_folder(data_dir) / info.folder
    if target.exists():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        archive = target.parent / f"{info.folder}.zip.part"
        _download(info, archive, progress)
        _verify(info, archive)
        _unpack(info, archive, target)
        archive.unlink()
    except OSError as error:
        raise UserError(f"{target.parent}: {error.strerror or error}") from None
    return target


def _download(info: ModelInfo, archive: Path, progress: Progress) -> None:
    """Fetch what is still missing of the archive."""
    have = archive.stat().st_size if archive.exists() else 0
    if info.size and have >= info.size:
        return
    request = urllib.request.Request(info.url, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            resumed = answer.status == 206
            have = have if resumed else 0
            total = have + int(answer.headers.get("Content-Length") or 0)
            with archive.open("ab" if resumed else "wb") as file:
                while chunk := answer.read(CHUNK):
                    file.write(chunk)
                    have += len(chunk)
                    progress(have, total)
    except urllib.error.HTTPError as error:
        raise UserError(f"{info.url}: the server says {error.code} {error.reason}") from None
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise UserError(
            f"{info.url}: can't be reached ({reason}); try again with a network, it goes on where it stopped"
        ) from None
    if info.size and have < info.size:
        raise UserError(f"{info.url}: the connection ended early; try again, it goes on where it stopped")


def _verify(info: ModelInfo, archive: Path) -> None:
    """Check the fingerprint, where it is known."""
    if info.sha256 is None:
        return
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != info.sha256:
        archive.unlink()
        raise UserError(f"{info.url}: what came is not the model (SHA-256 {found[:12]}…); it was deleted, try again")


def _unpack(info: ModelInfo, archive: Path, target: Path) -> None:
    """Unpack into a folder beside, load it once if there is no fingerprint, then put it in its place."""
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        try:
            with zipfile.ZipFile(archive) as file:
                for member in file.namelist():
                    if not (folder / member).resolve().is_relative_to(folder.resolve()):
                        raise UserError(f"{info.url}: the archive holds a path outside its folder: {member}")
                file.extractall(folder)
        except zipfile.BadZipFile:
            archive.unlink()
            raise UserError(f"{info.url}: what came is not a zip archive; it was deleted, try again") from None
        if info.sha256 is None:
            VoskRecognizer(folder / info.folder)
        elif not (folder / info.folder).is_dir():
            raise UserError(f"{info.url}: the archive holds no folder {info.folder}")
        shutil.move(folder / info.folder, target)
