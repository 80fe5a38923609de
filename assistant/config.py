"""Settings: what a household may change, in `config.toml` in its data folder."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import UserError


class Section(BaseModel):
    """A part of the settings; unknown names are errors, so that a typing mistake is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Risk(Section):
    """When to ask before acting (`docs/reference/settings.md`)."""

    confirm_below: float = Field(0.6, ge=0, le=1)
    """Opening the garage and switching on the oven are confirmed below this overall confidence."""
    bulk_rooms: int = Field(3, ge=1)
    """"On" in more rooms than this is confirmed at night."""
    night_from: int = Field(22, ge=0, le=23)
    """Hour at which the night begins."""
    night_to: int = Field(7, ge=0, le=23)
    """Hour at which the night ends."""
    act_above: float = Field(0.25, ge=0, le=1)
    """Below this overall confidence it asks the person to say it again."""
    answer_within: float = Field(30.0, gt=0)
    """Seconds within which a yes counts."""


class Speech(Section):
    """Ears and voice."""

    wake_word: str | Annotated[tuple[str, ...], Field(min_length=1)] = "alexa"
    """Names of models, or phrases of one's own; one, or a list."""
    wake_cutoff: float = Field(0.8, gt=0, lt=1)
    recognizer: str = "auto"
    """`auto`, `vosk`, `pocketsphinx`, or the name or the path of a Vosk model."""
    speaker: str | None = None
    """Who speaks, where `--speaker` and the voice don't tell."""
    voice: str = "en-us"
    voice_rate: int = Field(170, ge=80, le=400)
    """Words per minute of the assistant's voice."""

    @property
    def wake_words(self) -> tuple[str, ...]:
        """The wake words, also where there is only one."""
        return (self.wake_word,) if isinstance(self.wake_word, str) else self.wake_word


class Learning(Section):
    """The learner."""

    household: str = "home"
    customers: int = Field(5, ge=1)
    """Distinct speakers that must agree before a rewrite is used for everybody."""
    explore: float = Field(0.05, ge=0, le=0.5)
    """Share of requests left unrewritten, to keep measuring what happens without the rewrite."""
    questions: int = Field(2, ge=0)
    """Times a day that a person is asked "Did I get that right?", at most."""
    promptly: bool = True
    """Learn from a correction within a minute, not only in the nightly pass."""


class Settings(Section):
    """All settings, with their defaults."""

    database: str | None = None
    """A database URL for the turn log instead of SQLite in the data folder."""
    confirm_wait: float = Field(2.0, gt=0)
    """Seconds to wait for a device to confirm a command."""
    latitude: float = Field(50.0, ge=-90, le=90)
    """Degrees north of the equator, for sunrise and sunset."""
    risk: Risk = Risk()
    speech: Speech = Speech()
    learning: Learning = Learning()

    @classmethod
    def load(cls, folder: Path | None) -> Settings:
        """Read `config.toml` of a data folder, if there is one. Raises `UserError` naming the setting that is wrong."""
        path = folder / "config.toml" if folder else None
        if path is None or not path.exists():
            return cls()
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UserError(f"{path}: can't be read: {error}") from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise UserError(f"{path}: {where}: {first['msg']}") from None
