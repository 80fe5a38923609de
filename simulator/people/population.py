"""A population as data: the kinds of people that a study draws its households from.

Written in YAML, so that others can write ones that no learner was tuned on; `docs/how-to/write-a-population.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import UserError
from simulator.homes.lines import did_you_mean

DATA = Path(__file__).parent / "data"
VERBS = ("turn_on", "turn_off", "open", "close", "lock", "unlock", "brightness", "temperature", "start", "dock")
"""What people want of a device."""


class Part(BaseModel):
    """A part of a population; unknown names are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Wordings(Part):
    """How a wish is put into words. `plain` ones are ordinary; `odd` ones an assistant may not know."""

    plain: tuple[str, ...] = Field(min_length=1)
    odd: tuple[str, ...] = ()


class Drift(Part):
    """From `day` on, `share` of the households' own names mean another device."""

    day: int = Field(ge=1)
    share: float = Field(0.25, ge=0, le=1)


class Population(Part):
    """The people. Shares and probabilities are 0 to 1; ranges are (least, most)."""

    name: str
    homes: tuple[str, ...] = Field(min_length=1)
    members: tuple[int, int] = (1, 3)
    requests: float = Field(8.0, gt=0, le=200)
    """Goals of one person in a day, in the mean."""
    repertoire: int = Field(8, ge=1)
    """Goals that a person has again and again."""
    habitual: float = Field(0.75, ge=0, le=1)
    """Share of the goals that come from the repertoire."""
    follows: float = Field(0.2, ge=0, le=1)
    """How likely another wish comes right after one, while the person is at it."""
    odd: float = Field(0.3, ge=0, le=1)
    """How likely a person's usual wording of a wish is an odd one."""
    own_names: float = Field(0.25, ge=0, le=1)
    """Share of the devices for which a household has a name of its own."""
    mishearing: float = Field(0.03, ge=0, le=1)
    """How likely a word is misheard, where the recogniser has been seen to mishear it."""
    steady: float = Field(0.06, ge=0, le=1)
    """Share of a person's words that are nearly always misheard, and in the same way: accent and recogniser."""
    confusions: str = "confusions-a.tsv"
    """The table of what is taken for what, in the bundled data or beside the population."""
    patience: tuple[int, int] = (1, 4)
    """How often a person tries in all."""
    interrupts: float = Field(0.5, ge=0, le=1)
    """How likely a person interrupts a reply that shows a mistake."""
    complains: float = Field(0.3, ge=0, le=1)
    """How likely a person says so when something went wrong."""
    thanks: float = Field(0.08, ge=0, le=1)
    """How likely a person says thanks when it went well."""
    by_hand: float = Field(0.35, ge=0, le=1)
    """How likely a person puts right by hand what was done wrong."""
    people: tuple[str, ...] = Field(min_length=1)
    wordings: Mapping[str, Wordings]
    nicknames: Mapping[str, tuple[str, ...]] = {}
    """Own names by kind of device (`light`, `tv`), the commonest first."""
    drift: Drift | None = None

    @model_validator(mode="after")
    def _known(self) -> Population:
        for verb in self.wordings:
            if verb not in VERBS:
                raise ValueError(f"unknown wish {verb!r}{did_you_mean(verb, VERBS)}")
        if missing := [verb for verb in VERBS if verb not in self.wordings]:
            raise ValueError(f"no wordings for {', '.join(missing)}")
        for verb, words in self.wordings.items():
            if bad := [each for each in (*words.plain, *words.odd) if "<name>" not in each]:
                raise ValueError(f"the wording {bad[0]!r} of {verb} has no <name>")
        return self


def load_population(name: str) -> Population:
    """A bundled population by name, or one from a YAML file. Raises `UserError` naming what is wrong.

    >>> load_population("test").name
    'test'
    """
    path = DATA / f"{name}.yaml" if name.isidentifier() else Path(name)
    if not path.exists():
        known = sorted(each.stem for each in DATA.glob("*.yaml"))
        raise UserError(f"no population {name!r}{did_you_mean(name, known)}; bundled: {', '.join(known)}")
    try:
        told: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Population.model_validate(told)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: can't be read: {error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise UserError(f"{path}{line}: not valid YAML") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UserError(f"{path}: {where or 'population'}: {first['msg'].removeprefix('Value error, ')}") from None
